"""A stored update in, its effect and reply committed as one unit; a failure does not hold up the next one."""

import asyncio
import json
import random
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from handlers import permissions
from handlers.conversation import Conversation
from handlers.dues import running_for
from handlers.intake.cut_texts import CutTexts
from handlers.messages import Incoming
from handlers.turn import Turn, body
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from storage.database import Conflict, Database, IntegrityFault, Statement, StatementFault, StorageUnavailable
from storage.messages import conversations, inbox, outbox
from storage.messages.inbox import PendingUpdate
from storage.messages.outbox import OutboxRow
from storage.people import people
from storage.periods import rounds

MOST_OF_ERROR = 500  # characters of an error kept beside the update that caused it
MOST_STEPS = 6  # of the way to an error, in a line of log

JUST_ENDED = timedelta(days=3)  # an answer to a quick count that ended within these is one that comes late

log = structlog.get_logger()

# Only people of one unit, at one draft, meet; each time somebody's message gets through.
MOST_CONFLICTS = 12
CONFLICT_SECONDS = 0.02
RETRY_SECONDS = (0.2, 1.0, 5.0)


class NeverDone(Exception):
    """A message was begun several times, and the process was gone before its end."""


class Mailer(Protocol):
    """Who takes away what is committed: the sender."""

    def wake(self) -> None:
        """Something was queued."""
        ...

    def reserve(self, channel: str, chat_id: str) -> datetime | None:
        """Keeps room for a reply about to be committed; returns until when to lease it, None if it has to wait."""
        ...

    def take(self, reply: OutboxRow, leased: bool) -> None:
        """Ends the reservation for this reply: its unit has leased it, or it does not leave now."""
        ...


