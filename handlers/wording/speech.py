"""A key and its parts in, the text of the language file out: `say("ask.heading", number=3, …)`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


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
        """The text with its braces filled in; what is filled in is never itself searched for braces."""
        return self.texts[key].format(**parts) if parts else self.texts[key]

    def has(self, key: str) -> bool:
        """Whether there is such a text; for keys made from codes."""
        return key in self.texts
