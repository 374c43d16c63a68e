"""The chat page over HTTP: what it shows, what it hands in, and whom it refuses."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.channels.local.channel import Local
from bot.channels.local.chat_page import ChatPage, Face, Stop, in_words
from bot.channels.local.page_requests import TEXT_LIMIT
from bot.channels.local_zalo.channel import LocalZalo
from bot.clock import MovableClock
from handlers.messages import Choice, File, Incoming, Outgoing
from reporting.time.calendar import at
from storage.database import Database, StorageUnavailable

START = at(date(2026, 4, 2), 8)
MONDAY = at(date(2026, 4, 6), 7)
LAN = "/api/chats/lan/messages"
ID = "0f8fad5bd9cb469fa165"
FACES = [
    Face("lan", "Nguyễn Thị Lan", "Bí thư Chi đoàn thôn Đông", "Bí thư chi đoàn", beside="zalo:lan"),
    Face("group:cum-2", "Cụm thi đua số 2", "", "Nhóm cụm"),
]


@dataclass
class Demo:
    """A page among fakes: an inbox that keeps what it gets, a move that only moves the clock."""

    client: TestClient[web.Request, web.Application]
    local: Local
    clock: MovableClock
    received: list[Incoming] = field(default_factory=list)
    full: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.client.get(path, headers=headers) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        async with self.client.post(path, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def texts(self, chat: str = "lan") -> list[str]:
        _, answer = await self.get(f"/api/chats/{chat}/messages")
        return [message["text"] for message in answer["messages"]]


@pytest.fixture
def engine() -> str:
    """SQLite alone: the demo runs on it."""
    return "sqlite"


@pytest.fixture
def db(database: Database) -> Database:
    return database


@pytest.fixture
async def demo(db: Database) -> AsyncIterator[Demo]:
    clock = MovableClock(START, held=True)
    local = Local(db, clock.now)

    async def receive(incoming: Incoming) -> None:
        if demo.full:
            raise StorageUnavailable("the disk is full")
        demo.received.append(incoming)

    async def people() -> list[Face]:
        return FACES

    async def stops() -> list[Stop]:
        stop = Stop("monday", "đến sáng thứ Hai 06/4", MONDAY)
        return [stop] if clock.now() < MONDAY else []

    async def move(to: datetime) -> None:
        await demo.gate.wait()
        clock.move_to(to)
        await local.deliver(Outgoing("group:cum-2", "Cụm thi đua số 2, 12/15 đơn vị."))

    page = ChatPage(
        local=local, db=db, clock=clock, receive=receive, people=people, stops=stops, move=move,
        beside=LocalZalo(db, clock.now),
    )  # fmt: skip
    app = web.Application()
    app.add_routes(page.routes())
    app.on_shutdown.append(page.stop)
    async with TestClient(TestServer(app)) as client:
        demo = Demo(client, local, clock)
        demo.gate.set()
        yield demo


async def test_the_page_and_its_files_come_from_the_program_alone(demo: Demo) -> None:
    for path, kind in {
        "/": "text/html",
        "/page/chat.js": "text/javascript",
        "/page/chat.css": "text/css",
        "/page/icon.svg": "image/svg+xml",
    }.items():
        async with demo.client.get(path) as response:
            assert response.status == 200
            assert response.content_type == kind
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            text = await response.text()
            assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
            assert "innerHTML" not in text


async def test_a_file_is_shown_beside_its_line_and_served_to_nobody_who_has_not_seen_it(demo: Demo) -> None:
    calendar, picture = b"BEGIN:VCALENDAR", b"\x89PNG\r\n"
    await demo.local.deliver(Outgoing("group:cum-2", "Giao ban.", file=File("giao-ban-C2.ics", calendar)))
    await demo.local.deliver(Outgoing("group:cum-2", "Lịch.", file=File("lich 4.png", picture, picture=True)))
    await demo.local.deliver(Outgoing("group:cum-2", "Không có tệp."))
    _, answer = await demo.get("/api/chats/group:cum-2/messages")
    first, second, third = [message["file"] for message in answer["messages"]]
    assert (first["name"], first["picture"], second["picture"], third) == ("giao-ban-C2.ics", False, True, None)
    for file, content, kind in ((first, calendar, "application/octet-stream"), (second, picture, "image/png")):
        async with demo.client.get(URL(file["url"], encoded=True)) as response:
            assert (response.status, await response.read(), response.content_type) == (200, content, kind)
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert ("Content-Disposition" in response.headers) == (not file["picture"])
    mark = first["url"].split("/")[5]
    for path in (
        f"/api/chats/lan/files/{mark}/giao-ban-C2.ics",
        f"/api/chats/group:cum-2/files/{mark}/other.html",
        f"/api/chats/group:cum-2/files/{mark[:-1]}{'y' if mark[-1] == 'x' else 'x'}/giao-ban-C2.ics",
    ):
        assert (await demo.get(path))[0] == 404
    status, _ = await demo.get(first["url"], Host="evil.example")
    assert status == 403


@pytest.mark.parametrize("name", ["chat_page.py", "..%2Fchat_page.py", "chat.html", "%2Fetc%2Fpasswd", "x"])
async def test_no_other_file_is_served(demo: Demo, name: str) -> None:
    async with demo.client.get(f"/page/{name}") as response:
        assert response.status == 404


async def test_the_state_names_people_the_time_the_stops_and_the_bots_newest_messages(demo: Demo) -> None:
    await demo.local.say("lan", "Nguyễn Thị Lan", "bc")
    await demo.local.deliver(Outgoing("lan", "Câu 1/12."))
    await demo.local.deliver(Outgoing("someone-else", "Ngoài danh sách."))
    status, state = await demo.get("/api/state")
    assert status == 200
    assert state["people"][0] == {
        "chat_id": "lan",
        "speaker": "",
        "name": "Nguyễn Thị Lan",
        "title": "Bí thư Chi đoàn thôn Đông",
        "part": "Bí thư chi đoàn",
        "first": "Đồng chí nhắn bc để bắt đầu báo cáo, hoặc trogiup để xem cách dùng.",
        "group": False,
        "beside": "zalo:lan",
    }
    assert state["people"][1]["group"] is True
    assert state["clock"] == {
        "now": "2026-04-02T01:00:00+00:00",
        "text": "08:00 thứ Năm 02/4/2026",
        "local": "2026-04-02T08:00",
    }
    assert [(stop["id"], stop["text"]) for stop in state["stops"]] == [("monday", "07:00 thứ Hai 06/4/2026")]
    assert state["unread"] == {"lan": 2}


async def test_a_written_message_stands_in_the_chat_and_goes_to_the_inbox_as_it_is(demo: Demo) -> None:
    assert await demo.post(LAN, {"id": ID, "text": "3 buổi,\n62 lượt"}) == (200, {})
    assert await demo.texts() == ["3 buổi,\n62 lượt"]
    [incoming] = demo.received
    assert incoming == Incoming(
        channel="local",
        bot="local",
        message_id=ID,
        chat_id="lan",
        chat_kind="private",
        sender_id="lan",
        sender_name="Nguyễn Thị Lan",
        kind="text",
        at=START,
        text="3 buổi,\n62 lượt",
    )


async def test_a_tapped_button_hands_in_its_data_and_shows_its_label(demo: Demo) -> None:
    body = {"id": ID, "choice": "none:meetings", "label": "Không phát sinh"}
    assert await demo.post(LAN, body) == (200, {})
    assert await demo.texts() == ["Không phát sinh"]
    assert (demo.received[0].kind, demo.received[0].choice, demo.received[0].text) == ("choice", "none:meetings", "")


async def test_in_a_group_a_member_speaks(demo: Demo) -> None:
    await demo.post("/api/chats/group:cum-2/messages", {"id": ID, "text": "tiendo"})
    [incoming] = demo.received
    assert (incoming.chat_kind, incoming.sender_id, incoming.sender_name) == ("group", "guest", "Thành viên cụm")


async def test_a_repeated_request_is_one_line_and_keeps_its_message_id(demo: Demo) -> None:
    for _ in range(2):
        await demo.post(LAN, {"id": ID, "text": "bc"})
    assert await demo.texts() == ["bc"]
    assert {incoming.message_id for incoming in demo.received} == {ID}  # the inbox keeps the first


async def test_messages_carry_buttons_and_the_time_in_viet_nam(demo: Demo) -> None:
    await demo.local.deliver(Outgoing("lan", "Đúng chưa?", (Choice("Đúng", "ok:1"),)))
    _, answer = await demo.get(LAN)
    assert answer["messages"] == [
        {
            "id": 1,
            "mark": answer["messages"][0]["mark"],
            "bot": True,
            "sender": "bot",
            "text": "Đúng chưa?",
            "bold": [],
            "choices": [{"label": "Đúng", "data": "ok:1"}],
            "file": None,
            "time": "08:00",
            "day": "thứ Năm 02/4",
        }
    ]
    assert (await demo.get(f"{LAN}?after=1"))[1] == {"messages": []}


async def test_a_waiting_page_gets_the_answer_as_it_comes(demo: Demo) -> None:
    waiting = asyncio.create_task(demo.get(f"{LAN}?after=0&wait=25"))
    await demo.local.deliver(Outgoing("lan", "Chào đồng chí Lan."))
    async with asyncio.timeout(20):
        _, answer = await waiting
    assert [message["text"] for message in answer["messages"]] == ["Chào đồng chí Lan."]


async def test_a_page_that_follows_all_chats_hears_of_news_in_another_one(demo: Demo) -> None:
    _, state = await demo.get("/api/state")
    waiting = asyncio.create_task(demo.get(f"/api/state?news={state['news']}&wait=25"))
    await demo.local.deliver(Outgoing("group:cum-2", "Cụm thi đua số 2."))
    async with asyncio.timeout(20):
        _, fresh = await waiting
    assert fresh["unread"] == {"group:cum-2": 1}
    assert fresh["news"] != state["news"]
    assert fresh["run"] == state["run"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": ID},
        {"text": "bc"},
        {"id": "short", "text": "bc"},
        {"id": 12345678, "text": "bc"},
        {"id": "a b c d e f", "text": "bc"},
        {"id": ID, "text": ""},
        {"id": ID, "text": " \n "},
        {"id": ID, "text": 7},
        {"id": ID, "text": "x" * (TEXT_LIMIT + 1)},
        {"id": ID, "text": "a\x00b"},
        {"id": ID, "choice": "ok:1"},
        {"id": ID, "choice": "", "label": "Đúng"},
        {"id": ID, "choice": "x" * 65, "label": "Đúng"},
        {"id": ID, "choice": "đúng", "label": "Đúng"},
        {"id": ID, "choice": None, "label": "Đúng"},
        [],
        "bc",
        None,
    ],
)
async def test_a_wrong_body_is_refused_in_one_line_and_nothing_is_kept(demo: Demo, body: object) -> None:
    status, answer = await demo.post(LAN, body)
    assert status == 400
    assert list(answer) == ["error"]
    assert answer["error"]
    assert "\n" not in answer["error"]
    assert await demo.texts() == []
    assert demo.received == []


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff\xfe", b"[" * 9000, rb'{"id": "0f8fad5bd9cb", "text": "\ud83d"}', b" " * 20_000]
)
async def test_a_body_that_cannot_be_read_is_refused(demo: Demo, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with demo.client.post(LAN, data=raw, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["error"]
    assert demo.received == []


async def test_the_longest_text_of_the_widest_letters_still_fits(demo: Demo) -> None:
    body = {"id": ID, "text": "ữ" * TEXT_LIMIT}
    raw = json.dumps(body, ensure_ascii=False).encode()
    async with demo.client.post(LAN, data=raw, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 200
    assert demo.received[0].text == body["text"]


async def test_the_page_cuts_no_text_short_and_the_bot_refuses_one_too_long_whole(demo: Demo) -> None:
    async with demo.client.get("/") as response:
        page = await response.text()
        assert "<textarea" in page
        assert "maxlength" not in page, "a number cut in two would be read as another one"
    status, answer = await demo.post(LAN, {"id": ID, "text": "Trồng 1250 cây xanh. " * 1_000})
    assert (status, demo.received) == (400, [])
    assert answer["error"] == "Tin nhắn dài quá 20000 ký tự, đồng chí gửi thành nhiều tin."


async def test_nobody_can_write_or_read_in_a_chat_that_is_not_listed(demo: Demo) -> None:
    await demo.local.deliver(Outgoing("stranger", "Riêng tư."))
    assert (await demo.post("/api/chats/stranger/messages", {"id": ID, "text": "bc"}))[0] == 404
    assert (await demo.get("/api/chats/stranger/messages"))[0] == 404
    assert demo.received == []


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:1", "null", "http://", "https://localhost"]
)
async def test_another_sites_page_can_post_nothing(demo: Demo, origin: str) -> None:
    assert (await demo.post(LAN, {"id": ID, "text": "bc"}, Origin=origin))[0] == 403
    assert (await demo.post("/api/clock", {"to": "monday"}, Origin=origin))[0] == 403
    assert demo.received == []
    assert demo.clock.now() == START


async def test_the_page_itself_can_post(demo: Demo) -> None:
    origin = str(demo.client.make_url("/")).rstrip("/")
    assert (await demo.post(LAN, {"id": ID, "text": "bc"}, Origin=origin))[0] == 200


async def test_a_form_of_another_site_is_refused_for_its_content_type(demo: Demo) -> None:
    raw = json.dumps({"id": ID, "text": "bc"})
    async with demo.client.post(LAN, data=raw, headers={"Content-Type": "text/plain"}) as response:
        assert response.status == 400
    assert demo.received == []


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "10.0.0.9", "localhost.evil.example", "", "[", "a@127.0.0.1.evil"]
)
async def test_a_name_that_only_resolves_here_reads_nothing(demo: Demo, host: str) -> None:
    for path in ("/", "/api/state", LAN, "/page/chat.js"):
        async with demo.client.get(path, headers={"Host": host}) as response:
            assert response.status in (400, 403)
            assert "Lan" not in await response.text()


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST"])
async def test_the_machines_own_names_are_let_in(demo: Demo, host: str) -> None:
    assert (await demo.get("/api/state", Host=host))[0] == 200


async def test_moving_the_clock_brings_news_to_the_right_chat(demo: Demo) -> None:
    assert await demo.post("/api/clock", {"to": "monday"}) == (200, {"text": "07:00 thứ Hai 06/4/2026"})
    assert await demo.texts("group:cum-2") == ["Cụm thi đua số 2, 12/15 đơn vị."]
    assert await demo.texts("lan") == []
    _, state = await demo.get("/api/state")
    assert state["stops"] == []
    assert state["clock"]["text"] == "07:00 thứ Hai 06/4/2026"


@pytest.mark.parametrize("to", ["2026-04-03T07:00", "2026-04-03T07:00+07:00", "2026-04-03T00:00Z"])
async def test_the_clock_can_be_moved_to_any_later_instant(demo: Demo, to: str) -> None:
    assert (await demo.post("/api/clock", {"to": to}))[0] == 200
    assert demo.clock.now() == at(date(2026, 4, 3), 7)


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("2026-04-02T07:59", 409),
        ("yesterday", 409),
        ("0001-01-01T00:00", 409),
        ("2036-04-02T08:00", 400),
        ("9999-12-31T23:59", 400),
        (None, 400),
        (5, 400),
    ],
)
async def test_the_clock_goes_neither_back_nor_too_far_nor_nowhere(demo: Demo, to: object, status: int) -> None:
    answered, body = await demo.post("/api/clock", {"to": to})
    assert answered == status
    assert body["error"]
    assert demo.clock.now() == START


async def test_a_stop_that_has_passed_is_refused(demo: Demo) -> None:
    demo.clock.move_to(MONDAY + timedelta(hours=1))
    status, body = await demo.post("/api/clock", {"to": "monday"})
    assert (status, body) == (409, {"error": "Mốc này không còn. Đồng chí chọn lại trong danh sách."})


async def test_the_clock_is_moved_by_one_at_a_time(demo: Demo) -> None:
    demo.gate.clear()
    _, state = await demo.get("/api/state")
    first = asyncio.create_task(demo.post("/api/clock", {"to": "monday"}))
    _, state = await demo.get(f"/api/state?news={state['news']}&wait=25")
    assert state["moving"] is True
    assert (await demo.post("/api/clock", {"to": "monday"}))[0] == 409
    demo.gate.set()
    assert (await first)[0] == 200
    assert (await demo.get("/api/state"))[1]["moving"] is False


async def test_when_nothing_can_be_stored_the_person_is_told_and_may_send_again(demo: Demo) -> None:
    demo.full = True
    status, body = await demo.post(LAN, {"id": ID, "text": "bc"})
    assert (status, list(body)) == (503, ["error"])
    demo.full = False
    assert (await demo.post(LAN, {"id": ID, "text": "bc"}))[0] == 200
    assert len(demo.received) == 1
    assert await demo.texts() == ["bc"]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=٣", "wait=-1", "wait=nan", "after=" + "9" * 40])
async def test_a_number_that_is_none_is_refused(demo: Demo, query: str) -> None:
    assert (await demo.get(f"{LAN}?{query}"))[0] == 400


async def test_an_open_page_does_not_hold_up_the_end(demo: Demo) -> None:
    waiting = asyncio.create_task(demo.get(f"{LAN}?after=0&wait=25"))
    await demo.get("/api/state")
    assert not waiting.done()
    async with asyncio.timeout(20):
        await demo.client.server.close()
        await asyncio.gather(waiting, return_exceptions=True)  # answered or cut off, as the server likes


@pytest.mark.parametrize(
    ("bound", "host", "status"),
    [
        ("0.0.0.0", "192.168.1.5:8080", 200),
        ("0.0.0.0", "evil.example", 403),
        ("::", "[fe80::1]:8080", 200),
        ("192.168.1.5", "192.168.1.5:8080", 200),
        ("192.168.1.5", "192.168.1.6:8080", 403),
        ("giaoban.test", "giaoban.test", 200),
    ],
)
async def test_a_page_bound_to_the_network_answers_under_its_addresses(
    db: Database, bound: str, host: str, status: int
) -> None:
    clock = MovableClock(START, held=True)

    async def nothing(_: Any) -> None:
        raise AssertionError

    async def none() -> list[Any]:
        return []

    page = ChatPage(
        local=Local(db, clock.now),
        db=db,
        clock=clock,
        receive=nothing,
        people=none,
        stops=none,
        move=nothing,
        bound=bound,
    )
    app = web.Application()
    app.add_routes(page.routes())
    async with TestClient(TestServer(app)) as client, client.get("/api/state", headers={"Host": host}) as answer:
        assert answer.status == status


def test_the_clock_is_told_with_its_year() -> None:
    assert in_words(at(date(2026, 12, 31), 23, 59)) == "23:59 thứ Năm 31/12/2026"


async def test_what_is_written_on_the_other_phone_comes_in_on_its_own_channel(demo: Demo) -> None:
    long = "sinh hoạt chính trị 3 buổi\n" * 80
    for number, text in enumerate(("bc", long[:2000])):
        assert await demo.post("/api/chats/zalo:lan/messages", {"id": f"{ID}{number}", "text": text}) == (200, {})
    said, cut = demo.received
    assert (said.channel, said.bot, said.chat_id, said.room) == ("local_zalo", "local_zalo", "zalo:lan", None)
    assert cut.room == 0
    assert await demo.texts("zalo:lan") == ["bc", long[:2000]]
    assert await demo.texts() == []
