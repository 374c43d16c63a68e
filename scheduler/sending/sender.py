"""Outbox rows that are due in; leased, handed to their channel, and what became of each recorded."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import structlog

from handlers.channel import Channel
from handlers.chat_state import ChatState
from handlers.messages import Choice, NotDelivered, Outgoing
from reporting.time.rules import Rules
from scheduler.sending.delivery import deliver
from scheduler.sending.files import Files
from scheduler.sending.pace import Pace
from scheduler.sending.second_tries import REPEATABLE, next_try
from scheduler.sending.thrift import Thrift
from storage.database import Database, Statement, StorageError, StorageUnavailable
from storage.engine.instants import instant
from storage.messages import boards, conversations, outbox, reminders, undelivered
from storage.messages.outbox import OutboxRow
from storage.people import groups, people, preferences

SHORTEST_REST = 0.05  # seconds between two looks at an outbox in which something is almost due
LONGEST_DELAY = 60  # seconds between two tries
MOST_DOUBLED = 6  # tries after which the delay grows no more: 2 ** 6 is above a minute

log = structlog.get_logger()

LEASE = timedelta(seconds=120)
AT_ONCE = 64
# Of messages that may not be sent twice so many are under way: a process that is killed leaves all of them unsure.
MOST_ONCE = 4
MOST_WAITS = 20
MOST_SPENT = 5  # a reply refused for want of messages is tried again so often, within half a minute
ELSEWHERE_AFTER = timedelta(minutes=30)  # so long a channel may be away before a person's other one is tried
REST = 1.0  # seconds between looks when nothing wakes the sender


class Sender:
    """One sender per process; several processes share the outbox by leases."""

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        files: Files | None = None,
    ) -> None:
        self._db = db
        self._files = files or Files()
        self._channels = channels
        self._now = now
        self._thrift = Thrift(db, channels, now)
        self._paces = {name: Pace(channel.limits) for name, channel in channels.items()}
        self._wake = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._taken: set[str] = set()  # rows under way here whose lease may not show in the outbox yet
        self._once: set[str] = set()  # of those, what may not be sent twice
        self._idle: frozenset[str] = frozenset()  # leased by this process and not under way when last looked at
        self._reserved = 0  # of what may be under way: kept for replies about to be committed
        self._backlog: list[OutboxRow] = []  # found due, not yet begun
        self._asked = False  # something was queued since the outbox was looked at
        self._more = False  # there was more in it than could be begun
        self._trouble: StorageError | None = None  # why a lease failed, for who waits in `drain`
        self._unanswered: set[str] = set()  # channels of whose last tries nobody knows the outcome
        self._knocked: set[tuple[str, str]] = set()  # chats in which something was said behind what waits
        self._stepping = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """Something was queued."""
        self._asked = True
        self._wake.set()

    def reserve(self, channel: str, chat_id: str) -> datetime | None:
        """Keeps room for a reply about to be committed; returns until when to lease it, None if it has to wait."""
        pace = self._paces.get(channel)
        loop_now = asyncio.get_running_loop().time()
        group = pace is not None and _is_group(pace, chat_id)
        if self._stopping or pace is None or self._free <= 0 or pace.wait_for(chat_id, group, loop_now) > 0:
            return None
        pace.took(chat_id, group, loop_now)
        self._reserved += 1
        return self._now() + LEASE

    def take(self, reply: OutboxRow, leased: bool) -> None:
        """Ends the reservation for this reply: its unit has leased it, or it does not leave now."""
        self._reserved -= 1
        if leased:
            self._begin(self._send(reply), reply)
            return
        pace = self._paces[reply.channel]
        pace.gave_back(reply.chat_id, _is_group(pace, reply.chat_id))
        self._knocked.add((reply.channel, reply.chat_id))
        self.wake()

    def forgotten(self, leased: Sequence[str]) -> list[str]:
        """Those of this process' leases that are not under way, now and when it was asked before: their commit was
        done, and the connection lost before it was told. A look may also fall between a commit and its `take`.
        """
        idle = frozenset(leased) - self._taken
        again, self._idle = idle & self._idle, idle
        return sorted(again)

    @property
    def _free(self) -> int:
        return AT_ONCE - len(self._sending) - self._reserved

    async def run(self) -> None:
        """Sends until stopped. A database that is away is waited for."""
        while not self._stopping:
            try:
                rest = await self.step()
            except StorageUnavailable as error:
                log.error("database unavailable, sending waits", reason=str(error))
                rest = REST
            if rest > 0 and not self._wake.is_set():
                try:
                    async with asyncio.timeout(rest):
                        await self._wake.wait()
                except TimeoutError:
                    pass

    async def stop(self, seconds: float) -> None:
        """Lets what is on its way finish; what is cut off keeps its lease and is settled by policy later."""
        self._stopping = True
        self._wake.set()
        until = asyncio.get_running_loop().time() + seconds
        # A step under way is still adding to what is being sent; cut off, it would send on connections that close.
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until), self._stepping:
                pass
        if self._sending:
            left = max(0.0, until - asyncio.get_running_loop().time())
            _, late = await asyncio.wait(self._sending, timeout=left)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def drain(self) -> None:
        """Sends everything that is due now; for the demo's clock and for tests."""
        while True:
            await self.step()
            if self._sending:
                await asyncio.wait(self._sending)
                if (trouble := self._trouble) is not None:
                    self._trouble = None
                    raise trouble
            elif not await outbox.due(self._db, tuple(self._channels), self._now(), 1):
                return

    async def step(self) -> float:
        """Takes what may leave now; returns how many seconds to rest before looking again."""
        async with self._stepping:
            return REST if self._stopping else await self._take()

    async def _take(self) -> float:
        self._wake.clear()
        if not self._channels or self._free <= 0:
            return REST
        if self._knocked:
            # Who writes is there: what waits for an hour ahead of the answer is tried now.
            knocked, self._knocked = sorted(self._knocked), set()
            await self._db.write([outbox.hasten(channel, self._now(), chat) for channel, chat in knocked])
        # What waits for the pace is not asked for again with each message that leaves: at the hour of reminders
        # the outbox holds thousands.
        if self._asked or not self._backlog:
            self._asked = False
            found = await outbox.due(self._db, tuple(self._channels), self._now(), AT_ONCE * 2)
            self._backlog = [row for row in found if row.key not in self._taken]
            self._more = bool(found)
        if not self._backlog:
            return min(REST, await self._until_next())
        loop_now, rest, left = asyncio.get_running_loop().time(), REST, []
        for row in self._backlog:
            pace = self._paces[row.channel]
            group = row.kind == "group_post" or _is_group(pace, row.chat_id)
            wait = pace.wait_for(row.chat_id, group, loop_now)
            full = self._free <= 0 or (row.kind not in REPEATABLE and len(self._once) >= MOST_ONCE)
            if wait > 0 or full:
                rest = min(rest, wait or REST)
                left.append(row)
                continue
            pace.took(row.chat_id, group, loop_now)
            self._begin(self._lease_and_send(row), row)
        self._backlog = left
        return rest

    def _begin(self, work: Coroutine[None, None, None], row: OutboxRow) -> None:
        self._taken.add(row.key)
        if row.kind not in REPEATABLE:
            self._once.add(row.key)
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(partial(self._done, row.key))

    async def _lease_and_send(self, row: OutboxRow) -> None:
        """The leases of many share a commit; no look at the outbox waits for them."""
        try:
            leased = await self._db.write([outbox.lease(self._db, row.key, self._now() + LEASE)])
        except StorageError as error:
            log.error("a message cannot be leased, it waits", reason=str(error))
            self._trouble = error
            await asyncio.sleep(0 if self._stopping else REST)
            return
        if leased[0]:
            await self._send(row)

    def _done(self, key: str, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._taken.discard(key)
        self._once.discard(key)
        if self._more or self._asked:
            self._wake.set()  # the chat's next message may be waiting behind this one

    async def _until_next(self) -> float:
        at = await outbox.next_due_at(self._db, tuple(self._channels))
        self._more = at is not None
        return REST if at is None else max(SHORTEST_REST, (instant(at) - self._now()).total_seconds())

    async def _send(self, row: OutboxRow) -> None:
        channel = self._channels[row.channel]
        group = _is_group(self._paces[row.channel], row.chat_id)
        kept = row.body.get("file")
        file = await self._files.made(kept, channel)
        why = "missing" if channel.limits.files or "photo" in (kept or {}) else "untaken"
        missing = kept.get(why, "") if kept and file is None else ""
        words = row.body["text"] or (file.words if file else "")
        text = "\n".join(part for part in (words, missing) if part)
        if file is not None and not (file.there or (file.content and channel.limits.files)):
            file = None
        if not text and file is None:
            await self._record([outbox.mark_ended(row.key, "cancelled", "there is nothing to send")])
            return
        message = Outgoing(
            row.chat_id,
            text,
            tuple(Choice(label, data) for label, data in row.body.get("choices", ())),
            numbered=await self._numbered(row, channel),
            worded=group,
            key=row.key,
            file=file,
            bold=tuple(row.body.get("bold", ())),
            topic=row.body.get("topic", ""),
            silent=bool(row.body.get("silent")),
            edits=row.body.get("edits", ""),
            pin=bool(row.body.get("pin")),
        )
        try:
            await self._thrift.may_go(row)
            external_id = await deliver(channel, message)
        except NotDelivered as failure:
            unit = await self._failed(row, message, failure)
            log.warning(
                "not delivered", kind=row.kind, channel=row.channel, failure=failure.kind, reason=failure.reason
            )
        except StorageError as error:
            log.error("a message waits for the database", reason=str(error))
            unit = [outbox.mark_later(row.key, self._now(), type(error).__name__)]
        except Exception as error:
            log.exception("channel failed", channel=row.channel, error=type(error).__name__)
            unit = await self._failed(row, message, NotDelivered("unknown", type(error).__name__))
        else:
            forget, farewell = bool(row.body.get("once")), bool(row.body.get("farewell"))
            unit = [outbox.mark_sent(row.key, external_id, self._now(), forget, farewell)]
            unit += self._thrift.after(row, message, None)
            if group:
                unit.append(groups.unbar(row.channel, row.chat_id))
            elif len(self._channels) > 1:
                unit.append(people.mark_arrived(row.channel, row.chat_id))
            if row.channel in self._unanswered:
                self._unanswered.discard(row.channel)
                unit.append(outbox.hasten(row.channel, self._now()))
                self.wake()
        await self._record(unit)

    async def _numbered(self, row: OutboxRow, channel: Channel) -> bool:
        """Whether its choices may be answered by their numbers: what is told unasked not while figures are asked."""
        if not row.body.get("numbered", True):
            return False
        if row.kind == "reply" or channel.limits.buttons or "choices" not in row.body:
            return True
        standing = await conversations.standing(self._db, row.channel, row.chat_id)
        return not ChatState.from_json(standing.state).asks_figures

    async def _record(self, unit: list[Statement]) -> None:
        """What became of a message must be written; a database that is away is waited for."""
        while True:
            try:
                await self._db.write(unit)
                return
            except StorageUnavailable as error:
                log.error("database unavailable, a result waits", reason=str(error))
                if self._stopping:
                    return
                await asyncio.sleep(REST)

    async def _failed(self, row: OutboxRow, message: Outgoing, failure: NotDelivered) -> list[Statement]:
        """What becomes of it; what cannot go to this account goes to the person's other one, once."""
        unit = [*self._settle(row, failure, await self._rules(failure)), *self._thrift.after(row, message, failure)]
        late = row.created_at is not None and self._now() - row.created_at > ELSEWHERE_AFTER
        if failure.kind not in ("spent", "unreachable") and not (failure.kind == "wait" and late):
            return unit
        unit.append(people.mark_failed(row.channel, row.chat_id, self._now()))
        if row.kind == "group_post" or _is_group(self._paces[row.channel], row.chat_id):
            return unit
        with suppress(StorageError):
            if other := await people.other_account(self._db, row.channel, row.chat_id, tuple(self._channels)):
                again = f"{row.key}>{other.channel}"
                unit += [
                    outbox.mark_ended(row.key, "failed", f"{failure.reason}; sent on {other.channel} instead"),
                    outbox.say(again, row.kind, other.channel, other.chat_id, row.body, self._now()),
                    reminders.readdress(row.key, again),
                ]
                self.wake()
        return unit

    async def _rules(self, failure: NotDelivered) -> Rules:
        """The office's hours, where they matter; the usual ones while the database is away."""
        if failure.kind == "unknown":
            with suppress(StorageError):
                return await preferences.rules(self._db)
        return Rules()

    def _settle(self, row: OutboxRow, failure: NotDelivered, rules: Rules) -> list[Statement]:
        """The one table of policy: what a failure means for a kind of message."""
        now = self._now()
        again = [outbox.mark_later(row.key, now + timedelta(seconds=_delay(row, failure)), failure.reason)]
        match failure.kind:
            case "wait":
                if failure.whole_bot:
                    loop_now = asyncio.get_running_loop().time()
                    self._paces[row.channel].pause(failure.retry_after, loop_now)
                if row.attempts >= MOST_WAITS and not failure.retry_after:
                    return self._ended(row, "failed", failure)
                return again
            case "unknown":
                self._unanswered.add(row.channel)
                at = next_try(row.kind, row.created_at or now, row.attempts, now, rules)
                if at is None:
                    return self._ended(row, "unsure", failure)
                return [outbox.mark_later(row.key, at, failure.reason, maybe_sent=True)]
            case "barred" if _is_group(self._paces[row.channel], row.chat_id):
                bar = groups.bar(row.channel, row.chat_id, failure.reason, now)
                if row.kind == "reply":  # asked again when it can be answered
                    return [*self._ended(row, "failed", failure), bar]
                return [outbox.mark_later(row.key, now + _barred_pause(row), failure.reason), bar]
            case "unreachable" | "barred":
                return [
                    *self._ended(row, "failed", failure),
                    people.mark_unreachable(row.channel, row.chat_id, failure.reason, now),
                    groups.unlink(row.channel, row.chat_id, now),
                    undelivered.stopped_reminders(row.channel, row.chat_id, now),
                    outbox.cancel_for_chat(row.channel, row.chat_id, failure.reason),
                ]
            case "moved":
                return [
                    outbox.mark_later(row.key, now, failure.reason),
                    groups.move(row.channel, row.chat_id, failure.moved_to),
                    conversations.move(row.channel, row.chat_id, failure.moved_to),
                    outbox.move(row.channel, row.chat_id, failure.moved_to),
                ]
            case "spent" if row.kind == "reply" and row.attempts < MOST_SPENT:
                return again  # somebody waits for it, and the refusal may be about this moment only
            case "gone":
                return [*self._ended(row, "failed", failure), boards.gone(row.body.get("board", ""))]
            case "refused" | "spent":
                return self._ended(row, "failed", failure)

    def _ended(self, row: OutboxRow, state: Literal["unsure", "failed"], failure: NotDelivered) -> list[Statement]:
        """It is not tried again, and the reminders it says follow it."""
        ended = [outbox.mark_ended(row.key, state, failure.reason)]
        return [*ended, reminders.follow(row.key, state, self._now())] if row.kind == "reminder" else ended


def _delay(row: OutboxRow, failure: NotDelivered) -> float:
    """Seconds until the next try: what the channel says, else growing from one second to a minute."""
    return (
        float(failure.retry_after)
        if failure.retry_after
        else float(min(LONGEST_DELAY, 2 ** min(row.attempts, MOST_DOUBLED)))
    )


def _barred_pause(row: OutboxRow) -> timedelta:
    """Until a group that let nothing through is tried again, where no update says earlier that it does."""
    return timedelta(minutes=min(60, 5 * (1 << min(row.attempts, MOST_DOUBLED))))


def _is_group(pace: Pace, chat_id: str) -> bool:
    return bool(pace.limits.groups) and chat_id.startswith(pace.limits.groups)
