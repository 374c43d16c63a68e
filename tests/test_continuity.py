"""The office goes on: a province joins another one by two commands, and traces of people end with their term."""

# ruff: noqa: F811

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401
from test_privacy import CHAT, NAME, PASTE, PERSON, Desk, desk  # noqa: F401
from two_clusters import one, unit_id

from reporting.time.calendar import local_day
from scheduler.upkeep.clean_up import Upkeep
from storage.people import activity, data_requests, people


def asked(file: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchall()


SUMS = (
    "select p.code, v.indicator, sum(v.amount) from value v join submission s using (period_id, unit_id)"
    " join period p on p.id = v.period_id where p.state = 'closed' and s.state in ('accepted', 'locked')"
    " group by p.code, v.indicator order by 1, 2"
)


def test_a_province_joins_another_with_units_people_and_the_figures_of_closed_periods(
    loaded: Giaoban, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, own = tmp_path / "other.db", tmp_path / "giaoban.db"
    shutil.copyfile(province, other)
    before, units = asked(own, SUMS), asked(own, "select count(*) from unit")[0][0]
    loaded("template", "joins.xlsx", "--joins", "TD").failed("--prefix", 2)
    monkeypatch.setenv("GIAOBAN_DATABASE_URL", "sqlite:///other.db")
    loaded("template", "joins.xlsx", "--joins", "TD", "--prefix", "B").good()
    monkeypatch.setenv("GIAOBAN_DATABASE_URL", "sqlite:///giaoban.db")
    assert "Đơn vị: 60 mới, 0 đổi" in loaded("import", "joins.xlsx").good()
    assert asked(own, "select count(*) from unit")[0][0] == 2 * units - 1  # one province
    assert asked(own, "select count(*) from unit where parent_id is null") == [(1,)]
    assert before
    assert asked(own, SUMS) == [(period, code, 2 * amount) for period, code, amount in before]
    assert "Không có gì thay đổi." in loaded("import", "joins.xlsx").good()


async def test_what_single_people_did_and_who_has_long_left_is_forgotten(desk: Desk) -> None:
    unit, day = await unit_id(desk.db, "CD01"), local_day(desk.now)
    for text in (PASTE, "1", "bàn giao"):
        await desk.hears(text)
    await desk.deliver()
    left = day - timedelta(days=activity.KEPT_DAYS + 1)
    await desk.db.write(
        [
            ("insert into reminder (period_id, unit_id, person_id, rung, day_on, due_at, state) values"
             " ((select min(id) from period), ?, ?, 'T-1', ?, 1, 'sent')", (unit, PERSON, day.isoformat())),
            people.add_person(77, "Người cũ", desk.now - timedelta(days=900)),
            people.add_account("local", "cu", 77, "2026-3", desk.now - timedelta(days=900)),
            people.add_role(770, 77, "deputy", "", unit, None, day - timedelta(days=900)),
            ("update role set valid_to_on = ? where id = 770", (left.isoformat(),)),
            data_requests.add(1001, "see", day, PERSON),
            data_requests.done(1001, day),
        ]
    )  # fmt: skip
    await Upkeep(desk.db).tick(desk.now)
    assert await desk.holds("Người cũ") == {}
    assert await one(desk.db, "select action from event where actor = 77") == "person.forgotten"
    keys = await one(desk.db, "select count(*) from outbox")
    for days, stays in ((activity.KEPT_DAYS - 1, True), (activity.KEPT_DAYS + 1, False)):
        await Upkeep(desk.db).tick(desk.now + timedelta(days=days))
        assert bool(await desk.db.read("select 1 from reminder where state = 'sent'")) is stays
        assert bool(await desk.db.read("select 1 from outbox where chat_id = ?", (CHAT,))) is stays
        assert bool(await desk.db.read("select 1 from data_request where person_id = ?", (PERSON,))) is stays
    # Keys stay, so that nothing is sent again; whoever still has a role stays, too, and so does what is the unit's.
    assert await one(desk.db, "select count(*) from outbox") == keys
    assert await one(desk.db, "select name from person where id = ?", PERSON) == NAME
    assert await one(desk.db, "select amount from value where indicator = 'cay_xanh' and set_by = ?", PERSON) == 120
