"""A Bot API server that costs little, so that the bot is what is measured: getUpdates or a webhook, sendMessage."""

import argparse
import asyncio
import json
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import uvloop

from benchmarks.conversation import RECEIPT, pasted, typed
from benchmarks.crowd import Crowd

LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
BOT = '{"id":7000001,"is_bot":true,"first_name":"Giao ban","username":"giaoban_bot"}'
SCRIPTS = {"typed": typed, "pasted": pasted}


class Hook:
    """Posts updates to the bot's webhook, each on a connection that is free. trip: seconds there, and back."""

    def __init__(self, url: str, secret: str, trip: float) -> None:
        address = urlsplit(url)  # its TLS is a proxy's, and there is none here
        self._port, self._trip = address.port, trip
        self._loop = asyncio.get_running_loop()
        self._head = (
            f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
        ).encode()
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._under_way: set[asyncio.Task[None]] = set()

    def post(self, update: bytes) -> None:
        """In the background, and again a second later where the bot has not taken it."""
        task = asyncio.create_task(self._post(update))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _post(self, update: bytes) -> None:
        await asyncio.sleep(self._trip)
        if not await self._taken(update):
            self._loop.call_later(1.0, self.post, update)

    async def _taken(self, update: bytes) -> bool:
        try:
            reader, writer = await self._connection()
            writer.write(self._head + b"%d\r\n\r\n" % len(update) + update)
            said = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):  # it is on its way out
            return False
        if b" 200 " not in said[:20]:
            writer.close()
            return False
        await asyncio.sleep(self._trip)
        self._free.append((reader, writer))
        return True

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer = self._free.pop()
            if not reader.at_eof():  # the bot closes one that was idle for long
                return reader, writer
        return await asyncio.open_connection("127.0.0.1", self._port)


