"""The command that lists people: the database in; who is named, linked, enrolled, out of reach or twice named out."""

import json
import sys
from typing import Any

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import WrongUsage
from bot.settings import Settings
from storage.people import roster
from storage.people.roster import Listed

# What --only takes, and whom it leaves.
STATES = ("awaited", "enrolled", "unreachable", "unlinked", "twice")


async def list_people(settings: Settings, only: str, as_json: bool) -> None:
    """Prints everybody who is named for a role or holds one, a line each; or those of one state."""
    if only and only not in STATES:
        raise WrongUsage(f"--only {only}: choose one of {', '.join(STATES)}")
    db = await opened(settings)
    try:
        found = await roster.everybody(db, SystemClock().now())
    finally:
        await db.close()
    chosen = [one for one in found if not only or only in _states(one)]
    if as_json:
        sys.stdout.write(json.dumps([_record(one) for one in chosen], ensure_ascii=False, indent=1) + "\n")
        return
    for one in chosen:
        fields = (one.role, one.area, one.under, one.name, one.title, " ".join(_states(one)), one.code_until or "")
        sys.stdout.write("\t".join(str(field or "-") for field in fields) + "\n")
    counts = ", ".join(f"{sum(state in _states(one) for one in found)} {state}" for state in STATES)
    sys.stdout.write(f"{len(found)} people and seats: {counts}\n")


def _states(one: Listed) -> list[str]:
    """All that hold of the entry, in the order of STATES."""
    return [state for state in STATES if state == one.state or (state == "unlinked" and one.unlinked)
            or (state == "twice" and one.twice)]  # fmt: skip


def _record(one: Listed) -> dict[str, Any]:
    return {
        "role": one.role, "unit": one.area if not one.of_cluster else None,
        "cluster": one.area if one.of_cluster else None, "area": one.area_name, "under": one.under or None,
        "name": one.name, "title": one.title, "named": one.named, "linked": one.named and one.state != "awaited",
        "state": one.state, "twice": one.twice, "code_until": one.code_until.isoformat() if one.code_until else None,
    }  # fmt: skip
