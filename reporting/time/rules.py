"""The office's rules of time: which rungs remind whom, at which hours the bot speaks of its own accord, when never."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from reporting.time.calendar import VIETNAM, at, local_day

# Who may be told on a rung. commune: the secretary of the unit above; mentor: who is in charge of the unit.
Audience = Literal["secretary", "deputy", "commune", "mentor", "chair", "office"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

Slot = tuple[time, time]

_RUNG = re.compile(r"T([-+])([0-9]{1,2})")
_SLOT = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_HOUR = re.compile(r"([0-9]{1,2}):([0-9]{2})")


class RuleError(ValueError):
    """The text is no such rule; one line that shows what it looks like."""


def rung_name(days: int) -> str:
    """ "T-3", "T-0", "T+1": how a rung is stored; never renamed. days: before the due day, negative once overdue."""
    return f"T-{days}" if days >= 0 else f"T+{-days}"


def _escalation() -> Mapping[int, tuple[Audience, ...]]:
    """From the secretary upwards, one step at a time; who stands at a rung is told on that rung only."""
    return MappingProxyType(
        {
            7: ("secretary",),
            3: ("secretary",),
            1: ("secretary", "deputy"),
            0: ("secretary", "deputy"),
            -1: ("secretary", "deputy", "commune", "mentor"),
            -3: ("secretary", "deputy", "commune", "mentor", "chair"),
            -7: ("secretary", "deputy", "commune", "mentor", "chair", "office"),
        }
    )


@dataclass(frozen=True)
class Rules:
    """Local times of day, and days counted back from the day by which a unit owes its report.

    rungs: who is told on which rung. slots: the hours in which reminders may go out, the first one by default;
    many branch secretaries are free only before work and in the evening. quiet: from the evening to the morning
    nothing unasked goes out. posts: rungs on which a cluster's group is posted to, beside the opening and the hour
    after the briefing. unreachable: the rung on which the office hears whom no reminder reaches. busy: minutes
    after somebody's last message in which that person is not reminded. monthly: on how many days of a month a person is
    reminded at most; what falls on further days is told with the next reminder.
    """

    rungs: Mapping[int, tuple[Audience, ...]] = field(default_factory=_escalation)
    slots: tuple[Slot, ...] = ((time(7), time(7, 30)), (time(19), time(20)))
    quiet: Slot = (time(21), time(7))
    summaries: time = time(7, 30)
    after_briefing: time = time(17)
    posts: tuple[int, ...] = (3, 1, 0)
    unreachable: int = 3
    busy: int = 10
    monthly: int = 8

    def is_quiet(self, now: time) -> bool:
        """Whether nothing unasked may go out at that time of day."""
        first, last = self.quiet
        return first <= now or now < last if first > last else first <= now < last

    def awake_at(self, since: datetime) -> datetime:
        """`since`, or the end of the quiet hours in which it lies."""
        if not self.is_quiet(since.astimezone(VIETNAM).time()):
            return since
        day, ends = local_day(since), self.quiet[1]
        end = _instant(day, ends)
        return end if end > since else _instant(day + timedelta(days=1), ends)

    def morning(self, day: date) -> datetime:
        """The instant at which the day's reminders go out."""
        return _instant(day, self.slots[0][0])

    def evening(self, day: date) -> datetime:
        """The instant of the day's last slot, for those who have asked to hear it then."""
        return _instant(day, self.slots[-1][0])

    def openings(self, day: date) -> list[datetime]:
        """The instants at which the day's slots begin."""
        return [_instant(day, first) for first, _ in self.slots]

    def closing(self, day: date) -> datetime:
        """The instant after which nothing of the day goes out any more that could not before."""
        return _instant(day, self.slots[-1][1])

    def may_remind(self, now: datetime, zone: ZoneInfo = VIETNAM) -> bool:
        """Whether now lies in one of the slots."""
        clock = now.astimezone(zone).time()
        return any(first <= clock < last for first, last in self.slots)

    @cached_property
    def last_call(self) -> int:
        """The rung before the due day that those hear who have asked for no other: T-1."""
        ahead = [days for days in self.rungs if days > 0]
        return min(ahead, default=0)

    def having(self, name: str, text: str) -> "Rules":
        """The rules with one of them changed, as `written` writes it. Raises RuleError."""
        if name not in NAMES:
            raise RuleError(f"{name[:40]}: no such rule; choose one of {', '.join(NAMES)}")
        changed = replace(self, **{name: _READ[name](text.strip())})
        for first, last in changed.slots:
            if changed.is_quiet(first) or changed.is_quiet(_before(last)):
                raise RuleError(f"{name} {text[:60]}: the hours of reminders lie in the quiet ones, change one of both")
        for hour in (changed.summaries, changed.after_briefing):
            if changed.is_quiet(hour):
                raise RuleError(f"{name} {text[:60]}: {hour:%H:%M} lies in the quiet hours, change one of both")
        return changed

    def written(self, name: str) -> str:
        """A rule as text that `having` reads."""
        value = getattr(self, name)
        match name:
            case "rungs":
                return "; ".join(f"{rung_name(days)} {' '.join(whom)}" for days, whom in sorted(value.items())[::-1])
            case "slots":
                return " ".join(_span(slot) for slot in value)
            case "quiet":
                return _span(value)
            case "posts":
                return " ".join(rung_name(days) for days in value)
            case "unreachable":
                return rung_name(value)
            case "busy" | "monthly":
                return str(value)
        return f"{value:%H:%M}"


