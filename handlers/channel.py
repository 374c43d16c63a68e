"""What a channel is: what it can and allows, how it starts and stops, and how messages go in and out of it."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from handlers.messages import Outgoing

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

ProcessRole = Literal["all", "web", "worker"]
"""all: everything in one process. web: takes posts in. worker: fetches, handles, sends, reminds."""

TextUnits = Literal["characters", "utf16"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can and allows; what is not named has no limit.

    text, caption: the longest message, and the longest text that goes with a file as one message, counted in `units`:
      characters, or units of UTF-16, of which a sign beyond the basic plane takes two.
    buttons, files, editing: whether choices can be tapped, files sent, and sent messages changed.
    dear: whether every message of the bot counts against a quota: a report is then asked for in one form.
    groups: how the ids of group chats begin; "" where there are none.
    mentioned: whether the bot sees only what names it in a group.
    overall_per_second, chat_seconds, group_per_minute: the pace of sending; 0 is no limit.
    bot_messages, bot_people: what one bot may send in a calendar month, and how many people it may have. Where either
      is set, the id of a chat begins with its bot's and a slash.
    bots: the bots among whom people are shared out, each with the link that opens a chat with it.
    burst: so many messages to one chat pass at once, so that a reply right after a reply is not held back.
    """

    text: int = sys.maxsize
    caption: int = sys.maxsize
    units: TextUnits = "characters"
    buttons: bool = True
    files: bool = True
    editing: bool = True
    dear: bool = False
    groups: str = ""
    mentioned: bool = False
    overall_per_second: float = 0
    chat_seconds: float = 0
    group_per_minute: int = 0
    bot_messages: int = 0
    bot_people: int = 0
    bots: Mapping[str, str] = field(default_factory=dict)
    burst: int = 3


class NotStarted(Exception):
    """A channel cannot start; one line for the operator, naming the setting to look at."""


class ServerSilent(NotStarted):
    """Its server does not answer now, which may pass by itself."""


class Channel(Protocol):
    """One channel, opened for one bot.

    name: as rows of the database keep it, and as its folder is called. title: as people call it.
    account: as whom the bot writes there ("@giaoban_bot"), known after `start` or `check`.
    server: the setting and the address of what it talks to, for lines about what does not answer; "" for none.
    """

    name: str
    title: str
    limits: Limits

    @property
    def account(self) -> str: ...

    @property
    def server(self) -> str: ...

    def routes(self) -> Sequence["RouteDef"]:
        """Where its server posts to; none where nothing is posted."""
        ...

    async def start(self, role: ProcessRole) -> None:
        """Connects and sees that token and server work. Raises NotStarted within five seconds, may be called again.

        Until it has worked, `deliver` says to wait and `health` why.
        """
        ...

    async def announce(self) -> None:
        """Tells its server to post here, where it does, now that the bot takes in. Raises NotStarted."""
        ...

    async def run(self) -> None:
        """Takes in what it has to fetch itself, until cancelled; only waits where there is nothing to fetch."""
        ...

    async def stop(self) -> None:
        """Lets go of everything. May be called at any time, also twice."""
        ...

    async def check(self) -> str:
        """Sees like `start` that token and server work, without any effect; returns the line that says so.
        Raises NotStarted.
        """
        ...

    async def deliver(self, message: Outgoing) -> str:
        """Hands over one message that keeps to the limits; returns the channel's id of it. Raises NotDelivered."""
        ...

    async def fetch(self, file_id: str, most: int) -> bytes:
        """The bytes of a file that somebody sent. Raises FileNotRead, also for one larger than `most`."""
        ...

    def invite_link(self, code: str, *, group: bool = False) -> str:
        """The link that enters a code, for a person or a group; "" where there is none, or the account is unknown."""
        ...

    def health(self) -> str:
        """What has kept it from taking in for over a minute; "" when all is well."""
        ...
