"""The loopback Bot API server keeps Telegram's rules, so that what passes against it may be believed."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from bot_api.control import Control
from bot_api.flood import FloodControl
from bot_api.server import BotApi


class Client:
    """Calls the server as any library would. A call returns (status, answer)."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.api, self.session = api, session

    async def __call__(self, method: str, **params: Any) -> tuple[int, Any]:
        address = f"{self.api.url}/bot{self.api.token}/{method}"
        async with self.session.post(address, json=params) as response:
            return response.status, await response.json()

    async def good(self, method: str, **params: Any) -> Any:
        status, answer = await self(method, **params)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        status, answer = await self(method, **params)
        assert answer["ok"] is False
        assert answer["error_code"] == status
        return status, answer["description"]

    async def ids(self, **params: Any) -> list[int]:
        return [update["update_id"] for update in await self.good("getUpdates", **params)]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(api, session)


async def test_an_update_is_forgotten_only_when_a_higher_offset_comes(api: BotApi, call: Client) -> None:
    first, second, third = (api.user(1001).says(text) for text in ("một", "hai", "ba"))
    assert await call.ids() == [first, second, third]
    assert await call.ids(offset=first) == [first, second, third]
    assert await call.ids(offset=second, limit=1) == [second]
    assert api.mailbox.confirmed == [first]
    assert await call.ids(offset=third + 1) == []
    assert api.swallowed([first, third]) == [second]


async def test_a_negative_offset_keeps_only_the_newest(api: BotApi, call: Client) -> None:
    *forgotten, third, fourth = (api.user(1001).says(text) for text in "abcd")
    assert await call.ids(offset=-2) == [third, fourth]
    assert api.mailbox.confirmed == forgotten


async def test_a_batch_has_at_most_a_hundred_updates(api: BotApi, call: Client) -> None:
    for _ in range(150):
        api.user(1001).says("x")
    assert [len(await call.ids(limit=limit)) for limit in (1, 100, 0, 500)] == [1, 100, 100, 100]


async def test_a_long_poll_waits_for_the_next_update_and_gives_up_in_time(api: BotApi, call: Client) -> None:
    assert await call.ids(timeout=0) == []
    poll = asyncio.create_task(call.ids(timeout=50))
    await api.called("getUpdates", 2)
    number = api.user(1001).says("62 lượt")
    assert await poll == [number]


async def test_a_second_poller_ends_the_first_with_409(api: BotApi, call: Client) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=50))
    await api.called("getUpdates")
    second = asyncio.create_task(call("getUpdates", timeout=50))
    status, answer = await first
    assert status == 409
    assert "terminated by other getUpdates request" in answer["description"]
    api.user(1001).says("62 lượt")
    assert (await second)[0] == 200


async def test_a_webhook_excludes_polling(api: BotApi, call: Client) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await api.called("getUpdates")
    await call.good("setWebhook", url="http://127.0.0.1:9/")
    assert (await poll)[0] == 409
    assert "while webhook is active" in (await call.refused("getUpdates"))[1]
    assert (await call.good("getWebhookInfo"))["url"] == "http://127.0.0.1:9/"
    number = api.user(1001).says("62 lượt")
    await call.good("deleteWebhook")
    assert await call.ids() == [number]
    await call.good("deleteWebhook", drop_pending_updates=True)
    assert await call.ids() == []


async def test_a_webhook_gets_each_update_until_it_says_200(api: BotApi, call: Client) -> None:
    posts: list[tuple[str | None, int]] = []
    answers = [500, 403, 200, 200]

    async def hook(request: web.Request) -> web.Response:
        posts.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), (await request.json())["update_id"]))
        return web.Response(status=answers[len(posts) - 1])

    app = web.Application()
    app.router.add_post("/hook", hook)
    site = web.AppRunner(app, access_log=None)
    await site.setup()
    await web.TCPSite(site, "127.0.0.1", 0).start()
    first, second = api.user(1001).says("một"), api.user(1001).says("hai")
    await call.good("setWebhook", url="http://{}:{}/hook".format(*site.addresses[0]), secret_token="s3cret")
    await api.mailbox.emptied()
    await site.cleanup()
    assert posts == [("s3cret", number) for number in (first, first, first, second)]


async def test_webhooks_must_be_https_and_secrets_plain(call: Client) -> None:
    assert (await call.refused("setWebhook", url="http://office.example/hook"))[0] == 400
    assert (await call.refused("setWebhook", url="https://office.example/", secret_token="bí mật"))[0] == 400


async def test_only_the_kinds_asked_for_are_delivered(api: BotApi, call: Client) -> None:
    await call.ids(allowed_updates=["message"])
    api.user(1001).blocks()
    number = api.user(1001).says("xem")
    assert await call.ids() == [number]


