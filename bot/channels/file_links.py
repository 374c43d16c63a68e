"""Files in, links to them out, for a channel that takes none: signed, good for a day, and shown to who has the link.

A link names no unit and no person; nothing lists the links, and one that was made up is refused before the database is
asked.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from urllib.parse import quote

from aiohttp import web

from handlers.messages import File
from storage.database import Database, StorageError
from storage.messages import linked_files

GOOD_FOR = timedelta(hours=24)  # a message of the evening is opened in the morning
LONGEST = 200  # characters of a link behind the site's address; what is longer is none of ours
_SIGNED = 32  # hexadecimal digits
_TICKET = re.compile(rf"([\w-]{{24}})\.(\d{{10}})\.([0-9a-f]{{{_SIGNED}}})(?:\.[a-z0-9]{{1,5}})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FileLinks:
    """The links of one channel. site: the https address of this server. path: where on it. secret: signs them."""

    db: Database
    now: Callable[[], datetime]
    site: str
    path: str
    secret: str

    async def give(self, file: File) -> str:
        """Keeps the file and returns its link. Raises StorageError."""
        mark, until = secrets.token_urlsafe(18), self.now() + GOOD_FOR
        await self.db.write([linked_files.keep(mark, file.name, file.picture, file.content, until)])
        end = str(int(until.timestamp()))
        # Some clients go by the end of an address; the rest of the name may tell of a unit.
        return f"{self.site}{self.path}/{mark}.{end}.{self._sign(mark, end)}{PurePath(file.name).suffix.lower()}"

    def route(self) -> web.RouteDef:
        """For the site."""
        return web.get(f"{self.path}/{{ticket:.{{1,{LONGEST}}}}}", self._show)

    def _sign(self, mark: str, end: str) -> str:
        return hmac.new(self.secret.encode(), f"{mark}.{end}".encode(), hashlib.sha256).hexdigest()[:_SIGNED]

    async def _show(self, request: web.Request) -> web.Response:
        met = _TICKET.fullmatch(request.match_info["ticket"])
        if met is None or not hmac.compare_digest(met[3], self._sign(met[1], met[2])):
            return web.Response(status=404)
        now = self.now()
        if datetime.fromtimestamp(int(met[2]), UTC) <= now:
            return web.Response(status=404)
        try:
            found = await linked_files.shown(self.db, met[1], now)
        except StorageError:
            return web.Response(status=503)
        if found is None:
            return web.Response(status=404)
        name, picture, content = found
        shown = "inline" if picture else "attachment"
        return web.Response(
            body=content,
            content_type="image/png" if picture else "application/octet-stream",
            headers={
                "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name, safe='')}",
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
                "X-Robots-Tag": "noindex",
                "Referrer-Policy": "no-referrer",
            },
        )
