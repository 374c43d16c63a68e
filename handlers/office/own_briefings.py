"""A chair's or the office's question in, their coming briefings out: when and where, with a calendar file."""

from collections.abc import Sequence
from datetime import date, datetime

from handlers import permissions
from handlers.office.briefing_decisions import BriefingDecisions
from handlers.office.briefing_files import briefing_file
from handlers.turn import Turn
from reporting.time.calendar import VietnamCalendar, day_name, day_range, local_day
from storage.database import Database
from storage.periods import rounds
from storage.periods.rounds import Briefing, Round

Meeting = tuple[Round, Briefing]


async def coming(db: Database, now: datetime, clusters: Sequence[int]) -> list[Meeting]:
    """Briefings of these clusters that lie ahead, in order of time; of periods that are not closed."""
    found = [
        (round_, briefing)
        for round_ in await rounds.in_state(db, "planned", "open", "locked")
        for briefing in await rounds.briefings(db, round_.id)
        if briefing.cluster_id in clusters and briefing.starts_at > now
    ]
    return sorted(found, key=lambda meeting: (meeting[1].starts_at, meeting[1].cluster_id))


def listed(meetings: BriefingDecisions, briefings: Sequence[Briefing], period: str, today: date) -> list[str]:
    """A head with the first and last day, then each cluster's meeting."""
    say = meetings.wording.say
    days = sorted(local_day(b.starts_at) for b in briefings)
    span = day_range(days[0], days[-1], today) if days[0] != days[-1] else day_name(days[0], today)
    lines = [say("briefing.row", **meetings.parts(b, today)) for b in briefings]
    return [say("briefing.list", period=period, days=span), *lines]


async def tell_own(turn: Turn, db: Database, calendar: VietnamCalendar) -> None:
    """Answers "lịch giao ban" of somebody who may see the briefings of some clusters only."""
    found = await coming(db, turn.now, permissions.clusters("briefings", turn.roles) or ())
    if not found:
        turn.say_key("briefing.none_coming")
        return
    lines: list[str] = []
    meetings = BriefingDecisions(db, calendar, turn.wording)
    for code in dict.fromkeys(round_.code for round_, _ in found):
        own = [(round_, briefing) for round_, briefing in found if round_.code == code]
        lines += listed(meetings, [briefing for _, briefing in own], own[0][0].period.name, turn.today)
    turn.say("\n".join(lines), file=briefing_file(turn.wording, found, turn.now))
