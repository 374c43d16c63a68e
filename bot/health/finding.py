"""One thing that is not as it should be: its name, what it is, and what to do, in words for the office."""

from dataclasses import dataclass

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
