"""A bot has so many people: each cluster is given its own, and who comes too late the next one with its QR code."""

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journey import JOURNEYS
from openpyxl import load_workbook
from province import FIRST, load_province
from pydantic import SecretStr
from zalo_api.server import ZaloServer

from bot.app import App
from bot.channels.open import settings_class
from bot.clock import MovableClock
from bot.commands.codes import issue_codes, wanted_codes
from bot.pictures.qr import qr_file, qr_png
from bot.settings import Settings, load_settings
from handlers.access.enrolment import MOST_TOLD, Enrolment
from handlers.channel import Limits
from handlers.messages import Incoming, IncomingKind
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.organisation.sharing import shared_out
from storage.database import Database
from storage.messages import allowances, local_chat
from storage.messages.conversations import Standing

NOW = FIRST.astimezone(UTC)
LIMITS = Limits(bot_messages=3000, bot_people=3, bots={"12": "https://zalo.me/12", "34": "https://zalo.me/34"})


@pytest.fixture
async def full(migrated_url: str, database: Database) -> Database:
    """Six people, all with bot 12."""
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    await database.write([("update account set channel = 'zalo', chat_id = '12/' || chat_id", ())])
    return database


async def answered(db: Database, bot: str, limits: Limits = LIMITS) -> dict[str, Any]:
    """What a newcomer with a good code is answered by that bot."""
    chat = f"{bot}/moi"
    incoming = Incoming("zalo", bot, "m1", chat, "private", chat, "Mới", "text", NOW, text="K7M2Q-9XD4R")
    turn = Turn(incoming, Standing(None, "", "", False, {}, 0), (), (), NOW, Wording.vietnamese())
    channel = SimpleNamespace(name="zalo", limits=limits)
    enrolment = Enrolment(db, {"zalo": channel}, SimpleNamespace())  # type: ignore[dict-item, arg-type]
    await enrolment.code(turn, "K7M2Q-9XD4R")
    assert turn.reply is not None
    return turn.reply


async def told(db: Database, bot: str, limits: Limits = LIMITS) -> str:
    return str((await answered(db, bot, limits))["text"])


async def test_strangers_use_up_no_bot_and_a_good_code_is_answered_all_the_same(
    migrated_url: str, tmp_path: Path
) -> None:
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    app = await App.open(
        Settings(giaoban_database_url=migrated_url, _env_file=None), MovableClock(NOW, held=True), only=("local_zalo",)
    )
    await app.start("stepped")
    heard = []
    for number, text in enumerate([*["xin chào", "K7M2Q-11111", "", "bc"] * 4, "K7M2Q-9XD4R"]):
        kind: IncomingKind = "text" if text else "other"
        said = Incoming("local_zalo", "local_zalo", f"m{number}", "lạ", "private", "lạ", "Lạ", kind, NOW, text=text)
        await app.receive(said)
        await app.settle()
        heard.append(len(await local_chat.since(app.db, "lạ", 0)))
    await app.close()
    assert heard[-2:] == [MOST_TOLD, MOST_TOLD + 1]


async def test_a_full_bot_names_the_next_one_and_the_code_stays_good(full: Database) -> None:
    assert await allowances.people_of(full, "zalo") == {"12": 6}
    reply = await answered(full, "12")
    assert "https://zalo.me/34" in reply["text"]
    assert reply["file"]["picture"]
    assert await qr_file(reply["file"]) == qr_png("https://zalo.me/34")
    assert "Chào đồng chí" in await told(full, "34")


@given(st.lists(st.sampled_from("ABCDE"), max_size=60), st.lists(st.integers(0, 20), min_size=1, max_size=5))
def test_people_are_shared_out_without_filling_any_bot_too_full(clusters: list[str], rooms: list[int]) -> None:
    room = {f"bot {number}": size for number, size in enumerate(rooms)}
    places = shared_out(clusters, room)
    assert len(places) == len(clusters)
    for bot, size in room.items():
        assert places.count(bot) <= size
    assert places.count("") == max(0, len(clusters) - sum(rooms))


def test_a_cluster_stays_together_and_one_too_large_is_spread() -> None:
    assert shared_out(["A", "B", "A", "B", "B", "C"], {"1": 3, "2": 3}) == ["1", "2", "1", "2", "2", "1"]
    assert shared_out(["A"] * 4, {"1": 2, "2": 3}) == ["2", "2", "2", "1"]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_sheets_of_codes_lead_each_cluster_to_its_own_bot(
    migrated_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await load_province(migrated_url, JOURNEYS / "provinces" / "haixa.yaml", FIRST)
    tokens = ("12:made-up", "34:made-up")

    async def links(cluster: str, most: int) -> list[str]:
        settings = load_settings(
            settings_class(), _env_file=None, giaoban_database_url=migrated_url, zalo_api_url=zalo.url,
            zalo_bot_token=SecretStr(",".join(tokens)), zalo_people=most,
        )  # fmt: skip
        wanted, file = wanted_codes("secretary", cluster, False, True, True), tmp_path / "codes.xlsx"
        await issue_codes(settings, wanted, file, "xlsx", 14)
        sheet = load_workbook(file).active
        assert sheet is not None
        return [str(row[-1] or "") for row in sheet.iter_rows(min_row=2, values_only=True)]

    async with ZaloServer(tokens) as zalo:
        assert await links("C1", 3) == ["https://zalo.me/12"] * 3
        assert await links("C2", 3) == ["https://zalo.me/34"] * 3
        assert await links("C2", 2) == ["https://zalo.me/34", "", ""]
    assert (
        "2 trên 6 người chưa có bot còn chỗ, phiếu của họ không ghi kênh này: cần 3 bot, đang có 2"
        in capsys.readouterr().out
    )


async def test_where_all_are_full_the_newcomer_hears_what_to_do(full: Database) -> None:
    said = await told(full, "12", replace(LIMITS, bots={"12": "https://zalo.me/12"}))
    assert "báo Văn phòng" in said
    assert "Chào đồng chí" in await told(full, "12", replace(LIMITS, bot_people=7))
    assert "Chào đồng chí" in await told(full, "12", Limits())
