"""One web process and two workers on one PostgreSQL: the work is shared, in order, and survives a killed worker."""

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
from campaigns.test_intake import PEOPLE, SETTLE_SECONDS
from process import started

from storage.database import open_database

BEAT_SECONDS = 65.0

KILLS = [pytest.param(1, id="short"), pytest.param(10, id="long", marks=pytest.mark.campaign)]


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.parametrize("kills", KILLS)
async def test_workers_share_the_inbox_and_a_killed_one_is_replaced_by_the_other(
    migrated_url: str, tmp_path: Path, kills: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(kills)
    await ground.lay(migrated_url, PEOPLE, now=datetime.now(UTC))
    port = free_port()
    api = Crossroads(port)
    await api.start()
    crowd = Crowd(api, {ground.chat_of(unit): unit for unit in ground.unit_ids(PEOPLE)}, dice)
    environment = settings(migrated_url, api, port, "webhook")
    try:
        async with AsyncExitStack() as running:

            async def start(role: str):  # type: ignore[no-untyped-def]
                return await running.enter_async_context(started("run", "--role", role, cwd=tmp_path, **environment))

            web = await start("web")
            await web.line("running as web")
            workers = [await start("worker"), await start("worker")]
            for worker in workers:
                await worker.line("running as worker")
            crowd.begin()
            for _ in range(kills):
                answers = len(api.sent)
                await api.bell.until(lambda n=answers: len(api.sent) > n, SETTLE_SECONDS)
                await asyncio.sleep(dice.uniform(0.0, 0.4))
                ended = await workers.pop(0).kill()
                assert ended.code == -signal.SIGKILL, ended.err
                # What it had claimed and leased is free again after a minute; the test does not wait that long.
                await aftermath.let_time_pass(migrated_url)
                workers.append(await start("worker"))
            # What the killed one had leased is freed by the leader's next beat, which may be a minute away.
            all_answered = await crowd.fall_silent(SETTLE_SECONDS + BEAT_SECONDS)
            db = await open_database(migrated_url)
            try:
                claimants = await db.read(
                    "select count(distinct split_part(claimed_by, '-', 1)) from inbox where claimed_by is not null"
                )
            finally:
                await db.close()
            for worker in workers:
                await worker.line("running as worker")  # one that has just started does not yet hear SIGTERM
            ended_all = [await process.stop() for process in (web, *workers)]
    finally:
        await api.stop()
    found = await aftermath.look(migrated_url)
    lost = sum(found.lost(person) for person in crowd.people)
    doubled = sum(found.doubled(person) for person in crowd.people)
    disordered = sum(found.out_of_order(person) for person in crowd.people)
    counted(
        f"{kills} workers killed, {crowd.said} answers by {claimants[0][0]} workers: lost {lost}, doubled {doubled},"
        f" out of order {disordered}, set aside {found.aside}"
    )
    assert [ended.code for ended in ended_all] == [0] * len(ended_all), ended_all[0].err
    assert (lost, doubled, disordered, found.aside) == (0, 0, 0, 0)
    assert all_answered
    assert claimants[0][0] >= 2, "the work was not shared"
