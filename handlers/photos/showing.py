"""A reviewer's "xem ảnh" or tap in, the photos of a unit's report out, each by its own channel's id and only there."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from handlers import permissions
from handlers.channel import Channel
from handlers.commands import folded
from handlers.leaders.areas import period_meant, round_told_of
from handlers.leaders.asked_figures import question_in
from handlers.messages import LABEL_LONGEST, Choice
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.permissions import ActedOn
from handlers.report.assignment import assignment_mark, unit_in
from handlers.routes import Asked
from handlers.turn import Turn, body
from reporting.figures.catalogue import Catalogue
from reporting.time.calendar import local_day, short_day
from storage.database import Database
from storage.organisation import units
from storage.organisation.units import Unit
from storage.periods import rounds
from storage.periods.rounds import Round
from storage.reports.events import happened
from storage.review import photos, waiting
from storage.review.photos import Photo

MOST_AT_ONCE: Final = 10  # photos, which are a message each
MOST_DEAR: Final = 3  # where every message counts against a quota
MOST_LISTED: Final = 8  # units


class PhotoViews:
    """Shows photos to those who review the report they belong to, in their own chat."""

    def __init__(self, db: Database, catalogue: Catalogue, channels: Mapping[str, Channel]) -> None:
        self._db = db
        self._catalogue = catalogue
        self._channels = channels

    async def asked(self, turn: Turn, asked: Asked) -> None:
        """ "xem ảnh", "xem ảnh cụm 2", "xem ảnh CD010103", "xem ảnh Chi đoàn thôn Đông quý I"."""
        clusters, every = await units.all_clusters(self._db, turn.today), await units.all_units(self._db, turn.today)
        named = question_in(asked.rest, self._catalogue, clusters, every, turn.today)
        if named.period is not None and not await period_meant(self._db, turn, named.period):
            return
        round_ = await round_told_of(
            self._db, turn, permissions.clusters("photos", turn.roles), permissions.units("photos", turn.roles)
        )
        if round_ is None:
            turn.say_key("period.none_open")
            return
        reach = await self._reach(turn, every, named.cluster.id if named.cluster else None)
        if named.cluster and not reach:
            turn.say_key("help.no_rights")
            return
        if not asked.rest.strip() or ((named.period or named.cluster) and not named.units and not named.else_):
            await self._list(turn, round_, reach)
            return
        found, words = [unit for unit in named.units if unit.id in reach], " ".join(named.else_) or folded(asked.rest)
        try:
            unit = found[0] if len(found) == 1 else await Meant(self._db).unit(words, turn.today)
        except DecisionRefused as refusal:
            turn.say(refusal.remark.vietnamese(turn.wording))
            return
        branches = {one.id: one for one in reach.values() if one.parent == unit.code}
        if unit.id not in reach and await self._ended(turn, round_, unit.id) is None:
            turn.say_key("photo.not_yours", unit=unit.known_as)
        elif branches and unit.level != "tinh_doan":
            await self._list(turn, round_, {unit.id: unit, **branches})
        else:
            await self._show(turn, round_, unit, 0)

    async def opened(self, turn: Turn, asked: Asked) -> None:
        """A tap: "photos:MARK", or "photos:MARK:10" for those behind the ten that were shown."""
        mark, _, start = asked.rest.partition(":")
        every = await rounds.all_rounds(self._db)
        round_ = next((r for r in every if assignment_mark(r.code, unit_in(mark) or 0) == mark), None)
        reach = await self._reach(turn, await units.all_units(self._db, turn.today))
        unit = reach.get(unit_in(mark) or 0)
        if unit is None and round_ is not None:
            unit = await self._ended(turn, round_, unit_in(mark) or 0)
        if round_ is None or unit is None:
            turn.say_key("problem.stale")
        else:
            await self._show(turn, round_, unit, int(start) if start.isdecimal() else 0)

    async def counted(self, turn: Turn, round_: Round, unit_id: int) -> tuple[str, list[Choice]]:
        """How many photos a unit's report has for this person, in a line, and the button to them; ('', []) for none."""
        found = [one for one in await photos.of_report(self._db, round_.id, unit_id) if self._sees(turn, one)]
        if not found:
            return "", []
        say = turn.wording.say
        labels = Counter(self._catalogue[one.indicator].short for one in found if one.indicator in self._catalogue)
        told = ", ".join(f"{label} {count}" for label, count in labels.items())
        line = say("photo.counted_of" if told else "photo.counted", count=len(found), labels=told)
        mark = assignment_mark(round_.code, unit_id)
        return line, [Choice(say("label.photos", count=len(found)), f"photos:{mark}")]

    async def _reach(self, turn: Turn, every: list[Unit], only: int | None = None) -> dict[int, Unit]:
        """The units whose photos the person may see; only: of that cluster."""
        by_code = {unit.code: unit for unit in every}
        clusters = {cluster.code: cluster.id for cluster in await units.all_clusters(self._db, turn.today)}
        found = {}
        for unit in every:
            parent = by_code.get(unit.parent)
            cluster = clusters.get(unit.cluster or (parent.cluster if parent else ""))
            if only not in (None, cluster):
                continue
            if permissions.may_unit("photos", turn.roles, ActedOn(unit.id, parent.id if parent else None, cluster)):
                found[unit.id] = unit
        return found

    async def _ended(self, turn: Turn, round_: Round, unit_id: int) -> Unit | None:
        """A unit that has ended since it reported, for whom its report is still to judge."""
        clusters, own = permissions.clusters("photos", turn.roles), permissions.units("photos", turn.roles)
        for report in await waiting.reports(self._db, round_.id, 0, turn.today, unit_id):
            if clusters is None or report.cluster_id in clusters or report.parent_id in own:
                return await units.unit_by_code(self._db, report.code)
        return None

    def _sees(self, turn: Turn, photo: Photo) -> bool:
        """A department sees what belongs to its sections."""
        held = permissions.granted("photos", turn.roles)
        if any(permissions.rank(role) != "department" for role in held):
            return True
        section = self._catalogue[photo.indicator].section if photo.indicator in self._catalogue else ""
        return any(section in role.sections for role in held)

    async def _list(self, turn: Turn, round_: Round, reach: Mapping[int, Unit]) -> None:
        """The units that have sent any; of one only, its photos."""
        say, sections = turn.wording.say, Counter[int]()
        for photo in await photos.of_period(self._db, round_.id):
            if photo.unit_id in reach and self._sees(turn, photo):
                sections[photo.unit_id] += 1
        if len(sections) == 1:
            await self._show(turn, round_, reach[next(iter(sections))], 0)
            return
        if not sections:
            turn.say_key("photo.nobody", period=round_.period.name)
            return
        rows = [(say("photo.of_unit", unit=reach[one].known_as, count=n), one) for one, n in sections.most_common()]
        choices = [
            Choice(row[:LABEL_LONGEST], f"photos:{assignment_mark(round_.code, one)}")
            for row, one in rows[:MOST_LISTED]
        ]
        more = len(rows) - MOST_LISTED
        lines = [say("photo.listed", period=round_.period.name, count=sections.total(), units=len(rows))]
        lines += [say("photo.more_units", more=more)] if more > 0 else []
        turn.say("\n".join(lines), choices)

    async def _show(self, turn: Turn, round_: Round, unit: Unit, start: int) -> None:
        """The first photo with the reply, the others behind it; of another channel only how many there are."""
        say, to = turn.wording.say, (turn.incoming.channel, turn.incoming.chat_id)
        found = [one for one in await photos.of_report(self._db, round_.id, unit.id) if self._sees(turn, one)]
        names = {"unit": unit.known_as, "period": round_.period.name}
        if not found:
            turn.say_key("photo.none", **names)
            return
        here = [one for one in found if one.channel == to[0]]
        lines = [say("photo.head", count=len(found), **names)]
        for channel, count in Counter(one.channel for one in found if one.channel != to[0]).items():
            title = self._channels[channel].title if channel in self._channels else channel
            lines.append(say("photo.elsewhere", count=count, channel=title, unit=unit.code))
        most = MOST_DEAR if turn.limits.dear else MOST_AT_ONCE
        shown = list(enumerate(here, 1))[start : start + most]
        told = [
            (self._caption(turn, number, len(here), photo), self._file(turn, number, photo)) for number, photo in shown
        ]
        left = len(here) - start - len(shown)
        mark = assignment_mark(round_.code, unit.id)
        onward = Choice(say("label.more_photos", count=left), f"photos:{mark}:{start + most}")
        if not told:
            turn.say("\n".join(lines))
            return
        turn.say("\n".join([*lines, told[0][0]]), [onward] if left > 0 else [], file=told[0][1])
        for (text, file), (_, photo) in zip(told[1:], shown[1:], strict=True):
            key = f"photo:{photo.id}:{turn.incoming.bot}:{turn.incoming.message_id}"
            turn.after.append(turn.queue(key, "reply", *to, body(text, file=file)))
        person = turn.standing.person_id
        turn.rows.append(happened("photo.shown", unit.code, person, turn.now, period_id=round_.id, unit_id=unit.id))

    @staticmethod
    def _file(turn: Turn, number: int, photo: Photo) -> dict[str, object]:
        return {
            "kind": "photo",
            "name": f"anh-{number}.jpg",
            "photo": photo.id,
            "missing": turn.wording.say("photo.gone"),
        }

    def _caption(self, turn: Turn, number: int, count: int, photo: Photo) -> str:
        label = self._catalogue[photo.indicator].short if photo.indicator in self._catalogue else ""
        about = ": ".join(filter(None, [label, f"“{photo.caption}”" if photo.caption else ""]))
        day = short_day(local_day(photo.at))
        return turn.wording.say(
            "photo.row" if about else "photo.row_bare", number=number, count=count, about=about, day=day
        )
