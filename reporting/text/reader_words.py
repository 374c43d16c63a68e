"""The words the reader turns on, from reporting/data/reader.yaml: each list by its name, read once."""

from functools import lru_cache
from importlib import resources

import yaml

from reporting.text.words import Lexicon, Spellings, folds, words
from reporting.text.yaml_loader import LOADER


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, str]]:
    text = (resources.files("reporting") / "data" / "reader.yaml").read_text("utf-8")
    lists: dict[str, dict[str, str]] = yaml.load(text, Loader=LOADER)
    return lists


def phrases(name: str) -> Lexicon[bool]:
    """The phrases of one list."""
    return words(_lists()[name]["phrases"])


def single(name: str) -> frozenset[str]:
    """The single words of one list, in plain letters: for words that are no other ones without their marks."""
    return folds(_lists()[name]["words"])


def spelt(name: str) -> Spellings:
    """The single words of one list, which may be written without marks, never with other ones."""
    return Spellings(_lists()[name]["words"])
