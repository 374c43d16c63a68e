"""Commands on units: codes and names in, the decisions of handlers/office carried out as by chat."""

import sys
from collections.abc import Sequence

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.commands.rounds import PLAIN, Flags, day
from bot.failures import Failed, failed
from bot.settings import Settings
from handlers.office.agenda import prepared_lines
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.office.unit_decisions import UnitDecisions
from handlers.orders.unit_orders import UnitOrder, UnitVerb
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day

# What a merger has to be meant to do: by chat the question says it before the yes.
MEANT = {"units.other_cluster": "--across", "units.other_level": "--across", "units.replaces": "--replace"}


def _named(order: UnitOrder) -> str:
    """The units that have to be there for it, as they were written."""
    there = {"rename": order.units, "add": order.into, "split": order.units}
    return ", ".join(there.get(order.verb, (*order.units, *order.into)))


async def change_units(
    settings: Settings,
    verb: UnitVerb,
    named: tuple[Sequence[str], Sequence[str]],
    on: str | None,
    flags: Flags = PLAIN,
    of: UnitVerb | None = None,
) -> None:
    """What becomes of which units, as in a sentence by chat; prints what follows and what is now so. Raises Failed.

    of: the only kind of change that is to be called off.
    """
    order = UnitOrder(verb, tuple(named[0]), tuple(named[1]), day("--on", on), of)
    wording, db = Wording.vietnamese(), await opened(settings)
    try:
        try:
            decisions = UnitDecisions(db, wording)
            decision = await Meant(db).of_units(decisions, order, None, SystemClock().now())
        except DecisionRefused as refused:
            if refused.remark.key in ("office.unknown_name", "office.unknown_unit"):
                raise failed("not_among", named=_named(order)) from refused
            raise Failed(refused.remark.vietnamese(wording)) from refused
        unmeant = [note for note in decision.warnings if MEANT.get(note.key, "") not in ("", *flags.meant)]
        if unmeant and not flags.dry_run:
            needed = " ".join(dict.fromkeys(MEANT[note.key] for note in unmeant))
            raise failed("unmeant", note=unmeant[0].vietnamese(wording), flags=needed)
        if not flags.dry_run:
            await db.write(decision.rows)
    finally:
        await db.close()
    for note in decision.warnings:
        sys.stderr.write(f"{note.vietnamese(wording)}\n")
    sys.stdout.write(f"{(decision.ask if flags.dry_run else decision.done).vietnamese(wording)}\n")
    if flags.dry_run:
        sys.stdout.write(f"{wording.say('difference.dry')}\n")


async def list_prepared(settings: Settings) -> None:
    """Prints what is to change on a day to come."""
    db = await opened(settings)
    try:
        lines = await prepared_lines(db, Wording.vietnamese(), local_day(SystemClock().now()))
    finally:
        await db.close()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
