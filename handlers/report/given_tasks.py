"""A report that was just sent in; under its receipt, which tasks of earlier meetings the unit has done, asked out."""

from handlers.messages import Choice
from handlers.report.assignment import Assignment
from handlers.task_words import task_line
from handlers.turn import Turn
from storage.database import Database
from storage.periods import tasks

MOST_ASKED = 5


async def ask_of_tasks(db: Database, turn: Turn, assignment: Assignment) -> None:
    """Adds the question to the reply, its buttons behind those that stand there."""
    if turn.reply is None or assignment.round.period.is_quick:
        return
    every = await tasks.of_area(db, [], [assignment.unit_id], turn.today)
    mine = [one for one in every if one.unit_id == assignment.unit_id and one.period_id != assignment.round.id]
    if not mine:
        return
    say = turn.wording.say
    lines = [turn.reply["text"], say("task.ask", count=len(mine))]
    lines += [task_line(turn.wording, one, late=one.is_overdue(turn.today)) for one in mine[:MOST_ASKED]]
    lines.append(say("task.ask_end", number=mine[0].known_as))
    turn.state.given = tuple(f"{one.id}:{one.unit_id}" for one in mine)
    before = [Choice(label, data) for label, data in turn.reply.get("choices", ())]
    asked = [
        Choice(say("label.task_done_number", number=one.known_as), f"task:done:{one.id}:{one.unit_id}")
        for one in mine[:MOST_ASKED]
    ]
    turn.say("\n".join(lines), [*before, *asked], False)