async def test_a_wrong_token_is_401_and_a_senseless_one_or_an_unknown_method_404(api: BotApi, call: Client) -> None:
    assert await call.refused("sendChecklists") == (404, "Not Found")
    api.token = "7000001:taken-back"
    good, api.token = api.token, "7000001:other"
    assert (await call.good("getMe"))["username"] == "giaoban_bot"
    for token, expected in ((good, 401), ("nonsense", 404)):
        async with call.session.get(f"{api.url}/bot{token}/getMe") as response:
            assert (response.status, (await response.json())["error_code"]) == (expected, expected)


async def test_method_names_have_no_case_and_parameters_come_in_any_form(api: BotApi, call: Client) -> None:
    api.user(1001).says("/start")
    address = f"{api.url}/bot{api.token}/SENDmessage"
    markup = json.dumps({"inline_keyboard": [[{"text": "Đúng", "callback_data": "review:ok"}]]})
    for body in ({"json": {"chat_id": 1001, "text": "chào"}}, {"data": {"chat_id": "1001", "text": "chào"}}):
        async with call.session.post(address, **body) as response:
            assert response.status == 200
    form = aiohttp.FormData({"chat_id": "1001", "text": "chào", "reply_markup": markup}, default_to_multipart=True)
    async with call.session.post(address, data=form) as response:
        assert (await response.json())["result"]["reply_markup"]["inline_keyboard"][0][0]["text"] == "Đúng"
    async with call.session.get(f"{address}?chat_id=1001&text=ch%C3%A0o") as response:
        assert (await response.json())["result"]["message_id"] == 5
    async with call.session.post(address, data=b"[", headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400


def buttons(*sizes: int, data: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "b", "callback_data": data}] * size for size in sizes]}


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🌳" * 2049}, "message is too long"),
        ({"reply_markup": buttons(1, data="")}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": buttons(1, data="x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": buttons(1, data="đ" * 33)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": buttons(9)}, "reply markup is too long"),
        ({"reply_markup": buttons(*[8] * 12, 5)}, "reply markup is too long"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "b"}]]}}, "Text buttons are unallowed"),
        ({"reply_markup": "{"}, "can't parse"),
        ({"chat_id": 999}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
    ],
)
async def test_a_message_beyond_a_limit_is_refused(
    api: BotApi, call: Client, params: dict[str, Any], problem: str
) -> None:
    api.user(1001).says("/start")
    status, description = await call.refused("sendMessage", **{"chat_id": 1001, "text": "chào", **params})
    assert status == 400
    assert problem in description
    assert api.sent == []


async def test_a_message_at_every_limit_is_accepted(api: BotApi, call: Client) -> None:
    api.user(1001).says("/start")
    await call.good("sendMessage", chat_id=1001, text="x" * 4096, reply_markup=buttons(8, 8, data="đ" * 32))
    await call.good("sendMessage", chat_id=1001, text="🌳" * 2048, reply_markup=buttons(*[8] * 12, 4))


async def test_people_who_cannot_be_written_to_are_refused_in_telegrams_words(api: BotApi, call: Client) -> None:
    user, group = api.user(1001), api.group(-4004)
    words = []
    for change in (lambda: None, lambda: user.says("hi"), user.blocks, user.unblocks, user.deletes_account):
        change()
        words.append((await call("sendMessage", chat_id=1001, text="chào"))[1].get("description"))
    assert words == [
        "Forbidden: bot can't initiate conversation with a user",
        None,
        "Forbidden: bot was blocked by the user",
        None,
        "Forbidden: user is deactivated",
    ]
    assert await call.refused("sendMessage", chat_id=-4004, text="chào") == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )
    group.add_bot(user)
    await call.good("sendMessage", chat_id=-4004, text="chào")
    group.migrates(-1002003004005)
    assert (await call("sendMessage", chat_id=-4004, text="chào"))[1]["parameters"] == {
        "migrate_to_chat_id": -1002003004005
    }
    await call.good("sendMessage", chat_id=-1002003004005, text="chào")


async def test_a_bot_in_privacy_mode_hears_only_what_is_meant_for_it(api: BotApi, call: Client) -> None:
    user, group = api.user(1001), api.group(-4004)
    user.says("chưa có bot", to=group)
    group.add_bot(user)
    await call.ids(offset=api.mailbox.next_id)
    heard = [user.says(text, to=group) for text in ("nói chuyện", "/tiendo", "@Giaoban_Bot tonghop")]
    assert heard[0] is None
    assert await call.ids() == heard[1:]
    api.hears_groups = True
    assert user.says("nói chuyện", to=group) is not None


