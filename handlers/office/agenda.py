"""What is prepared for days to come in; each change as one line, and those that an order means, out."""

from collections.abc import Sequence
from datetime import date

from handlers.commands import folded
from handlers.office.decisions import DecisionRefused, Remark
from handlers.orders.unit_orders import UnitOrder
from handlers.wording.speech import Wording
from reporting.organisation.agenda import Awaited, agenda
from reporting.organisation.units import Organisation
from reporting.time.calendar import day_name
from storage.database import Database
from storage.organisation import prepared, snapshot
from storage.people import expected

MOST_PEOPLE = 10  # the rest is counted: a new term begins on one day
_KINDS = {"split": ("split", "merge", "end"), "merge": ("merge", "split", "end")}  # how people call the end of a unit


async def prepared_lines(db: Database, wording: Wording, today: date) -> list[str]:
    """Every change of units and of people that is yet to come, with its day; one line where none is."""
    org = await snapshot.load(db)
    found = [(one.day, described(org, one).vietnamese(wording)) for one in agenda(org, await prepared.every(db), today)]
    people = list[tuple[date, str]]()
    for post in await expected.to_come(db, today):
        area = org.units[post.unit_id].name if post.unit_id else org.clusters[post.cluster_id or 0].name
        parts = {"name": post.name, "role": wording.say(f"role.{post.role}"), "area": area}
        if post.from_on > today:
            people.append((post.from_on, wording.say("units.person_begins", day=dated(post.from_on), **parts)))
        elif post.last_on is not None and not (post.unit_id and org.units[post.unit_id].last_on == post.last_on):
            people.append((post.last_on, wording.say("units.person_ends", day=dated(post.last_on), **parts)))
    if not found and not people:
        return [wording.say("units.none_ahead")]
    lines = [line for _, line in sorted([*found, *sorted(people)[:MOST_PEOPLE]])]
    if (more := len(people) - MOST_PEOPLE) > 0:
        lines.append(wording.say("units.more_people", count=more))
    return [wording.say("units.ahead"), *lines, *([wording.say("units.how_to_call_off")] if found else [])]


def described(org: Organisation, one: Awaited) -> Remark:
    """The change as it was asked when it was ordered."""
    day, unit = dated(one.day), f"{one.unit.name} ({one.unit.code})"
    heirs = [org.units[heir] for heir in one.unit.successors]
    known = [f"{heir.name} ({heir.code})" for heir in heirs]
    match one.what:
        case "rename":
            return Remark("units.ask_rename", {"unit": unit, "name": one.name, "day": day})
        case "merge":
            return Remark("units.ask_merge", {"units": unit, "into": known[0], "day": day})
        case "split":
            parts = {"unit": unit, "into": ", ".join(known), "first": heirs[0].name, "day": day}
            return Remark("units.ask_split", parts)
        case "end":
            return Remark("units.ask_end", {"unit": unit, "day": day})
    to = org.units[one.parent_id].name if one.parent_id else org.clusters[one.cluster_id or 0].name
    return Remark(f"units.ask_{one.what}", {"unit": unit, "to": to, "day": day})


def meant(wording: Wording, org: Organisation, ahead: Sequence[Awaited], words: str, order: UnitOrder) -> Awaited:
    """The change of the unit of that code or name, words folded. Raises DecisionRefused where none or several fit."""
    kinds = _KINDS.get(order.of or "", (order.of,))
    own = [one for one in ahead if words in (folded(one.unit.code), folded(one.unit.name))]
    fit = [one for one in own if (order.of is None or one.what in kinds) and order.since in (None, one.day)]
    if len(fit) == 1:
        return fit[0]
    if known := " ".join(described(org, one).vietnamese(wording) for one in fit or own):
        raise DecisionRefused("units.which_ahead", known=known)
    raise DecisionRefused("units.nothing_ahead", unit=words.upper())


def dated(day: date) -> str:
    """ "thứ Tư 01/7/2026"."""
    return f"{day_name(day)}/{day.year}"
