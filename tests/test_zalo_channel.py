"""The Zalo channel against a loopback server that behaves in every way that was told of the real one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bot_api.running import NOW
from structlog.testing import capture_logs
from zalo_api.running import ZaloRun, zalo_running
from zalo_api.server import TOKEN, FaultKind, ZaloServer

from bot.channels.zalo.channel import Zalo, unhook
from bot.channels.zalo.client import ZaloUnanswered
from bot.channels.zalo.polling import ZaloPolling
from bot.channels.zalo.settings import ZaloSettings
from bot.channels.zalo.updates import ZaloReader
from bot.settings import SettingsError, load_settings
from handlers.channel import NotStarted
from handlers.messages import FailureKind, NotDelivered, Outgoing
from scheduler.sending.delivery import deliver
from scheduler.upkeep.clean_up import Upkeep
from storage.database import Database
from storage.messages import inbox

BOT = TOKEN.partition(":")[0]
HELLO = Outgoing(f"{BOT}/lan", "Chào đồng chí.")
SECOND = "2222222222:another-made-up-token"


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloServer]:
    async with ZaloServer() as server:
        yield server


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as entries:
        yield entries


# --- polling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replays", [False, True])
async def test_what_people_say_is_stored_in_order_whether_or_not_it_comes_again(
    zalo: ZaloServer, replays: bool
) -> None:
    zalo.replays = replays
    said = [f"câu {number}" for number in range(20)]
    for text in said:
        zalo.writes("lan", text)
    async with zalo_running(zalo, poll_timeout=1) as run:
        await run.stored.has(25 if replays else 20)
        assert run.stored.texts[:20] == said
        ids = [arrival.message_id for arrival in run.stored.arrivals]
        assert (len(set(ids)), len(ids) > 20) == (20, replays)


async def test_polls_are_a_second_apart_however_quickly_they_are_answered(zalo: ZaloServer) -> None:
    zalo.replays = True
    zalo.writes("lan", "62 lượt")
    async with zalo_running(zalo) as run:
        await zalo.called("getUpdates", 6)
        waited = [pause for pause in run.pauses if pause > 0]
    assert len(waited) >= 5
    assert all(0.5 < pause <= 1.0 for pause in waited)  # what the answer took counts


@pytest.mark.parametrize("status", [408, 200])
async def test_an_idle_poll_is_no_trouble(zalo: ZaloServer, status: int, logs: list[Any]) -> None:
    zalo.idle_status = status
    async with zalo_running(zalo, poll_timeout=0) as run:
        await zalo.called("getUpdates", 3)
        zalo.writes("lan", "62 lượt")
        await run.stored.has(1)
        assert run.channel.health() == ""
    assert [entry for entry in logs if "trouble" in entry] == []


@pytest.mark.parametrize("fault", ["500", "502", "reset", "not_json", "quota"])
async def test_a_poll_that_fails_is_tried_again_ever_later(zalo: ZaloServer, fault: FaultKind, logs: list[Any]) -> None:
    zalo.faults["getUpdates"].extend([fault] * 3)
    async with zalo_running(zalo) as run:
        zalo.writes("lan", "62 lượt")
        await run.stored.has(1)
        assert [pause for pause in run.pauses if pause >= 2] == [2, 4, 8]
    assert len([entry for entry in logs if "trouble" in entry]) == 1


async def test_an_update_that_cannot_be_stored_is_kept_and_nothing_is_fetched_meanwhile(zalo: ZaloServer) -> None:
    zalo.writes("lan", "62 lượt")
    zalo.writes("lan", "70 lượt")
    async with zalo_running(zalo) as run:
        run.stored.failures = 3
        await run.stored.has(2)
        assert run.stored.texts == ["62 lượt", "70 lượt"]
        assert len(run.stored.batches) == 5


async def test_a_bot_that_is_posted_to_does_not_poll_and_the_start_says_so(zalo: ZaloServer) -> None:
    zalo.bots[TOKEN].webhook = {"url": "https://giaoban.vn/zalo/1", "secret": "x"}
    with pytest.raises(NotStarted, match=r"ZALO_MODE.*https://giaoban\.vn.*unhook"):
        async with zalo_running(zalo):
            pass
    async with zalo_running(zalo, polls=False, zalo_mode="webhook") as run:
        for _ in range(2):  # a bot that never had one is no trouble
            await unhook(run.channel.bots[BOT])
    async with zalo_running(zalo):
        pass


async def test_each_bot_of_several_is_polled_and_answers_its_own_people() -> None:
    async with ZaloServer((TOKEN, SECOND)) as zalo, zalo_running(zalo) as run:
        zalo.writes("lan", "một")
        zalo.writes("lan", "hai", bot=SECOND)
        await run.stored.has(2)
        chats = {incoming.text: incoming.chat_id for incoming in run.stored.understood}
        assert chats == {"một": f"{BOT}/lan", "hai": "2222222222/lan"}
        for text, chat in chats.items():
            await run.channel.deliver(Outgoing(chat, text))
        assert [(said.bot, said.text) for said in zalo.said] == [(BOT, "một"), ("2222222222", "hai")]


async def test_a_chat_with_a_bot_that_is_gone_is_out_of_reach(zalo: ZaloServer) -> None:
    async with zalo_running(zalo, polls=False) as run:
        with pytest.raises(NotDelivered, match="ZALO_BOT_TOKEN") as caught:
            await run.channel.deliver(Outgoing("999/lan", "chào"))
    assert caught.value.kind == "unreachable"


async def test_an_update_that_comes_again_after_eight_days_is_known(database: Database) -> None:
    arrival = ("zalo", BOT, "2d758c", f"{BOT}/lan")
    await database.write([inbox.arrive(*arrival, "{}", NOW), inbox.done(*arrival[:3], NOW)])
    later = NOW + timedelta(days=8)
    await Upkeep(database).tick(later)
    assert await database.write([inbox.arrive(*arrival, "{}", later)]) == [0]


# --- sending ----------------------------------------------------------------------------------------------------------

FAULTS: list[tuple[FaultKind, FailureKind]] = [
    ("quota", "spent"),
    ("quota_in_200", "spent"),
    ("401", "wait"),
    ("400", "refused"),
    ("403", "unknown"),
    ("500", "unknown"),
    ("502", "unknown"),
    ("reset", "unknown"),
    ("reset_after", "unknown"),
    ("not_json", "unknown"),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
async def test_a_message_that_fails_says_how(zalo: ZaloServer, fault: FaultKind, kind: FailureKind) -> None:
    async with zalo_running(zalo, polls=False) as run:
        zalo.faults["sendMessage"].append(fault)
        with pytest.raises(NotDelivered) as caught:
            await run.channel.deliver(HELLO)
        assert caught.value.kind == kind
        assert zalo.calls["sendMessage"] == 1  # never twice by itself
        assert len(zalo.said) == (fault == "reset_after")
        assert TOKEN not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"


async def test_an_answer_that_does_not_come_leaves_the_outcome_open(zalo: ZaloServer) -> None:
    async with zalo_running(zalo, polls=False, read_timeout=0.05) as run:
        zalo.faults["sendMessage"].append("hang")
        with pytest.raises(NotDelivered) as caught:
            await run.channel.deliver(HELLO)
    assert caught.value.kind == "unknown"


async def test_without_a_connection_a_message_has_certainly_not_arrived() -> None:
    async with ZaloServer() as zalo, zalo_running(zalo, polls=False) as run:
        await zalo.stop()
        kinds = []
        for _ in range(2):  # the first goes out on the connection that was open
            with pytest.raises(NotDelivered) as caught:
                await run.channel.deliver(HELLO)
            kinds.append(caught.value.kind)
    assert kinds == ["unknown", "wait"]
    assert TOKEN not in caught.value.reason


async def test_a_long_text_is_parted_at_lines_in_units_of_utf_16(zalo: ZaloServer) -> None:
    lines = [f"Chi đoàn thôn {number}: {number * 1000:,} lượt 😀😀" for number in range(150)]
    async with zalo_running(zalo, polls=False) as run:
        await deliver(run.channel, replace(HELLO, text="\n".join(lines)))
    assert len(zalo.said) > 1
    assert [line for said in zalo.said for line in said.text.split("\n")] == lines


# --- start, check, settings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "line"),
    [("401", r"ZALO_BOT_TOKEN \d+: Zalo không nhận"), ("500", "ZALO_API_URL"), ("not_json", "ZALO_API_URL")],
)
async def test_a_start_that_fails_names_the_setting_and_not_the_token(
    zalo: ZaloServer, fault: FaultKind, line: str
) -> None:
    zalo.faults["getMe"].append(fault)
    with pytest.raises(NotStarted, match=line) as caught:
        async with zalo_running(zalo, polls=False):
            pass
    assert TOKEN not in str(caught.value)


async def test_the_check_names_the_bots(zalo: ZaloServer) -> None:
    async with zalo_running(zalo, polls=False) as run:
        assert (await run.channel.check()).startswith("ZALO_BOT_TOKEN: dùng được, là Bot Giao ban")
        assert run.channel.account == "Bot Giao ban"


async def test_the_check_refuses_what_a_start_would_where_the_bot_is_posted_to(zalo: ZaloServer) -> None:
    zalo.bots[TOKEN].webhook = {"url": "https://giaoban.vn/zalo/1", "secret": "x"}
    with pytest.raises(NotStarted, match="ZALO_MODE: đang là poll"):
        await ZaloRun(zalo).channel.check()


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"zalo_bot_token": "123"}, "ZALO_BOT_TOKEN: mỗi token có dạng"),
        ({"zalo_bot_token": "1:a/../b"}, "ZALO_BOT_TOKEN: mỗi token có dạng"),
        ({"zalo_bot_token": "1:abc,1:abd"}, "ZALO_BOT_TOKEN: một bot ghi hai lần"),
        ({"zalo_webhook_secret": "long-enough"}, "ZALO_WEBHOOK_SECRET chỉ đi với ZALO_MODE webhook"),
        ({"zalo_monthly_messages": "3.000"}, "ghi số liền"),
        ({"zalo_mode": "webhook"}, "ZALO_WEBHOOK_SECRET, từ 8 đến 256"),
        ({"zalo_mode": "webhook", "zalo_webhook_secret": "kurz"}, "ZALO_WEBHOOK_SECRET, từ 8 đến 256"),
        ({"zalo_mode": "webhook", "zalo_webhook_secret": "long-enough"}, "GIAOBAN_PUBLIC_URL phải là địa chỉ https"),
        ({"zalo_api_url": "zalo"}, "ZALO_API_URL"),
    ],
)
def test_settings_that_do_not_work_are_named(given: dict[str, str], line: str) -> None:
    with pytest.raises(SettingsError, match=line) as caught:
        load_settings(ZaloSettings, _env_file=None, **{"zalo_bot_token": "1:abcdef", **given})
    assert "abcdef" not in str(caught.value)


def test_several_tokens_are_taken_and_each_is_a_secret() -> None:
    settings = load_settings(ZaloSettings, _env_file=None, zalo_bot_token=" 1:abcdef,\n2:ghijkl ,")
    assert isinstance(settings, ZaloSettings)
    assert settings.zalo_tokens() == ["1:abcdef", "2:ghijkl"]
    assert {"1:abcdef", "2:ghijkl"} <= set(settings.secrets())


async def test_no_fault_writes_the_token_anywhere(zalo: ZaloServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kinds: list[FaultKind] = ["500", "502", "reset", "not_json", "401", "quota"]
    zalo.faults["getUpdates"].extend(kinds)
    with capture_logs() as entries:
        async with zalo_running(zalo) as run:
            await zalo.called("getUpdates", len(kinds) + 1)
            assert isinstance(run.channel, Zalo)
    assert len(entries) >= 3
    assert TOKEN.partition(":")[2] not in repr(entries) + caplog.text


async def test_a_silent_server_is_shown_after_a_minute() -> None:
    moments = [NOW + timedelta(seconds=30 * number) for number in range(20)]
    shown: list[str] = []

    async def fails() -> object:
        raise ZaloUnanswered("nothing came")

    async def nothing(_: object) -> None: ...

    async def note(_: float) -> None:
        shown.append(polling.hold_up.lasting())
        if len(shown) == 6:
            raise asyncio.CancelledError

    polling = ZaloPolling(ZaloReader(BOT, lambda: moments.pop(0)), fails, nothing, note)
    with pytest.raises(asyncio.CancelledError):
        await polling.run()
    assert shown[0] == ""
    assert shown[-1] == "network"
