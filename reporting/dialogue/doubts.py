"""A draft and new values in, those to be asked about before they are stored out, each with why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal, get_args

from reporting.dialogue.draft import Draft
from reporting.figures.catalogue import Catalogue, Indicator, Level
from reporting.figures.forms import Form
from reporting.figures.values import DECIMALS, Value
from reporting.numbers.units import ATTENDANCE

# high: above the catalogue's soft maximum, or a jump · usual: far above the unit's own last periods · far: a fall, or a
# stock far from what it was · year: far from the same period of last year · zero: a stock said to be none · unmatched:
# sessions without anybody, or people without a session · few: fewer people than sessions · part: a part above its total
# · whole: a total below one of its parts · members: more of the members than the unit has · raised: a correction to a
# multiple of what the unit has sent · likely: written so that two numbers could be meant, and this is the likely one.
Doubt = Literal[
    "high", "usual", "far", "year", "zero", "unmatched", "few", "part", "whole", "members", "raised", "likely"
]
RULES: tuple[Doubt, ...] = tuple(rule for rule in get_args(Doubt) if rule != "likely")

JUMP = 5
RAISED = 3  # times what was sent
FALL = 10
# Amounts that both stay below this change by a multiple without anything being odd.
LARGE = 20
STOCK_JUMP = 3
# A stock this small changes by a multiple without anything being odd.
SMALL_STOCK = 10

# Of how many periods a unit's own usual is known; a value lies outside it by so many spreads (the median distance from
# the median, made comparable to a standard deviation), by as much as so many medians and by so many at least.
ENOUGH = 3
SPREADS = 6 * 1.4826
MEDIANS = 1.5
AT_LEAST = 10


@dataclass(frozen=True, slots=True)
class Known:
    """A unit's own amounts: of last period, of the same one last year, and of as many before as are kept."""

    before: int | None = None
    year_ago: int | None = None
    past: Sequence[int] = ()


def doubt_of(indicator: Indicator, value: Value, level: Level, known: Known = Known()) -> Doubt | None:
    """Why one confirmation is due, or None.

    Of a unit whose usual is known, what lies far above it; else a jump is JUMP times the amount before or more. A fall
    is one to a FALLth or less. Where the larger of the two is no small number: from 1 tree to 12 nothing is odd, from
    120 to 1.200 a dot may have slipped. What was about the same a year ago is no wonder. That nothing happened is no
    fall. A stock is doubted at smaller changes.
    """
    scale, limit = 10 ** DECIMALS[indicator.kind], indicator.soft_max.get(level)
    if indicator.stands and not value.amount:
        return None if known.before == 0 else "zero"
    if limit is not None and value.amount > limit * scale:
        return "high"
    if indicator.stands:
        return _of_stock(value.amount, known, scale)
    return _of_events(value.amount, known, scale) if value.amount else None


def _of_stock(amount: int, known: Known, scale: int) -> Doubt | None:
    before = known.before if known.before is not None else known.year_ago
    if not before or max(amount, before) <= SMALL_STOCK * scale:
        return None
    return "far" if max(amount, before) > STOCK_JUMP * min(amount, before) else None


def _of_events(amount: int, known: Known, scale: int) -> Doubt | None:
    if known.before is not None and known.year_ago and _compared(amount, known.year_ago, scale) is None:
        return None  # as a year ago
    if len(known.past) >= ENOUGH:
        usual = median(known.past)
        spread = median(abs(one - usual) for one in known.past)
        if amount > usual + max(SPREADS * spread, MEDIANS * usual, AT_LEAST * scale):
            return "usual"
        fell = usual >= LARGE * scale and amount * FALL <= usual
        return "far" if fell else None
    if known.before is not None:
        return _compared(amount, known.before, scale)
    return "year" if known.year_ago and _compared(amount, known.year_ago, scale) else None


def _compared(amount: int, before: int, scale: int) -> Literal["high", "far"] | None:
    if not before or max(amount, before) < LARGE * scale:
        return None
    if amount * FALL <= before:
        return "far"
    return "high" if amount >= JUMP * before else None


def doubted(
    catalogue: Catalogue, level: Level, draft: Draft, values: Sequence[tuple[str, Value]]
) -> tuple[tuple[str, Value, Doubt], ...]:
    """These values of a unit of that level, each with why it is doubted; "likely" where its amount is no reason."""
    new = dict(values)
    given = {**draft.values, **new}

    def why(code: str, value: Value) -> Doubt:
        if not value.amount and happened(catalogue[code], given, catalogue):
            return "unmatched"
        known = Known(_amount(draft.before, code), _amount(draft.year_ago, code), draft.past.get(code, ()))
        own = doubt_of(catalogue[code], value, level, known)
        return (
            own
            or _beside(catalogue, code, new, given)
            or ("members" if _above_members(catalogue, code, given, draft) else None)
            or _raised(catalogue[code], draft, value)
            or "likely"
        )

    return tuple((code, value, why(code, value)) for code, value in values)


