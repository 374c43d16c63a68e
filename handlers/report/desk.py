"""A word or a tapped button about a report in, one step of its dialogue done, or a question which report is meant."""

from collections.abc import Awaitable, Callable
from typing import cast

from handlers.report.assignment import position_in
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.dialogue.events import Act, Did, Said


class ReportDesk:
    """Takes every word and button of a report. help: what is said to who begins where nothing is to be reported."""

    def __init__(
        self, reports: Reports, running: RunningReports, help_: Callable[[Turn, Asked], Awaitable[None]]
    ) -> None:
        self._reports = reports
        self._running = running
        self._help = help_

    async def said(self, turn: Turn, asked: Asked) -> None:
        """A word of the report; what follows it is said to the dialogue ("sửa cây xanh 150")."""
        assignment = self._reports.assignment(turn)
        if assignment is None:
            await self._running.no_report(turn, asked.text, show=asked.act == "show")
        elif not self._running.ask_which(turn, assignment.unit_id, asked.act, asked.text):
            step = Said(asked.rest, corrects=asked.act == "correct") if asked.rest else Did(cast(Act, asked.told))
            if step != Did("begin") or not await self._reports.form_first(turn, assignment):
                await self._reports.step(turn, assignment, step)

    async def form(self, turn: Turn, asked: Asked) -> None:
        """The form to be copied, filled in and sent back; while something waits for its item, it may be "máu"."""
        assignment = self._reports.assignment(turn)
        if assignment is None:
            await self._running.no_report(turn, asked.text)
        elif position_in(turn, assignment).waits and turn.wording.say("copy.word") not in asked.text.casefold():
            await self._reports.step(turn, assignment, Said(asked.text))
        elif not self._running.ask_which(turn, assignment.unit_id, asked.act, asked.text):
            await self._reports.form(turn, assignment)

    async def each(self, turn: Turn, asked: Asked) -> None:
        """Question by question, where the form comes first."""
        assignment = self._reports.assignment(turn)
        if assignment is None:
            await self._running.no_report(turn, asked.text)
        elif not self._running.ask_which(turn, assignment.unit_id, asked.act, asked.text):
            await self._reports.step(turn, assignment, Did("begin"))

    async def tapped(self, turn: Turn, asked: Asked) -> None:
        """A button of a report, which names it; one of another report, kept from before or made up, does nothing."""
        named, _, about = asked.rest.partition(":")
        act = cast(Act, asked.told)
        self._reports.turn_to(turn, act, named)
        assignment = self._reports.assignment(turn)
        if assignment is not None:
            step = Did(act, about) if named == assignment.mark else Did("pick", "stale")
            if step != Did("begin") or not await self._reports.form_first(turn, assignment):
                await self._reports.step(turn, assignment, step)
        elif act == "begin":
            await self._help(turn, asked)
        else:
            turn.say_key("problem.stale")

    async def apart(self, turn: Turn, asked: Asked) -> None:
        """ "Không trùng" under a receipt: the figure is no other unit's."""
        named, _, code = asked.rest.partition(":")
        self._reports.turn_to(turn, "stands", named)
        assignment = self._reports.assignment(turn)
        if assignment is None or named != assignment.mark:
            turn.say_key("problem.stale")
        else:
            await self._reports.twins.answered(turn, assignment, code)

    async def apart_said(self, turn: Turn, asked: Asked) -> None:
        """The same in words, at any time after."""
        assignment = self._reports.assignment(turn)
        if assignment is None:
            await self._running.no_report(turn, asked.text)
        else:
            await self._reports.twins.said(turn, assignment)

    async def period(self, turn: Turn, asked: Asked) -> str:
        """A period was chosen: what waited for that is given back to be read, else its report is begun."""
        if self._reports.turn_to(turn, "begin", asked.rest.partition(":")[0]) and asked.waits:
            return asked.waits
        await self.tapped(turn, asked)
        return ""
