"""The demo's guide: whom to chat as, and the moments of the round worth moving the clock to."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from bot.chat_page import Face, Stop
from bot.demo_cast import Cast, DemoCluster, DemoUnit, cast
from bot.demo_province import CHANNEL
from reporting.calendar import VietnamCalendar, at, day_name, local_day
from reporting.deadlines import due_on
from reporting.plan_days import OfficeDays, digest_day
from reporting.rungs import Rules, rung_name
from storage import conversations, holidays, preferences, rounds, submissions
from storage.database import Database
from storage.rounds import Briefing, Round

AHEAD_SHOWN = 6
LATE_SHOWN = 3
# Who stands first on the page: not begun, half done, sent, not begun in another cluster; and a Đoàn phường.
_FIRST = ("CD010101", "CD010102", "CD010103", "CD020102", "DX0101")
_STATES = {"none": "chưa báo cáo", "draft": "đang làm dở", "returned": "được trả lại"}


async def faces(db: Database) -> list[Face]:
    """Everybody who can be played and the groups that can be read, the most telling first."""
    province = cast()
    states = await _states(db)
    people = {u.code: (c, u) for c in province.clusters for u in c.units}
    result = [_secretary(*people[code], states, "Bí thư đơn vị") for code in _FIRST]
    result += [await _newcomer(db, cluster, people) for cluster in province.clusters]
    result += _above(province)
    result += [
        Face(c.group_id, f"Nhóm {c.name}", "Nhóm trò chuyện của các đơn vị trong cụm", "Nhóm của cụm", c.chair.chat_id)
        for c in province.clusters
    ]
    result += [
        _secretary(cluster, unit, states, cluster.name)
        for code, (cluster, unit) in people.items()
        if code not in _FIRST and unit.secretary is not None
    ]
    return result


def _above(province: Cast) -> list[Face]:
    office = province.office
    return [
        Face(office.chat_id, office.name, office.title, "Văn phòng"),
        *(
            Face(c.chair.chat_id, c.chair.name, f"{c.chair.title}, chủ trì Cụm {c.number}", "Chủ trì cụm")
            for c in province.clusters
        ),
        *(Face(leader.chat_id, leader.name, leader.title, "Lãnh đạo") for leader in province.leaders),
    ]


async def _states(db: Database) -> dict[str, str]:
    """Where each unit stands in the open period; units that have not begun are not in it."""
    open_ = await rounds.open_rounds(db)
    if not open_:
        return {}
    rows = await submissions.exported(db, open_[0].id, None, open_[0].period.end_on.isoformat())
    return {row.unit: row.state for row in rows}


def _secretary(cluster: DemoCluster, unit: DemoUnit, states: dict[str, str], part: str) -> Face:
    assert unit.secretary is not None
    state = _STATES.get(states.get(unit.code, "none"), "đã gửi")
    title = f"{unit.secretary.title} {unit.name}, Cụm {cluster.number} · {state}"
    return Face(unit.secretary.chat_id, unit.secretary.name, title, part)


async def _newcomer(db: Database, cluster: DemoCluster, people: dict[str, tuple[DemoCluster, DemoUnit]]) -> Face:
    newcomer = cluster.newcomer
    place = f"Bí thư {people[newcomer.unit][1].name}, Cụm {cluster.number}"
    standing = await conversations.standing(db, CHANNEL, newcomer.chat_id)
    title = place if standing.person_id is not None else f"{place} · chưa đăng ký, mã {newcomer.code}"
    return Face(newcomer.chat_id, newcomer.name, title, "Người mới")


async def stops(db: Database, now: datetime) -> list[Stop]:
    """The next moments at which something arrives, in order: reminders, briefings, overdue days, the week's summary.

    The scheduler's own days and hours, at the later of the two morning hours: by then reminders and group posts
    of that day are both out.
    """
    rules, calendar = await preferences.rules(db), await holidays.calendar(db)
    found = [_monday(calendar, rules, now)]
    open_ = await rounds.open_rounds(db)
    if open_:
        found += await _of_round(db, open_[0], calendar, rules, now)
    return sorted(found, key=lambda stop: (stop.at, stop.id))


def _at(day: date, hour: time) -> datetime:
    return at(day, hour.hour, hour.minute)


def _monday(calendar: VietnamCalendar, rules: Rules, now: datetime) -> Stop:
    days = (digest_day(calendar, local_day(now) + timedelta(weeks=week)) for week in range(3))
    day = next(day for day in days if _at(day, rules.summaries) > now)
    return Stop(f"week-{day}", f"đến sáng {day_name(day)} (tổng hợp tuần)", _at(day, rules.summaries))


async def _of_round(db: Database, round_: Round, calendar: VietnamCalendar, rules: Rules, now: datetime) -> list[Stop]:
    days_of = OfficeDays(rules, calendar)
    briefings = await rounds.briefings(db, round_.id)
    ahead: dict[date, dict[int, list[Briefing]]] = defaultdict(lambda: defaultdict(list))
    late: dict[date, list[Briefing]] = defaultdict(list)
    meetings: dict[date, list[Briefing]] = defaultdict(list)
    for briefing in briefings:
        met_on = local_day(briefing.starts_at)
        meetings[met_on].append(briefing)
        due = due_on(round_.period, round_.terms, calendar, met_on)
        for day, rung in days_of.rung_days(due, rules.rungs).items():
            if day == met_on:
                continue  # the day has a stop of its own, after the briefing
            if rung >= 0:
                ahead[day][rung].append(briefing)
            else:
                late[day].append(briefing)
    morning = max(rules.slots[0][0], rules.summaries)
    reminders = [
        Stop(f"ahead-{day}", f"đến {_rungs(by_rung)} ({day_name(day)})", _at(day, morning))
        for day, by_rung in sorted(ahead.items())
    ]
    overdue = [
        Stop(f"late-{day}", f"đến ngày nhắc quá hạn của {_clusters(whom)} ({day_name(day)})", _at(day, morning))
        for day, whom in sorted(late.items())
    ]
    after = [
        Stop(f"briefing-{day}", f"đến sau giao ban {_clusters(whom)} ({day_name(day)})", _at(day, rules.after_briefing))
        for day, whom in meetings.items()
    ]
    return [
        *_coming(reminders, now)[:AHEAD_SHOWN],
        *_coming(after, now),
        *_coming(overdue, now)[:LATE_SHOWN],
    ]


def _coming(found: Iterable[Stop], now: datetime) -> list[Stop]:
    return [stop for stop in found if stop.at > now]


def _rungs(by_rung: dict[int, list[Briefing]]) -> str:
    """T-3 của Cụm 2, 3 và T-1 của Cụm 1."""
    named = {rung: rung_name(rung) if rung else "hạn nộp" for rung in by_rung}
    return " và ".join(f"{named[rung]} của {_clusters(whom)}" for rung, whom in sorted(by_rung.items(), reverse=True))


def _clusters(briefings: Iterable[Briefing]) -> str:
    """Cụm 2, 3: by what sets the clusters apart."""
    return "Cụm " + ", ".join(b.cluster_code.removeprefix("C") for b in briefings)
