"""What a leader types in, the figures it asks for out: "hiến máu cụm 2 quý này", "cây xanh so cùng kỳ", "chỉ tiêu".

Indicators are found by the reader's own names, clusters and units by theirs, periods as everywhere; what is left has to
be words of a question. A text with anything else in it is no question of figures.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from handlers.commands import folded, folded_name
from handlers.leaders.named_cluster import cluster_called
from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantities import quantities
from reporting.numbers.units import UNIT_FOLDS
from reporting.reading import asked
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.words import Token, tokens_of
from reporting.time.as_written import Named, period_asked
from storage.organisation.units import Cluster, Unit

MOST_CHARS = 100  # of a question; what is longer tells something
MOST_TOP = 20  # units of one list
_LONGEST_NAME = 12  # words of a unit's or cluster's name

# figure: how much; nothing: who has 0; targets: what was set; most, least: of whom; each: of every one; mean: on the
# average; unmet: who is below what was set.
About = Literal["figure", "nothing", "targets", "most", "least", "each", "mean", "unmet"]
By = Literal["", "cluster", "commune", "branch"]
_OF_UNITS: tuple[About, ...] = ("most", "least", "each", "mean")
_KIND = re.compile(r"^doan (?:xa|phuong|dac khu) ")
_HALF = re.compile(r"(?<!\S)6 thang(?! cuoi)(?: dau nam)?(?!\S)")


def may_ask(text: str) -> bool:
    """Whether a text has a word of such a question, and counts nothing itself; all else is a report."""
    if len(text) > MOST_CHARS or "\n" in text.strip():
        return False
    words = f" {folded(text)} "
    if not ("?" in text or any(f" {phrase} " in words for phrase in asked.TELLING) or " cum " in words):
        return False
    return not any(counted.number and counted.unit for counted in quantities(text))  # "tổng số đoàn viên 30 người"


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """What is asked. codes: indicators; cluster, units: what is named, several units where their name is not enough.

    period: None for the running one; against: beside what; by: of which parts; top: of how many of them; asks: a word
    of a question stood in it; else_: words that are none of these; counted: words of what is counted ("người").
    """

    codes: tuple[str, ...] = ()
    cluster: Cluster | None = None
    units: tuple[Unit, ...] = ()
    period: Named | None = None
    against: Literal["", "year_ago", "before", "year"] = ""
    about: About = "figure"
    by: By = ""
    top: int = 0
    asks: bool = False
    else_: tuple[str, ...] = ()
    counted: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether nothing else stands in it, and something of it can be answered."""
        named = self.codes or self.units or self.about in ("targets", "unmet")
        return not self.else_ and bool(named) and (self.about not in ("nothing", *_OF_UNITS) or bool(self.codes))

    @property
    def lacks_item(self) -> bool:
        """Whether all of it is understood but which item is meant: "so quý trước", "ai cao nhất"."""
        told = self.against or self.period or self.cluster or self.about in _OF_UNITS
        whole = self.about in ("targets", "unmet")  # of all items
        return not (self.else_ or self.codes or self.units or whole) and bool(told)

    def of(self, last: "FigureQuestion") -> "FigureQuestion":
        """The same of what was asked about before."""
        units = last.units if self.cluster is None and not self.by else ()
        cluster = self.cluster or (last.cluster if not self.by else None)
        return replace(self, codes=last.codes, units=units, cluster=cluster)

    @property
    def about_figures(self) -> bool:
        """Whether something of it can be told, or a part of the province or a period stands in it that has figures."""
        return bool(self.codes or self.units or self.cluster or self.period or self.lacks_item)

    @property
    def plain(self) -> bool:
        """Whether only items are named: from who reports that is no question."""
        told = self.cluster or self.units or self.period or self.against or self.asks
        return not told and self.about == "figure"


