"""Commands on periods and briefings: options in, the decisions of handlers/office carried out as by chat."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import Failed, failed, misused, said
from bot.settings import Settings
from bot.spreadsheet.sheets import MODES
from handlers.office.briefing_decisions import BriefingDecisions, Wanted
from handlers.office.briefing_files import briefing_file
from handlers.office.chairs import chairs_called
from handlers.office.decisions import Decision, DecisionRefused
from handlers.office.meant import Meant
from handlers.office.period_decisions import PeriodDecisions
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Frequency
from reporting.time.calendar import VIETNAM, local_day
from reporting.time.deadlines import PeriodState, cluster_opens_on
from reporting.time.periods import (
    Period,
    PeriodError,
    campaign,
    campaign_code,
    campaign_form,
    is_campaign,
    parse_period,
)
from storage.database import Database
from storage.organisation import units
from storage.organisation.units import Cluster
from storage.people import preferences
from storage.periods import holidays, rounds
from storage.periods.rounds import Mode, Round

Work = Callable[[Database, PeriodDecisions, BriefingDecisions, datetime], Awaitable[Decision | None]]


async def decide(settings: Settings, work: Work) -> None:
    """Carries out one decision and says what is now so, warnings first, as a chat does. Raises Failed."""
    db = await opened(settings)
    try:
        calendar, wording, rules = await holidays.calendar(db), Wording.vietnamese(), await preferences.rules(db)
        periods = PeriodDecisions(db, calendar, wording, rules)
        briefings = BriefingDecisions(db, calendar, wording, rules)
        try:
            decision = await work(db, periods, briefings, SystemClock().now())
        except DecisionRefused as refused:
            raise Failed(refused.remark.vietnamese(wording)) from refused
        if decision is None:
            return
        await db.write(decision.rows)
    finally:
        await db.close()
    for warning in decision.warnings:
        sys.stderr.write(f"{warning.vietnamese(wording)}\n")
    sys.stdout.write(f"{decision.done.vietnamese(wording)}\n")


def day(name: str, text: str | None) -> date | None:
    """A day as the command line takes it, 2026-04-20."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise misused("no_day", option=name, text=text) from None


def moment(name: str, text: str | None) -> datetime | None:
    """A local moment, "2026-04-15 08:15"."""
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)
    except ValueError:
        raise misused("no_moment", option=name, text=text) from None


async def known(db: Database, code: str) -> Round:
    """The period of that code. Raises Failed."""
    found = await rounds.round_by_code(db, code)
    if found is None:
        raise failed("no_period", code=code)
    return found


async def known_cluster(db: Database, code: str) -> Cluster:
    """The cluster of that code. Raises Failed."""
    found = await units.cluster_by_code(db, code)
    if found is None:
        raise failed("no_cluster", code=code)
    return found


def period_of(code: str, title: str, first: date | None, last: date | None, form: str = "") -> Period:
    """The period of a code, or the campaign that title, first and last day describe. Raises PeriodError, WrongUsage.

    form: whose questions the campaign asks; '' for those of the period about as long.
    """
    if not title and not is_campaign(code.upper()):
        return parse_period(code)
    if not title or first is None or last is None:
        raise misused("campaign_days", code=code)
    if form and form not in get_args(Frequency):
        raise misused("choose", option="--form", text=form[:20], known=", ".join(get_args(Frequency)))
    asked: Frequency = form or campaign_form(first, last)  # type: ignore[assignment]  # checked above
    own = code.upper() if is_campaign(code.upper()) else campaign_code(last.year, title)
    return campaign(own, title, asked, first, last)


async def open_period(
    settings: Settings, code: str, named: dict[str, Any], campaign_: tuple[str, Any, Any], form: str = ""
) -> None:
    """named: the Terms that were given; what was not keeps its value, or the customary one. Of "owes" the words."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> Decision:
        found = await rounds.round_by_code(db, code)
        try:
            period = found.period if found else period_of(code, *campaign_, form)
        except PeriodError:
            raise failed("bad_period", code=code) from None
        terms = dict(named)
        if "owes" in terms:
            terms["owes"] = await Meant(db).owing(terms["owes"], local_day(now))
        if found is not None and found.state == "open" and terms:
            return await periods.set_terms(found, terms, None, now)
        return await periods.open(period, terms, None, now)

    await decide(settings, work)


async def end_period(settings: Settings, code: str, state: PeriodState) -> None:
    """Locks or closes."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> Decision:
        round_ = await known(db, code)
        return await (periods.lock if state == "locked" else periods.close)(round_, None, now)

    await decide(settings, work)


