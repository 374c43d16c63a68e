import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from databases import ON_SQLITE, Opener

from bot.channels.local_zalo.channel import NAME as BESIDE
from bot.channels.local_zalo.channel import beside
from bot.demo.cast import cast, shipped_forms
from bot.demo.open import prepare
from bot.demo.province import CHANNEL, DemoRefused, load, reported_period
from bot.demo.walk import faces, stops
from handlers.access.codes import code_hash, typed_code
from reporting.figures.values import scaled
from reporting.numbers.quantities import quantities
from reporting.organisation.part import WHOLE
from reporting.time.calendar import VIETNAM, at, local_day
from reporting.time.deadlines import Terms
from reporting.time.periods import parse_period
from storage.database import Database
from storage.engine.instants import instant
from storage.engine.migrate import migrate
from storage.engine.open import open_database
from storage.messages import conversations, local_chat
from storage.organisation import targets, units
from storage.people import groups, invites, people
from storage.periods import rounds
from storage.periods.comparing import compared
from storage.reports import submissions
from storage.reports.exported import Exported, exported

START = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)  # 08:00 in Việt Nam
TODAY = date(2026, 4, 2)
GIVEN_BACK = {"CD030302": ("cay_xanh",)}
FILED = {"C1": 10, "C2": 9, "C3": 11, "C4": 8}


@pytest.fixture
async def demo(demo_url: str, opened: Opener) -> Database:
    return await opened(demo_url, exclusive=True)


async def reports(db: Database, period: str) -> list[Exported]:
    round_ = await rounds.round_by_code(db, period)
    assert round_ is not None
    return await exported(db, round_.id, None, TODAY.isoformat())


async def test_four_clusters_have_three_communes_and_twelve_branches_each(demo: Database) -> None:
    every = await units.all_units(demo, TODAY)
    assert len(every) == 61
    assert Counter((u.cluster, u.level) for u in every) == {
        ("", "tinh_doan"): 1,
        **{(f"C{n}", "doan_co_so"): 3 for n in range(1, 5)},
        **{(f"C{n}", "chi_doan"): 12 for n in range(1, 5)},
    }
    communes = Counter(u.parent for u in every if u.level == "chi_doan")
    assert set(communes.values()) == {4}
    assert set(communes) == {u.code for u in every if u.parent == "TD"}
    assert len({u.name for u in every}) == 61
    assert all(u.code.isascii() for u in every)
    assert [c.name for c in await units.all_clusters(demo, TODAY)] == [f"Cụm thi đua số {n}" for n in range(1, 5)]


async def test_everyone_has_an_account_with_consent_except_one_secretary_in_each_cluster(demo: Database) -> None:
    phones = await people.with_role(demo, "secretary", TODAY)
    secretaries = [a for a in phones if a.channel == CHANNEL]
    assert len(secretaries) == 56
    assert {a.chat_id for a in phones if a.channel == BESIDE} == {beside(a.chat_id) for a in secretaries}
    above = [a for role in ("office", "leader", "chair") for a in await people.with_role(demo, role, TODAY)]
    chats = {a.chat_id for a in above if a.channel == CHANNEL}
    assert chats == {"vanphong", "lanhdao-1", "lanhdao-2", "chutri-c1", "chutri-c2", "chutri-c3", "chutri-c4"}
    names = [a.name for a in secretaries]
    assert len(set(names)) == 56
    for number in range(1, 5):
        cluster = await units.cluster_by_code(demo, f"C{number}")
        assert cluster is not None
        assert await groups.of_cluster(demo, cluster.id) == [(CHANNEL, f"group:C{number}")]


