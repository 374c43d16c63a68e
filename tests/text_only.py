"""Plays a journey as on a channel without buttons, files and long messages: every tap is typed as its number or words.

What the bot says has to be the same but for the lines that stand for buttons, their numbers, the choice echoed, and
that a file cannot be sent.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from journey import Player, WentAstray, play

from bot.channels.local.channel import Local
from handlers.messages import LABEL_LONGEST
from handlers.wording.speech import Wording
from storage.messages.local_chat import LocalMessage

SAY = Wording.vietnamese().say
LIMITS = replace(Local.limits, text=2000, units="utf16", buttons=False, files=False)
_CHOICE = re.compile(r"(?:– |(\d+|[a-z])\. )(.+)")
_OWN = re.compile(r"(\d+[a-z])\. ")


def offered(lines: list[str]) -> dict[str, str]:
    """The choices in the last lines of a message, each with what is typed to take it: its number, else its words."""
    found: dict[str, str] = {}
    for line in reversed(lines):
        if own := _OWN.match(line):
            found[line] = own[1]
            continue
        if (met := _CHOICE.fullmatch(line)) is None or len(met[2]) > LABEL_LONGEST:  # a list of the text itself
            break
        found[met[2]] = met[1] or met[2]
        if met[1] in ("1", "a"):
            break
    first = next(reversed(found.values()), "")
    return {} if first.isdecimal() and first != "1" else dict(reversed(found.items()))


@dataclass
class TextOnly(Player):
    """Types what others tap."""

    shown: dict[str, dict[str, str]] = field(default_factory=dict)  # by chat: the choices on offer

    def hear(self, message: LocalMessage) -> None:
        assert not message.choices
        lines = [line for line in message.text.split("\n") if line != SAY("file.untaken")]
        choices = offered(lines)
        super().hear(replace(message, text="\n".join(lines[: len(lines) - len(choices)])))
        if choices:
            self.shown[self.chat] = choices
            self.heard.append(" ".join(f"[{label}]" for label in choices))

    def as_shown(self, line: str) -> str:
        """A label that begins with its number has no second one: it is known without."""
        return re.sub(r"\[\d+\. ", "[", line)

    async def act(self, **what: Any) -> None:
        known = self.shown.pop(self.chat, {})
        await super().act(**what)
        if not self.heard:
            self.shown[self.chat] = known
        text = what.get("text")
        taken = next(
            (label for label, typed in known.items() if typed == text and (text.isdecimal() or len(text) == 1)), None
        )
        if taken and self.heard:
            number = what["text"]
            if self.heard[0] not in {SAY("choice.taken", label=said) for said in (taken, f"{number}. {taken}")}:
                raise WentAstray(f"{taken!r} was taken without an echo: {self.heard[0]!r}")
            self.heard.pop(0)

    async def tap(self, label: str) -> None:
        """Of a button that is not under the last message only its words are left, and the answer may be another."""
        typed = self.shown.get(self.chat, {}).get(re.sub(r"^\d+\. ", "", label))
        await self.act(text=typed or label)
        if typed is None:
            self.heard.clear()
            self.deaf = True


async def play_in_text(path: Path, url: str) -> None:
    """As `journey.play`."""
    await play(path, url, TextOnly, LIMITS)
