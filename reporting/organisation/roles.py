"""The roles: which of them fits a unit of which level, and which are held for a cluster."""

from collections.abc import Mapping

# Who reports for a unit, the one who is reminded first.
REPORTERS = ("secretary", "deputy")

# The levels of unit a role can be held in (domain: units report from the branch to the province; the office, its
# departments and the leaders are those of a province or of the centre). Roles that are not here need a cluster.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "secretary": ("chi_doan", "doan_co_so", "huyen_doan", "tinh_doan"),
    "deputy": ("chi_doan", "doan_co_so", "huyen_doan", "tinh_doan"),
    "mentor": ("chi_doan", "doan_co_so", "huyen_doan"),
    "department": ("tinh_doan", "trung_uong"),
    "office": ("tinh_doan", "trung_uong"),
    "leader": ("tinh_doan", "trung_uong"),
    "reader": ("chi_doan", "doan_co_so", "huyen_doan", "tinh_doan", "trung_uong"),
}
OF_CLUSTER = ("chair",)


def fits(role: str, level: str) -> bool:
    """Whether the role can be held in a unit of that level."""
    return level in LEVELS.get(role, ())


def replaces(role: str) -> bool:
    """Whether a new holder follows the old one, unless told otherwise: a unit has one secretary."""
    return role == "secretary"
