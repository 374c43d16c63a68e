"""The fifty-first person of a bot is given the next one; nobody is sent away without knowing where to go on."""

from dataclasses import replace
from datetime import UTC
from types import SimpleNamespace

import pytest
from journey import JOURNEYS
from province import FIRST, load_province

from handlers.access.enrolment import Enrolment
from handlers.channel import Limits
from handlers.messages import Incoming
from handlers.turn import Turn
from handlers.wording.speech import Wording
from storage.database import Database
from storage.messages import allowances
from storage.messages.conversations import Standing

NOW = FIRST.astimezone(UTC)
LIMITS = Limits(bot_messages=3000, bot_people=3, bots={"12": "https://zalo.me/12", "34": "https://zalo.me/34"})


@pytest.fixture
async def full(migrated_url: str, database: Database) -> Database:
    """Six people, all with bot 12."""
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    await database.write([("update account set channel = 'zalo', chat_id = '12/' || chat_id", ())])
    return database


async def told(db: Database, bot: str, limits: Limits = LIMITS) -> str:
    """What a newcomer with a good code is told by that bot."""
    chat = f"{bot}/moi"
    incoming = Incoming("zalo", bot, "m1", chat, "private", chat, "Mới", "text", NOW, text="K7M2Q-9XD4R")
    turn = Turn(incoming, Standing(None, "", "", False, {}, 0), (), (), NOW, Wording.vietnamese())
    channel = SimpleNamespace(name="zalo", limits=limits)
    await Enrolment(db, {"zalo": channel}).code(turn, "K7M2Q-9XD4R")  # type: ignore[dict-item]
    assert turn.reply is not None
    return str(turn.reply["text"])


async def test_a_full_bot_names_the_next_one_and_the_code_stays_good(full: Database) -> None:
    assert await allowances.people_of(full, "zalo") == {"12": 6}
    assert "https://zalo.me/34" in await told(full, "12")
    assert "Chào đồng chí" in await told(full, "34")


async def test_where_all_are_full_the_newcomer_hears_what_to_do(full: Database) -> None:
    said = await told(full, "12", replace(LIMITS, bots={"12": "https://zalo.me/12"}))
    assert "báo Văn phòng" in said
    assert "Chào đồng chí" in await told(full, "12", replace(LIMITS, bot_people=7))
    assert "Chào đồng chí" in await told(full, "12", Limits())
