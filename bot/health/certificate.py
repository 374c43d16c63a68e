"""The public address in, how the certificate shown there stands out: looked at twice a day, told by a row."""

import asyncio
import json
import socket
import ssl
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from bot.health.finding import MachineFault, finding
from handlers.wording.speech import Wording
from storage.database import Database
from storage.engine.instants import instant, stamp

NAME: Final = "certificate.state"
LIMIT: Final = timedelta(days=14)
_EVERY, _FIRST = timedelta(hours=12), timedelta(minutes=10)
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class CertificateState:
    """until: the stamp of its last moment, 0 where it is not good, for the reason in `fault`."""

    host: str
    until: int
    fault: str = ""


async def judged(db: Database, now: datetime) -> list[MachineFault]:
    """Nothing, or that it ends soon or is not good."""
    rows = await db.read("select value from setting where name = ?", (NAME,))
    if not rows:
        return []
    state, say = CertificateState(**json.loads(rows[0][0])), Wording.vietnamese().say
    if state.fault:
        return [finding("certificate", host=state.host, state=say("health.invalid", reason=state.fault))]
    left = instant(state.until) - now
    if left >= LIMIT:
        return []
    return [finding("certificate", host=state.host, state=say("health.expires", days=max(0, left.days)))]


class CertificateWatch:
    """The job that looks; it queues no messages. The first time some minutes after the start, when a proxy is up."""

    def __init__(self, db: Database, address: str) -> None:
        parts = urlsplit(address)
        self._db = db
        self._host = parts.hostname if parts.scheme == "https" else None
        self._port = parts.port or 443
        self._next_at: datetime | None = None

    async def tick(self, now: datetime) -> int:
        """Looks when it is time; an address that cannot be reached from here tells nothing."""
        if self._host is None:
            return 0
        if self._next_at is None:
            self._next_at = now + _FIRST
        if now < self._next_at:
            return 0
        self._next_at = now + _EVERY
        try:
            state = CertificateState(self._host, stamp(await asyncio.to_thread(_until, self._host, self._port)))
        except ssl.SSLCertVerificationError as error:
            state = CertificateState(self._host, 0, error.verify_message)
        except OSError:
            return 0
        await self._db.write(
            [
                (
                    "insert into setting (name, value) values (?, ?)"
                    " on conflict (name) do update set value = excluded.value",
                    (NAME, json.dumps(asdict(state))),
                )
            ]
        )
        return 0


def _until(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        shown = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
