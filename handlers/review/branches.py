"""A commune's desk: which of its branches owe or wait, one entered for that cannot report, the sum passed on."""

from dataclasses import replace

from handlers import permissions
from handlers.commands import folded
from handlers.dues import may_write
from handlers.leaders.areas import running_told_of
from handlers.leaders.summaries import Summaries, figures
from handlers.messages import LABEL_LONGEST, Choice
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.report.assignment import assignment_mark
from handlers.review.queue import Queues
from handlers.routes import Asked
from handlers.telling import tell
from handlers.turn import Turn
from reporting.dialogue import life
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import Part
from storage.database import Database
from storage.organisation import units
from storage.people import people
from storage.periods import owed
from storage.periods.rounds import Round
from storage.reports import submissions
from storage.reports.events import happened

MOST_OFFERED = 4  # branches to enter for, in one message


class BranchDesk:
    """What a commune's secretary does about her branches."""

    def __init__(self, db: Database, summaries: Summaries) -> None:
        self._db = db
        self._queues = Queues(db, summaries.catalogue)
        self._summaries = summaries
        self._meant = Meant(db)

    async def told(self, turn: Turn, asked: Asked) -> None:
        """ "chi đoàn": who has sent, who owes, what they add up to, and what may be done about it."""
        say, lines, choices = turn.wording.say, list[str](), list[Choice]()
        round_ = await running_told_of(self._db, turn, (), tuple(self._communes(turn)))
        if round_ is None:
            turn.say_key("period.none_open")
            return
        queued = (await self._queues.of(turn, round_)).waiting
        for unit_id, name in self._communes(turn).items():
            found = await self._branches(turn, round_, unit_id)
            if not found:
                continue
            lines += await self._summaries.under(round_, {unit_id: name}, turn.now)
            lines.append(await self._summaries.few(round_, Part(unit_id=unit_id), turn.today))
            choices.append(Choice(say("label.week_totals"), f"section:{round_.code}:u{unit_id}:"))
            below = {unit.code for unit in found}
            if waits := sum(report.code in below for report in queued):
                lines.append(say("branches.waiting", count=waits))
                choices.append(Choice(say("label.accept"), f"review:{round_.code}"))
            owing = [one for one in found if one.state not in life.FILED] if round_.state == "open" else []
            for unit in owing[:MOST_OFFERED]:
                label = say("branches.stand_in", unit=unit.known_as)[:LABEL_LONGEST]
                choices.append(Choice(label, f"stand_in:{unit.code}"))
            choices.append(Choice(say("branches.pass_on"), f"pass_on:{assignment_mark(round_.code, unit_id)}"))
        if lines:
            turn.say("\n".join(lines), choices)
        else:
            turn.say_key("branches.none")

    async def stand_in(self, turn: Turn, asked: Asked) -> str:
        """ "nhập thay CD010103", or a tap: from now on the chat reports for that branch; its report is begun."""
        try:
            unit = await self._meant.unit(folded(asked.rest), turn.today, permissions.units("stand_in", turn.roles))
        except DecisionRefused as refusal:
            turn.say(refusal.remark.vietnamese(turn.wording))
            return ""
        above = permissions.units("stand_in", turn.roles)
        held = await people.stand_in(self._db, unit.id, above, turn.today)
        if not held:
            turn.say_key("branches.not_yours", unit=unit.known_as)
            return ""
        open_for = await owed.owed(self._db, [one.id for one in turn.rounds], [unit.id], turn.today)
        if not any(may_write(one, open_for[one.id, unit.id], turn.today) for one in turn.rounds):
            turn.say_key("branches.closed", unit=unit.known_as)
            return ""
        states = await submissions.states(self._db, turn.round.id, [unit.id]) if turn.round else []
        if any(state == life.told_as(life.SUBMITTED) for _, state in states):
            turn.say_key("branches.already", unit=unit.known_as, code=unit.code)
            return ""
        turn.state.behalf = turn.state.unit = unit.id
        turn.say_key("branches.standing_in", unit=unit.known_as)
        return ""

    async def pass_on(self, turn: Turn, asked: Asked) -> None:
        """The sum of the commune and its branches to the office, at most once a day."""
        say = turn.wording.say
        round_ = next(
            (one for one in turn.rounds if asked.rest.split("@")[0] == assignment_mark(one.code, 0).split("@")[0]),
            turn.round,
        )
        for unit_id, name in self._communes(turn).items():
            if round_ is None or asked.rest not in ("", assignment_mark(round_.code, unit_id)):
                continue
            found = await self._branches(turn, round_, unit_id)
            sums = await figures(self._db, self._summaries.catalogue, round_, Part(unit_id=unit_id), turn.today)
            head = say(
                "branches.told", unit=name, period=round_.period.name, owing=len(found),
                filed=sum(unit.state in life.FILED for unit in found),
                accepted=sum(unit.state in life.CLOSED for unit in found),
            )  # fmt: skip
            text = "\n".join([head, *self._summaries.totals(sums)])
            for account in {a.person_id: a for a in await people.office(self._db, turn.today)}.values():
                key = f"passed:{round_.code}:{unit_id}:{turn.today}:{account.person_id}"
                await tell(self._db, turn, key, account, text)
            turn.rows.append(
                happened(
                    "branches.passed", "unit", turn.standing.person_id, turn.now, period_id=round_.id, unit_id=unit_id
                )
            )
            turn.say_key("branches.passed", period=round_.period.name, unit=name)
            return
        turn.say_key("problem.stale")

    @staticmethod
    def _communes(turn: Turn) -> dict[int, str]:
        held = permissions.granted("branches", turn.roles)
        return {role.unit_id: role.unit_name for role in held if role.unit_id is not None}

    async def _branches(self, turn: Turn, round_: Round, unit_id: int) -> list[ListedUnit]:
        every = [
            unit
            for cluster in await units.all_clusters(self._db, turn.today)
            for unit in await submissions.owing(self._db, round_.id, cluster.id, turn.today.isoformat())
        ]
        own = [unit for unit in every if unit.commune_id == unit_id and unit.name != unit.commune]
        return [replace(unit, known_as=unit.name) for unit in own]
