"""HTTP requests in; health, figures for monitoring and the channels' own routes out."""

import logging

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.app import App
from bot.metrics import metrics_page
from storage.database import StorageError
from storage.messages import inbox

MOST_BODY = 1024 * 1024


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

    def routes(self) -> list[web.RouteDef]:
        """Health, metrics, and the routes of each channel."""
        own = [web.get("/healthz", self._health), web.get("/metrics", self._metrics)]
        return [*own, *(route for channel in self._app.channels.values() for route in channel.routes())]

    async def _health(self, _: web.Request) -> web.Response:
        try:
            await self._app.db.read("select 1")
            if self._app.db.trouble:
                # Nobody may write by himself soon: a monitor that sees the fault keeps people away.
                await self._app.db.write([inbox.touch()])
        except StorageError as error:
            return web.json_response({"ok": False, "database": str(error)}, status=503)
        if trouble := self._app.db.trouble:
            return web.json_response({"ok": False, "database": trouble}, status=503)
        held_up = {name: trouble for name, channel in self._app.channels.items() if (trouble := channel.health())}
        return web.json_response({"ok": True, **held_up})

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            page, content_type = await metrics_page(self._app.db)
        except StorageError:
            return web.Response(status=503)
        return web.Response(body=page, headers={"Content-Type": content_type})


async def serve(routes: list[web.RouteDef], host: str, port: int) -> tuple[web.AppRunner, int]:
    """Listens, and returns the runner to clean up and the port. Raises OSError when the port is taken."""
    site = web.Application(client_max_size=MOST_BODY)
    site.add_routes(routes)
    runner = web.AppRunner(site, access_log=None, logger=_requests, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner, runner.addresses[0][1]
