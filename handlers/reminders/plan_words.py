"""Lines of the plan in, their Vietnamese text out: a range of days in full, or a month in short."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from handlers.leaders.summaries import listed_units, local_time
from handlers.wording.speech import Wording
from reporting.plan.entries import Entry
from reporting.plan.facts import Facts
from reporting.plan.records import PlanLine, by_day, counts, lines
from reporting.time.calendar import VietnamCalendar, day_name, local_day, short_day

Sent = Mapping[date, Mapping[str, int]]


def plan_lines(wording: Wording, facts: Facts, entries: Iterable[Entry]) -> Iterator[str]:
    """Every message of the range by day, then what is not sent and why not."""
    entries = list(entries)
    sent = counts(entries)
    for day, found in by_day(lines(facts, entries)).items():
        kinds = sent.get(day, {})
        head = wording.say(
            "plan.day", day=day_name(day), year=day.year, reminders=kinds.get("reminder", 0),
            posts=kinds.get("group_post", 0), digests=kinds.get("digest", 0),
        )  # fmt: skip
        more = [
            wording.say(f"month.count_{kind}", count=kinds[kind]) for kind in ("question", "notice") if kind in kinds
        ]
        yield ", ".join([head, *more])
        for line in found:
            yield f"  {_line(wording, line)}"


def _line(wording: Wording, line: PlanLine) -> str:
    say = wording.say
    words = {
        "time": local_time(line.at),
        "to": say(f"plan.to_{line.to}"),
        "period": ", ".join(line.round.split()),
        "periods": _of_post(wording, line) if line.about == "posts" else "",
        "rung": line.rung,
        "ahead": line.rung[2:],
        "cluster": line.cluster,
        "due": short_day(line.due_on, local_day(line.at)) if line.due_on else "",
        "units": _units(wording, line),
        "persons": line.persons,
    }
    key = (
        line.rung
        if line.rung in ("open", "again", "help", "asked", "above", "lost") and line.about != "posts"
        else line.about
    )
    if line.about == "cluster" and line.rung.startswith("M-"):
        key = "meeting"
    if line.about == "posts" and line.to != "group":
        key = "posts_on"
    if line.about in ("question", "change"):
        key = f"{line.about}_{line.rung}"
    if line.about == "digest" and not line.round:
        key = "digest_none"
    if line.about == "pack" and not line.cluster:
        key = "pack_whole"
    what = say(f"plan.{key}", **words)
    return say("plan.not_sent", what=what, why=say(f"plan.why_{line.why}")) if line.why else what


def _of_post(wording: Wording, line: PlanLine) -> str:
    """ "2026-Q1 (trước giao ban 3 ngày), 2026-03 (khi mở)"."""
    told = []
    for period, rung in zip(line.round.split(), line.rung.split(), strict=True):
        named = wording.say(f"plan.told_{rung if rung in ('open', 'after') else rung[0]}", ahead=rung[2:])
        told.append(wording.say("plan.post_of", period=period, rung=named))
    return ", ".join(told)


def _units(wording: Wording, line: PlanLine) -> str:
    """By their codes, or where they are most of the cluster, by how many and who is not among them."""
    if line.why in ("filed", "final", "unfiled"):
        return wording.say("plan.count", count=len(line.units))
    if not line.others:
        return wording.say("plan.whole", count=len(line.units))
    if len(line.others) < len(line.units):
        return wording.say("plan.most", count=len(line.units), others=", ".join(line.others))
    return ", ".join(line.units)


def month(
    wording: Wording,
    facts: Facts,
    entries: Iterable[Entry],
    calendar: VietnamCalendar,
    first: date,
    sent: Sent | None = None,
) -> str:
    """A month for the office's chat: briefings and due days, then how much goes out on which day.

    sent: by day and kind, what has gone out; without it the days before today are told by the plan, too.
    """
    say = wording.say
    text = [say("month.head", month=first.month, year=first.year)]
    met = sorted(
        (m.starts_at, facts.clusters[m.cluster_id].name, _period(facts, m.round_id))
        for m in facts.meetings
        if m.starts_at is not None and _same_month(local_day(m.starts_at), first)
    )
    for starts_at, cluster, period in met:
        day, time = day_name(local_day(starts_at)), local_time(starts_at)
        text.append(say("month.briefing", cluster=cluster, period=period, time=time, day=day))
    for (due_on, period), who in sorted(_due(facts).items()):
        if _same_month(due_on, first):
            text.append(say("month.due", period=period, who=listed_units(wording, who), day=day_name(due_on)))
    for number in range(1, 32):
        day_on = _day(first, number)
        name = calendar.holiday_on(day_on) if day_on else None
        if day_on and name:
            text.append(say("month.holiday", day=day_name(day_on), name=name))
    told = counts(entries, sent, None if sent is None else facts.today)
    told = {day: kinds for day, kinds in told.items() if _same_month(day, first)}
    if not told:
        text.append(say("month.nothing"))
    for day_on, kinds in told.items():
        parts = [say(f"month.count_{kind}", count=count) for kind, count in sorted(kinds.items(), reverse=True)]
        key = "month.day_sent" if sent is not None and day_on < facts.today else "month.day"
        text.append(say(key, day=day_name(day_on), what=", ".join(parts)))
    return "\n".join(text)


def _due(facts: Facts) -> dict[tuple[date, str], list[str]]:
    """By the day and the period: the clusters due then, after them the units that were given another day."""
    common = {(meeting.round_id, meeting.cluster_id): meeting.due_on for meeting in facts.meetings}
    found: dict[tuple[date, str], set[tuple[bool, str]]] = {}
    for debt in facts.debts:
        unit = facts.units[debt.unit_id]
        alone = common.get((debt.round_id, unit.cluster_id), debt.due_on) != debt.due_on
        name = unit.name if alone else facts.clusters[unit.cluster_id].name
        found.setdefault((debt.due_on, _period(facts, debt.round_id)), set()).add((alone, name))
    return {key: [name for _, name in sorted(who)] for key, who in found.items()}


def _period(facts: Facts, round_id: int) -> str:
    return facts.rounds[round_id].name or facts.rounds[round_id].code


def _same_month(day: date, first: date) -> bool:
    return (day.year, day.month) == (first.year, first.month)


def _day(first: date, number: int) -> date | None:
    try:
        return first.replace(day=number)
    except ValueError:
        return None