async def test_a_tap_can_be_answered_once_and_not_too_late(api: BotApi, call: Client) -> None:
    user = api.user(1001)
    user.says("/start")
    await call.good("sendMessage", chat_id=1001, text="Đúng?", reply_markup=buttons(1, data="review:ok"))
    user.taps("b")
    user.taps("b", data="forged")
    *_, tap, forged = [update.get("callback_query") for update in await call.good("getUpdates")]
    assert (tap["data"], forged["data"], tap["message"]["text"]) == ("review:ok", "forged", "Đúng?")
    assert (await call.refused("answerCallbackQuery", callback_query_id=tap["id"], text="x" * 201))[0] == 400
    await call.good("answerCallbackQuery", callback_query_id=tap["id"])
    assert "query is too old" in (await call.refused("answerCallbackQuery", callback_query_id=tap["id"]))[1]
    api.expire_taps()
    assert "query is too old" in (await call.refused("answerCallbackQuery", callback_query_id=forged["id"]))[1]
    with pytest.raises(AssertionError, match="no button"):
        user.taps("Không có")


async def test_an_edited_message_changes_its_text_and_keyboard(api: BotApi, call: Client) -> None:
    user = api.user(1001)
    user.says("/start")
    sent = await call.good("sendMessage", chat_id=1001, text="Đúng?", reply_markup=buttons(1))
    edit = {"chat_id": 1001, "message_id": sent["message_id"]}
    await call.good("editMessageText", **edit, text="Đã ghi")
    assert (user.messages[0].text, user.messages[0].labels) == ("Đã ghi", [])
    assert "not modified" in (await call.refused("editMessageText", **edit, text="Đã ghi"))[1]
    assert "not found" in (await call.refused("editMessageText", chat_id=1001, message_id=99, text="x"))[1]


async def test_the_menu_is_kept_by_scope_and_language_and_checked(api: BotApi, call: Client) -> None:
    command = {"command": "xem", "description": "Xem lại bản nháp"}
    await call.good("setMyCommands", commands=[command], language_code="vi", scope={"type": "all_group_chats"})
    assert api.commands == {("all_group_chats", "vi"): [command]}
    for wrong in ({**command, "command": "Xem"}, {**command, "description": ""}):
        assert (await call.refused("setMyCommands", commands=[wrong]))[0] == 400
    assert (await call.refused("setMyCommands", commands=[command] * 101))[0] == 400
    assert (await call.refused("setMyShortDescription", short_description="x" * 121))[0] == 400
    await call.good("setMyDescription", description="x" * 512)
    await call.good("setChatMenuButton", menu_button={"type": "commands"})


async def test_a_file_from_a_person_can_be_downloaded(api: BotApi, call: Client) -> None:
    api.user(1001).sends_document("bao cao.txt", b"62 l\xc6\xb0\xe1\xbb\xa3t")
    (update,) = await call.good("getUpdates")
    file = await call.good("getFile", file_id=update["message"]["document"]["file_id"])
    async with call.session.get(f"{api.url}/file/bot{api.token}/{file['file_path']}") as response:
        assert await response.text() == "62 lượt"
    async with call.session.get(f"{api.url}/file/bot{api.token}/documents/9/x") as response:
        assert response.status == 404
    assert (await call.refused("getFile", file_id="none"))[0] == 400
    assert (await call.good("getChat", chat_id=1001))["type"] == "private"


def test_flood_control_allows_a_burst_and_then_one_a_second_per_chat() -> None:
    flood = FloodControl(per_chat=1, burst=3)
    assert [flood.retry_after(1001, 0.0) for _ in range(5)] == [0, 0, 0, 1, 1]
    assert flood.retry_after(1002, 0.0) == 0
    assert [flood.retry_after(1001, 1.0), flood.retry_after(1001, 1.0)] == [0, 1]


def test_flood_control_allows_twenty_a_minute_per_group() -> None:
    flood = FloodControl()
    assert [flood.retry_after(-5, second * 2.0) for second in range(20)] == [0] * 20
    assert flood.retry_after(-5, 40.0) == 20
    assert flood.retry_after(-5, 60.0) == 0


def test_flood_control_allows_thirty_a_second_overall() -> None:
    flood = FloodControl()
    assert [flood.retry_after(chat, 0.0) for chat in range(31)] == [0] * 30 + [1]
    assert flood.retry_after(31, 1.0) == 0


