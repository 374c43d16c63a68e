"""Units merged, divided, renamed and moved by word and command: from a day of their own, once, and told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from journey import JOURNEYS
from province import CATALOGUE, organisation, statements
from two_clusters import WORDING, at, one, unit_id

from bot.commands.organisation import take_in
from bot.commands.rounds import Flags
from bot.commands.unit import change_units, list_prepared
from bot.failures import Failed
from bot.settings import Settings
from bot.spreadsheet.filled import filled
from bot.spreadsheet.sheets import PEOPLE, UNITS
from bot.spreadsheet.template import template
from handlers.office.agenda import prepared_lines
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.office.unit_decisions import UnitDecisions
from handlers.orders.unit_orders import UnitOrder, unit_order_in
from reporting.organisation.units import OrgUnit
from reporting.time.as_written import NotADay
from reporting.time.calendar import local_day
from scheduler.upkeep.set_back import SetBack
from scheduler.upkeep.successions import Successions
from storage.database import Database
from storage.engine.open import open_database
from storage.organisation import snapshot, units
from storage.periods import foreseen, holidays, planning, tasks
from storage.periods.tasks import NewTask

NOW = at("2026-03-02", "09:00")
TODAY = date(2026, 3, 2)
DAY = date(2026, 4, 1)


async def load(db: Database) -> None:
    raw = organisation(JOURNEYS / "provinces" / "haixa.yaml")
    await db.write(statements(raw, NOW))


async def order(db: Database, text: str, now: datetime = NOW) -> None:
    verb, lead = next(
        (verb, lead)
        for verb, lead in (
            ("merge", "sáp nhập"),
            ("split", "chia"),
            ("rename", "đổi tên"),
            ("transfer", "chuyển"),
            ("add", "thêm đơn vị"),
            ("withdraw", "hủy thay đổi"),
        )
        if text.startswith(lead)
    )
    meant = unit_order_in(verb, lead, text, TODAY)  # type: ignore[arg-type]  # one of the four
    assert meant is not None
    decision = await Meant(db).of_units(UnitDecisions(db, WORDING), meant, None, now)
    await db.write(decision.rows)


async def standing(db: Database, day: date) -> dict[str, tuple[str, str, str]]:
    """By code: name, unit above and cluster on that day."""
    return {unit.code: (unit.name, unit.parent, unit.cluster) for unit in await units.all_units(db, day)}


@pytest.mark.parametrize(
    ("text", "units_", "into", "since"),
    [
        ("sáp nhập DX01 vào DX02 từ 1/7", ("DX01",), ("DX02",), date(2026, 7, 1)),
        ("Sáp nhập DX01, DX03 và DX04 vào Đoàn xã Tân Lập kể từ ngày 1 tháng 7.", ("DX01", "DX03", "DX04"),
         ("Đoàn xã Tân Lập",), date(2026, 7, 1)),
        ("sáp nhập CD01 vào CD02", ("CD01",), ("CD02",), None),
    ],
)  # fmt: skip
def test_a_merger_is_read_with_its_day(
    text: str, units_: tuple[str, ...], into: tuple[str, ...], since: date | None
) -> None:
    assert unit_order_in("merge", "sáp nhập", text, TODAY) == UnitOrder("merge", units_, into, since)


def test_what_names_nothing_it_becomes_is_no_order_and_a_day_that_is_none_is_told() -> None:
    assert unit_order_in("transfer", "chuyển", "chuyển 5 suất quà", TODAY) is None
    with pytest.raises(NotADay):
        unit_order_in("rename", "đổi tên", "đổi tên CD01 thành Chi đoàn A từ 31/4", TODAY)


async def test_a_name_and_a_unit_above_hold_from_their_day_and_not_before(database: Database) -> None:
    await load(database)
    await order(database, "đổi tên CD01 thành Chi đoàn thôn Đông Hạ từ 1/4")
    await order(database, "chuyển CD11 về DX01 từ 1/4")
    job = Successions(database, WORDING)
    await job.tick(at("2026-03-31"))
    before = await standing(database, date(2026, 3, 31))
    assert before["CD01"] == ("Chi đoàn thôn Đông", "DX01", "C1")
    assert before["CD11"] == ("Chi đoàn tổ 1", "DX02", "C2")
    await job.tick(at("2026-04-01"))
    after = await standing(database, DAY)
    assert after["CD01"] == ("Chi đoàn thôn Đông Hạ", "DX01", "C1")
    assert after["CD11"] == ("Chi đoàn tổ 1", "DX01", "C1")
    assert await one(database, "select count(*) from prepared_change") == 0


async def test_a_merger_to_come_takes_the_branches_along_on_its_day(database: Database) -> None:
    await load(database)
    await order(database, "sáp nhập DX02 vào DX01 từ 1/4")
    assert (await standing(database, date(2026, 3, 31)))["CD11"][1:] == ("DX02", "C2")
    assert await Successions(database, WORDING).tick(at("2026-04-01")) == 2
    after = await standing(database, DAY)
    assert "DX02" not in after
    assert after["CD11"][1:] == after["CD12"][1:] == ("DX01", "C1")


async def test_what_merged_units_had_to_do_is_their_heirs_once_from_the_day_on(database: Database) -> None:
    await load(database)
    ids = {code: await unit_id(database, code) for code in ("DX01", "CD01", "CD02", "CD11")}
    period = await one(database, "select min(id) from period")
    new = [
        NewTask(1, 1, "của cả ba", None, (ids["CD01"], ids["CD02"], ids["DX01"])),
        NewTask(2, 2, "của hai", None, (ids["CD01"], ids["CD02"])),
        NewTask(3, 3, "của một", None, (ids["CD01"],)),
    ]
    await database.write(tasks.add(period, None, new, None, NOW))
    assert await tasks.last_number(database, period) == 3
    await order(database, "sáp nhập CD01, CD02 vào CD11 từ 1/4")
    await Successions(database, WORDING).tick(at("2026-03-31"))
    assert len(await tasks.of_area(database, [], [ids["CD01"]], TODAY)) == 3
    await Successions(database, WORDING).tick(at("2026-04-01"))
    assert [one_.number for one_ in await tasks.of_area(database, [], [ids["CD11"]], DAY)] == [1, 2, 3]
    assert await tasks.of_area(database, [], [ids["CD01"], ids["CD02"]], DAY) == []
    assert [one_.number for one_ in await tasks.of_area(database, [], [ids["DX01"]], DAY)] == [1]
    (heirs,) = [one_ for one_ in await tasks.numbered(database, 2, DAY) if one_.unit_id == ids["CD11"]]
    await database.write([tasks.move(heirs, "done", "", None, NOW)])
    assert await tasks.part_of(database, 2, ids["CD11"], DAY) == replace(heirs, state="done", moved_at=NOW)


async def test_a_divided_unit_is_followed_by_new_ones_in_its_cluster(database: Database) -> None:
    await load(database)
    await order(database, "chia DX02 thành DX21 Đoàn phường Đông và DX22 Đoàn phường Tây từ 1/4")
    await Successions(database, WORDING).tick(at("2026-04-01"))
    after = await standing(database, DAY)
    assert after["DX21"] == ("Đoàn phường Đông", "TD", "C2")
    assert after["DX22"] == ("Đoàn phường Tây", "TD", "C2")
    assert after["CD11"][1] == "DX21"


@pytest.mark.parametrize(
    "text",
    [
        "sáp nhập DX02 vào DX01 từ 1/4",
        "chia DX02 thành DX21 Đoàn phường Đông và DX22 Đoàn phường Tây từ 1/4",
        "đổi tên CD01 thành Chi đoàn thôn Đông Hạ từ 1/4",
        "chuyển CD11 về DX01 từ 1/4",
        "chuyển DX02 sang cụm 1 từ 1/4",
        "thêm đơn vị CD31 Chi đoàn thôn Mới vào DX01 từ 1/4",
    ],
)
async def test_what_is_called_off_leaves_everything_as_it_was_and_can_be_ordered_again(
    database: Database, text: str
) -> None:
    async def state() -> list[list[tuple[object, ...]]]:
        tables = (
            "select id, code, name, parent_id, valid_to_on from unit order by id",
            "select unit_id, cluster_id, valid_from_on, valid_to_on from cluster_member order by 1, 3",
            "select unit_id, successor_id from succession order by unit_id, position",
            "select id, valid_to_on from role order by id",
            "select unit_id, value from prepared_change order by unit_id",
        )
        return [[tuple(row) for row in await database.read(table)] for table in tables]

    await load(database)
    before, unit = await state(), text.split()[3 if text.startswith("thêm") else 2 if text[0] in "sđ" else 1]
    for _ in range(2):
        await order(database, text)
        assert await state() != before
        assert unit in "".join(await prepared_lines(database, WORDING, TODAY))
        await order(database, f"hủy thay đổi {unit}")
        assert await state() == before
    assert await one(database, "select count(*) from event where action like 'unit.%_called_off'") >= 2
    with pytest.raises(DecisionRefused, match="nothing_ahead"):
        await order(database, f"hủy thay đổi {unit} từ 1/4")


async def test_a_second_move_takes_the_place_of_the_first_with_its_cluster(database: Database) -> None:
    await load(database)
    await order(database, "chuyển CD11 về DX01 từ 1/4")
    await order(database, "chuyển CD11 về DX01 từ 1/5")
    lines = await prepared_lines(database, WORDING, TODAY)
    assert [line for line in lines if "CD11" in line] == [
        "Chuyển Chi đoàn tổ 1 (CD11) sang Đoàn xã Tân Lập từ thứ Sáu 01/5/2026."
    ]
    assert (await standing(database, DAY))["CD11"][2] == "C2"
    await order(database, "chuyển DX02 sang cụm 1 từ 1/6")
    await order(database, "hủy thay đổi DX02")
    told = await database.read("select chat_id from outbox where body like '%đã bỏ%' order by chat_id")
    assert [row[0] for row in told] == ["benthuy", "to2"]  # the branches that were to go along hear of it too


async def test_a_move_of_today_takes_the_branches_into_the_cluster_at_once(database: Database) -> None:
    await load(database)
    await order(database, "chuyển DX02 sang cụm 1")
    after = await standing(database, TODAY)
    assert {after[code][2] for code in ("DX02", "CD11", "CD12")} == {"C1"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("sáp nhập CD01 vào CD01 từ 1/4", "import.own_successor"),
        ("chia DX02 thành DX21 Đoàn phường Đông", "units.two_parts"),
        ("chuyển CD01 về CD02", "import.not_above"),
        ("chuyển CD01 sang cụm 1", "units.there_already"),
        ("chuyển TD sang cụm 1", "units.top_stays"),
        ("đổi tên CD01 thành ***", "units.no_name"),
        ("sáp nhập CD01 vào DX09", "office.unknown_unit"),
        ("đổi tên CD01 thành Chi đoàn A từ 1/7/2036", "units.day_far"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(database: Database, text: str, key: str) -> None:
    await load(database)
    before = await standing(database, TODAY)
    with pytest.raises(DecisionRefused) as refused:
        await order(database, text)
    assert refused.value.remark.key == key
    assert refused.value.remark.vietnamese(WORDING)
    assert await standing(database, TODAY) == before


async def test_whoever_loses_or_receives_a_unit_is_told_once_and_not_at_night(database: Database) -> None:
    await load(database)
    await order(database, "sáp nhập CD02 vào CD01 từ 1/4", at("2026-03-02", "22:30"))
    rows = await database.read("select chat_id, body, not_before_at from outbox order by id")
    told = {row[0]: row[1] for row in rows}
    assert sorted(told) == ["doai", "dong"]
    assert "Chi đoàn thôn Đông kế thừa" in told["doai"]
    assert "Chi đoàn thôn Đoài sáp nhập vào Chi đoàn thôn Đông" in told["dong"]
    assert {datetime.fromtimestamp(row[2] / 1000, UTC) for row in rows} == {at("2026-03-03", "07:00")}
    role = await one(database, "select valid_to_on from role where unit_id = ?", await unit_id(database, "CD02"))
    assert role == "2026-03-31"


async def test_the_commune_that_takes_over_branches_is_told_once_when_it_is_decided(database: Database) -> None:
    await load(database)
    for text, said in (
        ("chuyển CD01 về DX02 từ 1/4", "Chi đoàn thôn Đông về Đoàn phường Bến Thủy từ thứ Tư 01/4/2026."),
        ("sáp nhập DX01 vào DX02 từ 1/4",
         "Đoàn xã Tân Lập sáp nhập vào Đoàn phường Bến Thủy từ thứ Tư 01/4/2026. 2 đơn vị trực thuộc đi theo."),
    ):  # fmt: skip
        await order(database, text)
        rows = await database.read("select body from outbox where chat_id = 'benthuy' order by id")
        assert said in rows[-1][0]
    await Successions(database, WORDING).tick(at("2026-04-01"))
    assert await one(database, "select count(*) from outbox where chat_id = 'benthuy'") == 2


async def test_the_command_shows_first_and_does_as_the_chat(
    migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    db = await open_database(migrated_url)
    await load(db)
    await db.close()
    settings = Settings(giaoban_database_url=migrated_url, _env_file=None)
    named = (["CD02"], ["CD01"])
    await change_units(settings, "merge", named, None, Flags(dry_run=True))
    shown = capsys.readouterr()
    assert shown.out.startswith("Sáp nhập Chi đoàn thôn Đoài (CD02) vào Chi đoàn thôn Đông (CD01) từ ")
    assert "báo cho 2 người" in shown.err
    await change_units(settings, "merge", named, None)
    assert capsys.readouterr().out.startswith("Đã ghi")
    with pytest.raises(Failed, match="CD02"):
        await change_units(settings, "merge", named, None)
    across = (["CD01"], ["CD11"])
    with pytest.raises(Failed, match=r"ở Cụm thi đua số 1, .* ở Cụm thi đua số 2.*thêm --across"):
        await change_units(settings, "merge", across, None)
    await change_units(settings, "merge", across, None, Flags(frozenset({"--across"})))
    assert capsys.readouterr().out.startswith("Đã ghi")
    day = (local_day(datetime.now(UTC)) + timedelta(days=30)).isoformat()
    await change_units(settings, "rename", (["CD12"], ["Chi đoàn tổ Ba"]), day)
    other = (["CD12"], ["Chi đoàn tổ Tư"])
    with pytest.raises(Failed, match=r"Thay cho thay đổi đã hẹn: .*Chi đoàn tổ Ba.*thêm --replace"):
        await change_units(settings, "rename", other, day)
    await change_units(settings, "rename", other, day, Flags(frozenset({"--replace"})))
    capsys.readouterr()
    await list_prepared(settings)
    told = capsys.readouterr().out
    assert "thành Chi đoàn tổ Tư" in told
    assert "tổ Ba" not in told
    await change_units(settings, "withdraw", (["CD12"], []), None, of="rename")
    await list_prepared(settings)
    assert capsys.readouterr().out.splitlines()[-1].startswith("Chưa có thay đổi nào")


async def test_what_is_prepared_stays_so_when_the_spreadsheet_is_written_and_comes_in_again(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await load(database)
    await order(database, "chuyển DX02 sang cụm 1 từ 1/4")
    await order(database, "đổi tên CD01 thành Chi đoàn thôn Đông Hạ từ 1/4")
    await order(database, "sáp nhập CD02 vào CD01 từ 1/4")
    org, lines = await filled(database, CATALOGUE, TODAY)
    file = tmp_path / "dang-co.xlsx"
    file.write_bytes(template(list(org.levels.values()), CATALOGUE, TODAY, lines))
    await take_in(database, CATALOGUE, file, TODAY, NOW, dry_run=False)
    assert "Không có gì thay đổi." in capsys.readouterr().out
    await Successions(database, WORDING).tick(at("2026-04-01"))
    after = await standing(database, DAY)
    assert {after[code][2] for code in ("DX02", "CD11", "CD12")} == {"C1"}
    assert "CD02" not in after


async def test_who_is_no_longer_named_in_the_spreadsheet_is_told(database: Database, tmp_path: Path) -> None:
    await load(database)
    org, lines = await filled(database, CATALOGUE, TODAY)
    held = {"name": "Đông", "role": "Bí thư", "unit": "CD01", "title": "", "from_on": date(2026, 1, 1)}
    for last_on in (None, date(2026, 3, 31)):
        people_ = [{**held, "last_on": last_on}]
        file = tmp_path / "nguoi.xlsx"
        file.write_bytes(template(list(org.levels.values()), CATALOGUE, TODAY, {**lines, PEOPLE.key: people_}))
        if last_on:
            post = await one(database, "select id from post")
            await database.write(
                [("update role set post_id = ? where unit_id = ?", (post, await unit_id(database, "CD01")))]
            )
        await take_in(database, CATALOGUE, file, TODAY, NOW, dry_run=False)
    rows = await database.read("select chat_id, body from outbox")
    assert [row[0] for row in rows] == ["dong"]
    assert "thôi làm Bí thư Chi đoàn thôn Đông" in rows[0][1]


async def test_a_spreadsheet_for_a_day_to_come_changes_names_and_units_above_on_that_day_and_once(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await load(database)
    org, lines = await filled(database, CATALOGUE, TODAY)
    wishes = {"CD01": {"name": "Chi đoàn thôn Đông Hạ"}, "CD11": {"parent": "DX01", "cluster": "C1"}}
    rows = [{**row, **wishes.get(row["code"], {})} for row in lines[UNITS.key]]
    path = tmp_path / "sap-toi.xlsx"
    path.write_bytes(template(list(org.levels.values()), CATALOGUE, TODAY, {**lines, UNITS.key: rows}))
    before = await standing(database, TODAY)
    for wanted in ("Đã ghi.", "Không có gì thay đổi."):
        await take_in(database, CATALOGUE, path, DAY, NOW, False)
        assert wanted in capsys.readouterr().out
    assert await standing(database, TODAY) == before
    told = await database.read("select body from outbox where dedupe_key like 'units:%' order by id")
    assert len(told) == 2
    later = [{**row, "name": "Chi đoàn thôn Đông Kim"} if row["code"] == "CD01" else row for row in rows]
    path.write_bytes(template(list(org.levels.values()), CATALOGUE, TODAY, {**lines, UNITS.key: later}))
    await take_in(database, CATALOGUE, path, DAY, NOW, True)
    assert (
        "Thay cho thay đổi đã hẹn: Đổi tên Chi đoàn thôn Đông (CD01) thành Chi đoàn thôn Đông Hạ"
        in capsys.readouterr().out
    )
    await Successions(database, WORDING).tick(at("2026-04-01", "00:05"))
    after = await standing(database, DAY)
    assert after["CD01"][0] == "Chi đoàn thôn Đông Hạ"
    assert after["CD11"][1:] == ("DX01", "C1")
    assert {code: state for code, state in after.items() if code not in ("CD01", "CD11")} == {
        code: state for code, state in before.items() if code not in ("CD01", "CD11")
    }


@pytest.mark.parametrize("owes", ["all", "meeting", ",#C1,", ",@chi_doan,", ",CD11,CD02,"])
@pytest.mark.parametrize(
    "orders",
    [
        ["sáp nhập DX02 vào DX01 từ 1/4", "đổi tên CD01 thành Chi đoàn thôn Đông Hạ từ 1/4"],
        ["chuyển DX02 sang cụm 1 từ 20/3", "chuyển CD11 về DX01 từ 1/4"],
        ["chia DX02 thành DX21 Đoàn phường Đông và DX22 Đoàn phường Tây từ 1/4", "sáp nhập CD02 vào CD01 từ 1/4"],
        ["sáp nhập DX02 vào DX01 từ 20/3", "chuyển CD12 sang cụm 1 từ 1/4"],
    ],
)
async def test_the_plan_of_a_day_to_come_is_made_of_the_units_as_they_will_be(
    database: Database, orders: list[str], owes: str
) -> None:
    await load(database)
    await database.write([("update period set owes = ?, opened_on = '2026-03-01'", (owes,))])
    await database.write([("delete from briefing where cluster_id = (select id from cluster where code = 'C2')", ())])
    for text in orders:
        await order(database, text)
    calendar = await holidays.calendar(database)
    ahead = await foreseen.stretches(database, NOW, calendar, date(2026, 4, 30))
    assert [one.since for one in ahead] == sorted({TODAY, DAY, *([date(2026, 3, 20)] if "20/3" in str(orders) else [])})
    job = Successions(database, WORDING)
    for one_ in ahead[1:]:
        now = at(one_.since.isoformat())
        await job.tick(now)
        then = await planning.whole(database, now, calendar)
        for part in ("units", "holders", "meetings", "exempt"):
            assert getattr(one_.facts, part) == getattr(then, part)
        assert sorted(one_.facts.debts, key=str) == sorted(then.debts, key=str)


async def test_at_a_clock_set_back_a_month_what_was_reorganised_stays_so(database: Database) -> None:
    """What was prepared before for a day of its own waits for it all the same."""
    await load(database)
    await order(database, "sáp nhập CD11 vào CD12 từ 1/7")
    now, back = at("2026-04-10"), at("2026-03-11")
    org = await snapshot.load(database)
    ids = {unit.code: unit.id for unit in org.units.values()}
    clusters = {cluster.code: cluster.id for cluster in org.clusters.values()}
    org.add(OrgUnit(901, "CD03", "Chi đoàn thôn Bắc", "chi_doan", ids["DX01"], now.date()))
    org.change_cluster(901, clusters["C1"], now.date())
    org.change_cluster(ids["CD02"], clusters["C2"], date(2026, 4, 3))
    org.merge([ids["CD01"]], ids["CD02"], now.date())
    await database.write([*snapshot.statements(org, None, now), planning.seen(now)])
    then = await standing(database, now.date())
    assert await standing(database, back.date()) != then
    for _ in range(2):
        await SetBack(database).tick(back)
    assert await standing(database, back.date()) == then
    assert "CD11" in then
    assert "CD11" not in await standing(database, date(2026, 7, 1))
