"""Messages leave for Telegram as it wants them, and every failure says honestly whether one may have arrived."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from bot_api.bell import PATIENCE
from bot_api.faults import AFTER, BEFORE
from bot_api.running import not_delivered, running
from bot_api.server import BotApi
from telegram import Bot

from bot.channels.telegram.http import AiohttpRequest, NotSent
from bot.channels.telegram.sending import TEXT_LIMIT, FloodWatch, bold_entities, keyboard
from handlers.messages import Choice, Outgoing
from scheduler.sending.parts import split_text

YES, NO = Choice("Đồng ý", "consent:yes"), Choice("Từ chối", "consent:no")
LONG = Choice("Như kỳ trước, trừ cây xanh", "section:same")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.user(1001).says("/start")
        yield server


async def test_a_message_arrives_as_plain_text_without_a_link_preview(api: BotApi) -> None:
    text = "*1.028* đơn vị máu <b> _x_ https://example.vn"
    async with running(api, polls=False) as run:
        external_id = await run.deliver(Outgoing("1001", text))
    sent = await api.user(1001).receives(text)
    assert external_id == str(sent.message_id)
    assert "parse_mode" not in api.last["sendmessage"]
    assert api.last["sendmessage"]["link_preview_options"] == {"is_disabled": True}


def test_short_labels_stand_two_in_a_row_and_long_ones_alone() -> None:
    def rows(*choices: Choice) -> list[list[str]]:
        return [[button["text"] for button in row] for row in keyboard(choices)["inline_keyboard"]]

    assert rows(YES, NO) == [["Đồng ý", "Từ chối"]]
    assert rows(YES, NO, YES) == [["Đồng ý", "Từ chối"], ["Đồng ý"]]
    assert rows(YES, LONG) == [["Đồng ý"], [LONG.label]]


async def test_a_pinned_post_is_changed_where_it_stands_and_known_to_be_gone(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        key = await run.deliver(Outgoing("1001", "0/15", (YES,), pin=True))
        for _ in range(2):  # once more what it says already
            assert await run.deliver(Outgoing("1001", "1/15", (YES,), edits=key)) == key
        sent = await api.user(1001).receives("1/15")
        assert sent.edits == 1
        assert sent.pinned
        assert (await not_delivered(run, Outgoing("1001", "2/15", edits="4040"))).kind == "gone"


async def test_a_button_sends_back_its_data(api: BotApi) -> None:
    async with running(api) as run:
        await run.stored.has(1)
        await run.deliver(Outgoing("1001", "Đồng ý không?", (YES, NO)))
        api.user(1001).taps("Từ chối")
        await run.stored.has(2)
        assert run.stored.understood[1].choice == "consent:no"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"Chi đoàn thôn {number}: 92.000 cây xanh" for number in range(400)),
        "x" * 10_000,
        "từ " * 4_000,
        "🌳" * 5_000,
        "a" + "\u0301" * 9_000,
        "\n" * 5_000 + "cuối",
        "x" * 4096 + "\n" + "y" * 4096,
    ],
    ids=["lines", "one word", "words", "beyond the basic plane", "diacritics", "blank lines", "exact lines"],
)
async def test_a_long_text_arrives_whole_in_parts_the_server_accepts(api: BotApi, text: str) -> None:
    async with running(api, polls=False) as run:
        external_id = await run.deliver(Outgoing("1001", text, (YES, NO)))
    parts = api.user(1001).unread
    assert "".join("".join(part.text for part in parts).split()) == "".join(text.split())
    assert external_id == str(parts[-1].message_id)
    assert [part.labels for part in parts] == [[]] * (len(parts) - 1) + [["Đồng ý", "Từ chối"]]


FAULTS = {
    "flood": "wait",
    "400": "refused",
    "413": "refused",
    "500": "unknown",
    "502": "unknown",
    "504": "unknown",
    "401": "wait",
    "409": "unknown",
    "reset_before": "unknown",
    "hang_before": "unknown",
    "blocked": "unreachable",
    "deactivated": "unreachable",
    "kicked": "unreachable",
    "chat_not_found": "unreachable",
    "migrated": "moved",
    "reset_after": "unknown",
    "hang_after": "unknown",
    "502_after": "unknown",
    "504_after": "unknown",
    "not_json": "unknown",
    "no_result": "unknown",
    "wrong_type": "unknown",
}


@pytest.mark.parametrize(("fault", "kind"), FAULTS.items())
async def test_a_fault_of_the_server_means_this_for_the_message(api: BotApi, fault: str, kind: str) -> None:
    api.faults.add("sendMessage", fault, chat=1001, retry_after=7, moved_to=-1002003004005)
    async with running(api, polls=False) as run:
        patience, run.channel._read_timeout = run.channel._read_timeout, 0.05 if "hang" in fault else PATIENCE
        failed = await not_delivered(run, Outgoing("1001", "chào"))
        assert failed.kind == kind
        assert api.faults.left() == 0
        assert api.token not in failed.reason
        # What is called "wait" must not have arrived, and only "unknown" may have.
        arrived = [sent.text for sent in api.sent]
        assert arrived == (["chào"] if fault in AFTER else [])
        run.channel._read_timeout = patience
        await run.deliver(Outgoing("1001", "sau sự cố"))


def test_every_fault_the_server_can_play_is_tried() -> None:
    assert FAULTS.keys() == (BEFORE | AFTER) - {"delay"}


async def test_a_late_answer_within_the_timeout_is_a_delivery(api: BotApi) -> None:
    api.faults.add("sendMessage", "delay", seconds=0.02)
    async with running(api, polls=False) as run:
        assert await run.deliver(Outgoing("1001", "chào")) == "2"


async def test_flood_control_says_how_long_to_wait_even_when_that_is_a_day(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        for seconds in (7, 86_400):
            api.faults.add("sendMessage", "flood", retry_after=seconds)
            failed = await not_delivered(run, Outgoing("1001", "chào"))
            assert (failed.retry_after, failed.whole_bot) == (seconds, False)


async def test_a_moved_group_says_where_to(api: BotApi) -> None:
    user, group = api.user(1001), api.group(-4004)
    group.add_bot(user)
    group.migrates(-1002003004005)
    async with running(api, polls=False) as run:
        failed = await not_delivered(run, Outgoing("-4004", "tổng hợp"))
        assert (failed.kind, failed.moved_to) == ("moved", "-1002003004005")
        assert await run.deliver(Outgoing(failed.moved_to, "tổng hợp"))


async def test_people_and_groups_that_cannot_be_reached_are_told_apart_from_bad_messages(api: BotApi) -> None:
    gone, stranger, blocker = api.user(1002), api.user(1003), api.user(1004)
    gone.says("bc")
    gone.deletes_account()
    blocker.says("bc")
    blocker.blocks()
    outside = api.group(-4005)
    async with running(api, polls=False) as run:
        for chat_id in (gone.id, stranger.id, blocker.id, outside.id, 999):
            failed = await not_delivered(run, Outgoing(str(chat_id), "nhắc báo cáo"))
            assert failed.kind == "unreachable"
        for message in (
            Outgoing("1001", " \n "),
            Outgoing("1001", "chọn", (Choice("Đúng", "x" * 65),)),
            Outgoing("1001", "chọn", (Choice("Đúng", "x"),) * 101),
        ):
            assert (await not_delivered(run, message)).kind == "refused"


async def test_a_server_that_cannot_be_reached_makes_the_whole_bot_wait(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        await api.stop()
        failed = await not_delivered(run, Outgoing("1001", "chào"))
    assert (failed.kind, failed.whole_bot) == ("wait", True)
    assert failed.retry_after > 0
    assert api.token not in failed.reason


async def test_a_token_taken_back_makes_the_whole_bot_wait(api: BotApi) -> None:
    async with running(api, polls=False) as run:
        api.token = "7000001:a-new-made-up-token"
        failed = await not_delivered(run, Outgoing("1001", "chào"))
    assert (failed.kind, failed.whole_bot) == ("wait", True)


def test_flood_control_of_three_chats_at_once_is_the_whole_bots() -> None:
    watch = FloodWatch()
    assert [watch.whole_bot("1", 0), watch.whole_bot("1", 1), watch.whole_bot("1", 2)] == [False] * 3
    assert [watch.whole_bot("2", 3), watch.whole_bot("3", 4)] == [False, True]
    assert not watch.whole_bot("4", 20)


TWO_PARTS = Outgoing("1001", "một\n" + "x" * 4090 + "\nhai", (YES, NO))


async def test_the_second_part_waits_out_a_short_flood_instead_of_sending_the_first_again(
    api: BotApi,
) -> None:
    async with running(api, polls=False) as run:
        api.faults.add("sendMessage", "delay", seconds=0)
        api.faults.add("sendMessage", "flood", retry_after=3, times=2)
        await run.deliver(TWO_PARTS)
    assert [sent.text for sent in api.sent] == split_text(TWO_PARTS.text, TEXT_LIMIT, "utf16")
    assert run.pauses == [3, 3]


@pytest.mark.parametrize(
    ("fault", "kind"), [("502", "unknown"), ("flood", "unknown"), ("blocked", "unreachable"), ("migrated", "unknown")]
)
async def test_a_message_of_which_a_part_arrived_is_never_called_unsent(api: BotApi, fault: str, kind: str) -> None:
    async with running(api, polls=False) as run:
        api.faults.add("sendMessage", "delay", seconds=0)
        api.faults.add("sendMessage", fault, retry_after=3600)
        failed = await not_delivered(run, TWO_PARTS)
    assert failed.kind == kind
    assert "part 2 of 2" in failed.reason
    assert len(api.sent) == 1
    assert run.pauses == []


async def test_files_go_up_and_come_down_over_the_same_requests(api: BotApi) -> None:
    content = bytes(range(256)) * 100
    async with aiohttp.ClientSession() as session:
        request = AiohttpRequest(session)
        address = f"{api.url}/bot", f"{api.url}/file/bot"
        bot = Bot(api.token, *address, request=request, get_updates_request=AiohttpRequest(session))
        sent = await bot.send_document(1001, content, filename="phụ lục.xlsx", caption="Quý I")
        assert sent.document is not None
        file = await bot.get_file(sent.document.file_id)
        assert bytes(await file.download_as_bytearray()) == content
    assert [(message.document, message.text) for message in api.sent] == [("phụ lục.xlsx", "Quý I")]


async def test_waiting_in_vain_for_a_free_connection_means_not_sent(api: BotApi) -> None:
    api.faults.add("getMe", "hang_before")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        request = AiohttpRequest(session, connect=0.01, pool=0.01)
        address = f"{api.url}/bot{api.token}/getMe"
        hanging = asyncio.create_task(request.do_request(address, "POST"))
        await api.called("getMe")
        with pytest.raises(NotSent):
            await request.do_request(address, "POST")
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
    assert api.calls["getme"] == 1


async def test_headings_are_bold_lines_placed_as_telegram_counts(api: BotApi) -> None:
    text = "Báo cáo 🌳 quý I\n\nI. Công tác 𝐀\n120 cây xanh"
    assert bold_entities(text, ("Báo cáo 🌳 quý I", "I. Công tác 𝐀")) == [
        {"type": "bold", "offset": 0, "length": 16},
        {"type": "bold", "offset": 18, "length": 14},
    ]
    async with running(api, polls=False) as run:
        await run.channel.deliver(Outgoing("1001", text, bold=("I. Công tác 𝐀",)))
    assert api.last["sendmessage"]["entities"] == [{"type": "bold", "offset": 18, "length": 14}]
