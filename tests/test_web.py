"""The webhook on the real app: what it lets in, and that 200 is said only of what is committed."""

import asyncio
import gzip
import hmac
import io
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.http_parser import DeflateBuffer
from bot_api.bell import PATIENCE
from bot_api.server import BotApi
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot import web
from bot.app import App
from bot.channels import webhook
from bot.channels.telegram.channel import SECRET_HEADER, WEBHOOK_PATH
from bot.channels.telegram.settings import TelegramSettings
from bot.clock import SystemClock
from bot.web import MOST_BODY, Site, serve
from storage.database import Statement, StorageUnavailable
from storage.engine import sqlite_files
from storage.engine.sqlite import SqliteDatabase
from storage.engine.sqlite_files import WriteTurn

SECRET = "a-secret_of-36-letters"


@dataclass
class Bot:
    """A running app in webhook mode and what posts to it."""

    app: App
    api: BotApi
    session: aiohttp.ClientSession
    url: str

    async def post(self, body: bytes | dict[str, Any], **headers: str) -> int:
        """The status Telegram would get; headers given as SECRET=… or TYPE=… replace the right ones."""
        sent = {SECRET_HEADER: headers.get("SECRET", SECRET), "Content-Type": headers.get("TYPE", "application/json")}
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        kept = {name: value for name, value in sent.items() if value}
        async with self.session.post(self.url, data=data, headers=kept) as answer:
            return answer.status

    async def stored(self) -> list[str]:
        """Ids of the updates in the inbox."""
        return [str(row[0]) for row in await self.app.db.read("select message_id from inbox order by message_id")]


def update(number: int, text: str = "xin chào", user: int = 1001) -> dict[str, Any]:
    """One message as Telegram posts it."""
    person = {"id": user, "is_bot": False, "first_name": "Thử"}
    chat = {"id": user, "type": "private", "first_name": "Thử"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1775000000, "chat": chat, "from": person, "text": text},
    }


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.user(1001).closed = None
        yield server


@pytest.fixture
async def bot(api: BotApi, migrated_file: Path, tmp_path: Path) -> AsyncIterator[Bot]:
    """On SQLite: what is refused before anything is stored knows no database."""
    shutil.copyfile(migrated_file, tmp_path / "giaoban.db")
    async with _running(api, f"sqlite:///{tmp_path / 'giaoban.db'}") as running:
        yield running


@pytest.fixture
async def on_both(api: BotApi, migrated_url: str) -> AsyncIterator[Bot]:
    """On SQLite and on PostgreSQL."""
    async with _running(api, migrated_url) as running:
        yield running


@asynccontextmanager
async def _running(api: BotApi, url: str) -> AsyncIterator[Bot]:
    settings = TelegramSettings(
        _env_file=None,
        giaoban_database_url=url,
        giaoban_public_url="https://bot.example.vn",
        telegram_bot_token=SecretStr(api.token),
        telegram_api_url=api.url,
        telegram_mode="webhook",
        telegram_webhook_secret=SecretStr(SECRET),
        giaoban_send_chat_seconds=0,
    )
    app = await App.open(settings, SystemClock())
    runner, port = await serve(Site(app).routes(), "127.0.0.1", 0)
    try:
        await app.start()
        async with aiohttp.ClientSession() as session:
            yield Bot(app, api, session, f"http://127.0.0.1:{port}{WEBHOOK_PATH}")
    finally:
        await runner.cleanup()
        await app.close()


async def test_an_update_is_stored_when_200_is_said_and_answered(on_both: Bot) -> None:
    assert await on_both.post(update(1)) == 200
    assert await on_both.stored() == ["1"]
    await on_both.api.user(1001).receives("mã đăng ký")


