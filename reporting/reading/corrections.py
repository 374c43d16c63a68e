"""Words of a message in, the figures that replace earlier ones out: à nhầm, sửa lại, 45 chứ không phải 54."""

import itertools
from collections.abc import Iterator, Sequence, Set

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantity import Placed
from reporting.numbers.units import counts
from reporting.reading.found.measures import measured
from reporting.reading.linking.surroundings import Surroundings
from reporting.reading.settling import Finding
from reporting.text.lexicon import CORRECTION_WORDS, POLITE, in_plain_letters, phrases
from reporting.text.words import Lexicon, Token

_MENDS, _MENDED_BEFORE = in_plain_letters("reader.mends_or_corrects"), in_plain_letters("reader.mended_before")
_MENDED_BEHIND = in_plain_letters("reader.mended_behind")
_BACKWARDS = phrases("reader.corrects_backwards")
_CORRECTIONS_MOST = 20
_OWN_WORDS = 4  # that may stand between the old figure and "thành", and before it
MISTAKEN = phrases("reader.mistaken")
_INTO, _NO_INTO, _RESHAPED = phrases("reader.into"), phrases("reader.no_into"), phrases("reader.reshaped")


class Corrections:
    """The corrections of one text."""

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        lines: Sequence[int],
        catalogue: Catalogue,
        around: Surroundings,
    ) -> None:
        self.placed, self.catalogue, self.around = placed, catalogue, around
        self._after = _places_after(tokens, CORRECTION_WORDS, lines)
        self._amended = dict(_amended(tokens, placed, catalogue.plain_words.places))
        self._amending = frozenset(self._amended.values())
        self._count = 0

    def announced(self, place: int) -> bool:
        """Whether words before this place say that what follows replaces something."""
        return self._after[place] >= 0 or place in self._amending

    def amended(self, one: Placed) -> bool:
        """The 150 of "150 thành 160": the figure behind it replaces it."""
        return one.first in self._amended

    def amends(self, one: Placed) -> bool:
        """The 160 of "150 thành 160"."""
        return one.first in self._amending

    def replaces(self, one: Placed, findings: Sequence[Finding]) -> bool:
        """Whether a number behind such words has an earlier one to replace: "5 buổi, à không 4 buổi, 92 lượt"."""
        return self.announced(one.first) and any(
            self._could_be(finding, one) for finding in findings if finding.place < one.first
        )

    def meant(self, one: Placed, findings: Sequence[Finding]) -> tuple[str, ...]:
        """The indicators found before that a correction without a name may be about."""
        self._count += 1
        if self._count > _CORRECTIONS_MOST:
            return ()
        not_this = self._not_this_near(one)
        earlier = [f for f in findings if f.place < one.first]
        fitting = [f for f in earlier if self._could_be(f, one)]
        if not_this is not None:
            named = [
                f for f in fitting if f.value.amount == measured(not_this.quantity, self.catalogue[f.code]).value_amount
            ]
            if named:
                fitting = named
        return tuple(dict.fromkeys(f.code for f in fitting))

    def _not_this_near(self, one: Placed) -> Placed | None:
        for other in self.placed:
            if other is not one and abs(other.first - one.first) < 14 and self.around.denied_number(other):
                return other
        return None

    def _could_be(self, finding: Finding, one: Placed) -> bool:
        indicator = self.catalogue[finding.code]
        if one.quantity.unit is None:
            return True
        return counts(one.quantity.unit, indicator.unit)


def _amended(tokens: Sequence[Token], placed: Sequence[Placed], places: Set[str]) -> Iterator[tuple[int, int]]:
    """Where an old figure begins, and where the one begins that "thành" or an arrow puts in its place."""
    for old, new in itertools.pairwise(placed):
        between = range(old.last, new.digits)[:_OWN_WORDS]
        begun = (at for at in between if _INTO.begins(tokens[at].form.fold))
        into = next((at for at in begun if _into(tokens, at, new.digits)), None)
        if into is None or any(t.kind != "word" or t.fold in places for t in tokens[old.last : into]):
            continue  # "14 cây, ấp Hòa Thành 40 cây"
        was, now = _written_unit(old), _written_unit(new)
        behind = tokens[new.last] if new.last < len(tokens) else None
        bare = behind is None or behind.kind != "word" or POLITE.at(tokens, new.last) is not None
        same = was == now or was is None or (now is None and bare)  # "chia 30 bạn thành 3 nhóm"
        if same and not _RESHAPED.anywhere(tokens, max(0, old.first - _OWN_WORDS), old.first):
            mistaken = any(MISTAKEN.at(tokens, at) for at in range(max(0, old.first - _OWN_WORDS), old.first))
            # "điền nhầm 1.200 cây thành 12.000": what was written by mistake stands behind
            yield (new.first, old.first) if mistaken else (old.first, new.first)


def _written_unit(one: Placed) -> str | None:
    return one.quantity.unit if one.tail < one.last or one.quantity.scale is not None else None


def _into(tokens: Sequence[Token], place: int, number: int) -> bool:
    """Whether nothing but such words stands from this place to the number."""
    found = _INTO.at(tokens, place)
    return found is not None and found[0] == number and _NO_INTO.ending(tokens, number, 2) is None


def _places_after(tokens: Sequence[Token], phrases: Lexicon[bool], lines: Sequence[int]) -> list[int]:
    """For every token where the last of the phrases before it in its line stands, or -1."""
    found: list[int] = []
    last, line = -1, 0
    for place, token in enumerate(tokens):
        if lines[place] != line:
            last, line = -1, lines[place]
        begins = token.kind == "word" and phrases.begins(token.form.fold)
        if begins and phrases.at(tokens, place) is not None and not repairs(tokens, place):
            last = -1 if _ends_there(tokens, place) else place
        elif token.text in (".", ";") and last >= 0 and place - last > 2:
            last = -1
        found.append(last)
    return found


def _ends_there(tokens: Sequence[Token], place: int) -> bool:
    """ "65 cây mới đúng, vệ sinh 2 buổi": what corrected the 65 says nothing of what follows."""
    backwards = _BACKWARDS.at(tokens, place)
    if backwards is None:
        return False
    end = backwards[0]
    while end < len(tokens) and POLITE.at(tokens, end) is not None:
        end += 1
    return end >= len(tokens) or tokens[end].kind != "number"


def repairs(tokens: Sequence[Token], place: int) -> bool:
    """ "sửa 500m đường", "sửa chữa nhà" mend roads and houses, not figures."""
    if place and tokens[place].fold in _MENDS and tokens[place - 1].fold in _MENDED_BEFORE:
        return True  # "số km đường sửa: 0"
    if tokens[place].fold not in _MENDS or place + 1 >= len(tokens):
        return False
    return tokens[place + 1].kind == "number" or tokens[place + 1].fold in _MENDED_BEHIND