NAMES = tuple(f.name for f in fields(Rules))
DEFAULTS = Rules()


def rules_of(changed: Mapping[str, str]) -> Rules:
    """The default rules with those of the office. Raises RuleError."""
    rules = DEFAULTS
    # All at once: one alone may contradict the default of another.
    for name, text in changed.items():
        if name in _READ:
            rules = replace(rules, **{name: _READ[name](text.strip())})
    return rules


def _instant(day: date, hour: time) -> datetime:
    return at(day, hour.hour, hour.minute)


def _before(hour: time) -> time:
    return time((hour.hour * 60 + hour.minute - 1) // 60 % 24, (hour.minute - 1) % 60)


def _span(slot: Slot) -> str:
    return f"{slot[0]:%H:%M}-{slot[1]:%H:%M}"


def _read_rungs(text: str) -> Mapping[int, tuple[Audience, ...]]:
    found: dict[int, tuple[Audience, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        rung, *whom = part.split()
        if not whom or any(one not in AUDIENCES for one in whom):
            raise RuleError(f"{part[:60]}: name after the rung who is told: {', '.join(AUDIENCES)}")
        found[_read_rung(rung)] = tuple(one for one in AUDIENCES if one in whom)
    if not any("secretary" in whom for whom in found.values()):
        raise RuleError("rungs: on one of them the secretary has to be told, for example T-3 secretary; T-1 secretary")
    return MappingProxyType(found)


def _read_rung(text: str) -> int:
    match = _RUNG.fullmatch(text.upper())
    if match is None:
        raise RuleError(f"{text[:20]}: no rung; write it like T-3, T-0 or T+1")
    return int(match[2]) if match[1] == "-" else -int(match[2])


def _read_posts(text: str) -> tuple[int, ...]:
    return tuple(sorted({_read_rung(part) for part in text.split()}, reverse=True))


def _read_hour(text: str) -> time:
    match = _HOUR.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise RuleError(f"{text[:20]}: no time of day; write it like 07:30")
    return time(int(match[1]), int(match[2]))


def _read_span(text: str) -> Slot:
    match = _SLOT.fullmatch(text)
    if match is None:
        raise RuleError(f"{text[:20]}: no hours; write them like 07:00-07:30")
    return _read_hour(f"{match[1]}:{match[2]}"), _read_hour(f"{match[3]}:{match[4]}")


def _read_slots(text: str) -> tuple[Slot, ...]:
    slots = tuple(sorted(_read_span(part) for part in text.split()))
    if not slots or any(first >= last for first, last in slots):
        raise RuleError(
            f"{text[:60]}: write hours of reminders like 07:00-07:30 19:00-20:00, each ending after it began"
        )
    return slots


def _read_minutes(text: str) -> int:
    if not text.isdecimal() or int(text) > 120:
        raise RuleError(f"{text[:20]}: no number of minutes up to 120")
    return int(text)


def _read_days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 31:
        raise RuleError(f"{text[:20]}: no number of days from 1 to 31")
    return int(text)


_READ: Mapping[str, Callable[[str], Any]] = {
    "rungs": _read_rungs, "slots": _read_slots, "quiet": _read_span, "summaries": _read_hour,
    "after_briefing": _read_hour, "posts": _read_posts, "unreachable": _read_rung, "busy": _read_minutes,
    "monthly": _read_days,
}  # fmt: skip
