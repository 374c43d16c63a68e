"""Several figures for one indicator in, the one that counts out: a total, a correction, a sum; or a contradiction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.values import Value
from reporting.reading.found.mentions import Mention
from reporting.text.word_lists import written

# Units of which there is a standing number beside the new ones: members, bodies, models.
STANDING_UNITS = written("reader.standing_units")
_PARTS_LEAST = 3  # parts and their total


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure found for one indicator, with what was said around it."""

    code: str
    value: Value
    place: int
    mention: Mention | None = None
    part: bool = False
    total: bool = False
    corrected: bool = False
    doubt: str | None = None
    denied: bool = False  # the text says that there was none
    bare: bool = False  # without a unit: beside figures that have one it may count something else


@dataclass(frozen=True, slots=True)
class Doubt:
    """An indicator whose figures cannot be settled: why, and the likely value."""

    code: str
    source: str
    reason: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Settled:
    """One value per indicator, and the doubts."""

    values: dict[str, Value]
    doubts: tuple[Doubt, ...]


def settle(findings: Sequence[Finding], catalogue: Catalogue) -> Settled:
    """The value of every indicator, in the order first found."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.code, []).append(finding)
    values: dict[str, Value] = {}
    doubts: list[Doubt] = []
    for code, group in grouped.items():
        decided = _decide(group, catalogue, code)
        if isinstance(decided, Value):
            values[code] = decided
        else:
            doubts.append(decided)
    return Settled(values, tuple(doubts))


def _standing(total: Finding, new: Sequence[Finding], indicator: Indicator) -> bool:
    """Whether a total is of all there are, beside what is said to be new: the new ones are this period's."""
    if indicator.aggregation != "sum" or indicator.unit not in STANDING_UNITS or not new:
        return False
    return not any(f.part for f in new) and sum(f.value.amount for f in new) < total.value.amount


def _adds_up(group: Sequence[Finding], indicator: Indicator) -> bool:
    """ "đợt 1: 30, đợt 2: 25, là 55": the last of several figures is the sum of those before it."""
    if indicator.aggregation != "sum" or len(group) < _PARTS_LEAST:
        return False
    return group[-1].value.amount == sum(f.value.amount for f in group[:-1])


def _counting(group: list[Finding], indicator: Indicator) -> list[Finding]:
    """Of several figures those that count: one that corrects or sums up the others, or none of parts and zeros."""
    corrected = [f for f in group if f.corrected]
    totals = [f for f in group if f.total]
    if corrected:
        return corrected[-1:]
    if totals and len({f.value.amount for f in totals}) == 1:
        new = [f for f in group if not f.total]
        if not _standing(totals[-1], new, indicator):
            return totals[-1:]
        group = new  # "kết nạp 6 đoàn viên mới, tổng số 88"
    elif _adds_up(group, indicator):
        return group[-1:]
    if any(not f.part for f in group):
        group = [f for f in group if not f.part]
    if any(f.value.amount for f in group):
        group = [f for f in group if f.value.amount or "0" in f.value.source]
    return group


def _denied_after(group: Sequence[Finding]) -> bool:
    """ "Thôn Thượng trồng 60 cây, còn chi đoàn em thì chưa trồng": whose the first figure is stays open."""
    last = group[-1]
    return last.denied and not last.corrected and any(f.value.amount for f in group)


def _decide(group: list[Finding], catalogue: Catalogue, code: str) -> Value | Doubt:
    sure = [f for f in group if f.doubt is None]
    if not sure:
        last = group[-1]
        return Doubt(code, last.value.source, str(last.doubt), last.value)
    if _denied_after(sure):
        return Doubt(code, "; ".join(f.value.source for f in sure)[:120], "ambiguous", None)
    group = _counting(sure, catalogue[code])
    indicator = catalogue[code]
    amounts = {f.value.amount for f in group}
    if len(group) == 1 or (indicator.aggregation != "sum" and len(amounts) == 1):
        return group[0].value
    sources = "; ".join(f.value.source for f in group)
    if indicator.aggregation == "sum":
        total = Value(sum(f.value.amount for f in group), any(f.value.approx for f in group), sources[:120])
        if indicator.adds_up:
            return total
        alike = len({f.bare for f in group}) == 1  # "họp 3 buổi, họp dân 20": no sum of sessions and people
        return Doubt(code, sources[:120], "parts", total if alike or indicator.pair is None else None)
    return Doubt(code, sources[:120], "ambiguous", replace(group[-1].value, source=sources[:120]))