class BotApi:
    """One bot's mailbox and its crowd."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.trip = asked.round_trip / 2
        self.pending: deque[tuple[int, bytes]] = deque()
        self.polling: tuple[Callable[[bytes], None], int, asyncio.TimerHandle] | None = None
        self.crowd = Crowd(
            SCRIPTS[asked.script],
            asked.present,
            asked.enrolled,
            self._put,
            closed=not asked.rate,
            receipt=asked.receipt,
        )
        self.late = self.sent = self.polls = 0
        self.left: list[float] = []  # when each message of a broadcast left
        self.all_left = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.first_poll = self.loop.create_future()
        self.hook: Hook | None = None

    def _put(self, number: int, update: bytes) -> None:
        if self.hook is not None:
            self.hook.post(update)
            return
        self.pending.append((number, update))
        if self.polling is not None:
            # At the end of this turn of the loop: whatever else comes in now goes with the same batch.
            self.loop.call_soon(self._answer_poll)

    def _answer_poll(self) -> None:
        if self.polling is None:
            return
        reply, limit, timer = self.polling
        self.polling = None
        timer.cancel()
        batch = [self.pending[i][1] for i in range(min(limit, len(self.pending)))]
        reply(b'{"ok":true,"result":[' + b",".join(batch) + b"]}")

    def call(self, method: str, body: bytes, reply: Callable[[bytes], None]) -> None:
        """One request, after half a round trip; `reply` takes the other half."""
        self.crowd.sign_of_life(time.monotonic())
        params = json.loads(body) if body[:1] == b"{" else dict(parse_qsl(body.decode()))
        match method:
            case "getupdates":
                self._poll(params, reply)
            case "sendmessage":
                self._send(params, reply)
            case "setwebhook":
                self.hook = Hook(params["url"], params["secret_token"], self.trip)
                self._ready()
                reply(b'{"ok":true,"result":true}')
            case "getme":
                reply(f'{{"ok":true,"result":{BOT}}}'.encode())
            case _:
                reply(b'{"ok":true,"result":true}')

    def _ready(self) -> None:
        if not self.first_poll.done():
            self.first_poll.set_result(time.monotonic())

    def _poll(self, params: dict[str, str], reply: Callable[[bytes], None]) -> None:
        self.polls += 1
        self._ready()
        offset = int(params.get("offset") or 0)
        while self.pending and self.pending[0][0] < offset:
            self.pending.popleft()
        if self.polling is not None:
            self._answer_poll()  # an older call that still waits ends
        timer = self.loop.call_later(float(params.get("timeout") or 0), self._answer_poll)
        self.polling = reply, int(params.get("limit") or 100), timer
        if self.pending:
            self._answer_poll()

    def _send(self, params: dict[str, str], reply: Callable[[bytes], None]) -> None:
        self.sent += 1
        if self.asked.broadcast:
            self._note(time.monotonic())
        chat, text = int(params["chat_id"]), params["text"]
        reply(
            f'{{"ok":true,"result":{{"message_id":{self.sent},"from":{BOT},"date":1795000000,'
            f'"chat":{{"id":{chat},"type":"private","first_name":"Nguyễn Văn {chat}"}},'
            f'"text":{json.dumps(text, ensure_ascii=False)}}}}}'.encode()
        )
        # The phone has the message half a round trip before the bot knows it.
        self.crowd.heard(chat, text, time.monotonic())

    def _note(self, now: float) -> None:
        self.left.append(now)
        if len(self.left) == self.asked.broadcast:
            self.all_left.set()

    async def broadcast(self) -> dict[str, object]:
        """Waits until the bot has sent so many messages of its own; the crowd says nothing."""
        await self.all_left.wait()
        first, last, lowest, most = self.left[0], self.left[-1], 0, 0
        for place, at in enumerate(self.left):
            while self.left[lowest] <= at - 1.0:
                lowest += 1
            most = max(most, place - lowest + 1)
        return {"messages": len(self.left), "seconds": last - first, "most_in_a_second": most}

    async def run(self) -> dict[str, object]:
        """Waits for the bot, warms up, measures."""
        started = await self.first_poll
        say(event="polling", at=started)
        await asyncio.sleep(0.3)
        self.crowd.enter(time.monotonic())
        pacing = asyncio.create_task(self._pace()) if self.asked.rate else None
        await asyncio.sleep(self.asked.warm_up)
        say(event="measuring")
        self.crowd.measuring, polls, begun = True, self.polls, time.monotonic()
        await asyncio.sleep(self.asked.seconds)
        self.crowd.sign_of_life(time.monotonic())
        self.crowd.measuring, took = False, time.monotonic() - begun
        if pacing is not None:
            pacing.cancel()
        waits = sorted(self.crowd.waits)
        return {
            "answers": len(waits),
            "per_second": len(waits) / took,
            "p50_ms": percentile(waits, 0.5) * 1000,
            "p99_ms": percentile(waits, 0.99) * 1000,
            "silence_ms": self.crowd.silence * 1000,
            "polls": self.polls - polls,
            "open": self.crowd.open,
            "late": self.late,
            "finished": self.crowd.finished,
            "astray": self.crowd.astray,
            "unasked": self.crowd.unasked,
            "messages": self.crowd.messages,
        }

    async def _pace(self) -> None:
        begun, spoken = self.loop.time(), 0
        while True:
            spoken += 1
            await asyncio.sleep(begun + spoken / self.asked.rate - self.loop.time())
            self.late += not self.crowd.speak(time.monotonic())


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as far as bots speak it."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            found = LENGTH.search(head)
            length = int(found[1]) if found else 0
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            path, _, query = head.split(b" ", 2)[1].partition(b"?")
            method = path.rpartition(b"/")[2].decode().lower()
            body = body or query
            if self.api.trip:
                self.api.loop.call_later(self.api.trip, self.api.call, method, body, self._reply_later)
            else:
                self.api.call(method, body, self._reply)

    def _reply_later(self, body: bytes) -> None:
        self.api.loop.call_later(self.api.trip, self._reply, body)

    def _reply(self, body: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            self.transport.write(head + body)


def percentile(ordered: list[float], part: float) -> float:
    """The value below which that part of an ordered list lies; 0 for an empty one."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def say(**what: object) -> None:
    """One line for the process that started this one."""
    print(json.dumps(what), flush=True)


async def main(asked: argparse.Namespace) -> None:
    """Serves one bot for one measurement."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, sys.exit)
    api = BotApi(asked)
    server = await api.loop.create_server(lambda: Connection(api), "127.0.0.1", 0)
    say(event="listening", port=server.sockets[0].getsockname()[1])
    say(event="done", **await (api.broadcast() if asked.broadcast else api.run()))
    await asyncio.Event().wait()  # answers until it is ended, so that the bot ends undisturbed


def arguments() -> argparse.Namespace:
    """The load: how many people, at what pace, over which distance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--present", type=int, default=200, help="people in conversation at the same time")
    parser.add_argument("--enrolled", type=int, default=1_000_000, help="people who take each other's places")
    parser.add_argument("--rate", type=float, default=0.0, help="answers a second; 0: as fast as replies come")
    parser.add_argument("--round-trip", type=float, default=0.0, help="seconds of every call")
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds")
    parser.add_argument("--seconds", type=float, default=8.0, help="seconds measured")
    parser.add_argument("--script", choices=SCRIPTS, default="typed")
    parser.add_argument("--broadcast", type=int, default=0, help="wait for so many messages the bot sends by itself")
    parser.add_argument("--receipt", default=RECEIPT, help="what the last reply must contain")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main(arguments()))
