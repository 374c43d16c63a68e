"""What a unit says beside its figures in: asked for in one message, taken part by part, kept masked; answers out."""

from collections.abc import Sequence

from handlers.commands import folded
from handlers.messages import LABEL_LONGEST, Choice
from handlers.narratives.parts import headed_alone, parts_in
from handlers.report.assignment import Assignment
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.routes import Asked
from handlers.turn import Turn
from handlers.wording import figure_rows
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import ComparedRow
from reporting.organisation.part import Part
from reporting.text.masking import masked
from storage.database import Database
from storage.periods.comparing import compared
from storage.reports import narratives, submissions
from storage.reports.events import happened
from storage.reports.narratives import PARTS, NarrativePart

MOST_LETTERS = 2000  # of one part
MOST_OFFERED = 3  # indicators below target whose cause is asked for
_NOTHING = frozenset(["khong", "khong co", "khong co gi", "bo qua"])
_CAUSE = "cause:"


class Narratives:
    """Takes the words of the paper that no figure says."""

    def __init__(self, db: Database, catalogue: Catalogue, reports: Reports, running: RunningReports) -> None:
        self._db = db
        self._catalogue = catalogue
        self._reports = reports
        self._running = running

    async def asked(self, turn: Turn, asked: Asked) -> None:
        """ "phần lời", or the message that follows it."""
        assignment = self._reports.assignment(turn)
        if assignment is None:
            await self._running.no_report(turn, asked.text)
        elif assignment.round.period.is_quick:
            turn.say_key("narrative.quick")
        elif asked.expects:
            await self._taken(turn, assignment, asked.text)
        else:
            await self._ask(turn, assignment)

    async def chosen(self, turn: Turn, asked: Asked) -> None:
        """A button: to begin, what part an unheaded text is, or the cause of a target that is not met."""
        if asked.rest.partition("@")[2]:
            self._reports.turn_to(turn, "begin", asked.rest)
        assignment = self._reports.assignment(turn)
        if assignment is None or assignment.round.period.is_quick:
            turn.say_key("problem.stale")
        elif asked.rest in PARTS and asked.waits:
            await self._keep(turn, assignment, {part: asked.waits for part in PARTS if part == asked.rest})
        elif asked.rest.startswith(_CAUSE) and asked.rest.removeprefix(_CAUSE) in self._catalogue:
            turn.state.expects, turn.state.waits = "narrative", asked.rest
            label = self._catalogue[asked.rest.removeprefix(_CAUSE)].short
            turn.say_key("narrative.why", label=label)
        elif asked.rest in PARTS or asked.rest.startswith(_CAUSE):
            turn.say_key("problem.stale")
        else:
            await self._ask(turn, assignment)

    async def _ask(self, turn: Turn, assignment: Assignment) -> None:
        if await self._closed(turn, assignment):
            return
        say = turn.wording.say
        named = {"unit": assignment.role.unit_name, "period": assignment.round.period.name}
        lines = [say("narrative.ask", **named)]
        said = await narratives.of_unit(self._db, assignment.round.id, assignment.unit_id)
        if said:
            lines += [say("narrative.stands", part=say(f"narrative.{part}"), text=text) for part, text in said.items()]
        below = await self._below(turn, assignment)
        if below:
            rows = "; ".join(f"{row.indicator.short} {self._target(turn, row)}" for row in below)
            lines.append(say("narrative.below", rows=rows))
        turn.state.expects, turn.state.waits = "narrative", ""
        choices = [
            Choice(
                say("label.cause", label=row.indicator.short)[:LABEL_LONGEST], f"narrative:{_CAUSE}{row.indicator.code}"
            )
            for row in below
        ]
        turn.say("\n".join(lines), choices, False)

    async def _closed(self, turn: Turn, assignment: Assignment) -> bool:
        """Whether the report is accepted, and that was said."""
        held = await submissions.held(self._db, assignment.round.id, assignment.round.code, assignment.unit_id)
        if closed := held.draft.state in life.CLOSED:
            turn.say_key("narrative.closed", period=assignment.round.period.name)
        return closed

    async def _below(self, turn: Turn, assignment: Assignment) -> Sequence[ComparedRow]:
        """The unit's targets that are not met, those overdue first."""
        part = Part(unit_id=assignment.unit_id)
        found = await compared(self._db, self._catalogue, assignment.round, part, turn.today)
        rows = [row for row in found.rows if row.target is not None and row.target.missed]
        rows.sort(key=lambda row: row.target is not None and row.target.state != "overdue")
        return rows[:MOST_OFFERED]

    @staticmethod
    def _target(turn: Turn, row: ComparedRow) -> str:
        assert row.target is not None
        return figure_rows.target(turn.wording, row.indicator, row.target)

    async def _taken(self, turn: Turn, assignment: Assignment, text: str) -> None:
        waits, turn.state.expects, turn.state.waits = turn.state.waits, "", ""
        if folded(text) in _NOTHING:
            turn.say_key("narrative.left")
            return
        if waits.startswith(_CAUSE):
            await self._cause(turn, assignment, waits.removeprefix(_CAUSE), text)
            return
        if (part := headed_alone(text)) is not None:
            turn.state.expects, turn.state.waits = "narrative", part
            turn.say_key("narrative.ask_part", part=turn.wording.say(f"narrative.{part}"))
            return
        found = parts_in(text)
        unheaded = found.get(None)
        if unheaded is not None and len(found) == 1 and waits in PARTS:
            found, unheaded = {one: unheaded for one in PARTS if one == waits}, None
        if unheaded is None:
            await self._keep(turn, assignment, {part: said for part, said in found.items() if part is not None})
        elif len(found) > 1:
            turn.state.expects = "narrative"
            turn.say_key("narrative.unheaded")
        else:
            turn.state.expects, turn.state.waits = "narrative", unheaded
            choices = [Choice(turn.wording.say(f"narrative.{part}"), f"narrative:{part}") for part in PARTS]
            turn.say(turn.wording.say("narrative.which"), choices)

    async def _cause(self, turn: Turn, assignment: Assignment, code: str, text: str) -> None:
        """Behind the target that is not met, in the part of what fell short; beside what stands there already."""
        rows = await self._below(turn, assignment)
        row = next((one for one in rows if one.indicator.code == code), None)
        if row is None:
            turn.say_key("narrative.met")
            return
        line = turn.wording.say(
            "narrative.cause", label=row.indicator.short, target=self._target(turn, row), why=" ".join(text.split())
        )
        said = await narratives.of_unit(self._db, assignment.round.id, assignment.unit_id)
        await self._keep(turn, assignment, {"limit": "\n".join(filter(None, [said.get("limit", ""), line]))})

    async def _keep(self, turn: Turn, assignment: Assignment, said: dict[NarrativePart, str]) -> None:
        say = turn.wording.say
        if await self._closed(turn, assignment):
            return
        for part, text in said.items():
            if len(text) > MOST_LETTERS:
                turn.state.expects = "narrative"
                turn.say_key("narrative.too_long", part=say(f"narrative.{part}"), most=MOST_LETTERS, count=len(text))
                return
        ids, person = (assignment.round.id, assignment.unit_id), turn.standing.person_id
        for part, text in said.items():
            turn.rows.append(narratives.write(*ids, part, masked(text), person, turn.now))
            turn.rows.append(happened("narrative.written", part, person, turn.now, period_id=ids[0], unit_id=ids[1]))
        stored = {**await narratives.of_unit(self._db, *ids), **said}
        names = "; ".join(say(f"narrative.{part}") for part in said)
        left = [say(f"narrative.{part}") for part in PARTS if part not in stored]
        text = say("narrative.kept", unit=assignment.role.unit_name, parts=names)
        turn.say(f"{text} {say('narrative.more', parts='; '.join(left))}" if left else text)
