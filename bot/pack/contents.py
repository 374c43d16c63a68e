"""What a pack shows, all of one moment and under one version: area, figures, units, petitions, what has changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import ComparedRow, Comparison
from reporting.figures.speaking import Speaker
from reporting.figures.totals import Coverage
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import Part
from storage.periods.rounds import Briefing, Round
from storage.periods.tasks import Task
from storage.reports.narratives import Narrative
from storage.reports.petitions import OPEN, Petition
from storage.reports.versions import ChangedFigure, HandedOut, Shown


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
    """One unit with its own rows, those below it included. state: of its report, '' where none was begun.

    photos: how many came with its reports. own: what it did itself, where what is below it did something as well.
    """

    code: str
    name: str
    group: str
    state: str
    comparison: Comparison
    photos: int = 0
    own: Comparison | None = None


@dataclass(frozen=True, slots=True)
class PackGroup:
    """A part within the area, a cluster of the province or a commune of a cluster, with how many have filed."""

    name: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that the files of one pack are made of; who has this needs no database.

    before: the pack of this area that was handed out last; changes: what counts otherwise since. as_of: the version of
    the figures, shown: marks of all it shows (storage/reports/versions.py). narratives: what units say beside their
    figures. tasks: of meetings up to this one, the open ones and those done since the period began, a row a unit.
    speakers: in the order of speaking.
    """

    version: str
    shown: Shown
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
    changes: tuple[ChangedFigure, ...]
    as_of: int
    entry_order: tuple[str, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    tasks: tuple[Task, ...] = ()
    speakers: tuple[Speaker, ...] = ()

    @property
    def waiting_petitions(self) -> tuple[Petition, ...]:
        """Those without an answer."""
        return tuple(one for one in self.petitions if one.state in OPEN)

    @property
    def rows(self) -> tuple[ComparedRow, ...]:
        """The rows of the area, in the order of the form."""
        return self.comparison.rows
