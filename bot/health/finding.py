"""One thing that is not as it should be: its name, what it is, and what to do, in words for the office."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.wording.speech import Wording

# In the order in which they are told. What is told of a channel bears the channel's own name.
NAMES = ("database", "disk", "backup", "channel", "silence", "clock", "certificate")


@dataclass(frozen=True, slots=True)
class MachineFault:
    """name: one of NAMES. what, to_do: Vietnamese sentences. channel: the channel it is about, "" for none."""

    name: str
    what: str
    to_do: str
    channel: str = ""


def finding(name: str, *, channel: str = "", **parts: object) -> MachineFault:
    """The finding of that name in its words."""
    say = Wording.vietnamese().say
    return MachineFault(name, say(f"health.{name}", **parts), say(f"remedy.{name}"), channel)


def clock_off(off: timedelta) -> MachineFault:
    """That this clock is ahead of the servers' by so much, or behind, in the unit in which it is two or more."""
    say, much = Wording.vietnamese().say, abs(off)
    unit = next((unit for unit in ("days", "hours", "minutes") if much >= timedelta(**{unit: 2})), "seconds")
    way = "ahead" if off > timedelta() else "behind"
    return finding("clock", way=say(f"health.{way}"), count=much // timedelta(**{unit: 1}), unit=say(f"health.{unit}"))
