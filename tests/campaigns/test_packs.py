"""kill -9 while two packs are made and sent: both arrive whole, each is made once, and what comes twice is the same."""

import random
import signal
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import aftermath, ground
from campaigns.crowd import Crossroads
from campaigns.running import module

from handlers.access.enrolment import CONSENT_VERSION
from handlers.leaders.pack_desk import ANNEX, REPORT
from reporting.time.calendar import VIETNAM
from storage.engine.open import open_database
from storage.people import people

MORNING = datetime(2026, 4, 13, 7, 1, tzinfo=VIETNAM)  # the day before both clusters meet
BRIEFING = datetime(2026, 4, 14, 8, 0, tzinfo=VIETNAM)
CHAIR = 40_000  # the chair of a cluster is its number above this, and so is the chat
CLUSTERS, BRANCHES = 2, 12
SETTLE_SECONDS = 180.0

LENGTHS = [
    pytest.param(2, id="short"),
    pytest.param(30, id="long", marks=pytest.mark.campaign),
]


async def lay(url: str) -> None:
    """A province whose clusters meet tomorrow, and who chairs them."""
    await ground.lay(url, BRANCHES, clusters=CLUSTERS, now=MORNING - timedelta(days=5), briefing=BRIEFING)
    db = await open_database(url)
    try:
        for number in range(CLUSTERS):
            person = CHAIR + number
            await db.write([
                people.add_person(person, f"Chủ trì {number}", MORNING),
                people.add_account("telegram", str(person), person, CONSENT_VERSION, MORNING),
                people.add_role(70_000 + person, person, "chair", "", None, 50_000 + number, date(2020, 1, 1)),
            ])  # fmt: skip
    finally:
        await db.close()


@pytest.mark.parametrize("kills", LENGTHS)
async def test_a_kill_at_any_hop_loses_no_pack_and_makes_none_twice(
    migrated_url: str, tmp_path: Path, kills: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(kills)
    await lay(migrated_url)
    chairs = [CHAIR + number for number in range(CLUSTERS)]
    async with Crossroads() as api:
        api.clock = lambda: MORNING  # the bot's clock is set to it, too
        for unit in ground.unit_ids(BRANCHES):
            api.user(ground.chat_of(unit)).closed = None
        for chair in chairs:
            api.user(chair).closed = None
        for cluster in range(CLUSTERS):
            api.group(ground.group_of(cluster)).closed = None
        api.latency = 0.02
        environment = {
            "GIAOBAN_DATABASE_URL": migrated_url,
            "GIAOBAN_SEND_PER_SECOND": "400",
            "GIAOBAN_SEND_CHAT_SECONDS": "0",
            "TELEGRAM_API_URL": api.url,
            "TELEGRAM_BOT_TOKEN": api.token,
        }

        def calls() -> int:
            return sum(api.calls[method] for method in ("sendmessage", "senddocument", "sendphoto"))

        def whole() -> bool:
            """Whether every chair has the text that comes last."""
            return all(any("Phiên bản" in one.text for one in api.sent if one.chat_id == chair) for chair in chairs)

        used = 0
        for kill in range(kills):
            if whole():
                break
            until = calls() + dice.randint(1, 6)
            moment = (MORNING + timedelta(seconds=kill)).isoformat()
            async with module("evening", moment, cwd=tmp_path, **environment) as bot:
                await api.bell.until(lambda n=until: whole() or calls() >= n, SETTLE_SECONDS)
                assert (await bot.kill()).code == -signal.SIGKILL
            used += 1
            await aftermath.let_time_pass(migrated_url)
        async with module("evening", (MORNING + timedelta(minutes=9)).isoformat(), cwd=tmp_path, **environment) as bot:
            await api.bell.until(whole, SETTLE_SECONDS)
            ended = await bot.stop()
            assert ended.code == 0, ended.err
        files: dict[tuple[int, str], set[bytes]] = defaultdict(set)
        came: Counter[tuple[int, str]] = Counter()
        for one in api.sent:
            if one.chat_id in chairs and (one.document or one.photo):
                came[one.chat_id, one.document or one.photo] += 1
                files[one.chat_id, one.document or one.photo].add(one.content)
    made = await rows(migrated_url, "select count(*), count(distinct version) from pack where made_at is not null")
    handed = await rows(migrated_url, "select count(*), count(distinct id) from handed_out")
    lost = [
        (chair, name)
        for chair in chairs
        for name in (REPORT, ANNEX)
        if not any(who == chair and told.startswith(name.partition(".")[0]) for who, told in came)
    ]
    repeated = sum(count - 1 for count in came.values())
    counted(f"{used} kills, {CLUSTERS} packs: lost {len(lost)}, made {made[0]}, files repeated {repeated}")
    assert not lost
    assert made == handed == (CLUSTERS, CLUSTERS)
    assert repeated <= used
    assert all(len(same) == 1 for same in files.values())


async def rows(url: str, sql: str) -> tuple[int, ...]:
    """The one row of a query."""
    db = await open_database(url)
    try:
        return tuple((await db.read(sql))[0])
    finally:
        await db.close()
