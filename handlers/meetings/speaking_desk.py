"""The word for the speaking list in; the units of the meeting in the order in which they speak, with why, out."""

from handlers.leaders.areas import area_of, cluster_choices, running_told_of, without_period
from handlers.meetings.speaking_words import speaking_lines
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.figures.catalogue import Catalogue
from storage.database import Database
from storage.periods.speakers import speakers


class SpeakingDesk:
    """Answers "thứ tự phát biểu", "thứ tự phát biểu cụm 2" to who chairs, the office and leaders."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._catalogue = catalogue

    async def speaking(self, turn: Turn, asked: Asked) -> None:
        """The list of one cluster; who sees several chooses one first."""
        called = await without_period(self._db, turn, asked.rest)
        if called is None:
            return
        if turn.round is None:
            turn.say_key("period.none_open")
            return
        area = await area_of(self._db, turn, "speaking", called)
        if area is None:
            return
        say = turn.wording.say
        if area.communes is not None or not area.clusters:
            turn.say_key("help.no_rights")
        elif len(area.clusters) > 1:
            turn.say(say("speaking.which"), cluster_choices(turn, "speaking", area))
        else:
            [cluster] = area.clusters
            round_ = await running_told_of(self._db, turn, *area.within) or turn.round
            found = await speakers(self._db, self._catalogue, round_, [cluster.id], turn.today)
            head = say("speaking.head", cluster=cluster.name, period=round_.period.name)
            turn.say("\n".join([head, *speaking_lines(turn.wording, found)]))
