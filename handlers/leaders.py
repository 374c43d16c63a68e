"""Questions about progress and figures: chairs ask about their cluster, leaders and the office about all."""

from handlers.summaries import Summaries
from handlers.turn import Turn
from storage import petitions, units
from storage.database import Database

# Whose answers cover the whole province.
PROVINCE_WIDE = ("office", "leader", "department")


class Leaders:
    """Answers tiendo, tonghop and the list of petitions within what the person is responsible for."""

    def __init__(self, db: Database, summaries: Summaries) -> None:
        self._db = db
        self._summaries = summaries

    async def scope(self, turn: Turn) -> list[int]:
        """Ids of the clusters the person may ask about: all, those chaired, or the own unit's."""
        if turn.has_role(*PROVINCE_WIDE):
            return [cluster.id for cluster in await units.all_clusters(self._db, turn.today)]
        found = [role.cluster_id for role in turn.roles if role.cluster_id is not None]
        for role in turn.roles:
            if role.unit_id is not None:
                found += [c.id for c in await units.clusters_of_unit(self._db, role.unit_id, turn.today)]
        return list(dict.fromkeys(found))

    async def progress(self, turn: Turn) -> None:
        """Who has filed."""
        scope = await self.scope(turn)
        if turn.round is None:
            turn.say_key("period.none_open")
        elif not scope:
            turn.say_key("help.no_rights")
        else:
            text = await self._summaries.progress(turn.round, scope, turn.now)
            if turn.has_role("office"):
                text = "\n".join([text, *await self._summaries.for_office(turn.round, turn.now)])
            turn.say(text)

    async def totals(self, turn: Turn) -> None:
        """The figures: of the province, or of each cluster in the person's scope."""
        scope = await self.scope(turn)
        if turn.round is None:
            turn.say_key("period.none_open")
        elif turn.has_role(*PROVINCE_WIDE):
            turn.say(await self._summaries.province(turn.round, turn.now))
        elif not scope:
            turn.say_key("help.no_rights")
        else:
            texts = [await self._summaries.cluster(turn.round, cluster, turn.now) for cluster in scope]
            turn.say("\n\n".join(texts))

    async def petitions(self, turn: Turn) -> None:
        """The petitions of the period in the person's scope."""
        say = turn.wording.say
        if turn.round is None:
            turn.say_key("period.none_open")
            return
        found = []
        day = turn.today.isoformat()
        if turn.has_role(*PROVINCE_WIDE):
            found = await petitions.of_period(self._db, turn.round.id, None, day)
        else:
            for cluster in await self.scope(turn):
                found += await petitions.of_period(self._db, turn.round.id, cluster, day)
        if not found:
            turn.say(say("petition.none", period=turn.round.period.name))
            return
        rows = [
            say(
                "petition.row",
                number=petition_number(turn.round.code, f"{p.number:02}"),
                unit=p.unit_name,
                text=p.text,
            )
            for p in found
        ]
        turn.say("\n".join([say("petition.list", period=turn.round.period.name), *rows]))


def petition_number(period: str, number: str) -> str:
    """ "KN-26Q1-07" for "07", the seventh of 2026-Q1."""
    return f"KN-{period[2:].replace('-', '')}-{number}"
