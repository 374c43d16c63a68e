"""A number and the words around it in; whether every word is accounted for out; one that is not makes it a question."""

from bisect import bisect_left
from collections.abc import Callable, Set
from functools import cached_property

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantity import Placed
from reporting.numbers.units import BLOOD, GIFT, family_of
from reporting.reading.amounts.text_numbers import TextNumbers
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.settling import STANDING_UNITS
from reporting.text.lexicon import (
    CORRECTION_WORDS,
    FROM_ABOVE,
    LOST_WORDS,
    NOT_THIS_BUT,
    OTHER_BODIES,
    PARTNER_WORDS,
    RECEIVED,
    STOCK_WORDS,
    TOTAL_WORDS,
    UNDONE_WORDS,
    in_plain_letters,
    phrases,
    spelt,
)
from reporting.text.short_forms import LONG_FORMS
from reporting.text.word_lists import listed, written
from reporting.text.words import Lexicon, source_of, typed_with_marks

_REACH = 24
_QUOTATION_MARKS = frozenset('"“”„«»')
_RECEIVED_AS_WRITTEN = written("reader.received_as_written")
_CLAUSE_REACH = 40
_WORDS_MOST = 12
_NAME_LONGEST = 3
_OWNED, _WHOSE = in_plain_letters("reader.of_somebody"), in_plain_letters("reader.whose")
_AT = spelt("reader.at")
_OF_BEFORE, _OTHER_BODIES = phrases("reader.of_before"), phrases("reader.other_bodies")
_ENDS = frozenset({"(", ")", ":", *listed("reader.joins")})  # behind "và" another thing may begin
_PLANTED = in_plain_letters("reader.in_the_ground")  # in the names of whatever is planted
_KIND_LONGEST = 7
# Behind one of these something is said of what was counted, or a new thing begins: it has to be understood.
_NEW_PREDICATE = spelt("reader.new_predicate")
_BUILDING = written("reader.building")
_WELFARE = in_plain_letters("reader.welfare_works")
_JOINS = in_plain_letters("reader.another_begins")
_AND, _WITH = in_plain_letters("reader.joins"), in_plain_letters("reader.together_with")
_TREE, _NO_WELFARE = in_plain_letters("reader.tree"), written("reader.no_welfare_works")
_SHOWN_HOW, _SHOWN = phrases("reader.shown_how"), in_plain_letters("reader.shown")
_OURS = spelt("reader.ours")
_FEWER, _STILL = written("reader.fewer"), written("reader.remaining")
_SEVERAL: Lexicon[bool] = phrases("reader.of_several_branches")
_NOBODY: Lexicon[bool] = Lexicon()
_GIVERS = phrases("reader.gifts_of_others")
_EACH = phrases("reader.each_of_several")
_YEAR, _SAID, _SINCE = written("numerals.five"), written("reader.said_of_a_year"), written("reader.since")
_OUT_OF_THESE = phrases("reader.out_of_these")
_NOT_DONE, _THERE_IS = written("reader.not_done"), in_plain_letters("reader.there_is_none")
_CONTESTED, _SHARES = phrases("reader.contested"), phrases("reader.shares")
_ATTENDING: Lexicon[bool] = phrases("reader.attending")
_SUBJECT_BEGINS = in_plain_letters("reader.subject_begins")
_BY_OTHERS = written("reader.deeds_of_others")


def _doing(bodies: str, acting: str) -> Lexicon[bool]:
    """Others by a name of their own, and those that are some only before a verb: "xã trao", "trường phát"."""
    acts = (f"{body} {act}" for body in listed(acting) for act in listed("reader.acts"))
    return Lexicon((phrase, True) for phrase in (*listed(bodies), *listed("reader.others"), *acts))


_OTHERS = _doing("reader.above", "reader.above_acting")
_OTHERS_THAN_A_BRANCH = _doing("reader.above_a_branch", "reader.above_a_branch_acting")