class Handling:
    """Handles one update at a time for each caller; callers keep each chat's order."""

    def __init__(
        self,
        db: Database,
        conversation: Conversation,
        wording: Wording,
        now: Callable[[], datetime],
        post: Mailer,
    ) -> None:
        self._db = db
        self._conversation = conversation
        self._wording = wording
        self._now = now
        self._post = post
        self.cut_texts = CutTexts(db)
        self._stopping = False

    def stop(self) -> None:
        """No further tries for what waits for the database."""
        self._stopping = True

    async def handle(
        self, entry: PendingUpdate, message: Incoming | None = None, left: Callable[[], bool] = lambda: False
    ) -> None:
        """Gives one update its effect, whatever happens; an unavailable database is waited for.

        message: what the payload says, where it is at hand and need not be read again. left: whether it turned out
        not to be stored; then it comes again, and is not waited for.
        """
        attempt = 0
        while not left():
            try:
                await self.effect(message or Incoming.from_json(json.loads(entry.payload)))
                return
            except StorageUnavailable as error:
                if not left():
                    log.error("database unavailable, the message waits", reason=str(error))
            except Exception as error:  # noqa: BLE001  whatever it is, the next message is not held up
                if await self._set_aside(entry, error):
                    return
            if self._stopping or left():
                return
            await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
            attempt += 1

    async def give_up(self, entry: PendingUpdate) -> None:
        """Sets aside an update under which processes have ended, and tells the person."""
        while not await self._set_aside(entry, NeverDone(f"begun {entry.begun} times and never done")):
            if self._stopping:
                return
            await asyncio.sleep(RETRY_SECONDS[-1])

    async def effect(self, incoming: Incoming) -> None:
        """Reads, decides, writes; begins again when somebody else changed the chat or the draft meanwhile."""
        rest: list[Incoming] = []
        if incoming.room is not None and await self._known(incoming):
            incoming, rest = await self.cut_texts.whole(incoming, self._now())
        for attempt in range(MOST_CONFLICTS):
            if attempt:  # those that met once must not meet again in step
                await asyncio.sleep(random.random() * CONFLICT_SECONDS * attempt)
            turn = await self._turn(incoming)
            await self._conversation.answer(turn)
            turn.rows += [inbox.done(part.channel, part.bot, part.message_id, turn.now) for part in rest]
            try:
                await self._commit(turn)
            except Conflict as conflict:
                if conflict.index == 0:
                    return  # the update has had its effect already
                continue
            return
        raise RuntimeError("the chat changed too often while a message was handled")

    async def _known(self, incoming: Incoming) -> bool:
        """Whether somebody enrolled says it in private: nobody else's texts are waited for."""
        standing = await conversations.standing(self._db, incoming.channel, incoming.chat_id)
        return standing.person_id is not None and incoming.chat_kind == "private"

    async def _commit(self, turn: Turn) -> None:
        """Writes the turn; a reply that may leave at once is leased in its unit and goes straight to the sender."""
        unit, reply = turn.unit_of_work(), turn.due_reply()
        until = self._post.reserve(reply.channel, reply.chat_id) if reply and turn.numbered_in is None else None
        if reply is None or until is None:
            await self._db.write(unit)
            self._post.wake()
            return
        leased = 0
        try:
            *_, leased = await self._db.write([*unit, outbox.lease_new(self._db, reply.key, turn.now, until)])
        finally:
            self._post.take(reply, bool(leased))

    async def _turn(self, incoming: Incoming) -> Turn:
        now = self._now()
        standing = await conversations.standing(self._db, incoming.channel, incoming.chat_id)
        roles: Sequence[people.Role] = ()
        if standing.person_id is not None:
            roles = await people.roles_of(self._db, standing.person_id, local_day(now))
        today = local_day(now)
        if behalf := standing.state.get("behalf"):  # what was allowed when it was begun is asked anew each time
            above = permissions.units("stand_in", roles)
            roles = [*roles, *await people.stand_in(self._db, behalf, above, today)]
        open_, quick = await rounds.running_rounds(self._db, today, now - JUST_ENDED)
        hasty = [round_ for round_ in quick if round_.state == "open"]
        running = await running_for(self._db, [*open_, *hasty], roles, today)
        locked = None if open_ else await rounds.latest_locked(self._db)
        return Turn(incoming, standing, roles, open_, now, self._wording, running=running, locked=locked, quick=quick)

    async def _set_aside(self, entry: PendingUpdate, error: Exception) -> bool:
        """Keeps the update with its error and tells the person; False when the database is away."""
        try:
            unit = [
                inbox.set_aside(entry.channel, entry.bot, entry.message_id, repr(error)[:MOST_OF_ERROR], self._now())
            ]
            if (apology := await self._apology(entry)) is not None:
                unit.append(apology)
            await self._db.write(unit)
        except Conflict:
            return True  # it has had its effect, is not stored, or another worker set it aside
        except StorageUnavailable:
            return False
        except (IntegrityFault, StatementFault):
            log.error("message cannot be set aside", channel=entry.channel)
            return True
        # Not the error's own words: they may be the person's.
        log.error("message set aside", channel=entry.channel, error=type(error).__name__, where=_where(error))
        self._post.wake()
        return True

    async def _apology(self, entry: PendingUpdate) -> Statement | None:
        """What the person is told; nothing in a group, and nothing where not even the sender can be read."""
        try:
            incoming = Incoming.from_json(json.loads(entry.payload))
        except (ValueError, KeyError, TypeError):
            return None
        if incoming.chat_kind == "group":
            return None
        content = body(self._wording.say("help.failed"))
        key = f"reply:{entry.channel}:{entry.bot}:{entry.message_id}"
        return outbox.say(key, "reply", entry.channel, entry.chat_id, content, self._now())


def _where(error: Exception) -> str:
    """The steps that led to an error, innermost last, as "file:line in function"; nothing of what was handled."""
    steps = traceback.extract_tb(error.__traceback__)[-MOST_STEPS:]
    return " > ".join(f"{'/'.join(step.filename.split('/')[-2:])}:{step.lineno} in {step.name}" for step in steps)
