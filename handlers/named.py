"""Words for a person in ("Lê Hà", "đồng chí Hà", "Bí thư Tỉnh đoàn"); those of the known whom they may mean out."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from handlers.commands import folded, folded_name

_ADDRESS = re.compile(r"^(?:dong chi|d/c|đ/c|anh|chi|ong|ba)\s+")

Known = TypeVar("Known")


def no_title(_: object) -> str:
    """Of those who are known by their names alone."""
    return ""


def meant(
    words: str,
    known: Sequence[Known],
    names: Callable[[Known], Sequence[str]],
    title: Callable[[Known], str] = no_title,
) -> list[Known]:
    """By a name as it is written, by one in any case and without marks, by the title, by a given name alone: the first
    of these that fits somebody.

    names: all that one has, the office's and the own one of a channel.
    """
    written = words.strip().casefold()
    if found := [one for one in known if any(name.casefold() == written for name in names(one))]:
        return found
    wanted = _ADDRESS.sub("", folded(words))
    if not wanted:
        return []  # a full name, which is masked before anything is read: the title is asked for
    plain = [(one, [folded_name(name) for name in names(one)]) for one in known]
    return (
        [one for one, called in plain if wanted in called]
        or [one for one in known if folded_name(title(one)) == wanted]
        or [one for one, called in plain if any(name.rpartition(" ")[2] == wanted for name in called)]
    )