async def test_each_newcomer_has_a_code_that_is_good_for_the_unit_without_a_secretary(demo: Database) -> None:
    for cluster in cast().clusters:
        code = cluster.newcomer.code
        assert typed_code(code)
        invite = await invites.good(demo, code_hash(code), START + timedelta(days=20))
        assert invite is not None
        assert (invite.kind, invite.role) == ("person", "secretary")
        unit = await units.unit_by_code(demo, cluster.newcomer.unit)
        assert unit is not None
        assert invite.unit_id == unit.id
        assert (await conversations.standing(demo, CHANNEL, cluster.newcomer.chat_id)).person_id is None


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 4, 2), "2026-Q1"),
        (date(2026, 4, 20), "2026-Q1"),
        (date(2026, 4, 21), "2026-Q2"),
        (date(2026, 11, 22), "2026-Q4"),
        (date(2027, 1, 3), "2026-Q4"),
    ],
)
def test_the_open_period_is_the_quarter_people_report_on_that_day(day: date, code: str) -> None:
    assert reported_period(at(day, 0, 30)).code == code


async def test_the_briefings_fall_ten_to_twelve_days_after_the_start_under_their_chairs(demo: Database) -> None:
    (open_,) = await rounds.open_rounds(demo)
    assert open_.code == "2026-Q1"
    briefings = await rounds.briefings(demo, open_.id)
    assert [(b.cluster_code, b.starts_at.astimezone(VIETNAM).strftime("%d/%m %H:%M")) for b in briefings] == [
        ("C1", "13/04 08:00"),  # ten days after the start is a Sunday
        ("C2", "13/04 08:00"),
        ("C3", "13/04 14:00"),
        ("C4", "14/04 08:00"),
    ]
    assert [b.chair for b in briefings] == [
        "Phó Bí thư Thường trực Tỉnh đoàn, Chủ tịch Hội LHTN Việt Nam tỉnh",
        "Phó Bí thư Tỉnh đoàn",
        "Phó Bí thư Tỉnh đoàn",
        "Bí thư Tỉnh đoàn",
    ]


async def test_more_than_half_of_the_units_have_sent_and_each_cluster_differs(demo: Database) -> None:
    (open_,) = await rounds.open_rounds(demo)
    coverage = await submissions.coverage(demo, open_.id, TODAY.isoformat())
    found = {}
    for code in FILED:
        cluster = await units.cluster_by_code(demo, code)
        assert cluster is not None
        found[code] = (coverage[cluster.id].filed, coverage[cluster.id].owing)
    assert found == {code: (filed, 15) for code, filed in FILED.items()}
    assert 0.55 <= sum(FILED.values()) / 60 <= 0.65


async def test_sent_reports_answer_every_question_and_drafts_half_of_them(demo: Database) -> None:
    _, forms = shipped_forms()
    levels = {u.code: u.level for u in await units.all_units(demo, TODAY)}
    drafts = []
    for report in await reports(demo, "2026-Q1"):
        form = forms.form("chi_doan" if levels[report.unit] == "chi_doan" else "doan_co_so", "quy")
        answered = [all(i.code in report.values for i in q.indicators) for q in form.questions]
        assert all(form.accepts(code) for code in report.values)
        if report.state == "draft":
            drafts.append(report.unit)
            assert 0.3 <= sum(answered) / len(answered) <= 0.6
            assert report.submitted_at is None
        else:
            assert report.state == ("returned" if report.unit in GIVEN_BACK else "submitted")
            assert all(answered)
            assert report.submitted_at is not None
            assert local_day(instant(report.submitted_at)) < TODAY
    assert drafts == ["CD010102", "DX0202"]


async def test_last_quarter_is_closed_and_accepted_from_every_unit(demo: Database) -> None:
    before = await rounds.round_by_code(demo, "2025-Q4")
    assert before is not None
    assert before.state == "closed"
    found = await reports(demo, "2025-Q4")
    assert len(found) == 60
    assert {r.state for r in found} == {"accepted"}
    unit = await units.unit_by_code(demo, "CD010101")
    assert unit is not None
    (open_,) = await rounds.open_rounds(demo)
    held = await submissions.held(demo, open_.id, open_.code, unit.id, before.code)
    assert held.draft.values == {}
    form = shipped_forms()[1].form("chi_doan", "quy")
    assert all(i.code in held.draft.before for q in form.questions for i in q.indicators)