async def test_flood_control_is_off_until_asked_for(api: BotApi, call: Client) -> None:
    api.user(1001).says("/start")
    for _ in range(40):
        await call.good("sendMessage", chat_id=1001, text="chào")
    api.flood = FloodControl(burst=1)
    await call.good("sendMessage", chat_id=1001, text="chào")
    status, answer = await call("sendMessage", chat_id=1001, text="chào")
    assert (status, answer["parameters"]) == (429, {"retry_after": 1})


async def test_a_fault_strikes_once_and_only_the_chat_it_is_meant_for(api: BotApi, call: Client) -> None:
    for user_id in (1001, 1002):
        api.user(user_id).says("/start")
    api.faults.add("sendMessage", "flood", chat=1002, retry_after=9)
    await call.good("sendMessage", chat_id=1001, text="chào")
    assert (await call("sendMessage", chat_id=1002, text="chào"))[1]["parameters"] == {"retry_after": 9}
    await call.good("sendMessage", chat_id="1002", text="chào")
    with pytest.raises(ValueError, match="no fault"):
        api.faults.add("sendMessage", "earthquake")


@pytest.mark.parametrize(("fault", "arrives"), [("reset_before", False), ("reset_after", True)])
async def test_a_reset_comes_before_or_after_the_message_was_accepted(
    api: BotApi, call: Client, fault: str, arrives: bool
) -> None:
    api.user(1001).says("/start")
    api.faults.add("sendMessage", fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=1001, text="chào")
    assert bool(api.sent) is arrives


async def test_waiting_for_a_message_that_does_not_come_says_what_came(api: BotApi, call: Client) -> None:
    user = api.user(1001)
    user.says("/start")
    await call.good("sendMessage", chat_id=1001, text="một")
    with pytest.raises(AssertionError, match="một"):
        await user.receives("hai", within=0.01)
    waiting = asyncio.create_task(user.receives("hai"))
    await call.good("sendMessage", chat_id=1001, text="hai")
    assert (await waiting).text == "hai"
    assert user.unread == []


async def test_people_do_on_the_wire_what_their_verbs_say(api: BotApi, call: Client) -> None:
    user = api.user(1001, "Lan")
    user.says("/start 7K4M2Q")
    user.edits("4 buổi", message_id=1)
    user.sends_sticker()
    user.sends(voice={"file_id": "v", "file_unique_id": "u", "duration": 2})
    user.blocks()
    text, edited, sticker, voice, blocked = await call.good("getUpdates")
    assert text["message"]["entities"][0] == {"type": "bot_command", "offset": 0, "length": 6}
    assert (edited["edited_message"]["message_id"], edited["edited_message"]["text"]) == (1, "4 buổi")
    assert "sticker" in sticker["message"]
    assert "voice" in voice["message"]
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_another_process_can_play_the_people_over_http() -> None:
    api = BotApi()
    await api.start(Control(api).app())
    async with aiohttp.ClientSession() as session:
        try:
            await play_over_http(api, session)
        finally:
            await api.stop()


async def play_over_http(api: BotApi, session: aiohttp.ClientSession) -> None:
    call = Client(api, session)

    async def control(verb: str, /, **asked: Any) -> Any:
        async with session.post(f"{api.url}/control/{verb}", json=asked) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def ask(path: str) -> Any:
        async with session.get(f"{api.url}/control/{path}") as response:
            return await response.json()

    said = await control("act", user=1001, name="Lan", do="says", text="bc")
    assert await call.ids() == [said["update"]]
    waiting = asyncio.create_task(ask("sent?after=0&wait=5"))
    await call.good("sendMessage", chat_id=1001, text="Đúng?", reply_markup=buttons(1))
    seen = await waiting
    assert (seen["next"], seen["sent"][0]["text"], seen["sent"][0]["labels"]) == (1, "Đúng?", ["b"])
    assert await ask("sent?after=1") == {"sent": [], "next": 1}
    tap = await control("act", user=1001, do="taps", text="b")
    joined = await control("group", group=-4004, user=1001, do="add_bot")
    raw = await control("update", message="?")
    assert (await ask("state"))["unconfirmed"] == [
        said["update"],
        tap["update"],
        joined["update"],
        joined["update"] + 1,
        raw["update"],
    ]
    await control("fault", method="sendMessage", kind="502", times=2)
    await control("flood", burst=1)
    assert (await ask("state"))["faults"] == 2
    async with session.post(f"{api.url}/control/act", json={"user": 1001, "do": "taps", "text": "z"}) as refused:
        assert refused.status == 409


async def test_the_server_runs_as_a_process_of_its_own_and_ends_on_a_signal() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot_api", "--token", "5:abc", cwd=Path(__file__).parent, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{address}/bot5:abc/getMe") as response:
        assert (await response.json())["result"]["id"] == 5
    process.terminate()
    assert await process.wait() == 0
