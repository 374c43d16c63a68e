"""From an arrival to its committed effect: stored first, then handled once, each chat in order, chats side by side."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from handlers.arrivals import Arrival
from handlers.conversation import Conversation
from handlers.messages import Incoming
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.calendar import local_day
from storage import conversations, inbox, people, rounds
from storage.database import Conflict, Database, IntegrityFault, Statement, StatementFault, StorageUnavailable
from storage.inbox import Waiting

log = structlog.get_logger()

SIDE_BY_SIDE = 64
MOST_CONFLICTS = 8
RETRY_SECONDS = (0.2, 1.0, 5.0)


class Inbound:
    """Takes arrivals in and gives every one its effect."""

    def __init__(
        self,
        db: Database,
        conversation: Conversation,
        wording: Wording,
        now: Callable[[], datetime],
        committed: Callable[[], None],
    ) -> None:
        self._db = db
        self._conversation = conversation
        self._wording = wording
        self._now = now
        self._committed = committed  # wakes the sender
        self._lines: dict[tuple[str, str], deque[Waiting]] = {}
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Stores a batch in one unit; returns after the commit, so that the channel may acknowledge.

        Raises StorageUnavailable: then nothing of the batch may be acknowledged.
        """
        now = self._now()
        kept = [a for a in arrivals if a.worth_storing]
        waiting = [_waiting(a) for a in kept]
        unit = [
            inbox.arrive(w.channel, w.bot, w.message_id, w.chat_id, w.payload, now)
            if w is not None
            else inbox.arrive_unreadable(a.channel, a.bot, a.message_id, a.raw, a.error, now)
            for a, w in zip(kept, waiting, strict=True)
        ]
        if not unit:
            return
        try:
            changed = await self._db.write(unit)
        except (IntegrityFault, StatementFault):
            # One update the database cannot hold must not have the channel fetch the batch for ever.
            changed = [
                await self._store_alone(arrival, statement) for arrival, statement in zip(kept, unit, strict=True)
            ]
        for count, arrival, entry in zip(changed, kept, waiting, strict=True):
            if entry is None:
                log.warning("update set aside", channel=arrival.channel, reason=arrival.error)
            elif count:
                self._queue(entry)

    async def _store_alone(self, arrival: Arrival, statement: Statement) -> int:
        try:
            return (await self._db.write([statement]))[0]
        except (IntegrityFault, StatementFault) as fault:
            log.error("update cannot be stored and is dropped", channel=arrival.channel, reason=type(fault).__name__)
            return 0

    async def resume(self) -> int:
        """Queues what an earlier run stored and did not finish; returns how many."""
        left = await inbox.waiting(self._db, limit=100_000)
        for entry in left:
            self._queue(entry)
        return len(left)

    async def drain(self) -> None:
        """Waits until everything queued has had its effect."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, seconds: float) -> None:
        """Finishes what is being handled; what is only queued stays in the inbox for the next start."""
        self._stopping = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # --- one chat after the other -----------------------------------------------------------------------------

    def _queue(self, entry: Waiting) -> None:
        chat = (entry.channel, entry.chat_id)
        line = self._lines.get(chat)
        if line is not None:
            line.append(entry)
            return
        self._lines[chat] = deque([entry])
        task = asyncio.create_task(self._serve(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, chat: tuple[str, str]) -> None:
        line = self._lines[chat]
        try:
            while line and not self._stopping:
                async with self._places:
                    await self._handle(line[0])
                line.popleft()
        finally:
            del self._lines[chat]

    async def _handle(self, entry: Waiting) -> None:
        """Gives one update its effect, whatever happens; an unavailable database is waited for."""
        attempt = 0
        while True:
            try:
                await self.effect(Incoming.from_json(json.loads(entry.payload)))
                return
            except StorageUnavailable as error:
                log.error("database unavailable, the message waits", reason=str(error))
            except Exception as error:
                log.exception("message set aside", channel=entry.channel, error=type(error).__name__)
                if await self._set_aside(entry, error):
                    return
            if self._stopping:
                return
            await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
            attempt += 1

    async def effect(self, incoming: Incoming) -> None:
        """Reads, decides, writes; begins again when somebody else changed the chat or the draft meanwhile."""
        for _ in range(MOST_CONFLICTS):
            turn = await self._turn(incoming)
            await self._conversation.answer(turn)
            try:
                await self._db.write(turn.unit_of_work())
            except Conflict as conflict:
                if conflict.index == 0:
                    return  # the update has had its effect already
                continue
            if turn.reply is not None:
                self._committed()
            return
        raise RuntimeError("the chat changed too often while a message was handled")

    async def _turn(self, incoming: Incoming) -> Turn:
        now = self._now()
        standing = await conversations.standing(self._db, incoming.channel, incoming.chat_id)
        roles: Sequence[people.Role] = ()
        if standing.person_id is not None:
            roles = await people.roles_of(self._db, standing.person_id, local_day(now))
        open_rounds = await rounds.open_rounds(self._db)
        return Turn(incoming, standing, roles, open_rounds, now, self._wording)

    async def _set_aside(self, entry: Waiting, error: Exception) -> bool:
        """Keeps the update with its error and tells the person; False when the database is away."""
        now = self._now()
        unit = [inbox.set_aside(entry.channel, entry.bot, entry.message_id, repr(error)[:500], now)]
        try:
            incoming = Incoming.from_json(json.loads(entry.payload))
        except (ValueError, KeyError, TypeError):
            incoming = None
        if incoming is not None and incoming.chat_kind == "private":
            turn = await self._turn(incoming)
            turn.say_key("help.failed")
            assert turn.reply is not None
            key = f"reply:{entry.channel}:{entry.bot}:{entry.message_id}"
            unit.append(turn.queue(key, "reply", entry.channel, entry.chat_id, turn.reply))
        try:
            await self._db.write(unit)
        except Conflict:
            return True
        except StorageUnavailable:
            return False
        self._committed()
        return True


def _waiting(arrival: Arrival) -> Waiting | None:
    if arrival.incoming is None:
        return None
    message = arrival.incoming
    payload = json.dumps(message.to_json(), ensure_ascii=False, separators=(",", ":"))
    return Waiting(message.channel, message.bot, message.message_id, message.chat_id, payload)
