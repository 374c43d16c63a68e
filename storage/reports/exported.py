"""A period in, its submissions for an export out: state, times, values, and the cluster in which each counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reporting.dialogue.life import SubmissionState
from reporting.figures.values import Value
from storage.database import Database
from storage.organisation.homes import with_homes
from storage.reports import returns
from storage.reports.returns import Returned


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


async def exported(db: Database, period_id: int, cluster: str | None, day: str) -> list[Exported]:
    """Every submission of a period, drafts too, by unit code; of one cluster where its code is given.

    A unit that has ended stands with the cluster in which its report counts now.
    """
    text, before = with_homes(
        "select u.code, u.name, coalesce(c.code, ''), s.state, s.submitted_at, v.indicator, v.amount, v.approx,"
        " v.source, v.note, s.confirmed_at, s.unit_id, s.entered_above from submission s join unit u on u.id = s.unit_id"
        " left join home m on m.unit_id = u.id"
        " left join cluster c on c.id = m.cluster_id"
        " left join value v on v.period_id = s.period_id and v.unit_id = s.unit_id"
        " where s.period_id = ? and (cast(? as text) is null or lower(c.code) = lower(cast(? as text)))"
        " order by u.code, v.indicator",
        day,
    )
    rows = await db.read(text, (*before, period_id, cluster, cluster))
    result: dict[str, Exported] = {}
    back: dict[int, dict[str, list[Returned]]] = {}
    for one in await returns.of_period(db, period_id):
        back.setdefault(one.unit_id, {}).setdefault(one.indicator, []).append(one)
    for code, name, cluster_code, state, sent_at, indicator, amount, approx, source, note, final_at, *last in rows:
        values: dict[str, Value] = {}
        unit_id, entered_above = last
        own = back.get(unit_id, {})
        held = result.setdefault(
            code, Exported(code, name, cluster_code, state, sent_at, values, final_at, own, bool(entered_above))
        )
        if indicator is not None:
            assert isinstance(held.values, dict)
            held.values[indicator] = Value(amount, bool(approx), source, note)
    return list(result.values())
