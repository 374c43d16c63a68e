"""What people ask or tell beside their figures in, one short answer out, with what is still open under it."""

from handlers.messages import Choice
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.routes import Asked
from handlers.turn import Turn


class Advice:
    """Answers what is no figure: a mistake feared, who reads it, the receipt, leave, too many reminders, no time."""

    def __init__(self, reports: Reports, running: RunningReports) -> None:
        self._reports = reports
        self._running = running

    async def mistake(self, turn: Turn, asked: Asked) -> None:
        """How a wrong figure is put right, before and after the report was sent."""
        await self._say(turn, asked, [turn.wording.say("advice.mistake")])

    async def readers(self, turn: Turn, asked: Asked) -> None:
        """Who can read what is reported here."""
        await self._say(turn, asked, [turn.wording.say("advice.readers")])

    async def receipt(self, turn: Turn, asked: Asked) -> None:
        """The receipt of each report that was sent, once more; which are not sent."""
        await self._say(turn, asked, await self._reports.own(turn))

    async def away(self, turn: Turn, asked: Asked) -> None:
        """Who goes on leave hands over."""
        await self._say(turn, asked, [turn.wording.say("advice.away")])

    async def nagged(self, turn: Turn, asked: Asked) -> None:
        """Whether it was sent indeed, and how to hear less."""
        await self._say(turn, asked, [*await self._reports.own(turn), turn.wording.say("advice.nagged")])

    async def busy(self, turn: Turn, asked: Asked) -> None:
        """Nothing is lost; by when it is owed, and when to be reminded."""
        say = turn.wording.say
        lines = [say("advice.busy"), *await self._running.deadlines(turn), say("advice.remind")]
        choices = [Choice(say("label.tonight"), "snooze:nay"), Choice(say("label.tomorrow"), "snooze:mai")]
        turn.say("\n".join(lines), choices)

    async def _say(self, turn: Turn, asked: Asked, lines: list[str]) -> None:
        """The answer, and the question that was open, in one line with its buttons; beside figures it comes anyhow."""
        turn.say("\n".join(lines) or turn.wording.say("help.nothing_open"))
        if asked.rest != "beside":
            await self._reports.say_of_open(turn)
