"""kill -9 of workers on PostgreSQL: what they had claimed and leased is taken over by those that still run."""

import asyncio
import random
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaigns import aftermath, ground
from campaigns.crowd import Crossroads, Crowd
from campaigns.environment import free_port, settings
from process import Process, started

from storage.database import Database
from storage.engine.open import open_database
from storage.messages import inbox

PEOPLE = 60
WORKERS = 2
KILLS = 8
AT_ONCE = 64  # messages one sender has on their way at most
SETTLE_SECONDS = 180.0  # for a slow machine that many share


async def claims(db: Database, worker: str) -> dict[int, int]:
    """The messages this worker has claimed and not handled, each with when the claim runs out."""
    rows = await db.read(
        "select id, claimed_by, claimed_until_at from inbox where done_at is null and claimed_by is not null"
    )
    return {row[0]: row[2] for row in rows if inbox.runner_of(row[1]) == worker}


async def halted_with_claims(db: Database, process: Process, worker: str) -> dict[int, int]:
    """Halts the worker at a moment at which it has claimed messages; returns them."""
    async with asyncio.timeout(SETTLE_SECONDS):
        while True:
            process.signal(signal.SIGSTOP)
            held = await claims(db, worker)
            # What the worker sent before it was halted may still be committed: then there are fewer.
            if held and all([await claims(db, worker) == held for _ in range(20)]):
                return held
            process.signal(signal.SIGCONT)
            await asyncio.sleep(0.01)  # another process, which sends no event


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_what_a_killed_worker_had_claimed_is_answered_before_the_claim_runs_out(
    engine: str, migrated_url: str, tmp_path: Path
) -> None:
    url = migrated_url
    await ground.lay(url, PEOPLE, now=datetime.now(UTC))
    port = free_port()
    async with Crossroads(port) as api, AsyncExitStack() as running:
        crowd = Crowd(api, {ground.chat_of(unit): unit for unit in ground.unit_ids(PEOPLE)}, random.Random(1))
        environment = settings(url, api, port, "webhook")
        db = await open_database(url)
        running.push_async_callback(db.close)
        for role in ("web", "worker"):
            process = await running.enter_async_context(started("run", "--role", role, cwd=tmp_path, **environment))
            await process.line(f"running as {role}")
        crowd.begin()
        await api.bell.until(lambda: api.sent, SETTLE_SECONDS)
        handled = await db.read("select claimed_by from inbox where done_at is not null limit 1")
        first = inbox.runner_of(handled[0][0])
        other = await running.enter_async_context(started("run", "--role", "worker", cwd=tmp_path, **environment))
        await other.line("running as worker")
        held = await halted_with_claims(db, process, first)
        await process.kill()
        all_answered = await crowd.fall_silent(SETTLE_SECONDS)
        rows = {row[0]: row for row in await db.read("select id, claimed_by, done_at from inbox")}
        assert (await other.stop()).code == 0, other.err
    assert all_answered
    assert [number for number in held if inbox.runner_of(rows[number][1]) == first] == []
    assert [number for number, until in held.items() if rows[number][2] > until] == []


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.campaign
async def test_what_killed_workers_held_is_taken_over(
    engine: str, migrated_url: str, tmp_path: Path, counted: Callable[[str], None]
) -> None:
    dice, url = random.Random(KILLS), migrated_url
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
                await bot.line("running")
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
            await web.line("running")
            crowd.begin()
            async with asyncio.TaskGroup() as workers:  # one that cannot start ends the trial
                for _ in range(WORKERS):
                    workers.create_task(worker())
                await enough.wait()
                all_answered = await crowd.fall_silent(SETTLE_SECONDS)
                ended.set()
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
