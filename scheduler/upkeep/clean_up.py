"""The clean-up of every heartbeat: leases of dead senders, old updates, texts and people past their time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from reporting.time.calendar import local_day
from scheduler.sending.second_tries import REPEATABLE
from storage.database import Database
from storage.messages import conversations, inbox, linked_files, local_chat, outbox, undelivered
from storage.people import activity, invites, page_links, privacy
from storage.reports import packs, texts
from storage.review import photos

KEEP_UPDATES = timedelta(days=30)
KEEP_TEXTS = timedelta(days=texts.KEPT_DAYS)
KEEP_TRIES = timedelta(days=2)
KEEP_ACTIVITY = timedelta(days=activity.KEPT_DAYS)
KEEP_PHOTOS = timedelta(days=photos.KEPT_DAYS)
KEEP_PACKS = timedelta(days=7)  # a message is not sent again after that


class Upkeep:
    """The job that cleans up; it queues no messages.

    clock_is_off: whether this clock is known to differ from others'. Then nothing is forgotten: one that is years ahead
    would make everything old.
    """

    def __init__(self, db: Database, clock_is_off: Callable[[], bool] = lambda: False) -> None:
        self._db = db
        self._clock_is_off = clock_is_off
        self._forgot_on: str = ""

    async def tick(self, now: datetime) -> int:
        """Frees expired leases; once a day forgets old updates and texts. Returns how many messages may go again."""
        _, freed, *_ = await self._db.write([undelivered.stale_reminders(now), *outbox.expire(now, REPEATABLE)])
        today = now.date().isoformat()
        if today != self._forgot_on and not self._clock_is_off():
            words = now - KEEP_TEXTS
            await self._db.write(
                [
                    *inbox.forget(now - KEEP_UPDATES, words),
                    *texts.forget(words),
                    conversations.forget(words),
                    *local_chat.forget_before(words),
                    invites.forget_tries(now - KEEP_TRIES),
                    page_links.forget(now - KEEP_TRIES),
                    photos.forget(now - KEEP_PHOTOS),
                    packs.forget_files(now - KEEP_PACKS),
                    linked_files.forget(now),
                    *activity.forget(now - KEEP_ACTIVITY),
                ]
            )
            await self._forget_people(now)
            self._forgot_on = today
        return freed

    async def _forget_people(self, now: datetime) -> None:
        for person in await activity.long_gone(self._db, now - KEEP_ACTIVITY):
            held = await privacy.held_about(self._db, person)
            await self._db.write(privacy.erase(person, held, local_day(now).isoformat(), now, "person.forgotten"))
