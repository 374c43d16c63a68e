"""What a pack shows, all of one moment and under one version: area, figures, units, petitions, what has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import ComparedRow, Comparison
from reporting.figures.totals import Coverage, Total
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import Part
from storage.periods.rounds import Briefing, Round
from storage.reports.petitions import Petition


@dataclass(frozen=True, slots=True)
class PackArea:
    """Of what a pack is. code: of the cluster or unit; signer, superior: the unit that signs and the one above it.

    level: of the unit that signs (tinh_doan, doan_co_so, chi_doan …), which decides about form and signature.
    """

    kind: Literal["province", "cluster", "unit"]
    code: str
    name: str
    part: Part
    signer: str
    superior: str
    level: str

    @property
    def key(self) -> str:
        """As packs are kept by: "province", "cluster:C2", "unit:DX01"."""
        return self.kind if self.kind == "province" else f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class PackUnit:
    """One unit with its own rows, those below it included. state: of its report, '' where none was begun."""

    code: str
    name: str
    group: str
    state: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class PackGroup:
    """A part within the area, a cluster of the province or a commune of a cluster, with how many have filed."""

    name: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The figures of the pack of this area that was handed out last."""

    version: str
    made_at: datetime
    coverage: Coverage
    totals: Mapping[str, Total]


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that was another one in the pack before; None where it was or is not given."""

    code: str
    before: Total | None
    now: Total | None


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that the files of one pack are made of; who has this needs no database."""

    version: str
    catalogue: Catalogue
    area: PackArea
    round: Round
    made_at: datetime
    comparison: Comparison
    units: tuple[PackUnit, ...]
    groups: tuple[PackGroup, ...]
    late: tuple[ListedUnit, ...]
    petitions: tuple[Petition, ...]
    briefing: Briefing | None
    before: HandedOut | None
    entry_order: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[ComparedRow, ...]:
        """The rows of the area, in the order of the form."""
        return self.comparison.rows

    @property
    def changes(self) -> list[ChangedFigure]:
        """What is another figure than in the pack before, in the order of the form."""
        if self.before is None:
            return []
        then, now = self.before.totals, self.comparison.now.totals
        codes = [code for code in self.catalogue.indicators if code in then or code in now]
        found = [ChangedFigure(code, then.get(code), now.get(code)) for code in codes]
        return [one for one in found if _shown(one.before) != _shown(one.now)]


def _shown(total: Total | None) -> tuple[int, bool] | None:
    return (total.amount, total.approx) if total else None
