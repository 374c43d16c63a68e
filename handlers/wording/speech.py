"""A key and its parts in, the text of the language file out: `say("ask.heading", number=3, …)`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

_NO_COUNTS = {"year", "number"}  # parts that are whole numbers and count nothing
_BOLD, _PLAIN = "\x02", "\x03"  # around a line that is bold; no text of a person holds them


def bold(line: str) -> str:
    """A whole line as it is shown in bold where a channel can; `without_bold` takes the marks out again."""
    return f"{_BOLD}{line}{_PLAIN}"


def without_bold(text: str) -> tuple[str, list[str]]:
    """The text without marks, and the lines that had them."""
    found = [line[1:-1] for line in text.split("\n") if line.startswith(_BOLD) and line.endswith(_PLAIN)]
    return text.replace(_BOLD, "").replace(_PLAIN, ""), found


def counted(number: int) -> str:
    """A count as people read it: 2.124."""
    return f"{number:,}".replace(",", ".")


class Wording:
    """All texts of one language. A missing key or brace is a mistake in this program and raises KeyError."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self.texts = {
            f"{table}.{name}": text.strip("\n") for table, rows in texts.items() for name, text in rows.items()
        }

    @classmethod
    @cache  # parsed once for the whole process
    def vietnamese(cls) -> "Wording":
        """The texts of vi.toml."""
        return cls(tomllib.loads(resources.files("handlers.wording").joinpath("vi.toml").read_text("utf-8")))

    def say(self, key: str, **parts: Any) -> str:
        """The text with its braces filled in, counts with a dot after the thousands ("1.440/2.124"); what is filled in
        is never itself searched for braces.
        """
        if not parts:
            return self.texts[key]
        for name, part in parts.items():
            if type(part) is int and part >= 1000 and name not in _NO_COUNTS:
                parts[name] = counted(part)
        return self.texts[key].format(**parts)

    def has(self, key: str) -> bool:
        """Whether there is such a text; for keys made from codes."""
        return key in self.texts
