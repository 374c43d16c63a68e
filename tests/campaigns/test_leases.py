"""kill -9 of workers on PostgreSQL, by the clock on the wall: what they held is free when their leases run out."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaigns import aftermath, ground
from campaigns.crowd import Crossroads, Crowd
from campaigns.environment import free_port, settings
from process import started

PEOPLE = 60
WORKERS = 2
KILLS = 8
AT_ONCE = 64  # messages one sender has on their way at most
# The longest lease is two minutes, and the beat that looks for such comes once a minute.
SETTLE_SECONDS = 240.0


@pytest.mark.campaign
async def test_what_killed_workers_held_is_taken_over_when_their_leases_run_out(
    request: pytest.FixtureRequest, tmp_path: Path, counted: Callable[[str], None]
) -> None:
    dice = random.Random(KILLS)
    url = request.getfixturevalue("postgres_databases").migrated()
    await ground.lay(url, PEOPLE, now=datetime.now(UTC))
    port = free_port()
    api = Crossroads(port)
    await api.start()
    crowd = Crowd(api, {ground.chat_of(unit): unit for unit in ground.unit_ids(PEOPLE)}, dice)
    environment = settings(url, api, port, "webhook")
    kills = 0
    enough, ended = asyncio.Event(), asyncio.Event()

    async def worker() -> None:
        """One worker after the other, each killed, until the last one is stopped in order."""
        nonlocal kills
        while True:
            async with started("run", "--role", "worker", cwd=tmp_path, **environment) as bot:
                await bot.line("is running")
                if kills >= KILLS:
                    await ended.wait()
                    assert (await bot.stop()).code == 0, bot.err
                    return
                await asyncio.sleep(dice.uniform(0.2, 2.0))
                await bot.kill()
                kills += 1
                if kills >= KILLS:
                    enough.set()

    try:
        async with started("run", "--role", "web", cwd=tmp_path, **environment) as web:
            await web.line("is running")
            crowd.begin()
            workers = [asyncio.create_task(worker()) for _ in range(WORKERS)]
            await enough.wait()
            all_answered = await crowd.fall_silent(SETTLE_SECONDS)
            ended.set()
            await asyncio.gather(*workers)
            assert (await web.stop()).code == 0, web.err
    finally:
        await api.stop()
    found = await aftermath.look(url)
    lost = sum(found.lost(person) for person in crowd.people)
    doubled = sum(found.doubled(person) for person in crowd.people)
    disordered = sum(found.out_of_order(person) for person in crowd.people)
    counted(
        f"{kills} kills of {WORKERS} workers, {crowd.said} answers: lost {lost}, doubled {doubled}, set aside"
        f" {found.aside}, out of order {disordered}; repeated replies {crowd.repeats}"
    )
    assert (lost, doubled, found.aside, disordered) == (0, 0, 0, 0)
    assert all_answered
    assert crowd.repeats <= kills * AT_ONCE
