"""Three rounds that took place, set up by the orders of the office's guide and nothing else; then the plan of each."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from province import CATALOGUE, statements
from two_clusters import WORDING, at

from bot.resources import load_forms
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from reporting.plan.entries import Entry
from reporting.plan.facts import Facts
from reporting.plan.planner import Planner
from reporting.time.calendar import local_day
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.people import preferences
from storage.periods import holidays, planning, rounds
from storage.reports import estimates, submissions

GUIDE = Path(__file__).parent.parent / "docs" / "huong-dan" / "van-phong.md"
EXAMPLES = [block.splitlines() for block in re.findall(r"```text\n(.*?)\n```", GUIDE.read_text("utf-8"), re.DOTALL)]


def province(
    top: tuple[str, str, str], clusters: Mapping[str, str], chairs: Sequence[Mapping[str, str]], level: str
) -> dict[str, Any]:
    """A unit on top, in each cluster two units with a secretary, who chairs, and one of the office."""
    code, name, top_level = top
    units = [{"code": code, "name": name, "level": top_level}]
    people = [{"chat": "vanphong", "name": "Thu", "role": "office", "unit": code}]
    members: dict[str, list[str]] = {cluster: [] for cluster in clusters}
    for number, cluster in enumerate([*clusters, *clusters], 1):
        unit = "CT" if number == 1 else f"DV{number}"
        units.append({"code": unit, "name": f"Đơn vị {number}", "level": level, "parent": code})
        members[cluster].append(unit)
        people.append({"chat": f"bt{number}", "name": f"Lan {number}", "role": "secretary", "unit": unit})
    return {
        "units": units,
        "clusters": [
            {"code": cluster, "name": called, "units": members[cluster], "groups": [f"group:{cluster}"]}
            for cluster, called in clusters.items()
        ],
        "people": [*people, *({"chat": f"chair:{c['name']}", "role": "chair"} | dict(c) for c in chairs)],
        "periods": [],
    }


async def office(db: Database, orders: Sequence[str], now: datetime) -> list[str]:
    """Gives the orders, says yes to each; gives what the bot answered before and after."""
    conversation = Conversation(db, CATALOGUE, load_forms(CATALOGUE), WORDING)
    inbound = Inbound(db, Handling(db, conversation, WORDING, lambda: now, Sender(db, {}, lambda: now)), lambda: now)
    for number, text in enumerate([said for order in orders for said in (order, "1")]):
        incoming = Incoming(
            "local", "local", f"{now:%d}.{number}", "vanphong", "private", "vanphong", "Thu", "text", now, text=text
        )
        await inbound.receive([Arrival("local", "local", incoming.message_id, incoming)])
        await inbound.drain()
    rows = await db.read("select body from outbox where chat_id = 'vanphong' order by id")
    return [str(row[0]) for row in rows]


async def planned(db: Database, now: datetime) -> tuple[Facts, list[Entry]]:
    planner = Planner(await preferences.rules(db), await holidays.calendar(db))
    facts = await planning.whole(db, now, planner.calendar)
    last = max(local_day(m.starts_at) for m in facts.meetings if m.starts_at is not None)
    return facts, [e for e in planner.between(facts, local_day(now), date(last.year, 12, 31)) if not e.why]


def days(entries: Sequence[Entry], kind: str) -> list[date]:
    return sorted({local_day(entry.at) for entry in entries if entry.kind == kind})


def reminded(entries: Sequence[Entry]) -> list[date]:
    """The days on which units that owe are told to report, after they have heard that the period is open."""
    own = [(local_day(e.at), i.rung) for e in entries if e.kind == "reminder" for i in e.items if i.part == "own"]
    opened = {day for day, rung in own if rung == "open"}
    assert len(opened) == 1
    assert max(opened) < min(day for day, rung in own if rung != "open")
    return sorted({day for day, rung in own if rung != "open"})


async def test_the_half_year_of_an_island_district_is_reminded_of_ahead_of_its_meeting_in_may(
    database: Database,
) -> None:
    now = at("2023-04-24", "09:00")
    raw = province(
        ("TD", "Tỉnh đoàn Quảng Ninh", "tinh_doan"), {"HUYEN": "Cụm khối huyện"},
        [{"name": "Thảo", "title": "Phó Bí thư Tỉnh đoàn", "cluster": "HUYEN"}], "doan_co_so",
    )  # fmt: skip
    await database.write(statements(raw, now))
    said = await office(database, EXAMPLES[0], now)
    assert "số ước, xác nhận 01/7–10/7" in said[0]  # told before the office says yes
    (round_,) = await rounds.all_rounds(database)
    (briefing,) = await rounds.briefings(database, round_.id)
    assert (briefing.host, briefing.place, briefing.chair) == ("Đơn vị 1", "huyện Cô Tô", "Phó Bí thư Tỉnh đoàn")
    facts, entries = await planned(database, now)
    calendar = await holidays.calendar(database)
    met_on = date(2023, 5, 25)
    assert round_.cutoff_on(calendar, met_on) == date(2023, 5, 20)
    assert {meeting.due_on for meeting in facts.meetings} == {date(2023, 5, 22)}  # the 20th is a Saturday
    assert reminded(entries)[0] == date(2023, 5, 15)
    assert [day for day in reminded(entries) if day <= met_on] == [
        date(2023, 5, 15), date(2023, 5, 19), date(2023, 5, 22), date(2023, 5, 23), date(2023, 5, 25),
    ]  # fmt: skip
    assert round_.terms.estimated
    assert facts.rounds[round_.id].confirm_from_on == date(2023, 7, 1)


async def test_each_of_four_clusters_is_reminded_by_its_own_meeting_of_the_first_quarter(database: Database) -> None:
    now = at("2023-03-20", "09:00")
    clusters = {f"C{number}": f"Cụm thi đua số {number}" for number in (1, 2, 3, 4)}
    chairs = [
        {"name": "Trung", "title": "Phó Bí thư Thường trực Tỉnh đoàn", "cluster": "C1"},
        {"name": "Hiệp", "title": "Phó Bí thư Tỉnh đoàn", "cluster": "C2"},
        {"name": "Nguyệt", "title": "Phó Bí thư Tỉnh đoàn", "cluster": "C3"},
        {"name": "Hà Duy", "title": "Bí thư Tỉnh đoàn", "cluster": "C4"},
    ]
    await database.write(statements(province(("TD", "Tỉnh đoàn", "tinh_doan"), clusters, chairs, "doan_co_so"), now))
    await office(database, EXAMPLES[1], now)
    (round_,) = await rounds.all_rounds(database)
    assert [b.chair for b in await rounds.briefings(database, round_.id)] == [chair["title"] for chair in chairs]
    assert not round_.terms.estimated
    facts, entries = await planned(database, now)
    due = {facts.clusters[meeting.cluster_id].code: meeting.due_on for meeting in facts.meetings}
    assert due == {
        "C1": date(2023, 4, 5), "C2": date(2023, 4, 7), "C3": date(2023, 4, 6), "C4": date(2023, 4, 5),
    }  # fmt: skip
    first: dict[str, date] = {}
    for entry in entries:
        for item in entry.items:
            if entry.kind == "reminder" and item.part == "own" and item.rung != "open":
                code = facts.clusters[facts.units[item.unit_id].cluster_id].code
                first.setdefault(code, local_day(entry.at))
    assert first == {
        "C1": date(2023, 3, 29), "C2": date(2023, 3, 31), "C3": date(2023, 3, 30), "C4": date(2023, 3, 29),
    }  # fmt: skip


async def test_provinces_under_the_centre_report_a_half_year_ahead_of_an_online_meeting(database: Database) -> None:
    now = at("2024-05-20", "09:00")
    raw = province(
        ("TW", "Trung ương Đoàn", "trung_uong"), {"TN": "Cụm Tây Nguyên"},
        [{"name": "Cương", "title": "Bí thư Ban Chấp hành Trung ương Đoàn", "cluster": "TN"}], "tinh_doan",
    )  # fmt: skip
    await database.write(statements(raw, now))
    await office(database, EXAMPLES[2], now)
    (round_,) = await rounds.all_rounds(database)
    (briefing,) = await rounds.briefings(database, round_.id)
    assert briefing.mode == "online"
    facts, entries = await planned(database, now)
    assert {meeting.due_on for meeting in facts.meetings} == {date(2024, 6, 14)}
    assert round_.cutoff_on(await holidays.calendar(database), date(2024, 6, 21)) == date(2024, 6, 13)
    assert reminded(entries)[0] == date(2024, 6, 7)
    assert round_.terms.confirm_from_on == date(2024, 7, 1)
    assert days(entries, "group_post")[-1] == date(2024, 6, 21)


async def test_of_two_clusters_of_one_half_year_each_has_its_own_opening_and_only_the_early_one_gives_estimates(
    database: Database,
) -> None:
    now = at("2023-04-24", "09:00")
    clusters = {"HUYEN": "Cụm khối huyện", "XA": "Cụm khối xã"}
    await database.write(statements(province(("TD", "Tỉnh đoàn", "tinh_doan"), clusters, [], "doan_co_so"), now))
    orders = [
        "mở kỳ 6 tháng đầu năm, tự mở", "đặt giao ban cụm khối huyện 8h 25/5 tại huyện Cô Tô",
        "đặt giao ban cụm khối xã 8h 10/7 tại Tỉnh đoàn",
    ]  # fmt: skip
    said = await office(database, orders, now)
    assert any("Số liệu 6 tháng đầu năm 2023 của Cụm khối huyện là số ước, tính đến 17/5" in one for one in said)
    facts, entries = await planned(database, now)
    codes = {unit.id: facts.clusters[unit.cluster_id].code for unit in facts.units.values()}
    opened = {
        (codes[i.unit_id], local_day(e.at))
        for e in entries
        if e.kind == "reminder"
        for i in e.items
        if i.rung == "open"
    }
    assert opened == {("HUYEN", date(2023, 5, 4)), ("XA", date(2023, 6, 19))}
    assert {codes[one.unit_id] for one in facts.estimates} == {"HUYEN"}

    # Both have sent when the other cluster's meeting is moved: whose figures are final moves with it.
    period = (await rounds.all_rounds(database))[0].id
    for unit in facts.units:
        await database.write([
            submissions.touch(period, unit, 0, "submitted", 0, now),
            estimates.final_as_sent(period, unit, "2023-05-10", now),
        ])  # fmt: skip

    async def final() -> set[str]:
        rows = await database.read("select unit_id from submission where confirmed_at is not null")
        return {codes[row[0]] for row in rows}

    assert await final() == {"XA"}
    moves = ["dời giao ban cụm khối xã sang 8h 26/6", "dời giao ban cụm khối huyện sang 8h 12/7"]
    await office(database, moves, at("2023-05-20", "09:00"))
    assert await final() == {"HUYEN"}
    assert await estimates.confirmations(database, period, None, "2023-05-20") == (2, 0)
