"""Who owes a period: the office's words in, everybody, the clusters that meet or named ones out, as it is kept."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reporting.text.word_lists import listed
from reporting.time.as_written import plain
from reporting.time.periods import Period

ALL, MEETING = "all", "meeting"


def _words(name: str) -> tuple[str, ...]:
    return tuple(plain(phrase) for phrase in listed(name))


_ALL = frozenset([ALL, *_words("owing.all")])
_MEETING = frozenset([MEETING, *_words("owing.meeting")])
_SAID = {ALL: listed("owing.all")[0], MEETING: listed("owing.meeting")[0]}
_LEVELS: Mapping[str, tuple[str, ...]] = {
    "doan_co_so": ("doan_co_so", *_words("owing.communes")),
    "chi_doan": ("chi_doan", *_words("owing.branches")),
}
_CALLED = {"doan_co_so": listed("owing.communes")[0], "chi_doan": listed("owing.branches")[0]}
_BETWEEN = re.compile(rf"\s*[,;]\s*|\s+(?:{'|'.join(_words('owing.and'))})\s+")
_NUMBERED = re.compile(r"(\S+) \d+")


class NobodyCalledSo(ValueError):
    """No cluster, level or unit is called so; the text is what was written."""


@dataclass(frozen=True, slots=True)
class NamedOwing:
    """What `kept` names: codes of clusters, of levels and of units."""

    clusters: tuple[str, ...]
    levels: tuple[str, ...]
    units: tuple[str, ...]


def customary_owing(period: Period) -> str:
    """Who owes where the office has not decided: everybody, of a month or a campaign the clusters that meet."""
    return MEETING if period.title or period.frequency == "thang" else ALL


def owing_in(text: str, clusters: Iterable[tuple[str, str]], units: Iterable[str]) -> str:
    """Who is meant by "tất cả", "các cụm có giao ban", "cụm 1, cụm 2", "C1,C2", "chi đoàn", "CD0101, CD0102", as it is
    kept in the period's row.

    clusters: code and name of each; units: codes. Raises NobodyCalledSo.
    """
    words = plain(text).strip(" .")
    if words in _ALL or words in _MEETING:
        return ALL if words in _ALL else MEETING
    known = {plain(code): code for code in units}
    known |= {word: f"@{level}" for level, called in _LEVELS.items() for word in called}
    for code, name in clusters:
        number = re.search(r"\d+$", name.strip())
        called = [plain(name), *([f"{plain(name).split()[0]} {number[0]}"] if number else [])]
        known |= dict.fromkeys([*called, plain(code)], f"#{code}")
    found: dict[str, None] = {}
    before = ""
    for part in filter(None, _BETWEEN.split(words)):
        if part not in known and part.isdecimal() and before:
            part = f"{before} {part}"  # "cụm 1, 2 và 3"
        if part not in known:
            raise NobodyCalledSo(part)
        numbered = _NUMBERED.fullmatch(part)
        before = numbered[1] if numbered else ""
        found[known[part]] = None
    if not found:
        raise NobodyCalledSo(text.strip())
    return f",{','.join(found)},"


def of_clusters(codes: Iterable[str]) -> str:
    """Those of these clusters, as `owing_in` gives it."""
    return f",{','.join(f'#{code}' for code in codes)},"


def named_in(kept: str) -> NamedOwing:
    """What a period's row names; nothing for `ALL` and `MEETING`."""
    parts = [part for part in kept.split(",") if part] if kept.startswith(",") else []
    return NamedOwing(tuple(_with("#", parts)), tuple(_with("@", parts)), tuple(p for p in parts if p[0] not in "#@"))


def written(kept: str) -> str:
    """A decision as `owing_in` reads it again: "tất cả", "các cụm có giao ban", "C1, C2", "đoàn xã"."""
    if not kept.startswith(","):
        return _SAID[kept]
    parts = kept.strip(",").split(",")
    return ", ".join(_CALLED.get(part[1:], part[1:]) if part[0] == "@" else part.lstrip("#") for part in parts)


def _with(mark: str, parts: Iterable[str]) -> Iterator[str]:
    return (part[1:] for part in parts if part[0] == mark)
