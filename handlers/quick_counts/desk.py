"""Words and buttons about quick counts in; their sums, an end ahead of the hour, or the unit's own answer out."""

from collections.abc import Awaitable, Callable, Sequence

from handlers import permissions
from handlers.messages import LABEL_LONGEST, Choice
from handlers.quick_counts.running_sums import RunningSums
from handlers.report.assignment import assignment_mark
from handlers.routes import Asked
from handlers.turn import Turn
from storage.database import Database
from storage.periods import rounds
from storage.periods.rounds import Round
from storage.reports.events import happened
from storage.review.corrections import late_answers

MOST_LATE = 6  # buttons of answers that came too late


class CountDesk:
    """What is asked about quick counts. begin: what a tap on "báo cáo" does."""

    def __init__(self, db: Database, sums: RunningSums, begin: Callable[[Turn, Asked], Awaitable[None]]) -> None:
        self._db = db
        self._sums = sums
        self._begin = begin

    async def told(self, turn: Turn, asked: Asked) -> None:
        """ "báo cáo nhanh": a reporter goes on with the one that is asked of the unit, everybody else sees the sums."""
        for unit_id, dues in turn.running.items():
            for due in dues:
                if due.round.period.is_quick:
                    mark = assignment_mark(due.round.code, unit_id)
                    await self._begin(turn, Asked("begin", told="begin", text=asked.text, rest=mark))
                    return
        wide = permissions.clusters("counts", turn.roles)
        found = turn.quick if wide is None or wide else []
        if not found:
            turn.say_key("quick.how" if permissions.may("count", turn.roles) else "quick.none")
            return
        texts = [await self._sums.told(round_, wide, turn.today) for round_ in found]
        ends = permissions.may("end_count", turn.roles)
        say = turn.wording.say
        choices = [
            Choice(say("label.end_count", title=round_.period.title)[:LABEL_LONGEST], f"end_count:{round_.code}")
            for round_ in found
            if ends and round_.state == "open"
        ]
        turn.say("\n\n".join(texts), [*choices, *await self._late(turn, found)])

    async def _late(self, turn: Turn, found: Sequence[Round]) -> list[Choice]:
        """A button for each answer that came after the hour, which adds it."""
        if not permissions.may("amend", turn.roles):
            return []
        over = [
            (one, round_)
            for round_ in found
            if round_.state != "open"
            for one in await late_answers(self._db, round_.id)
        ]
        key = "label.add_late" if len({round_.code for _, round_ in over}) == 1 else "label.add_late_to"
        return [
            Choice(turn.wording.say(key, unit=one.unit, title=round_.period.title)[:LABEL_LONGEST], f"amend:{one.id}:1")
            for one, round_ in over[:MOST_LATE]
        ]

    async def end(self, turn: Turn, asked: Asked) -> None:
        """Ends one now; its sum is told as it stands."""
        round_ = next((one for one in turn.quick if one.code == asked.rest and one.state == "open"), None)
        if round_ is None:
            turn.say_key("problem.stale")
            return
        turn.rows += [
            rounds.set_state(round_, "locked", turn.now),
            happened(
                "period.locked", round_.code, turn.standing.person_id, turn.now,
                period_id=round_.id, old="open", new="locked",
            ),
        ]  # fmt: skip
        text = await self._sums.told(round_, permissions.clusters("counts", turn.roles), turn.today)
        turn.say(f"{turn.wording.say('quick.ended_now')}\n{text}")
