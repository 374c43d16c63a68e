"""Who is named, enrolled, out of reach and twice named, and codes for all who are missing, at three sizes."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import spreadsheets
from province import CATALOGUE
from two_clusters import at, load, one, unit_id

from bot.commands.organisation import take_in
from handlers.access.issuing import for_role
from storage.database import Database
from storage.people import expected, people, roster, seats
from storage.people.expected import Post
from storage.people.roster import Listed

NOW = at("2026-04-07", "09:00")
TODAY = date(2026, 4, 7)


async def name_(db: Database, post_id: int, role: str, name: str, unit: str = "", cluster: str = "") -> None:
    area = (
        await unit_id(db, unit) if unit else None,
        await one(db, "select id from cluster where code = ?", cluster) if cluster else None,
    )
    await db.write([expected.add(Post(post_id, role, *area, name, "Chức danh", date(2026, 1, 1), None))])


def found(listed: list[Listed], name: str) -> list[Listed]:
    return [entry for entry in listed if entry.name == name]


async def test_the_list_says_of_everybody_how_far_they_have_come(database: Database) -> None:
    await load(database)
    await name_(database, 91, "leader", "Nguyễn Văn Thái", unit="TD")
    await name_(database, 92, "chair", "Nguyễn Văn Thái", cluster="C1")
    await name_(database, 93, "deputy", "Trần Thị Hà", unit="CD01")
    await name_(database, 94, "deputy", "Trần Thị Hà", unit="CD01")
    held = await one(database, "select person_id from account where chat_id = 'chutri1'")
    await database.write([("update role set post_id = 92 where person_id = ?", (held,))])
    await database.write([people.mark_unreachable("local", "chutri1", "blocked", NOW)])
    issued = for_role("leader", await unit_id(database, "TD"), None, NOW, post_id=91)
    await database.write(issued.rows)
    listed = await roster.everybody(database, NOW)
    leader, chair = sorted(found(listed, "Nguyễn Văn Thái"), key=lambda entry: entry.of_cluster)
    assert (leader.state, leader.twice, leader.code_until) == ("awaited", False, date(2026, 4, 21))
    assert (chair.state, chair.twice, chair.unlinked, chair.area) == ("unreachable", False, False, "C1")
    deputies = found(listed, "Trần Thị Hà")
    assert [(one.state, one.twice, one.under) for one in deputies] == [("awaited", True, "DX01")] * 2
    unnamed = [entry for entry in listed if not entry.named]
    assert unnamed
    assert all(entry.unlinked and entry.state == "enrolled" for entry in unnamed)


async def test_each_deputy_who_is_named_has_a_seat_of_their_own_and_a_code_of_their_own(database: Database) -> None:
    await load(database)
    await name_(database, 91, "deputy", "Hà", unit="CD01")
    await name_(database, 92, "deputy", "Mai", unit="CD01")
    own = [seat for seat in await seats.seats(database, "deputy", NOW) if seat.code == "CD01"]
    assert [(seat.expected, seat.waiting) for seat in own] == [("Hà", False), ("Mai", False)]
    for seat in own:  # the second code of a unit does not end the first
        issued = for_role("deputy", seat.unit_id, None, NOW, withdraws=True, post_id=seat.post_id)
        await database.write(issued.rows)
    own = [seat for seat in await seats.seats(database, "deputy", NOW) if seat.code == "CD01"]
    assert [seat.waiting for seat in own] == [True, True]
    later = await seats.seats(database, "deputy", NOW + timedelta(days=20))
    assert not any(seat.waiting for seat in later)


@pytest.mark.parametrize("role", ["chair", "leader", "office"])
async def test_whoever_is_named_for_another_role_has_a_seat_until_enrolled(database: Database, role: str) -> None:
    await load(database)
    await name_(database, 91, role, "Thái", **({"cluster": "C1"} if role == "chair" else {"unit": "TD"}))
    [seat] = [seat for seat in await seats.named(database, role, NOW) if seat.post_id == 91]
    assert (seat.enrolled, seat.waiting, seat.role) == (False, False, role)
    await database.write(for_role(role, seat.unit_id, seat.cluster_id, NOW, post_id=91).rows)
    [seat] = [seat for seat in await seats.named(database, role, NOW) if seat.post_id == 91]
    assert seat.waiting
    person = await one(database, "select person_id from account where chat_id = 'chutri2'")
    await database.write([("update role set post_id = 91 where person_id = ?", (person,))])
    [seat] = [seat for seat in await seats.named(database, role, NOW) if seat.post_id == 91]
    assert seat.enrolled


async def test_who_enrolled_before_being_named_is_linked_when_the_spreadsheet_comes(
    database: Database, tmp_path: Path
) -> None:
    await load(database)
    chair: Any = await one(database, "select person_id from account where chat_id = 'chutri1'")
    name = await one(database, "select name from person where id = ?", chair)
    row = {"name": name, "role": "Chủ trì cụm", "cluster": "C1", "title": "Phó Bí thư Tỉnh đoàn"}
    path = spreadsheets.write(tmp_path / "a.xlsx", {"people": [row]})
    await take_in(database, CATALOGUE, path, TODAY, datetime.fromisoformat(NOW.isoformat()), False)
    rows = await database.read("select title, post_id from role where person_id = ?", (chair,))
    assert rows[0][0] == "Phó Bí thư Tỉnh đoàn"
    assert rows[0][1] is not None


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_province_has_a_seat_for_everybody_who_is_named(database: Database, tmp_path: Path) -> None:
    path = spreadsheets.write(tmp_path / "tinh.xlsx", spreadsheets.province())
    await take_in(database, CATALOGUE, path, TODAY, NOW, False)
    listed = await roster.everybody(database, NOW)
    assert len(listed) == 124 + 2_000 + 6 + 2
    assert {entry.state for entry in listed} == {"awaited"}
    assert not any(entry.twice for entry in listed)
    assert len(await seats.named(database, "chair", NOW)) == 6
