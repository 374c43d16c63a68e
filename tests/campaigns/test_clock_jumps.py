"""A clock that jumps, and a bot that was off when something was due: once each, nothing stale, no flood."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from bot_api.server import BotApi
from campaigns import ground

from bot.app import App
from bot.channels.telegram.settings import TelegramSettings
from reporting.time.calendar import VIETNAM
from storage.database import Database
from storage.periods import planning

BRANCHES, CLUSTERS = 20, 4
EVERYBODY = [*(ground.chat_of(unit) for unit in ground.unit_ids(BRANCHES)),
             *(ground.group_of(cluster) for cluster in range(CLUSTERS))]  # fmt: skip
BEFORE_DAWN = datetime(2026, 4, 10, 6, 45, tzinfo=VIETNAM)  # a Friday; at 7:00 reminders are due, at 7:30 posts
# In the second hour of reminders whatever the morning missed goes out, the posts as well.
EVENING = datetime(2026, 4, 10, 19, 10, tzinfo=VIETNAM)
BRIEFING = datetime(2026, 4, 13, 8, 0, tzinfo=VIETNAM)
MINUTE = timedelta(minutes=1)


class AnyClock:
    """A clock that can be set, also back."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at.astimezone(UTC)


class Office:
    """The bot with its clock, started and stopped at will, and the Bot API it sends to."""

    def __init__(self, url: str, api: BotApi) -> None:
        self.clock = AnyClock(BEFORE_DAWN)
        self.api = api
        self._settings = TelegramSettings(
            giaoban_database_url=url,
            giaoban_send_per_second=100_000,
            giaoban_send_chat_seconds=0,
            telegram_bot_token=api.token,  # type: ignore[arg-type]
            telegram_api_url=api.url,
            _env_file=None,
        )

    @asynccontextmanager
    async def open(self, *, beats: bool = True) -> AsyncIterator[App]:
        """From a start to the stop after it; the beat that comes with every start has been, if wanted."""
        app = await App.open(self._settings, self.clock)
        try:
            await app.channels["telegram"].check()
            await app.start("stepped")
            if beats:
                await app.tick(self.clock.now())
            yield app
        finally:
            await app.close()

    async def beat(self, app: App, at: datetime) -> None:
        """The clock stands at `at`, and the heartbeat beats."""
        self.clock.at = at
        await app.tick(self.clock.now())

    def heard(self) -> Counter[int]:
        """How many messages each chat got."""
        return Counter(sent.chat_id for sent in self.api.sent)


ONCE_EACH = Counter(EVERYBODY)


@pytest.fixture
async def office(migrated_url: str) -> AsyncIterator[Office]:
    await ground.lay(migrated_url, BRANCHES, clusters=CLUSTERS, now=BEFORE_DAWN, briefing=BRIEFING, leader=True)
    async with BotApi() as api:
        for chat in EVERYBODY:
            (api.user(chat) if chat > 0 else api.group(chat)).closed = None
        api.user(ground.LEADER).closed = None
        yield Office(migrated_url, api)


async def test_hours_leapt_over_are_made_up_for_at_the_next_beat(office: Office) -> None:
    async with office.open() as app:
        assert not office.heard()
        await office.beat(app, EVENING)
        assert office.heard() == ONCE_EACH
        await office.beat(app, EVENING + MINUTE)
        assert office.heard() == ONCE_EACH


@pytest.mark.parametrize("off", [timedelta(days=365), timedelta(days=-365), timedelta(hours=1)], ids=str)
async def test_by_a_clock_that_the_server_contradicts_nobody_is_reminded(office: Office, off: timedelta) -> None:
    async def beat(app: App, shown: datetime, true: datetime) -> Counter[int]:
        office.clock.at, office.api.clock = shown, lambda: true
        await app.ticker.beat()
        await app.settle()
        return office.heard()

    for right_before in (True, False):
        async with office.open(beats=False) as app:
            if right_before:
                assert not await beat(app, BEFORE_DAWN, BEFORE_DAWN)
                seen = await planning.seen_at(app.db)
            assert not await beat(app, EVENING, EVENING - off)
            assert await planning.seen_at(app.db) == seen  # else the right clock would seem to be set back
    async with office.open(beats=False) as app:
        assert not await beat(app, EVENING, EVENING - off)
        assert await beat(app, EVENING, EVENING) == ONCE_EACH


async def test_hours_lived_twice_remind_nobody_twice(office: Office) -> None:
    async with office.open() as app:
        await office.beat(app, EVENING)
        for minutes in (0, 20, 45, 60, 60 * 12, 60 * 12 + 20, 60 * 13):
            await office.beat(app, BEFORE_DAWN + minutes * MINUTE)
        assert office.heard() == ONCE_EACH


async def test_days_that_were_lived_ahead_remind_nobody_twice(office: Office) -> None:
    days = [BEFORE_DAWN + timedelta(days=day) for day in range(4)]  # up to the morning of the meeting
    async with office.open() as app:
        for day in days:
            for minutes in (20, 50):
                await office.beat(app, day + minutes * MINUTE)
        ahead = office.heard()
        assert ahead > ONCE_EACH
        for day in days:
            for minutes in (10, 20, 50, 70):
                await office.beat(app, day + minutes * MINUTE)
        assert office.heard() == ahead


async def test_a_clock_set_back_holds_up_no_message_that_waits(office: Office) -> None:
    async with office.open() as app:
        office.clock.at = EVENING
        await app.ticker.tick(office.clock.now())
        await office.beat(app, BEFORE_DAWN)
        assert office.heard() == ONCE_EACH


async def test_a_bot_that_was_off_when_it_was_due_sends_it_once_after_its_start(office: Office) -> None:
    async with office.open():
        pass
    office.clock.at = EVENING
    for _ in range(3):
        async with office.open():
            assert office.heard() == ONCE_EACH


async def test_a_bot_that_comes_back_in_the_evening_or_a_month_later_says_nothing_of_then(office: Office) -> None:
    async with office.open() as app:
        # Everything of tomorrow is planned, and the day passes with the machine off.
        await office.beat(app, BEFORE_DAWN)
    for later in (datetime(2026, 4, 10, 20, 5, tzinfo=VIETNAM), datetime(2026, 5, 12, 9, 0, tzinfo=VIETNAM)):
        office.clock.at = later
        async with office.open() as app:
            assert not office.heard()
            assert await _planned_before(app.db, later) == 0


async def test_what_was_queued_before_a_month_off_is_not_sent_after_it(office: Office) -> None:
    async with office.open() as app:
        office.clock.at = EVENING
        await app.ticker.tick(office.clock.now())  # queued, and the machine goes off before anything leaves
    office.clock.at = datetime(2026, 5, 12, 9, 0, tzinfo=VIETNAM)
    async with office.open() as app:
        assert not office.heard()
        states = await app.db.read("select state, count(*) from outbox group by state")
        assert [tuple(row) for row in states] == [("cancelled", len(EVERYBODY))]


async def _planned_before(db: Database, moment: datetime) -> int:
    at = int(moment.timestamp() * 1000)
    rows = await db.read("select count(*) from reminder where state = 'planned' and due_at <= ?", (at,))
    return int(rows[0][0])
