"""Two web processes and two workers on one PostgreSQL: the work is shared, in order, and survives kills of both."""

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
from process import Process, started

from storage.database import Database
from storage.engine.open import open_database
from storage.messages import inbox

KILLS = [pytest.param(1, id="short"), pytest.param(10, id="long", marks=pytest.mark.campaign)]


WEBS = 2


async def runners(db: Database) -> set[str]:
    """The workers that have handled a message, those that are gone too."""
    rows = await db.read("select distinct claimed_by from inbox where claimed_by is not null and done_at is not null")
    return {inbox.runner_of(row[0]) for row in rows}


async def until_all_share(db: Database, api: Crossroads) -> None:
    """Waits until every web process has taken in and each of two workers that run has handled messages of the crowd,
    which goes on talking.
    """
    api.mailbox.taken.clear()
    async with asyncio.timeout(SETTLE_SECONDS):
        while True:
            found = await runners(db)
            if len(found) - len(await db.gone(sorted(found))) >= 2 and len(+api.mailbox.taken) == WEBS:
                return
            await asyncio.sleep(0.05)  # they are other processes, and send no event


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.parametrize("kills", KILLS)
async def test_web_processes_and_workers_share_the_work_and_a_killed_one_is_replaced_by_the_other(
    migrated_url: str, tmp_path: Path, kills: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(kills)
    await ground.lay(migrated_url, PEOPLE, now=datetime.now(UTC))
    ports = [free_port() for _ in range(WEBS)]
    api = Crossroads(*ports)
    await api.start()
    crowd = Crowd(api, {ground.chat_of(unit): unit for unit in ground.unit_ids(PEOPLE)}, dice)
    try:
        async with AsyncExitStack() as running:
            db = await open_database(migrated_url)
            running.push_async_callback(db.close)

            async def start(role: str, port: int = 0) -> Process:
                set_ = settings(migrated_url, api, port, "webhook")
                return await running.enter_async_context(started("run", "--role", role, cwd=tmp_path, **set_))

            webs = {port: await start("web", port) for port in ports}
            for web in webs.values():
                await web.line("running as web")
            workers = [await start("worker"), await start("worker")]
            for worker in workers:
                await worker.line("running as worker")
            crowd.begin()
            for _ in range(kills):
                await until_all_share(db, api)
                await asyncio.sleep(dice.uniform(0.0, 0.4))
                port = dice.choice(ports)
                for victim in (workers.pop(0), webs.pop(port)):
                    ended = await victim.kill()
                    assert ended.code == -signal.SIGKILL, ended.err
                workers.append(await start("worker"))
                webs[port] = await start("web", port)
            all_answered = await crowd.fall_silent(SETTLE_SECONDS)
            handled_by = await runners(db)
            for worker in workers:
                await worker.line("running as worker")  # one that has just started does not yet hear SIGTERM
            await webs[port].line("running as web")
            ended_all = [await process.stop() for process in (*webs.values(), *workers)]
    finally:
        await api.stop()
    found = await aftermath.look(migrated_url)
    lost = sum(found.lost(person) for person in crowd.people)
    doubled = sum(found.doubled(person) for person in crowd.people)
    disordered = sum(found.out_of_order(person) for person in crowd.people)
    counted(
        f"{kills} workers and as many web processes killed, {crowd.said} answers by {len(handled_by)} workers:"
        f" lost {lost}, doubled {doubled}, out of order {disordered}, set aside {found.aside}"
    )
    assert [ended.code for ended in ended_all] == [0] * len(ended_all), ended_all[0].err
    assert (lost, doubled, disordered, found.aside) == (0, 0, 0, 0)
    assert all_answered
    assert len(handled_by) >= kills + 1  # each that was killed had its share, and one that was left
