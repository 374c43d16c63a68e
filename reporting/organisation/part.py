"""The province, or the part of it whose figures are meant."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """A cluster, or a unit with all units below it; neither: the whole province.

    alone: the unit without those below.
    """

    cluster_id: int | None = None
    unit_id: int | None = None
    alone: bool = False


WHOLE: Final = Part()
