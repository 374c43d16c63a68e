"""The Telegram channel takes in what people do, through the loopback Bot API server and its faults."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import web
from bot_api.running import NOW, Pauses, Running, Stored, running
from bot_api.server import BotApi
from structlog.testing import capture_logs

from bot.channels.telegram import channel
from bot.channels.telegram.polling import LONGEST_PAUSE, Polling
from bot.channels.telegram.updates import UpdateReader
from handlers.channel import NotStarted, ProcessRole
from handlers.messages import Choice, NotDelivered, Outgoing

RIGHT = Choice("Đúng", "review:ok")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as entries:
        yield entries


async def test_what_people_say_is_stored_in_order_and_then_acknowledged(api: BotApi) -> None:
    user = api.user(1001)
    said = [f"câu {number}" for number in range(250)]
    for text in said:
        user.says(text)
    async with running(api) as run:
        await run.stored.has(250)
        await api.mailbox.emptied()
        assert run.stored.texts == said
        assert api.swallowed(arrival.message_id for arrival in run.stored.arrivals) == []


async def test_an_update_is_not_acknowledged_before_it_is_stored(api: BotApi) -> None:
    async with running(api) as run:
        run.stored.open.clear()
        number = api.user(1001).says("62 lượt")
        await run.stored.is_offered(1)
        assert api.unconfirmed == [number]
        run.stored.open.set()
        await api.mailbox.emptied()
        assert api.mailbox.confirmed == [number]


async def test_a_batch_that_could_not_be_stored_is_fetched_again(api: BotApi, logs: list[Any]) -> None:
    async with running(api) as run:
        run.stored.failures = 3
        api.user(1001).says("62 lượt")
        await run.stored.has(1)
        assert len(run.stored.batches) == 4
        assert run.stored.texts == ["62 lượt"]
        assert run.pauses[:3] == [1, 2, 4]
        assert [entry["trouble"] for entry in logs if "trouble" in entry] == ["storage"]


async def test_a_bot_killed_between_storing_and_acknowledging_gets_the_update_again(api: BotApi) -> None:
    number = api.user(1001).says("62 lượt")
    async with running(api) as first:
        first.stored.open.clear()
        await first.stored.is_offered(1)
    async with running(api) as second:
        (again,) = await second.stored.has(1)
    assert again.message_id == str(number) == first.stored.batches[0][0].message_id


async def test_an_update_nobody_can_read_is_set_aside_and_those_behind_it_go_on(api: BotApi) -> None:
    user = api.user(1001)
    user.says("trước")
    bad = api.mailbox.put_raw({"message": {"message_id": 1, "date": "hôm qua"}})
    user.says("sau")
    async with running(api) as run:
        before, aside, after = await run.stored.has(3)
        await api.mailbox.emptied()
    assert [arrival.incoming and arrival.incoming.text for arrival in (before, aside, after)] == [
        "trước",
        None,
        "sau",
    ]
    assert aside.message_id == str(bad)
    assert json.loads(aside.raw)["message"]["date"] == "hôm qua"
    assert aside.error == "ValueError: chat is missing"


async def test_what_needs_no_memory_is_acknowledged_without_bothering_the_intake(api: BotApi) -> None:
    async with running(api) as run:
        api.mailbox.put_raw({"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "channel"}}})
        await api.mailbox.emptied()
        assert run.stored.batches == []


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        ("500", "server"),
        ("502", "server"),
        ("504_after", "server"),
        ("flood", "flood"),
        ("409", "conflict"),
        ("401", "token"),
        ("reset_before", "network"),
        ("reset_after", "network"),
        ("not_json", "network"),
        ("no_result", "network"),
        ("wrong_type", "answer"),
    ],
)
async def test_polling_outlives_a_fault_and_says_so_once(api: BotApi, logs: list[Any], kind: str, trouble: str) -> None:
    api.user(1001).says("62 lượt")
    api.faults.add("getUpdates", kind, times=4)
    async with running(api) as run:
        await run.stored.has(1)
        assert run.stored.texts == ["62 lượt"]
        assert len(run.pauses) == 4
        assert sorted(run.pauses) == run.pauses
        assert [entry["trouble"] for entry in logs if "trouble" in entry] == [trouble]
        await api.mailbox.emptied()
        assert [entry["after"] for entry in logs if "after" in entry] == [trouble]


async def test_a_silent_server_is_given_up_after_the_read_timeout(api: BotApi) -> None:
    api.user(1001).says("62 lượt")
    api.faults.add("getUpdates", "hang_before", seconds=30)
    async with running(api, poll_timeout=0, read_timeout=2) as run:
        await run.stored.has(1)
        assert run.pauses == [1]


async def test_the_pauses_of_a_long_outage_grow_to_a_limit_and_start_anew_after_it(api: BotApi) -> None:
    api.user(1001).says("một")
    api.faults.add("getUpdates", "502", times=7)
    async with running(api) as run:
        await run.stored.has(1)
        assert run.pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]
        await api.mailbox.emptied()
        api.faults.add("getUpdates", "502")
        api.user(1001).says("hai")
        await run.stored.has(2)
        api.user(1001).says("ba")
        await run.stored.has(3)
        assert run.pauses[7:] == [1]


async def test_flood_control_of_polling_is_obeyed(api: BotApi) -> None:
    api.user(1001).says("62 lượt")
    api.faults.add("getUpdates", "flood", retry_after=40)
    async with running(api) as run:
        await run.stored.has(1)
        assert run.pauses == [40]


async def test_ids_that_begin_again_lower_after_a_quiet_week_are_not_lost(api: BotApi) -> None:
    async with running(api, poll_timeout=0) as run:
        api.user(1001).says("trước kỳ nghỉ")
        await run.stored.has(1)
        await api.called("getUpdates", api.calls["getupdates"] + 3)
        api.mailbox.next_id = 5
        api.user(1001).says("sau kỳ nghỉ")
        await run.stored.has(2)
        assert run.stored.texts == ["trước kỳ nghỉ", "sau kỳ nghỉ"]


async def test_a_batch_without_ids_does_not_make_the_poller_spin() -> None:
    stored, pauses = Stored(), Pauses()
    asked: list[int | None] = []

    async def fetch(offset: int | None) -> object:
        asked.append(offset)
        if len(asked) > 3:
            raise asyncio.CancelledError
        return [{"message": "?"}]

    polling = Polling(UpdateReader("1", lambda: NOW), fetch, stored, lambda _: None, pauses)
    with pytest.raises(asyncio.CancelledError):
        await polling.run()
    assert pauses == [1, 2, 4]
    assert {arrival.message_id for arrival in stored.arrivals} == {stored.arrivals[0].message_id}


async def test_two_pollers_tell_each_other_apart_and_lose_nothing(api: BotApi, logs: list[Any]) -> None:
    async with running(api) as first:
        await api.called("getUpdates")
        async with running(api) as second:
            await api.called("getUpdates", 4)
            api.user(1001).says("62 lượt")
            await api.mailbox.emptied()
            assert "62 lượt" in first.stored.texts + second.stored.texts
    assert "conflict" in [entry.get("trouble") for entry in logs]


async def test_stopping_in_the_middle_of_a_long_poll_is_prompt(api: BotApi) -> None:
    async with running(api, poll_timeout=50):
        await api.called("getUpdates")
        began = api.loop_time()
    assert api.loop_time() - began < 1.0


async def test_a_tap_is_answered_only_once_it_is_stored(api: BotApi) -> None:
    async with running(api) as run:
        user = api.user(1001)
        user.says("bc")
        await run.stored.has(1)
        await run.channel.deliver(Outgoing("1001", "Đúng không?", (RIGHT,)))
        run.stored.open.clear()
        user.taps("Đúng")
        await run.stored.is_offered(2)
        assert api.answered == []
        run.stored.open.set()
        await api.called("answerCallbackQuery")
        assert api.answered == ["1"]


async def test_a_tap_too_old_to_answer_is_stored_all_the_same(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    user = api.user(1001)
    user.says("bc")
    async with running(api) as run:
        await run.channel.deliver(Outgoing("1001", "Đúng không?", (RIGHT,)))
        run.stored.open.clear()
        user.taps("Đúng", data="forged:by-hand")
        api.expire_taps()
        run.stored.open.set()
        tap = (await run.stored.has(2))[1]
        await api.called("answerCallbackQuery")
        user.says("xem")
        await run.stored.has(3)
    assert "exception was never retrieved" not in caplog.text
    assert tap.incoming is not None
    assert (tap.incoming.kind, tap.incoming.choice, tap.incoming.at) == ("choice", "forged:by-hand", NOW)


async def test_starting_to_poll_ends_a_webhook_and_keeps_what_waits(api: BotApi) -> None:
    api.mailbox.set_webhook("http://127.0.0.1:9/nobody-there", "", drop=False)
    api.user(1001).says("62 lượt")
    async with running(api) as run:
        await run.stored.has(1)
        assert run.stored.texts == ["62 lượt"]


async def test_the_menu_is_in_vietnamese_for_everyone_and_shorter_in_groups(api: BotApi) -> None:
    async with running(api, polls=False):
        await api.called("setMyCommands", 4)
        await api.called("setMyDescription")
    private, group = api.commands["default", ""], api.commands["all_group_chats", ""]
    assert private == api.commands["default", "vi"]
    assert {"baocao", "xem", "gui", "tiendo", "tonghop", "trogiup"} <= {command["command"] for command in private}
    assert {command["command"] for command in group} == {"tiendo", "tonghop", "trogiup"}
    assert "báo cáo" in api.about["description", ""]


async def test_a_refused_menu_does_not_keep_the_bot_from_starting(api: BotApi, logs: list[Any]) -> None:
    api.faults.add("setMyCommands", "flood", times=4, retry_after=3000)
    async with running(api) as run:
        api.user(1001).says("62 lượt")
        await run.stored.has(1)
        await api.called("setMyShortDescription")
        await api.bell.until(lambda: api.calls["setmycommands"] == 4, 30.0)
        await asyncio.gather(*run.channel._background)
    assert [entry["reasons"] for entry in logs if "reasons" in entry] == [["FloodWait"]]


async def test_the_name_for_deep_links_is_known_after_the_start(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        assert run.channel.account == "@giaoban_bot"


async def failed_start(api: BotApi, **options: Any) -> str:
    run = Running(api, **options)
    with pytest.raises(NotStarted) as caught:
        await run.channel.start()
    assert "\n" not in str(caught.value)
    assert "made-up-token" not in str(caught.value)
    with pytest.raises(NotDelivered) as held:
        await run.channel.deliver(Outgoing("1001", "chào"))
    assert held.value.kind == "wait"
    return str(caught.value)


@pytest.mark.parametrize("token", ["7000001:another-made-up-token", "nonsense", "", " ", "a/b made-up-token"])
async def test_a_wrong_token_names_its_setting(api: BotApi, token: str) -> None:
    assert "TELEGRAM_BOT_TOKEN" in await failed_start(api, telegram_bot_token=token)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "nonsense", "", "http://"])
async def test_an_unreachable_server_names_its_setting(api: BotApi, address: str) -> None:
    assert "TELEGRAM_API_URL" in await failed_start(api, telegram_api_url=address)


@pytest.mark.parametrize("kind", ["502", "not_json", "no_result", "wrong_type", "reset_before", "flood"])
async def test_a_server_that_is_no_bot_api_names_its_setting(api: BotApi, kind: str) -> None:
    api.faults.add("getMe", kind)
    assert "TELEGRAM_API_URL" in await failed_start(api)


async def test_some_other_web_server_names_the_address_and_not_the_token(api: BotApi) -> None:
    other = web.AppRunner(web.Application(), access_log=None)
    await other.setup()
    await web.TCPSite(other, "127.0.0.1", 0).start()
    try:
        problem = await failed_start(api, telegram_api_url="http://{}:{}".format(*other.addresses[0]))
    finally:
        await other.cleanup()
    assert "TELEGRAM_API_URL" in problem
    assert "TELEGRAM_BOT_TOKEN" not in problem


async def test_a_server_that_never_answers_ends_the_start_in_time(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    assert channel.START_LIMIT < 5
    monkeypatch.setattr(channel, "START_LIMIT", 0.05)
    api.faults.add("getMe", "hang_before")
    assert "không trả lời" in await failed_start(api)


async def test_neither_token_nor_texts_reach_a_log(
    api: BotApi, logs: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for kind in ("not_json", "reset_before", "409", "401", "502", "hang_before"):
        api.faults.add("getUpdates", kind, seconds=0.01)
    api.faults.add("sendMessage", "not_json")
    api.user(1001).says("bí mật của Lan")
    api.mailbox.put_raw({"message": {"date": "bí mật của Lan"}})
    async with running(api) as run:
        await run.stored.has(2)
        with pytest.raises(NotDelivered):
            await run.channel.deliver(Outgoing("1001", "bí mật của Lan"))
    written = caplog.text + str(logs)
    assert "polling is held up" in written
    assert api.token not in written
    assert "bí mật" not in written


async def test_a_webhook_update_is_stored_and_confirmed_like_a_polled_one(api: BotApi) -> None:
    run = Running(api, telegram_mode="webhook", telegram_webhook_secret="s3cret")
    app = web.Application()
    app.add_routes(run.channel.routes())
    site = web.AppRunner(app, access_log=None)
    await site.setup()
    await web.TCPSite(site, "127.0.0.1", 0).start()
    run.channel._settings = run.channel._settings.model_copy(
        update={"giaoban_public_url": "http://{}:{}".format(*site.addresses[0])}
    )
    await run.channel.start()
    await run.channel.announce()
    user = api.user(1001)
    user.says("bc")
    await run.deliver(Outgoing("1001", "Đúng không?", (RIGHT,)))
    user.taps("Đúng")
    await run.stored.has(2)
    await api.called("answerCallbackQuery")
    await api.mailbox.emptied()
    await run.channel.stop()
    await site.cleanup()
    assert [incoming.kind for incoming in run.stored.understood] == ["text", "choice"]


async def test_a_refused_webhook_says_so(api: BotApi) -> None:
    address = {"giaoban_public_url": "http://office.example", "telegram_webhook_secret": "s3cret"}
    async with running(api, polls=False, telegram_mode="webhook", **address) as run:
        with pytest.raises(NotStarted, match="GIAOBAN_PUBLIC_URL"):
            await run.channel.announce()


@pytest.mark.parametrize(("mode", "role"), [("poll", "web"), ("webhook", "worker")])
async def test_a_process_that_only_sends_leaves_webhook_and_menu_alone(
    api: BotApi, mode: str, role: ProcessRole
) -> None:
    run = Running(api, telegram_mode=mode, giaoban_public_url="https://office.example")
    await run.channel.start(role)
    await run.channel.announce()
    await run.channel.stop()
    assert dict(api.calls) == {"getme": 1}


async def test_a_check_says_who_the_bot_is_and_has_no_effect(api: BotApi) -> None:
    run = Running(api)
    assert await run.channel.check() == "TELEGRAM_BOT_TOKEN: dùng được, là @giaoban_bot"
    await run.channel.stop()
    assert dict(api.calls) == {"getme": 1}
    assert run.channel.invite_link("CODE") == "https://t.me/giaoban_bot?start=CODE"
    assert run.channel.invite_link("CODE", group=True) == "https://t.me/giaoban_bot?startgroup=CODE"


async def test_groups_are_heard_from_joining_to_moving_to_leaving(api: BotApi) -> None:
    user, group = api.user(1001), api.group(-4004)
    async with running(api) as run:
        group.add_bot(user)
        user.says("nói chuyện riêng", to=group)
        user.says("/tiendo@giaoban_bot", to=group)
        new = group.migrates(-1002003004005)
        new.remove_bot(user)
        await run.stored.has(4)
    assert [(incoming.kind, incoming.chat_id) for incoming in run.stored.understood] == [
        ("joined", "-4004"),
        ("text", "-4004"),
        ("moved", "-4004"),
        ("left", "-1002003004005"),
    ]
