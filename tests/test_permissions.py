"""The permission table, cell by cell: every act, every rank, in the own place, in another's, and in groups.

Each cell is played through the real conversation on a database: by its word where the act has one, else by its
button, and in another's place by a button and a remembered state that name the other unit.
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, open_period, unit_id

from bot.resources import load_forms
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from handlers.permissions import IN_GROUPS, RIGHTS, ActedOn, may, may_in_group, may_unit
from handlers.report.assignment import assignment_mark
from handlers.routes import RANKS, ROUTES, Rank
from reporting.dialogue.draft import Position
from reporting.figures.values import Value
from reporting.time.calendar import local_day
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.messages import conversations
from storage.people import data_requests, people
from storage.people.people import Role
from storage.periods import tasks
from storage.periods.tasks import NewTask
from storage.reports import running, submissions
from storage.review import corrections, findings, photos
from storage.review.corrections import Corrected, Correction
from storage.review.photos import Photo

ROOT = Path(__file__).parent.parent
NOW = at("2026-04-07", "19:30")
REFUSALS = {
    WORDING.say(key)
    for key in (
        "help.no_rights",
        "help.no_own_report",
        "help.nothing_open",
        "help.none_open_review",
        "problem.stale",
        "enrol.how",
        "enrol.no_role",
        "period.none_open",
    )
}

# How each act is done: a word, or what makes the bot offer the button. {mark} is the place a report's button names.
WORDS = {
    "start": "start", "report": "bc", "show": "xem", "correct": "sửa hội viên mới 3", "submit": "gửi",
    "leave": "thoát", "later": "để sau", "progress": "tiến độ", "totals": "tổng hợp",
    "petition": "kiến nghị Xin thêm sách", "petitions": "kiến nghị", "mydata": "dữ liệu",
    "erase": "xóa", "help": "trợ giúp", "none": "không phát sinh",
    "before": "như kỳ trước", "keep": "giữ nguyên", "back": "quay lại", "right": "đúng",
    "unit": "đơn vị", "issue": "cấp mã", "handover": "bàn giao", "link": "liên kết",
    "snooze": "nhắc tôi tối nay", "fewer": "ít tin hơn", "remind": "nhắc giúp", "calendar": "lịch tháng này",
    "mistake": "em nhập sai thì sao", "readers": "ai xem được số liệu của em?", "receipt": "xin lại mã biên nhận",
    "away": "em nghỉ thai sản", "nagged": "sao nhắc hoài vậy", "busy": "bận quá tuần sau gửi",
    "narrative": "phần lời", "review": "duyệt", "return": "trả lại CD01 mục về nguồn: chưa khớp biên bản",
    "late": "ai chưa gửi", "unenrolled": "chưa đăng ký", "stop": "ngừng", "hot": "điểm nóng có việc cần báo",
    "page": "bảng", "targets": "chỉ tiêu", "form": "mẫu", "each": "từng câu",
    "pack": "tài liệu", "post": "bài nhóm", "viewed": "ai đã xem", "counts": "báo cáo nhanh",
    "aim": "đặt chỉ tiêu hiến máu 150 cho cụm 1",
    "unaim": "bỏ chỉ tiêu hiến máu cho cụm 1", "coverage": "ngưỡng so sánh",
    "follow": "KN-26Q1-01", "settle": "tiếp nhận KN-26Q1-01", "ask_again": "mở lại KN-26Q1-01",
    "words": "từ riêng", "teach": "thêm từ riêng: phủ xanh đồi trọc = cây xanh", "unteach": "bỏ từ riêng: lạ",
    "ask_data": "yêu cầu sửa dữ liệu: sai tên", "data_requests": "yêu cầu dữ liệu", "succeed": "bàn giao văn phòng",
    "speaking": "thứ tự phát biểu", "conclude": "kết luận: DX01 rà soát đoàn viên", "tasks": "việc được giao",
}  # fmt: skip
HIGH = ("bc", "hội viên mới {high}")  # far above the usual, and another number each time
BUTTONS = {
    "begin": (), "none": ("bc",), "before": ("bc",), "keep": ("bc",), "later": ("bc",), "submit": (), "unit": (),
    "consent": (), "yes": HIGH, "edit": HIGH, "erase": ("xóa",), "pick": ("bc",), "skip": ("bc",), "rest": (),
    "code": (), "recode": (), "handover": (), "fewer": ("ít tin hơn",), "remind": (), "late": (), "unenrolled": (),
    "snooze": ("bận quá tuần sau gửi",), "data_requests": (), "succeed": (),
}  # fmt: skip
# What the office orders for the whole province; from anybody else the same words are no order.
ORDERS = {
    "open": "mở kỳ quý II", "lock": "khóa kỳ quý I", "close": "chốt kỳ quý I", "extend": "gia hạn DX01 đến 20/4",
    "owes": "đơn vị nộp quý I: cụm 1", "cancel": "hủy giao ban cụm 1",
    "reopen": "mở lại DX01", "set": "đặt giao ban cụm 1 ngày 20/4", "move": "dời giao ban cụm 1 sang 8h 15/4",
    "count": "báo cáo nhanh: số người trực, đến 22 giờ, cụm 1",
    "briefings": "lịch giao ban", "periods": "các kỳ", "merge": "sáp nhập CD01 vào CD02 từ 1/7",
    "split": "chia CD01 thành CD91 Chi đoàn A và CD92 Chi đoàn B từ 1/7",
    "add": "thêm đơn vị CD93 Chi đoàn C vào DX01 từ 1/7",
    "withdraw": "hủy thay đổi CD01", "prepared": "thay đổi đã hẹn",
    "rename": "đổi tên CD01 thành Chi đoàn Mới từ 1/7", "transfer": "chuyển CD01 sang DX02 từ 1/7",
}  # fmt: skip
WORDS |= ORDERS
BUTTONS |= {"order": (), "reopen": ()}
# Buttons that do something only with a locked period, an estimated one, or a second one: tried one by one.
SITUATED = ("section", "period", "ask_reopen", "final", "stands", "review", "accept", "accept_all", "return",
            "rules", "branches", "stand_in", "pass_on", "apart", "end_count", "ask_change", "amend", "shows",
            "photos", "task")  # fmt: skip
# Neither words nor buttons: what stands under another answer.
BESIDE = ("mended", "digest", "figures", "unit_figures")
# Words whose answer needs an open question of that kind first.
FIRST = {
    "none": ("bc",),
    "before": ("bc",),
    "keep": ("bc",),
    "back": ("bc",),
    "right": HIGH,
    "leave": ("bc",),
    "later": ("bc",),
}
# Acts that answer with figures and texts of units instead of changing one.
READING = ("progress", "late", "totals", "petitions", "calendar", "briefings")

# Done once, whoever may do it asks; here everybody is enrolled (how far: test_unit_lists.py); names are of no unit.
# A link to the page names no unit; how far what it opens reaches is played in test_leaders_page.py.
ONCE = (
    "order",
    "remind",
    "unenrolled",
    "words",
    "teach",
    "unteach",
    "page",
    "viewed",
    "pack",
    "post",
    "targets",
    "counts",
    "aim",
    "unaim",
    "coverage",
    "ask_data",
    "data_requests",
    "succeed",
    "speaking",
    "conclude",
    "tasks",
)

OWN_UNIT: dict[Rank, str] = {"branch": "CD01", "commune": "DX01", "mentor": "DX01"}
STORED: dict[Rank, str] = {"branch": "secretary", "commune": "secretary"}


@dataclass
class Office:
    """The province with one more person for every cell."""

    db: Database
    inbound: Inbound
    numbers: Iterator[int]
    offices: set[str]

    async def person(self, rank: Rank, *, until: Any = None, cluster: str = "") -> str:
        """A fresh person of that rank, for cluster 1 and what is in it; the chat id."""
        number = next(self.numbers)
        chat, unit = f"p{number}", await unit_id(self.db, OWN_UNIT.get(rank, "TD"))
        own_cluster = await one(self.db, "select id from cluster where code = ?", cluster or "C1")
        in_cluster = rank == "chair" or cluster
        await self.db.write(
            [
                people.add_person(number, f"Người {number}", NOW),
                people.add_account("local", chat, number, "2026-1", NOW),
                people.add_role(
                    number, number, STORED.get(rank, rank), "", None if in_cluster else unit,
                    own_cluster if in_cluster else None, local_day(at("2020-01-01")), sections=("tinh_nguyen",),
                ),
            ]
        )  # fmt: skip
        if rank == "office":
            self.offices.add(chat)
        if until is not None:
            await self.db.write([("update role set valid_to_on = ? where person_id = ?", (until, number), 1)])
        return chat

    async def hears(self, chat: str, text: str = "", choice: str = "", group: str = "") -> str | None:
        """What the bot answers, None for silence."""
        number = next(self.numbers)
        key, text = f"m{number}", text.replace("{high}", f"5.{number % 900 + 100}")
        kind: Any = "choice" if choice else "text"
        where: Any = (group, "group") if group else (chat, "private")
        incoming = Incoming("local", "local", key, *where, chat, chat, kind, NOW, text=text, choice=choice)
        await self.inbound.receive([Arrival("local", "local", key, incoming)])
        await self.inbound.drain()
        assert await self.db.read("select error from inbox where error is not null") == []
        rows = await self.db.read("select body from outbox where dedupe_key like ?", (f"%:{key}",))
        return json.loads(rows[0][0])["text"] if rows else None

    async def offered(self, chat: str, verb: str) -> str:
        """The data of the button with that verb under the newest message."""
        return next(data for data in await self._offers(chat) if data.partition(":")[0] == verb)

    async def _offers(self, chat: str) -> list[str]:
        state = (await conversations.standing(self.db, "local", chat)).state
        return [data for _, data in state["offered"]]

    async def ordered(self, chat: str, reply: str | None) -> bool:
        """Whether words were taken for an order: it is asked about, or what it asks for is listed."""
        state = (await conversations.standing(self.db, "local", chat)).state
        return "order" in state or (reply or "").startswith(
            ("Các kỳ báo cáo:", "Giao ban quý I/2026", WORDING.say("units.none_ahead"), "CD01 không có thay đổi")
        )

    async def button(self, act: str, actor: str, unit: str) -> str:
        """What a tap on the act's button sends for that unit; the steps before it are the actor's own."""
        number = await unit_id(self.db, unit)
        mark = assignment_mark("2026-Q1", number)
        match act:
            case "consent" | "succeed" | "remind":
                return {"consent": "consent:yes", "succeed": "succeed:term"}.get(act, act)
            case "unit" | "handover":
                return f"{act}:{number}"
            case "code" | "recode":
                return f"{act}:deputy:{number}"
            case "begin" | "submit":
                return f"{act}:{mark}"
            case "late" | "unenrolled":
                return "late:2026-Q1:" if act == "late" else "unenrolled:"
            case "data_requests":
                number = await data_requests.free_number(self.db)
                await self.db.write([data_requests.add(number, "see", local_day(NOW))])
                return f"data_requests:done:{number}"
            case "reopen":
                return f"reopen:2026-Q1:{unit}"
            case "order":
                orderer = actor if actor in self.offices else await self.person("office")
                await self.hears(orderer, f"dời giao ban cụm 1 sang 9h{next(self.numbers) % 60:02} 15/4")
                return next(d for d in await self._offers(orderer) if d.startswith("order:yes"))
            case "before" | "keep":
                await self.hears(actor, "bc")
                return f"{act}:{mark}:tuyen_truyen_giao_duc.1"
            case "rest":
                return f"rest:{mark}:{await self._table(actor, unit)}"
            case "pick" | "skip":
                return f"{act}:{mark}:0.{await self._unclear(actor, unit)}"
        for step in BUTTONS[act]:
            await self.hears(actor, step)
        return await self.offered(actor, act)

    async def _unclear(self, actor: str, unit: str) -> str:
        """Puts the chat before the question what some words mean, and returns what marks that question."""
        source = "5 việc"
        report = {
            "period": "2026-Q1", "unit": await unit_id(self.db, unit), "mode": "clarifying",
            "unclear": [[source, ["cay_xanh", "don_vi_mau"], "ambiguous", [5, False, source]]],
        }  # fmt: skip
        await self.remembers(actor, {"unit": report["unit"], "report": report})
        return Position.from_json(report).mark

    async def _table(self, actor: str, unit: str) -> str:
        """Puts the chat before a table that lacks one figure of the report, and returns what marks it."""
        form = load_forms(CATALOGUE).form("chi_doan" if unit.startswith("CD") else "doan_co_so", "quy")
        *known, _ = [i.code for question in form.questions for i in question.indicators]
        pending = [[code, 1, False, "1"] for code in known]
        number = await unit_id(self.db, unit)
        report = {"period": "2026-Q1", "unit": number, "mode": "confirming", "pending": pending}
        await self.remembers(actor, {"unit": number, "report": report})
        return Position.from_json(report).mark

    async def remembers(self, chat: str, state: dict[str, Any]) -> None:
        """Puts a state into the chat's memory, as if it had been there."""
        rev = (await conversations.standing(self.db, "local", chat)).rev
        await self.db.write([conversations.keep("local", chat, state, rev, NOW)])

    async def traces(self, unit: str) -> list[tuple[Any, ...]]:
        """Everything stored about a unit that a person's act could have changed."""
        number, period = await unit_id(self.db, unit), await open_period(self.db)
        rows: list[tuple[Any, ...]] = []
        for table in ("submission", "value", "event", "petition"):
            found = await self.db.read(
                f"select * from {table} where unit_id = ? and period_id = ? order by 1, 2, 3", (number, period)
            )
            rows += [tuple(row) for row in found]
        return rows + [tuple(r) for r in await self.db.read("select * from invite where unit_id = ?", (number,))]


