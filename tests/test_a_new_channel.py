"""A channel is one folder: a text-only one is added beside the others, and everything goes on it."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from journey import JOURNEYS
from province import FIRST, load_province

from bot import channels
from bot.app import App
from bot.channels.open import configured, folders, settings_class
from bot.clock import MovableClock
from bot.commands.codes import issue_invite
from bot.commands.office import check_all
from bot.settings import Settings, load_settings
from bot.web import Site, serve
from handlers.access.codes import typed_code

ROOT = Path(__file__).parent.parent
SECRET, PHONE = "s3cret", "0900"
CODE = "k7m2q 9xd4r"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, migrated_url: str) -> Settings:
    """With the folder of the new channel among the others, and the one setting that opens it."""
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(Path(__file__).parent / "fake_channel")])
    monkeypatch.delitem(sys.modules, "bot.channels.sms", raising=False)
    monkeypatch.setenv("SMS_SECRET", SECRET)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    return load_settings(settings_class(), giaoban_database_url=migrated_url, _env_file=None)


class Phone:
    """Somebody who writes short messages to the running bot and reads what comes."""

    def __init__(self, app: App, session: aiohttp.ClientSession, url: str) -> None:
        self.app, self._session, self._url = app, session, url
        self._sent: list[tuple[str, str]] = app.channels["sms"].sent  # type: ignore[attr-defined]
        self._count = 0

    async def post(self, text: str, secret: str = SECRET) -> int:
        self._count += 1
        said = {"id": f"s{self._count}", "from": PHONE, "text": text, "at": self.app.clock.now().isoformat()}
        async with self._session.post(self._url, json=said, headers={"X-Secret": secret}) as answer:
            return answer.status

    async def says(self, text: str) -> list[str]:
        """The lines of all messages that come back."""
        before = len(self._sent)
        assert await self.post(text) == 200
        await self.app.settle()
        return "\n".join(text for chat, text in self._sent[before:] if chat == PHONE).split("\n")


@pytest.fixture
async def phone(settings: Settings) -> AsyncIterator[Phone]:
    await load_province(settings.giaoban_database_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    app = await App.open(settings, MovableClock(FIRST, held=True))
    runner, port = await serve(Site(app).routes(), "127.0.0.1", 0)
    try:
        await app.start("stepped")
        async with aiohttp.ClientSession() as session:
            yield Phone(app, session, f"http://127.0.0.1:{port}/sms")
    finally:
        await runner.cleanup()
        await app.close()


async def test_a_report_goes_from_code_to_receipt_on_a_channel_of_text_only(phone: Phone) -> None:
    assert (await phone.says(CODE))[-2:] == ["1. Đồng ý", "2. Từ chối"]
    assert (await phone.says("1"))[-1] == "1. Báo cáo"
    asked = await phone.says("1")
    assert asked[0] == "Đồng chí chọn: Báo cáo."
    assert asked[1].startswith("Câu 1/6.")
    assert asked[-2:] == ["a. Không phát sinh", "b. Để sau"]  # here a number is an answer
    said = await phone.says("sinh hoạt chính trị 3 hoạt động, 62 lượt")
    for _ in range(6):
        assert "a. Không phát sinh" in said
        said = await phone.says("khong phat sinh")
    said = await phone.says("tổng số đoàn viên 30, em nuôi 2")
    assert said[-3:] == ["1. Gửi báo cáo", "2. Sửa", "3. Để sau"]
    assert "3 hoạt động" in " ".join(said)
    await phone.says("1")
    rows = await phone.app.db.read(
        "select u.code, s.state from submission s join unit u on u.id = s.unit_id where s.state = 'submitted'"
    )
    assert [tuple(row) for row in rows] == [("CD02", "submitted")]


async def test_choices_can_be_typed_by_their_words(phone: Phone) -> None:
    await phone.says(CODE)
    assert (await phone.says("dong y"))[-1] == "1. Báo cáo"
    assert (await phone.says("BAO CAO"))[0].startswith("Câu 1/6.")


async def test_its_route_is_behind_its_own_secret(phone: Phone) -> None:
    assert await phone.post(CODE, secret="sms") == 403
    assert await phone.app.db.read("select 1 from inbox") == []


async def test_it_is_opened_by_its_own_setting_and_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"local", "sms", "telegram"} <= set(folders())
    assert list(configured(settings)) == ["sms"]
    monkeypatch.setenv("SMS_SECRET", "")
    assert not configured(load_settings(settings_class(), _env_file=None))


async def test_the_commands_check_it_and_print_its_links(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await load_province(settings.giaoban_database_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    await check_all(settings)
    assert "đạt SMS_SECRET: set\n" in capsys.readouterr().out
    await issue_invite(settings, "secretary", "CD02", "", None, 14, None)
    code, link = capsys.readouterr().out.splitlines()
    assert typed_code(code)
    assert link.startswith("sms:8088?body=")


def test_a_library_that_draws_or_is_of_a_channel_not_configured_is_not_loaded() -> None:
    code = (
        "import sys; from datetime import datetime; from bot.channels.folder import Given\n"
        "from bot.channels.open import folders, open_channels, settings_class; import bot.app, bot.commands.serve\n"
        "assert 'telegram' in folders() and not open_channels(settings_class()(_env_file=None), Given(datetime.now))\n"
        "sys.exit('telegram' in sys.modules or bool(sys.modules.get('rich')))"
    )
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=bare, check=True, timeout=60)


def test_nothing_but_the_demo_names_a_channel() -> None:
    # Its own folder aside: what is named elsewhere makes the next channel a change of that file.
    named = re.compile("|".join(rf"""channels\.{name}\b|["']{name}["']|{name.upper()}_""" for name in folders()))
    program = [path for room in ("bot", "handlers", "scheduler") for path in (ROOT / room).rglob("*.py")]
    elsewhere = [path for path in program if not {"channels", "demo"} & set(path.relative_to(ROOT).parts)]
    assert len(elsewhere) > 50
    assert [str(path) for path in elsewhere if named.search(path.read_text("utf-8"))] == []
