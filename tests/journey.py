"""Plays a journey: a conversation as text, through the whole app on the local channel, with a held clock.

    ! province halong          the organisation it plays in (tests/journeys/provinces/halong.yaml)
    @ 2023-05-20 19:00         the clock goes on to there, through everything that is due
    = cd01                     whose chat we look at from here on
    = group:C1 as cd01         the same of a group, and which of its members writes there
    > 3 buổi, 62 lượt          the person writes; {code} is the newest one-time code the bot gave anybody
    [Gửi báo cáo]              the person taps the newest button of that label
    *sticker                   the person sends something that is not text (sticker, edited TEXT)
    *photo cay.jpg Trồng cây   a photo, with words under it or none; the same name is the same picture
    < Câu 1/6. …               a line of what the bot says; "<" alone is an empty line, "< …" any lines at all
    < (lich-2026-04.png)       the file that came with the message
    < [Không phát sinh] …      the buttons under the message
    < nothing                  the bot has said nothing
    restart                    the process is stopped and started again

Every line the bot says in a chat has to stand in the journey by the time that chat is looked at.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from province import FIRST, load_province

from bot.app import App
from bot.channels.local.channel import Local, incoming
from bot.clock import MovableClock
from bot.demo.open import Demo
from bot.demo.terminal_lines import file_line
from bot.settings import Settings
from handlers.channel import Limits
from handlers.messages import File, Incoming
from reporting.time.calendar import VIETNAM
from storage.messages import local_chat
from storage.messages.local_chat import LocalMessage
from storage.reports import running

# A code the bot has just issued, drawn anew in every run; the one in its own example stays.
ISSUED = re.compile(
    r"\b(?!K7M2Q-9XD4R)(?=[A-Z-]*[0-9])[0-9A-Z]{5}-[0-9A-Z]{5}\b"
)  # one has a digit; D-THANG-THANH has none
VERSION = re.compile(r"Phiên bản [\w-]+")  # of a pack, with a mark of all it shows
VERSIONED = re.compile(r"-\d{4}-[\w-]+-[0-9a-f]{6}(?=\.)")  # in the names of its files
FILE = re.compile(r"\([\w…-]+\.\w+\)")
JOURNEYS = Path(__file__).parent / "journeys"


class WentAstray(AssertionError):
    """The conversation went otherwise than written."""


@dataclass
class Player:
    """One journey being played."""

    url: str
    demo: Demo
    chat: str = ""
    speaker: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    buttons: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    sent: int = 0
    code: str = ""
    deaf: bool = False  # what is heard until the next thing is done is not compared

    @classmethod
    async def begin(cls, url: str, now: datetime, limits: Limits) -> Self:
        return cls(url, await opened(url, now, limits))

    async def end(self) -> None:
        await self.demo.app.close()

    async def restart(self) -> None:
        now, limits = self.demo.clock.now(), self.demo.local.limits
        await self.demo.app.close()
        self.demo = await opened(self.url, now, limits)

    async def look(self) -> None:
        """Takes in what the bot has said in this chat since it was last looked at."""
        for message in await local_chat.since(self.demo.app.db, self.chat, self.seen.get(self.chat, 0)):
            self.seen[self.chat] = message.id
            if message.sender == "bot":
                self.hear(message)

    def hear(self, message: LocalMessage) -> None:
        self.heard += VERSION.sub("Phiên bản …", ISSUED.sub(self._given, message.text)).split("\n")
        if message.file is not None:
            self.heard.append(VERSIONED.sub("-…", file_line(message.file)))
        if message.choices:
            self.buttons.setdefault(self.chat, []).extend(message.choices)
            self.heard.append(" ".join(f"[{label}]" for label, _ in message.choices))

    def _given(self, code: re.Match[str]) -> str:
        self.code = code[0]
        return "{code}"

    async def act(self, **what: Any) -> None:
        await self.send(**what)
        await self.demo.app.settle()
        await self.look()

    async def send(self, **what: Any) -> None:
        """Has the bot take it in."""
        self.sent += 1
        group = self.chat.startswith("group:")
        said = Incoming(
            channel="local",
            bot="local",
            message_id=f"j{self.sent}",
            chat_id=self.chat,
            chat_kind="group" if group else "private",
            sender_id=self.speaker,
            sender_name=self.speaker,
            kind="text",
            at=self.demo.clock.now(),
        )
        await self.demo.app.receive(replace(said, **what))

    async def send_unread(self, kind: str, text: str) -> None:
        """What comes not as words alone."""
        if kind == "photo":
            await self.photograph(*text.partition(" ")[::2])
        else:
            await self.act(kind="edited" if kind == "edited" else "other", text=text)

    async def photograph(self, name: str, text: str) -> None:
        """Sends a photo; of an album where its name is that and a slash ("ra-quan/1.jpg")."""
        self.sent += 1
        album, _, own = name.rpartition("/")
        event = incoming(
            self.chat, self.speaker, f"p{self.sent:08}", self.demo.clock.now(), text=text, speaker=self.speaker
        )
        photo = File(own, name.encode(), picture=True)
        event = replace(await self.demo.local.photographed(event, photo), album=album)
        await self.demo.app.receive(event)
        await self.demo.app.settle()
        await self.look()

    def takes_no(self, line: str) -> bool:
        """Whether the line is a file, where none is taken: then the words that only go with it are not said either."""
        return not self.demo.local.limits.files and FILE.fullmatch(line.removeprefix("< ")) is not None

    def as_shown(self, line: str) -> str:
        """A line of the journey as this channel shows it."""
        return line

    async def tap(self, label: str) -> None:
        for known, data in reversed(self.buttons.get(self.chat, [])):
            if known == label:
                await self.act(kind="choice", choice=data)
                return
        raise WentAstray(f"no button {label!r} was ever shown in {self.chat}")


async def opened(url: str, now: datetime, limits: Limits = Local.limits) -> Demo:
    """The app on that database, its clock held at `now`, nothing running by itself; its channel with these limits."""
    clock = MovableClock(now, held=True)
    settings = Settings(giaoban_database_url=url, _env_file=None)
    app = await App.open(settings, clock, only=("local",))
    demo = Demo(app, clock)
    demo.local.limits = limits
    await app.start("stepped")
    return demo


async def play(path: Path, url: str, kind: type[Player] = Player, limits: Limits = Local.limits) -> None:
    """Plays the journey on an empty migrated database. Raises WentAstray with file and line."""
    lines = path.read_text("utf-8").splitlines()
    name = next(line.split()[2] for line in lines if line.startswith("! province"))
    start = next((line[2:].strip() for line in lines if line.startswith("@ ")), None)
    now = _moment(start) if start else FIRST
    await load_province(url, JOURNEYS / "provinces" / f"{name}.yaml", now)
    player = await kind.begin(url, now, limits)
    try:
        for number, (line, behind) in enumerate(pairwise([*lines, ""]), 1):
            try:
                if not (player.takes_no(behind) and player.heard[:1] != [line.removeprefix("< ")]):
                    await _step(player, line)
            except WentAstray as astray:
                raise WentAstray(f"{path.name}:{number}: {astray}") from None
        _nothing_left(player, "at the end")
        assert await running.differences(player.demo.app.db) == []
    finally:
        await player.end()


async def _step(player: Player, line: str) -> None:
    if line.startswith("<"):
        if player.deaf:
            return
        _compare(player, line[1:].removeprefix(" ").rstrip())
        return
    if not line.strip() or line.startswith(("#", "!")):
        return
    _nothing_left(player, f"before {line!r}")
    player.deaf = False
    if line.startswith("@ "):
        moment = _moment(line[2:].strip())
        if moment > player.demo.clock.now():
            await player.demo.move(moment)
            if player.chat:
                await player.look()
    elif line.startswith("= "):
        player.chat, _, speaker = line[2:].strip().partition(" as ")
        player.speaker = speaker or player.chat
        await player.look()
    elif line.startswith("> "):
        await player.act(text=line[2:].replace("\\n", "\n").replace("{code}", player.code))
    elif line.startswith("["):
        await player.tap(line.strip("[] "))
    elif line.startswith("*"):
        await player.send_unread(*line[1:].partition(" ")[::2])
    elif line.strip() == "restart":
        await player.restart()
    else:
        raise WentAstray(f"cannot understand {line!r}")


def _compare(player: Player, wanted: str) -> None:
    wanted = player.as_shown(wanted)
    if wanted == "nothing":
        _nothing_left(player, "where nothing should be said")
        return
    if wanted == "…":
        player.heard.clear()
        return
    if player.takes_no(wanted):
        return
    if not player.heard:
        raise WentAstray(f"the bot said nothing more; expected {wanted!r}")
    heard = player.heard.pop(0)
    if heard != wanted:
        rest = "\n      ".join(player.heard)
        raise WentAstray(f"\n  heard    {heard!r}\n  expected {wanted!r}\n  then heard\n      {rest}")


def _nothing_left(player: Player, where: str) -> None:
    if player.heard:
        text = "\n".join(f"< {line}" for line in player.heard)
        raise WentAstray(f"the bot also said, {where}:\n{text}")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)