class _Heard:
    """The words of a text, and which of them have been taken for something."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.at = [index for index, token in enumerate(tokens) if token.kind in ("word", "number")]
        self.folds = [tokens[index].fold for index in self.at]
        self.free = [True] * len(self.at)

    def take(self, first: int, last: int) -> None:
        for number in range(first, last):
            self.free[number] = False

    def windows(self, longest: int) -> Iterable[tuple[int, int, str]]:
        """(first, last, text) of all free stretches, the longest first."""
        for length in range(min(longest, len(self.folds)), 0, -1):
            for first in range(len(self.folds) - length + 1):
                if all(self.free[first : first + length]):
                    yield first, first + length, " ".join(self.folds[first : first + length])

    def phrase(self, phrases: Sequence[str]) -> bool:
        """Takes every index of these phrases; whether there was one."""
        found = False
        for first, last, text in list(self.windows(max((len(one.split()) for one in phrases), default=0))):
            if text in phrases and all(self.free[first:last]):
                self.take(first, last)
                found = True
        return found


def question_in(
    text: str, catalogue: Catalogue, clusters: Sequence[Cluster], units: Sequence[Unit], today: date
) -> FigureQuestion:
    """What a text asks of figures, as far as it can be told; of a long one nothing."""
    if len(text) > MOST_CHARS or "\n" in text.strip():
        return FigureQuestion(else_=("",))
    tokens = tokens_of(text)
    words = _Heard(tokens)
    found = FigureQuestion(asks="?" in text)
    found = _named(words, found, clusters, units)
    period = _period(words, today)
    found = replace(found, period=period)
    found = _by(words, found)
    if found.about == "each" and words.phrase(asked.NONE):
        found = replace(found, about="nothing")
    elif found.about != "figure":
        words.phrase(asked.TARGETS if found.about == "unmet" else ())
    elif words.phrase(asked.NOTHING):
        found = replace(found, about="nothing")
    elif words.phrase(asked.TARGETS):
        found = replace(found, about="targets")
    if words.phrase(asked.YEAR_AGO):
        found = replace(found, against="year_ago")
    elif words.phrase(asked.BEFORE):
        found = replace(found, against="before")
    elif words.phrase(asked.YEAR):
        found = replace(found, against="year")
    this = words.phrase(asked.THIS)
    codes = _indicators(words, tokens, catalogue)
    counted = frozenset(fold for fold, free in zip(words.folds, words.free, strict=True) if free) & UNIT_FOLDS
    if not codes:  # "cây" alone is what only one item counts
        own = [one.code for one in catalogue.indicators.values() if folded(one.unit) in counted]
        codes = tuple(own) if len(own) == 1 else ()
    asks = words.phrase(asked.ASKING) or this or found.asks or (period is not None and bool(period.this))
    words.phrase(asked.AROUND)
    left = [fold for fold, free in zip(words.folds, words.free, strict=True) if free and fold not in UNIT_FOLDS]
    return replace(found, codes=codes, asks=asks, else_=tuple(left), counted=counted)


def _named(words: _Heard, found: FigureQuestion, clusters: Sequence[Cluster], units: Sequence[Unit]) -> FigureQuestion:
    """The cluster and the unit that are named, by name, end of a name above the branches, or code."""
    names: dict[str, list[Unit]] = {}
    for unit in units:
        for name in _names(unit):
            names.setdefault(name, []).append(unit)
    for first, last, text in words.windows(_LONGEST_NAME):
        if not all(words.free[first:last]):
            continue
        if found.cluster is None and (cluster := cluster_called(text, clusters)) is not None:
            found = replace(found, cluster=cluster)
            words.take(first, last)
        elif not found.units and text in names:
            found = replace(found, units=tuple(names[text]))
            words.take(first, last)
    return found


def _names(unit: Unit) -> set[str]:
    """How a unit may be called: by its code, its whole name, and above the branches also without the words ahead."""
    name, code = folded_name(unit.name), folded_name(unit.code)
    called = {code, name} if len(name.split()) > 1 else {code}
    if unit.level != "chi_doan" and len(name.split()) > 2:
        called.add(" ".join(name.split()[1:]))
        if len(own := _KIND.sub("", name).split()) > 1:  # "Tân Lập" of "Đoàn xã Tân Lập"
            called.add(" ".join(own))
    return called


def _by(words: _Heard, found: FigureQuestion) -> FigureQuestion:
    """Which units are asked about, and what of them."""
    ways: tuple[tuple[About, Sequence[str]], ...] = (
        ("unmet", asked.UNMET), ("least", asked.LEAST), ("most", asked.MOST), ("mean", asked.MEAN),
    )  # fmt: skip
    for about, phrases in ways:
        if words.phrase(phrases):
            found = replace(found, about=about)
            break
    if found.about == "most" and not words.phrase(asked.MUCH) and words.phrase(asked.LITTLE):  # "ít cây nhất"
        found = replace(found, about="least")
    by = next((level for level, phrases in asked.BY.items() if words.phrase(phrases)), "")
    if by and found.about == "figure":
        found = replace(found, about="each")
    elif not by and found.about != "figure":
        by = next((level for level, phrases in asked.OF.items() if words.phrase(phrases)), "")
    top = 0
    for first, last, text in list(words.windows(1)):
        if found.about in ("most", "least") and text.isdecimal() and int(text) > 0 and not top:
            words.take(first, last)
            top = min(int(text), MOST_TOP)
    return replace(found, by=cast(By, by), top=top)


def _period(words: _Heard, today: date) -> Named | None:
    """The period that is named, and its words; "năm nay" is said of the year so far."""
    text = " ".join(fold if free else "~" * len(fold) for fold, free in zip(words.folds, words.free, strict=True))
    named = period_asked(text, today)
    if named is None and (half := _HALF.search(text)):
        named = Named(f"{today.year}-H1", *half.span())
    if named is None or named.this == "nam":
        return None
    first = text[: named.start].count(" ")
    words.take(first, first + text[named.start : named.end].count(" ") + 1)
    return named


def _indicators(words: _Heard, tokens: Sequence[Token], catalogue: Catalogue) -> tuple[str, ...]:
    """The codes of the items named, an unclear name with all it may mean."""
    numbers = {index: number for number, index in enumerate(words.at)}
    codes: list[str] = []
    for mention in mentions_of(labels_of(catalogue), tokens, (), "chi_doan"):
        inside = [numbers[index] for index in range(mention.first, mention.last) if index in numbers]
        if inside and all(words.free[number] for number in inside):
            words.take(inside[0], inside[-1] + 1)
            codes += mention.codes
    for indicator in catalogue.indicators.values():
        if indicator.in_branch and words.phrase([folded(name) for name in indicator.in_branch]):
            codes.append(indicator.code)
    return tuple(dict.fromkeys(codes))
