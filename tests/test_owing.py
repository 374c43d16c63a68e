"""Who owes a period: the office's words, what is kept of them, and whom the queries and the plan then ask."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import spreadsheets
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, unit_id

from bot.commands.organisation import take_in
from handlers.leaders.summaries import Summaries
from handlers.office.meant import Meant
from handlers.office.unit_decisions import UnitDecisions
from handlers.orders.unit_orders import UnitOrder
from reporting.plan.planner import Planner
from reporting.time.calendar import local_day
from reporting.time.owing import NobodyCalledSo, named_in, owing_in, written
from reporting.time.rules import DEFAULTS
from scheduler.upkeep.period_days import PeriodDays
from storage.database import Database, Statement
from storage.messages import reminders
from storage.people import people
from storage.periods import holidays, owed, planning, rounds
from storage.reports import submissions

CLUSTERS = [("C1", "Cụm thi đua số 1"), ("C2", "Cụm thi đua số 2"), ("BIEN", "Cụm biên giới")]
UNITS = ["CD01", "CD_1", "DX01"]
TODAY = date(2026, 4, 2)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("all", "all"),
        ("Tất cả các đơn vị", "all"),
        ("meeting", "meeting"),
        ("các cụm có giao ban", "meeting"),
        ("C1,c2", ",#C1,#C2,"),
        ("cụm 1, 2", ",#C1,#C2,"),
        ("cụm 1 và cụm biên giới", ",#C1,#BIEN,"),
        ("Cụm thi đua số 2", ",#C2,"),
        ("chi đoàn", ",@chi_doan,"),
        ("doan_co_so; CD01", ",@doan_co_so,CD01,"),
        ("cd01, CD_1, CD01", ",CD01,CD_1,"),
    ],
)
def test_who_owes_is_read_as_the_office_names_it_and_written_so_that_it_is_read_again(words: str, kept: str) -> None:
    assert owing_in(words, CLUSTERS, UNITS) == kept
    assert owing_in(written(kept), CLUSTERS, UNITS) == kept


@pytest.mark.parametrize("words", ["cụm 9", "cụm 1, ai đó", "", ",", "CD0"])
def test_what_nobody_is_called_is_named(words: str) -> None:
    with pytest.raises(NobodyCalledSo):
        owing_in(words, CLUSTERS, UNITS)


def test_what_is_kept_names_clusters_levels_and_units() -> None:
    named = named_in(",#C1,@chi_doan,CD01,")
    assert (named.clusters, named.levels, named.units) == (("C1",), ("chi_doan",), ("CD01",))
    assert named_in("all") == named_in("meeting") == named_in("")


async def owes(db: Database, words: str) -> None:
    kept = await Meant(db).owing(words, TODAY)
    await db.write([("update period set owes = ? where code = '2026-Q1'", (kept,), 1)])


async def owing_codes(db: Database) -> set[str]:
    facts = (await planning.situation(db, at("2026-04-02"), None, await holidays.calendar(db))).facts
    assert {(d.round_id, d.unit_id) for d in facts.debts}.isdisjoint(facts.exempt)
    return {facts.units[debt.unit_id].code for debt in facts.debts}


async def test_the_plan_the_totals_and_the_lists_ask_the_same_units(database: Database) -> None:
    await load(database)
    every = await owing_codes(database)
    members: dict[str, set[str]] = {"C1": set(), "C2": set()}
    for code, cluster in await database.read(
        "select u.code, c.code from cluster_member m join unit u on u.id = m.unit_id"
        " join cluster c on c.id = m.cluster_id"
    ):
        members[cluster].add(code)
    (round_,) = await rounds.open_rounds(database)
    some = sorted(members["C2"])[0]
    for words, wanted in (
        ("tất cả", every),
        ("cụm 1", members["C1"]),
        (f"cụm 1, {some}", members["C1"] | {some}),
        ("chi đoàn", {row[0] for row in await database.read("select code from unit where level = 'chi_doan'")} & every),
        ("các cụm có giao ban", every),
    ):
        await owes(database, words)
        assert await owing_codes(database) == wanted, words
        coverage = await submissions.coverage(database, round_.id, TODAY.isoformat())
        assert sum(c.owing for c in coverage.values()) == len(wanted)
        names = [
            name
            for cluster_id in coverage
            for name in await submissions.not_filed(database, round_.id, cluster_id, TODAY.isoformat())
        ]
        assert len(names) == len(wanted) - sum(c.filed for c in coverage.values())


async def test_a_cluster_that_does_not_meet_hears_nothing_of_a_period_owed_by_those_that_do(
    database: Database,
) -> None:
    await load(database)
    await owes(database, "meeting")
    second = await one(database, "select id from cluster where code = 'C2'")
    await database.write([("delete from briefing where cluster_id = ?", (second,), 1)])
    facts = (await planning.situation(database, at("2026-04-02"), None, await holidays.calendar(database))).facts
    assert {facts.units[debt.unit_id].cluster_id for debt in facts.debts} == {m.cluster_id for m in facts.meetings}
    assert second not in {m.cluster_id for m in facts.meetings}
    person = await one(
        database,
        "select min(r.person_id) from role r join cluster_member m on m.unit_id = r.unit_id where m.cluster_id = ?"
        " and r.role = 'secretary'",
        second,
    )
    assert await reminders.owed_by(database, person, TODAY) == []
    (round_,) = await rounds.open_rounds(database)
    told = await Summaries(database, CATALOGUE, WORDING).progress(round_, [second], at("2026-04-02"))
    assert told == (WORDING.say("progress.not_asked", cluster="Cụm thi đua số 2", period="quý I/2026"), False)
    # Where none meets, all are asked.
    await database.write([("delete from briefing", (), 1)])
    assert len(await owing_codes(database)) == len(facts.units)


async def test_the_lock_waits_only_for_those_who_owe(database: Database) -> None:
    await load(database)  # two clusters that meet on 14/4 and 16/4
    await owes(database, "cụm 1")
    await database.write([("update period set lock_after = 0 where code = '2026-Q1'", (), 1)])
    await PeriodDays(database).tick(at("2026-04-15", "01:00"))
    assert await one(database, "select state from period where code = '2026-Q1'") == "locked"


async def test_somebody_who_owes_one_of_two_open_periods_is_not_asked_which(database: Database) -> None:
    from handlers.dues import running_for
    from storage.people.people import Role

    await load(database)
    await owes(database, "cụm 1")
    unit = await one(
        database,
        "select min(m.unit_id) from cluster_member m join cluster c on c.id = m.cluster_id where c.code = 'C2'",
    )
    running, _ = await rounds.running_rounds(database, local_day(at("2026-04-02")), at("2026-04-02"))
    role = Role("secretary", "", unit, "", "", None, None)
    (due,) = (await running_for(database, running, [role], TODAY))[unit]
    assert not due.owes
    assert unit != await unit_id(database, "CD01")


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_in_a_whole_province_only_the_clusters_that_meet_in_a_month_are_told_of_it(
    database: Database, tmp_path: Path
) -> None:
    sheets = spreadsheets.province(communes=124, branches=2_000, clusters=4)
    sheets["briefings"] += [
        {"period": "2026-05", "cluster": f"C{n}", "on": f"2{n}/05/2026", "time": "14:00", "place": "UBND"}
        for n in (1, 2)
    ]
    now = at("2026-04-01", "09:00")
    path = spreadsheets.write(tmp_path / "tinh.xlsx", sheets)
    await take_in(database, CATALOGUE, path, date(2026, 4, 1), now, False)
    posts = await database.read("select id, role, unit_id, cluster_id from post")
    for begin in range(0, len(posts), 500):
        unit: list[Statement] = []
        for post, role, unit_id_, cluster in posts[begin : begin + 500]:
            unit += [
                people.add_person(post, "Lan", now),
                people.add_account("local", f"p{post}", post, "1", now),
                people.add_role(post, post, role, "", unit_id_, cluster, date(2026, 1, 1), post),
            ]
        await database.write(unit)
    planner = Planner(DEFAULTS, await holidays.calendar(database))
    facts = await planning.whole(database, now, planner.calendar)
    sent = [
        e for e in planner.between(facts, date(2026, 4, 1), date(2026, 6, 30)) if e.kind == "reminder" and not e.why
    ]
    asked = {(facts.rounds[i.round_id].code, facts.clusters[facts.units[i.unit_id].cluster_id].code)
             for entry in sent for i in entry.items if i.unit_id}  # fmt: skip
    assert asked == {("2026-05", "C1"), ("2026-05", "C2"), *(("2026-Q1", f"C{n}") for n in (1, 2, 3, 4))}
    days = Counter((entry.person_id, local_day(entry.at)) for entry in sent)
    assert max(days.values()) == 1
    months = Counter((person, day.month) for person, day in days)
    assert max(months.values()) <= DEFAULTS.monthly
    print(f"{len(sent)} reminders to {len({p for p, _ in days})} people, at most {max(months.values())} in a month")


def test_a_level_is_written_as_an_office_says_it_and_read_again() -> None:
    kept = owing_in("các đoàn xã, C1", [("C1", "Cụm thi đua số 1")], [])
    assert written(kept) == "đoàn xã, C1"
    assert owing_in(written(kept), [("C1", "Cụm thi đua số 1")], []) == kept


async def test_whoever_reported_stays_so_and_a_heir_owes_in_the_place_of_who_did_not(database: Database) -> None:
    """Of Q1, owed by name: a unit that has sent it and is divided, one that has not and is merged."""
    await load(database)
    await owes(database, "CD01, CD11, CD12")
    period, before = await one(database, "select id from period where code = '2026-Q1'"), at("2026-04-02")
    await database.write([submissions.touch(period, await unit_id(database, "CD01"), 0, "submitted", 0, before)])
    said = []
    for verb, units, into in (
        ("split", ("CD01",), ("CD03 Chi đoàn thôn Đông Hạ", "CD04 Chi đoàn thôn Đông Thượng")),
        ("merge", ("CD11",), ("CD02",)),
        ("merge", ("CD12",), ("CD02",)),
        ("add", ("DX09 Đoàn xã Mới",), ("cụm 1",)),
    ):
        if verb == "add":
            kept = await Meant(database).owing("đoàn xã", TODAY)
            await database.write([(f"update period set owes = owes || '{kept[1:]}' where id = ?", (period,), 1)])
        order = UnitOrder(verb, units, into, None)
        decision = await Meant(database).of_units(UnitDecisions(database, WORDING), order, None, before)
        await database.write(decision.rows)
        said.append([note.vietnamese(WORDING) for note in decision.warnings if "quý I" in note.vietnamese(WORDING)])
    assert said == [
        ["Kỳ quý I/2026: báo cáo đã gửi của Chi đoàn thôn Đông vẫn tính, ở Chi đoàn thôn Đông Hạ."],
        ["Kỳ quý I/2026: Chi đoàn thôn Đoài nộp thay Chi đoàn tổ 1."],
        ["Kỳ quý I/2026: báo cáo đã gửi của Chi đoàn tổ 2 vẫn tính, ở Chi đoàn thôn Đoài."],
        [
            "Kỳ quý I/2026 mở trước khi có Đoàn xã Mới, nên chưa phải nộp. Cần nộp thì khi đơn vị đã có, nhắn: đơn vị"
            " nộp quý I/2026: CD01, CD11, CD12, đoàn xã."
        ],
    ]
    await database.write([("update period set owes = replace(owes, ',@doan_co_so', '') where id = ?", (period,), 1)])
    assert await owing_codes(database) == {"CD02", "CD03"}
    assert await Meant(database).owing("CD11, cụm 1", TODAY) == ",CD02,#C1,"
    covered = await submissions.coverage(database, period, TODAY.isoformat())
    assert [(c.filed, c.owing) for c in covered.values()] == [(1, 2)]
    facts = (await planning.situation(database, before, None, await holidays.calendar(database))).facts
    assert {facts.units[unit].code for _, unit in facts.owed} == {"CD02"}
    heir = await unit_id(database, "CD03")
    assert not (await owed.owed(database, [period], [heir], TODAY))[period, heir].owes