async def extend(settings: Settings, code: str, unit: str, until: date | None, reason: str) -> None:
    """Another deadline for one unit; without a day its report is opened again for a few working days."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> Decision:
        found = await units.unit_by_code(db, unit)
        if found is None:
            raise failed("no_unit", option="--unit", code=unit)
        return await periods.extend(await known(db, code), found, until, reason, None, now)

    await decide(settings, work)


async def list_periods(settings: Settings) -> None:
    """Prints code, state, first and last day of every period, who owes it, opening, cut-offs, deadlines, meetings,
    whose figures are estimates, by tabs, the last six with what they are; "-" stands for clusters that do not meet and
    owe it."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> None:
        today = local_day(now)
        for r in await rounds.all_rounds(db):
            ahead = await periods.ahead(r, today)
            met: dict[str, date | None] = dict(ahead.met)
            met |= {cluster.code: None for cluster in ahead.called_off}
            if len(ahead.by_custom) > len(ahead.called_off) or not met:
                met["-"] = None
            opens = {
                code: r.opened_on and cluster_opens_on(r.period, r.terms, r.opened_on, on) for code, on in met.items()
            }
            told = {str(day) for day in opens.values()}
            opening = "; ".join(f"{code} {on}" for code, on in opens.items()) if len(told) > 1 else r.opened_on or "-"
            due = [
                f"{code} {r.due_on(periods.calendar, on, None, ahead.announced.get(code))}" for code, on in met.items()
            ]
            cut = [f"{code} {r.cutoff_on(periods.calendar, on) or r.period.end_on}" for code, on in met.items()]
            say, estimating = periods.wording.say, periods.notes.estimating(ahead) or said("all_estimate")
            told_of = {
                "owes": periods.notes.who(ahead), "opens": opening, "cutoff": "; ".join(cut), "due": "; ".join(due),
                "meets": "; ".join(f"{code} {on}" for code, on in ahead.met.items()) or "-",
                "estimates": estimating if r.terms.estimated else "-",
            }  # fmt: skip
            fields = (
                r.code, say(f"state.{r.state}"), str(r.period.start_on), str(r.period.end_on),
                *(said(f"list_{key}", value=value) for key, value in told_of.items()),
            )  # fmt: skip
            sys.stdout.write("\t".join(fields) + "\n")

    await decide(settings, work)


async def set_briefing(
    settings: Settings,
    code: str,
    cluster: str,
    at: datetime | None,
    place: str,
    link: str,
    host: str,
    chairs: Sequence[str] = (),
) -> None:
    """Sets or moves the cluster's briefing. chairs: names or titles."""

    if place and link:
        raise misused("two_places")

    async def work(db: Database, _: PeriodDecisions, briefings: BriefingDecisions, now: datetime) -> Decision:
        found = await known_cluster(db, cluster)
        host_unit = await units.unit_by_code(db, host) if host else None
        if host and host_unit is None:
            raise failed("no_unit", option="--host", code=host)
        mode: Mode | None = "online" if link else "in_person" if place else None
        called = await chairs_called(db, chairs, found.id, local_day(now)) if chairs else None
        wanted = Wanted(at, link or place or None, mode, called, host_unit)
        return await briefings.decide(await known(db, code), found, wanted, None, now)

    await decide(settings, work)


async def cancel_briefing(settings: Settings, code: str, cluster: str) -> None:
    """Calls the cluster's briefing off."""

    async def work(db: Database, _: PeriodDecisions, briefings: BriefingDecisions, now: datetime) -> Decision:
        return await briefings.cancel(await known(db, code), await known_cluster(db, cluster), None, now)

    await decide(settings, work)


async def list_briefings(settings: Settings, code: str) -> None:
    """Prints cluster, local start, mode, place, chairs and host of a period's briefings, by tabs."""

    async def work(db: Database, *_: Any) -> None:
        for b in await rounds.briefings(db, (await known(db, code)).id):
            starts = b.starts_at.astimezone(VIETNAM)
            titles = "; ".join(title for title in (b.chair, *(c.title for c in b.co_chairs)) if title)
            fields = (b.cluster_code, f"{starts:%Y-%m-%d %H:%M}", MODES[b.mode], b.place, titles or "-", b.host or "-")
            sys.stdout.write("\t".join(fields) + "\n")

    await decide(settings, work)


async def write_ics(settings: Settings, code: str, cluster: str, file: Path) -> None:
    """Writes the cluster's briefing as a calendar file."""
    from bot.whole_file import replace_file

    async def work(db: Database, _: PeriodDecisions, __: BriefingDecisions, now: datetime) -> None:
        round_ = await known(db, code)
        found = [b for b in await rounds.briefings(db, round_.id) if b.cluster_code.lower() == cluster.lower()]
        if not found:
            raise failed("no_briefing", cluster=cluster, code=code)
        replace_file(file, briefing_file(Wording.vietnamese(), [(round_, found[0])], now)["text"].encode())

    await decide(settings, work)
