"""Arrivals in, stored first, then handled: each chat in order, different chats side by side."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.messages import Incoming
from reporting.text.masking import masked
from storage.database import Database, IntegrityFault, Statement, StatementFault, StorageUnavailable
from storage.messages import inbox
from storage.messages.inbox import PendingUpdate
from storage.people import people

MOST_LEFT = 100_000  # updates an earlier run may have left
# Updates after a start that are begun only once they are stored: one that ended the run before at once was never
# stored, comes again among the first, and would end every run.
STORED_FIRST = 1_000

log = structlog.get_logger()

SIDE_BY_SIDE = 64
# Of those who are not enrolled fewer, in turns of their own: a crowd of them holds up nobody who reports.
STRANGERS_SIDE_BY_SIDE = 4
# A worker takes no more than it handles at a time, so that what waits is shared by all of them.
SIDE_BY_SIDE_SHARED = 16
Known: TypeAlias = frozenset[tuple[str, str]]  # chats, (channel, chat), of those who are enrolled
LOOK_SECONDS = 1.0  # how often a worker looks for what it was not called for
CLAIM = timedelta(seconds=60)


@dataclass(slots=True)
class _Batch:
    """Messages stored together. void: they could not be, and come again; none of them may have its effect."""

    void: bool = False

    def left(self) -> bool:
        """Whether nothing of it may have an effect."""
        return self.void


class Inbound:
    """Takes arrivals in and hands them to be handled.

    On SQLite one process does everything, and keeps the chats' lines in memory. With `shared`, several
    processes share the inbox: whoever stores only stores, and workers claim the head of each chat.
    """

    def __init__(self, db: Database, handling: Handling, now: Callable[[], datetime], *, shared: bool = False) -> None:
        self._db = db
        self._handling = handling
        self._now = now
        self._shared = shared
        self._lines: dict[tuple[str, str], deque[tuple[PendingUpdate, Incoming | None, _Batch]]] = {}
        self._side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)
        self._strangers = asyncio.Semaphore(STRANGERS_SIDE_BY_SIDE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._alone = asyncio.Lock()  # held by the one message that may be what ends processes
        self._stored_first = 0
        self._look_back = True  # some may have been left by workers that are gone
        self._stopping = False
        if shared:
            db.on_call(self.wake)

    def wake(self) -> None:
        """Something may be waiting to be claimed."""
        self._wake.set()

    def look_back(self) -> None:
        """A process is gone, and may have left what it had begun."""
        self._look_back = True
        self._wake.set()

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Stores a batch in one unit; returns after the commit, so that the channel may acknowledge.

        Raises StorageUnavailable: then nothing of the batch may be acknowledged.
        """
        now = self._now()
        kept = [a for a in arrivals if a.worth_storing]
        messages = [_masked(a.incoming) for a in kept]
        waiting = [_waiting(message) for message in messages]
        unit = [
            inbox.arrive(w.channel, w.bot, w.message_id, w.chat_id, w.payload, now)
            if w is not None
            else inbox.arrive_unreadable(a.channel, a.bot, a.message_id, masked(a.raw), a.error, now)
            for a, w in zip(kept, waiting, strict=True)
        ]
        if not unit:
            return
        # Where units take effect in the order they are handed in, reading and deciding begin at once: an effect
        # whose update is not stored, or was before, fails by its first statement. Both often share a commit.
        batch = _Batch()
        ahead = self._db.in_order and not self._shared and self._stored_first <= 0
        self._stored_first -= len(unit)
        known: Known = frozenset()
        if not self._shared:
            known = await people.known_chats(self._db, {(w.channel, w.chat_id) for w in waiting if w is not None})
        if ahead:
            self._queue_all(
                waiting, messages, batch, known
            )  # no task of theirs runs before the unit below is handed in
        try:
            changed = (await self._db.write([*unit, *self._db.call]))[: len(unit)]
        except (IntegrityFault, StatementFault):
            # One update the database cannot hold must not have the channel fetch the batch for ever.
            self._leave(batch)
            ahead = False
            changed = [
                await self._store_alone(arrival, statement) for arrival, statement in zip(kept, unit, strict=True)
            ]
        except BaseException:
            self._leave(batch)
            raise
        if not ahead and not self._shared:
            new = [entry if count else None for entry, count in zip(waiting, changed, strict=True)]
            self._queue_all(new, messages, _Batch(), known)
        if again := sum(not count for count in changed):
            log.info("updates came again and are dropped", channel=kept[0].channel, count=again)
        for arrival in kept:
            if arrival.error:
                log.warning("update set aside", channel=arrival.channel, reason=arrival.error)
        self._wake.set()

    def _leave(self, batch: _Batch) -> None:
        """The batch is not stored and comes again: what of it has not begun is forgotten."""
        batch.void = True
        for line in self._lines.values():
            waiting = [line[number] for number in range(1, len(line)) if not line[number][2].void]
            if len(waiting) < len(line) - 1:
                head = line[0]  # whoever serves the line takes it off
                line.clear()
                line.extend([head, *waiting])

    async def _store_alone(self, arrival: Arrival, statement: Statement) -> bool:
        """Whether it is in the inbox to be handled, now or before: of the tries before this one nobody knows how
        far they came. What the database cannot hold is set aside without its content.
        """
        try:
            await self._db.write([statement])
            return True
        except (IntegrityFault, StatementFault) as fault:
            reason = type(fault).__name__
        log.error("update cannot be stored and is set aside", channel=arrival.channel, reason=reason)
        error = f"{reason}: cannot be stored"
        aside = inbox.arrive_unreadable(arrival.channel, arrival.bot, arrival.message_id, "", error, self._now())
        try:
            await self._db.write([aside])
        except (IntegrityFault, StatementFault):  # not even its id
            log.error("update is dropped", channel=arrival.channel)
        return False

    async def resume(self) -> int:
        """Queues what an earlier run stored and did not finish; returns how many.

        What an earlier start had taken up, too, is handled one by one, each marked before, what was taken up oftenest
        last: a kill that has nothing to do with any of them hits another each time, and the one that ends the process
        is known at some start, and set aside.
        """
        self._stored_first = STORED_FIRST
        left = [] if self._shared else await inbox.waiting(self._db, limit=MOST_LEFT)
        if first := [entry for entry in left if not entry.begun]:
            await self._db.write(inbox.begin(first))
        known = await people.known_chats(self._db, {(entry.channel, entry.chat_id) for entry in left})
        heads: dict[tuple[str, str], int] = {}
        for entry in left:
            heads.setdefault((entry.channel, entry.chat_id), entry.begun)
        for entry in sorted(left, key=lambda entry: heads[entry.channel, entry.chat_id]):  # a chat's stay in order
            self._queue(entry, None, _Batch(), known)
        return len(left)

    async def run(self) -> None:
        """A worker's loop over the shared inbox; returns when stopped. A database that is away is waited for."""
        while not self._stopping:
            self._wake.clear()
            try:
                found = await self._claim()
            except StorageUnavailable as error:
                log.error("database unavailable, the inbox waits", reason=str(error))
                found = 0
            if not found:
                try:
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    self._look_back = True  # a claim that has run out is one, too

    async def _claim(self) -> int:
        """Claims heads of chats, as many as may be under way, and begins to handle them; returns how many."""
        free = SIDE_BY_SIDE_SHARED - len(self._tasks)
        if free <= 0:
            return 0
        if self._look_back and await self._claim_left_over():
            return 1
        now = self._now()
        claimant = inbox.new_claimant(self._db)
        if not (await self._db.write([inbox.claim(self._db, claimant, now, now + CLAIM, free)]))[0]:
            return 0
        entries = await inbox.claimed(self._db, claimant)
        for entry in entries:
            self._begin(self._handling.handle(entry))
        return len(entries)

    async def _claim_left_over(self) -> bool:
        """Claims one that a worker has begun before, and handles it while nothing else is under way here."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        now = self._now()
        claimant = inbox.new_claimant(self._db)
        claim = inbox.claim(self._db, claimant, now, now + CLAIM, 1, left_over=True)
        self._look_back = bool((await self._db.write([claim]))[0])
        for entry in await inbox.claimed(self._db, claimant) if self._look_back else ():
            if entry.begun > inbox.MOST_BEGUN + 1:  # the first claim is everybody's
                await self._handling.give_up(entry)
            else:
                self._begin(self._handling.handle(entry))
                await asyncio.wait(self._tasks)
        return self._look_back

    async def drain(self) -> None:
        """Waits until everything stored has had its effect."""
        while self._tasks or (self._shared and await self._claim()):
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def stop(self, seconds: float) -> None:
        """Finishes what is being handled; what is only stored waits for the next start, or another worker."""
        self._stopping = True
        self._handling.stop()
        self._wake.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # --- one chat after the other, within this process --------------------------------------------------------

    def _queue_all(
        self, entries: Sequence[PendingUpdate | None], messages: Sequence[Incoming | None], batch: _Batch, known: Known
    ) -> None:
        for entry, message in zip(entries, messages, strict=True):
            if entry is not None:
                self._queue(entry, message, batch, known)

    def _queue(self, entry: PendingUpdate, message: Incoming | None, batch: _Batch, known: Known) -> None:
        chat = (entry.channel, entry.chat_id)
        line = self._lines.get(chat)
        if line is not None:
            line.append((entry, message, batch))
            return
        self._lines[chat] = deque([(entry, message, batch)])
        self._begin(self._serve(chat, self._side_by_side if chat in known else self._strangers))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()  # the chat's next message may be waiting behind this one

    async def _serve(self, chat: tuple[str, str], turns: asyncio.Semaphore) -> None:
        line = self._lines[chat]
        try:
            while line and not self._stopping:
                entry, message, batch = line[0]
                async with turns:
                    await (self._again(entry) if entry.begun else self._handling.handle(entry, message, batch.left))
                line.popleft()
        finally:
            del self._lines[chat]

    async def _again(self, entry: PendingUpdate) -> None:
        """One that an earlier start has taken up already."""
        async with self._alone:
            if entry.begun >= inbox.MOST_BEGUN:
                await self._handling.give_up(entry)
                return
            with contextlib.suppress(StorageUnavailable):
                await self._db.write(inbox.begin([entry]))
            await self._handling.handle(entry)


def _masked(message: Incoming | None) -> Incoming | None:
    if message is None or not message.text or (text := masked(message.text)) == message.text:
        return message
    return replace(message, text=text)


def _waiting(message: Incoming | None) -> PendingUpdate | None:
    if message is None:
        return None
    payload = json.dumps(message.to_json(), ensure_ascii=False, separators=(",", ":"))
    return PendingUpdate(message.channel, message.bot, message.message_id, message.chat_id, payload)
