"""The word for the speaking list in; the units of the meeting in the order in which they speak, with why, out."""

from handlers.leaders.areas import area_told_of, cluster_choices, without_period
from handlers.meetings.speaking_words import speaking_lines
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.figures.catalogue import Catalogue
from storage.database import Database
from storage.periods.speakers import has_met, speakers


class SpeakingDesk:
    """Answers "thứ tự phát biểu", also with a cluster, a period or both, to who chairs, the office and leaders."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._catalogue = catalogue

    async def speaking(self, turn: Turn, asked: Asked) -> None:
        """The list of one cluster; who sees several chooses one first."""
        called = await without_period(self._db, turn, asked.rest)
        if called is None:
            return
        told = await area_told_of(self._db, turn, "speaking", called)
        if told is None:
            return
        area, round_ = told
        say = turn.wording.say
        if area.communes is not None or not area.clusters:
            turn.say_key("help.no_rights")
        elif len(area.clusters) > 1:
            turn.say(say("speaking.which"), cluster_choices(turn, "speaking", area))
        else:
            [cluster] = area.clusters
            found = await speakers(self._db, self._catalogue, round_, [cluster.id], turn.now)
            lines = [say("speaking.head", cluster=cluster.name, period=round_.period.name)]
            lines += speaking_lines(turn.wording, found)
            if await has_met(self._db, round_, [cluster.id], turn.now):
                lines.append(say("speaking.over"))
            turn.say("\n".join(lines))
