"""kill -9 on a reminder evening: every reminder leaves, hardly one twice, and no group is posted to twice."""

import random
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from campaigns import aftermath, ground
from campaigns.crowd import Crossroads
from campaigns.running import module

from reporting.time.calendar import VIETNAM
from storage.engine.open import open_database

# A Friday, three days before the briefing; in this hour reminders and posts that the morning missed leave together.
EVENING = datetime(2026, 4, 10, 19, 5, tzinfo=VIETNAM)
BRIEFING = datetime(2026, 4, 13, 8, 0, tzinfo=VIETNAM)
SETTLE_SECONDS = 180.0  # for a slow machine that many share
AT_ONCE = 64

LENGTHS = [
    pytest.param(120, 120, 2, id="short"),
    pytest.param(3000, 1500, 30, id="long", marks=pytest.mark.campaign),
]


async def states(url: str) -> dict[str, str]:
    """What the outbox says of each message, by its key."""
    db = await open_database(url)
    try:
        return {row[0]: row[1] for row in await db.read("select dedupe_key, state from outbox")}
    finally:
        await db.close()


@pytest.mark.parametrize(("branches", "clusters", "kills"), LENGTHS)
async def test_a_killed_sender_loses_no_reminder_and_posts_to_no_group_twice(
    migrated_url: str, tmp_path: Path, branches: int, clusters: int, kills: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(branches)
    await ground.lay(migrated_url, branches, clusters=clusters, now=EVENING, briefing=BRIEFING)
    total = branches + clusters
    people = [ground.chat_of(unit) for unit in ground.unit_ids(branches)]
    groups = [ground.group_of(cluster) for cluster in range(clusters)]
    in_flight: set[str] = set()
    most_in_flight = at_kills = 0
    async with Crossroads() as api:
        api.clock = lambda: EVENING  # the bot's clock is set to it, too
        for unit in ground.unit_ids(branches):
            api.user(ground.chat_of(unit)).closed = None
        for cluster in range(clusters):
            api.group(ground.group_of(cluster)).closed = None
        api.latency = 0.02  # so that a kill finds messages on their way
        environment = {
            "GIAOBAN_DATABASE_URL": migrated_url,
            "GIAOBAN_SEND_PER_SECOND": "400",
            "TELEGRAM_API_URL": api.url,
            "TELEGRAM_BOT_TOKEN": api.token,
        }
        for kill in range(kills):
            moment = (EVENING + timedelta(seconds=kill)).isoformat()
            ended_rows = Counter((await states(migrated_url)).values())
            left = total - ended_rows["sent"] - ended_rows["unsure"]
            # At a random message, in the beat that queues them or with many on their way.
            calls = api.calls["sendmessage"] + dice.randint(1, min(left, 2 * total // (kills + 1)))
            async with module("evening", moment, cwd=tmp_path, **environment) as bot:
                await api.bell.until(lambda n=calls: api.calls["sendmessage"] >= n, SETTLE_SECONDS)
                assert (await bot.kill()).code == -signal.SIGKILL
            leased = (await aftermath.look(migrated_url)).in_flight
            in_flight |= leased
            at_kills += len(leased)
            most_in_flight = max(most_in_flight, len(leased))
            await aftermath.let_time_pass(migrated_url)
        async with module("evening", (EVENING + timedelta(minutes=5)).isoformat(), cwd=tmp_path, **environment) as bot:
            await bot.line("running")
            wanted = await not_unsure(migrated_url, people, groups)
            await api.bell.until(lambda: wanted <= {sent.chat_id for sent in api.sent}, SETTLE_SECONDS)
            ended = await bot.stop()
            assert ended.code == 0, ended.err
        heard = Counter(sent.chat_id for sent in api.sent)
    after = await states(migrated_url)
    unsure = {key for key, state in after.items() if state == "unsure"}
    lost = sum(heard[chat] == 0 for chat in people)
    repeated = sum(max(0, heard[chat] - 1) for chat in people)
    posted_twice = sum(heard[chat] > 1 for chat in groups)
    unposted = [chat for chat in groups if heard[chat] == 0]
    silent = [chat for chat in unposted if not any(key.endswith(f":{chat}") for key in unsure)]
    counted(
        f"{kills} kills, {branches} reminders: lost {lost}, repeated {repeated} of {at_kills} messages in flight;"
        f" {clusters} group posts: repeated {posted_twice}, unsure and shown {len(unsure)}"
        f" (of them not arrived {len(unposted)}), missing and not shown {len(silent)}"
    )
    assert (lost, posted_twice, len(silent)) == (0, 0, 0)
    assert set(after.values()) <= {"sent", "unsure"}
    assert all(key.startswith("post:") for key in unsure)
    assert unsure <= in_flight
    assert repeated <= at_kills
    assert most_in_flight <= AT_ONCE
    assert len(after) == total


async def not_unsure(url: str, people: Sequence[str], groups: Sequence[str]) -> set[str]:
    """The chats that will have been written to: all but those whose post a kill has left unsure, as the start saw."""
    unsure = [key for key, state in (await states(url)).items() if state == "unsure"]
    return {*people, *(chat for chat in groups if not any(key.endswith(f":{chat}") for key in unsure))}
