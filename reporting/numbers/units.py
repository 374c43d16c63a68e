"""The words after a number in, the unit they name out; and which units an indicator may be counted in."""

from typing import Literal

from reporting.text.word_lists import table, texts
from reporting.text.words import Lexicon, tokens_of

Family = Literal["event", "attendance", "people", "thing", "money", "length", "share", "other"]

_FAMILY_NAMES: tuple[Family, ...] = (
    "event", "attendance", "people", "thing", "share", "length", "money", "other",
)  # fmt: skip
# Family -> canonical unit -> the words it is written with.
_WORDS = {family: table(f"units.{family}") for family in _FAMILY_NAMES}
_FAMILIES = {unit: family for family, units in _WORDS.items() for unit in units}

# Which units count an indicator whose catalogue unit is the key; an indicator may name more in `also_in`.
_COUNTED_IN = {unit: frozenset(counted) for unit, counted in table("units.counted_in").items()}

# The canonical units that rules turn on.
_NAMES = texts("units.known_as")
MILLIONS, DONG = _NAMES["millions"], _NAMES["dong"]
_FAMILIES[MILLIONS] = "money"
ATTENDANCE, PERSON, CHILD = _NAMES["attendance"], _NAMES["person"], _NAMES["child"]
GIFT, ACTIVITY = _NAMES["gift"], _NAMES["activity"]
DOSSIER, TIMES = _NAMES["dossier"], _NAMES["times"]
PAPERS_OR_PUPILS = _NAMES["papers_or_pupils"]
BLOOD, BODY, TREE = _NAMES["blood"], _NAMES["body"], _NAMES["tree"]

# In reply to a question about one kind of event any of these words counts it: "3 ngày" for three inspections.
SESSION = _NAMES["session"]
ANY_EVENT = _COUNTED_IN[SESSION] - {_NAMES["term"]}

UNITS: Lexicon[str] = Lexicon(
    (word, unit) for units in _WORDS.values() for unit, written in units.items() for word in written
)


# Every single word that occurs in a unit, in plain letters.
UNIT_FOLDS = frozenset(
    token.form.fold
    for units in _WORDS.values()
    for written in units.values()
    for word in written
    for token in tokens_of(word)
)


def family_of(unit: str | None) -> Family | None:
    """The kind of thing a canonical unit counts; None for no unit, "other" for one nobody reports in."""
    return None if unit is None else _FAMILIES.get(unit, "other")


def counts(unit: str | None, indicator_unit: str) -> bool:
    """Whether a number with this unit (None: written without one) can be a value of an indicator in that unit."""
    if unit is None:
        return True
    return unit in _COUNTED_IN.get(indicator_unit, frozenset({indicator_unit}))
