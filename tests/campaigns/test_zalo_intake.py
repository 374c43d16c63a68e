"""kill -9 of the bot while people write on Zalo: what was acknowledged is not lost, nothing has its effect twice."""

import asyncio
import random
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaigns import aftermath, ground
from campaigns.crowd import Crowd
from campaigns.environment import free_port
from campaigns.zalo_crowd import ZaloCrossroads, move_to_zalo
from process import started

SETTLE_SECONDS = 180.0  # for a slow machine that many share
PEOPLE = {"webhook": 40, "poll": 4}  # polls are a second apart
KILLS = [pytest.param(2, id="short"), pytest.param(25, id="long", marks=pytest.mark.campaign)]


@pytest.mark.parametrize("kills", KILLS)
@pytest.mark.parametrize("mode", ["webhook", "poll"])
async def test_a_killed_bot_loses_nothing_that_zalo_still_has_and_counts_none_twice(
    migrated_url: str, tmp_path: Path, mode: str, kills: int, counted: Callable[[str], None]
) -> None:
    """Zalo posts again what was not acknowledged; polled, it gives again what was fetched."""
    dice, people = random.Random(f"{mode} {kills}"), PEOPLE[mode]
    await ground.lay(migrated_url, people, now=datetime.now(UTC))
    await move_to_zalo(migrated_url)
    zalo, port = ZaloCrossroads(), free_port()
    zalo.replays = True
    await zalo.start()
    crowd = Crowd(zalo, {ground.chat_of(unit): unit for unit in ground.unit_ids(people)}, dice)  # type: ignore[arg-type]
    environment = zalo.settings(migrated_url, port, mode)
    swallowed = 0
    try:
        crowd.begin()
        for kill in range(kills):
            async with started("run", cwd=tmp_path, **environment) as bot:
                if kill % 5 == 4:
                    await asyncio.sleep(dice.uniform(0.0, 1.5))  # also while it starts
                else:
                    answers = len(zalo.said)
                    await bot.outlives(zalo.bell.until(lambda n=answers: len(zalo.said) > n, SETTLE_SECONDS))
                    await asyncio.sleep(dice.uniform(0.0, 0.6))
                ended = await bot.kill()
                assert ended.code == -signal.SIGKILL, ended.err
            found = await aftermath.look(migrated_url)
            swallowed = max(swallowed, len(zalo.acknowledged - found.stored))
            zalo.deliver_again()
            await aftermath.let_time_pass(migrated_url)
        async with started("run", cwd=tmp_path, **environment) as bot:
            all_answered = await crowd.fall_silent(SETTLE_SECONDS)
            ended = await bot.stop()
    finally:
        await zalo.stop()
    found = await aftermath.look(migrated_url)
    lost = sum(found.lost(person) for person in crowd.people)
    doubled = sum(found.doubled(person) for person in crowd.people)
    counted(
        f"{kills} kills, {crowd.said} messages, {len(zalo.acknowledged)} acknowledged: acknowledged and not stored"
        f" {swallowed}, lost {lost}, doubled {doubled}, set aside {found.aside}; repeated replies {crowd.repeats}"
    )
    assert ended.code == 0, ended.err
    assert (swallowed, lost, doubled, found.aside) == (0, 0, 0, 0), ended.err
    assert all_answered
    assert crowd.said >= people


@pytest.mark.parametrize("kills", KILLS)
async def test_where_zalo_gives_an_update_once_an_end_loses_one_at_most_and_doubles_none(
    migrated_url: str, tmp_path: Path, kills: int, counted: Callable[[str], None]
) -> None:
    """Each kill may fall between fetching and storing one update, and so may the ordinary end of the last run."""
    dice = random.Random(kills)
    await ground.lay(migrated_url, 1, now=datetime.now(UTC))
    await move_to_zalo(migrated_url)
    zalo = ZaloCrossroads()
    await zalo.start()
    environment = zalo.settings(migrated_url, free_port(), "poll")
    [unit] = ground.unit_ids(1)
    user, said = zalo.user(ground.chat_of(unit), ""), 0
    try:
        for _ in range(kills):
            async with started("run", cwd=tmp_path, **environment) as bot:
                for _ in range(3):
                    said += 1
                    user.says(f"cây xanh {said}")
                left = dice.randrange(3)
                given = zalo.bell.until(lambda n=left: len(zalo.bots[zalo.token].pending) <= n, SETTLE_SECONDS)
                await bot.outlives(given)
                await asyncio.sleep(dice.uniform(0.0, 0.02))
                await bot.kill()
            await aftermath.let_time_pass(migrated_url)
        async with started("run", cwd=tmp_path, **environment) as bot:
            await zalo.emptied(SETTLE_SECONDS)
            await bot.stop()
    finally:
        await zalo.stop()
    found = await aftermath.look(migrated_url)
    amounts = found.amounts.get(unit, [])
    lost, doubled = said - len(set(amounts)), len(amounts) - len(set(amounts))
    counted(f"{kills} kills, {said} messages given once: lost {lost}, doubled {doubled}")
    assert 0 <= lost <= kills + 1
    assert doubled == 0
