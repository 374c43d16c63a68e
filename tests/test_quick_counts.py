"""Counts within hours: what an office's message means, when units hear of it, what export and plan tell of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, unit_id

from bot.export.audit import lines
from bot.export.reports import submissions_json
from handlers.office.decisions import Decision, DecisionRefused
from handlers.quick_counts.opening import QuickOpening
from handlers.quick_counts.quick_orders import quick_order_in
from handlers.quick_counts.running_sums import RunningSums
from handlers.reminders.plan_words import plan_lines
from reporting.dialogue.reply import read_reply
from reporting.figures.catalogue import QUICK
from reporting.figures.forms import Form, counted_together
from reporting.figures.values import Value
from reporting.plan.counts import CountPlan
from reporting.plan.planner import Planner
from reporting.time.calendar import VIETNAM, local_day
from reporting.time.quick_counts import counted_in, is_quick_code, kept, quick_code, quick_count
from reporting.time.rules import DEFAULTS
from scheduler.planned.count_calls import CountCalls
from storage.database import Database
from storage.messages import outbox
from storage.periods import holidays, planning, rounds
from storage.reports import running, submissions

NOW = at("2026-04-02", "13:40")
ORDER = "Báo cáo nhanh bão số 5: số đội hình, số tiền ủng hộ, đến 17 giờ hôm nay, Cụm 1"


def local(day: str, time: str) -> datetime:
    return at(day, time).astimezone(VIETNAM)


@pytest.mark.parametrize(
    ("text", "title", "counted", "due", "whom"),
    [
        ("Báo cáo nhanh: số đội hình, số người trực bão số 5, đến 17 giờ hôm nay, Cụm 3 và 4",
         "", [("đội hình", "đội hình"), ("người trực bão số 5", "người")], ("2026-04-02", "17:00"), "Cụm 3 và 4"),
        ("bao cao nhanh bão số 5: so doi hinh va so nguoi truc den 17h30, cum 3, 4",
         "bão số 5", [("đội hình", "đội hình"), ("người truc", "người")], ("2026-04-02", "17:30"), "cum 3, 4"),
        ("Báo cáo đột xuất:\n- Số nhà dân tốc mái\n- Số tiền ủng hộ\n- Khối lượng rác (tấn)\nCụm 1, 2, đến 9h30 mai",
         "", [("nhà dân tốc mái", "nhà"), ("tiền ủng hộ", "triệu đồng"), ("khối lượng rác", "tấn")],
         ("2026-04-03", "09:30"), "Cụm 1, 2"),
        ("báo cáo nhanh số người trực, trước 5 giờ chiều 04/4 toàn tỉnh",
         "", [("người trực", "người")], ("2026-04-04", "17:00"), "toàn tỉnh"),
    ],
)  # fmt: skip
def test_what_is_counted_until_when_and_of_whom_is_read_from_one_message(
    text: str, title: str, counted: list[tuple[str, str]], due: tuple[str, str], whom: str
) -> None:
    order = quick_order_in(text, NOW)
    assert order is not None
    assert (order.title, order.whom, order.due_at) == (title, whom, local(*due))
    assert [(one.short, one.unit) for one in order.counted] == counted
    assert counted_in(kept(order.counted)) == order.counted


@pytest.mark.parametrize(
    ("counted", "text", "read"),
    [
        ("số người, số xe", "5 người, 5 xe", [5, 5]),
        ("số người, số xe", "12 xe, 5 người", [5, 12]),
        ("so doi hinh, so nguoi truc", "5 doi hinh, 5 nguoi", [5, 5]),
        ("so doi hinh, so nguoi truc", "dạ 7 người trực và 8 đội hình ạ", [8, 7]),
        ("số xe cứu thương, số xe tải", "5 xe cuu thuong, 3 xe tai", [5, 3]),
        ("số nhà tốc mái, số hộ, số xe", "hộ 4 nhà tốc mái: 3 nhà, xe 2", [3, 4, 2]),
        ("số người, số xe", "5 người đi 2 xe", [5, 2]),
        ("số xe cứu thương, số xe tải", "5 xe", []),
        ("số đội hình, số người trực", "3 đội hình 25 đồng chí", [3, 25]),
        ("số đội hình, số người trực", "đơn vị e có 3 đội, 25 người đang trực 24/24 ạ", [3, 25]),
        ("số nhà tốc mái, số người bị thương, số tiền ủng hộ", "2 cái nhà, 1 người với 5 triệu ạ", [2, 1, 5_000_000]),
        ("số nhà tốc mái, số người bị thương", "tốc mái 2, bị thương 1", [2, 1]),
        ("số áo phao, số xuồng", "10 cái áo phao với 2 chiếc xuồng", [10, 2]),
        ("số nhà, số người, số xe", "2,1,5", [2, 1, 5]),
        ("số nhà, số người", "2,500", []),
        ("số đội hình, số người trực", "hiện chưa có", [0, 0]),
        ("số đội hình, số người trực", "chưa có đội nào ạ", [0]),
        ("số đội hình, số người trực", "3/25 ạ", [3, 25]),
        ("số đội hình, số người trực", "3 - 25", [3, 25]),
        ("số đội hình, số người trực", "24/7", []),
        ("số đội hình", "3-25", []),
        ("số nhà tốc mái, số người bị thương, số tiền ủng hộ", "2 căn, 1 người, 5 triệu", [2, 1, 5_000_000]),
        ("số người bị thương, số tiền ủng hộ", "2 căn, 5 triệu", []),
        ("số áo phao, số xuồng", "10 áo phao. xuồng không có", [10, 0]),
        ("số áo phao, số xuồng", "không có xuồng, 10 áo phao", [10, 0]),
    ],
)
def test_what_is_counted_is_read_with_its_own_name_behind_the_number(counted: str, text: str, read: list[int]) -> None:
    order = quick_order_in(f"báo cáo nhanh: {counted}, đến 17 giờ", NOW)
    assert order is not None
    own = quick_count("2026-N-0402-1700", "nhanh", NOW, order.due_at, order.counted).own
    form = Form("chi_doan", QUICK, (counted_together(own),), ())
    reply = read_reply(text, own, form, CATALOGUE.of(own), "chi_doan")
    found = dict((*reply.values, *reply.proposed))
    assert [found[one.code].amount for one in own if one.code in found] == read
    assert bool(reply.troubles) == (not read)


async def opened(db: Database, text: str = ORDER, now: datetime = NOW) -> Decision:
    decision = await QuickOpening(db, WORDING).decide(text, None, now)
    await db.write(list(decision.rows))
    return decision


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Báo cáo nhanh: số người trực, đến 13 giờ hôm nay, Cụm 1", "quick.past"),
        ("Báo cáo nhanh: số người trực, đến 17 giờ 20/4, Cụm 1", "quick.far"),
        ("Báo cáo nhanh: số người trực, Cụm 1", "quick.no_hour"),
        ("Báo cáo nhanh: đến 17 giờ hôm nay, Cụm 1", "quick.nothing"),
        ("Báo cáo nhanh: số A, số B, số C, số D, số E, số G, đến 17 giờ", "quick.too_many"),
        ("Báo cáo nhanh: số người trực, tổng số người trực, đến 17 giờ", "quick.twice"),
        (f"Báo cáo nhanh: số {'người ' * 20}, đến 17 giờ", "quick.too_long"),
        ("Báo cáo nhanh: số người trực, đến 17 giờ, Cụm 9", "owes.unknown"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_count_that_cannot_be_gets_one_line_and_opens_nothing(database: Database, text: str, key: str) -> None:
    await load(database)
    with pytest.raises(DecisionRefused) as refused:
        await opened(database, text)
    assert refused.value.remark.key == key
    assert "\n" not in refused.value.remark.vietnamese(WORDING)
    assert await rounds.quick_rounds(database) == []


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_nobody_is_woken_for_a_count(database: Database) -> None:
    await load(database)
    with pytest.raises(DecisionRefused) as refused:
        await opened(database, "Báo cáo nhanh: số người trực, đến 6 giờ sáng mai", at("2026-04-02", "21:30"))
    assert refused.value.remark.key == "quick.at_night"


def test_reminders_are_hours_ahead_not_close_together_and_never_at_night() -> None:
    def calls(opened_at: str, due: tuple[str, str]) -> list[tuple[str, str]]:
        found = CountPlan(DEFAULTS).calls(at("2026-04-02", opened_at), at(*due))
        return [(rung, f"{moment.astimezone(VIETNAM):%d %H:%M}") for rung, moment in found]

    assert calls("09:00", ("2026-04-02", "17:00")) == [("call", "02 09:00"), ("H-3", "02 14:00"), ("H-1", "02 16:00")]
    assert calls("13:50", ("2026-04-02", "17:00")) == [("call", "02 13:50"), ("H-1", "02 16:00")]
    assert calls("16:30", ("2026-04-02", "17:00")) == [("call", "02 16:30")]
    assert calls("20:00", ("2026-04-03", "07:30")) == [("call", "02 20:00"), ("H-3", "03 07:00")]


def test_codes_are_the_day_and_hour_and_never_those_of_another_period() -> None:
    due_at = at("2026-09-25", "17:00")
    assert [quick_code(due_at), quick_code(due_at, 2)] == ["2026-N-0925-1700", "2026-N-0925-1700-2"]
    assert is_quick_code(quick_code(due_at, 2))
    assert not any(map(is_quick_code, ("2026-Q1", "2026-D-THANG-THANH-NIEN", "2026-9M")))


async def _answered(db: Database, unit: str, *amounts: int) -> Any:
    [round_] = await rounds.quick_rounds(db)
    ids = (round_.id, await unit_id(db, unit))
    values = [(one.code, Value(amount), None) for one, amount in zip(round_.period.own, amounts, strict=True)]
    rows = [submissions.touch(*ids, 0, "submitted", None, NOW), *submissions.put_all(*ids, values, None, NOW)]
    await db.write(running.around(*ids, rows))
    return round_


async def test_its_sum_its_export_and_its_audit_are_those_of_a_period(database: Database) -> None:
    await load(database)
    await opened(database)
    await _answered(database, "CD01", 3, 12_500_000)
    round_ = await _answered(database, "CD02", 2, 500_000)
    today = local_day(NOW)
    told = await RunningSums(database, CATALOGUE, WORDING).told(round_, None, today)
    assert told.splitlines()[:2] == [
        "Báo cáo nhanh bão số 5, đến 17:00 thứ Năm 02/4: 2/2 đơn vị.", "5 đội hình; tiền ủng hộ 13 triệu đồng",
    ]  # fmt: skip
    own = CATALOGUE.of(round_.period.own)
    found = await submissions_json(database, own, round_, None, today)
    assert [
        [value["value"] for value in report["values"].values()] for report in found["submissions"]
    ] == [[3, 12.5], [2, 0.5]]  # fmt: skip
    assert {line.new for line in await lines(database, CATALOGUE, round_.id)} >= {"3", "12.5", "2", "0.5"}
    assert await running.differences(database) == []


async def test_who_has_answered_is_not_reminded_and_it_ends_by_itself_for_good(database: Database) -> None:
    await load(database)
    await opened(database)
    job = CountCalls(database, RunningSums(database, CATALOGUE, WORDING), WORDING, ("local",))
    assert await job.tick(NOW) == 2  # CD01's secretary and CD02's deputy, who has no secretary
    assert await job.tick(NOW + timedelta(minutes=1)) == 0
    await _answered(database, "CD01", 3, 0)
    await database.write([outbox.cancel_reminders("2026-N-0402-1700", await unit_id(database, "CD01"))])
    left = "select count(*) from outbox where state = 'ready' and dedupe_key like 'quick:%:call:%'"
    assert await one(database, left) == 1
    facts = await planning.whole(database, NOW, await holidays.calendar(database))
    entries = Planner(DEFAULTS, await holidays.calendar(database)).counts.day(facts, local_day(NOW))
    assert [line for line in plan_lines(WORDING, facts, entries) if "H-1" in line] == [
        "  16:00 báo cáo nhanh 2026-N-0402-1700 (H-1), gửi bí thư C1: CD02"
    ]
    assert await job.tick(at("2026-04-02", "16:00")) == 1
    await job.tick(at("2026-04-02", "17:00"))
    assert await rounds.quick_rounds(database) == []
    assert await one(database, "select state from period where code = '2026-N-0402-1700'") == "locked"
    assert await job.tick(at("2026-04-02", "17:30")) == 0
