"""The phrases that name an indicator: its label and synonyms, and each with the usual short forms."""

from collections.abc import Iterable

from reporting.figures.catalogue import Indicator
from reporting.text.short_forms import ABBREVIATIONS
from reporting.text.words import tokens_of

_VARIANTS = 8


def phrases_of(indicator: Indicator) -> Iterable[str]:
    """Every phrase once, in small letters."""
    seen: set[str] = set()
    marked = {_fold(s) for s in indicator.synonyms if not s.isascii()}
    for synonym in (indicator.label, indicator.short, *indicator.synonyms):
        phrase = synonym.lower().strip()
        if phrase.isascii() and phrase in marked:
            continue  # the same words with their marks are listed already
        for variant in _variants(phrase):
            if variant not in seen:
                seen.add(variant)
                yield variant


def _fold(phrase: str) -> str:
    return " ".join(token.form.fold for token in tokens_of(phrase))


def _variants(phrase: str) -> list[str]:
    variants = [phrase]
    for long, shorts in ABBREVIATIONS.items():
        if long not in phrase or len(variants) >= _VARIANTS:
            continue
        for variant in list(variants):
            for short in shorts:
                shorter = variant.replace(long, short)
                if shorter != variant and (" " in shorter or len(shorter) > 3):
                    variants.append(shorter)
    return variants[: 2 * _VARIANTS]
