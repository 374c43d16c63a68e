"""The real process speaks to a loopback Zalo: a report from code to receipt, by polling and by webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from campaigns.environment import free_port
from journey import JOURNEYS
from process import Process, ran, started
from province import FIRST, load_province
from zalo_api.server import HEADER, TOKEN, FaultKind, ZaloServer

from reporting.time.calendar import VIETNAM
from storage.engine.open import open_database
from storage.messages import allowances

SECRET = "made-up-for-the-loopback"
CODE = "K7M2Q-9XD4R"


def settings(zalo: ZaloServer, url: str, port: int, mode: str) -> dict[str, str]:
    """For `giaoban run`."""
    hook = {"ZALO_WEBHOOK_SECRET": SECRET, "GIAOBAN_PUBLIC_URL": "https://giaoban.test"} if mode == "webhook" else {}
    return {
        "GIAOBAN_DATABASE_URL": url,
        "GIAOBAN_BIND": f"127.0.0.1:{port}",
        "GIAOBAN_LOG_LEVEL": "debug",
        "ZALO_BOT_TOKEN": ",".join(zalo.bots),
        "ZALO_API_URL": zalo.url,
        "ZALO_MODE": mode,
        **hook,
    }


@asynccontextmanager
async def running(zalo: ZaloServer, url: str, port: int, mode: str, cwd: Path) -> AsyncIterator[Process]:
    """The process, its clock in April, taking in."""
    zalo.date = format_datetime(FIRST.astimezone(UTC), usegmt=True)
    zalo.behind = f"http://127.0.0.1:{port}"
    async with started("run", cwd=cwd, ahead=FIRST - datetime.now(UTC), **settings(zalo, url, port, mode)) as process:
        await process.line("running as all")
        yield process


async def talks(zalo: ZaloServer, text: str, expected: str) -> str:
    """Lan writes, and gets an answer with this text."""
    before = len(zalo.said)
    zalo.writes("lan", text)
    return (await zalo.hears("lan", expected, after=before)).text


async def figures(port: int) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        return await answer.text()


async def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    db = await open_database(url)
    try:
        return [tuple(row) for row in await db.read(sql)]
    finally:
        await db.close()


@pytest.mark.parametrize(
    ("engine", "mode", "replays", "wrapped"),
    [
        ("sqlite", "poll", False, True),
        ("sqlite", "poll", True, True),
        ("postgresql", "webhook", False, True),
        ("sqlite", "webhook", False, False),
    ],
)
async def test_a_report_goes_from_code_to_receipt_and_the_token_is_written_nowhere(
    engine: str, migrated_url: str, tmp_path: Path, mode: str, replays: bool, wrapped: bool
) -> None:
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    port = free_port()
    # An answer of getUpdates that is cut off takes the update with it where it is given once.
    faults: list[FaultKind] = ["502", "401", "reset_after" if replays else "quota_in_200"]
    async with ZaloServer() as zalo:
        zalo.replays, zalo.wrapped = replays, wrapped
        async with running(zalo, migrated_url, port, mode, tmp_path) as process:
            await talks(zalo, CODE.lower(), "2. Từ chối")
            await talks(zalo, "1", "1. Báo cáo")
            zalo.faults["sendMessage"].extend(faults[:1])  # answers nothing to what it may have sent
            zalo.faults["getUpdates"].extend(faults)
            await talks(zalo, "bc", "» Mẫu báo cáo")  # where messages are dear
            await talks(zalo, "từng câu", "Câu 1/6.")
            await talks(zalo, "sinh hoạt chính trị 3 hoạt động, 62 lượt", "Tôi ghi nhận")
            zalo.puts({"event_name": "message.unsupported.received"})
            zalo.writes("lan", kind="unsupported")
            await zalo.hears("lan", "không chuyển nội dung")
            page = await figures(port)
            ended = await process.stop()
    assert ended.code == 0
    stored = await rows(
        migrated_url,
        "select v.indicator, v.amount from value v join unit u on u.id = v.unit_id"
        " where u.code = 'CD02' order by v.indicator",
    )
    assert stored == [("luot_hoc_tap_tuyen_truyen", 62), ("sinh_hoat_chinh_tri", 3)]
    assert (await rows(migrated_url, "select count(*) from inbox where error is not null")) == [(1,)]
    secret = TOKEN.partition(":")[2]
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    kept = repr(await rows(migrated_url, "select payload, error from inbox")) + repr(
        await rows(migrated_url, "select body, error, external_id from outbox")
    )
    written = f"{ended.out}{ended.err}{page}{kept}"
    assert len(ended.err) > 0
    assert "giaoban_outbox_messages" in page
    assert secret not in written
    assert secret.encode() not in files
    assert SECRET not in written


async def test_a_post_without_the_secret_is_refused_and_one_with_it_is_stored_when_200_is_said(
    migrated_url: str, tmp_path: Path
) -> None:
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    port = free_port()
    update = {
        "event_name": "message.text.received",
        "message": {"from": {"id": "lan"}, "chat": {"id": "lan"}, "text": "bc", "message_id": "one"},
    }
    path = f"http://127.0.0.1:{port}/zalo/{TOKEN.partition(':')[0]}"
    statuses = []
    async with (
        ZaloServer() as zalo,
        running(zalo, migrated_url, port, "webhook", tmp_path) as process,
        aiohttp.ClientSession() as session,
    ):
        for secret in ("", "other", SECRET, SECRET):
            headers = {HEADER: secret} if secret else {}
            async with session.post(path, json=update, headers=headers) as answer:
                statuses.append(answer.status)
        await process.kill()
    assert statuses == [403, 403, 200, 200]
    assert await rows(migrated_url, "select channel, message_id from inbox") == [("zalo", "one")]


async def test_a_wrong_token_ends_the_start_with_one_line(sqlite_url: str, tmp_path: Path) -> None:
    async with ZaloServer() as zalo:
        given = settings(zalo, sqlite_url, free_port(), "poll") | {"ZALO_BOT_TOKEN": "99999:not-this-one-of-all"}
        assert (await ran("migrate", cwd=tmp_path, GIAOBAN_DATABASE_URL=sqlite_url)).code == 0
        ended = await ran("run", cwd=tmp_path, **given)
        checked = await ran("check", cwd=tmp_path, **given)
    assert (ended.code, checked.code) == (1, 1)
    assert "giaoban: ZALO_BOT_TOKEN 99999: Zalo không nhận token này" in ended.err
    assert "LỖI ZALO_BOT_TOKEN" in checked.out
    assert "not-this-one-of-all" not in ended.err + ended.out + checked.out + checked.err


async def test_a_webhook_nobody_serves_is_ended_by_a_command(tmp_path: Path) -> None:
    async with ZaloServer() as zalo:
        zalo.bots[TOKEN].webhook = {"url": "https://giaoban.test/zalo/1", "secret": SECRET}
        ended = await ran("zalo", "unhook", cwd=tmp_path, ZALO_BOT_TOKEN=TOKEN, ZALO_API_URL=zalo.url)
        assert (ended.code, ended.err) == (0, ""), ended
        assert ended.out == "Bot Giao ban: Zalo thôi gửi tin tới máy này\n"
        assert zalo.bots[TOKEN].webhook == {}
        unset = await ran("zalo", "unhook", cwd=tmp_path)
    assert (unset.code, unset.err.startswith("giaoban: ZALO_BOT_TOKEN: chưa ghi")) == (1, True)


async def test_the_quota_is_shown_with_what_the_calendar_needs(migrated_url: str, tmp_path: Path) -> None:
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    bot, month = TOKEN.partition(":")[0], f"{datetime.now(VIETNAM):%Y-%m}"
    db = await open_database(migrated_url)
    await db.write(
        [
            (f"update account set channel = 'zalo', chat_id = '{bot}/' || chat_id", ()),
            ("update account set chat_id = '77/moved' where chat_id = (select min(chat_id) from account)", ()),
            allowances.spend("zalo", bot, month, 2990),
            allowances.spend("zalo", "22", month, 2400),
            allowances.spend("zalo", "33", month, 3000),
            allowances.spend("zalo", "77", month, 5),
            allowances.spend("another", "44", month, 3000),
        ]
    )
    await db.close()
    given = {"GIAOBAN_DATABASE_URL": migrated_url, "ZALO_BOT_TOKEN": f"{TOKEN},22:b,33:c,44:d"}
    ended = await ran("zalo", "quota", cwd=tmp_path, **given)
    assert ended.code == 0, ended
    row = ended.out.splitlines()[1].split("\t")
    assert row[:3] == [bot, "2990", "10"]
    assert row[5] == "5/50"
    marks = [line for line in ended.out.splitlines() if line.partition(":")[0] in (bot, "22", "33", "44", "77")]
    assert [line.split(";")[0] for line in marks if "đến" not in line.split(";")[0]] == [
        f"{bot}: đã dùng 99 % tin của tháng, từ nay có thể chỉ còn trả lời người nhắn",
        "22: đã dùng 80 % tin của tháng",
        "77: không còn trong ZALO_BOT_TOKEN mà có 1 người, tháng này đã gửi 5 tin",
    ]
    assert any(line.startswith("33: hết tin đến") for line in marks)
    # Two of its four units have nobody yet.
    assert "khi mọi người đăng ký: 8 người; mỗi bot 50 người: cần 1 bot, đang có 4" in ended.out
