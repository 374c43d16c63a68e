"""plain_words.yaml in, the words that change nothing beside a number out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from reporting.text.words import Lexicon, Spellings, WordForm, folds, words
from reporting.text.yaml_loader import LOADER

_LISTS = ("between", "beside", "around", "steadily", "prepositions", "places", "subject_ends", "trees", "together",
          "deeds")  # fmt: skip


class PlainWordsError(ValueError):
    """The file of plain words is not usable; the text names the list and the remedy."""


@dataclass(frozen=True, slots=True)
class PlainWords:
    """The lists of reporting/data/plain_words.yaml; what each is for is said there.

    beside holds also what may stand between a number and its name, around also what may stand beside the number.
    """

    between: frozenset[str]
    beside: Spellings
    around: Spellings
    steadily: Lexicon[bool]
    prepositions: Spellings
    places: frozenset[str]
    subject_ends: frozenset[str]
    trees: Spellings
    together: Lexicon[bool]
    deeds: Lexicon[bool]
    more: Spellings

    def with_more(self, added: Iterable[str]) -> "PlainWords":
        """These and the single words an office adds, which explain themselves anywhere but behind a bare number."""
        return replace(self, more=Spellings(*added))

    def explains(self, written: WordForm) -> bool:
        """Whether a word of this form changes nothing in the clause of a number."""
        return self.around.has(written) or self.more.has(written)


def parse_plain_words(text: str) -> PlainWords:
    """The lists from the text of a YAML file of the shape of reporting/data/plain_words.yaml.

    Raises PlainWordsError naming the list at fault.
    """
    try:
        raw = yaml.load(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise PlainWordsError(f"the plain words are not valid YAML: {str(error).splitlines()[0]}") from error
    lists = {name: _joined(raw, name, ", " if name in ("together", "deeds") else " ") for name in _LISTS}
    return PlainWords(
        between=folds(lists["between"]),
        beside=Spellings(lists["between"], lists["beside"]),
        around=Spellings(lists["between"], lists["beside"], lists["around"], lists["steadily"]),
        steadily=Lexicon((word, True) for word in lists["steadily"].split()),
        prepositions=Spellings(lists["prepositions"]),
        places=folds(lists["places"]),
        subject_ends=folds(lists["subject_ends"]),
        trees=Spellings(lists["trees"]),
        together=words(lists["together"]),
        deeds=words(lists["deeds"]),
        more=Spellings(),
    )


def _joined(raw: Any, name: str, between: str) -> str:
    classes = raw.get(name) if isinstance(raw, Mapping) else None
    if not isinstance(classes, Mapping) or not all(isinstance(group, str) for group in classes.values()):
        raise PlainWordsError(f"plain words: '{name}' needs classes of words, each one text")
    return between.join(classes.values())