async def test_every_stored_value_is_what_its_words_say_and_is_not_out_of_the_ordinary(demo: Database) -> None:
    catalogue, _ = shipped_forms()
    rounded = 0
    for report in [*await reports(demo, "2025-Q4"), *await reports(demo, "2026-Q1")]:
        level = "chi_doan" if report.unit.startswith("CD") else "doan_co_so"
        for code, value in report.values.items():
            indicator = catalogue[code]
            if report.state == "returned" and code in GIVEN_BACK[report.unit]:
                assert value.amount > scaled(Decimal(indicator.soft_max[level]), indicator.kind)
                continue
            assert value.amount <= scaled(Decimal(indicator.soft_max[level]), indicator.kind), (report.unit, code)
            if value.amount == 0:
                assert value.source == "không phát sinh"
                continue
            (read,) = quantities(value.source)
            assert (scaled(read.number, indicator.kind), read.approx, read.problem) == (
                value.amount,
                value.approx,
                None,
            ), value.source
            rounded += value.approx
    assert rounded > 50


async def test_members_do_not_jump_between_the_quarters_and_shares_never_exceed_them(demo: Database) -> None:
    before = {r.unit: r.values for r in await reports(demo, "2025-Q4")}
    now = {r.unit: r.values for r in await reports(demo, "2026-Q1") if r.state == "submitted"}
    for unit, values in now.items():
        assert values["tong_doan_vien"].amount == before[unit]["tong_doan_vien"].amount
        assert values["nguoi_da_kiem_tra_nq"].amount <= values["tong_doan_vien"].amount
        sessions, attendance = values["sinh_hoat_chi_doan"].amount, values["luot_sinh_hoat_chi_doan"].amount
        assert attendance <= sessions * values["tong_doan_vien"].amount
        assert values != before[unit]


async def test_one_target_is_met_and_one_is_unmet_after_its_day(demo: Database) -> None:
    catalogue, _ = shipped_forms()
    (open_,) = await rounds.open_rounds(demo)
    compared_ = await compared(demo, catalogue, open_, WHOLE, TODAY)
    board = [row.target for row in compared_.rows if row.target is not None]
    assert {p.target.indicator: p.state for p in board} == {
        "ti_le_kiem_tra_nq": "overdue",
        "cay_xanh": "exceeded",
        "don_vi_mau": "unmet",
        "dang_vien_moi": "unmet",
    }
    (late,) = [p for p in board if p.state == "overdue"]
    assert late.target.due_on == date(2026, 3, 31)
    assert late.reached is not None
    assert 60_000 < late.reached.amount < 90_000  # percent, in thousandths


async def test_every_change_of_a_value_has_its_event(demo: Database) -> None:
    values = await demo.read("select count(*) from value")
    events = await demo.read("select count(*) from event where action = 'value.put'")
    assert values[0][0] == events[0][0] > 3000
    sent = await demo.read("select count(*) from event where action = 'submission.sent'")
    assert sent[0][0] == 60 + sum(FILED.values()) + len(GIVEN_BACK)


async def test_a_database_with_units_is_refused_and_left_as_it_is(database: Database) -> None:
    await database.write([units.add_unit(77, "X", "Tỉnh đoàn khác", "tinh_doan", None, date(2025, 1, 1))])
    with pytest.raises(DemoRefused, match="đã có đơn vị"):
        await load(database, START)
    assert [u.code for u in await units.all_units(database, TODAY)] == ["X"]
    assert await rounds.open_rounds(database) == []


