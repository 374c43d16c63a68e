"""The demo's database in, the people one may chat as and the moments the clock may be moved to out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.channels.local.chat_page import Face, Stop
from bot.channels.local_zalo.channel import beside
from bot.demo.cast import Cast, DemoCluster, DemoUnit, cast
from bot.demo.province import CHANNEL
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.dialogue.life import SubmissionState
from reporting.plan.days import digest_day
from reporting.plan.facts import Facts
from reporting.plan.planner import Planner
from reporting.time.calendar import at, day_name, local_day
from reporting.time.rules import rung_name
from storage.database import Database
from storage.messages import conversations
from storage.people import preferences
from storage.periods import holidays, planning, rounds
from storage.reports.exported import exported

WEEKS_AHEAD = 12
AHEAD_SHOWN = 6
LATE_SHOWN = 3
# Who stands first on the page: not begun, half done, sent, not begun in another cluster; and a Đoàn phường.
_FIRST = ("CD010101", "CD010102", "CD010103", "CD020102", "DX0101")
_WORDING = Wording.vietnamese()


# What an empty chat says; of reporting only to who reports.
_GROUP = "Nhóm trò chuyện của các đơn vị trong cụm"
_IN_GROUP = "Tin của trợ lý gửi nhóm cụm sẽ hiện ở đây."
_ASKS = "Đồng chí nhắn tiendo để biết đơn vị nào chưa gửi, tonghop để xem số liệu, hoặc trogiup để xem cách dùng."
_CODE_FIRST = "Trước hết đồng chí nhắn mã đăng ký ghi cạnh tên, rồi bấm Đồng ý."


async def faces(db: Database) -> list[Face]:
    """Everybody who can be played and the groups that can be read, the most telling first."""
    province = cast()
    states = await _states(db)
    people = {u.code: (c, u) for c in province.clusters for u in c.units}
    result = [_secretary(*people[code], states, "Bí thư đơn vị") for code in _FIRST]
    result += [await _newcomer(db, cluster, people) for cluster in province.clusters]
    result += _above(province)
    groups = [
        Face(
            c.group_id,
            f"Nhóm {c.name}",
            "Nhóm trò chuyện của các đơn vị trong cụm",
            "Nhóm của cụm",
            c.chair.chat_id,
            _IN_GROUP,
        )
        for c in province.clusters
    ]
    ahead = len(result)
    result += [
        _secretary(cluster, unit, states, cluster.name)
        for code, (cluster, unit) in people.items()
        if code not in _FIRST and unit.secretary is not None
    ]
    # No group of Zalo is in the demo: there they are on trial.
    with_both = [replace(face, beside=beside(face.chat_id)) for face in result]
    return [*with_both[:ahead], *groups, *with_both[ahead:]]


def _above(province: Cast) -> list[Face]:
    office = province.office
    return [
        Face(office.chat_id, office.name, office.title, "Văn phòng", first=_ASKS),
        *(
            Face(c.chair.chat_id, c.chair.name, f"{c.chair.title}, chủ trì Cụm {c.number}", "Chủ trì cụm", first=_ASKS)
            for c in province.clusters
        ),
        *(Face(leader.chat_id, leader.name, leader.title, "Lãnh đạo", first=_ASKS) for leader in province.leaders),
    ]


async def _states(db: Database) -> dict[str, SubmissionState]:
    """Where each unit stands in the open period; units that have not begun are not in it."""
    open_ = await rounds.open_rounds(db)
    if not open_:
        return {}
    rows = await exported(db, open_[0].id, None, open_[0].period.end_on.isoformat())
    return {row.unit: row.state for row in rows}


def _secretary(cluster: DemoCluster, unit: DemoUnit, states: dict[str, SubmissionState], part: str) -> Face:
    assert unit.secretary is not None
    state = _WORDING.say(f"progress.{life.told_as(states.get(unit.code, life.NOT_BEGUN))}")
    title = f"{unit.secretary.title} {unit.name}, Cụm {cluster.number} · {state}"
    return Face(unit.secretary.chat_id, unit.secretary.name, title, part)


async def _newcomer(db: Database, cluster: DemoCluster, people: dict[str, tuple[DemoCluster, DemoUnit]]) -> Face:
    newcomer = cluster.newcomer
    title = f"Bí thư {people[newcomer.unit][1].name}, Cụm {cluster.number}"
    standing = await conversations.standing(db, CHANNEL, newcomer.chat_id)
    if standing.person_id is not None:
        return Face(newcomer.chat_id, newcomer.name, title, "Người mới")
    title = f"{title} · chưa đăng ký, mã {newcomer.code}"
    return Face(newcomer.chat_id, newcomer.name, title, "Người mới", first=_CODE_FIRST)


async def stops(db: Database, now: datetime) -> list[Stop]:
    """The next moments at which something arrives, in order: openings, reminders, briefings, overdue days, the week.

    By the plan of every period that is or will be open, at the later of the two morning hours: by then reminders and
    group posts of that day are both out.
    """
    planner = Planner(await preferences.rules(db), await holidays.calendar(db))
    facts = await planning.whole(db, now, planner.calendar)
    rules = planner.rules
    morning = max(rules.slots[0][0], rules.summaries)
    ahead: _Told = defaultdict(lambda: defaultdict(list))
    late: _Told = defaultdict(lambda: defaultdict(list))
    met: _Told = defaultdict(lambda: defaultdict(list))
    before: _Told = defaultdict(lambda: defaultdict(list))
    chairs = [rung for rung, whom in rules.rungs.items() if rung > 0 and "chair" in whom]
    for meeting in facts.meetings:
        round_, code = facts.rounds[meeting.round_id], facts.clusters[meeting.cluster_id].code
        met_on = local_day(meeting.starts_at) if meeting.starts_at else None
        if met_on is not None and round_.is_open(met_on):
            met[met_on][0, round_.id].append(code)
            for day in planner.days.rung_days(met_on, chairs):
                before[day][0, round_.id].append(code)
        for day, rung in planner.days.rung_days(meeting.due_on, rules.rungs).items():
            # The day of a briefing has a stop of its own, after it.
            if day != met_on and round_.is_open(day):
                told = ahead if rung >= 0 else late
                told[day][max(rung, 0), round_.id].append(code)
    words = _Words({r.id: r.name for r in facts.rounds.values()}, several=len(facts.rounds) > 1)
    found = [
        Stop(f"ahead-{day}", f"đến {words.rungs(told)} ({day_name(day)})", _at(day, morning))
        for day, told in sorted(ahead.items())
    ]
    after = [
        Stop(
            f"briefing-{day}",
            f"đến sau giao ban {words.clusters(told)} ({day_name(day)})",
            _at(day, rules.after_briefing),
        )
        for day, told in met.items()
    ]
    to_chairs = [
        Stop(f"before-{day}", f"đến tin trước giao ban {words.clusters(told)} ({day_name(day)})", _at(day, morning))
        for day, told in sorted(before.items())
    ]
    overdue = [
        Stop(f"late-{day}", f"đến ngày nhắc quá hạn của {words.clusters(told)} ({day_name(day)})", _at(day, morning))
        for day, told in sorted(late.items())
    ]
    opens = [
        Stop(f"open-{r.opens_on}", f"đến ngày mở kỳ {r.name} ({day_name(r.opens_on)})", _at(r.opens_on, morning))
        for r in facts.rounds.values()
        if r.opens_on > local_day(now)
    ]
    shown = [
        *_coming(found, now)[:AHEAD_SHOWN],
        *_coming(to_chairs, now),
        *_coming(after, now),
        *_coming(overdue, now)[:LATE_SHOWN],
    ]
    shown += [*_coming(sorted(opens, key=lambda stop: stop.at), now)[:1], _week(planner, facts, now)]
    return sorted(shown, key=lambda stop: (stop.at, stop.id))


# By day: the clusters told of a round, by rung and round.
_Told = dict[date, dict[tuple[int, int], list[str]]]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words for the moments: clusters and rungs by name. names: of the periods, said where there are several."""

    names: Mapping[int, str]
    several: bool

    def clusters(self, told: Mapping[tuple[int, int], Sequence[str]]) -> str:
        """Cụm 1, 2 và Cụm 1, 2 (tháng 5): by what sets the clusters apart."""
        return " và ".join(self._of(round_id, codes) for (_, round_id), codes in sorted(told.items()))

    def rungs(self, told: Mapping[tuple[int, int], Sequence[str]]) -> str:
        """T-3 của Cụm 2, 3 và T-1 của Cụm 1."""
        named = sorted(told.items(), reverse=True)
        return " và ".join(
            f"{rung_name(rung) if rung else 'hạn nộp'} của {self._of(round_id, codes)}"
            for (rung, round_id), codes in named
        )

    def _of(self, round_id: int, codes: Sequence[str]) -> str:
        period = f" ({self.names[round_id]})" if self.several else ""
        return "Cụm " + ", ".join(code.removeprefix("C") for code in codes) + period


def _at(day: date, hour: time) -> datetime:
    return at(day, hour.hour, hour.minute)


def _week(planner: Planner, facts: Facts, now: datetime) -> Stop:
    """The next summary of a week; where none is to come, the next Monday, to go on from."""
    days = [digest_day(planner.calendar, local_day(now) + timedelta(weeks=week)) for week in range(WEEKS_AHEAD)]
    days = [day for day in days if _at(day, planner.rules.summaries) > now]
    told = next((day for day in days if any(not entry.why for entry in planner.posts.digests(facts, day))), None)
    day = told or days[0]
    label = f"đến sáng {day_name(day)}" + (" (tổng hợp tuần)" if told else "")
    return Stop(f"week-{day}", label, _at(day, planner.rules.summaries))


def _coming(found: Iterable[Stop], now: datetime) -> list[Stop]:
    return [stop for stop in found if stop.at > now]
