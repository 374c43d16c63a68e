"""Words about a meeting's conclusions in: the list of what is open, or what became of one; answers and rows out."""

from collections.abc import Sequence
from typing import cast

from handlers import permissions
from handlers.leaders.areas import area_of, names_part, without_period
from handlers.meetings.called_units import CalledUnits
from handlers.meetings.card import ConclusionCard
from handlers.messages import LABEL_LONGEST, Choice
from handlers.permissions import ActedOn
from handlers.routes import Asked
from handlers.task_words import SaidOfTask, said_of_shown, said_of_task, shortened, task_line
from handlers.turn import Turn
from reporting.text.masking import masked
from reporting.text.words import tokens_of
from storage.database import Database
from storage.organisation.units import Unit
from storage.periods import tasks
from storage.periods.tasks import Task, TaskState
from storage.reports.events import happened

MOST_LISTED = 12
MOST_NAMED = 3  # units in a row of the list
MOST_OFFERED = 8  # units to choose from
MOST_NOTE = 500  # characters


class TaskDesk:
    """Answers "kết luận" from everybody concerned and "xong kết luận 3" from who may say so."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def listed(self, turn: Turn, asked: Asked) -> None:
        """What is open, the overdue first; how many are done."""
        say = turn.wording.say
        if (said := said_of_task(asked.text)) is not None:
            await self._asked_for(turn, said, "tasks")
            return
        scope, own = permissions.clusters("tasks", turn.roles), permissions.units("tasks", turn.roles)
        if asked.rest:
            if not await names_part(self._db, turn, asked.rest):
                turn.say_key("help.no_rights")  # a conclusion, of who may draw none
                return
            called = await without_period(self._db, turn, asked.rest)
            area = None if called is None else await area_of(self._db, turn, "tasks", called)
            if area is None:
                return
            if called:
                scope, own = ([], sorted(area.communes)) if area.communes else ([one.id for one in area.clusters], [])
        every = await tasks.of_area(self._db, scope, own, turn.today, open_only=False)
        every = [one for one in every if turn.told is None or one.period == turn.told.code]
        open_ = [parts for parts in tasks.by_number(every) if any(one.state == "open" for one in parts)]
        done = [parts[0].known_as for parts in tasks.by_number(every) if all(one.state == "done" for one in parts)]
        may_conclude = permissions.may("conclude", turn.roles)
        choices = []
        if may_conclude and turn.state.concluded is not None:
            card = ConclusionCard.from_json(turn.state.concluded)
            choices = [Choice(say("label.unwritten", count=len(card.items)), f"conclude:show:{card.mark}")]
        if not every:
            turn.say("\n".join([say("task.none")] + [say("task.how_conclude")] * may_conclude), choices)
            return
        lines = [say("task.open", count=len(open_))] if open_ else [say("task.all_done")]
        alone = scope == [] and len(own) == 1
        lines += [self._row(turn, parts, alone) for parts in open_[:MOST_LISTED]]
        self._shown(turn, [one for parts in open_ for one in parts])
        if len(open_) > MOST_LISTED:
            lines.append(say("task.more", count=len(open_) - MOST_LISTED))
        if done:
            lines.append(say("task.done", count=len(done), numbers=", ".join(done[-MOST_LISTED:])))
        if open_ and permissions.may("task", turn.roles):
            lines.append(say("task.how", number=open_[0][0].known_as))
        lines += [say("task.how_conclude")] * may_conclude
        turn.say("\n".join(lines), choices)

    def _row(self, turn: Turn, parts: Sequence[Task], alone: bool) -> str:
        left = [one for one in parts if one.state == "open"]
        late = left[0].is_overdue(turn.today)
        if alone:
            return task_line(turn.wording, left[0], late=late)
        names = ", ".join(one.unit_name for one in left[:MOST_NAMED])
        if len(left) > MOST_NAMED:
            names = turn.wording.say("conclude.more_units", units=names, more=len(left) - MOST_NAMED)
        if len(parts) > 1:
            done = len(parts) - len(left)
            names = turn.wording.say("task.of_several", done=done, count=len(parts), units=names)
        return task_line(turn.wording, left[0], names, late)

    async def told(self, turn: Turn, asked: Asked) -> None:
        """ "xong kết luận 3: …", "kết luận 3"; of several units the office is asked which one is meant."""
        said = said_of_task(asked.text)
        assert said is not None  # the word was recognised by it
        await self._asked_for(turn, said, "task")

    async def _asked_for(self, turn: Turn, said: SaidOfTask, act: str) -> None:
        every = await tasks.numbered(self._db, said.number, turn.today)
        mine = [one for one in every if self._may(turn, one, act) and _fits(one, said.period)]
        waiting = list(dict.fromkeys(one.known_as for one in mine if one.state == "open"))
        if len(waiting) > 1:  # of two meetings; a guess would settle the wrong one
            turn.say_key("task.which_period", numbers=", ".join(waiting), first=waiting[0])
            return
        period = next((one.period for one in mine if one.state == "open"), mine[0].period if mine else "")
        parts = [one for one in mine if one.period == period]
        if not parts:
            turn.say_key("task.unknown", number=said.number)
        elif said.state is None:
            self._show(turn, parts)
        elif said.state == "dropped":
            await self._drop(turn, parts)
        else:
            named, note = _named_in(said.note, parts)
            moved = named or [one for one in parts if one.state != said.state] or (parts if said.note else [])
            if len(moved) == 1:
                self._move(turn, moved[0], said.state, note)
            elif moved:
                self._which(turn, moved, said.state)
            else:
                self._show(turn, parts)

    async def answered(self, turn: Turn, text: str, given: Sequence[str]) -> bool:
        """ "chưa xong: còn chờ kinh phí" of the tasks shown last (given), else of the own; whether it is about one."""
        said = said_of_shown(text)
        if said is None or said.state is None or turn.state.expects or turn.state.asks_figures:
            return False
        if given:
            marks = [(int(task), int(unit)) for task, _, unit in (one.partition(":") for one in given)]
            shown = [await tasks.part_of(self._db, *mark, turn.today) for mark in marks]
        elif said.state == "open" and said.note:
            own = permissions.units("task", turn.roles)
            shown = [one for one in await tasks.of_area(self._db, [], own, turn.today) if one.unit_id in own]
        else:
            return False
        parts = [one for one in shown if one is not None and one.state == "open" and self._may(turn, one)]
        if len(parts) == 1:
            self._move(turn, parts[0], said.state, said.note)
        elif parts:
            turn.state.task_said = f"{said.state}:{said.note}"
            offered = parts[:MOST_OFFERED]
            alone = len({one.unit_id for one in parts}) == 1
            choices = [
                Choice((one.known_as if alone else f"{one.known_as} {one.unit_name}")[:LABEL_LONGEST],
                       f"task:said:{one.id}:{one.unit_id}")
                for one in offered
            ]  # fmt: skip
            turn.say(turn.wording.say("task.which_shown"), choices)
        return bool(parts)

    @staticmethod
    def _shown(turn: Turn, parts: Sequence[Task]) -> None:
        """What is said next without a number is about these."""
        turn.state.given = tuple(f"{one.id}:{one.unit_id}" for one in parts if one.state == "open")[:MOST_OFFERED]

    async def tapped(self, turn: Turn, asked: Asked) -> None:
        """ "task:done:ID:UNIT", "task:said:ID:UNIT" of what was said; a button of an older state changes nothing."""
        state, _, rest = asked.rest.partition(":")
        task, _, unit = rest.partition(":")
        found = None
        if task.isdecimal() and unit.isdecimal():
            found = await tasks.part_of(self._db, int(task), int(unit), turn.today)
        said, turn.state.task_said = turn.state.task_said, ""
        if state == "done":
            said = "done:"
        if found is None or not said or found.state != "open" or not self._may(turn, found):
            turn.say_key("problem.stale")
        else:
            becomes, _, note = said.partition(":")
            self._move(turn, found, cast(TaskState, becomes), note)

    def _move(self, turn: Turn, one: Task, state: TaskState, note: str) -> None:
        say, note = turn.wording.say, masked(" ".join(note.split()))
        if len(note) > MOST_NOTE:
            turn.say_key("task.long_note", most=MOST_NOTE)
            return
        person = turn.standing.person_id
        note = note or (one.note if one.state == state else "")  # why it was not done is not said of what is
        turn.rows.append(tasks.move(one, state, note, person, turn.now))
        turn.rows.append(
            happened(f"task.{state}", one.known_as, person, turn.now, period_id=one.period_id, unit_id=one.unit_id,
                     old=one.state, new=state)
        )  # fmt: skip
        turn.say(say(f"task.now_{state}", number=one.known_as, unit=one.unit_name))

    async def _drop(self, turn: Turn, parts: Sequence[Task]) -> None:
        """Taken back by who may conclude: nobody is asked about it any more."""
        if not permissions.may("conclude", turn.roles):
            turn.say_key("help.no_rights")
            return
        person = turn.standing.person_id
        turn.rows += [tasks.move(one, "dropped", one.note, person, turn.now) for one in parts]
        turn.rows.append(happened("task.dropped", parts[0].known_as, person, turn.now, period_id=parts[0].period_id))
        turn.say_key("task.now_dropped", number=parts[0].known_as)

    def _which(self, turn: Turn, parts: Sequence[Task], state: TaskState) -> None:
        say = turn.wording.say
        offered = parts[:MOST_OFFERED] if state == "done" else []
        choices = [Choice(one.unit_name[:LABEL_LONGEST], f"task:done:{one.id}:{one.unit_id}") for one in offered]
        turn.say(say("task.which_unit", number=parts[0].known_as, code=parts[0].unit_code), choices)

    def _show(self, turn: Turn, parts: Sequence[Task]) -> None:
        say = turn.wording.say
        late = parts[0].is_overdue(turn.today)
        lines = [task_line(turn.wording, parts[0], late=late).lstrip("- ")]
        for one in parts[:MOST_LISTED]:
            state = say(f"task.state_{one.state}")
            note = f" {say('task.note', note=shortened(one.note))}" if one.note else ""
            lines.append(say("task.state", unit=one.unit_name, state=state) + note)
        left = [one for one in parts if one.state == "open"]
        mine = [one for one in left if self._may(turn, one)]
        self._shown(turn, mine)
        choices = (
            [Choice(say("label.task_done"), f"task:done:{mine[0].id}:{mine[0].unit_id}")] if len(mine) == 1 else []
        )
        turn.say("\n".join(lines), choices)

    @staticmethod
    def _may(turn: Turn, one: Task, act: str = "task") -> bool:
        """Within the right: its unit's own, or what the cluster's meeting or the province's gave."""
        wide = permissions.clusters(act, turn.roles)
        of_meeting = wide is None or (one.cluster_id is not None and one.cluster_id in wide)
        return of_meeting or permissions.may_unit(act, turn.roles, ActedOn(one.unit_id, one.parent_id, one.home_id))


def _named_in(note: str, parts: Sequence[Task]) -> tuple[list[Task], str]:
    """The one unit that is named beside the state, and the words without its name where they begin with it."""
    units = [Unit(one.unit_id, one.unit_code, one.unit_name, "doan_co_so", "", "", one.unit_name) for one in parts]
    tokens = tokens_of(note)
    found = list(CalledUnits(units, (), (), ()).in_text(tokens))
    named = [one for one in parts if any(unit.ids == (one.unit_id,) for unit in found)]
    if len(named) != 1:
        return [], note
    return named, note[tokens[found[0].end - 1].end :].strip(" :,-–") if found[0].start == 0 else note


def _fits(one: Task, period: str) -> bool:
    return not period or one.known_as.split("-")[1].casefold() == period.casefold()
