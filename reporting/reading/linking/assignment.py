"""Which name each number of a sentence belongs to: the readings of all its numbers are compared as wholes.

Every number has options: the names around it that it can count for, and the names that it cannot count (then it counts
what nobody reports). A whole takes one option for every number. It costs what its options cost (how far the names
stand, see `distances`), and more where it breaks a constraint: a name has one number of a kind, an indicator one value,
a name is not left without a number, those who came belong to the sessions before them, names stand all before or all
behind their numbers. The cheapest whole is taken, number by number, as far as no other whole is nearly as cheap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reporting.numbers.quantity import Placed
from reporting.numbers.units import ATTENDANCE, family_of
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.distances import COMMA, Distances
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.linking.labelled import admitted, are_new, attended
from reporting.reading.linking.options import Link, Option
from reporting.reading.linking.sureness import Sureness
from reporting.text.lexicon import JOINING, PART_WORDS, in_plain_letters
from reporting.text.word_lists import written
from reporting.text.words import Token

_NEAREST = 4
_MARGIN = 1.5  # a whole that costs no more than this beyond the best one leaves its numbers open
_KEPT = 3.0  # wholes that cost more than this beyond the best one are not looked at
_WHOLE_LONGEST = 5  # numbers that are compared together
_OPTIONS_MOST = 3
_ONE_VALUE, _ONE_NAME, _UNUSED, _DIRECTION = 3.0, 6.0, 3.0, 6.0
_BEHIND = 0.01  # of two names as near as each other the one before the number
_COUNTS_NOTHING = 2.0  # beyond the distance of the name that cannot count the number
_SESSIONS_COMMA = 2.0  # a comma between sessions and those who came to them is no distance
_TAKING_PART = in_plain_letters("reader.took_part")
_AND, _GIVEN_TO = written("reader.joins"), in_plain_letters("reader.given_to")
_CAME = ("people", "attendance")


@dataclass(slots=True)
class _Whole:
    cost: float
    options: tuple[Option | None, ...]


class WholeReading:
    """The names and numbers of one text, sentence by sentence."""

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
        clauses: Clauses,
        asked: Mapping[int, bool],
    ) -> None:
        """`asked`: the quantities whose own clause names nothing and that the open question can count, and whether in
        their very unit.
        """
        self.tokens, self.placed, self.mentions, self.clauses = tokens, placed, mentions, clauses
        self.asked = asked
        self.labels, self.catalogue = labels, labels.catalogue
        self.joined = labels.joined
        self.distances = Distances(tokens, placed, mentions, labels, clauses)
        self.sureness = Sureness(tokens, placed, mentions, labels, clauses, self.distances)
        self.beaten: dict[int, tuple[str, ...]] = {}  # by quantity: the other indicators it could have counted
        self._links: dict[int, Link | None] = {}
        self._options: dict[int, list[Option]] = {}

    def link(self, number: int) -> Link | None:
        """What one quantity counts in the best whole of its sentence, or None when nothing there names it."""
        if number not in self._links:
            self._solve(number)
        return self._links[number]

    def known(self, place: int) -> bool:
        """Whether a token is part of a name or of a quantity."""
        return self.distances.inside[place]

    def _solve(self, number: int) -> None:
        """Links this quantity and the following ones whose names it shares."""
        group = self._group(number)
        if len(group) == 1 and len(choices := self._choices(number)) <= 1:
            wholes = [_Whole(0.0, tuple(choices) or (None,))]
        else:
            wholes = self._wholes(group)
        best = wholes[0]
        for at, member in enumerate(group):
            option = best.options[at]
            if option is None:
                self._links[member] = None
                continue
            rivals = self._rivals(wholes, at, option)
            before = self._links.get(member - 1)
            money = self._money(member)
            if money is not None:
                self._links[member] = money
                continue
            self.beaten[member] = tuple(dict.fromkeys(o.code for o in self._options[member] if o.code is not None))
            self._links[member] = self.sureness.link(member, option, self._options[member], rivals, before)

    def _rivals(self, wholes: Sequence[_Whole], at: int, option: Option) -> tuple[Option, ...]:
        """What the quantity counts in other wholes that are nearly as good as the best one."""
        found: list[Option] = []
        for whole in wholes[1:]:
            other = whole.options[at]
            near = whole.cost - wholes[0].cost < _MARGIN
            if near and other is not None and other.code not in (option.code, *(o.code for o in found)):
                found.append(other)
        return tuple(found)

    def _group(self, number: int) -> list[int]:
        """The quantity and those behind it in its sentence that share a name with one of the group."""
        sentence = self.clauses.sentence[self.placed[number].first]
        group, names = [number], {id(o.mention) for o in self._of(number)}
        for following in range(number + 1, len(self.placed)):
            if self.clauses.sentence[self.placed[following].first] != sentence or len(group) >= _WHOLE_LONGEST:
                break
            theirs = {id(o.mention) for o in self._of(following)}
            if not names & theirs:
                break
            group.append(following)
            names |= theirs
        return group

    def _of(self, number: int) -> list[Option]:
        """The options of one quantity, the cheapest first."""
        if number not in self._options:
            self._options[number] = sorted(self._found(number), key=lambda option: option.cost)
        return self._options[number]

    def _found(self, number: int) -> Iterator[Option]:
        placed = self.placed[number]
        sentence = self.clauses.sentence[placed.first]
        for at in self.clauses.mentions_near(placed.first, _NEAREST):
            mention = self.mentions[at]
            if self.clauses.sentence[mention.first] != sentence:
                continue
            found = self.distances.cost(number, placed, mention)
            if found is None:
                continue
            cost, before, strangers = found
            for code in dict.fromkeys(self.labels.code_for(c, placed.quantity) for c in mention.codes):
                if number not in self.asked or (before and self._goes_on(number, mention, code)):
                    yield Option(code, mention, cost, before, strangers)

    def _goes_on(self, number: int, mention: Mention, code: str | None) -> bool:
        """Whether a number that the open question can count may still belong to a clause before: those who came, money.

        The question names it nearer than a name of another clause.
        """
        unit = self.placed[number].quantity.unit
        if code is None or family_of(unit) not in (*_CAME, "money"):
            return False
        if self.catalogue[code].unit == unit or not self.asked[number]:
            return True
        between = (self.placed[at] for at in self.clauses.placed_between(mention.last, self.placed[number].first))
        return not any(self.labels.code_for(mention.codes[0], one.quantity) == code for one in between)

    def _choices(self, number: int) -> list[Option]:
        """The options worth comparing, with what they cost in a whole."""
        options = self._of(number)
        if not options:
            return []
        money = self._money(number)
        if money is not None:
            return [option for option in options if option.mention is money.mention][:1]
        around = [option for option in options if option.mention.around == number]
        if around:  # a name around a number is the name of that number
            return around[:_OPTIONS_MOST]
        chosen_ = [o for option in options if (o := self._weighed(number, option)) is not None]
        if not any(option.code is not None for option in chosen_):
            return [] if any(option.code is not None for option in options) else options[:1]
        return sorted(chosen_, key=lambda option: option.cost)[:_OPTIONS_MOST]

    def _money(self, number: int) -> Link | None:
        if family_of(self.placed[number].quantity.unit) != "money":
            return None
        return self.sureness.money(number, self._of(number))

    def _weighed(self, number: int, option: Option) -> Option | None:
        placed = self.placed[number]
        family = family_of(placed.quantity.unit)
        if option.code is None:
            return self._counting_nothing(placed, option)
        if self._cannot_count(number, option, option.code):
            return None
        if family in _CAME and not option.before and self._took_part(number, option):
            return option.at(0.0)
        names_first = self.clauses.names_first(placed.first)
        same_run = self.clauses.together(min(placed.first, option.mention.first), max(placed.last, option.mention.last))
        if option.cost > 0 and same_run and names_first is not None and names_first != option.before:
            return option.at(option.cost + _DIRECTION)
        return option if option.before or not option.cost else option.at(option.cost + _BEHIND)

    def _counting_nothing(self, placed: Placed, option: Option) -> Option | None:
        """A name that cannot count the number, so that beside it the number counts what nobody reports."""
        family = family_of(placed.quantity.unit)
        if not option.before and self._behind_and(placed.last, option.mention.first):
            return None  # a name behind "và" takes nothing away
        if family in (*_CAME, "length", "money") and option.cost < COMMA:
            return option.at(option.cost + _COUNTS_NOTHING * (2 if family == "money" else 1))
        if family == "event" and not option.before and option.cost <= _COUNTS_NOTHING:
            return option.at(option.cost + _COUNTS_NOTHING + 1)
        return None

    def _cannot_count(self, number: int, option: Option, code: str) -> bool:
        """Whether the words beside the number rule the name out."""
        placed = self.placed[number]
        family = family_of(placed.quantity.unit)
        if family == "people" and (
            self._given_money(number, option) or self._came_anew(placed, code) or self._only_attended(placed, option)
        ):
            return True
        if family in _CAME and self._of_what_stands_before(number, option):
            return True
        if not option.before and PART_WORDS.anywhere(self.tokens, placed.last, option.mention.first):
            return True  # "45 suất – trong đó 30 suất quà": the name of a part
        ahead = not option.before and self._divided(placed.last, option.mention.first)
        if ahead and family in (None, "people") and self._taken_ahead(number, option):
            return True
        if self.catalogue[code].stands and JOINING.ending(self.tokens, placed.first, 2) is not None:
            return True  # "chi đoàn có 31 đoàn viên, kết nạp 3": who was admitted is not how many there are
        apart = family == "event" and option.before and option.cost >= COMMA
        return apart and self._another_deed(placed, option.mention)  # "sinh hoạt chính trị 3 hoạt động, ra quân 2 buổi"

    def _of_what_stands_before(self, number: int, option: Option) -> bool:
        """ "khởi nghiệp thu hút 45 lượt và học nghị quyết 18": behind "và" another thing begins."""
        first, last = self.placed[number].last, option.mention.first
        if option.before or not option.cost or not (self._behind_and(first, last) or self._behind_dash(first, last)):
            return False
        own = self._behind_and(first, last) and self.clauses.numbers_between(first, last) > 0  # "80 lượt và 4 buổi dọn"
        return own or any(other.before and other.code is not None for other in self._of(number))

    def _came_anew(self, placed: Placed, code: str) -> bool:
        """ "sinh hoạt 3 buổi, 2 em mới", "…, kết nạp 6 bạn": who was admitted came to nothing."""
        joined = JOINING.ending(self.tokens, placed.first, 2) is not None
        return self.catalogue[code].unit == ATTENDANCE and (joined or are_new(self.tokens, placed))

    def _only_attended(self, placed: Placed, option: Option) -> bool:
        """ "lễ kết nạp 5 đoàn viên mới, có 40 đoàn viên tham dự": who took part was not admitted."""
        elsewhere = option.before and option.cost > 0 and option.code in self.joined
        return elsewhere and (attended(self.tokens, placed) or admitted(self.tokens, placed))

    def _taken_ahead(self, number: int, option: Option) -> bool:
        """ "tổng hội viên 230, phát triển mới 18 hội viên": the name behind the comma is written around its own number.

        And a number behind a word that nothing knows is of that.
        """
        around = option.mention.around
        one = self.placed[number]
        unknown = one.quantity.unit is None and self._of_an_unknown(one)
        labelled = (
            one.tail >= one.last and one.first > 0 and self.tokens[one.first - 1].kind == "word"
        )  # "đv 22, pm 22"
        return (
            unknown
            or (labelled and self.clauses.number_at(option.mention.last))
            or (around is not None and around != number)
        )

    def _of_an_unknown(self, placed: Placed) -> bool:
        """ "abc 14, vneid 8": straight behind a word that nothing knows, and divided from the name that follows."""
        token = self.tokens[placed.first - 1] if placed.first else None
        if token is None or token.kind != "word" or self.known(placed.first - 1):
            return False
        return not self.catalogue.plain_words.explains(token.form)

    def _behind_and(self, first: int, last: int) -> bool:
        return any(self.tokens[at].text in _AND and not self.clauses.covered[at] for at in range(first, last))

    def _behind_dash(self, first: int, last: int) -> bool:
        """ "họp 3 buổi với 57 lượt – tư vấn 1 buổi": behind a dash between spaces another thing begins."""
        return any(self.tokens[at].text == "-" and not self.tokens[at].glued for at in range(first, last))

    def _divided(self, first: int, last: int) -> bool:
        return self.clauses.comma_between(first, last) or self._behind_dash(first, last)

    def _another_deed(self, placed: Placed, mention: Mention) -> bool:
        first = max(mention.last, self.clauses.run(placed.first)[0])
        return self.sureness.another_deed(first, placed.first, mention)

    def _given_money(self, number: int, option: Option) -> bool:
        """ "vốn vay 450 triệu cho 9 thanh niên khởi nghiệp": those who got the money came to nothing."""
        placed = self.placed[number]
        before = self.placed[number - 1] if number else None
        if before is None or family_of(before.quantity.unit) != "money" or option.mention.codes[0] == option.code:
            return False
        return placed.first - before.last == 1 and self.tokens[placed.first - 1].fold in _GIVEN_TO

    def _took_part(self, number: int, option: Option) -> bool:
        """ "41 lượt dự 2 buổi sinh hoạt chi đoàn": the sessions behind them that the people took part in."""
        placed = self.placed[number]
        sessions = self.placed[number + 1] if number + 1 < len(self.placed) else None
        if sessions is None or family_of(sessions.quantity.unit) != "event":
            return False
        if not any(token.fold in _TAKING_PART for token in self.tokens[placed.last : sessions.first]):
            return False
        return option.mention.last > sessions.first and self.clauses.together(placed.first, option.mention.last)

    def _wholes(self, group: Sequence[int]) -> list[_Whole]:
        """All wholes of the group that cost little more than the best one, the best first."""
        found: list[_Whole] = []
        bound = float("inf")
        choices: list[Sequence[Option | None]] = [self._choices(member) or (None,) for member in group]
        names = {id(o.mention): o.mention for options in choices for o in options if o is not None and o.code}
        waiting = [_Whole(0.0, ())]
        while waiting:
            whole = waiting.pop()
            at = len(whole.options)
            if at == len(group):
                cost = whole.cost + self._unused(whole, names)
                if cost < bound + _KEPT:
                    found.append(_Whole(cost, whole.options))
                    bound = min(bound, cost)
                continue
            # the cheapest option last, so that it is looked at first
            following = [
                _Whole(whole.cost + self._adds(group, at, whole, option), (*whole.options, option))
                for option in choices[at]
            ]
            following.sort(key=lambda one: -one.cost)
            waiting.extend(one for one in following if one.cost < bound + _KEPT)
        return sorted((w for w in found if w.cost < bound + _KEPT), key=lambda one: one.cost)

    def _unused(self, whole: _Whole, names: dict[int, Mention]) -> float:
        """What names cost that are left without a number."""
        used = {id(option.mention) for option in whole.options if option is not None}
        return _UNUSED * sum(name not in used for name in names)

    def _adds(self, group: Sequence[int], at: int, whole: _Whole, option: Option | None) -> float:
        """What an option for the next number costs beside those taken before it."""
        if option is None:
            return 0.0
        cost = option.cost
        before = whole.options[at - 1] if at else None
        came = family_of(self.placed[group[at]].quantity.unit) in _CAME
        if came and before is not None and before.code is not None:
            sessions = self.placed[group[at - 1]]
            held = family_of(sessions.quantity.unit) == "event"
            if held and option.mention is before.mention and self.catalogue[before.code].pair == option.code:
                cost = min(cost, self._behind_sessions(sessions, self.placed[group[at]]))
        for other in whole.options:
            if other is not None and option.code is not None and other.code == option.code:
                cost += _ONE_NAME if other.mention is option.mention else _ONE_VALUE
        return cost

    def _behind_sessions(self, sessions: Placed, came: Placed) -> float:
        """How far those who came stand from the sessions counted before them."""
        cost, strangers = self.distances.between(sessions.last, came.first, True)
        commas = sum(self.clauses.comma(place) for place in range(sessions.last, came.first))
        return 1.0 + cost - commas * (COMMA - _SESSIONS_COMMA) + (_SESSIONS_COMMA if strangers else 0.0)
