"""The audit: every act leaves an event, none can be changed, the export names roles and numbers and no person."""

import io
import json
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from province import CATALOGUE
from test_privacy import CHAT, HOT, NAME, PASTE, PERSON, Desk, desk  # noqa: F401
from two_clusters import one, open_period, unit_id

from bot.export.audit import audit_workbook, lines
from handlers.access.codes import code_hash
from reporting.figures.values import Value
from storage.database import IntegrityFault
from storage.people import invites
from storage.reports import submissions
from storage.reports.events import happened


async def test_every_act_leaves_an_event_with_role_and_unit_and_no_words(desk: Desk) -> None:  # noqa: F811
    cluster = await one(desk.db, "select id from cluster where code = 'C1'")
    unit = await unit_id(desk.db, "CD02")
    until = desk.now.replace(year=2027)
    await desk.db.write(
        [
            invites.issue(91, code_hash("GR0VP-1NK5T1"), "group", None, None, cluster, desk.now, until),
            invites.issue(92, code_hash("K7M2Q-9XD4R"), "person", "deputy", unit, None, desk.now, until),
        ]
    )
    for text in (PASTE, "1", "sửa cây xanh 150", "kiến nghị Xin thêm sách", HOT, "liên kết", "ngừng", "bc", "1"):
        await desk.hears(text)
    await desk.hears("K7M2Q-9XD4R", "chat-of-another", "telegram")
    await desk.hears("1", "chat-of-another", "telegram")
    await desk.hears("xóa")
    await desk.hears("1")
    found = [line.to_json() for line in await lines(desk.db, CATALOGUE, None)]
    mine = [entry for entry in found if entry["actor"] == PERSON]
    assert [entry["action"] for entry in mine] == [
        *["value.put"] * 5, "petition.raised", "note.raised", "code.issued", "consent.withdrawn", "consent.given",
        "person.erased",
    ]  # fmt: skip
    corrected = mine[4]
    assert corrected["subject"] == "cay_xanh"
    assert (corrected["old"], corrected["new"]) == ("120", "150")
    assert (corrected["role"], corrected["of"], corrected["unit"], corrected["period"]) == (
        "secretary", "CD01", "CD01", "2026-Q1",
    )  # fmt: skip
    enrolled = [entry for entry in found if entry["actor"] not in (PERSON, None)]
    assert {"consent.given", "code.used", "role.given"} <= {entry["action"] for entry in enrolled}
    shown = json.dumps(found, ensure_ascii=False)
    for telling in (NAME, CHAT, "chat-of-another", "Xin thêm sách", "lôi kéo", "K7M2Q", "Báo cáo của"):
        assert telling not in shown


async def test_values_stored_together_leave_an_event_each_and_of_one_given_twice_the_last_stays(
    desk: Desk,  # noqa: F811
) -> None:
    place = (await open_period(desk.db), await unit_id(desk.db, "CD01"))
    put = [("cay_xanh", Value(5), None), ("hoi_vien_moi", Value(2), Value(1)), ("cay_xanh", Value(7), Value(5))]
    await desk.db.write([submissions.touch(*place, 0, "draft", PERSON, desk.now)])
    await desk.db.write(submissions.put_all(*place, put, PERSON, desk.now))
    events = await desk.db.read("select subject, old, new from event where actor = ? order by id", (PERSON,))
    assert [tuple(event) for event in events] == [
        ("cay_xanh", None, "5"), ("hoi_vien_moi", "1", "2"), ("cay_xanh", "5", "7"),
    ]  # fmt: skip
    held = await submissions.held(desk.db, place[0], "2026-Q1", place[1])
    assert {code: value.amount for code, value in held.draft.values.items()} == {"cay_xanh": 7, "hoi_vien_moi": 2}


async def test_of_one_period_its_events_are_shown_and_what_names_none_in_its_days(desk: Desk) -> None:  # noqa: F811
    await desk.hears(PASTE)
    await desk.hears("1")
    days = (desk.now - timedelta(days=120), desk.now, desk.now + timedelta(days=120))
    await desk.db.write([happened("consent.withdrawn", "person", PERSON, day) for day in days])
    period = await open_period(desk.db)
    shown = await lines(desk.db, CATALOGUE, period)
    assert "2026-Q1" in {line.entry.period for line in shown}
    assert [line.entry.at for line in shown if line.entry.action == "consent.withdrawn"] == [desk.now]


async def test_the_list_holds_text_and_never_a_formula(desk: Desk) -> None:  # noqa: F811
    await desk.db.write([happened("a.b", "=SUM(A1)", PERSON, desk.now, old="+1", new="@x")])
    rows = list(load_workbook(io.BytesIO(audit_workbook(await lines(desk.db, CATALOGUE, None)))).active.values)
    assert rows[0] == ("Lúc", "Người (số)", "Vai trò", "Của", "Việc", "Kỳ", "Đơn vị", "Mục", "Cũ", "Mới", "Lý do")
    last = rows[-1]
    assert last[1:] == (str(PERSON), "secretary", "CD01", "a.b", "", "", "=SUM(A1)", "+1", "@x", "")
    assert last[0].date() == date(2026, 4, 7)


async def test_an_event_outlives_the_person_and_nobody_changes_it(desk: Desk) -> None:  # noqa: F811
    await desk.hears("sửa hội viên mới 5")
    await desk.hears("xóa")
    await desk.hears("1")
    for statement in ("update event set actor = null", "delete from event", "update event set new = '1'"):
        with pytest.raises(IntegrityFault, match="append-only"):
            await desk.db.write([(statement, ())])
    assert await one(desk.db, "select count(*) from event where actor = ? and action = 'value.put'", PERSON) == 1
