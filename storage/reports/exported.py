"""A period in, its submissions for an export out: state, times, values, and the cluster in which each counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern

from reporting.dialogue.life import SubmissionState
from reporting.figures.values import Value
from storage.database import Database
from storage.organisation.homes import with_homes
from storage.reports import returns
from storage.reports.returns import Returned

TOGETHER = 500  # units whose values are read at once


@dataclass(frozen=True, slots=True)
class Exported:
    """One submission for the export: unit code, state, stamps of sending and of being called final, values.

    returned: by indicator, each time its figure was given back. entered_above: by the unit above, for one that could not.
    """

    unit: str
    unit_name: str
    cluster: str
    state: SubmissionState
    submitted_at: int | None
    values: Mapping[str, Value]
    confirmed_at: int | None = None
    returned: Mapping[str, Sequence[Returned]] = field(default_factory=dict)
    entered_above: bool = False


# state, submitted_at, confirmed_at, entered_above, values.
_Sent = tuple[SubmissionState, int | None, int | None, int, dict[str, Value]]


async def exported(db: Database, period_id: int, cluster: str | None, day: str) -> list[Exported]:
    """Every submission of a period, drafts too, by unit code; of one cluster where its code is given.

    A unit that has ended stands with the cluster in which its report counts now.
    """
    text, before = with_homes(
        "select s.unit_id, u.code, u.name, coalesce(c.code, '') from submission s join unit u on u.id = s.unit_id"
        " left join home m on m.unit_id = u.id"
        " left join cluster c on c.id = m.cluster_id"
        " where s.period_id = ? and (cast(? as text) is null or lower(c.code) = lower(cast(? as text)))"
        " order by u.code",
        day,
    )
    rows = await db.read(text, (*before, period_id, cluster, cluster))
    back: dict[int, dict[str, list[Returned]]] = {}
    for one in await returns.of_period(db, period_id):
        back.setdefault(one.unit_id, {}).setdefault(one.indicator, []).append(one)
    sent = await _sent(db, period_id, sorted(row[0] for row in rows))
    found = []
    for unit, code, name, home in rows:
        state, sent_at, final_at, above, values = sent[unit]
        own = back.get(unit, {})
        found.append(Exported(code, name, home, state, sent_at, values, final_at, own, bool(above)))
    return found


async def _sent(db: Database, period_id: int, units: Sequence[int]) -> dict[int, _Sent]:
    """By unit. Read in pieces, each report whole: the rows of a province weigh more than what is made of them."""
    found: dict[int, _Sent] = {}
    for first in range(0, len(units), TOGETHER):
        piece = units[first : first + TOGETHER]
        for unit, *report, indicator, amount, approx, source, note in await db.read(
            "select s.unit_id, s.state, s.submitted_at, s.confirmed_at, s.entered_above,"
            " v.indicator, v.amount, v.approx, v.source, v.note from submission s"
            " left join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
            " where s.period_id = ? and s.unit_id between ? and ? order by s.unit_id, v.indicator",
            (period_id, piece[0], piece[-1]),
        ):
            held = found.setdefault(unit, (*report, {}))
            if indicator is not None:
                held[-1][intern(indicator)] = Value(amount, bool(approx), source, note)
    return found