class Evidence:
    """Looks for unexplained words in the clause of a number; `known` tells the words of names and quantities.

    Explained are the words of the indicator's own names, words that carry no deed of their own, and what
    follows a preposition: it only says where, why or for whom.
    """

    def __init__(
        self, text: str, figures: TextNumbers, clauses: Clauses, labels: Labels, known: Callable[[int], bool]
    ) -> None:
        self.text = text
        self.others = _OTHERS_THAN_A_BRANCH if figures.level == "chi_doan" else _OTHERS
        self._years = any(token.kind == "number" and len(token.text) == 4 for token in figures.tokens)
        words = figures.tokens
        before = [one.first - 1 for one in figures.placed if one.first and words[one.first - 1].text in _FEWER]
        # "25 bạn họp, vắng 4", but "còn thiếu 5" is what is aimed at
        self._losses = [at for at in before if not (at and words[at - 1].text in _STILL)]
        self._places: dict[Lexicon[bool], list[int]] = {}
        self.several = _SEVERAL if figures.level == "chi_doan" else _NOBODY
        tokens = figures.tokens
        self.tokens, self.clauses, self.labels, self.known = tokens, clauses, labels, known
        self.catalogue: Catalogue = labels.catalogue
        self.plain = labels.catalogue.plain_words
        self._last: tuple[Placed, Mention, tuple[int, int, int, int]] | None = None  # the stretch asked for last

    def _said(self, phrases_: Lexicon[bool], first: int, last: int) -> bool:
        """Whether one of the phrases begins in [first, last); each list is looked for once in a text."""
        places = self._places.get(phrases_)
        if places is None:
            places = self._places[phrases_] = phrases_.starts(self.tokens)
        at = bisect_left(places, first)
        return at < len(places) and places[at] < last

    def words(self, one: Placed, mention: Mention | None) -> str:
        """The words of a number and of its name, where they stand together."""
        if mention is None:
            return one.quantity.source
        first, last = min(one.first, mention.first), max(one.last, mention.last)
        if len(self.clauses.placed_in(first, last)) > 1:
            return one.quantity.source
        start, end = self.clauses.clause(one.first, one.last, _WORDS_MOST)
        near = last - first <= _WORDS_MOST and start <= first and end >= last
        return source_of(self.text, self.tokens, first, last - 1)[:120] if near else one.quantity.source

    def not_ours(self, one: Placed, mention: Mention, code: str) -> bool:
        """Whether the clause says that this was not done yet, or not by this unit."""
        start, begin, end, stop = self._stretch(one, mention)
        return (
            self._guided(one, code)
            or self._undone(begin, stop)
            or self._said(self.several, begin, stop)
            or self._from_above(end, stop, code)
            or (self.catalogue[code].unit == GIFT and self._said(_GIVERS, start, end))
            or self._other_body(start, begin)
            or (not self.catalogue[code].adds_up and self._others_did(one, start))
            or self.of_before(one)
            or self._theirs(end, stop, _OWNED)
            or self._quoted(one)
        )

    def _quoted(self, one: Placed) -> bool:
        """ "chia sẻ bài: “Tuổi trẻ Khánh Hòa trao 1.200 suất quà”": what somebody else says, unless all of it is."""
        marks = self._quotation_marks
        opened = sum(at < one.first for at in marks)
        return opened % 2 == 1 and opened < len(marks) and marks[opened - 1] > 0

    @cached_property
    def _quotation_marks(self) -> list[int]:
        return [at for at, token in enumerate(self.tokens) if token.text in _QUOTATION_MARKS]

    def of_before(self, one: Placed) -> bool:
        """ "12 đơn vị nhưng mà của quý trước": words behind the number, up to the next one, say so."""
        last = min(self.clauses.sentence_end(one.last), one.last + _REACH)
        following = self.clauses.placed_in(one.last, last)
        return self._said(_OF_BEFORE, one.last, following[0].first if following else last)

    def contested(self, one: Placed) -> bool:
        """ "1,2 km thì chi đoàn làm một nửa", "là 9, chưa tính 2 bạn": words up to the next name leave it open."""
        if self._denied_behind(one) or self._some_denied(one) or self._of_these(one):
            return True
        if not (self._years or self._losses or any(map(self._anywhere, (_CONTESTED, _EACH, _SHARES)))):
            return False
        first, _ = self.clauses.clause(one.first, one.last, _REACH)
        last = min(self.clauses.sentence_end(one.last), one.last + _REACH)
        names = self.clauses.names_in(one.last, last)
        last = names[0] if names else last
        contested = self._said(_CONTESTED, first, last) or any(one.last <= at < last for at in self._losses)
        if not contested and self._anywhere(_SHARES):
            before = self.clauses.placed_before(one.first)
            sentence = self.clauses.sentence
            begins = before.last if before is not None and sentence[before.first] == sentence[one.first] else 0
            share = self._latest(_SHARES, max(begins, one.first - _REACH), one.first)
            contested = share is not None and sentence[share] == sentence[one.first]
        return contested or self._each_of_several(one.first) or self._of_a_year(one)

    def _denied_behind(self, one: Placed) -> bool:
        """ "2 công trình, một cái là của Hội Nông dân", "… 65 suất, chưa trao": a clause behind says so of the figure.

        One with a number or a name in it, and one that denies another thing, says nothing of it.
        """
        _, last = self.clauses.clause(one.first, one.last, _REACH)
        if last + 1 >= len(self.tokens) or self.tokens[last].text != ",":
            return False
        first = last + 1
        _, last = self.clauses.clause(first, first, _REACH)
        if self.clauses.names_in(first, last) or self.clauses.placed_in(first, last):
            return False
        denied = self.tokens[first].text in _NOT_DONE and last - first > 1
        return (denied and self.tokens[first + 1].fold not in _THERE_IS) or self._theirs(first, last, _WHOSE)

    def _some_denied(self, one: Placed) -> bool:
        """ "2 công trình, một cái là của Hội Nông dân": some of them, straight behind the comma, are others'."""
        _, last = self.clauses.clause(one.first, one.last, _REACH)
        behind = self.clauses.placed_in(last + 1, last + 2) if last < len(self.tokens) else ()
        if not behind or self.tokens[last].text != ",":
            return False
        some = behind[0].quantity
        same = some.unit in (None, one.quantity.unit) and some.problem is None
        return same and some.number < one.quantity.number and self._of_others(behind[0])

    def _of_these(self, one: Placed) -> bool:
        """ "Trong 12 đoàn viên ưu tú có 3 bạn …": how many there are, of whom others are told."""
        if one.quantity.unit is None or family_of(one.quantity.unit) == "event":
            return False
        base = _OUT_OF_THESE.ending(self.tokens, one.first, 3)
        if base is None or not typed_with_marks(self.tokens, base[0]):  # "trong 30 cay" plants them
            return False
        last = min(self.clauses.sentence_end(one.last), one.last + _REACH)
        return bool(self.clauses.placed_in(one.last, last))

    def _of_a_year(self, one: Placed) -> bool:
        """ "1 sáng kiến được công nhận năm 2024": a year straight behind what was said of the figure is its own."""
        _, last = self.clauses.clause(one.first, one.last, _REACH)
        if not self._years:
            return False
        for at in range(one.last + 1, last - 1):
            year = self.tokens[at + 1].text
            said = self.tokens[at].text in _YEAR and self.tokens[at - 1].text in _SAID
            if (said or self.tokens[at].text in _SINCE) and len(year) == 4 and year.isdigit():
                return True
        return False

    def _each_of_several(self, place: int) -> bool:
        """ "mỗi chi đoàn trồng 50 cây, hiến 3 đơn vị": what each did, as long as no total is told."""
        first = max(0, place - _CLAUSE_REACH)
        each = self._latest(_EACH, first, place)
        if each is None or self.clauses.sentence[each] != self.clauses.sentence[place]:
            return False
        before = self.clauses.placed_before(each)  # "15 buổi, mỗi chi đoàn 3 buổi": the whole is told
        told = before is not None and self.clauses.sentence[before.first] == self.clauses.sentence[place]
        return not told and not self._said(TOTAL_WORDS, each, place)

    def _anywhere(self, phrases_: Lexicon[bool]) -> bool:
        return self._said(phrases_, 0, len(self.tokens))

    def _latest(self, phrases_: Lexicon[bool], first: int, last: int) -> int | None:
        """Where the last of the phrases begins in [first, last)."""
        if not self._said(phrases_, first, last):
            return None
        places = self._places[phrases_]
        return places[bisect_left(places, last) - 1]

    def denies(self, one: Placed) -> bool:
        """Whether the clause of a number without a name says that it was received, lost, waits, or is another's."""
        first, last = self.clauses.clause(one.first, one.last, _REACH)
        return self._of_others(one) or any(self._denies(at, set()) for at in range(first, last))

    def _of_others(self, one: Placed) -> bool:
        """The same, apart from what was lost."""
        first, last = self.clauses.clause(one.first, one.last, _REACH)
        if self._said(RECEIVED, first, one.first) or self.of_before(one) or self._theirs(one.last, last, _WHOSE):
            return True
        if self._others_did(one, first):
            return True
        if self._said(UNDONE_WORDS, first, last) or self._said(FROM_ABOVE, one.last, last):
            return True
        return self._other_body(first, one.first)

    def received_there(self, one: Placed) -> bool:
        """ "10 suất, trong đó 4 suất là quà nhận từ đoàn xã": the part, and so the whole, is not all this unit's."""
        first, last = self.clauses.clause(one.first, one.last, _REACH)
        return self._said(RECEIVED, first, last)

    def received(self, one: Placed, mention: Mention, code: str) -> bool:
        """Whether the clause says that this unit was given it."""
        start, begin, _, _ = self._stretch(one, mention)
        return self._received(start, begin, self._own(mention, code), {*mention.codes, code})

    def missing(self, one: Placed, mention: Mention, code: str) -> str | None:
        """The first unexplained word of the number's clause, or None."""
        if self.came(one, mention, code):
            return self.tokens[mention.first - 1].text
        start, begin, end, stop = self._stretch(one, mention)
        own = self._own(mention, code)
        return (
            self._strange(self._subject_ends(start, begin), begin, own, subject=True)
            or self._strange(begin, end, own)
            or self._behind(end, stop, own, end == mention.last)
        )

    def came(self, one: Placed, mention: Mention, code: str) -> bool:
        """ "dự sinh hoạt chính trị 490": of what is counted in sessions so many people may have come."""
        if one.quantity.unit is not None or family_of(self.catalogue[code].unit) != "event":
            return False
        return mention.last <= one.first and _ATTENDING.ending(self.tokens, mention.first, 2) is not None

    def _behind(self, first: int, last: int, own: Set[str], named: bool) -> str | None:
        """The first unexplained word behind a number with its name; up to a place they may say which kind."""
        place = next((at for at in range(first, last) if _AT.has(self.tokens[at].form)), last)
        if named and self._describes(first, place):
            first = place
        return self._strange(first, last, own)

    def _stretch(self, one: Placed, mention: Mention) -> tuple[int, int, int, int]:
        """Where a number's clause begins, where the number with its name begins and ends, where the clause ends."""
        if self._last is None or self._last[0] is not one or self._last[1] is not mention:
            self._last = (one, mention, self._stretch_of(one, mention))
        return self._last[2]

    def _stretch_of(self, one: Placed, mention: Mention) -> tuple[int, int, int, int]:
        first, last = self.clauses.clause(one.first, one.last, _REACH)
        begin, end = one.first, one.last
        if first <= mention.first and mention.last <= last:
            begin, end = min(begin, mention.first), max(end, mention.last)
        start = begin
        while start > first and not self.known(start - 1) and self.tokens[start - 1].text not in (":", "(", ")"):
            start -= 1
        if start > first and self.known(start - 1):  # "50 áo phao và 12 bản đồ": what describes the áo ends at "và"
            joined = [at for at in range(start, begin) if self.tokens[at].fold in _AND]
            start = joined[-1] + 1 if joined else start
        stop = end
        while stop < last and not self.known(stop) and self.tokens[stop].text not in _ENDS:
            stop += 1
        return start, begin, end, stop

    def _describes(self, first: int, last: int) -> bool:
        """ "3 đội hình thầy thuốc trẻ": words straight behind a name say which kind, unless a verb begins there."""
        while last > first and self.plain.beside.has(self.tokens[last - 1].form):
            last -= 1
        return last - first <= _KIND_LONGEST and not any(
            _NEW_PREDICATE.has(token.form) or token.kind != "word" for token in self.tokens[first:last]
        )

    def _guided(self, one: Placed, code: str) -> bool:
        """ "VNeID: hướng dẫn 120": people were shown how, which is no account yet."""
        shown = _SHOWN_HOW.ending(self.tokens, one.first, 2) is not None
        return shown and _SHOWN.isdisjoint(self.labels.words_of.get(code, set()))

    def _undone(self, first: int, last: int) -> bool:
        """ "35 đoàn viên đăng ký học cảm tình Đảng": not yet."""
        return self._said(UNDONE_WORDS, first, last) and any(
            UNDONE_WORDS.at(self.tokens, place) and not self.known(place) for place in range(first, last)
        )

    def _from_above(self, first: int, last: int, code: str) -> bool:
        """ "2 cuộc kiểm tra của Tỉnh đoàn": others inspected, others gave."""
        if FROM_ABOVE.at(self.tokens, first) or (
            first < last and self.tokens[first].fold in _OWNED and _OTHER_BODIES.at(self.tokens, first + 1)
        ):
            return True
        if self.catalogue[code].unit not in _BY_OTHERS:
            return False
        return self._said(FROM_ABOVE, first, last)

    def for_works(self, one: Placed, code: str) -> bool:
        """ "ủng hộ 15 triệu xây cầu": money for works has no indicator; a house for somebody poor is welfare."""
        if self.catalogue[code].kind != "money":
            return False
        first, last = self.clauses.clause(one.first, one.last, _REACH)
        for place in range(first, last):
            if self.tokens[place].text in _BUILDING and not self.known(place):
                what = {token.fold for token in self.tokens[place + 1 : min(place + 4, last)]}
                if not what & _WELFARE or any(
                    token.text in _NO_WELFARE for token in self.tokens[place + 1 : place + 4]
                ):
                    return True
        return False

    def in_stock(self, one: Placed, code: str) -> bool:
        """ "hiện có 11 mô hình" says how many there are, not how many are new."""
        first, _ = self.clauses.clause(one.first, one.last, _REACH)
        indicator = self.catalogue[code]
        if indicator.aggregation != "sum" or indicator.unit not in STANDING_UNITS:
            return False
        return self._said(STOCK_WORDS, first, one.first)

    def not_reached(self, one: Placed, mention: Mention) -> bool:
        """ "Không trồng được 100 cây như chỉ tiêu": the negative straight before the name with its number."""
        first = min(one.first, mention.first)
        near = mention.last >= one.first and first < one.first and one.quantity.number > 0
        return near and first > 0 and self.tokens[first - 1].text in _NOT_DONE

    def lost(self, one: Placed, code: str, name: Mention | None) -> bool:
        """ "8 hồ sơ bị trả lại", "2 bạn vắng": the words beside the number deny it wherever its name stands."""
        own = self.labels.words_of.get(code, set())
        first, last = self.clauses.clause(one.first, one.last, _REACH)
        place = one.first
        while place > first and not self.known(place - 1):
            place -= 1
            announces = place < one.first - 1 or (name is not None and name.first > place)
            if self.tokens[place].text == ":" and announces:
                break  # "bị trôi tin: ba buổi …": what announces a list says nothing of its figures
            if self._denies(place, own):
                return True
        place = one.last
        while place < last and not self.known(place) and not self.plain.prepositions.has(self.tokens[place].form):
            if self._denies(place, own):
                return True
            place += 1
        return False

    def _denies(self, place: int, own: Set[str]) -> bool:
        token = self.tokens[place]
        if token.text not in LOST_WORDS or token.fold in own:
            return False
        return self.plain.together.at(self.tokens, place) is None

    def _own(self, mention: Mention, code: str) -> Set[str]:
        own: Set[str] = self.labels.words_of.get(code, set())
        for other in mention.codes:
            if other != code:
                own = own | self.labels.words_of.get(other, set())
        return own

    def _received(self, first: int, last: int, own: Set[str], codes: Set[str]) -> bool:
        """ "Nhận 5 suất quà của Tỉnh đoàn": not what this unit gave or did, unless somebody helped with it."""
        blood = any(self.catalogue[code].unit == BLOOD for code in codes)  # received is what was given
        if blood or not self._said(RECEIVED, first, last):
            return False
        for place in range(first, last):
            token = self.tokens[place]
            own_word = token.fold in own
            if token.text in _RECEIVED_AS_WRITTEN:  # the nhân of "nhân đạo" is no nhận
                own_word = any(token.text in self.labels.spelt_of.get(code, ()) for code in codes)
            if RECEIVED.at(self.tokens, place) and not own_word:
                return True
            if PARTNER_WORDS.at(self.tokens, place):
                return False
        return False

    def _other_body(self, first: int, last: int) -> bool:
        """ "Hội Phụ nữ trồng 50 cây"."""
        if not (self._said(OTHER_BODIES, first, last) or self._said(_OTHER_BODIES, first, last)):
            return False
        for place in range(first, last):
            if OTHER_BODIES.at(self.tokens, place) or _OTHER_BODIES.at(self.tokens, place):
                return True
            if PARTNER_WORDS.at(self.tokens, place):
                return False
        return False

    def _others_did(self, one: Placed, start: int) -> bool:
        """ "… nhưng Đoàn xã chỉ cấp 60 cây", "họ báo 40 cây": others begin the clause, or the one it goes on."""
        if not any(map(self._anywhere, (self.others, OTHER_BODIES, _OTHER_BODIES))):
            return False
        sentence, first = self.clauses.sentence[one.first], one.first
        begins = {start, self._joined_words(one.first)}
        while first > 0 and one.first - first < _CLAUSE_REACH:
            first, _ = self.clauses.clause(first, first, _REACH)
            if not begins and self._ours(first, one.first):
                return False  # "xã trồng 300 cây, chi đoàn em góp 40"
            if any(self._begins_with_others(at, one.first) for at in (*begins, first)):
                return True
            if first == 0 or self.clauses.sentence[first - 1] != sentence or self._ours(first, one.first):
                return False
            begins, first = set(), first - 1
        return False

    def _joined_words(self, place: int) -> int:
        """Where the words before a number begin, if with "nhưng": not "fanpage Đoàn trường đăng 47 bài"."""
        first = place
        while first > 0 and place - first < _WORDS_MOST and not self._cuts(first - 1):
            first -= 1
        return first if self.tokens[first].fold in _SUBJECT_BEGINS else place

    def _begins_with_others(self, first: int, last: int) -> bool:
        while first < last and (self.tokens[first].fold in _SUBJECT_BEGINS or self.tokens[first].text in ("(", "[")):
            first += 1
        if first >= last:
            return False
        found = self.others.at(self.tokens, first)
        end = found[0] if found is not None else None
        if end is None and self._begins_sentence(first):  # "Hội phụ nữ xã trồng 50 cây, hiến 3 đơn vị máu"
            end = self._body(first)
            end = None if end is None or self._said(PARTNER_WORDS, end, last) else end
        if end is None or end > last or any(token.text == ":" for token in self.tokens[end:last]):
            return False  # "Đoàn trường Cao đẳng: 9 ý tưởng": who reports
        return end - first > 1 or not self.tokens[first].form.plain  # họ; "ho" may be hộ and hỗ

    def _begins_sentence(self, place: int) -> bool:
        after = self.tokens[place - 1].text if place else "["
        return after in ("(", "[") or self.clauses.sentence[place - 1] != self.clauses.sentence[place]

    def _ours(self, first: int, last: int) -> bool:
        place = first
        while place < last:
            body = self._body(place)  # the "đoàn" of "công đoàn" is not ours
            if body is None and _OURS.has(self.tokens[place].form):
                return True
            place = body if body is not None else place + 1
        return False

    def _body(self, place: int) -> int | None:
        """Where the name of another body ends that begins there, None where none does."""
        found = OTHER_BODIES.at(self.tokens, place) or _OTHER_BODIES.at(self.tokens, place)
        return found[0] if found is not None else None

    def _cuts(self, place: int) -> bool:
        return self.known(place) or self.tokens[place].kind != "word"

    def _theirs(self, first: int, last: int, whose: Set[str]) -> bool:
        """ "1 km đường hoa Hội Phụ nữ", "2 sân chơi của xã bạn"; but gifts "cho Hội Cựu chiến binh" are ours."""
        return self._said(OTHER_BODIES, first, last) and any(
            OTHER_BODIES.at(self.tokens, place) is not None and (place == first or self.tokens[place - 1].fold in whose)
            for place in range(first, last)
        )

    def _subject_ends(self, start: int, end: int) -> int:
        """ "Đoàn xã Hòa An đã chỉ đạo …": who did it ends where the first verb of doing stands."""
        for place in range(end - 1, start - 1, -1):
            if self.tokens[place].fold in self.plain.subject_ends:
                return place
        return start

    def meant_in_clause(self, one: Placed, codes: tuple[str, ...]) -> tuple[str, ...]:
        """ "quà trung thu 60 suất": of indicators in one unit those that a word of the clause speaks of, or all."""
        first, last = self.clauses.clause(one.first, one.last, _CLAUSE_REACH)
        said = {
            self.tokens[place].fold
            for place in range(first, last)
            if not self.known(place) and not self._proper(place)  # the An of "Nguyễn Văn An" is no "túi an sinh"
        }
        words = {code: self.labels.words_of.get(code, set()) for code in codes}
        everyones = set.intersection(*words.values()) if len(codes) > 1 else set()
        meant = tuple(code for code in codes if (words[code] - everyones) & said)
        return meant if len(meant) == 1 else codes

    def _quote_ends(self, place: int, last: int) -> int:
        return next((at + 1 for at in range(place + 1, last) if self.tokens[at].text == '"'), place)

    def _proper(self, place: int) -> bool:
        """A capital inside a sentence begins a proper name."""
        token = self.tokens[place]
        written = self.text[token.start : token.end]
        return (
            place > 0 and self.tokens[place - 1].kind == "word" and written[0].isupper() and not written[1:].isupper()
        )

    def _kind_of_tree(self, place: int) -> bool:
        """The keo of "60 cây keo", with other names of trees between."""
        while place > 0 and self.plain.trees.has(self.tokens[place].form):
            place -= 1
        return self.tokens[place].fold in _TREE

    def _phrase_ends(self, place: int, last: int) -> int:
        """Where a phrase ends that explains itself: words of a correction, small words that belong together; or 0."""
        fold, end = self.tokens[place].form.fold, 0
        if CORRECTION_WORDS.begins(fold) and (corrects := CORRECTION_WORDS.at(self.tokens, place)) is not None:
            end = corrects[0]
        if NOT_THIS_BUT.begins(fold) and (but := NOT_THIS_BUT.at(self.tokens, place)) is not None:
            end = max(end, but[0]) if self.clauses.number_at(but[0]) else end  # "65 chứ ko phải 25"
        together = self.plain.together.at(self.tokens, place) if self.plain.together.begins(fold) else None
        return max(end, together[0]) if together is not None and together[0] <= last else end

    def begins_unknown(self, first: int, last: int, code: str) -> bool:
        """Whether the words [first, last) begin with a name of their own: no place, and no word of `code`."""
        words = [at for at in range(first, last) if self.tokens[at].kind == "word"]
        said = [self.tokens[at].form.fold for at in words]
        if not words or self.known(words[0]) or not self.plain.places.isdisjoint(said[:2]):
            return False
        if said[0] in LONG_FORMS and not _ATTENDING.anywhere(self.tokens, words[0], last):
            return True  # "shcd 3 buoi 50 ban, dv co 14 ban"
        return self._strange(words[0], last, self.labels.words_of.get(code, frozenset())) is not None

    def _strange(self, first: int, last: int, own: Set[str], subject: bool = False) -> str | None:
        free = False
        name = 0
        told = first  # up to where a phrase explains itself
        for place in range(first, last):
            token = self.tokens[place]
            if token.text == '"':
                told = max(told, self._quote_ends(place, last))  # “Nâng bước em tới trường”: how it was called
            fold = token.form.fold
            if self.known(place):
                name = 0
                continue
            if self.plain.prepositions.has(token.form) or fold in _WITH:
                free = True
            elif fold in _JOINS:
                free = False
            told = max(told, self._phrase_ends(place, last))
            if token.kind != "word" or free or place < told:
                continue
            if subject and fold in self.plain.places:
                name = _NAME_LONGEST
                continue
            if fold in own or self.plain.explains(token.form) or self._proper(place):
                continue
            if self.plain.trees.has(token.form) and (not _PLANTED.isdisjoint(own) or self._kind_of_tree(place)):
                continue
            if name:
                name -= 1
                continue
            return token.text
        return None
