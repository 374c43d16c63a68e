"""Open periods and units in; for each unit the reports it owes, by when, and which it may still mend, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reporting.time.owing import ALL
from storage.database import Database
from storage.people.people import REPORTERS, Role
from storage.periods import holidays, owed
from storage.periods.owed import Owed
from storage.periods.rounds import Round


@dataclass(frozen=True, slots=True)
class Due:
    """A running period as one unit meets it.

    cutoff_on: the last day its figures count, None for the period's last. owes: whether the office asks it for one.
    mending: its estimated figures may be corrected, also accepted ones. confirming: they wait to be called final.
    narrow: the period is locked, and of a report of which figures were given back only these may change.
    """

    round: Round
    due_on: date
    filed: bool
    mending: bool
    confirming: bool
    cutoff_on: date | None = None
    owes: bool = True
    narrow: bool = False

    @property
    def hurries(self) -> bool:
        """Whether it is a quick count that is not answered: that comes before all else."""
        return self.round.period.is_quick and not self.filed


async def running_for(
    db: Database, running: Sequence[Round], roles: Sequence[Role], today: date
) -> Mapping[int, Sequence[Due]]:
    """By unit id: the periods it may write in, those it owes first, the earliest due first.

    One open period that everybody owes, as nearly always, costs no further reads: then it is empty.
    """
    units = [role.unit_id for role in roles if role.role in REPORTERS and role.unit_id is not None]
    if not units or not running or (len(running) == 1 and _plain(running[0], today)):
        return {}
    calendar = await holidays.calendar(db)
    found = await owed.owed(db, [r.id for r in running], units, today)
    result: dict[int, list[Due]] = {unit: [] for unit in units}
    for (period_id, unit), standing in found.items():
        round_ = next(r for r in running if r.id == period_id)
        mending = _confirming(round_, today) and standing.estimates and standing.filed
        if round_.period.is_quick and not (standing.owes or standing.filed):
            continue  # it is asked of others
        if may_write(round_, standing, today):
            due = round_.due_on(calendar, standing.briefing_on, standing.extended_to, standing.announced_on)
            confirming = mending and not standing.confirmed
            cutoff = round_.cutoff_on(calendar, standing.briefing_on, standing.announced_on)
            asked = standing.owes or standing.filed
            narrow = round_.state == "locked" and not standing.reopened
            result[unit].append(Due(round_, due, standing.filed, mending, confirming, cutoff, asked, narrow))
    for dues in result.values():
        dues.sort(
            key=lambda due: (
                not due.hurries, due.filed and not due.confirming, not due.owes, due.due_on, due.round.period.end_on,
            )
        )  # fmt: skip
    return result


def may_write(round_: Round, standing: Owed, today: date) -> bool:
    """Whether the unit may enter or change figures: open, its own deadline still ahead, or being confirmed.

    A deadline of its own opens a locked period for what is not sent; a report that is sent needs the office's leave.
    """
    if round_.state == "open":
        return True
    ahead = standing.extended_to is not None and standing.extended_to >= today
    extended = ahead and (standing.reopened or not standing.filed)
    return round_.state == "locked" and (
        extended or (_confirming(round_, today) and standing.estimates and standing.filed)
    )


def _confirming(round_: Round, today: date) -> bool:
    terms = round_.terms
    first, last = terms.confirm_from_on, terms.confirm_by_on
    return terms.estimated and first is not None and first <= today and (last is None or today <= last)


def _plain(round_: Round, today: date) -> bool:
    terms = round_.terms
    own_cutoff = terms.estimated or terms.cutoff_on is not None or round_.period.frequency == "thang"
    if round_.period.is_quick:
        return False
    return round_.state == "open" and not _confirming(round_, today) and terms.owes == ALL and not own_cutoff
