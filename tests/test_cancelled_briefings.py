"""A briefing that is called off: by chat, command and spreadsheet; those it concerns are told once, and days follow."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import spreadsheets
from province import CATALOGUE, load_province
from two_clusters import WORDING, at, load, one, reminders_job, unit_id

from bot.commands import rounds as commands
from bot.commands.organisation import take_in
from bot.failures import Failed
from bot.settings import Settings
from bot.spreadsheet.sheets import BRIEFINGS, ROUNDS
from handlers.office.briefing_decisions import BriefingDecisions, Wanted
from handlers.office.decisions import Decision, DecisionRefused
from handlers.office.period_decisions import PeriodDecisions
from handlers.office.round_notes import RoundAhead, RoundNotes
from reporting.time.calendar import VIETNAM
from reporting.time.deadlines import Terms
from reporting.time.owing import owing_in
from reporting.time.periods import parse_period
from scheduler.planned.notices import Notices
from scheduler.planned.outlook import Outlooks
from scheduler.upkeep.period_days import PeriodDays
from storage.database import Database
from storage.engine.instants import stamp
from storage.organisation import units
from storage.organisation.units import Cluster
from storage.periods import briefings, holidays, owed, planning, rounds
from storage.periods.rounds import Round

NOW = at("2026-04-03", "09:00")
PROVINCE = Path(__file__).parent / "journeys" / "provinces" / "hoaan.yaml"


async def decisions(db: Database) -> tuple[BriefingDecisions, Round, Cluster]:
    (round_,) = await rounds.open_rounds(db)
    cluster = await units.cluster_by_code(db, "C1")
    assert cluster is not None
    return BriefingDecisions(db, await holidays.calendar(db), WORDING), round_, cluster


async def heard(db: Database) -> None:
    """The chairs have it in their calendars."""
    await Notices(db, WORDING, Outlooks(db, ("local",))).tick(at("2026-04-03", "08:00"))


async def cancel(db: Database, now: datetime = NOW) -> Decision:
    decide, round_, cluster = await decisions(db)
    decision = await decide.cancel(round_, cluster, None, now)
    await db.write(decision.rows)
    return decision


async def owed_by(db: Database, code: str, now: datetime) -> date:
    """By when that unit owes the open period."""
    (round_,) = await rounds.open_rounds(db)
    unit = await unit_id(db, code)
    standing = (await owed.owed(db, [round_.id], [unit], now.date()))[round_.id, unit]
    calendar = await holidays.calendar(db)
    return round_.due_on(calendar, standing.briefing_on, standing.extended_to, standing.announced_on)


async def told(db: Database, now: datetime) -> dict[str, str]:
    """What was queued by then about it, by chat."""
    await Notices(db, WORDING, Outlooks(db, ("local",))).tick(now)
    rows = await db.read("select chat_id, body from outbox where dedupe_key like 'cancelled:%' order by id")
    return {row[0]: json.loads(row[1])["text"] for row in rows}


async def test_those_concerned_hear_once_that_it_is_off_and_until_when_they_report(database: Database) -> None:
    await load(database)
    await Notices(database, WORDING, Outlooks(database, ("local",))).tick(
        at("2026-04-03", "08:00")
    )  # the chairs have it in their calendar
    decision = await cancel(database)
    assert decision.ask.key == "briefing.ask_cancel"
    found = await told(database, at("2026-04-03", "09:05"))
    text = "Cụm thi đua số 1 hủy giao ban quý I/2026 (08:00 thứ Ba 14/4, hội trường Tỉnh đoàn)."
    assert found["group:C1"] == text
    assert found["chutri1"] == text
    assert found["dong"] == f"{text} Hạn nộp báo cáo: thứ Ba 14/4."  # as it was told them; by custom 31/3
    assert "chutri2" not in found
    for_calendar = "select file from outbox where chat_id = 'chutri1' and dedupe_key like 'cancelled:%'"
    assert "METHOD:CANCEL" in await one(database, for_calendar)
    assert await told(database, at("2026-04-03", "10:05")) == found
    assert await one(database, "select count(*) from outbox where dedupe_key like 'cancelled:%'") == len(found)


async def test_what_is_told_in_the_morning_of_a_reminder_goes_with_it_as_one_message(database: Database) -> None:
    await load(database)
    await heard(database)
    await cancel(database, at("2026-04-06", "21:30"))
    await reminders_job(database).tick(at("2026-04-06", "22:00"))
    for job in (Notices(database, WORDING, Outlooks(database, ("local",))), reminders_job(database)):
        await job.tick(at("2026-04-07"))
    query = "select body from outbox where chat_id = 'dong' and state = 'ready'"
    (row,) = await database.read(query)
    head, rest = json.loads(row[0])["text"].split("\n", 1)
    assert head.startswith("Cụm thi đua số 1 hủy giao ban quý I/2026")
    assert "còn 7 ngày đến hạn" in rest
    # A reminder that does not come leaves the notice to go by itself.
    await database.write([("delete from outbox where chat_id = 'dong'", ())])
    await database.write([("update cancelled_briefing set told_at = null", (), 1)])
    await database.write([("update reminder set state = 'planned', settled_at = null", ())])
    await Notices(database, WORDING, Outlooks(database, ("local",))).tick(at("2026-04-07"))
    (waits,) = await database.read("select not_before_at from outbox where chat_id = 'dong'")
    assert waits[0] == stamp(at("2026-04-07", "07:30"))


async def test_a_briefing_called_off_before_anybody_heard_of_it_is_told_to_nobody(database: Database) -> None:
    await load(database)
    await cancel(database)
    assert await told(database, at("2026-04-03", "09:05")) == {}


async def test_a_briefing_called_off_leaves_the_deadline_that_its_units_were_told(database: Database) -> None:
    await load(database)
    decision = await cancel(database)
    (due,) = [remark for remark in decision.warnings if remark.key == "briefing.due"]
    assert due.vietnamese(WORDING) == "Hạn nộp báo cáo quý I/2026 của Cụm thi đua số 1: thứ Ba 14/4."
    assert "owes.no_briefing" not in {remark.key for remark in decision.warnings}
    day = date(2026, 4, 14)
    later = at("2026-04-08", "09:00")
    assert await owed_by(database, "CD01", later) == day  # what the unit reads
    calendar = await holidays.calendar(database)
    facts = (await planning.situation(database, later, None, calendar)).facts
    cluster = await units.cluster_by_code(database, "C1")
    assert cluster is not None
    assert [m.due_on for m in facts.meetings if m.cluster_id == cluster.id] == [day]  # what its chair and group read
    assert {d.due_on for d in facts.debts if facts.units[d.unit_id].cluster_id == cluster.id} == {day}  # what is asked
    ahead = await PeriodDecisions(database, calendar, WORDING).ahead(
        (await rounds.open_rounds(database))[0], NOW.date()
    )
    assert ahead.called_off == [cluster]
    days = RoundNotes(WORDING, calendar).days(ahead).vietnamese(WORDING)
    assert "Cụm thi đua số 1 thứ Ba 14/4; Cụm thi đua số 2 thứ Năm 16/4" in days


async def test_a_briefing_moved_forward_takes_no_day_from_its_units_but_those_after_it(database: Database) -> None:
    await load(database)
    decide, round_, cluster = await decisions(database)
    for met, due in (
        ("2026-04-10", date(2026, 4, 10)),
        ("2026-04-20", date(2026, 4, 20)),
        ("2026-04-16", date(2026, 4, 16)),
    ):
        decision = await decide.decide(round_, cluster, Wanted(at(met, "08:00")), None, NOW)
        await database.write(decision.rows)
        assert await owed_by(database, "CD01", NOW) == due


async def test_a_cluster_called_off_that_had_days_before_its_meeting_keeps_them_when_it_meets_earlier(
    database: Database,
) -> None:
    await load(database)
    await database.write([("update period set deadline_lead = 5", (), 1)])
    assert await owed_by(database, "CD01", NOW) == date(2026, 4, 7)
    decide, round_, cluster = await decisions(database)
    decision = await decide.decide(round_, cluster, Wanted(at("2026-04-09", "08:00")), None, NOW)
    assert [r.parts["day"] for r in decision.warnings if r.key == "briefing.due"] == ["thứ Ba 07/4"]
    await database.write(decision.rows)
    assert await owed_by(database, "CD01", NOW) == date(2026, 4, 7)  # by the new day alone 2/4, which is over
    found = await Notices(database, WORDING, Outlooks(database, ("local",))).tick(at("2026-04-03", "09:05"))
    assert found
    text = await one(database, "select body from outbox where dedupe_key like 'moved:%' and chat_id = 'dong'")
    assert "Hạn nộp báo cáo: thứ Ba 07/4." in text
    await database.write((await decide.cancel(round_, cluster, None, NOW)).rows)
    assert await owed_by(database, "CD01", NOW) == date(2026, 4, 7)


async def test_nobody_becomes_late_by_what_the_office_sets_without_having_been_told(database: Database) -> None:
    """A first briefing set late, a deadline that is over, who owes: the day is never in the past."""
    await load(database)
    today = at("2026-04-08", "09:00")
    await database.write(
        [("delete from briefing", (), 2), ("update period set deadline_lead = 5, owes = ',#C2,'", (), 1)]
    )
    calendar = await holidays.calendar(database)
    (round_,) = await rounds.open_rounds(database)
    periods = PeriodDecisions(database, calendar, WORDING)

    # The first cluster owes it from today on, though it was due on 7/4, four worked days after the opening.
    await database.write((await periods.set_terms(round_, {"owes": "all"}, None, today)).rows)
    assert await owed_by(database, "CD01", today) == date(2026, 4, 14)
    assert await owed_by(database, "CD11", today) == date(2026, 4, 7)  # whoever was late stays so
    # Its first briefing is in three worked days: five ahead of it are over.
    decide, round_, cluster = await decisions(database)
    decision = await decide.decide(round_, cluster, Wanted(at("2026-04-13", "08:00"), "hội trường"), None, today)
    (due,) = [remark for remark in decision.warnings if remark.key == "briefing.due"]
    assert due.parts["day"] == "thứ Hai 13/4"
    await database.write(decision.rows)
    assert await owed_by(database, "CD01", today) == date(2026, 4, 13)
    # An earlier deadline holds, one that is over does not.
    for named, due in ((date(2026, 4, 10), date(2026, 4, 10)), (date(2026, 4, 2), date(2026, 4, 10))):
        (round_,) = await rounds.open_rounds(database)
        await database.write((await periods.set_terms(round_, {"deadline_on": named}, None, today)).rows)
        assert await owed_by(database, "CD01", today) == due


async def test_a_briefing_of_a_period_that_has_not_opened_leaves_nothing_behind(database: Database) -> None:
    await load(database)
    await database.write([("update period set state = 'planned', opened_at = null, opens_on = '2026-04-05'", (), 1)])
    (round_,) = await rounds.in_state(database, "planned")
    decide = BriefingDecisions(database, await holidays.calendar(database), WORDING)
    cluster = await units.cluster_by_code(database, "C1")
    assert cluster is not None
    decision = await decide.cancel(round_, cluster, None, NOW)
    assert "briefing.due" not in {remark.key for remark in decision.warnings}
    await database.write(decision.rows)
    assert await rounds.announced(database, round_.id) == {}


async def test_units_of_a_month_that_only_clusters_that_meet_owe_hear_that_they_owe_nothing(
    database: Database,
) -> None:
    await load(database)
    await heard(database)
    await database.write([("update period set owes = 'meeting' where code = '2026-Q1'", (), 1)])
    await cancel(database)
    found = await told(database, at("2026-04-03", "09:05"))
    assert found["dong"].endswith("Đơn vị không phải nộp báo cáo quý I/2026.")


async def test_a_month_whose_only_briefing_is_called_off_is_owed_by_nobody_until_the_office_says_so(
    database: Database,
) -> None:
    await load(database)
    second = "(select id from cluster where code = 'C2')"
    await database.write([("update period set owes = 'meeting'", (), 1)])
    await database.write([(f"delete from briefing where cluster_id = {second}", (), 1)])
    decision = await cancel(database)
    said = [remark.vietnamese(WORDING) for remark in decision.warnings]
    assert any("không đơn vị nào phải nộp" in line and "đơn vị nộp quý I/2026: cụm 1" in line for line in said), said
    calendar = await holidays.calendar(database)
    facts = (await planning.situation(database, NOW, None, calendar)).facts
    assert facts.debts == []
    (round_,) = await rounds.open_rounds(database)
    assert (await PeriodDecisions(database, calendar, WORDING).ahead(round_, NOW.date())).asked == []
    decide, round_, cluster = await decisions(database)
    wanted = Wanted(at("2026-04-17", "08:00"), "nhà văn hóa")
    await database.write((await decide.decide(round_, cluster, wanted, None, NOW)).rows)
    debts = (await planning.situation(database, NOW, None, calendar)).facts.debts
    assert {facts.units[debt.unit_id].cluster_id for debt in debts} == {cluster.id}


async def test_a_period_planned_for_its_briefings_waits_for_one_and_never_opens_by_a_cancellation(
    database: Database,
) -> None:
    """Also where the day on which it would open by custom is over."""
    await load(database)
    now = at("2026-11-30", "09:00")
    calendar = await holidays.calendar(database)
    periods, decide = (kind(database, calendar, WORDING) for kind in (PeriodDecisions, BriefingDecisions))
    decision = await periods.open(parse_period("2026-Q4"), {"opens_follow": True}, None, now)
    assert "chưa đặt cuộc nào" in decision.done.vietnamese(WORDING)
    await database.write(decision.rows)

    async def state() -> tuple[str, date | None]:
        await PeriodDays(database).tick(now)
        round_ = await rounds.round_by_code(database, "2026-Q4")
        assert round_ is not None
        assert not round_.terms.estimated  # nobody owes it before the year is over
        return round_.state, round_.terms.opens_on

    assert await state() == ("planned", None)
    (round_,) = await rounds.in_state(database, "planned")
    cluster = (await units.all_clusters(database, now.date()))[0]
    wanted = Wanted(at("2027-01-15", "08:00"), "hội trường")
    await database.write((await decide.decide(round_, cluster, wanted, None, now)).rows)
    assert await state() == ("planned", date(2026, 12, 25))
    (round_,) = await rounds.in_state(database, "planned")
    decision = await decide.cancel(round_, cluster, None, now)
    assert "terms.waits" in {remark.key for remark in decision.warnings}
    await database.write(decision.rows)
    assert await state() == ("planned", None)


async def test_no_period_opens_by_the_offices_word_after_a_cluster_has_met_on_it(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await load(database)
    calendar, (round_,) = await holidays.calendar(database), await rounds.open_rounds(database)
    await database.write([("update period set state = 'planned', opened_at = null", (), 1)])
    (round_,) = await rounds.in_state(database, "planned")
    periods = PeriodDecisions(database, calendar, WORDING)
    with pytest.raises(DecisionRefused, match=r"days_cross"):
        await periods.set_terms(round_, {"opens_on": date(2026, 4, 20)}, None, NOW)
    sheets = spreadsheets.province(communes=4, branches=8, clusters=2)
    sheets[BRIEFINGS.key] = [row | {"period": "2026-Q2", "on": "10/07/2026"} for row in sheets[BRIEFINGS.key]]
    sheets[ROUNDS.key] = [{"period": "2026-Q2", "opens_on": "15/07/2026"}]
    path = spreadsheets.write(tmp_path / "tinh.xlsx", sheets)
    with pytest.raises(Failed):
        await take_in(database, CATALOGUE, path, NOW.date(), NOW, False)
    assert "giao ban thứ Sáu 10/7 lại trước ngày mở kỳ thứ Tư 15/7" in capsys.readouterr().err
    (round_,) = await rounds.in_state(database, "planned")
    await database.write([("delete from briefing", (), 2), ("update period set opens_on = '2026-04-20'", (), 1)])
    (round_,) = await rounds.in_state(database, "planned")
    decide, _, cluster = (
        BriefingDecisions(database, calendar, WORDING),
        0,
        (await units.all_clusters(database, NOW.date()))[0],
    )
    with pytest.raises(DecisionRefused, match=r"days_cross"):
        await decide.decide(round_, cluster, Wanted(at("2026-04-15", "08:00"), "hội trường"), None, NOW)


async def test_one_set_again_before_anybody_heard_is_told_as_a_move(database: Database) -> None:
    await load(database)
    await heard(database)
    await cancel(database)
    decide, round_, cluster = await decisions(database)
    wanted = Wanted(at("2026-04-17", "08:00"), "nhà văn hóa")
    await database.write((await decide.decide(round_, cluster, wanted, None, NOW)).rows)
    assert await told(database, at("2026-04-03", "09:05")) == {}
    text = await one(database, "select body from outbox where dedupe_key like 'moved:%' and chat_id = 'dong'")
    assert "trước đây 08:00 thứ Ba 14/4" in text


async def test_one_set_again_later_goes_on_in_the_calendars_of_its_chairs(database: Database) -> None:
    await load(database)
    await cancel(database)
    await told(database, at("2026-04-03", "09:05"))
    decide, round_, cluster = await decisions(database)
    wanted = Wanted(at("2026-04-17", "08:00"), "nhà văn hóa")
    await database.write((await decide.decide(round_, cluster, wanted, None, NOW)).rows)
    (again,) = [b for b in await rounds.briefings(database, round_.id) if b.cluster_code == "C1"]
    assert again.sequence == 2  # above that of the file that took it out
    assert await briefings.untold(database) == []
    assert await briefings.cancelled(database) == []
    await cancel(database)
    assert len(await briefings.cancelled(database)) == 1


async def test_what_is_not_set_or_was_held_cannot_be_called_off(database: Database) -> None:
    await load(database)
    with pytest.raises(DecisionRefused, match=r"briefing\.held"):
        await cancel(database, at("2026-04-14", "12:00"))
    await cancel(database)
    with pytest.raises(DecisionRefused, match=r"briefing\.none"):
        await cancel(database)


async def test_the_command_calls_off_and_the_list_shows_who_owes_and_all_days(
    migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await load_province(migrated_url, PROVINCE, datetime(2026, 4, 2, tzinfo=UTC))
    office = Settings(giaoban_database_url=migrated_url, _env_file=None)
    year = datetime.now(VIETNAM).year + 1
    yesterday = datetime.now(VIETNAM).date() - timedelta(days=1)
    await commands.open_period(office, f"{year}-03", {"owes": "C1", "opens_on": yesterday}, ("", None, None))
    assert f"đơn vị nộp tháng 3/{year}: cụm 1, cụm 2" in capsys.readouterr().err
    moment = commands.moment("--at", f"{year}-04-15 08:15")
    await commands.set_briefing(office, commands.NamedBriefing(f"{year}-03", "C1", moment, "hội trường", "", ""))
    await commands.list_periods(office)
    told = capsys.readouterr().out.split(f"{year}-03 (")[1]
    assert told.startswith(f"tháng 3/{year}): đang mở, ")
    assert "\n  nộp: Cụm thi đua số 1\n" in told
    assert f"\n  giao ban: C1 {year}-04-15\n" in told
    assert "- 2" not in told  # nobody else owes it
    far = moment.date() + timedelta(days=90)
    with pytest.raises(Failed, match="--far"):
        await commands.extend(office, f"{year}-03", "CD01", far, "")
    await commands.extend(office, f"{year}-03", "CD01", far, "", commands.Flags.of(far=True))
    await commands.cancel_briefing(office, f"{year}-03", "C1")
    assert "hủy" in capsys.readouterr().out
    with pytest.raises(Failed, match="chưa có giao ban"):
        await commands.cancel_briefing(office, f"{year}-03", "C1")
    with pytest.raises(Failed, match="c9"):
        await commands.open_period(office, f"{year}-03", {"owes": "C9"}, ("", None, None))


async def test_a_spreadsheet_says_who_owes_and_calls_off_with_the_same_notes(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = spreadsheets.province(communes=4, branches=8, clusters=3)
    sheets[BRIEFINGS.key] = [
        row | {"period": "2026-04", "on": "30/04/2026"} for row in sheets[BRIEFINGS.key] if row["cluster"] != "C3"
    ]
    path, now = tmp_path / "tinh.xlsx", at("2026-04-01", "09:00")
    await take_in(database, CATALOGUE, spreadsheets.write(path, sheets), date(2026, 4, 1), now, False)
    said = capsys.readouterr().out
    assert "Nộp báo cáo: các cụm có giao ban (Cụm thi đua số 1, Cụm thi đua số 2)." in said
    assert "chưa đặt giao ban tháng 4/2026 cho Cụm thi đua số 3, nên không phải nộp" in said
    assert "Kỳ tháng 4/2026, tự mở thứ Năm 09/4; hạn nộp: Cụm thi đua số 1, Cụm thi đua số 2 thứ Tư 22/4." in said
    assert "thứ Năm 30/4 là ngày nghỉ (Ngày Chiến thắng)" in said
    sheets[ROUNDS.key] = [
        {"period": "2026-04", "owes": "C1, C3", "deadline_on": "20/04/2026"}, {"period": "2026-08", "owes": "C2"},
    ]  # fmt: skip
    sheets[BRIEFINGS.key][1]["mode"] = "hủy"
    await take_in(database, CATALOGUE, spreadsheets.write(path, sheets), date(2026, 4, 1), now, False)
    said = capsys.readouterr().out
    assert "kết thúc: 2026-04 C2" in said
    assert "Nộp báo cáo: Cụm thi đua số 1, Cụm thi đua số 3." in said
    assert "hạn nộp: Cụm thi đua số 1, các cụm khác thứ Hai 20/4." in said
    assert "Kỳ tháng 8/2026, không tự mở; hạn nộp: " in said
    round_ = await rounds.round_by_code(database, "2026-04")
    assert round_ is not None
    assert (round_.terms.owes, round_.terms.owes_on) == (",#C1,#C3,", date(2026, 4, 1))
    assert round_.terms.deadline_on == date(2026, 4, 20)
    assert {b.cluster_code for b in await rounds.briefings(database, round_.id)} == {"C1"}
    await take_in(database, CATALOGUE, path, date(2026, 4, 1), now, False)
    assert "Không có gì thay đổi." in capsys.readouterr().out


async def test_a_period_whose_briefings_are_called_off_stays_open_until_the_announced_deadline_is_over(
    database: Database,
) -> None:
    await load(database)
    await database.write([("update period set lock_after = 2, deadline_lead = 5", (), 1)])
    decide, round_, first = await decisions(database)
    second = await units.cluster_by_code(database, "C2")
    assert second is not None
    for cluster in (first, second):
        await database.write((await decide.cancel(round_, cluster, None, NOW)).rows)
    await PeriodDays(database).tick(at("2026-04-11", "09:00"))  # C2 was told 9/4
    assert len(await rounds.open_rounds(database)) == 1
    await PeriodDays(database).tick(at("2026-04-12", "09:00"))
    assert await rounds.open_rounds(database) == []


async def test_of_clusters_that_are_not_named_to_owe_nothing_is_said(database: Database) -> None:
    await load(database)
    ahead = RoundAhead(
        parse_period("2026-05"),
        replace(Terms(), owes=owing_in("C1, DX02", [("C1", "Cụm 1"), ("C2", "Cụm 2")], ["DX02"])),
        {},
        await units.all_clusters(database, NOW.date()),
        NOW.date(),
    )
    notes = RoundNotes(WORDING, await holidays.calendar(database)).notes(replace(ahead, met={"C1": date(2026, 6, 2)}))
    assert "owes.no_briefing" not in {note.key for note in notes}
