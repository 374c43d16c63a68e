"""Commands on periods and briefings: options in, the decisions of handlers/office carried out as by chat."""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import Failed, WrongUsage, failed, misused, said
from bot.settings import Settings
from bot.spreadsheet.sheets import MODES
from handlers.office.briefing_decisions import BriefingDecisions, Wanted
from handlers.office.briefing_files import briefing_file
from handlers.office.chairs import chairs_called
from handlers.office.decisions import Decision, DecisionRefused
from handlers.office.meant import Meant
from handlers.office.period_decisions import FAR_EXTENSION, PeriodDecisions
from handlers.office.round_notes import RoundAhead
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Frequency
from reporting.time.as_written import NotADay, OtherWeekday, day_in, plain, time_in
from reporting.time.calendar import VIETNAM, day_name, local_day
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


# What a command has to be told is meant: by chat the question says it before the yes.
MEANT = {
    "office.meeting_far": "--far", "office.term_far": "--far", FAR_EXTENSION: "--far", "office.ends_early": "--early",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flags:
    """How a decision was ordered: the flags that say what is meant, and whether to write nothing."""

    meant: frozenset[str] = frozenset()
    dry_run: bool = False

    @classmethod
    def of(cls, *, far: bool = False, early: bool = False, dry_run: bool = False) -> "Flags":
        """From the options of a command."""
        given = {"--far": far, "--early": early}
        return cls(frozenset(flag for flag, is_given in given.items() if is_given), dry_run)


PLAIN = Flags()


async def decide(settings: Settings, work: Work, flags: Flags = PLAIN) -> None:
    """Carries out one decision and says what is now so, warnings first, as a chat does. Raises Failed, also for what
    may be a slip and was not said to be meant."""
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
        unmeant = [note for note in decision.warnings if note.key in MEANT and MEANT[note.key] not in flags.meant]
        if unmeant and not flags.dry_run:
            needed = " ".join(dict.fromkeys(MEANT[note.key] for note in unmeant))
            notes = " ".join(note.vietnamese(wording) for note in unmeant)
            raise failed("unmeant", note=notes, flags=needed)
        if not flags.dry_run:
            await db.write(decision.rows)
    finally:
        await db.close()
    for warning in decision.warnings:
        sys.stderr.write(f"{warning.vietnamese(wording)}\n")
    sys.stdout.write(f"{(decision.ask if flags.dry_run else decision.done).vietnamese(wording)}\n")
    if flags.dry_run:
        sys.stdout.write(f"{wording.say('difference.dry')}\n")


def day(name: str, text: str | None) -> date | None:
    """A day as the command line takes it, 2026-04-20, or as people write it, 20/4/2026."""
    if text is None:
        return None
    try:
        found = day_in(plain(text), local_day(SystemClock().now()))
    except NotADay as refused:
        raise _other(name, text, refused) from None
    if found is None:
        raise misused("no_day", option=name, text=text)
    return found


def moment(name: str, text: str | None) -> datetime | None:
    """A local moment, "2026-04-15 08:15" or "8h15 thứ Tư 15/4/2026"."""
    found = day(name, text)
    if text is None or found is None:
        return None
    try:
        hour = time_in(plain(text))
    except NotADay as refused:
        raise _other(name, text, refused) from None
    if hour is None:
        raise misused("no_moment", option=name, text=text)
    return datetime.combine(found, hour, VIETNAM)


def _other(name: str, text: str, refused: NotADay) -> WrongUsage:
    if not isinstance(refused, OtherWeekday):
        return misused("no_day", option=name, text=text)
    days = {
        "day": f"{day_name(refused.day)}/{refused.day.year}",
        "near": f"{day_name(refused.near)}/{refused.near.year}",
    }
    return misused("other_weekday", option=name, text=text, **days)


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
    settings: Settings, code: str, named: dict[str, Any], campaign_: tuple[Any, ...], flags: Flags = PLAIN
) -> None:
    """named: the Terms that were given; what was not keeps its value, or the customary one. Of "owes" the words."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> Decision:
        found = await rounds.round_by_code(db, code)
        try:
            period = found.period if found else period_of(code, *campaign_)
        except PeriodError:
            raise failed("bad_period", code=code) from None
        terms = dict(named)
        if "owes" in terms:
            terms["owes"] = await Meant(db).owing(terms["owes"], local_day(now))
        if found is not None and found.state == "open" and terms:
            return await periods.set_terms(found, terms, None, now)
        return await periods.open(period, terms, None, now)

    await decide(settings, work, flags)


async def end_period(settings: Settings, code: str, state: PeriodState, flags: Flags = PLAIN) -> None:
    """Locks or closes."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> Decision:
        round_ = await known(db, code)
        return await (periods.lock if state == "locked" else periods.close)(round_, None, now)

    await decide(settings, work, flags)