async def test_two_loads_at_once_leave_one_province(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none_yet(_db: Database, _day: date) -> list[object]:
        return []

    monkeypatch.setattr(units, "all_units", none_yet)
    with pytest.raises(DemoRefused):
        await load(demo, START)
    monkeypatch.undo()
    assert len(await units.all_units(demo, TODAY)) == 61


@ON_SQLITE
async def test_the_same_start_gives_the_same_province(demo: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('again') / 'giaoban.db'}"
    await migrate(url)
    again = await open_database(url)
    try:
        await load(again, START)
        for period in ("2025-Q4", "2026-Q1"):
            assert await reports(again, period) == await reports(demo, period)
    finally:
        await again.close()


async def test_the_province_is_written_in_a_moment(sqlite_url: str) -> None:
    await migrate(sqlite_url)
    db = await open_database(sqlite_url)
    try:
        began = time.process_time()
        await load(db, START)
        assert time.process_time() - began < 1.5
    finally:
        await db.close()


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_demo_can_start_on_any_day(database: Database) -> None:
    start = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 00:30 on the 23rd in Việt Nam
    await load(database, start)
    (open_,) = await rounds.open_rounds(database)
    assert open_.code == "2026-Q4"
    late = [t for t in await targets.of_part(database, "2026-Y", WHOLE) if t.due_on == date(2026, 10, 31)]
    assert [t.indicator for t in late] == ["ti_le_kiem_tra_nq"]
    found = await stops(database, start)
    assert found[0].at == at(date(2026, 11, 23), 7, 30)
    assert local_day(found[-1].at) == date(
        2026, 12, 4
    )  # the last briefing, on the last worked day of those it may be on
    assert open_.terms.estimated  # for it is before the quarter's end


async def test_the_page_lists_the_telling_people_first_and_everybody_once(demo: Database) -> None:
    found = await faces(demo)
    assert [(f.chat_id, f.part) for f in found[:5]] == [
        (chat, "Bí thư đơn vị") for chat in ("cd010101", "cd010102", "cd010103", "cd020102", "dx0101")
    ]
    by_chat = {f.chat_id: f for f in found}
    assert len(by_chat) == len(found) == 56 + 4 + 7 + 4
    assert by_chat["cd010101"].title == "Bí thư Chi đoàn khu phố Cầu Gỗ, Cụm 1 · chưa có số liệu"
    assert by_chat["cd010102"].title.endswith("đang làm dở")
    assert by_chat["cd010103"].title.endswith("đã gửi")
    assert by_chat["moi-2"].part == "Người mới"
    assert by_chat["moi-2"].title.endswith("chưa đăng ký, mã MA7C2-DEM02")
    assert by_chat["chutri-c4"].title == "Bí thư Tỉnh đoàn, chủ trì Cụm 4"
    assert by_chat["group:C3"].name == "Nhóm Cụm thi đua số 3"
    assert all(f.name and f.title and f.part for f in found)


async def test_a_newcomer_who_has_enrolled_is_no_longer_shown_with_a_code(demo: Database) -> None:
    await demo.write(
        [people.add_person(9001, "Lê Thị An Nhiên", START), people.add_account(CHANNEL, "moi-1", 9001, "1", START)]
    )
    (face,) = [f for f in await faces(demo) if f.chat_id == "moi-1"]
    assert face.title == "Bí thư Chi đoàn Trạm Y tế Phước Tân Hưng, Cụm 1"


@ON_SQLITE
async def test_the_clock_can_be_moved_to_the_reminders_briefings_and_the_monday_to_come(demo: Database) -> None:
    found = [(s.at.astimezone(VIETNAM).strftime("%d/%m %H:%M"), s.label) for s in await stops(demo, START)]
    assert found == [
        ("03/04 07:30", "đến T-3 của Cụm 4 và T-1 của Cụm 1, 2, 3 (thứ Sáu 03/4)"),
        ("06/04 07:30", "đến T-1 của Cụm 4 và hạn nộp của Cụm 1, 2, 3 (thứ Hai 06/4)"),
        ("06/04 07:30", "đến sáng thứ Hai 06/4 (tổng hợp tuần)"),
        ("07/04 07:30", "đến hạn nộp của Cụm 4 (thứ Ba 07/4)"),
        ("07/04 07:30", "đến ngày nhắc quá hạn của Cụm 1, 2, 3 (thứ Ba 07/4)"),
        ("08/04 07:30", "đến ngày nhắc quá hạn của Cụm 4 (thứ Tư 08/4)"),
        ("09/04 07:30", "đến ngày nhắc quá hạn của Cụm 1, 2, 3 (thứ Năm 09/4)"),
        ("10/04 07:30", "đến tin trước giao ban Cụm 1, 2, 3, 4 (thứ Sáu 10/4)"),
        ("13/04 07:30", "đến tin trước giao ban Cụm 4 (thứ Hai 13/4)"),
        ("13/04 17:00", "đến sau giao ban Cụm 1, 2, 3 (thứ Hai 13/4)"),
        ("14/04 17:00", "đến sau giao ban Cụm 4 (thứ Ba 14/4)"),
    ]


async def test_moments_that_have_passed_are_no_longer_offered(demo: Database) -> None:
    now = at(date(2026, 4, 13), 7, 30)
    found = await stops(demo, now)
    assert [stop.id for stop in found][:2] == ["briefing-2026-04-13", "briefing-2026-04-14"]
    assert found[-1].label == "đến sáng thứ Hai 20/4 (tổng hợp tuần)"
    assert all(stop.at > now for stop in found)
    assert len({stop.id for stop in found}) == len(found)


async def test_once_the_round_is_over_the_next_worked_monday_is_offered_to_go_on_from(demo: Database) -> None:
    # Giỗ Tổ 2026 is Sunday 26/4, with Monday 27/4 in lieu.
    found = await stops(demo, at(date(2026, 4, 25), 12))
    assert [stop.label for stop in found] == ["đến sáng thứ Ba 28/4"]
    await demo.write([("update period set state = 'locked' where state = 'open'", ())])
    assert [stop.label for stop in await stops(demo, at(date(2026, 5, 9), 12))] == ["đến sáng thứ Hai 11/5"]


async def test_a_period_planned_or_opened_later_has_stops_of_its_own(demo: Database) -> None:
    may = at(date(2026, 5, 4), 12)
    terms = Terms(opens_on=date(2026, 5, 25), deadline_on=date(2026, 6, 10))
    await demo.write([rounds.add_period(9_001, parse_period("2026-Q2"), "planned", may, terms)])
    planned = [stop.label for stop in await stops(demo, may)]
    assert planned[0] == "đến ngày mở kỳ quý II (thứ Hai 25/5)"
    assert "đến T-7 của Cụm 1, 2, 3, 4 (quý II) (thứ Tư 03/6)" in planned
    await demo.write([("update period set state = 'open' where id = 9001", (), 1)])
    opened = [stop.label for stop in await stops(demo, at(date(2026, 6, 4), 12))]
    assert "đến hạn nộp của Cụm 1, 2, 3, 4 (quý II) (thứ Tư 10/6)" in opened
    assert "đến ngày nhắc quá hạn của Cụm 1, 2, 3, 4 (quý II) (thứ Năm 11/6)" in opened
    assert "đến sáng thứ Hai 08/6 (tổng hợp tuần)" in opened


async def test_without_an_open_period_only_the_week_is_offered(database: Database) -> None:
    (stop,) = await stops(database, START)
    assert stop.id == "week-2026-04-06"


async def test_a_killed_demo_goes_on_no_earlier_than_what_was_said_last(tmp_path: Path) -> None:
    await prepare(tmp_path, START)
    db = await open_database(f"sqlite:///{tmp_path / 'giaoban.db'}")
    said_at = START + timedelta(days=5)  # the clock had been moved, and was not kept
    try:
        await db.write([local_chat.write("lan", "Lan", "bc", [], said_at, None)])
    finally:
        await db.close()
    assert await prepare(tmp_path, START) == said_at
