"""A period and a part of the province in, its figures beside last period's, last year's, the year's and the targets out.

`compared` is where everything that is handed out (chats, posts, packs, pages) gets its rows from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from reporting.figures import comparison
from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import Comparison, Side
from reporting.figures.targets import Progress, progress
from reporting.figures.totals import Coverage, Total, totals
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import Part
from reporting.time.calendar import local_day
from reporting.time.periods import Period, PeriodError, parse_period
from reporting.time.year import year_up_to
from storage.database import Database
from storage.organisation import targets
from storage.people import preferences
from storage.periods import holidays, rounds
from storage.periods.rounds import Round
from storage.reports import counted, estimates, versions
from storage.reports.running import PeriodSums
from storage.review import twins

COVERAGE = "compare.coverage"  # the name among the settings: percents


_ADDED = ("6_thang", "9_thang", "nam")  # frequencies whose figures may be those of shorter periods


async def compared(db: Database, catalogue: Catalogue, round_: Round, part: Part, today: date) -> Comparison:
    """Everything that is said of the part's figures of one period, on every side as its units stand today.

    What a unit filed that has ended is in the figures of its heir, once.
    """
    version = await versions.current(db)
    every = {one.code: one for one in await rounds.all_rounds(db) if one.state != "planned"}
    parts = await _parts_of(db, round_, every, part, today)
    last = parts[-1] if parts else round_
    year = year_up_to(last.period, [one.period for one in every.values() if one.code != round_.code or not parts])
    chain = [every.get(period.code, round_) for period in year.periods]
    earlier = _earlier(round_, every)
    asked = {one.id: one for one in (round_, *earlier, *chain) if one is not None}
    sums = await counted.sums(db, catalogue, list(asked), part, today)

    enough = await least_covered(db)

    async def side(one: Round) -> Side:
        covered = await covered_by(db, one, part, today)
        found = _side(catalogue, one, sums[one.id], covered, await _until(db, one, part))
        return replace(found, enough=enough)

    twice = await _twice(db, catalogue, chain if parts else [round_], part, today)
    returned = await counted.given_back(db, round_.id, part, today)
    now = replace(await side(round_), doubled=twice, returned=returned)
    previous, year_ago = [await side(one) if one is not None else None for one in earlier]
    cumulative = comparison.cumulated(catalogue, [sums[one.id].every for one in chain])
    if parts:  # nobody reports it by itself: it is what its periods add up to
        now = replace(now, totals=cumulative, coverage=(await side(last)).coverage, code=last.code, final={})
    partial = not year.from_start and any(_holds(one.period, last.period) for one in every.values())
    over = any(one.period.start_on > round_.period.end_on for one in every.values())
    standing = await _standing(db, round_, part, (None if partial else cumulative, now.totals), today, over)
    estimated = round_.terms.estimated and await _gives_estimates(db, round_, part, today)
    rows = comparison.rows(catalogue, now, (previous, year_ago), cumulative, standing, estimated)
    codes = tuple(one.code for one in chain)
    return Comparison(rows, now, previous, year_ago, codes, year.from_start, estimated, version)


async def _parts_of(db: Database, round_: Round, every: Mapping[str, Round], part: Part, today: date) -> list[Round]:
    """The periods that a year, half year or nine months add up to of which nobody has sent a report of its own; none
    for any other period, nor while it is open: then units are asked, and how many have sent is told.
    """
    whole_period = round_.period
    if round_.state == "open" or whole_period.frequency not in _ADDED:
        return []
    if (await covered_by(db, round_, part, today)).filed:
        return []
    within = [
        one
        for one in every.values()
        if not one.period.title and one.code != round_.code and one.period.frequency != "nam_hoc"
        and whole_period.start_on <= one.period.start_on and one.period.end_on <= whole_period.end_on
    ]  # fmt: skip
    within = [
        one for one in within if (await covered_by(db, one, part, today)).filed
    ]  # of others there is nothing to add
    ways = [year_up_to(one.period, [other.period for other in within]) for one in within]
    whole = [way for way in ways if way.from_start]
    if not whole:
        return []
    return [every[period.code] for period in max(whole, key=lambda way: way.periods[-1].end_on).periods]


async def _twice(
    db: Database, catalogue: Catalogue, chain: Sequence[Round], part: Part, today: date
) -> dict[str, Total]:
    """What the periods' sums perhaps hold twice; of what stands, in the newest."""
    found: dict[str, Total] = {}
    for one in chain:
        for code, amounts in (await twins.doubled(db, one.id, part, today)).items():
            if code in catalogue and catalogue[code].stands and one is not chain[-1]:
                continue
            before = found.get(code, Total(0, False, 0))
            found[code] = Total(before.amount + sum(amounts), False, before.units + len(amounts))
    return found


