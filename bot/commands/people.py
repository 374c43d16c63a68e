"""The command about people: who is named, linked, enrolled, out of reach or twice named; a name linked by hand."""

import json
import sys
from datetime import date
from typing import Any

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import failed, misused, said
from bot.settings import Settings
from handlers.access.named_posts import posts_called
from handlers.commands import folded
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from storage.database import Database
from storage.people import expected, roster
from storage.people.expected import Post, Unnamed
from storage.people.roster import Listed
from storage.reports.events import happened

# What --only takes, and whom it leaves.
STATES = ("awaited", "enrolled", "unreachable", "unlinked", "twice")


async def list_people(settings: Settings, only: str, as_json: bool) -> None:
    """Prints everybody who is named for a role or holds one, a line each; or those of one state."""
    if only and only not in STATES:
        raise misused("choose", option="--only", text=only, known=", ".join(STATES))
    db = await opened(settings)
    try:
        found = await roster.everybody(db, SystemClock().now())
    finally:
        await db.close()
    chosen = [one for one in found if not only or only in _states(one)]
    if as_json:
        sys.stdout.write(json.dumps([_record(one) for one in chosen], ensure_ascii=False, indent=1) + "\n")
        return
    say = Wording.vietnamese().say
    for one in chosen:
        states = ", ".join(said(f"is_{state}") for state in _states(one))
        role = say(f"role.{one.role}")
        fields = (role, one.area, one.under, one.name, one.title, states, one.code_until or "")
        sys.stdout.write("\t".join(str(field or "-") for field in fields) + "\n")
    counts = ", ".join(f"{sum(state in _states(one) for one in found)} {said(f'is_{state}')}" for state in STATES)
    sys.stdout.write(f"{said('people', count=len(found), counts=counts)}\n")


async def link_person(settings: Settings, name: str, shown: str) -> None:
    """Somebody who enrolled without being found among the named holds that name's post from now on, with its title.

    name: as the office wrote it, or the given name; shown: as the channel shows the person, '' where only one can be
    meant. Raises Failed.
    """
    db = await opened(settings)
    try:
        now = SystemClock().now()
        found = await _fitting(db, name, shown, local_day(now))
        if not found:
            raise failed("link_nobody", name=name)
        if len(found) > 1:
            known = "; ".join(f'--link "{post.name}" --to "{one.name}"' for one, post in found)
            raise failed("link_several", name=name, known=known)
        [(one, post)] = found
        linked = happened("post.linked", post.role, one.person_id, now, unit_id=post.unit_id, new=str(post.id))
        await db.write([(*expected.link(one.role_id, post), 1), linked])
    finally:
        await db.close()
    title = post.title or Wording.vietnamese().say(f"role.{post.role}")
    sys.stdout.write(f"{said('linked', shown=one.name, name=post.name, title=title)}\n")


async def _fitting(db: Database, name: str, shown: str, today: date) -> list[tuple[Unnamed, Post]]:
    """Who is enrolled without a post, with each vacant post of that name in the same role and place."""
    among = [one for one in await expected.unnamed(db) if not shown or folded(one.name) == folded(shown)]
    return [
        (one, post)
        for one in among
        for post in posts_called(await expected.vacant(db, one.role, one.unit_id, one.cluster_id, today), name)
    ]


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
