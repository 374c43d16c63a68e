"""How the daily copies stand: told by the process that makes them, by a row, to whichever process is asked."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.health.finding import MachineFault, finding
from handlers.wording.speech import Wording
from reporting.time.calendar import moment
from storage.database import Database, Statement
from storage.engine.instants import maybe_instant

NAME: Final = "backup.state"
LIMIT: Final = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class CopiesState:
    """newest: the stamp of the newest proved copy, None where there is none. trouble: why the last try failed."""

    newest: int | None = None
    trouble: str = ""


async def stored(db: Database) -> CopiesState | None:
    """As it was told last; None where copies have never been asked for."""
    rows = await db.read("select value from setting where name = ?", (NAME,))
    return CopiesState(**json.loads(rows[0][0])) if rows else None


def tell(state: CopiesState) -> Statement:
    """Writes it."""
    value = json.dumps({"newest": state.newest, "trouble": state.trouble}, ensure_ascii=False)
    return (
        "insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
        (NAME, value),
    )


def judged(state: CopiesState | None, now: datetime) -> list[MachineFault]:
    """Nothing, or that there is no copy, that it is too old, or that the last one could not be proved."""
    newest = maybe_instant(state.newest) if state else None
    if newest is not None and state and not state.trouble and now - newest <= LIMIT:
        return []
    say = Wording.vietnamese().say
    last = say("copies.none") if newest is None else say("copies.newest", moment=moment(newest))
    if state and state.trouble:
        last = say("copies.because", last=last, reason=state.trouble)
    return [finding("backup", last=last)]
