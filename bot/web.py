"""HTTP requests in; health, figures for monitoring and the channels' own routes out."""

import asyncio
import logging

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from bot.app import App
from bot.metrics import metrics_page
from storage.database import StorageError

log = structlog.get_logger()

MOST_BODY = 1024 * 1024
HEAD_SECONDS = 15.0  # so long may a request's head take, and a connection be idle
MOST_HEADERS, MOST_LINE = 64, 4096
PROOF_SECONDS = 8.0  # so long may a write take; a monitor is told of a fault within fifteen seconds
PROVED_FOR = 5.0  # seconds; each proof is a commit


class _OneLine(logging.Filter):
    """Keeps a request that breaks the rules of HTTP to one line of log: the mistake is its sender's."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, HttpProcessingError):
            record.msg = f"{record.msg}: {type(fault).__name__}"
            record.exc_info = None
        return True


_requests = logging.getLogger("giaoban.requests")
_requests.addFilter(_OneLine())


class Site:
    """The HTTP site of one running bot."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._proved_until = 0.0  # of the loop's clock
        self._told = ""

    def routes(self) -> list[web.RouteDef]:
        """Health, metrics, and the routes of each channel."""
        own = [web.get("/healthz", self._health), web.get("/metrics", self._metrics)]
        return [*own, *(route for channel in self._app.channels.values() for route in channel.routes())]

    async def _health(self, _: web.Request) -> web.Response:
        if fault := await self._fault():
            return web.json_response({"ok": False, "database": fault}, status=503)
        try:
            found = await self._app.examination.findings(self._app.clock.now())
        except StorageError as error:
            return web.json_response({"ok": False, "database": str(error)}, status=503)
        # A channel that is held up is told by its name as well, in the words of its library.
        held_up = {name: trouble for name, channel in self._app.channels.items() if (trouble := channel.health())}
        listed = [{"name": one.channel or one.name, "what": one.what, "do": one.to_do} for one in found]
        degraded = {"state": "degraded", "findings": listed} if listed else {}
        return web.json_response({"ok": True, **degraded, **held_up})

    async def _fault(self) -> str:
        """Why nothing can be written, empty if it can. Tried by itself: nobody else may write soon."""
        now, db = asyncio.get_running_loop().time(), self._app.db
        if now < self._proved_until and not db.trouble:
            return ""
        fault = ""
        try:
            async with asyncio.timeout(PROOF_SECONDS):
                await db.prove()
        except StorageError as error:
            fault = str(error)
        except TimeoutError:
            fault = f"the database did not answer within {PROOF_SECONDS:.0f} s: check its disk, or the server it is on"
        if fault and fault != self._told:
            log.error("nothing can be written", reason=fault)
        self._told = fault
        self._proved_until = 0.0 if fault else now + PROVED_FOR
        return fault

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            app = self._app
            page, content_type = await metrics_page(app.db, app.settings, app.examination, app.clock.now())
        except StorageError:
            return web.Response(status=503)
        return web.Response(body=page, headers={"Content-Type": content_type})


@web.middleware
async def _nothing_packed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A packed body is refused as it is, on any path: a few kilobytes may unpack to as many megabytes."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        return web.Response(status=415, headers={"Connection": "close"})
    return await handler(request)


async def serve(routes: list[web.RouteDef], host: str, port: int) -> tuple[web.AppRunner, int]:
    """Listens, and returns the runner to clean up and the port. Raises OSError when the port is taken."""
    site = web.Application(client_max_size=MOST_BODY, middlewares=[_nothing_packed])
    site.add_routes(routes)
    runner = web.AppRunner(
        site,
        access_log=None,
        logger=_requests,
        shutdown_timeout=2.0,
        auto_decompress=False,
        # Counted from the beginning of a connection, and from the end of each request: also for half a head.
        keepalive_timeout=HEAD_SECONDS,
        lingering_time=2.0,
        max_headers=MOST_HEADERS,
        max_line_size=MOST_LINE,
        max_field_size=MOST_LINE,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner, runner.addresses[0][1]
