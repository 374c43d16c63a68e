"""The clause of a number without a name in; out, whether the open question may take the number as its answer."""

from collections.abc import Callable, Sequence

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ANY_EVENT, ATTENDANCE, PERSON, family_of
from reporting.reading.evidence import Evidence
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.found.vetoes import so_many_bodies
from reporting.reading.linking.labelled import are_new, labels_other
from reporting.reading.settling import STANDING_UNITS
from reporting.text.lexicon import BESIDE_A_BARE_NUMBER, NOT_THIS_BUT, POLITE, in_plain_letters, spelt
from reporting.text.word_lists import written
from reporting.text.words import Token, folds, tokens_of

_ATTENDED = ("attendance", "people")
_WORKED_ON = written("reader.worked_on")
_THERE_IS, _TREE = in_plain_letters("reader.there_is"), in_plain_letters("reader.tree")
_MEASURING = written("reader.measuring")
_PRESENT = spelt("reader.present")
_WHERE = spelt("reader.where")
# Clauses before a number that may say what it counts; nobody reads back farther either, and each of thousands of
# numbers would look at all the others.
_MOST_CLAUSES = 8
_COURTESIES = in_plain_letters("reader.courtesies")
_REACH, _SESSIONS_REACH = 12, 60
# Words of a clause that may stand beside a number without a name, and are none of what is asked.
_MOST_BESIDE = 2


def adds_nothing(token: Token) -> bool:
    """Whether the word may stand beside a number without saying what it counts."""
    return BESIDE_A_BARE_NUMBER.has(token.form) or _PRESENT.has(token.form)


def adds_politeness(token: Token) -> bool:
    """Whether the word is mere courtesy: "dạ", "ạ"."""
    return token.fold in _COURTESIES


