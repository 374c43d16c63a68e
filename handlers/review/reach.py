"""A reviewer in, the reports and sections he may judge out, as far as the table of rights reaches."""

from collections.abc import Sequence

from handlers import permissions
from handlers.report.assignment import reported_for
from handlers.turn import Turn
from storage.review.waiting import Waiting


def may_judge(turn: Turn, act: str, report: Waiting) -> bool:
    """Whether the report lies within reach; that of a unit the person reports for never does."""
    return bool(within(turn, act, [report]))


def within(turn: Turn, act: str, reports: Sequence[Waiting]) -> list[Waiting]:
    """Those of the reports that may be judged: of clusters the right reaches over, and right under own units."""
    own = {role.unit_id for role in reported_for(turn)}
    clusters, above = permissions.clusters(act, turn.roles), set(permissions.units(act, turn.roles))
    if clusters is None:
        return [report for report in reports if report.unit_id not in own]
    wide = set(clusters)
    return [
        report
        for report in reports
        if (report.cluster_id in wide or report.parent_id in above) and report.unit_id not in own
    ]


def sections_of(turn: Turn) -> frozenset[str] | None:
    """The sections whose figures a department judges; None for who judges whole reports."""
    held = permissions.granted("review", turn.roles)
    if any(permissions.rank(role) != "department" for role in held):
        return None
    return frozenset(section for role in held for section in role.sections)
