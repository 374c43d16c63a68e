"""The office's template as it lies there in; the day it is found not to be sound, one message to the office out."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from bot.pack.office_files import office_template
from bot.settings import Settings
from handlers.turn import body
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from storage.database import Database
from storage.messages import outbox
from storage.people import people, preferences

MOST_FAULTS = 5
_MARK = 16  # hexadecimal digits by which one state of the file is told from another


class TemplateWatch:
    """Looks at the file whenever it has changed, long before a pack is made from it; each state of it is told once."""

    def __init__(self, db: Database, settings: Settings, wording: Wording, channels: Sequence[str]) -> None:
        self._db = db
        self._path = settings.giaoban_pack_template
        self._wording = wording
        self._channels = channels
        self._looked: tuple[int, int] | None = None

    async def tick(self, now: datetime) -> int:
        """Queues what is wrong, in the hours of reminders; returns how many messages were new."""
        if self._path is None:
            return 0
        today, rules = local_day(now), await preferences.rules(self._db)
        if not rules.morning(today) <= now < rules.closing(today):
            return 0
        state = self._path.stat() if self._path.is_file() else None
        seen = (state.st_mtime_ns, state.st_size) if state else (0, 0)
        if seen == self._looked:
            return 0
        # It loads 9 MB of libraries, which are needed only where there is a template.
        from bot.pack.template_faults import template_faults

        content = office_template(self._path) or b""
        faults = await asyncio.to_thread(template_faults, self._wording, content)
        queued = await self._tell(faults, sha256(content).hexdigest()[:_MARK], now) if faults else 0
        self._looked = seen
        return queued

    async def _tell(self, faults: Sequence[str], mark: str, now: datetime) -> int:
        assert self._path is not None
        say, more = self._wording.say, len(faults) - MOST_FAULTS
        lines = [say("template.unsound", file=self._path.name), *(f"- {fault}" for fault in faults[:MOST_FAULTS])]
        lines += [say("template.more", count=more)] if more > 0 else []
        office = [account.person_id for account in await people.with_role(self._db, "office", local_day(now))]
        accounts = await people.best_accounts(self._db, office, self._channels)
        unit = [
            outbox.say(f"template:{mark}:{person}", "notice", a.channel, a.chat_id, body("\n".join(lines)), now)
            for person, a in accounts.items()
        ]
        return sum(await self._db.write(unit)) if unit else 0
