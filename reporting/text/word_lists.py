"""The word lists of reporting/data/lexicon.yaml: the text of that file in, each list by its name out."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from reporting.text.yaml_loader import WORDS_LOADER


class WordListError(ValueError):
    """The file of word lists is not usable; the text names the list and the remedy."""


class WordLists:
    """Lists and tables of words, by a name of two parts: "amounts.approx_before"."""

    def __init__(self, sections: Mapping[str, Mapping[str, str | Mapping[str, str]]]) -> None:
        self._lists = {f"{section}.{name}": said for section, lists in sections.items() for name, said in lists.items()}

    def names(self) -> tuple[str, ...]:
        """The names of all lists and tables, in the order of the file."""
        return tuple(self._lists)

    def listed(self, name: str) -> tuple[str, ...]:
        """The phrases of a list, in order. Raises WordListError for a name the file does not have."""
        said = self._lists.get(name)
        if not isinstance(said, str):
            raise WordListError(f"the word lists have no list {name}: add it to reporting/data/lexicon.yaml")
        return _phrases(said)

    def table(self, name: str) -> dict[str, tuple[str, ...]]:
        """The rows of a table, each with its phrases, in order. Raises WordListError as `listed`."""
        return {row: _phrases(said) for row, said in self.texts(name).items()}

    def texts(self, name: str) -> dict[str, str]:
        """The rows of a table, each as the one text it is, in order. Raises WordListError as `listed`."""
        said = self._lists.get(name)
        if not isinstance(said, Mapping):
            raise WordListError(f"the word lists have no table {name}: add it to reporting/data/lexicon.yaml")
        return dict(said)


def parse_word_lists(text: str) -> WordLists:
    """The lists from the text of a YAML file: sections of lists, a list one text, a table rows of texts.

    Phrases are divided by commas; where one holds a comma, by semicolons. Raises WordListError naming the list.
    """
    try:
        raw = yaml.load(text, Loader=WORDS_LOADER)
    except yaml.YAMLError as error:
        raise WordListError(f"the word lists are not valid YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(raw, Mapping):
        raise WordListError("the word lists need sections, each with lists of words")
    for section, lists in raw.items():
        if not isinstance(lists, Mapping):
            raise WordListError(f"section {section} of the word lists needs lists of words")
        for name, said in lists.items():
            if not _is_list(said) and not (isinstance(said, Mapping) and all(map(_is_list, said.values()))):
                raise WordListError(f"{section}.{name} of the word lists needs words divided by commas")
    return WordLists(raw)


def _is_list(said: Any) -> bool:
    return isinstance(said, str) and bool(_phrases(said))


def _phrases(said: str) -> tuple[str, ...]:
    parts = said.split(";" if ";" in said else ",")
    return tuple(phrase for part in parts if (phrase := part.strip()))


@cache
def _shipped() -> WordLists:
    return parse_word_lists((resources.files("reporting") / "data" / "lexicon.yaml").read_text("utf-8"))


def listed(name: str) -> tuple[str, ...]:
    """The phrases of one of the program's lists, in order."""
    return _shipped().listed(name)


def written(name: str) -> frozenset[str]:
    """The phrases of one of the program's lists, to be met letter by letter."""
    return frozenset(listed(name))


def table(name: str) -> dict[str, tuple[str, ...]]:
    """The rows of one of the program's tables, each with its phrases."""
    return _shipped().table(name)


def texts(name: str) -> dict[str, str]:
    """The rows of one of the program's tables, each as the one text it is."""
    return _shipped().texts(name)


def one_of(phrases: Iterable[str]) -> str:
    """A group of a regular expression that meets any of the phrases, a longer one before its beginning."""
    return f"(?:{'|'.join(re.escape(phrase) for phrase in _longest_first(phrases))})"


def loosely(phrases: Iterable[str]) -> str:
    """The same, each word of a phrase with its marks or without any."""
    spelt = (" ".join(one_of({word, _plain(word)}) for word in one.split()) for one in _longest_first(phrases))
    return f"(?:{'|'.join(spelt)})"


def _longest_first(phrases: Iterable[str]) -> list[str]:
    return sorted(phrases, key=lambda phrase: (-len(phrase), phrase))


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