@pytest.fixture
def engine() -> str:
    """SQLite alone: rights are decided above the database, and the journeys play its statements on both engines."""
    return "sqlite"


@pytest.fixture
async def office(database: Database) -> Office:
    await load(database, "quyen")
    conversation = Conversation(database, CATALOGUE, load_forms(CATALOGUE), WORDING)
    handling = Handling(database, conversation, WORDING, lambda: NOW, Sender(database, {}, lambda: NOW))
    made = Office(database, Inbound(database, handling, lambda: NOW), count(1_000_000), set())
    for chat, unit in (("cd01", "CD01"), ("dx01", "DX01"), ("cd02", "CD02"), ("dx02", "DX02")):
        assert await made.hears(chat, f"kiến nghị Việc của {unit}") is not None
    return made


def answered(reply: str | None) -> bool:
    return reply is not None and reply.splitlines()[0] not in REFUSALS


def acts() -> list[tuple[str, str]]:
    """Every way an act is done: (act, "word" or "button")."""
    return [(act, "word") for act in WORDS if act not in SITUATED] + [(act, "button") for act in BUTTONS]


# --- the table is whole ---------------------------------------------------------------------------------------


def test_every_command_and_every_button_has_a_row() -> None:
    verbs = set()
    for path in [*ROOT.glob("handlers/**/*.py"), *ROOT.glob("scheduler/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Choice" and len(node.args) == 2:
                data = node.args[1]
                first = data.values[0] if isinstance(data, ast.JoinedStr) else data
                if isinstance(first, ast.Constant):
                    verbs.add(str(first.value).partition(":")[0])
    assert {"none", "submit", "erase", "unit"} <= verbs
    verbs |= {"progress", "totals", "petitions", "remind", "unenrolled"}  # whose data is put together
    verbs |= {"pack", "post", "speaking"}  # of whichever area is chosen
    assert verbs == {act for act, route in ROUTES.items() if route.button is not None}


def test_every_row_is_tried_here() -> None:
    assert set(WORDS) | set(BUTTONS) | set(SITUATED) | set(BESIDE) == set(RIGHTS)
    assert all(set(row) == set(RANKS) for row in RIGHTS.values())
    assert set(WORDS) >= IN_GROUPS


@pytest.mark.parametrize("rank", RANKS)
def test_what_the_table_does_not_name_nobody_may(rank: Rank) -> None:
    role = Role(STORED.get(rank, rank), "", 1, "X", "X", "chi_doan" if rank == "branch" else "doan_co_so", 1)
    assert not may("no_such_act", [role])
    assert not may_unit("no_such_act", [role], ActedOn(1, None, 1))
    assert not may_in_group("report", [role], 1)


@pytest.mark.parametrize("rank", RANKS)
async def test_a_word_that_is_granted_to_nobody_is_refused_to_everybody(
    office: Office, rank: Rank, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = await office.person(rank)
    for act, word in (("mydata", "dữ liệu"), ("progress", "tiến độ")):
        monkeypatch.setitem(cast(dict[str, Any], RIGHTS), act, dict.fromkeys(RANKS, "-"))
        assert await office.hears(actor, word) == WORDING.say("help.no_rights")
        assert await office.hears(actor, choice=f"{act}:2026-Q1") == WORDING.say("help.no_rights")


# --- every cell -----------------------------------------------------------------------------------------------


async def act_on(office: Office, act: str, by: str, actor: str, unit: str) -> str | None:
    if by == "button":
        return await office.hears(actor, choice=await office.button(act, actor, unit))
    for step in FIRST.get(act, ()):
        await office.hears(actor, step)
    return await office.hears(actor, WORDS[act])


@pytest.mark.parametrize(("act", "by"), acts())
async def test_in_the_own_place_an_act_is_answered_or_refused_as_the_table_says(
    office: Office, act: str, by: str
) -> None:
    wrong = []
    if (act, by) == ("reopen", "word"):  # in an open period only an accepted report has to be given back
        ids = await one(office.db, "select id from period where state = 'open'"), await unit_id(office.db, "DX01")
        await office.db.write([submissions.touch(*ids, 0, "accepted", 0, NOW)])
    for rank in RANKS:
        # Codes are issued for what stands under the own unit.
        unit = "CD01" if RIGHTS[act][rank] == "below" else OWN_UNIT.get(rank, "DX01")
        actor = await office.person(rank)
        allowed = RIGHTS[act][rank] != "-"
        if by == "button" and not allowed:
            # What only a unit's own people are offered, tapped by somebody else.
            owner = await office.person("commune")
            data = await office.button(act, owner, "DX01")
            before = await office.traces("DX01")
            reply = await office.hears(actor, choice=data)
            if await office.traces("DX01") != before:
                wrong.append(f"{rank}: changed the unit")
        else:
            reply = await act_on(office, act, by, actor, unit)
        # A word that raises a petition where that is allowed lists them where that is.
        allowed = allowed or (act == "petition" and RIGHTS["petitions"][rank] != "-")
        allowed = allowed or (act == "petitions" and RIGHTS["petition"][rank] != "-")
        allowed = allowed or (act == "handover" and by == "word" and RIGHTS["succeed"][rank] != "-")
        heard = await office.ordered(actor, reply) if act in ORDERS and by == "word" else answered(reply)
        if heard != allowed:
            wrong.append(f"{rank}: {reply}")
    assert wrong == []


@pytest.mark.parametrize(("act", "by"), [way for way in acts() if way[0] not in (*READING, *ORDERS, *ONCE)])
@pytest.mark.parametrize("place", ["below", "other"])
async def test_in_another_place_nothing_is_changed_or_shown_beyond_what_the_table_says(
    office: Office, act: str, by: str, place: str
) -> None:
    wrong = []
    for rank in RANKS:
        target = "CD01" if place == "below" else "CD02" if rank == "branch" else "DX02"
        if place == "below" and rank == "branch":
            continue
        number = await unit_id(office.db, target)
        name = await one(office.db, "select name from unit where id = ?", number)
        owner = target.lower()
        actor = await office.person(rank)
        if by == "button":
            data = await office.button(act, owner, target)
            await office.remembers(actor, {"unit": number})
        else:
            data = ""
            await office.remembers(
                actor, {"unit": number, "report": {"period": "2026-Q1", "unit": number, "mode": "reviewing"}}
            )
        before = await office.traces(target)
        text = f"cấp mã phó {target}" if act == "issue" else WORDS.get(act, "")
        if act in ("follow", "settle", "ask_again"):
            own = await one(office.db, "select number from petition where unit_id = ?", number)
            text = text.replace("-01", f"-{own:02}")
            at = "closed" if act == "ask_again" else "new"
            await office.db.write([("update petition set state = ? where unit_id = ?", (at, number))])
            before = await office.traces(target)
        reply = await office.hears(actor, "" if data else text, choice=data) or ""
        reached = await office.traces(target) != before or (name in reply and act != "petition")
        if reached != (RIGHTS[act][rank] == "all" or (place == "below" and RIGHTS[act][rank] == "below")):
            wrong.append(f"{rank}: {reply}")
        if act == "erase" and not await one(office.db, "select name from person p join account a"
                                            " on a.person_id = p.id where a.chat_id = ?", owner):  # fmt: skip
            wrong.append(f"{rank}: erased somebody else")
    assert wrong == []


@pytest.mark.parametrize("way", ["word", "button"])
async def test_photos_are_shown_as_far_as_the_table_says(office: Office, way: str) -> None:
    period, wrong = await open_period(office.db), []
    numbers = {code: await unit_id(office.db, code) for code in ("CD01", "DX01", "CD02", "DX02")}
    kept = [Photo(n, period, n, "local", "p", f"m{n}", "cay_xanh", "", None, NOW) for n in numbers.values()]
    await office.db.write([photos.keep(photo) for photo in kept])
    for rank in RANKS:
        actor, own = await office.person(rank), OWN_UNIT.get(rank)
        first = {"own": {own}, "below": {own, "CD01"}, "cluster": {"CD01", "DX01"}, "all": set(numbers), "-": set()}
        for code, number in numbers.items():
            tap = f"photos:{assignment_mark('2026-Q1', number)}" if way == "button" else ""
            reply = await office.hears(actor, "" if tap else f"xem ảnh {code}", choice=tap) or ""
            if any(shown in reply for shown in ("1 ảnh", "2 ảnh của 2 đơn vị")) != (
                code in first[RIGHTS["photos"][rank]]
            ):
                wrong.append(f"{rank} {code}: {reply}")
        tap = f"shows:{numbers['CD01']:x}:tin_bai_fanpage"
        await office.hears(actor, choice=tap)  # of a photo that somebody else has sent
    assert wrong == []
    assert {photo.indicator for photo in await photos.of_period(office.db, period)} == {"cay_xanh"}


@pytest.mark.parametrize("act", READING)
async def test_what_is_read_reaches_as_far_as_the_table_says(office: Office, act: str) -> None:
    wrong = []
    for rank in RANKS:
        reply = await office.hears(await office.person(rank), WORDS[act]) or ""
        how_far = RIGHTS[act][rank]
        seen = {
            "own": "Việc của DX01" in reply
            or "số 1" in reply
            or "Tân Lập:" in reply
            or "Tân Lập." in reply
            or "Toàn tỉnh" in reply,
            "other": "Việc của DX02" in reply or "số 2" in reply or "Thủy" in reply or "Toàn tỉnh" in reply,
        }
        own = how_far != "-" or (act == "petitions" and rank == "commune")  # whose word it is to raise one sees its own
        if seen != {"own": own, "other": how_far == "all"}:
            wrong.append(f"{rank} {how_far}: {reply}")
    assert wrong == []


@pytest.mark.parametrize(("act", "by"), acts())
async def test_a_group_answers_only_what_belongs_there_and_only_its_own(office: Office, act: str, by: str) -> None:
    wrong = []
    province_wide = {rank for rank in RANKS if any(row[rank] == "all" for row in RIGHTS.values())}
    for rank in RANKS:
        actor = await office.person(rank)
        owner = await office.person("commune")
        data = await office.button(act, owner, "DX01") if by == "button" else ""
        for group, member in (("group:C1", True), ("group:C2", rank in province_wide), ("group:strange", False)):
            before = await office.traces("DX01")
            reply = await office.hears(actor, "" if data else WORDS[act], choice=data, group=group)
            allowed = by == "word" and act in IN_GROUPS and RIGHTS[act][rank] != "-" and member
            if (reply is not None) != allowed or await office.traces("DX01") != before:
                wrong.append(f"{rank} in {group}: {reply}")
    assert wrong == []


# --- buttons that need a locked, an estimated or a second period ------------------------------------------------


@pytest.mark.parametrize("rank", RANKS)
async def test_a_locked_report_is_asked_for_by_the_units_own_people(office: Office, rank: Rank) -> None:
    await office.person("office")
    await office.db.write([("update period set state = 'locked' where code = '2026-Q1'", (), 1)])
    for unit in ("CD01", "CD02"):
        number = await unit_id(office.db, unit)
        reply = await office.hears(await office.person(rank), choice=f"ask_reopen:{assignment_mark('2026-Q1', number)}")
        asked = await office.db.read("select id from event where action = 'reopening.asked' and unit_id = ?", (number,))
        own = RIGHTS["ask_reopen"][rank] == "own" and OWN_UNIT.get(rank) == unit
        assert bool(asked) == answered(reply) == own, unit


@pytest.mark.parametrize("rank", RANKS)
async def test_estimates_are_called_final_by_the_units_own_people(office: Office, rank: Rank) -> None:
    estimated = "update period set estimated = 1, confirm_from_on = '2026-04-01' where code = '2026-Q1'"
    await office.db.write([(estimated, (), 1)])
    for unit in ("CD01", "CD02"):
        number = await unit_id(office.db, unit)
        sent = (
            "insert into submission (period_id, unit_id, state, rev, started_at)"
            " select id, ?, 'submitted', 1, 0 from period where code = '2026-Q1'"
        )
        await office.db.write([(sent, (number,), 1)])
        reply = await office.hears(await office.person(rank), choice=f"final:{assignment_mark('2026-Q1', number)}")
        asked = "select 1 from submission where confirmed_at is not null and unit_id = ?"
        own = RIGHTS["final"][rank] == "own" and OWN_UNIT.get(rank) == unit
        assert bool(await office.db.read(asked, (number,))) == answered(reply) == own, unit


# --- reviews: every report has been sent, and one figure of each stands out ---------------------------------------

REACHED = {"-": set(), "below": {"CD01"}, "cluster": {"CD01", "DX01"}, "all": {"CD01", "CD02", "DX01", "DX02"}}


async def all_sent(office: Office) -> int:
    period = await open_period(office.db)
    for unit in REACHED["all"]:
        number = await unit_id(office.db, unit)
        await office.db.write(
            [
                submissions.touch(period, number, 0, "submitted", 0, NOW),
                *submissions.put(period, number, "cay_xanh", Value(92000, source="92000"), None, None, NOW),
                *findings.renew(period, number, [("cay_xanh", "high")]),
            ]
        )
    return period


async def state_of(office: Office, unit: str) -> str:
    number = await unit_id(office.db, unit)
    period = await open_period(office.db)
    found: str = await one(
        office.db, "select state from submission where unit_id = ? and period_id = ?", number, period
    )
    return found


@pytest.mark.parametrize("rank", RANKS)
async def test_reports_are_reviewed_as_far_as_the_table_says_and_never_the_own(office: Office, rank: Rank) -> None:
    await all_sent(office)
    actor = await office.person(rank)
    for unit in sorted(REACHED["all"]):
        mark = assignment_mark("2026-Q1", await unit_id(office.db, unit))
        name = await one(office.db, "select name from unit where code = ?", unit)
        queue = await office.hears(actor, "duyệt") or ""
        assert (name in queue) == (unit in REACHED[RIGHTS["review"][rank]]), queue
        opened = await office.hears(actor, choice=f"review:{mark}") or ""
        assert (name in opened) == (unit in REACHED[RIGHTS["review"][rank]]), opened
        await office.hears(actor, choice=f"accept:{mark}.1")
        accepted = await state_of(office, unit) == "accepted"
        assert accepted == (unit in REACHED[RIGHTS["accept"][rank]]), unit


@pytest.mark.parametrize("by", ["word", "button", "reason"])
@pytest.mark.parametrize("rank", RANKS)
async def test_figures_are_given_back_as_far_as_the_table_says(office: Office, rank: Rank, by: str) -> None:
    await all_sent(office)
    for unit in sorted(REACHED["all"]):
        actor, mark = await office.person(rank), assignment_mark("2026-Q1", await unit_id(office.db, unit))
        if by == "word":
            await office.hears(actor, f"trả lại {unit} mục cây xanh: chưa khớp biên bản")
        elif by == "button":
            await office.hears(actor, choice=f"return:{mark}:cay_xanh:0")
        else:
            await office.remembers(actor, {"expects": "return", "returning": f"{mark}:cay_xanh"})
            await office.hears(actor, "chưa khớp biên bản")
        given_back = await state_of(office, unit) == "returned"
        assert given_back == (unit in REACHED[RIGHTS["return"][rank]]), unit


@pytest.mark.parametrize("rank", RANKS)
async def test_all_in_which_nothing_stands_out_are_accepted_only_within_reach(office: Office, rank: Rank) -> None:
    await all_sent(office)
    await office.db.write([("delete from finding", ())])
    actor = await office.person(rank)
    await office.hears(actor, "duyệt")
    offered = [d for d in (await office._offers(actor)) if d.startswith("accept_all")]
    seen = await office.person("office")
    await office.hears(seen, "duyệt")
    await office.hears(actor, choice=offered[0] if offered else await office.offered(seen, "accept_all"))
    accepted = {unit for unit in REACHED["all"] if await state_of(office, unit) == "accepted"}
    assert accepted == REACHED[RIGHTS["accept_all"][rank]]


@pytest.mark.parametrize("rank", RANKS)
async def test_tasks_are_seen_and_settled_as_far_as_the_table_says(office: Office, rank: Rank) -> None:
    period, every = await open_period(office.db), sorted(REACHED["all"])
    ids = [await unit_id(office.db, unit) for unit in every]
    for by in ("word", "button"):
        first = await tasks.last_number(office.db, period) + 1
        new = [NewTask(first + n, first + n, f"Việc {by} {unit}", None, (ids[n],)) for n, unit in enumerate(every)]
        await office.db.write(tasks.add(period, None, new, None, NOW))
        actor = await office.person(rank)
        listed = await office.hears(actor, "việc được giao") or ""
        for one_task, unit, number in zip(new, every, ids, strict=True):
            own = {OWN_UNIT.get(rank)} & {unit}
            sees, settles = ({**REACHED, "own": own}[RIGHTS[act][rank]] for act in ("tasks", "task"))
            assert (one_task.text in listed) == (unit in sees), listed
            if by == "word":
                await office.hears(actor, f"xong kết luận {one_task.number}")
            else:
                await office.hears(actor, choice=f"task:done:{one_task.id}:{number}")
            stands = await tasks.part_of(office.db, one_task.id, number, local_day(NOW))
            assert stands is not None
            assert (stands.state == "done") == (unit in settles), unit


async def test_a_bare_number_that_two_meetings_gave_is_asked_about_and_settles_neither(office: Office) -> None:
    unit = await unit_id(office.db, "DX01")
    periods = [row[0] for row in await office.db.read("select id from period order by start_on")]
    for number, period in enumerate(periods[-2:], 1):
        await office.db.write(tasks.add(period, None, [NewTask(number, 1, "Việc", None, (unit,))], None, NOW))
    actor = await office.person("office")
    asked = await office.hears(actor, "xong kết luận 1") or ""
    assert {"KL-25Q4-01", "KL-26Q1-01"} <= set(asked.replace(",", "").split())
    await office.hears(actor, "xong KL-25Q4-01")
    states = [(one_.period, one_.state) for one_ in await tasks.numbered(office.db, 1, local_day(NOW))]
    assert states == [("2026-Q1", "open"), ("2025-Q4", "done")]


async def test_a_department_reviews_its_own_sections_only(office: Office) -> None:
    period = await all_sent(office)
    number = await unit_id(office.db, "DX01")
    odd = [*submissions.put(period, number, "sinh_hoat_chi_doan", Value(99), None, None, NOW)]
    await office.db.write([*odd, *findings.renew(period, number, [("sinh_hoat_chi_doan", "high")])])
    actor, mark = await office.person("department"), assignment_mark("2026-Q1", number)
    assert "Tân Lập" not in (await office.hears(actor, "duyệt") or "")
    await office.hears(actor, choice=f"return:{mark}:sinh_hoat_chi_doan:0")
    await office.hears(actor, "trả lại DX01 mục sinh hoạt chi đoàn: chưa khớp")
    assert await state_of(office, "DX01") == "submitted"


@pytest.mark.parametrize("rank", RANKS)
async def test_a_figure_is_told_apart_by_the_units_own_people(office: Office, rank: Rank) -> None:
    await all_sent(office)
    for unit in ("CD01", "CD02"):
        number = await unit_id(office.db, unit)
        await office.hears(await office.person(rank), choice=f"apart:{assignment_mark('2026-Q1', number)}:cay_xanh")
        told = await office.db.read("select 1 from event where action = 'value.apart' and unit_id = ?", (number,))
        assert bool(told) == (RIGHTS["apart"][rank] == "own" and OWN_UNIT.get(rank) == unit), unit


@pytest.mark.parametrize("rank", RANKS)
async def test_a_correction_after_the_lock_is_asked_for_by_the_units_own_people(office: Office, rank: Rank) -> None:
    await all_sent(office)
    await office.db.write([("update period set state = 'locked' where code = '2026-Q1'", (), 1)])
    for unit in ("CD01", "CD02"):
        actor, number = await office.person(rank), await unit_id(office.db, unit)
        await office.remembers(actor, {"waits": "sửa cây xanh 91000"})
        reply = await office.hears(actor, choice=f"ask_change:{assignment_mark('2026-Q1', number)}")
        asked = await office.db.read("select 1 from correction where unit_id = ?", (number,))
        own = RIGHTS["ask_change"][rank] == "own" and OWN_UNIT.get(rank) == unit
        assert bool(asked) == answered(reply) == own, unit


@pytest.mark.parametrize("rank", RANKS)
async def test_a_correction_after_the_lock_is_agreed_to_by_the_office_alone(office: Office, rank: Rank) -> None:
    period, number = await all_sent(office), await unit_id(office.db, "CD02")
    await office.db.write([("update period set state = 'locked' where code = '2026-Q1'", (), 1)])
    figure = Corrected("cay_xanh", Value(92000), Value(91000, source="91000"))
    await office.db.write(corrections.ask(Correction(7, period, "2026-Q1", number, "", (figure,), "", None), NOW))
    actor, all_ = await office.person(rank), RIGHTS["amend"][rank] == "all"
    assert answered(await office.hears(actor, "sửa sau khóa")) == all_
    assert answered(await office.hears(actor, choice="amend:7:1")) == all_
    amount = await one(office.db, "select amount from value where unit_id = ? and period_id = ?", number, period)
    assert amount == (91000 if all_ else 92000)


@pytest.mark.parametrize("rank", RANKS)
async def test_how_reviews_are_done_is_set_by_the_office_alone(office: Office, rank: Rank) -> None:
    actor = await office.person(rank)
    told = await office.hears(actor, "cách duyệt")
    await office.hears(actor, choice="rules:steps:2")
    changed = await office.db.read("select value from setting where name = 'review.steps'")
    assert bool(changed) == answered(told) == (RIGHTS["rules"][rank] == "all")


@pytest.mark.parametrize("by", ["word", "button"])
@pytest.mark.parametrize("rank", RANKS)
async def test_a_branch_is_entered_for_by_its_own_commune_alone(office: Office, rank: Rank, by: str) -> None:
    for unit in sorted(REACHED["all"]):
        await entered_for(office, rank, unit, by)


async def entered_for(office: Office, rank: Rank, unit: str, by: str) -> None:
    actor = await office.person(rank)
    if by == "word":
        await office.hears(actor, f"nhập thay {unit}")
    else:
        await office.hears(actor, choice=f"stand_in:{unit}")
    state = (await conversations.standing(office.db, "local", actor)).state
    assert ("behalf" in state) == (RIGHTS["stand_in"][rank] == "below" and unit == "CD01"), unit
    if "behalf" not in state:  # and a state that somebody else's chat kept gives no right either
        await office.remembers(
            actor, {"behalf": await unit_id(office.db, unit), "unit": await unit_id(office.db, unit)}
        )
        before = await office.traces(unit)
        own = OWN_UNIT.get(rank) == unit and RIGHTS["report"][rank] == "own"
        await office.hears(actor, "bc")
        await office.hears(actor, "sinh hoạt chính trị 2 hoạt động, dự 40 lượt, về nguồn 1, tin bài 3")
        assert own or await office.traces(unit) == before


@pytest.mark.parametrize("rank", RANKS)
async def test_a_commune_sees_and_passes_on_its_own_branches_alone(office: Office, rank: Rank) -> None:
    actor = await office.person(rank)
    told = await office.hears(actor, "chi đoàn") or ""
    allowed = RIGHTS["branches"][rank] == "below"
    assert answered(told) == allowed
    assert "Chi đoàn tổ 1" not in told
    for unit in ("DX01", "DX02"):
        await office.hears(actor, choice=f"pass_on:{assignment_mark('2026-Q1', await unit_id(office.db, unit))}")
    passed = await office.db.read("select unit_id from event where action = 'branches.passed'")
    assert [row[0] for row in passed] == ([await unit_id(office.db, "DX01")] if allowed else [])


@pytest.mark.parametrize("rank", RANKS)
async def test_a_figure_given_back_is_called_right_by_the_units_own_people(office: Office, rank: Rank) -> None:
    await all_sent(office)
    for unit in ("CD01", "CD02"):
        mark = assignment_mark("2026-Q1", await unit_id(office.db, unit))
        await office.hears(await office.person("office"), choice=f"return:{mark}:cay_xanh:0")
        actor = await office.person(rank)
        await office.hears(actor, choice=f"stands:{mark}:cay_xanh")
        await office.hears(actor, "cả xã cùng trồng")
        own = RIGHTS["stands"][rank] == "own" and OWN_UNIT.get(rank) == unit
        assert (await state_of(office, unit) == "submitted") == own, unit


@pytest.mark.parametrize("rank", RANKS)
async def test_a_period_is_chosen_for_the_own_unit_only(office: Office, rank: Rank) -> None:
    await office.db.write([("update period set state = 'open' where code <> '2026-Q1'", ())])
    for unit in ("CD01", "CD02"):
        number = await unit_id(office.db, unit)
        reply = await office.hears(await office.person(rank), choice=f"period:{assignment_mark('2026-Q1', number)}")
        own = RIGHTS["period"][rank] == "own" and OWN_UNIT.get(rank) == unit
        done = answered(reply) and WORDING.say("problem.stale") not in (reply or "")
        assert done == own, reply


@pytest.mark.parametrize("rank", RANKS)
async def test_what_stands_under_an_answer_is_told_as_the_table_says(office: Office, rank: Rank) -> None:
    await office.db.write([people.mark_unreachable("local", "dx02", "blocked", NOW)])
    actor = await office.person(rank)
    reply = await office.hears(actor, "tiến độ") or ""
    assert ("Chưa nhắc được" in reply) == (RIGHTS["mended"][rank] != "-")
    await office.hears(actor, "ít tin hơn")
    offered = {data for data in await office._offers(actor) if data.startswith("fewer:")}
    assert ("fewer:weekly" in offered) == (RIGHTS["digest"][rank] != "-")


# --- what the table alone does not show -----------------------------------------------------------------------


@pytest.mark.parametrize("rank", RANKS)
async def test_a_role_that_has_ended_gives_no_right(office: Office, rank: Rank) -> None:
    actor = await office.person(rank, until="2026-04-06")
    for act, text in WORDS.items():
        if act == "stop":
            continue  # after which consent is asked for, whatever is said
        reply = await office.hears(actor, text)
        if act in ("help", "start"):
            assert reply == WORDING.say("enrol.no_role")
        elif RIGHTS[act][rank] == "self":
            assert answered(reply), act  # what is held about a person is shown and erased also afterwards
        else:
            assert not answered(reply), act
    mark = assignment_mark("2026-Q1", await unit_id(office.db, OWN_UNIT.get(rank, "TD")))
    assert not answered(await office.hears(actor, choice=f"submit:{mark}"))
    assert await office.hears(actor, "tiến độ", group="group:C1") is None
    assert await office.hears(actor, WORDS["stop"]) == WORDING.say("stop.done")


async def test_a_role_that_begins_tomorrow_gives_no_right_yet(office: Office) -> None:
    actor = await office.person("office")
    await office.db.write([("update role set valid_from_on = '2026-04-08' where id = ?", (int(actor[1:]),), 1)])
    assert not answered(await office.hears(actor, "tiến độ"))


async def test_a_leader_or_guest_of_one_cluster_stays_within_it(office: Office) -> None:
    for rank in ("leader", "reader", "office"):
        reply = await office.hears(await office.person(rank, cluster="C2"), "tổng hợp")
        assert reply is not None
        assert "Cụm thi đua số 2" in reply
        assert "số 1" not in reply
        assert "Toàn tỉnh" not in reply


async def test_a_guest_is_not_told_which_units_are_late(office: Office) -> None:
    guest = await office.hears(await office.person("reader", cluster="C1"), "tổng hợp") or ""
    chair = await office.hears(await office.person("chair"), "tổng hợp") or ""
    assert "Đoàn xã Tân Lập" in chair
    assert "Đoàn xã Tân Lập" not in guest


async def test_a_department_sees_the_totals_of_its_own_sections_only(office: Office) -> None:
    await office.hears("dx01", "bc")
    for line in ("sinh hoạt chính trị 7 hoạt động", "cây xanh 150", "để sau"):
        await office.hears("dx01", line)
    await office.db.write([("update submission set state = 'submitted' where state = 'draft'", ()), *running.recount()])
    everything = await office.hears(await office.person("leader"), "tổng hợp") or ""
    assert "7 hoạt động" in everything
    assert "150 cây" in everything
    own = await office.hears(await office.person("department"), "tổng hợp") or ""
    assert "150 cây" in own
    assert "7 hoạt động" not in own
    without = await office.person("department")
    await office.db.write([("update role set sections = '' where id = ?", (int(without[1:]),), 1)])
    assert await office.hears(without, "tổng hợp") == WORDING.say("summary.no_sections")


@pytest.mark.parametrize("rank", RANKS)
async def test_figures_of_units_and_clusters_are_told_as_far_as_the_table_says(office: Office, rank: Rank) -> None:
    reached = {"-": set(), "own": {OWN_UNIT.get(rank)}, "below": {"CD01", "DX01"}, "cluster": {"CD01", "DX01"}}
    actor, reach = await office.person(rank), RIGHTS["unit_figures"][rank]
    for unit in ("CD01", "CD02", "DX01", "DX02"):
        known = await one(office.db, "select name from unit where code = ?", unit)
        reply = await office.hears(actor, f"cây xanh {unit} quý này") or ""
        assert reply.startswith(f"{known}, quý I/2026:") == (reach == "all" or unit in reached[reach]), unit
    reach = RIGHTS["figures"][rank]
    for cluster in (1, 2):
        seen = reach == "all" or (reach == "cluster" and cluster == 1)
        reply = await office.hears(actor, f"cây xanh cụm {cluster} quý này") or ""
        assert ("quý I/2026:" in reply) == seen
        number = await one(office.db, "select id from cluster where code = ?", f"C{cluster}")
        section = await office.hears(actor, choice=f"section:2026-Q1:c{number}:2") or ""
        assert section.startswith("II. Phong trào") == seen


async def test_a_mentor_sees_progress_and_petitions_of_the_assigned_units_only(office: Office) -> None:
    mentor = await office.person("mentor")
    assert await office.hears(mentor, "tiến độ") == "Đoàn xã Tân Lập: chưa có số liệu."
    assert (await office.hears(mentor, "kiến nghị") or "").splitlines()[1:] == [
        "- KN-26Q1-02, Đoàn xã Tân Lập: Việc của DX01"
    ]
    other = await unit_id(office.db, "DX02")
    since = local_day(at("2020-01-01"))
    await office.db.write([people.add_role(77, int(mentor[1:]), "mentor", "", other, None, since)])
    assert len((await office.hears(mentor, "tiến độ") or "").splitlines()) == 2


async def test_an_old_button_of_ones_other_unit_does_nothing_to_the_one_at_hand(office: Office) -> None:
    actor = await office.person("branch")
    other = await unit_id(office.db, "CD02")
    since = local_day(at("2020-01-01"))
    await office.db.write([people.add_role(78, int(actor[1:]), "secretary", "", other, None, since)])
    own = await unit_id(office.db, "CD01")
    await office.hears(actor, choice=f"unit:{own}")
    old = await office.offered(actor, "none")
    await office.hears(actor, choice=f"unit:{other}")
    assert WORDING.say("problem.stale") in (await office.hears(actor, choice=old) or "")
    assert await one(office.db, "select count(*) from value v join period p on p.id = v.period_id"
                                " where p.state = 'open'") == 0  # fmt: skip
    assert answered(await office.hears(actor, choice=f"begin:{assignment_mark('2026-Q1', own)}"))
    assert answered(await office.hears(actor, choice=old))
    assert await one(office.db, "select count(*) from submission where unit_id = ?", own) >= 1


async def test_a_strange_group_hears_one_line_when_the_bot_joins_and_then_nothing(office: Office) -> None:
    joined = Incoming("local", "local", "j", "group:strange", "group", "x", "x", "joined", NOW)
    await office.inbound.receive([Arrival("local", "local", "j", joined)])
    await office.inbound.drain()
    actor = await office.person("office")
    for text in ("tiến độ", "trợ giúp", "xin chào", "bc"):
        assert await office.hears(actor, text, group="group:strange") is None
    assert await one(office.db, "select count(*) from outbox where chat_id = 'group:strange'") == 1