@pytest.mark.parametrize("secret", ["wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "", "sái"])
async def test_a_wrong_or_missing_secret_is_refused_and_nothing_is_stored(bot: Bot, secret: str) -> None:
    assert await bot.post(update(1), SECRET=secret) == 403
    assert await bot.stored() == []


async def test_a_secret_of_bytes_that_are_no_text_is_refused(bot: Bot) -> None:
    host, port = bot.url.removeprefix("http://").partition("/")[0].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Type: application/json\r\n"
    writer.write(head.encode() + SECRET_HEADER.encode() + b": \xff\xfe\r\n\r\n{}")
    assert (await reader.readline()).split()[1] == b"403"
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_a_post_is_taken(bot: Bot, method: str) -> None:
    async with bot.session.request(method, bot.url, headers={SECRET_HEADER: SECRET}) as answer:
        assert answer.status == 405


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
async def test_only_json_is_taken(bot: Bot, kind: str) -> None:
    assert await bot.post(update(1), TYPE=kind) == 415
    assert await bot.stored() == []


async def test_json_with_its_character_set_named_is_taken(bot: Bot) -> None:
    assert await bot.post(update(1), TYPE="application/json; charset=utf-8") == 200


async def test_a_body_that_is_too_large_is_refused(bot: Bot) -> None:
    assert await bot.post(update(1, "x" * MOST_BODY)) == 413
    assert await bot.stored() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff\xfe", b"", b'{"update_id": "x"}'])
async def test_a_body_nobody_can_read_is_set_aside_and_not_asked_for_again(bot: Bot, body: bytes) -> None:
    assert await bot.post(body) == 200
    assert await bot.post(body) == 200
    ((count, errors),) = await bot.app.db.read("select count(*), count(error) from inbox")
    assert (count, errors) == (1, 1)
    assert await bot.post(update(2)) == 200
    await bot.api.user(1001).receives("mã đăng ký")


async def test_what_needs_no_memory_is_acknowledged_and_not_stored(bot: Bot) -> None:
    post = {"message_id": 1, "date": 1775000000, "chat": {"id": -1, "type": "channel", "title": "K"}, "text": "x"}
    assert await bot.post({"update_id": 1, "channel_post": post}) == 200
    assert await bot.stored() == []


async def test_the_same_update_posted_many_times_at_once_is_answered_once(on_both: Bot) -> None:
    assert await asyncio.gather(*(on_both.post(update(1)) for _ in range(10))) == [200] * 10
    assert await on_both.post(update(1)) == 200
    await on_both.app.inbound.drain()
    assert await on_both.post(update(2, "/start")) == 200
    await on_both.api.user(1001).receives("mã đăng ký")
    await on_both.api.user(1001).receives("mã đăng ký")
    assert len(on_both.api.user(1001).messages) == 2


async def test_200_is_said_only_after_the_commit(on_both: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    write, asked, go = on_both.app.db.write, asyncio.Event(), asyncio.Event()

    async def late(unit: list[Statement]) -> list[int]:
        asked.set()
        await go.wait()
        return await write(unit)

    monkeypatch.setattr(on_both.app.db, "write", late)
    posted = asyncio.create_task(on_both.post(update(1)))
    await asked.wait()
    done, _ = await asyncio.wait([posted], timeout=0.05)
    assert not done
    go.set()
    assert await posted == 200


async def test_a_database_that_is_away_is_503_and_the_update_is_taken_when_it_comes_again(
    on_both: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> list[int]:
        raise StorageUnavailable("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(on_both.app.db, "write", away)
        assert await on_both.post(update(1)) == 503
    assert await on_both.post(update(1)) == 200
    await on_both.api.user(1001).receives("mã đăng ký")


async def test_before_the_start_and_after_the_stop_nothing_is_taken(bot: Bot) -> None:
    bot.app.takes_in = False
    assert await bot.post(update(1)) == 503
    bot.app.takes_in = True
    await bot.app.close()
    assert await bot.post(update(1)) == 503


async def test_a_press_of_a_button_is_confirmed_to_the_phone_only_once_stored(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = {"id": 1001, "is_bot": False, "first_name": "Thử"}
    message = {"message_id": 5, "date": 1775000000, "chat": {"id": 1001, "type": "private"}, "text": "…"}
    query = {"id": bot.api.new_query(), "from": person, "chat_instance": "1", "data": "x", "message": message}

    async def away(_: object) -> list[int]:
        raise StorageUnavailable("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(bot.app.db, "write", away)
        assert await bot.post({"update_id": 1, "callback_query": query}) == 503
        assert not bot.api.calls["answercallbackquery"]
    assert await bot.post({"update_id": 1, "callback_query": query}) == 200
    await bot.api.called("answercallbackquery")


async def test_health_and_figures_tell_of_a_database_that_is_away(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PROVED_FOR", 0.0)
    site = bot.url.removesuffix(WEBHOOK_PATH)
    assert await bot.post(b"{") == 200
    assert await bot.post(update(1)) == 200
    await bot.api.user(1001).receives("mã đăng ký")
    async with bot.session.get(f"{site}/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True})
    async with bot.session.get(f"{site}/metrics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        families = text_string_to_metric_families(await answer.text())
    figures = {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}
    outbox = {name: count for name, count in figures.items() if name[0] == "giaoban_outbox_messages"}
    assert sum(outbox.values()) == 1  # sent, or on its way
    assert (figures["giaoban_inbox_waiting",], figures["giaoban_inbox_set_aside",]) == (0, 1)
    await bot.app.db.close()
    for path in ("healthz", "metrics"):
        async with bot.session.get(f"{site}/{path}") as answer:
            assert answer.status == 503


async def raw(bot: Bot, *, length: str, body: bytes, hang_up: bool = False) -> bytes:
    """The first line of the answer to a request as somebody writes it by hand; nothing after hanging up."""
    host, port = bot.url.removeprefix("http://").partition("/")[0].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {length}\r\n\r\n".encode() + body)
    await writer.drain()
    answer = b"" if hang_up else await reader.readline()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_body_that_does_not_come_is_given_up(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.05)
    async with asyncio.timeout(PATIENCE):
        assert b" 408 " in await raw(bot, length="500", body=b"{")
    assert await bot.stored() == []


async def test_who_hangs_up_or_breaks_the_rules_of_http_costs_one_line(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    given_up, warned = asyncio.Event(), webhook.log.warning

    def warning(*words: Any, **more: Any) -> None:
        warned(*words, **more)
        given_up.set()

    monkeypatch.setattr(webhook, "log", SimpleNamespace(warning=warning))
    assert b" 400 " in await raw(bot, length="-5", body=b"")
    await raw(bot, length="500", body=b"{", hang_up=True)
    async with asyncio.timeout(PATIENCE):
        await given_up.wait()
    assert [record.exc_info for record in caplog.records if record.levelname == "ERROR"] == [None]
    assert await bot.post(update(1)) == 200


async def test_health_tells_of_a_database_that_cannot_be_written_until_it_can(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    health = bot.url.removesuffix(WEBHOOK_PATH) + "/healthz"
    assert await bot.post(update(1)) == 200
    await bot.app.inbound.drain()
    await bot.api.user(1001).receives("mã đăng ký")
    monkeypatch.setattr(sqlite_files, "BUSY_SECONDS", 0.05)
    turn = WriteTurn(bot.app.settings.giaoban_database_url.removeprefix("sqlite:///"))
    with turn.hold():
        assert await bot.post(update(2)) == 503
        for _ in range(2):
            async with bot.session.get(health) as answer:
                assert answer.status == 503
                assert "is locked by another process" in (await answer.json())["database"]
    turn.release()
    async with bot.session.get(health) as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True})


async def test_health_tells_of_a_file_that_was_damaged_meanwhile(bot: Bot) -> None:
    assert await bot.post(update(1)) == 200
    await bot.app.inbound.drain()
    path = Path(bot.app.settings.giaoban_database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("pragma wal_checkpoint(truncate)").fetchall()
        content = path.read_bytes()
        path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))  # all but the first page
        other.execute("pragma user_version = 1")  # the bot's connections read their pages anew
    assert await bot.post(update(2)) == 503
    async with bot.session.get(bot.url.removesuffix(WEBHOOK_PATH) + "/healthz") as answer:
        assert answer.status == 503
        assert f"database {path} is damaged" in (await answer.json())["database"]


@pytest.mark.parametrize("path", [WEBHOOK_PATH, "/healthz", "/nowhere"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_packed_body_is_refused_and_not_unpacked(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, path: str, encoding: str
) -> None:
    unpacked: list[int] = []
    monkeypatch.setattr(DeflateBuffer, "feed_data", lambda *_: unpacked.append(1))
    packed = gzip.compress(b" " * 1_000_000)
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json", SECRET_HEADER: SECRET}
    site = bot.url.removesuffix(WEBHOOK_PATH)
    async with bot.session.post(f"{site}{path}", data=io.BytesIO(packed), headers=headers) as answer:
        assert answer.status == 415
    assert unpacked == []
    assert await bot.stored() == []


async def test_half_a_head_is_given_up_and_too_much_of_one_refused(
    api: BotApi, migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "HEAD_SECONDS", 0.2)
    shutil.copyfile(migrated_file, tmp_path / "giaoban.db")
    async with _running(api, f"sqlite:///{tmp_path / 'giaoban.db'}") as bot:
        host, port = bot.url.removeprefix("http://").partition("/")[0].split(":")
        for head in (b"", b"POST /healthz HT", b"POST /healthz HTTP/1.1\r\nHost: x\r\nX-A: "):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(head)
            async with asyncio.timeout(PATIENCE):
                assert await reader.read() == b""  # it hangs up
            writer.close()
        for much in (b"X-A: " + b"a" * 5000 + b"\r\n", b"".join(b"X-%d: a\r\n" % n for n in range(70))):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + much + b"\r\n")
            async with asyncio.timeout(PATIENCE):
                assert b" 400 " in await reader.readline()
            writer.close()


@dataclass
class Health:
    """What a monitor sees, and whether a message would be acknowledged."""

    bot: Bot

    async def fault(self) -> str:
        """What it says is wrong with the database; the same with no message at all and after one was refused."""
        said = []
        for _ in range(2):
            self_site = self.bot.url.removesuffix(WEBHOOK_PATH)
            async with self.bot.session.get(f"{self_site}/healthz") as answer:
                found = await answer.json()
                assert (answer.status == 503) == ("database" in found)
                said.append(found.get("database", ""))
            said += [] if said[0] == "" else [said[0]] if await self.bot.post(update(7)) == 503 else ["acknowledged"]
        assert len(set(said)) == 1, said
        return str(said[0])


@pytest.fixture
async def health(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Health:
    monkeypatch.setattr(web, "PROVED_FOR", 0.0)
    assert await bot.post(update(1)) == 200
    await bot.app.inbound.drain()
    return Health(bot)


def file_of(bot: Bot) -> Path:
    return Path(bot.app.settings.giaoban_database_url.removeprefix("sqlite:///"))


async def test_a_deleted_file_is_noticed_before_anything_more_is_acknowledged(bot: Bot, health: Health) -> None:
    path = file_of(bot)
    aside = path.with_name("aside.db")
    path.rename(aside)
    assert f"database file {path} was deleted or moved away: put it back, or" in await health.fault()
    aside.rename(path)
    assert await health.fault() == ""
    assert await bot.post(update(8)) == 200


async def test_a_disk_that_turns_read_only_is_told_and_what_came_meanwhile_is_taken_afterwards(
    bot: Bot, health: Health
) -> None:
    assert isinstance(bot.app.db, SqliteDatabase)
    writer = bot.app.db._connections[0]
    await writer.execute("pragma query_only = 1")  # the same error as of a read-only disk
    assert f"database {file_of(bot)} cannot be written" in await health.fault()
    await writer.execute("pragma query_only = 0")
    assert await health.fault() == ""
    assert await bot.post(update(8)) == 200


async def test_a_deleted_log_of_the_file_is_noticed_too(bot: Bot, health: Health) -> None:
    Path(f"{file_of(bot)}-wal").unlink()
    assert "-wal was deleted or moved away" in await health.fault()


async def test_a_swapped_file_is_noticed_before_anything_more_is_acknowledged(
    bot: Bot, health: Health, migrated_file: Path
) -> None:
    path = file_of(bot)
    shutil.copyfile(migrated_file, path.with_name("other.db"))
    path.with_name("other.db").replace(path)
    assert f"database file {path} is another one than was opened: stop the program" in await health.fault()


@pytest.mark.parametrize("kind", ["truncated", "overwritten", "its head overwritten"])
async def test_a_file_somebody_wrote_into_is_looked_through(bot: Bot, health: Health, kind: str) -> None:
    """Though every page that is written next stands in the bot's cache."""
    path = file_of(bot)
    with closing(sqlite3.connect(path)) as other:
        other.execute("pragma wal_checkpoint(truncate)").fetchall()
    assert await health.fault() == ""
    with path.open("r+b") as file:
        if kind == "truncated":
            file.truncate(8192)
        else:
            file.seek(0 if "head" in kind else 20 * 4096)
            file.write(b"\xff" * 4096 * 10)
    assert f"database {path} is damaged" in await health.fault()


async def test_a_file_that_was_only_touched_goes_on(bot: Bot, health: Health) -> None:
    file_of(bot).touch()
    assert await health.fault() == ""


async def test_a_disk_without_room_is_told_before_a_message_fails(
    bot: Bot, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    async with bot.session.get(bot.url.removesuffix(WEBHOOK_PATH) + "/healthz") as answer:
        assert answer.status == 503
        assert (await answer.json())["database"].startswith(f"no space left for database {file_of(bot)}: free disk")


async def test_what_does_not_stop_the_bot_is_told_as_degraded(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=150 * 2**20))
    async with bot.session.get(bot.url.removesuffix(WEBHOOK_PATH) + "/healthz") as answer:
        assert (answer.status, await answer.json()) == (
            200,
            {
                "ok": True,
                "state": "degraded",
                "findings": [
                    {
                        "name": "disk",
                        "what": "Ổ đĩa còn 150 MB.",
                        "do": "Dọn ổ đĩa, hoặc chuyển bản sao lưu sang ổ khác.",
                    }
                ],
            },
        )


async def test_a_database_that_hangs_is_told_in_time(
    on_both: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert web.PROOF_SECONDS + web.PROVED_FOR < 15
    monkeypatch.setattr(web, "PROOF_SECONDS", 0.05)

    async def hangs(_: object) -> list[int]:
        return await asyncio.Future[list[int]]()

    monkeypatch.setattr(on_both.app.db, "write", hangs)
    async with asyncio.timeout(PATIENCE):
        async with on_both.session.get(on_both.url.removesuffix(WEBHOOK_PATH) + "/healthz") as answer:
            assert answer.status == 503
            assert "did not answer" in (await answer.json())["database"]


async def test_the_secret_is_compared_in_constant_time(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def noted(given: bytes, wanted: bytes) -> bool:
        compared.append((given, wanted))
        return compare(given, wanted)

    compare = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", noted)
    assert await bot.post(update(1), SECRET="wrong") == 403
    assert compared == [(b"wrong", SECRET.encode())]