class Beside:
    """The words of one text, with an open question beside it."""

    def __init__(
        self,
        tokens: Sequence[Token],
        labels: Labels,
        asked: Sequence[Indicator],
        mentions: Sequence[Mention],
        known: Callable[[int], bool],
    ) -> None:
        self.tokens, self.labels, self.asked, self.known = tokens, labels, asked, known
        self.catalogue: Catalogue = labels.catalogue
        self.plain = labels.catalogue.plain_words
        self.codes = tuple(indicator.code for indicator in asked)
        self._codes_at: dict[int, set[str]] = {}
        self._begun: dict[int, set[str]] = {}
        for mention in mentions:
            self._begun.setdefault(mention.first, set()).update(mention.codes)
            for place in range(mention.first, mention.last):
                self._codes_at.setdefault(place, set()).update(mention.codes)

    def lay_out(self, clauses: Clauses, evidence: Evidence) -> None:
        """Takes the clauses of the text, and what is known of its words."""
        self.clauses, self.evidence = clauses, evidence

    def names_others(self) -> bool:
        """Whether the text names nothing that is asked, but something else."""
        return bool(self._begun) and not any(codes & set(self.codes) for codes in self._begun.values())

    def other_words(self, one: Placed) -> bool:
        """Whether the number's clause names an indicator it cannot count, or anything the bot does not know."""
        first, last = self._clause(one.first, one.last)
        own = frozenset().union(*(folds(i.unit.replace(",", " ")) for i in self.asked))
        if first > 1 and self.tokens[first - 1].text == ";" and self._names(*self._clause(first - 2, first - 1)):
            return True  # "Lượt dự sinh hoạt;57": a row of a table
        told = first
        for place in range(first, last):
            if one.first <= place < one.last or place < told:
                continue
            token = self.tokens[place]
            denied = NOT_THIS_BUT.at(self.tokens, place)  # "10 chứ không phải 100"
            if denied is not None and self.clauses.number_at(denied[0]):
                told = denied[0]
                continue
            said = token.kind == "word" and token.fold not in own and not BESIDE_A_BARE_NUMBER.has(token.form)
            if place in self._codes_at or token.text == "?" or said:
                return True
        return False

    def says_else(self, one: Placed, code: str) -> bool:
        """ "ra quân 3 buổi, 45 lượt" under a question about other meetings counts none of them, nor the 45."""
        first, last = self._clause(one.first, one.last)
        own = self._own(code)
        if self.catalogue[code].unit == ATTENDANCE and (
            are_new(self.tokens, one) or so_many_bodies(self.tokens, one.last, last)
        ):
            return True
        if (
            self._measures(one, first)
            or self._prices(one, first, last)
            or self._without_sessions(one, code)
            or self._stands(one, code)
            or labels_other(self.labels, self.tokens, one, self.codes)
        ):
            return True
        if (
            self.evidence.denies(one)
            or self.evidence.contested(one)
            or (self._begun and not self._bare(first, last, code))
        ):
            return True
        if self._strange(first, last, code, own, deeds_only=False) or self._tells_more(first, last, code, own):
            return True
        if self._names(first, last) & {code, *self.catalogue.partners(code)}:
            return False
        return self._elsewhere(first, one, code, own)

    def _without_sessions(self, one: Placed, code: str) -> bool:
        """ "Toàn xã có 245 đoàn viên, … trồng cây": people in a text that names things, but no sessions."""
        if not self._begun or self.catalogue[code].unit != ATTENDANCE or family_of(one.quantity.unit) != "people":
            return False
        near = self.clauses.placed_in(max(0, one.first - _SESSIONS_REACH), one.last + _REACH)
        own = {code, *self.catalogue.partners(code)}
        return not any(family_of(other.quantity.unit) == "event" and self._may_be_of(other, own) for other in near)

    def _may_be_of(self, one: Placed, own: set[str]) -> bool:
        """Whether the number's clause names one of these, or nothing."""
        named = self._names(*self._clause(one.first, one.last))
        return not named or not named.isdisjoint(own)

    def _measures(self, one: Placed, first: int) -> bool:
        """ "trồng 2 hàng cau, dài 300 m": so long is what stands before the clause."""
        return first > 0 and one.first > 0 and self.tokens[one.first - 1].text in _MEASURING

    def _prices(self, one: Placed, first: int, last: int) -> bool:
        """ "lắp 12 camera trị giá 36 triệu": what something costs that the same clause counts and nobody asks."""
        if family_of(one.quantity.unit) != "money":
            return False
        asked = {indicator.unit for indicator in self.asked}
        return any(other.quantity.unit not in asked for other in self.clauses.placed_in(first, last))

    def _stands(self, one: Placed, code: str) -> bool:
        """ "Đoàn xã có 18 chi đoàn": so many there are, beside what counts only the new ones."""
        indicator = self.catalogue[code]
        new = indicator.aggregation == "sum" and indicator.unit in STANDING_UNITS and indicator.unit != PERSON
        return new and one.first > 0 and self.tokens[one.first - 1].fold in _THERE_IS

    def _bare(self, first: int, last: int, code: str) -> bool:
        """Whether a clause says nothing but its numbers, courtesies, and deeds of what is asked.

        Where a text names things, a number with other words beside it may count one more of them.
        """
        only_asked = all(codes <= set(self.codes) for codes in self._begun.values())
        told, label = first, folds(self.catalogue[code].unit.replace(",", " ")) if only_asked else frozenset()
        for place in range(first, last):
            token = self.tokens[place]
            if (
                place < told
                or token.kind != "word"
                or token.fold in label
                or self._in_number(place)
                or self._named(place, code)
            ):
                continue
            deed = self.plain.deeds.at(self.tokens, place)
            if deed is not None and self._labelled(place, deed[0], code):
                told = deed[0]
            elif not adds_nothing(self.tokens[place]) and POLITE.at(self.tokens, place) is None:
                return False
        return True

    def _elsewhere(self, end: int, one: Placed, code: str, own: set[str]) -> bool:
        """What stands before the number's clause: the nearest clause that says anything decides."""
        attended = one.quantity.unit is not None and family_of(one.quantity.unit) in _ATTENDED
        for _ in range(_MOST_CLAUSES):
            if end <= 0:
                return False
            first, last = self._clause(end - 1, end - 1)
            names = self._names(first, last)
            if names & {code, *self.catalogue.partners(code)}:
                return False
            if names:  # "trồng 200 cây, 45 lượt", "về nguồn 2 hoạt động, 45 lượt": those who came to that
                came = any(self._attended(name) for name in names)
                whose = came and self.catalogue[code].unit == ATTENDANCE
                return (whose or not names & set(self.codes)) if attended else self._of_that(one, came)
            counts = [one.quantity.unit for one in self.clauses.placed_in(first, last)]
            if any(unit is not None and family_of(unit) == "other" for unit in counts):
                return True  # "ngày hội: 6 gian hàng, 420 học sinh": something nobody reports was held
            counted = bool(counts)
            if self._strange(first, last, code, own, deeds_only=not counted):
                return True
            end = first
        return True

    def _of_that(self, one: Placed, came: bool) -> bool:
        """ "Tết trồng cây, 1 buổi", "trồng một hàng cau, 300m": of what the clause before names."""
        family = family_of(one.quantity.unit)
        return family == "length" or (family == "event" and came)

    def _attended(self, name: str) -> bool:
        """Whether people come to what is counted there: sessions, and work on trees, roads and buildings."""
        unit = self.catalogue[name].unit
        return unit in ANY_EVENT or unit in _WORKED_ON

    def _strange(self, first: int, last: int, code: str, own: set[str], deeds_only: bool) -> bool:
        never_with = self.labels.vetoes.get(code)
        if never_with is not None and never_with.anywhere(self.tokens, first, last):
            return True
        free, told = False, first
        for place in range(first, last):
            token = self.tokens[place]
            if place < told or self._named(place, code) or self._in_number(place):
                continue
            if self._kind_of_tree(place):
                told = place + 1
                continue
            deed = self.plain.deeds.at(self.tokens, place)
            if deed is not None and not self._labelled(place, deed[0], code):
                return True
            if deeds_only or token.kind != "word":
                continue
            fold = token.form.fold
            free = free or self.plain.prepositions.has(token.form)
            together = self.plain.together.at(self.tokens, place)
            told = max(told, together[0]) if together is not None else told
            known = fold in own or BESIDE_A_BARE_NUMBER.has(token.form) or self.plain.explains(token.form)
            if not (free or place < told or known):
                return True
        return False

    def _tells_more(self, first: int, last: int, code: str, own: set[str]) -> bool:
        """ "Giúp gia đình neo đơn gặt lúa 2 buổi": so many words that are no part of what is asked are another deed.

        Those behind a word of place say only where.
        """
        told = 0
        for place in range(first, last):
            token = self.tokens[place]
            if token.kind != "word" or self._named(place, code) or self._in_number(place) or self._kind_of_tree(place):
                continue
            if _WHERE.has(token.form):
                return False
            told += not (token.form.fold in own or BESIDE_A_BARE_NUMBER.has(token.form))
            if told > _MOST_BESIDE:
                return True
        return False

    def _in_number(self, place: int) -> bool:
        return self.known(place) and place not in self._codes_at

    def _kind_of_tree(self, place: int) -> bool:
        """ "200 cây keo", "200 cây hoa giấy": in a row behind the word for a tree."""
        if not self.plain.trees.has(self.tokens[place].form):
            return False
        while place > 0 and self.plain.trees.has(self.tokens[place].form):
            place -= 1
        return self.tokens[place].fold in _TREE

    def _labelled(self, first: int, last: int, code: str) -> bool:
        """Whether the label or the question of what is asked has these very words."""
        said = " ".join(token.form.fold for token in self.tokens[first:last])
        for one in (code, *self.catalogue.partners(code)):
            indicator = self.catalogue[one]
            for label in (indicator.label, indicator.short, indicator.question):
                if f" {said} " in f" {' '.join(token.form.fold for token in tokens_of(label))} ":
                    return True
        return False

    def _named(self, place: int, code: str) -> bool:
        codes = self._codes_at.get(place)
        return codes is not None and not codes.isdisjoint((code, *self.catalogue.partners(code)))

    def _names(self, first: int, last: int) -> set[str]:
        return {code for place in range(first, last) for code in self._begun.get(place, ())}

    def _own(self, code: str) -> set[str]:
        return set().union(*(self.labels.words_of.get(one, set()) for one in (code, *self.catalogue.partners(code))))

    def _clause(self, first: int, last: int) -> tuple[int, int]:
        return self.clauses.clause(first, last, _REACH)
