"""Words of an answer in, whether its numbers are of what was asked or of something else that was done out."""

from collections.abc import Sequence

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ANY_EVENT, family_of
from reporting.reading.mentions import Labels, Mention
from reporting.text.lexicon import BESIDE_BARE_NUMBERS
from reporting.text.words import Token, tokens_of

_ATTENDED = ("attendance", "people")

# Words on either side, and clauses before it, that may say what a number counts; nobody reads back farther either, and
# each of thousands of numbers would look at all the others.
LONGEST_CLAUSE = 30
MOST_CLAUSES = 8


class OtherDeeds:
    """The words of one answer. A number without a name counts what is asked only if its clause says nothing else.

    "ra quân 3 buổi, 45 lượt" under a question about other meetings counts none of them, and neither do the 45
    behind the comma.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
        asked: Sequence[Indicator],
    ) -> None:
        self.asked = {indicator.code for indicator in asked}
        self.tokens, self.labels = tokens, labels
        self.catalogue: Catalogue = labels.catalogue
        self.plain = labels.catalogue.plain_words
        self._counted = {place for one in placed for place in range(one.first, one.last)}
        self._codes: dict[int, set[str]] = {}
        self._begun: dict[int, set[str]] = {}
        for mention in mentions:
            self._begun.setdefault(mention.first, set()).update(mention.codes)
            for place in range(mention.first, mention.last):
                self._codes.setdefault(place, set()).update(mention.codes)

    def about(self, one: Placed, code: str) -> bool:
        """Whether the number counts something else than `code`, which only its unit suggests."""
        first, last = self._clause(one.first, one.last)
        own = self._own(code)
        if self._strange(first, last, code, own, deeds_only=False):
            return True
        names = self._names(first, last)
        if names & {code, *self.catalogue.partners(code)}:
            return False
        return self._elsewhere(first, one, code, own)

    def of_unknown_things(self, one: Placed) -> bool:
        """ "The report: 120 trees": straight behind a bare number stands a word that may be what it counts."""
        if one.quantity.unit is not None or one.last >= len(self.tokens):
            return False
        token = self.tokens[one.last]
        if token.kind != "word" or one.last in self._counted:
            return False
        if one.last in self._codes or token.form.fold in BESIDE_BARE_NUMBERS:
            return False
        mended = token.form.plain and token.end - token.start > len(token.text)
        return mended or not (self.plain.explains(token.form) or self.plain.trees.has(token.form))

    def _elsewhere(self, end: int, one: Placed, code: str, own: set[str]) -> bool:
        """What stands before the number's clause: the nearest clause that says anything decides."""
        attended = one.quantity.unit is not None and family_of(one.quantity.unit) in _ATTENDED
        for _ in range(MOST_CLAUSES):
            if end <= 0:
                return False
            first, last = self._clause(end - 1, end - 1)
            names = self._names(first, last)
            if names & {code, *self.catalogue.partners(code)}:
                return False
            if names:  # "trồng 200 cây, 45 lượt", "về nguồn 2 hoạt động, 45 lượt": those who came to that
                if not names & self.asked:
                    return attended
                came = self.catalogue[code].unit == "lượt"
                return came and all(self.catalogue[one].unit in ANY_EVENT for one in names)
            counted = any(place in self._counted for place in range(first, last))
            if self._strange(first, last, code, own, deeds_only=not counted):
                return True
            end = first
        return True

    def _strange(self, first: int, last: int, code: str, own: set[str], deeds_only: bool) -> bool:
        free = False
        told = first
        for place in range(first, last):
            if self._named(place, code):
                continue
            token = self.tokens[place]
            if place in self._counted or place < told:
                continue
            if self._kind_of_tree(place):
                told = place + 1
                continue
            deed = self.plain.deeds.at(self.tokens, place)
            if deed is not None and not self._labelled(place, deed[0], code):
                return True
            if deeds_only or token.kind != "word":
                continue
            if token.text == "?":
                return True
            fold = token.form.fold
            free = free or fold in self.plain.prepositions
            together = self.plain.together.at(self.tokens, place)
            told = max(told, together[0]) if together is not None else told
            known = fold in own or fold in BESIDE_BARE_NUMBERS or self.plain.explains(token.form)
            if not (free or place < told or known):
                return True
        return False

    def _kind_of_tree(self, place: int) -> bool:
        """ "200 cây keo", "200 cây hoa giấy": in a row behind the word for a tree."""
        if not self.plain.trees.has(self.tokens[place].form):
            return False
        while place > 0 and self.plain.trees.has(self.tokens[place].form):
            place -= 1
        return self.tokens[place].fold == "cay"

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
        codes = self._codes.get(place)
        return codes is not None and not codes.isdisjoint((code, *self.catalogue.partners(code)))

    def _names(self, first: int, last: int) -> set[str]:
        return {code for place in range(first, last) for code in self._begun.get(place, ())}

    def _own(self, code: str) -> set[str]:
        return set().union(*(self.labels.words_of.get(one, set()) for one in (code, *self.catalogue.partners(code))))

    def _clause(self, first: int, last: int) -> tuple[int, int]:
        begin, end = max(0, first - LONGEST_CLAUSE), min(len(self.tokens), last + LONGEST_CLAUSE)
        while first > begin and not self._divides(first - 1):
            first -= 1
        while last < end and not self._divides(last):
            last += 1
        return first, last

    def _divides(self, place: int) -> bool:
        token = self.tokens[place]
        return place not in self._counted and (token.kind == "line" or token.text in (",", ";", ".", "•"))
