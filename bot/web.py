"""The HTTP side: health, figures for monitoring, the Telegram webhook. It answers 200 only after the commit."""

import asyncio
import hmac
import logging

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.app import App
from storage.database import StorageError
from storage.messages import inbox, outbox

log = structlog.get_logger()

MOST_BODY = 1024 * 1024
BODY_SECONDS = 10.0  # Telegram posts a few kilobytes at once; who drips them holds a connection
WEBHOOK_PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class _OneLine(logging.Filter):
    """A request that breaks the rules of HTTP is its sender's mistake; where it was seen says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, HttpProcessingError):
            record.msg = f"{record.msg}: {type(fault).__name__}"
            record.exc_info = None
        return True


_requests = logging.getLogger("giaoban.requests")
_requests.addFilter(_OneLine())


class Site:
    """The site of one running bot."""

    def __init__(self, app: App) -> None:
        self._app = app

    def routes(self) -> list[web.RouteDef]:
        """Health and metrics always; the webhook only where it is configured."""
        routes = [web.get("/healthz", self._health), web.get("/metrics", self._metrics)]
        if self._app.telegram is not None and self._app.settings.telegram_mode == "webhook":
            routes.append(web.post(WEBHOOK_PATH, self._webhook))
        return routes

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
        held_up = self._app.telegram.held_up() if self._app.telegram is not None else ""
        return web.json_response({"ok": True, "telegram": held_up} if held_up else {"ok": True})

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            states = await outbox.by_state(self._app.db)
            waiting = await self._app.db.read("select count(*) from inbox where done_at is null")
            failed = await self._app.db.read("select count(*) from inbox where error is not null")
        except StorageError:
            return web.Response(status=503)
        lines = [f'giaoban_outbox_messages{{state="{state}"}} {count}' for state, count in states.items()]
        lines += [f"giaoban_inbox_waiting {waiting[0][0]}", f"giaoban_inbox_set_aside {failed[0][0]}"]
        return web.Response(text="\n".join(lines) + "\n")

    async def _webhook(self, request: web.Request) -> web.Response:
        """Stores one update; anything but 200 makes Telegram deliver it again."""
        telegram = self._app.telegram
        assert telegram is not None
        secret = self._app.settings.telegram_webhook_secret.get_secret_value()
        # A header may carry any bytes; aiohttp hands those that are not UTF-8 over as half surrogate pairs.
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not secret or not hmac.compare_digest(given, secret.encode()):
            return web.Response(status=403)
        if not self._app.takes_in:
            return web.Response(status=503)  # still starting, or on its way out
        if request.content_type != "application/json":
            return web.Response(status=415)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except (TimeoutError, ConnectionError, web.RequestPayloadError) as fault:
            log.warning("a request whose body did not come whole is refused", reason=type(fault).__name__)
            return web.Response(status=408, headers={"Connection": "close"})
        arrival = telegram.parse_webhook(body)
        try:
            await self._app.inbound.receive([arrival])
        except StorageError as error:
            log.error("update not stored, Telegram will deliver it again", reason=str(error))
            return web.Response(status=503)
        telegram.confirm([arrival])
        return web.Response()


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
