"""A reviewer in, the reports and sections he may judge out, as far as the table of rights reaches."""

from collections.abc import Sequence

from handlers import permissions
from handlers.permissions import ActedOn
from handlers.report.assignment import reported_for
from handlers.turn import Turn
from storage.reports.waiting import Waiting


def may_judge(turn: Turn, act: str, report: Waiting) -> bool:
    """Whether the report lies within reach; that of a unit the person reports for never does."""
    target = ActedOn(report.unit_id, report.parent_id, report.cluster_id)
    own = any(role.unit_id == report.unit_id for role in reported_for(turn))
    return not own and permissions.may_unit(act, turn.roles, target)


def within(turn: Turn, act: str, reports: Sequence[Waiting]) -> list[Waiting]:
    """Those of the reports that may be judged."""
    return [report for report in reports if may_judge(turn, act, report)]


def sections_of(turn: Turn) -> frozenset[str] | None:
    """The sections whose figures a department judges; None for who judges whole reports."""
    held = permissions.granted("review", turn.roles)
    if any(permissions.rank(role) != "department" for role in held):
        return None
    return frozenset(section for role in held for section in role.sections)
