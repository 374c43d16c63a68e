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

from storage.messages import inbox

PEOPLE = 60
SETTLE_SECONDS = 180.0  # for a slow machine that many share
AT_ONCE = 64  # messages the sender has on their way at most

# The bot itself, but for a message that ends its process as a reader gone wild would: at once, with nothing said.
POISONED = """
import os, signal
from handlers.intake.handling import Handling
effect = Handling.effect
async def deadly(self, incoming):
    if incoming.text == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    await effect(self, incoming)
Handling.effect = deadly
from bot.cli.main import main
main()
"""

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
                    await bot.outlives(api.bell.until(lambda n=answers: len(api.sent) > n, SETTLE_SECONDS))
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


@pytest.mark.campaign
async def test_a_message_under_which_the_process_was_killed_again_is_set_aside_and_the_others_are_answered(
    migrated_url: str, tmp_path: Path
) -> None:
    """One that stands at the head of everything, as after a kill the bot takes it up first each time."""
    await ground.lay(migrated_url, 2, now=datetime.now(UTC))
    api = Crossroads()
    await api.start()
    environment = settings(migrated_url, api, free_port(), "poll")
    poisoner, other = (api.user(ground.chat_of(unit)) for unit in ground.unit_ids(2))
    kills = 0
    try:
        poisoner.says("poison")
        other.says("cây xanh 7")
        while kills <= inbox.MOST_BEGUN + 1:
            async with started("run", cwd=tmp_path, source=POISONED, **environment) as bot:
                answered = asyncio.create_task(poisoner.receives("chưa xử lý được", within=SETTLE_SECONDS))
                ended = asyncio.create_task(bot.ended(SETTLE_SECONDS))
                await asyncio.wait([answered, ended], return_when=asyncio.FIRST_COMPLETED)
                if not ended.done():
                    await other.receives("cây xanh")
                    bot.signal(signal.SIGTERM)
                code = (await ended).code
                answered.cancel()
            if code == 0:
                break
            assert code == -signal.SIGKILL, (await ended).err
            kills += 1
            await aftermath.let_time_pass(migrated_url)
    finally:
        await api.stop()
    assert (kills, code) == (inbox.MOST_BEGUN + 1, 0)
    found = await aftermath.look(migrated_url)
    assert found.aside == 1
