"""What the office decides on a period's days in; its row, and what that makes of the reports that are filed, out."""

from datetime import datetime

from reporting.time.deadlines import Terms
from storage.database import Statement
from storage.periods import rounds
from storage.periods.rounds import Round
from storage.reports import estimates


def decided(round_: Round, terms: Terms, now: datetime) -> list[Statement]:
    """All terms anew; where other clusters give estimates than before, reports become final, or estimates again."""
    rows = [rounds.set_terms(round_, terms)]
    before = round_.terms
    if terms.estimated and (before.estimated, before.estimates_of) != (terms.estimated, terms.estimates_of):
        rows += estimates.followed(round_.id, terms, now)
    return rows