async def extend(
    settings: Settings, code: str, unit: str, until: date | None, reason: str, flags: Flags = PLAIN
) -> None:
    """Another deadline for one unit; without a day its report is opened again for a few working days."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> Decision:
        found = await units.unit_by_code(db, unit)
        if found is None:
            raise failed("no_unit", option="--unit", code=unit)
        return await periods.extend(await known(db, code), found, until, reason, None, now)

    await decide(settings, work, flags)


async def list_periods(settings: Settings) -> None:
    """Prints every period, what is due first on top: its code, name, state and days, then a line for each kind of fact
    with the clusters of each day; the others are those that do not meet and owe it."""

    async def work(db: Database, periods: PeriodDecisions, _: BriefingDecisions, now: datetime) -> None:
        today = local_day(now)
        told = [_told_period(periods, await periods.ahead(r, today), r) for r in await rounds.all_rounds(db)]
        sys.stdout.write("".join(text for _, text in sorted(told, key=lambda one: one[0])))

    await decide(settings, work)


def _told_period(periods: PeriodDecisions, ahead: RoundAhead, round_: Round) -> tuple[tuple[date, date, str], str]:
    """(where it stands among the others, its lines)."""
    say, notes, period = periods.wording.say, periods.notes, ahead.period
    met: dict[str, date | None] = dict(ahead.met)
    met |= {cluster.code: None for cluster in ahead.called_off}
    waits = ahead.terms.waits and not ahead.opened
    if not waits and (len(ahead.by_custom) > len(ahead.called_off) or not ahead.clusters):
        met[say("terms.others")] = None
    due = {code: ahead.due(periods.calendar, code, ahead.opened_on) for code in met}
    opens = {
        code: cluster_opens_on(period, ahead.terms, ahead.opened_on, on) if ahead.opened_on else None
        for code, on in met.items()
    }
    estimating = (notes.estimating(ahead) or said("all_estimate")) if ahead.terms.estimated else ""
    facts = {
        "owes": notes.who(ahead),
        "opens": _by_day(opens) or (notes.opens(ahead).lstrip(", ") if round_.state == "planned" else ""),
        "cutoff": _by_day({code: notes.cutoff(ahead, code) or period.end_on for code in met}),
        "due": _by_day(due), "meets": _by_day(ahead.met, whose=True), "estimates": estimating,
    }  # fmt: skip
    head = f"{round_.code} ({period.name}): {say(f'state.{round_.state}')}, {period.start_on} – {period.end_on}\n"
    lines = "".join(f"  {said(f'list_{key}', value=value)}\n" for key, value in facts.items() if value)
    return (min(due.values(), default=period.end_on), period.end_on, round_.code), head + lines


def _by_day(days: Mapping[str, date | None], whose: bool = False) -> str:
    """ "C1, C2 2026-04-06; C3 2026-04-07"; the day alone where it is that of all, but where it matters whose it is."""
    of: dict[date, list[str]] = {}
    for code, day_on in days.items():
        if day_on is not None:
            of.setdefault(day_on, []).append(code)
    if len(of) == 1 and not whose:
        return str(next(iter(of)))
    return "; ".join(f"{', '.join(codes)} {day_on}" for day_on, codes in sorted(of.items()))


@dataclass(frozen=True, slots=True)
class NamedBriefing:
    """A briefing as the command line names it; '' and None for what is not. chairs: names or titles."""

    code: str
    cluster: str
    at: datetime | None = None
    place: str = ""
    link: str = ""
    host: str = ""
    chairs: Sequence[str] = ()


async def set_briefing(settings: Settings, meeting: NamedBriefing, flags: Flags = PLAIN) -> None:
    """Sets or moves the cluster's briefing."""
    if meeting.place and meeting.link:
        raise misused("two_places")

    async def work(db: Database, _: PeriodDecisions, briefings: BriefingDecisions, now: datetime) -> Decision:
        found = await known_cluster(db, meeting.cluster)
        host_unit = await units.unit_by_code(db, meeting.host) if meeting.host else None
        if meeting.host and host_unit is None:
            raise failed("no_unit", option="--host", code=meeting.host)
        mode: Mode | None = "online" if meeting.link else "in_person" if meeting.place else None
        called = await chairs_called(db, meeting.chairs, found.id, local_day(now)) if meeting.chairs else None
        wanted = Wanted(meeting.at, meeting.link or meeting.place or None, mode, called, host_unit)
        return await briefings.decide(await known(db, meeting.code), found, wanted, None, now)

    await decide(settings, work, flags)


async def cancel_briefing(settings: Settings, code: str, cluster: str, flags: Flags = PLAIN) -> None:
    """Calls the cluster's briefing off."""

    async def work(db: Database, _: PeriodDecisions, briefings: BriefingDecisions, now: datetime) -> Decision:
        return await briefings.cancel(await known(db, code), await known_cluster(db, cluster), None, now)

    await decide(settings, work, flags)


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
