"""kill -9 of the real bot while a crowd answers: nothing confirmed is lost, nothing has its effect twice."""

import asyncio
import random
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaigns import aftermath, ground
from campaigns.crowd import Crossroads, Crowd
from campaigns.environment import free_port, settings
from process import started

PEOPLE = 60
SETTLE_SECONDS = 180.0  # for a slow machine that many share
AT_ONCE = 64  # messages the sender has on their way at most

KILLS = [pytest.param(2, id="short"), pytest.param(25, id="long", marks=pytest.mark.campaign)]


@pytest.mark.parametrize("kills", KILLS)
@pytest.mark.parametrize("intake", ["poll", "webhook"])
async def test_a_killed_bot_loses_no_confirmed_answer_and_counts_none_twice(
    migrated_url: str, tmp_path: Path, intake: str, kills: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(f"{intake} {kills}")
    await ground.lay(migrated_url, PEOPLE, now=datetime.now(UTC))
    port = free_port()
    api = Crossroads(port)
    await api.start()
    crowd = Crowd(api, {ground.chat_of(unit): unit for unit in ground.unit_ids(PEOPLE)}, dice)
    environment = settings(migrated_url, api, port, intake)
    swallowed = forgotten = most_in_flight = in_flight = 0
    try:
        crowd.begin()
        for kill in range(kills):
            async with started("run", cwd=tmp_path, **environment) as bot:
                if kill % 5 == 4:
                    await asyncio.sleep(dice.uniform(0.0, 1.5))  # also while it starts
                else:
                    answers = len(api.sent)
                    await api.bell.until(lambda n=answers: len(api.sent) > n, SETTLE_SECONDS)
                    await asyncio.sleep(dice.uniform(0.0, 0.6))
                ended = await bot.kill()
                assert ended.code == -signal.SIGKILL, ended.err
            found = await aftermath.look(migrated_url)
            swallowed = max(swallowed, len(api.swallowed(found.stored)))
            forgotten = max(forgotten, sum(found.lost(person, answered_only=True) for person in crowd.people))
            most_in_flight = max(most_in_flight, len(found.in_flight))
            in_flight += len(found.in_flight)
            api.mailbox.deliver_again()
            await aftermath.let_time_pass(migrated_url)
        async with started("run", cwd=tmp_path, **environment) as bot:
            all_answered = await crowd.fall_silent(SETTLE_SECONDS)
            ended = await bot.stop()
    finally:
        await api.stop()
    found = await aftermath.look(migrated_url)
    lost = sum(found.lost(person) for person in crowd.people)
    doubled = sum(found.doubled(person) for person in crowd.people)
    disordered = sum(found.out_of_order(person) for person in crowd.people)
    counted(
        f"{kills} kills, {crowd.said} answers: confirmed and not stored {swallowed}, answered and not stored"
        f" {forgotten}, lost {lost}, doubled {doubled}, set aside {found.aside}, out of order {disordered};"
        f" repeated replies {crowd.repeats} of {in_flight} in flight at the kills"
    )
    assert ended.code == 0, ended.err
    assert (swallowed, forgotten, lost, doubled, found.aside, disordered) == (0, 0, 0, 0, 0, 0), ended.err
    assert all_answered
    assert crowd.repeats <= in_flight
    assert most_in_flight <= AT_ONCE
    assert crowd.said >= PEOPLE
