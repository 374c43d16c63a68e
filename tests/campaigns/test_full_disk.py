"""A disk that is full while a crowd answers: nothing confirmed is lost, and with space the answers go on."""

import asyncio
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaigns import aftermath, ground
from campaigns.crowd import Crossroads, Crowd
from campaigns.full_disk import small_disk

from bot.app import App
from bot.channels.telegram.settings import TelegramSettings
from bot.clock import SystemClock
from storage.database import Database, StorageUnavailable

PEOPLE = 50
SETTLE_SECONDS = 180.0  # for a slow machine that many share
PROBE = "insert into setting (name, value) values ('probe', ?) on conflict (name) do update set value = excluded.value"


async def has_room(db: Database, size: int) -> bool:
    try:
        await db.write([(PROBE, ("x" * size,))])
        await db.write([(PROBE, ("",))])
    except StorageUnavailable:
        return False
    return True


@pytest.mark.parametrize(
    "times", [pytest.param(1, id="short"), pytest.param(12, id="long", marks=pytest.mark.campaign)]
)
async def test_a_full_disk_loses_nothing_confirmed_and_answers_go_on_with_space(
    migrated_file: Path, tmp_path: Path, times: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(times)
    with small_disk(tmp_path / "room") as room:
        shutil.copyfile(migrated_file, room.folder / "giaoban.db")
        url = f"sqlite:///{room.folder / 'giaoban.db'}"
        await ground.lay(url, PEOPLE, now=datetime.now(UTC))
        api = Crossroads()
        await api.start()
        crowd = Crowd(api, {ground.chat_of(unit): unit for unit in ground.unit_ids(PEOPLE)}, dice)
        settings = TelegramSettings(
            giaoban_database_url=url,
            giaoban_send_per_second=100_000,
            giaoban_send_chat_seconds=0,
            telegram_bot_token=api.token,  # type: ignore[arg-type]
            telegram_api_url=api.url,
            _env_file=None,
        )
        app = await App.open(settings, SystemClock())
        refused = 0
        try:
            await app.start()
            # What a checkpoint leaves of the log goes back to the disk; else later fillings would leave room in it.
            await app.db.write([("pragma journal_size_limit = 0", ())])
            crowd.begin()
            for number in range(times):
                # More than a checkpoint waits for, and more each time: what the last one took may be used again.
                size = 5_000_000 + 500_000 * number
                answers = len(api.sent) + dice.randint(1, PEOPLE)
                await api.bell.until(lambda n=answers: len(api.sent) >= n, SETTLE_SECONDS)
                await room.fill(app.db)
                refused += not await has_room(app.db, size)
                await asyncio.sleep(dice.uniform(0.1, 0.6))
                await room.free(app.db)
                assert await has_room(app.db, size)
            all_answered = await crowd.fall_silent(SETTLE_SECONDS)
        finally:
            await app.close()
            await api.stop()
        found = await aftermath.look(url)
    lost = sum(found.lost(person) for person in crowd.people)
    doubled = sum(found.doubled(person) for person in crowd.people)
    counted(
        f"disk full {refused} times ({'tmpfs' if room.mounted else 'page count'}), {crowd.said} answers:"
        f" confirmed and not stored {len(api.swallowed(found.stored))}, lost {lost}, doubled {doubled},"
        f" set aside {found.aside}, repeated replies {crowd.repeats}"
    )
    assert refused == times
    assert (len(api.swallowed(found.stored)), lost, doubled, found.aside, crowd.repeats) == (0, 0, 0, 0, 0)
    assert all_answered
