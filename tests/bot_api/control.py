"""Lets another process play the people: a small JSON API beside the Bot API, under /control."""

from contextlib import suppress
from typing import Any

from aiohttp import web
from bot_api.chats import Sent
from bot_api.flood import FloodControl
from bot_api.server import BotApi

USER_ACTS = frozenset({"says", "edits", "taps", "sends_sticker", "blocks", "unblocks", "deletes_account"})


class Control:
    """POST act, group, fault, flood, update; GET sent, state. See each handler for its fields."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    def app(self) -> web.Application:
        """The Bot API's routes and these."""
        app = self._api.app()
        for name in ("act", "group", "fault", "flood", "update"):
            app.router.add_post(f"/control/{name}", getattr(self, name))
        for name in ("sent", "state"):
            app.router.add_get(f"/control/{name}", getattr(self, name))
        return app

    async def act(self, request: web.Request) -> web.Response:
        """{"user": 1001, "name": "…", "do": "says", "text": "…", "to": GROUP} → {"update": id or null}.

        `do`: says, edits, taps (text is the label), sends_sticker, blocks, unblocks, deletes_account.
        """
        asked = await request.json()
        user = self._api.user(asked["user"], asked.get("name", "Người thử"))
        if asked["do"] not in USER_ACTS:
            raise web.HTTPBadRequest(text=f"no act is called {asked['do']!r}")
        words = [asked["text"]] if "text" in asked else []
        group = {"to": self._api.group(asked["to"])} if "to" in asked else {}
        try:
            return web.json_response({"update": getattr(user, asked["do"])(*words, **group)})
        except (AssertionError, TypeError) as problem:
            raise web.HTTPConflict(text=str(problem)) from None

    async def group(self, request: web.Request) -> web.Response:
        """{"group": -5, "title": "…", "user": 1001, "do": "add_bot" | "remove_bot"} → {"update": id}."""
        asked = await request.json()
        group = self._api.group(asked["group"], asked.get("title", "Cụm thử"))
        by = self._api.user(asked["user"])
        return web.json_response({"update": group.add_bot(by) if asked["do"] == "add_bot" else group.remove_bot(by)})

    async def fault(self, request: web.Request) -> web.Response:
        """{"method": "sendMessage", "kind": "502", "times": 3, …}: see faults.Faults.add."""
        self._api.faults.add(**await request.json())
        return web.json_response({})

    async def flood(self, request: web.Request) -> web.Response:
        """FloodControl's arguments, or null to turn it off."""
        limits = await request.json()
        self._api.flood = None if limits is None else FloodControl(**limits)
        return web.json_response({})

    async def update(self, request: web.Request) -> web.Response:
        """Any JSON object, delivered as an update as it is."""
        return web.json_response({"update": self._api.mailbox.put_raw(await request.json())})

    async def sent(self, request: web.Request) -> web.Response:
        """?after=N&wait=SECONDS → {"sent": [messages from number N on], "next": N}; waits for the first."""
        after, wait = int(request.query.get("after", 0)), float(request.query.get("wait", 0))
        with suppress(TimeoutError):
            await self._api.bell.until(lambda: len(self._api.sent) > after, wait)
        messages = [_message(sent) for sent in self._api.sent[after:]]
        return web.json_response({"sent": messages, "next": after + len(messages)})

    async def state(self, request: web.Request) -> web.Response:
        """Counts and ids: unconfirmed, confirmed, answered, calls, faults left."""
        api = self._api
        return web.json_response(
            {
                "unconfirmed": api.unconfirmed,
                "confirmed": api.mailbox.confirmed,
                "answered": api.answered,
                "calls": api.calls,
                "faults": api.faults.left(),
            }
        )


def _message(sent: Sent) -> dict[str, Any]:
    facts = {"number": sent.number, "chat": sent.chat_id, "message": sent.message_id, "text": sent.text}
    return {**facts, "labels": sent.labels, "at": sent.at}