async def _gives_estimates(db: Database, round_: Round, part: Part, today: date) -> bool:
    """Whether the figures of anybody in the part are estimates, in a period in which some are."""
    among = await estimates.estimating(db, round_.id, today.isoformat())
    units = await counted.units_of(db, part, today)
    return bool(among if units is None else among & units)


async def least_covered(db: Database) -> Decimal:
    """The share of units that has to have sent a period for it to be compared, as the office has set it."""
    kept = await preferences.remembered(db, COVERAGE)
    return comparison.COMPARABLE_FROM if kept is None else Decimal(kept) / 100


def _earlier(round_: Round, every: Mapping[str, Round]) -> tuple[Round | None, Round | None]:
    """The period before and the same one last year, where the province has them."""
    try:
        codes = round_.period.previous().code, round_.period.same_last_year().code
    except PeriodError:
        return None, None
    return every.get(codes[0]), every.get(codes[1])


def _side(catalogue: Catalogue, round_: Round, kept: PeriodSums, covered: Coverage, until: date) -> Side:
    of_all, of_final = totals(catalogue, kept.every), totals(catalogue, kept.final)
    return Side(round_.code, round_.period.name, until, of_all, covered, of_final)


async def covered_by(db: Database, round_: Round, part: Part, today: date) -> Coverage:
    """How many units of the part have filed the period, of those that owe it; of one that is over, of those that did."""
    return await counted.coverage(db, round_.id, part, await _since(db, round_, today), today)


async def owed_by(db: Database, round_: Round, part: Part, today: date) -> list[ListedUnit]:
    """The units that `covered_by` counts, by code, each with the state of its report."""
    return await counted.owing(db, round_.id, part, await _since(db, round_, today), today)


async def _since(db: Database, round_: Round, today: date) -> date:
    """The day whose units are meant: of a period that is over its last, as far back as units are known."""
    if round_.state != "closed":
        return today
    first = await counted.first_member(db)
    return min(today, max(round_.period.end_on, first or today))


async def _until(db: Database, round_: Round, part: Part) -> date:
    """The last day that the figures reach."""
    met_on = told = None
    if part.cluster_id is not None:
        meeting = await rounds.briefing_of(db, round_.id, part.cluster_id)
        met_on = local_day(meeting.starts_at) if meeting else None
        told = (await rounds.announced(db, round_.id)).get(part.cluster_id)
    cutoff = round_.cutoff_on(await holidays.calendar(db), met_on, told)
    return min(cutoff or round_.period.end_on, round_.period.end_on)


def _holds(longer: Period, period: Period) -> bool:
    """Whether a quarter that is reported beside the month has what the months before it lack."""
    ordinary = not longer.title and longer.frequency not in (*_ADDED, "nam_hoc")
    within = longer.start_on <= period.start_on and period.end_on <= longer.end_on
    return ordinary and within and longer.code != period.code


async def _standing(
    db: Database,
    round_: Round,
    part: Part,
    reached: tuple[Mapping[str, Total] | None, Mapping[str, Total]],
    today: date,
    over: bool,
) -> dict[str, Progress]:
    """The part's targets of the year and of the period beside what the year and the period have reached; a unit alone
    has none.

    Of an indicator that has both, the period's is shown. reached: of the year None where the period cannot tell it.
    over: a later period has begun, so that this one tells how targets stood at its end.
    """
    found = {}
    codes, until = (f"{round_.period.end_on.year}-Y", round_.code), round_.period.end_on if over else None
    for code, totals_of in zip(codes, reached, strict=True):
        if totals_of is None or part.alone:
            continue
        last_on = round_.period.end_on if code == round_.code else parse_period(code).end_on
        for target in await targets.of_part(db, code, part):
            standing = progress(target, totals_of.get(target.indicator), today, last_on, until)
            found[target.indicator] = replace(standing, of_year=code != round_.code)
    return found
