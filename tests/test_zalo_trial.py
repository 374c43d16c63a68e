"""`giaoban zalo check` finds out how this Zalo behaves, whichever way that is."""

import asyncio
from pathlib import Path

import pytest
from process import ran
from zalo_api.running import zalo_running
from zalo_api.server import TOKEN, ZaloServer

from bot.channels.zalo import trial
from bot.channels.zalo.trial import Trial

BOT = TOKEN.partition(":")[0]


@pytest.mark.parametrize(("replays", "field"), [(False, "photo"), (True, "photo_url")])
async def test_what_is_not_known_is_found_out(replays: bool, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "APART_SECONDS", 0.0)
    monkeypatch.setattr(trial, "POLL_SECONDS", 1)
    said: list[str] = []
    async with ZaloServer() as zalo, zalo_running(zalo, polls=False) as run:
        zalo.replays, zalo.photo_field = replays, field
        zalo.writes("lan", "chào")
        if not replays:
            zalo.writes("lan", kind="image")
            zalo.writes("lan", "@Bot Giao ban chào", group="g1")
        work = asyncio.create_task(Trial(run.channel.bots[BOT], said.append, seconds=1.5, away=0.0, warned=0.0).run())
        await zalo.called("sendMessage")
        zalo.writes("lan", kind="image")
        zalo.puts({"event_name": "message.unsupported.received"})
        await work
    text = "\n".join(said)
    assert f"ảnh: ở trường {field}" in text
    assert ("giao lại: hỏi lần nào Zalo cũng giao lại tin cũ" in text) == replays
    assert "độ dài: 2.000 tính theo đơn vị UTF-16" in text
    assert "tin chữ: chat_type PRIVATE, giờ gửi tính bằng mili giây" in text
    assert "tin Zalo không chuyển: không có phần message" in text
    assert ("tin trong nhóm: chat_type GROUP; chữ có tên bot ở đầu" in text) != replays


async def test_a_bot_that_is_posted_to_is_left_alone() -> None:
    said: list[str] = []
    async with ZaloServer() as zalo, zalo_running(zalo, polls=False) as run:
        zalo.bots[TOKEN].webhook = {"url": "https://giaoban.test/zalo/1", "secret": "x"}
        await Trial(run.channel.bots[BOT], said.append).run()
        assert zalo.calls["getUpdates"] == 0
    assert any("Zalo đang gửi tin tới https://giaoban.test" in line for line in said)


@pytest.mark.parametrize(("replays", "writes"), [(False, True), (False, False), (True, True), (True, False)])
async def test_only_a_message_written_in_the_gap_counts_as_kept(
    replays: bool, writes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "APART_SECONDS", 0.0)
    monkeypatch.setattr(trial, "POLL_SECONDS", 1)
    monkeypatch.setattr(trial, "SHORT_SECONDS", 1)
    said: list[str] = []
    async with ZaloServer() as zalo, zalo_running(zalo, polls=False) as run:
        zalo.replays = replays
        zalo.writes("lan", "chào")
        zalo.writes("lan", kind="image")

        def hears(line: str) -> None:
            said.append(line)
            if writes and line.startswith("Bây giờ bot ngừng nghe 0 giây"):
                zalo.writes("lan", "lúc tắt")

        await Trial(run.channel.bots[BOT], hears, seconds=0.1, away=0.25, warned=0.0).run()
    assert ("lúc bot tắt: tin nhắn lúc ấy được giao sau" in said) == writes, said
    assert said[1].startswith("Lệnh này lấy hết tin đang chờ")


@pytest.mark.parametrize("command", ["check", "unhook"])
async def test_a_bot_that_fails_keeps_no_other_from_its_turn(command: str, tmp_path: Path) -> None:
    async with ZaloServer(["22:b", "33:c"]) as zalo:
        for bot in zalo.bots.values():
            bot.webhook = {"url": "https://giaoban.test/zalo/1", "secret": "x"}
        zalo.faults["deleteWebhook" if command == "unhook" else "getWebhookInfo"].append("500")
        given = {"ZALO_BOT_TOKEN": "11:a,22:b,33:c", "ZALO_API_URL": zalo.url}
        ended = await ran("zalo", command, cwd=tmp_path, **given)
    lines = ended.out.splitlines()
    assert ended.code == 1
    assert lines[0].startswith("ZALO_BOT_TOKEN 11: Zalo không nhận token này")
    assert sum("bot 22" in line and "500: Error" in line for line in lines) == 1, lines
    assert ("thôi gửi" if command == "unhook" else "Zalo đang gửi tin tới") in lines[-1]
    assert "bot 11, 22" in ended.err
