"""What a channel's folder shows of itself: its settings, which of them opens it, and how; and what it is given."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.settings import Settings
from handlers.channel import Channel
from handlers.intake.arrivals import Arrival
from storage.database import Database


async def _take_nothing(_: Sequence[Arrival]) -> None:
    raise RuntimeError("nothing is taken in here")


@dataclass(frozen=True, slots=True)
class Given:
    """What a channel gets of the running bot. With the time alone it can be checked and asked for links.

    now: the current instant, aware UTC. take_in: stores a batch and returns only after the commit; raising means
    "not stored". takes_in: whether it may be called now; not while the bot starts or stops. server_date: is told the
    header "Date" of a server's answers.
    """

    now: Callable[[], datetime]
    take_in: Callable[[list[Arrival]], Awaitable[None]] = _take_nothing
    takes_in: Callable[[], bool] = lambda: False
    db: Database | None = None
    server_date: Callable[[str], None] = lambda _: None


Opener = Callable[[Settings, Given], Channel]


@dataclass(frozen=True, slots=True)
class OwnCommand:
    """A command that only this channel has, told of in vi.toml. run: raises one of the errors failures.py words."""

    run: Callable[[Settings], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Folder:
    """`CHANNEL` in the `__init__.py` of a folder of `bot/channels/`, which is called as the channel is named.

    load: imports what the channel needs, its library too, and returns what opens it.
    settings: with the channel's own fields, and no name in them that another channel has.
    needs: the field without which it is not opened; "" for one that is only opened by name.
    commands: its own, by the word after its name: `giaoban CHANNEL WORD`.
    in_vietnam: whether its servers stand there; what others hold has left the country.
    """

    load: Callable[[], Opener]
    settings: type[Settings] = Settings
    needs: str = ""
    commands: Mapping[str, OwnCommand] = field(default_factory=dict)
    in_vietnam: bool = False
