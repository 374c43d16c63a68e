"""`giaoban zalo check` finds out how this Zalo behaves, whichever way that is."""

import asyncio

import pytest
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
        work = asyncio.create_task(Trial(run.channel.bots[BOT], said.append, seconds=1.5, away=0.0).run())
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
