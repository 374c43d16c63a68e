"""The word for a cluster's post in; what its group would be told out, words and a picture to be passed on."""

from handlers.commands import folded
from handlers.leaders.areas import area_of, cluster_choices, running_told_of, without_period
from handlers.leaders.summaries import Summaries
from handlers.routes import Asked
from handlers.turn import Turn
from storage.database import Database
from storage.people import preferences
from storage.periods import holidays

_ALWAYS, _NO_MORE = "deu", "thoi"


class PostDesk:
    """Answers "bài nhóm", "bài nhóm cụm 2"; "bài nhóm đều" and "bài nhóm thôi": whether it comes by itself."""

    def __init__(self, db: Database, summaries: Summaries) -> None:
        self._db = db
        self._summaries = summaries

    async def give(self, turn: Turn, asked: Asked) -> None:
        """The post, and nothing beside it; of several clusters one is chosen first."""
        words = folded(asked.rest)
        if words in (_ALWAYS, _NO_MORE):
            on = words == _ALWAYS
            turn.rows.append(preferences.choose(turn.standing.person_id or 0, "posts", "on" if on else "off"))
            turn.say_key("post.always" if on else "post.no_more")
            return
        called = await without_period(self._db, turn, asked.rest)
        if called is None:
            return
        if turn.round is None:
            turn.say_key("period.none_open")
            return
        area = await area_of(self._db, turn, "post", called)
        if area is None:
            return
        if len(area.clusters) != 1 or area.communes is not None:
            turn.say(turn.wording.say("post.which"), cluster_choices(turn, "post", area))
            return
        [cluster] = area.clusters
        round_ = await running_told_of(self._db, turn, *area.within) or turn.round
        rules, calendar = await preferences.rules(self._db), await holidays.calendar(self._db)
        text = await self._summaries.board(round_, cluster.id, turn.now, calendar, named=rules.names)
        turn.say(text, file=await self._summaries.picture(round_, cluster.id, turn.now))
