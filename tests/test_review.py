"""Reports reviewed on a database: who wins, what stays, what a unit is asked, and the bad inputs of a review."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from journey import JOURNEYS
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, open_period, unit_id

from bot.export import audit as audit_export
from bot.export.reports import submissions_json
from bot.resources import load_forms
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from handlers.report.assignment import assignment_mark
from handlers.review.steps import OWN
from reporting.figures.values import Value
from reporting.time.calendar import local_day
from scheduler.sending.sender import Sender
from storage.database import Conflict, Database
from storage.messages import conversations
from storage.people import preferences
from storage.periods import rounds
from storage.reports import submissions
from storage.review import findings, waiting

NOW = at("2026-04-07", "09:15")


@dataclass
class Room:
    """The province of journeys/provinces/duyet.yaml, its fifteen reports sent, and what is said in it."""

    db: Database
    inbound: Inbound
    number: Any = field(default_factory=lambda: count(1))

    async def hears(self, chat: str, text: str = "", choice: str = "") -> str:
        key, kind = f"m{next(self.number)}", "choice" if choice else "text"
        incoming = Incoming(
            "local", "local", key, chat, "private", chat, chat, kind, NOW, text=text, choice=choice  # type: ignore[arg-type]
        )  # fmt: skip
        await self.inbound.receive([Arrival("local", "local", key, incoming)])
        await self.inbound.drain()
        assert await self.db.read("select error from inbox where error is not null") == []
        rows = await self.db.read("select body from outbox where dedupe_key like ?", (f"%:{key}",))
        return str(json.loads(rows[0][0])["text"]) if rows else ""

    async def offered(self, chat: str, verb: str) -> str:
        state = (await conversations.standing(self.db, "local", chat)).state
        return str(next(data for _, data in state["offered"] if data.partition(":")[0] == verb))

    async def notices(self, chat: str) -> list[str]:
        rows = await self.db.read("select body from outbox where kind = 'notice' and chat_id = ? order by id", (chat,))
        return [json.loads(row[0])["text"] for row in rows]

    async def mark(self, unit: str) -> str:
        return assignment_mark("2026-Q1", await unit_id(self.db, unit))

    async def report(self, unit: str) -> Any:
        number = await unit_id(self.db, unit)
        return (await self.db.read("select * from submission where unit_id = ?", (number,)))[0]

    async def give_back(self, unit: str, item: str = "cây xanh", reason: str = "chưa khớp biên bản") -> str:
        return await self.hears("vanphong", f"trả lại {unit} mục {item}: {reason}")


@pytest.fixture
async def room(database: Database) -> Room:
    await load(database, "duyet")
    conversation = Conversation(database, CATALOGUE, load_forms(CATALOGUE), WORDING)
    handling = Handling(database, conversation, WORDING, lambda: NOW, Sender(database, {}, lambda: NOW))
    return Room(database, Inbound(database, handling, lambda: NOW))


def test_fifteen_reports_of_which_two_need_work_take_at_most_twenty_taps() -> None:
    lines = (JOURNEYS / "review.txt").read_text("utf-8").splitlines()
    taps, chat = 0, ""
    for line in lines:
        chat = line[2:] if line.startswith("= ") else chat
        if line.startswith("# What is accepted"):
            break
        taps += chat == "vanphong" and line.startswith(("[", "> "))
    assert "< Báo cáo quý I/2026: 15 báo cáo chờ duyệt, 2 có số cần xem." in lines
    assert "< Cụm thi đua số 1, quý I/2026: 15/15 đơn vị đã gửi." in lines
    assert 0 < taps <= 20


async def test_what_was_on_time_and_whose_it_was_stay_whatever_follows(room: Room) -> None:
    before = await room.report("CD03")
    await room.give_back("CD03")
    await room.hears("nam", "42")
    await room.hears("vanphong", choice=f"accept:{await room.mark('CD03')}.3")
    after = await room.report("CD03")
    assert after["state"] == "accepted"
    assert (after["submitted_at"], after["submitted_by"]) == (before["submitted_at"], before["submitted_by"])
    values = await room.db.read(
        "select indicator, set_by from value where unit_id = ? order by 1", (await unit_id(room.db, "CD03"),)
    )
    assert {row["indicator"] for row in values if row["set_by"] is not None} == {"cay_xanh"}


async def test_of_two_reviewers_at_once_one_wins_and_nothing_of_the_other_is_kept(room: Room) -> None:
    period, number = await open_period(room.db), await unit_id(room.db, "CD01")
    seen = await waiting.reports(room.db, period, 1, local_day(NOW), number)
    await room.db.write(waiting.judged(period, seen, "accept", None, NOW))
    with pytest.raises(Conflict):
        await room.db.write(waiting.judged(period, seen, "return", None, NOW))
    events = await room.db.read("select action from event where unit_id = ? and subject = 'submission'", (number,))
    assert [row["action"] for row in events] == ["submission.sent", "submission.accepted"]


async def test_the_slower_of_two_reviewers_is_told_who_decided_what(room: Room) -> None:
    mark = await room.mark("CD01")
    await room.hears("vanphong2", choice=f"accept:{mark}.1")
    told = await room.hears("vanphong", choice=f"accept:{mark}.1")
    assert "đã duyệt: đồng chí Hòa, lúc 09:15 ngày 07/4" in told


async def test_nobody_accepts_what_he_has_entered_himself_unless_the_office_lets_him(room: Room) -> None:
    period, number = await open_period(room.db), await unit_id(room.db, "CD02")
    person = await one(room.db, "select person_id from account where chat_id = 'vanphong'")
    await room.db.write(submissions.put(period, number, "hoi_vien_moi", Value(1), None, person, NOW))
    mark = await room.mark("CD02")
    assert "do đồng chí nhập" in await room.hears("vanphong", choice=f"accept:{mark}.1")
    assert "Duyệt 12" not in await room.hears("vanphong", "duyệt")
    await room.hears("vanphong", choice=await room.offered("vanphong", "accept_all"))
    assert (await room.report("CD02"))["state"] == "submitted"
    await room.db.write([preferences.remember(OWN, "1")])
    await room.hears("vanphong", choice=f"accept:{mark}.1")
    assert (await room.report("CD02"))["state"] == "accepted"


async def test_all_at_once_accepts_nothing_that_was_not_counted_in_the_button(room: Room) -> None:
    await room.hears("vanphong", "duyệt")
    button = await room.offered("vanphong", "accept_all")
    await room.hears("dong", "sửa cây xanh 45")
    assert (await room.hears("vanphong", choice=button)).startswith("Hàng chờ vừa thay đổi")
    assert (await room.report("CD02"))["state"] == "submitted"


async def test_a_report_that_has_changed_since_it_was_shown_is_shown_again(room: Room) -> None:
    await room.hears("vanphong", "duyệt CD01")
    button = await room.offered("vanphong", "accept")
    await room.hears("dong", "sửa cây xanh 45")
    told = await room.hears("vanphong", choice=button)
    assert "chưa duyệt" in told
    assert "45 cây xanh" in told


async def test_exactly_one_message_asks_for_just_the_figure_and_the_rest_stays(room: Room) -> None:
    await room.give_back("CD03")
    [notice] = await room.notices("nam")
    assert "mục cây xanh" in notice
    assert "92.000 cây (ghi từ “92000”). Lý do: chưa khớp biên bản." in notice
    assert "thứ Hai 13/4" in notice
    await room.hears("nam", "42")
    values = await room.db.read(
        "select indicator, amount from value where unit_id = ? order by 1", (await unit_id(room.db, "CD03"),)
    )
    assert [tuple(row) for row in values] == [
        ("cay_xanh", 42), ("luot_sinh_hoat_chi_doan", 63), ("sinh_hoat_chi_doan", 3)
    ]  # fmt: skip
    assert (await room.report("CD03"))["state"] == "submitted"


async def test_a_return_gives_working_days_where_the_day_is_near(room: Room) -> None:
    await room.db.write([("update briefing set starts_at = ?", (int(at("2026-04-08").timestamp() * 1000),))])
    assert "đến hết thứ Sáu 10/4" in await room.give_back("CD03")
    extensions = await rounds.extensions(room.db, await open_period(room.db))
    assert [day.isoformat() for day in extensions.values()] == ["2026-04-10"]
    untold = await room.db.read("select 1 from extension where told_at is null")
    assert untold == []  # the notice has told it


async def test_the_reason_stands_in_the_audit_beside_old_and_new_and_in_the_export(room: Room) -> None:
    await room.give_back("CD03", reason="chưa khớp với chị Nguyễn Thị Hoa, 0912345678")
    await room.hears("nam", "42")
    await room.give_back("CD05", "sinh hoạt chi đoàn")
    await room.hears("trung", "số đúng, vì họp thêm để bầu chi ủy")
    period = await rounds.round_by_code(room.db, "2026-Q1")
    assert period is not None
    lines = [line.to_json() for line in await audit_export.lines(room.db, CATALOGUE, period.id)]
    told = [(line["action"], line["old"], line["new"], line["reason"]) for line in lines if line["reason"]]
    assert told == [
        ("value.returned", "92000", None, "chưa khớp với chị ***, ***"),
        ("value.returned", "22", None, "chưa khớp biên bản"),
        ("value.stands", "22", "22", "vì họp thêm để bầu chi ủy"),
    ]
    assert ("value.put", "92000", "42") in [(line["action"], line["old"], line["new"]) for line in lines]
    exported = await submissions_json(room.db, CATALOGUE, period, None, local_day(NOW))
    of = {row["unit"]: row["values"] for row in exported["submissions"]}
    [back] = of["CD03"]["cay_xanh"]["given_back"]
    assert (back["value"], back["reason"], back["answer"]) == (92000, "chưa khớp với chị ***, ***", "")
    [stands] = of["CD05"]["sinh_hoat_chi_doan"]["given_back"]
    assert stands["answer"] == of["CD05"]["sinh_hoat_chi_doan"]["note"] == "vì họp thêm để bầu chi ủy"


async def test_of_two_figures_given_back_a_bare_number_is_taken_for_neither(room: Room) -> None:
    await room.give_back("CD03")
    await room.give_back("CD03", "sinh hoạt chi đoàn")
    asked = await room.hears("nam", "4")
    assert asked.startswith("Mục cây xanh, 92.000 cây")
    assert (await room.report("CD03"))["state"] == "returned"
    await room.hears("nam", "42")
    await room.hears("nam", "4")
    assert (await room.report("CD03"))["state"] == "submitted"
    amounts = await room.db.read(
        "select indicator, amount from value where unit_id = ?", (await unit_id(room.db, "CD03"),)
    )
    assert dict(tuple(row) for row in amounts)["cay_xanh"] == 42
    assert dict(tuple(row) for row in amounts)["sinh_hoat_chi_doan"] == 4


async def test_the_answer_reaches_the_office_where_the_reviewers_role_has_ended(room: Room) -> None:
    await room.hears("minh", "trả lại CD03 mục cây xanh: chưa khớp")
    ended = (NOW - timedelta(days=1)).date().isoformat()
    await room.db.write(
        [("update role set valid_to_on = ? where person_id in (select person_id from account where chat_id = 'minh')",
          (ended,))]
    )  # fmt: skip
    await room.hears("nam", "42")
    assert await room.notices("minh") == []
    [told] = await room.notices("vanphong")
    assert told == "Chi đoàn thôn Nam trả lời mục cây xanh: 92.000 cây thành 42 cây (ghi từ “42”)."
    mark = await room.mark("CD03")
    assert await room.hears("minh", choice=f"accept:{mark}.3") == WORDING.say("enrol.no_role")


async def test_who_accepted_a_report_hears_once_that_a_commune_gave_it_back(room: Room) -> None:
    mark = await room.mark("CD01")
    await room.hears("chutri", "duyệt CD01")
    await room.hears("chutri", choice=await room.offered("chutri", "accept"))
    assert (await room.report("CD01"))["state"] == "accepted"
    await room.hears("minh", "trả lại CD01 mục cây xanh: đếm lại")
    await room.hears("minh", choice=f"return:{mark}:sinh_hoat_chi_doan:0")  # it waits now: nothing more is undone
    [told] = await room.notices("chutri")
    assert told.startswith("Đoàn xã Tân Lập trả lại mục cây xanh của Chi đoàn thôn Đông")
    assert told.endswith("mà đồng chí đã duyệt, báo cáo chờ duyệt lại. Lý do: đếm lại.")
    assert await room.notices("minh") == []


async def test_a_department_hears_the_answer_without_a_button_that_is_not_its_own(room: Room) -> None:
    person = await one(room.db, "select person_id from account where chat_id = 'vanphong2'")
    await room.db.write(
        [("update role set role = 'department', sections = 'tinh_nguyen' where person_id = ?", (person,))]
    )
    for chat, item, answer in (("vanphong2", "cây xanh", "42"), ("minh", "sinh hoạt chi đoàn", "4")):
        await room.hears(chat, f"trả lại CD03 mục {item}: chưa khớp")
        await room.hears("nam", f"{item} {answer}")
    rows = await room.db.read("select chat_id, body from outbox where dedupe_key like 'answered:%' order by id")
    labels = {row[0]: [choice[0] for choice in json.loads(row[1])["choices"]] for row in rows}
    assert labels == {"vanphong2": ["Trả lại cây xanh"], "minh": ["Duyệt", "Trả lại sinh hoạt chi đoàn"]}


async def test_a_long_reason_is_cut_and_the_reviewer_is_told(room: Room) -> None:
    told = await room.give_back("CD03", reason="chưa khớp biên bản " * 170)
    assert "300 ký tự" in told
    kept = await one(room.db, "select reason from returned")
    assert len(kept) == 300


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("trả lại CD03 mục hiến máu: chưa khớp", "chưa báo số mục hiến máu"),
        ("trả lại CD03 mục đèn lồng: chưa khớp", "Trả lại mục nào?"),
        ("trả lại CD77 mục cây xanh: chưa khớp", "không tìm thấy đơn vị CD77"),
        ("trả lại mục cây xanh", "Đồng chí nhắn mã đơn vị"),
        ("duyệt CD77", "không tìm thấy đơn vị CD77"),
    ],
)
async def test_what_cannot_be_given_back_is_answered_in_one_line_and_changes_nothing(
    room: Room, said: str, answer: str
) -> None:
    assert answer in await room.hears("vanphong", said)
    assert {row[0] for row in await room.db.read("select state from submission")} == {"submitted"}


async def test_a_closed_period_is_neither_accepted_nor_given_back(room: Room) -> None:
    await room.hears("vanphong", choice=f"accept:{await room.mark('CD01')}.1")
    await room.hears("vanphong", "chốt kỳ quý I")
    await room.hears("vanphong", choice=await room.offered("vanphong", "order"))
    assert (await room.report("CD01"))["state"] == "locked"
    assert "đã chốt" in await room.hears("vanphong", choice=f"accept:{await room.mark('CD03')}.1")
    assert "đã chốt" in await room.give_back("CD03")
    assert "đã chốt" in await room.give_back("CD01")
    assert {row[0] for row in await room.db.read("select state from submission")} == {"submitted", "locked"}


async def test_a_tap_on_last_weeks_button_of_a_report_that_is_gone_does_nothing(room: Room) -> None:
    for button in ("accept:2025-Q4@1.1", "review:2026-Q1@ffff", "return:2026-Q1@ffff:cay_xanh:1", "accept:x.y"):
        assert await room.hears("vanphong", choice=button) == WORDING.say("problem.stale"), button
    assert "chờ duyệt" in await room.hears("vanphong", choice="accept_all:2026-Q1:00000000:")
    assert {row[0] for row in await room.db.read("select state from submission")} == {"submitted"}


async def test_a_branch_that_has_moved_is_reviewed_where_it_is_now(room: Room) -> None:
    number, period = await unit_id(room.db, "CD01"), await open_period(room.db)
    other = await one(room.db, "select organiser_id from cluster")
    await room.db.write(
        [
            ("update cluster_member set valid_to_on = '2026-03-31' where unit_id = ?", (number,), 1),
            ("insert into cluster (id, code, name, position, organiser_id, valid_from_on)"
             " values (999, 'C2', 'Cụm thi đua số 2', 2, ?, '2020-01-01')", (other,)),
            ("insert into cluster_member (cluster_id, unit_id, valid_from_on)"
             " values (999, ?, '2026-04-01')", (number,)),
        ]
    )  # fmt: skip
    [report] = await waiting.reports(room.db, period, 0, local_day(NOW), number)
    assert report.cluster_id == 999
    assert "14 báo cáo" in await room.hears("chutri", "duyệt")


async def test_a_commune_without_branches_has_nothing_to_review(room: Room) -> None:
    await room.db.write([("update unit set parent_id = null where level = 'chi_doan'", ())])
    assert await room.hears("minh", "duyệt") == WORDING.say("reviewing.none")


async def test_a_correction_after_sending_writes_anew_what_stands_out(room: Room) -> None:
    await room.hears("nam", "sửa cây xanh 42")
    assert "Chi đoàn thôn Nam" not in await room.hears("vanphong", "duyệt")
    await room.hears("nam", "sửa cây xanh 92000")
    await room.hears("nam", "đúng, vì xã phát động")
    assert "đơn vị: “đúng, vì xã phát động”" in await room.hears("vanphong", "duyệt")


async def test_a_long_queue_is_looked_on_and_begins_anew_behind_its_end(room: Room) -> None:
    [(period,)] = await room.db.read("select id from period where state = 'open'")
    units = [f"CD0{number}" for number in range(1, 8)]
    for unit in units:
        await room.db.write(findings.renew(period, await unit_id(room.db, unit), [("cay_xanh", "high")]))
    first = await room.hears("vanphong", "duyệt")
    assert "Đây là 1 đến 5 trong" in first
    state = (await conversations.standing(room.db, "local", "vanphong")).state
    [on] = [data for label, data in state["offered"] if label == "Xem tiếp"]
    second = await room.hears("vanphong", choice=on)
    assert "Đây là 6 đến" in second
    assert not {line for line in first.splitlines() if line[:2] == "1."} & set(second.splitlines())
    state = (await conversations.standing(room.db, "local", "vanphong")).state
    [on] = [data for label, data in state["offered"] if label == "Xem tiếp"]
    assert await room.hears("vanphong", choice=on) == first
