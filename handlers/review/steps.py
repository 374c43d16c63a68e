"""How the office has reviews done in; whose yes a report waits for out: one person's, or commune's then province's."""

from dataclasses import dataclass
from typing import Literal

from handlers import permissions
from handlers.messages import Choice
from handlers.routes import Asked
from handlers.turn import Turn
from storage.database import Database
from storage.people import people, preferences
from storage.reports.events import happened
from storage.review.waiting import Waiting

STEPS = "review.steps"  # the name among the settings; "2" for commune and then province
OWN = "review.own"  # whether one may accept what one has entered; "1" for yes


@dataclass(frozen=True, slots=True)
class Steps:
    """two: a branch's report needs the commune's yes first. manned: communes in which somebody can give it."""

    two: bool
    manned: frozenset[int]

    def first_due(self, report: Waiting) -> bool:
        """Whether the report waits for its commune."""
        return self.two and report.level == "chi_doan" and report.step == 0 and report.parent_id in self.manned

    def act(self, turn: Turn, report: Waiting) -> Literal["accept", "pass", ""]:
        """What the person's yes is to a report within reach; '' where it waits for somebody else."""
        own = report.parent_id in permissions.units("accept", turn.roles)
        if self.first_due(report):
            return "pass" if own else ""
        wide = permissions.clusters("accept", turn.roles)
        over = wide is None or report.cluster_id in wide
        return "accept" if over or not self.two else ""


async def steps(db: Database, turn: Turn) -> Steps:
    """As the office has set them; one step where it has set nothing."""
    two = await preferences.remembered(db, STEPS) == "2"
    return Steps(two, await people.units_reached(db, turn.today) if two else frozenset())


class ReviewRules:
    """Tells and changes how reviews are done."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def told(self, turn: Turn, asked: Asked) -> None:
        """ "cách duyệt": as it is, with a button for each change."""
        two = await preferences.remembered(self._db, STEPS) == "2"
        await self._say(turn, two, await preferences.remembered(self._db, OWN) == "1")

    async def changed(self, turn: Turn, asked: Asked) -> None:
        """ "rules:steps:2", "rules:own:1": what was tapped."""
        name, _, value = asked.rest.partition(":")
        known = {"steps": (STEPS, ("1", "2")), "own": (OWN, ("0", "1"))}
        if name not in known or value not in known[name][1] or not permissions.over_all("rules", turn.roles):
            turn.say_key("problem.stale")
            return
        stored, _ = known[name]
        before = await preferences.remembered(self._db, stored)
        turn.rows += [
            preferences.remember(stored, value),
            happened("review.changed", name, turn.standing.person_id, turn.now, old=before, new=value),
        ]
        now = {key: await preferences.remembered(self._db, key) for key in (STEPS, OWN)} | {stored: value}
        await self._say(turn, now[STEPS] == "2", now[OWN] == "1")

    async def _say(self, turn: Turn, two: bool, own: bool) -> None:
        say = turn.wording.say
        choices = [
            Choice(say("rules.to_one" if two else "rules.to_two"), f"rules:steps:{'1' if two else '2'}"),
            Choice(say("rules.to_own_no" if own else "rules.to_own_yes"), f"rules:own:{'0' if own else '1'}"),
        ]
        turn.say(
            f"{say('rules.two' if two else 'rules.one')} {say('rules.own_yes' if own else 'rules.own_no')}", choices
        )
