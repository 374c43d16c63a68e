"""The leaders' page over HTTP: who gets in, by what, for how long, and how far each role sees."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from databases import ON_SQLITE
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, open_period, unit_id
from yarl import URL

from bot.clock import MovableClock
from bot.pages.leaders_page import COOKIE, LeadersPage
from bot.pages.pack_shelf import PackShelf
from bot.pages.views import Views
from bot.resources import load_forms
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.leaders.page_link import hashed
from handlers.messages import Incoming
from reporting.figures.values import Value
from reporting.time.calendar import local_day
from scheduler.sending.sender import Sender
from storage.database import Database, StorageUnavailable
from storage.people import page_links, people, privacy, seen
from storage.periods import tasks
from storage.periods.tasks import NewTask
from storage.reports import packs, returns, running
from storage.reports.returns import Returned

NOW = at("2026-04-07", "09:00")
ADDRESS = "https://giaoban.example"


@dataclass
class Leaders:
    """The page over two clusters, with chats beside it. client keeps cookies as a browser does."""

    db: Database
    clock: MovableClock
    client: TestClient[web.Request, web.Application]
    inbound: Inbound
    maker: "Maker"
    count: int = 0

    async def enrol(self, role: str, unit: str = "", cluster: str = "", sections: tuple[str, ...] = ()) -> str:
        """A fresh person of that role; the chat id."""
        self.count += 1
        unit_number = await unit_id(self.db, unit) if unit else None
        cluster_number = await one(self.db, "select id from cluster where code = ?", cluster) if cluster else None
        await self.db.write(
            [
                people.add_person(self.count, f"Người {self.count}", NOW),
                people.add_account("local", f"p{self.count}", self.count, "2026-2", NOW),
                people.add_role(
                    self.count, self.count, role, "", unit_number, cluster_number, date(2026, 1, 1), sections=sections
                ),
            ]
        )
        return f"p{self.count}"

    async def asks(self, chat: str) -> str:
        """What the bot answers to the word for the page."""
        return await self.says(chat, "bảng")

    async def says(self, chat: str, text: str) -> str:
        """What the bot answers."""
        self.count += 1
        name = f"m{self.count}"
        incoming = Incoming("local", "local", name, chat, "private", chat, chat, "text", self.clock.now(), text=text)
        await self.inbound.receive([Arrival("local", "local", name, incoming)])
        await self.inbound.drain()
        return str(await one(self.db, "select body from outbox where dedupe_key like ?", f"%:{name}"))

    async def link(self, chat: str) -> str:
        """The path of a fresh link."""
        found = re.search(rf"{ADDRESS}(/bang/vao/[\w-]+)", await self.asks(chat))
        assert found is not None
        return found[1]

    async def get(self, path: str) -> tuple[int, str]:
        async with self.client.get(path) as response:
            return response.status, await response.text()

    async def enters(self, chat: str) -> tuple[int, str]:
        """Signs in by a fresh link; what is shown first."""
        self.client.session.cookie_jar.clear()
        async with self.client.post(await self.link(chat)) as response:
            return response.status, await response.text()


@dataclass
class Maker:
    """Stands for the process that makes packs: how often it was asked, and whether it fails."""

    db: Database
    asked: int = 0
    fails: bool = False
    goes_on: asyncio.Event | None = None  # it is not done before

    async def __call__(self, kept: Mapping[str, Any]) -> None:
        self.asked += 1
        if self.goes_on is not None:
            await self.goes_on.wait()
        if self.fails:
            raise RuntimeError("no such picture")
        files = {"bao-cao.docx": b"PK1", "phu-luc.xlsx": b"PK2", "hinh-1.png": b"PNG"}
        await self.db.write(packs.keep(kept["pack"], "2026-Q1-C1-7-abc123", files, NOW))


@pytest.fixture
async def leaders(database: Database) -> AsyncIterator[Leaders]:
    await load(database)
    clock = MovableClock(NOW, held=True)
    maker = Maker(database)
    shelf = PackShelf(database, WORDING, maker)
    page = LeadersPage(Views(database, CATALOGUE, WORDING), shelf, clock.now)
    conversation = Conversation(database, CATALOGUE, load_forms(CATALOGUE), WORDING, address=lambda: ADDRESS)
    handling = Handling(database, conversation, WORDING, clock.now, Sender(database, {}, clock.now))
    app = web.Application()
    app.add_routes(page.routes())
    async with TestClient(TestServer(app)) as client:
        yield Leaders(database, clock, client, Inbound(database, handling, clock.now), maker, 5000)


@ON_SQLITE
async def test_a_look_at_the_link_does_not_use_it_up_and_the_button_opens_the_page_once(leaders: Leaders) -> None:
    link = await leaders.link(await leaders.enrol("leader", "TD"))
    for _ in range(3):
        status, text = await leaders.get(link)
        assert status == 200
        assert "Mở trang số liệu" in text
    async with leaders.client.post(link) as response:
        assert response.url.path == "/bang"
        assert "Toàn tỉnh" in await response.text()
    leaders.client.session.cookie_jar.clear()
    async with leaders.client.post(link) as response:
        assert response.status == 410
        assert "đã dùng" in await response.text()
    assert (await leaders.get("/bang"))[0] == 403


@ON_SQLITE
async def test_a_link_is_over_after_a_quarter_of_an_hour_and_when_another_is_asked_for(leaders: Leaders) -> None:
    leader = await leaders.enrol("leader", "TD")
    first = await leaders.link(leader)
    second = await leaders.link(leader)
    assert (await leaders.get(first))[0] == 410
    leaders.clock.move_to(NOW + timedelta(minutes=15))
    assert (await leaders.get(second))[0] == 410
    async with leaders.client.post(second) as response:
        assert response.status == 410


async def test_a_session_lasts_half_an_hour_and_ends_with_the_role(leaders: Leaders) -> None:
    leader = await leaders.enrol("leader", "TD")
    assert (await leaders.enters(leader))[0] == 200
    leaders.clock.move_to(NOW + timedelta(minutes=29))
    assert (await leaders.get("/bang"))[0] == 200
    leaders.clock.move_to(NOW + timedelta(minutes=31))
    assert (await leaders.get("/bang"))[0] == 403
    assert (await leaders.enters(leader))[0] == 200
    number = int(leader[1:])
    await leaders.db.write([("update role set valid_to_on = '2026-04-06' where person_id = ?", (number,), 1)])
    status, text = await leaders.get("/bang")
    assert status == 403
    assert "không giữ vai trò" in text


async def test_leaving_ends_the_session_also_for_who_kept_the_cookie(leaders: Leaders) -> None:
    await leaders.enters(await leaders.enrol("leader", "TD"))
    kept = leaders.client.session.cookie_jar.filter_cookies(URL(str(leaders.client.make_url("/bang"))))[COOKIE].value
    async with leaders.client.post("/bang/ra") as response:
        assert response.status == 200
    leaders.client.session.cookie_jar.update_cookies({COOKIE: kept})
    assert (await leaders.get("/bang"))[0] == 403


@ON_SQLITE
async def test_erasing_a_person_ends_links_and_sessions(leaders: Leaders) -> None:
    leader = await leaders.enrol("leader", "TD")
    await leaders.enters(leader)
    number = int(leader[1:])
    held = await privacy.held_about(leaders.db, number)
    await leaders.db.write(privacy.erase(number, held, "2026-04-07", NOW))
    assert (await leaders.get("/bang"))[0] == 403
    assert await leaders.db.read("select * from page_link") == []


@pytest.mark.parametrize("role", ["secretary", "reader", "mentor"])
@ON_SQLITE
async def test_who_has_no_right_to_the_page_gets_no_link(leaders: Leaders, role: str) -> None:
    answer = await leaders.asks(await leaders.enrol(role, "CD01"))
    assert "/bang/" not in answer
    assert await leaders.db.read("select * from page_link") == []


async def _paths(leaders: Leaders) -> dict[str, str]:
    clusters = {code: await one(leaders.db, "select id from cluster where code = ?", code) for code in ("C1", "C2")}
    units = {code: await unit_id(leaders.db, code) for code in ("DX01", "DX02", "CD01")}
    return {
        "province": "/bang", "petitions": "/bang/kien-nghi", "calendar": "/bang/lich", "tasks": "/bang/ket-luan",
        "packs": "/bang/tai-lieu",
        **{code: f"/bang/cum/{number}" for code, number in clusters.items()},
        **{code: f"/bang/don-vi/{number}" for code, number in units.items()},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "unit", "cluster", "sees"),
    [
        ("leader", "TD", "", {"C1", "C2", "DX01", "DX02", "CD01"}),
        ("office", "TD", "", {"C1", "C2", "DX01", "DX02", "CD01"}),
        ("chair", "", "C1", {"C1", "DX01", "CD01"}),
        ("secretary", "DX01", "", {"DX01", "CD01"}),
    ],
)
@ON_SQLITE
async def test_each_role_sees_its_own_and_no_more(
    leaders: Leaders, role: str, unit: str, cluster: str, sees: set[str]
) -> None:
    paths = await _paths(leaders)
    assert (await leaders.enters(await leaders.enrol(role, unit, cluster)))[0] == 200
    for name in ("C1", "C2", "DX01", "DX02", "CD01"):
        status, text = await leaders.get(paths[name])
        assert status == (200 if name in sees else 404), name
        if name not in sees:
            assert "ngoài phạm vi" in text


async def test_a_unit_s_figures_show_once_they_are_sent(leaders: Leaders) -> None:
    await leaders.enters(await leaders.enrol("leader", "TD"))
    number = await unit_id(leaders.db, "CD01")
    period = await one(leaders.db, "select id from period where code = '2026-Q1'")
    await leaders.db.write(
        [
            ("delete from value where unit_id = ?", (number,)),
            ("delete from submission where unit_id = ?", (number,)),
            (
                "insert into submission (period_id, unit_id, state, rev, started_at) values (?, ?, 'draft', 1, 0)",
                (period, number),
            ),
            (
                "insert into value (period_id, unit_id, indicator, amount, approx, source, set_at)"
                " values (?, ?, 'cay_xanh', 123, 1, 'khoảng 123 cây', 0)",
                (period, number),
            ),
        ]
    )
    path = f"/bang/don-vi/{number}"
    assert "123 cây" not in (await leaders.get(path))[1]
    await leaders.db.write(
        [("update submission set state = 'submitted', submitted_at = 0 where unit_id = ?", (number,))]
    )
    assert "khoảng 123 cây" in (await leaders.get(path))[1]
    # A report that came back goes on showing what counts; the figure given back does not.
    await leaders.db.write([("update submission set state = 'returned' where unit_id = ?", (number,))])
    assert "khoảng 123 cây" in (await leaders.get(path))[1]
    waits = Returned(1, period, number, "cay_xanh", Value(123), "vì sao", local_day(NOW), None, NOW, None, "")
    await leaders.db.write(running.around(period, number, [returns.give_back(waits)]))
    assert "khoảng 123 cây" not in (await leaders.get(path))[1]
    assert "1 đơn vị đang trả lại" in (await leaders.get("/bang"))[1]


async def _asks_for_pack(leaders: Leaders, area: str) -> tuple[int, str, str]:
    """Status, page and address of the pack that is asked for."""
    async with leaders.client.post("/bang/tai-lieu", data={"noi": area, "ky": "2026-Q1"}) as response:
        return response.status, await response.text(), response.url.path


@ON_SQLITE
async def test_a_pack_is_made_once_with_its_version_and_had_by_who_may_and_nobody_else(leaders: Leaders) -> None:
    await leaders.enters(await leaders.enrol("chair", "", "C1"))
    assert (await _asks_for_pack(leaders, "cluster:C2"))[0] == 404
    assert (await _asks_for_pack(leaders, "province"))[0] == 404
    status, text, path = await _asks_for_pack(leaders, "cluster:C1")
    assert (status, "2026-Q1-C1-7-abc123" in text) == (200, True)
    assert f'<img src="{path}/hinh-1.png"' in text
    assert "2026-Q1-C1-7-abc123" in (await leaders.get("/bang/tai-lieu"))[1]
    async with leaders.client.get(f"{path}/phu-luc.xlsx") as response:
        assert (await response.read(), response.headers["Cache-Control"]) == (b"PK2", "no-store")
        assert response.headers["Content-Disposition"] == 'attachment; filename="phu-luc-2026-Q1-C1-7-abc123.xlsx"'
    assert [one.role for one in await seen.since(leaders.db, seen.PACK, local_day(NOW))] == ["chair"]
    assert (await leaders.get(f"{path}/hinh-1.png.txt"))[0] == 404
    async with leaders.client.get(f"{path}/hinh-1.png") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "image/png")
    await leaders.enters(await leaders.enrol("chair", "", "C2"))
    for address in (path, f"{path}/phu-luc.xlsx", f"{path}/hinh-1.png"):
        assert (await leaders.get(address))[0] == 404
    await leaders.enters(await leaders.enrol("secretary", "DX01"))
    assert (await leaders.get("/bang/tai-lieu"))[0] == 404
    leaders.client.session.cookie_jar.clear()
    assert (await leaders.get(f"{path}/phu-luc.xlsx"))[0] == 403


@ON_SQLITE
async def test_a_pack_that_is_still_being_made_looks_again_and_one_that_fails_says_so(
    leaders: Leaders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pages.pack_shelf.PATIENCE", 0.0)
    leaders.maker.goes_on = asyncio.Event()
    await leaders.enters(await leaders.enrol("leader", "TD"))
    _, text, path = await _asks_for_pack(leaders, "province")
    assert 'http-equiv="refresh"' in text
    leaders.maker.goes_on.set()
    monkeypatch.setattr("bot.pages.pack_shelf.PATIENCE", 6.0)
    assert "Phiên bản 2026-Q1-C1-7-abc123" in (await leaders.get(path))[1]
    leaders.maker.fails = True
    status, text, _ = await _asks_for_pack(leaders, "province")
    assert (status, "đang lỗi" in text) == (500, True)
    assert leaders.maker.asked == 2


async def test_tasks_and_petitions_show_what_became_of_them_as_far_as_the_right_reaches(leaders: Leaders) -> None:
    period, ids = await open_period(leaders.db), [await unit_id(leaders.db, code) for code in ("DX01", "CD11")]
    new = [NewTask(n, n, f"Việc <b>{n}</b>", date(2026, 4, n), (ids[n - 1],)) for n in (1, 2)]
    await leaders.db.write([*tasks.add(period, None, new, None, NOW), tasks.move_of(2, ids[1], "done", None, NOW)])
    await leaders.enters(await leaders.enrol("leader", "TD"))
    _, text = await leaders.get("/bang/ket-luan")
    assert text.index("Việc &lt;b&gt;1") < text.index("quá hạn") < text.index("Việc &lt;b&gt;2") < text.index("Đã xong")
    await leaders.enters(await leaders.enrol("secretary", "DX01"))
    _, text = await leaders.get("/bang/ket-luan")
    assert ("Việc &lt;b&gt;1" in text, "Việc &lt;b&gt;2" in text) == (True, False)
    await leaders.enters(await leaders.enrol("department", "TD", sections=("doan_vien",)))
    assert (await leaders.get("/bang/ket-luan"))[0] == 404


async def test_many_long_tasks_leave_the_page_light_and_say_how_many_more(leaders: Leaders) -> None:
    period, unit = await open_period(leaders.db), await unit_id(leaders.db, "DX01")
    new = [NewTask(n, n, f"Việc {n} " + "rà soát đoàn viên & " * 150, None, (unit,)) for n in range(1, 61)]
    await leaders.db.write(tasks.add(period, None, new, None, NOW))
    await leaders.enters(await leaders.enrol("leader", "TD"))
    _, text = await leaders.get("/bang/ket-luan")
    assert len(text.encode()) < 30_000
    shown = text.count("KL-26Q1-")
    assert f"Còn {60 - shown} mục nữa" in text


@ON_SQLITE
async def test_a_department_sees_only_its_sections(leaders: Leaders) -> None:
    _, whole = await leaders.enters(await leaders.enrol("leader", "TD"))
    _, part = await leaders.enters(await leaders.enrol("department", "TD", sections=("doan_vien",)))
    assert whole.count("<summary>") > part.count("<summary>")


async def test_totals_stand_beside_last_year_and_the_target(leaders: Leaders) -> None:
    await leaders.enters(await leaders.enrol("leader", "TD"))
    _, text = await leaders.get("/bang")
    assert "150 cây" in text
    assert "chỉ tiêu (" not in text
    period = await one(leaders.db, "select id from period where code = '2026-Q1'")
    top = await unit_id(leaders.db, "TD")
    await leaders.db.write(
        [("insert into target (period_id, unit_id, indicator, amount) values (?, ?, 'cay_xanh', 300)", (period, top))]
    )
    assert "đạt 50% chỉ tiêu (300 cây)" in (await leaders.get("/bang"))[1].casefold()


async def test_nothing_of_a_unit_breaks_the_page(leaders: Leaders) -> None:
    name = 'A & B <i>"C"</i> {{ x }} {% y %} =1+1'
    await leaders.db.write([("update unit set name = ? where code = 'DX01'", (name,), 1)])
    await leaders.enters(await leaders.enrol("leader", "TD"))
    _, text = await leaders.get((await _paths(leaders))["DX01"])
    assert "A &amp; B &lt;i&gt;&#34;C&#34;&lt;/i&gt; {{ x }} {% y %} =1+1" in text
    assert "<i>" not in text


@ON_SQLITE
async def test_every_answer_is_light_strict_and_kept_by_nobody(leaders: Leaders) -> None:
    paths = await _paths(leaders)
    await leaders.enters(await leaders.enrol("leader", "TD"))
    for path in paths.values():
        async with leaders.client.get(path) as response:
            body = await response.read()
            assert response.status == 200
            assert len(body) < 30_000
            assert b"<script" not in body
            assert b"style=" not in body
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["Cache-Control"] == "no-store"


async def test_the_cookie_is_for_this_page_alone(leaders: Leaders) -> None:
    link = await leaders.link(await leaders.enrol("leader", "TD"))
    answer = leaders.client.post(link, allow_redirects=False, headers={"X-Forwarded-Proto": "https"})
    async with answer as response:
        cookie = response.headers["Set-Cookie"]
    for part in ("HttpOnly", "Path=/bang", "SameSite=Strict", "Secure", "Max-Age=1800"):
        assert part in cookie
    token = link.rpartition("/")[2]
    assert token not in str(await leaders.db.read("select link_hash from page_link"))
    assert await page_links.is_good(leaders.db, hashed(token), NOW) is False


@ON_SQLITE
async def test_who_looked_is_kept_by_role_and_day_alone(leaders: Leaders) -> None:
    await leaders.enters(await leaders.enrol("chair", "", "C1"))
    await leaders.get("/bang/lich")
    found = await seen.since(leaders.db, seen.PAGE, local_day(NOW))
    assert [(one.role, one.day) for one in found] == [("chair", local_day(NOW))]


async def test_the_office_hears_which_roles_looked_and_when(leaders: Leaders) -> None:
    office = await leaders.enrol("office", "TD")
    assert "chưa lãnh đạo nào" in await leaders.says(office, "ai đã xem")
    await leaders.says(office, "tài liệu")  # what it opens itself is not told
    assert "chưa lãnh đạo nào" in await leaders.says(office, "ai đã xem")
    chair = await leaders.enrol("chair", "", "C1")
    await leaders.enters(chair)
    leaders.clock.move_to(NOW + timedelta(days=1))
    await leaders.enters(chair)
    await _asks_for_pack(leaders, "cluster:C1")
    heard = await leaders.says(office, "ai đã xem tài liệu")
    assert "Đã mở trang số liệu: chủ trì Cụm thi đua số 1 (07/4, 08/4)." in heard
    assert "Đã mở tài liệu giao ban: chủ trì Cụm thi đua số 1 (08/4)." in heard
    assert "Người" not in heard
    assert "không" in await leaders.says(await leaders.enrol("chair", "", "C1"), "ai đã xem")


async def test_without_an_address_the_word_says_what_works_instead(database: Database) -> None:
    await load(database)
    conversation = Conversation(database, CATALOGUE, load_forms(CATALOGUE), WORDING)
    handling = Handling(database, conversation, WORDING, lambda: NOW, Sender(database, {}, lambda: NOW))
    async with TestClient(TestServer(web.Application())) as client:
        asked = Leaders(database, MovableClock(NOW, held=True), client, Inbound(database, handling, lambda: NOW), 7000)
        assert "TỔNG HỢP" in await asked.asks(await asked.enrol("leader", "TD"))


async def test_a_database_that_does_not_answer_is_told_in_one_line(
    leaders: Leaders, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leaders.enters(await leaders.enrol("leader", "TD"))

    async def gone(db: Database, session_hash: str, now: datetime) -> int | None:
        raise StorageUnavailable("the disk is gone")

    monkeypatch.setattr(page_links, "person_in", gone)
    status, text = await leaders.get("/bang")
    assert status == 503
    assert "Chưa đọc được số liệu" in text
