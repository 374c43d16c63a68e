"""The office's rules of time: who is reminded how many days ahead, at which hours the bot speaks, and when never."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from reporting.text.word_lists import listed
from reporting.time.calendar import VIETNAM, at, local_day

# Who may be told on a rung. commune: the secretary of the unit above; mentor: who is in charge of the unit.
Audience = Literal["secretary", "deputy", "commune", "mentor", "chair", "office"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

Slot = tuple[time, time]
OPENING = 100  # the rung of a period's opening, further ahead than any that an office can write
MOST_DAYS = 31
MOST_HOURS = 48
MOST_MINUTES = 120  # in which somebody who has just written is not reminded

_RUNG = re.compile(r"T([-+])([0-9]{1,2})")
_SLOT = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_YES = dict.fromkeys(("yes", *listed("rules.yes")), True) | dict.fromkeys(("no", *listed("rules.no")), False)
_HOUR = re.compile(r"([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What is wrong with one rule. name: of the rule; text: as it was written; reason: why, as a key."""

    name: str
    text: str
    reason: str


class RuleError(ValueError):
    """The texts are no such rules; `faults` has every one that is wrong."""

    def __init__(self, faults: Iterable[RuleFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.name} {fault.text}: {fault.reason}" for fault in self.faults))


def rung_name(days: int) -> str:
    """ "T-3", "T-0", "T+1", "open": how a rung is stored; never renamed.

    days: before the due day, negative once overdue.
    """
    if days == OPENING:
        return "open"
    return f"T-{days}" if days >= 0 else f"T+{-days}"


def hour_name(hours: int) -> str:
    """ "H-3", "H-1": how a rung of a quick count is stored; never renamed."""
    return f"H-{hours}"


def _escalation() -> Mapping[int, tuple[Audience, ...]]:
    """From the secretary upwards, one step at a time; who stands at a rung is told on that rung only.

    A chair's rungs ahead count back from the cluster's briefing, not from the day the reports are due.
    """
    return MappingProxyType(
        {
            7: ("secretary",),
            3: ("secretary", "chair"),
            1: ("secretary", "deputy", "chair"),
            0: ("secretary", "deputy"),
            -1: ("secretary", "deputy", "commune", "mentor"),
            -3: ("secretary", "deputy", "commune", "mentor", "chair"),
            -7: ("secretary", "deputy", "commune", "mentor", "chair", "office"),
        }
    )


@dataclass(frozen=True)
class Rules:
    """Local times of day, and days counted back from the day by which a unit owes its report.

    rungs: who is told on which rung. slots: the hours in which reminders may go out, the first one by default; many
    branch secretaries are free only before work and in the evening. quiet: from the evening to the morning nothing
    unasked goes out. posts: rungs on which a cluster's group is posted to, counted from its briefing (without one
    from the day it is due), beside the opening and the hour after the briefing. unreachable: the rung on which the
    office hears whom no reminder reaches. busy: minutes after somebody's last message in which that person is not
    reminded. monthly: on how many days of a month a person is reminded at most; what falls on further days is told
    with the next reminder. saving: the same for somebody whose bot has fewer messages left this month than the
    calendar needs; MOST_DAYS saves nothing, and summaries go out, too. hours: before the end of a quick count, at
    which those who have not answered it are reminded. names: whether the post in a cluster's group names late units.
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
    saving: int = 2
    hours: tuple[int, ...] = (3, 1)
    names: bool = False

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
            raise RuleError([RuleFault(name[:40], text[:60], "no_rule")])
        changed = replace(self, **_values({name: text}))
        spoken = [hour for first, last in changed.slots for hour in (first, _before(last))]
        if any(changed.is_quiet(hour) for hour in spoken):
            raise RuleError([RuleFault(name, text[:60], "slots_quiet")])
        if changed.is_quiet(changed.summaries) or changed.is_quiet(changed.after_briefing):
            raise RuleError([RuleFault(name, text[:60], "hour_quiet")])
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
            case "hours":
                return " ".join(map(str, value))
            case "names":
                return "yes" if value else "no"
            case "busy" | "monthly" | "saving":
                return str(value)
        return f"{value:%H:%M}"


NAMES = tuple(f.name for f in fields(Rules))
DEFAULTS = Rules()


def rules_of(changed: Mapping[str, str]) -> Rules:
    """The default rules with those of the office. Raises RuleError.

    They are taken all at once: one alone may contradict the default of another.
    """
    return replace(DEFAULTS, **_values(changed))


def _values(texts: Mapping[str, str]) -> dict[str, Any]:
    """The values of the rules that are known among the texts. Raises RuleError."""
    try:
        read = RuleTexts.model_validate({name: text.strip() for name, text in texts.items()})
    except ValidationError as error:
        raise RuleError(
            RuleFault(str(one["loc"][0]), str(one["input"])[:60], one["type"]) for one in error.errors()
        ) from None
    return {name: getattr(read, name) for name in read.model_fields_set}


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
            raise PydanticCustomError("no_audience", "names nobody")
        found[_read_rung(rung)] = tuple(one for one in AUDIENCES if one in whom)
    if not any("secretary" in whom for whom in found.values()):
        raise PydanticCustomError("no_secretary", "the secretary is not told")
    return MappingProxyType(found)


def _read_rung(text: str) -> int:
    match = _RUNG.fullmatch(text.upper())
    if match is None:
        raise PydanticCustomError("no_rung", "no rung")
    return int(match[2]) if match[1] == "-" else -int(match[2])


def _read_posts(text: str) -> tuple[int, ...]:
    return tuple(sorted({_read_rung(part) for part in text.split()}, reverse=True))


def _read_hours(text: str) -> tuple[int, ...]:
    found = text.split()
    if any(not one.isdecimal() or not 1 <= int(one) <= MOST_HOURS for one in found):
        raise PydanticCustomError("no_hours", "no hours before the end of a count")
    return tuple(sorted({int(one) for one in found}, reverse=True))


def _read_hour(text: str) -> time:
    match = _HOUR.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise PydanticCustomError("no_hour", "no time of day")
    return time(int(match[1]), int(match[2]))


def _read_span(text: str) -> Slot:
    match = _SLOT.fullmatch(text)
    if match is None:
        raise PydanticCustomError("no_span", "no hours")
    return _read_hour(f"{match[1]}:{match[2]}"), _read_hour(f"{match[3]}:{match[4]}")


def _read_slots(text: str) -> tuple[Slot, ...]:
    slots = tuple(sorted(_read_span(part) for part in text.split()))
    if not slots or any(first >= last for first, last in slots):
        raise PydanticCustomError("no_slots", "no hours that end after they began")
    return slots


def _read_minutes(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_MINUTES:
        raise PydanticCustomError("no_minutes", "no number of minutes")
    return int(text)


def _read_days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise PydanticCustomError("no_days", "no number of days of a month")
    return int(text)


def _read_yes(text: str) -> bool:
    if text.casefold() not in _YES:
        raise PydanticCustomError("no_yes", "neither yes nor no")
    return _YES[text.casefold()]


Rung = Annotated[int, PlainValidator(_read_rung)]
Hour = Annotated[time, PlainValidator(_read_hour)]


class RuleTexts(BaseModel):
    """The rules as an office writes them, read each by itself; a name that is no rule is left out."""

    rungs: Annotated[Mapping[int, tuple[Audience, ...]], PlainValidator(_read_rungs)] = Field(
        default_factory=lambda: DEFAULTS.rungs
    )
    slots: Annotated[tuple[Slot, ...], PlainValidator(_read_slots)] = DEFAULTS.slots
    quiet: Annotated[Slot, PlainValidator(_read_span)] = DEFAULTS.quiet
    summaries: Hour = DEFAULTS.summaries
    after_briefing: Hour = DEFAULTS.after_briefing
    posts: Annotated[tuple[int, ...], PlainValidator(_read_posts)] = DEFAULTS.posts
    unreachable: Rung = DEFAULTS.unreachable
    busy: Annotated[int, PlainValidator(_read_minutes)] = DEFAULTS.busy
    monthly: Annotated[int, PlainValidator(_read_days)] = DEFAULTS.monthly
    saving: Annotated[int, PlainValidator(_read_days)] = DEFAULTS.saving
    hours: Annotated[tuple[int, ...], PlainValidator(_read_hours)] = DEFAULTS.hours
    names: Annotated[bool, PlainValidator(_read_yes)] = DEFAULTS.names
