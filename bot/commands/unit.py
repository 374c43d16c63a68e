"""Commands on units: codes and names in, the decisions of handlers/office carried out as by chat."""

import sys
from collections.abc import Sequence

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.commands.rounds import day
from bot.failures import Failed, failed
from bot.settings import Settings
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.office.unit_decisions import UnitDecisions
from handlers.orders.unit_orders import UnitOrder, UnitVerb
from handlers.wording.speech import Wording

# What a merger has to be meant to do: by chat the question says it before the yes.
MEANT = ("units.other_cluster", "units.other_level")


def _named(order: UnitOrder) -> str:
    """The units that have to be there for it, as they were written."""
    there = {"rename": order.units, "add": order.into, "split": order.units}
    return ", ".join(there.get(order.verb, (*order.units, *order.into)))


async def change_units(
    settings: Settings,
    verb: UnitVerb,
    named: tuple[Sequence[str], Sequence[str]],
    on: str | None,
    dry_run: bool,
    across: bool = False,
) -> None:
    """What becomes of which units, as in a sentence by chat; prints what follows and what is now so. Raises Failed.

    across: a merger into another cluster or level is meant.
    """
    order = UnitOrder(verb, tuple(named[0]), tuple(named[1]), day("--on", on))
    wording, db = Wording.vietnamese(), await opened(settings)
    try:
        try:
            decisions = UnitDecisions(db, wording)
            decision = await Meant(db).of_units(decisions, order, None, SystemClock().now())
        except DecisionRefused as refused:
            if refused.remark.key in ("office.unknown_name", "office.unknown_unit"):
                raise failed("not_among", named=_named(order)) from refused
            raise Failed(refused.remark.vietnamese(wording)) from refused
        unmeant = [note for note in decision.warnings if note.key in MEANT and not across]
        if unmeant and not dry_run:
            raise failed("unmeant", note=unmeant[0].vietnamese(wording), flags="--across")
        if not dry_run:
            await db.write(decision.rows)
    finally:
        await db.close()
    for note in decision.warnings:
        sys.stderr.write(f"{note.vietnamese(wording)}\n")
    sys.stdout.write(f"{(decision.ask if dry_run else decision.done).vietnamese(wording)}\n")
    if dry_run:
        sys.stdout.write(f"{wording.say('difference.dry')}\n")
