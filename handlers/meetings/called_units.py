"""Units of today in, a finder out that says where a text names them: by code, by name, in short, or all together."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from handlers.routes import CONCLUDED
from reporting.text.words import Lexicon, Token, tokens_of
from storage.organisation.units import Cluster, Unit, top_units

FEWEST_WORDS = 2  # of a unit's own name that may stand alone: "Tân Lập"; "Đông" is a word of many texts

_KINDS = Lexicon((phrase, True) for phrase in CONCLUDED["kinds"])
_BRANCH = "chi_doan"


@dataclass(frozen=True, slots=True)
class UnitNamed:
    """Where units are named, by token, and their ids; several under one name are not told apart."""

    start: int
    end: int
    ids: tuple[int, ...]
    several: bool = False


class CalledUnits:
    """Finds units in texts. members: who is meant by "các đơn vị", the ids of the units of the meeting.

    inside: ids of those that may be given something; of several of one name the only one of them is meant.
    """

    def __init__(
        self, units: Sequence[Unit], clusters: Sequence[Cluster], members: Sequence[int], inside: Collection[int]
    ) -> None:
        self.names = {one.id: one.known_as for one in units}
        self._phrases: dict[str, tuple[tuple[int, ...], bool]] = {}
        for unit in units:
            for phrase in _called(unit):
                known = self._phrases.get(phrase, ((), False))[0]
                if unit.id not in known:
                    self._phrases[phrase] = ((*known, unit.id), False)
        for phrase, (ids, _) in self._phrases.items():
            near = tuple(one for one in ids if one in inside)
            self._phrases[phrase] = (near, False) if len(near) == 1 else (ids, len(ids) > 1)
        for cluster in clusters:
            inside = tuple(one.id for one in top_units([one for one in units if one.cluster == cluster.code]))
            number = cluster.name.split()[-1]
            for phrase in (cluster.name, f"cụm {number}", f"các đơn vị {cluster.name}", f"các đơn vị cụm {number}"):
                self._phrases[_plain(phrase)] = (inside, False)
        for phrase in CONCLUDED["everybody"]:
            self._phrases[_plain(phrase)] = (tuple(members), False)
        top = tuple(one.id for one in units if one.level == "tinh_doan")
        for phrase in CONCLUDED["province"] if top else ():
            self._phrases[_plain(phrase)] = (top, False)
        self._lexicon = Lexicon(self._phrases.items())

    def in_text(self, tokens: Sequence[Token]) -> Iterator[UnitNamed]:
        """The units named, from left to right; the longest name wins."""
        index = 0
        while index < len(tokens):
            found = self._lexicon.at(tokens, index) if tokens[index].kind in ("word", "number") else None
            if found is None:
                index += 1
                continue
            end, (ids, several) = found
            yield UnitNamed(index, end, ids, several)
            index = end


def _called(unit: Unit) -> Iterator[str]:
    """The name, the name without "Đoàn", the bare name of a commune, and the code."""
    yield _plain(unit.code)
    yield _plain(unit.name)
    if unit.level == _BRANCH:
        return
    tokens = tokens_of(unit.name)
    if len(tokens) > FEWEST_WORDS and _KINDS.at(tokens[:1], 0):
        yield _plain(unit.name[tokens[1].start :])
    kinds = _KINDS.at(tokens, 0)
    if kinds is not None and len(tokens) - kinds[0] >= FEWEST_WORDS:
        yield _plain(unit.name[tokens[kinds[0]].start :])


def _plain(phrase: str) -> str:
    return " ".join(token.text for token in tokens_of(phrase))
