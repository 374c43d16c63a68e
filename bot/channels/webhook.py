"""Takes in what a channel's server posts: secret, type and size are checked, and 200 is said after the commit."""

import asyncio
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.channels.folder import Given
from handlers.intake.arrivals import Arrival
from storage.database import StorageError

log = structlog.get_logger()

BODY_SECONDS = 10.0  # a server posts a few kilobytes at once; who drips them holds a connection


@dataclass(frozen=True, slots=True)
class Webhook:
    """One channel's address for posts.

    path, header, secret: where it is posted to, and the header that has to hold the secret.
    read: the Arrival in the body of one request; never raises. stored: told of what was stored. typed: whether the
    server calls its JSON so.
    """

    path: str
    header: str
    secret: str
    given: Given
    read: Callable[[bytes], Arrival]
    stored: Callable[[Sequence[Arrival]], None]
    typed: bool = True

    def route(self) -> web.RouteDef:
        """For the site."""
        return web.post(self.path, self._take)

    async def _take(self, request: web.Request) -> web.Response:
        """Stores one delivery; anything but 200 makes the server deliver it again."""
        # A header may carry any bytes; aiohttp hands those that are not UTF-8 over as half surrogate pairs.
        shown = request.headers.get(self.header, "").encode("utf-8", "surrogateescape")
        if not self.secret or not hmac.compare_digest(shown, self.secret.encode()):
            return web.Response(status=403)
        if not self.given.takes_in():
            return web.Response(status=503)  # still starting, or on its way out
        if self.typed and request.content_type != "application/json":
            return web.Response(status=415)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except (TimeoutError, ConnectionError, web.RequestPayloadError) as fault:
            log.warning("a request whose body did not come whole is refused", reason=type(fault).__name__)
            return web.Response(status=408, headers={"Connection": "close"})
        arrival = self.read(body)
        try:
            await self.given.take_in([arrival])
        except StorageError as error:
            log.error("update not stored, it will be delivered again", channel=arrival.channel, reason=str(error))
            return web.Response(status=503)
        self.stored([arrival])
        return web.Response()
