"""The plan's nudges about targets in, one message a month to each who answers for unmet ones out, with what is left."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from handlers.turn import body
from handlers.wording import figure_rows
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.organisation.part import WHOLE, Part
from reporting.plan.aims import owners
from reporting.plan.facts import Facts, PlanAim
from reporting.time.calendar import local_day
from scheduler.planned.outlook import Outlooks
from storage.database import Database
from storage.messages import outbox
from storage.people import people
from storage.periods import rounds
from storage.periods.comparing import compared
from storage.periods.rounds import Round

MOST_TOLD = 10  # targets in one message; CHỈ TIÊU tells them all


class TargetNudges:
    """The job of the month's first worked days."""

    def __init__(self, db: Database, catalogue: Catalogue, wording: Wording, outlooks: Outlooks) -> None:
        self._db = db
        self._catalogue = catalogue
        self._wording = wording
        self._outlooks = outlooks
        self._told: date | None = None  # the day whose messages are queued

    async def tick(self, now: datetime) -> int:
        """Queues the month's messages once; returns how many were new."""
        today = local_day(now)
        month = f"{today:%Y-%m}"
        outlook = await self._outlooks.at(now)
        planner = outlook.planner
        if self._told == today or today not in planner.aims.days(today):
            return 0
        round_ = next(iter(await rounds.open_rounds(self._db)), None) or await rounds.latest_locked(self._db)
        facts = (await outlook.situation()).facts
        due = [entry for entry in planner.aims.day(facts, today) if not entry.why and entry.at <= now]
        if round_ is None or not due or now >= planner.rules.closing(today):
            return 0
        keys = {f"aims:{month}:{entry.person_id}": entry.person_id or 0 for entry in due}
        known = await outbox.known(self._db, list(keys))
        new = {person: key for key, person in keys.items() if key not in known}
        lines = await self._unmet(facts, round_, set(new))
        accounts = await people.best_accounts(self._db, list(lines), self._outlooks.channels)
        unit = [
            outbox.say(new[person], "notice", a.channel, a.chat_id, body(self._text(lines[person])), now)
            for person, a in accounts.items()
        ]
        self._told = today
        return sum(await self._db.write(unit)) if unit else 0

    def _text(self, lines: Sequence[str]) -> str:
        more = len(lines) - MOST_TOLD
        told = [self._wording.say("aim.nudge"), *lines[:MOST_TOLD]]
        return "\n".join([*told, self._wording.say("aim.nudge_more", count=more)] if more > 0 else told)

    async def _unmet(self, facts: Facts, round_: Round, among: set[int]) -> dict[int, list[str]]:
        """By person a line for each target that is not met, of those the person answers for."""
        of_part: dict[tuple[int, int | None], list[PlanAim]] = defaultdict(list)
        for aim in facts.aims:
            if among.intersection(owners(facts, aim)):
                of_part[aim.unit_id, aim.cluster_id].append(aim)
        found: dict[int, list[str]] = defaultdict(list)
        for (unit_id, cluster_id), aims in of_part.items():
            part, name = self._part(facts, unit_id, cluster_id)
            comparison = await compared(self._db, self._catalogue, round_, part, facts.today)
            for aim in aims:
                row = comparison.row(aim.indicator)
                if row is None or row.target is None or row.target.met:
                    continue
                told = figure_rows.figure(self._wording, comparison, row, "target")
                for person in among.intersection(owners(facts, aim)):
                    found[person].append(self._wording.say("aim.nudge_line", area=name, target=told))
        return {person: list(dict.fromkeys(lines)) for person, lines in found.items()}

    def _part(self, facts: Facts, unit_id: int, cluster_id: int | None) -> tuple[Part, str]:
        if cluster_id is not None:
            return Part(cluster_id=cluster_id), facts.clusters[cluster_id].name
        unit = facts.units.get(unit_id)
        return (WHOLE, self._wording.say("figures.whole")) if unit is None else (Part(unit_id=unit_id), unit.name)