def _above_members(catalogue: Catalogue, code: str, given: Mapping[str, Value], draft: Draft) -> bool:
    """Whether there are more of them than the stock they are of has, now or when it was last reported.

    An attendance is held against it at its average session.
    """
    indicator, amount = catalogue[code], given[code].amount
    known = given.get(indicator.among or "")
    stock = known.amount if known else draft.last.get(indicator.among or "")
    if not stock:
        return False
    if indicator.unit != ATTENDANCE:
        return amount > stock
    sessions = sum(given[one].amount for one in catalogue.partners(code) if one in given)
    return 0 < stock * sessions < amount


def _raised(indicator: Indicator, draft: Draft, value: Value) -> Doubt | None:
    """Whether what was sent is corrected to a multiple of it; what was given back was doubted by somebody else."""
    sent = draft.values.get(indicator.code) if draft.sent else None
    if sent is None or not sent.amount or value.amount < LARGE * 10 ** DECIMALS[indicator.kind]:
        return None
    return "raised" if value.amount >= RAISED * sent.amount else None


def _amount(values: Mapping[str, Value], code: str) -> int | None:
    return values[code].amount if code in values else None


def _beside(catalogue: Catalogue, code: str, new: Mapping[str, Value], given: Mapping[str, Value]) -> Doubt | None:
    """What does not fit with the figure it belongs to; of two that are new together only the dependent one is asked."""
    amount = given[code].amount
    whole = catalogue.whole_of(code)
    if whole in given and 0 < given[whole].amount < amount:  # type: ignore[index]  # it is no None, which nothing has
        return "part"
    parts = [one for one in given if one not in new and catalogue.whole_of(one) == code]
    if amount and any(given[one].amount > amount for one in parts):
        return "whole"
    if catalogue[code].unit == ATTENDANCE:
        sessions = [i.code for i in catalogue.indicators.values() if i.pair == code and i.code in given]
        return "few" if 0 < amount < max((given[one].amount for one in sessions), default=0) else None
    people = catalogue[code].pair
    if people is None or people in new or people not in given or catalogue[people].unit != ATTENDANCE:
        return None
    return "few" if 0 < given[people].amount < amount else None


def standing_out(catalogue: Catalogue, level: Level, draft: Draft) -> list[tuple[str, Doubt]]:
    """What a reviewer is to look at first in a report: each figure that is doubted, with why.

    A stock that was asked about as none and is none is nothing to look at.
    """
    every = [(code, value) for code, value in draft.values.items() if code in catalogue]
    return [(code, why) for code, _, why in doubted(catalogue, level, draft, every) if why not in ("likely", "zero")]


def happened(indicator: Indicator, values: Mapping[str, Value], catalogue: Catalogue) -> bool:
    """Whether it cannot be zero: sessions were held, so somebody came; people came, so there was a session."""

    def some(code: str) -> bool:
        return code in values and values[code].amount > 0

    sessions = [i for i in catalogue.indicators.values() if i.pair == indicator.code and indicator.unit == ATTENDANCE]
    if any(some(session.code) for session in sessions):
        return True
    pair = indicator.pair
    if pair is None or catalogue[pair].unit != ATTENDANCE or not some(pair):
        return False
    return not any(some(i.code) for i in catalogue.indicators.values() if i.pair == pair)


def without_attendance(
    form: Form, catalogue: Catalogue, draft: Draft, values: Sequence[tuple[str, Value]]
) -> tuple[tuple[str, Value], ...]:
    """What follows from zeros: nobody came to sessions that all were none. Told in the words of the zero."""
    given = {**draft.values, **dict(values)}
    found: dict[str, Value] = {}
    for code, value in values:
        attendance = catalogue[code].pair
        if value.amount or attendance is None or attendance in given or catalogue[attendance].unit != ATTENDANCE:
            continue
        sessions = [i.code for i in catalogue.indicators.values() if i.pair == attendance and form.holding(i.code)]
        if form.holding(attendance) and all(s in given and not given[s].amount for s in sessions):
            found[attendance] = replace(value, note="")
    return tuple(found.items())


def beside(codes: Collection[str], catalogue: Catalogue) -> frozenset[str]:
    """These indicators with those of the same happening: who came with the sessions, and the sessions with them."""
    pairs = {i.code: i.pair for i in catalogue.indicators.values() if i.pair is not None}
    came = {pairs[code] for code in codes if code in pairs}
    return frozenset(codes).union(came, (code for code, pair in pairs.items() if pair in codes))
