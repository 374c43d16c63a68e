"""The plan of a month in, the words of its picture out: a cell for each day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from handlers.leaders.summaries import listed_units
from handlers.reminders.plan_words import Sent
from handlers.wording.speech import Wording
from reporting.plan.entries import Entry
from reporting.plan.facts import Facts
from reporting.plan.records import counts
from reporting.time.calendar import VietnamCalendar, local_day

MOST_NAMED = 4  # clusters or units in a day's field


def month_sheet(
    wording: Wording,
    facts: Facts,
    entries: Iterable[Entry],
    calendar: VietnamCalendar,
    first: date,
    sent: Sent | None = None,
) -> dict[str, Any]:
    """What the file of that month is made of, for an outbox row: it draws the same picture whenever it is sent.

    {"kind", "name", "picture", "missing", "title", "week": [seven names], "first": ISO day, "days": {"13": {"look",
    "lines"}}}; sent: see `month`. look: met (a briefing), due (reports are), off; days without anything are left out.
    """
    say = wording.say
    days: dict[date, list[str]] = defaultdict(list)
    look: dict[date, str] = {}
    for number in range(1, 32):
        try:
            day = first.replace(day=number)
        except ValueError:
            break
        if not calendar.is_working_day(day) or calendar.is_silent(day):
            look[day] = "off"
        if (holiday := calendar.holiday_on(day)) is not None:
            days[day].append(holiday)
    for key, found in (("due", _due(facts)), ("met", _met(facts))):
        for (day, period), who in sorted(found.items()):
            look[day] = key
            names = listed_units(wording, sorted(who), MOST_NAMED)
            days[day].append(say(f"month.field_{key}", who=names, period=period))
    for day, kinds in counts(entries, sent, None if sent is None else facts.today).items():
        days[day] += [say(f"month.count_{kind}", count=count) for kind, count in sorted(kinds.items(), reverse=True)]
    return {
        "kind": "month",
        "name": f"lich-{first:%Y-%m}.png",
        "picture": True,
        "missing": say("picture.missing"),
        "title": say("month.head", month=first.month, year=first.year),
        "week": say("month.week").split(", "),
        "first": first.isoformat(),
        "days": {
            str(day.day): {"look": look.get(day, ""), "lines": days.get(day, [])}
            for day in sorted({*days, *look})
            if (day.year, day.month) == (first.year, first.month)
        },
    }


def _met(facts: Facts) -> dict[tuple[date, str], set[str]]:
    """By day and period: codes of the clusters that meet."""
    found: dict[tuple[date, str], set[str]] = defaultdict(set)
    for meeting in facts.meetings:
        if meeting.starts_at is not None:
            key = local_day(meeting.starts_at), _period(facts, meeting.round_id)
            found[key].add(facts.clusters[meeting.cluster_id].code)
    return found


def _due(facts: Facts) -> dict[tuple[date, str], set[str]]:
    """By day and period: codes of the clusters whose reports are due, and of units that have a day of their own."""
    common = {(meeting.round_id, meeting.cluster_id): meeting.due_on for meeting in facts.meetings}
    found: dict[tuple[date, str], set[str]] = defaultdict(set)
    for debt in facts.debts:
        unit = facts.units[debt.unit_id]
        alone = common.get((debt.round_id, unit.cluster_id), debt.due_on) != debt.due_on
        code = unit.code if alone else facts.clusters[unit.cluster_id].code
        found[debt.due_on, _period(facts, debt.round_id)].add(code)
    return found


def _period(facts: Facts, round_id: int) -> str:
    return facts.rounds[round_id].name or facts.rounds[round_id].code
