"""Files that come with the program, or the office's own, in; catalogue, forms and plain words out."""

from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

from bot.failures import reason_of
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.figures.catalogue_file import parse_catalogue
from reporting.figures.forms import Forms
from reporting.figures.forms_file import parse_forms
from reporting.text.checked_yaml import FileFault, FileRefused
from reporting.text.plain_words import PlainWords, parse_plain_words

MOST_FAULTS = 20  # that are told at once


class CatalogueError(ValueError):
    """The catalogue, or a form with it, is not usable; the text is one line with file, places and remedies."""


def load_catalogue(path: Path | None) -> Catalogue:
    """The office's own catalogue, or the one that comes with the program. Raises CatalogueError."""
    if path is None:
        return _shipped_catalogue()
    try:
        return parse_catalogue(path.read_text("utf-8-sig"), load_plain_words())
    except OSError as error:
        text = Wording.vietnamese().say("data_file.cannot_read", reason=reason_of(error))
        raise CatalogueError(f"GIAOBAN_CATALOGUE: {path}: {text}") from error
    except UnicodeDecodeError as error:
        raise CatalogueError(f"GIAOBAN_CATALOGUE: {path}: {Wording.vietnamese().say('data_file.not_utf8')}") from error
    except FileRefused as error:
        raise CatalogueError(f"GIAOBAN_CATALOGUE: {path}: {_told(error)}") from error


@cache  # what ships does not change, and what is compiled from a catalogue is kept with the object
def _shipped_catalogue() -> Catalogue:
    return parse_catalogue(_shipped("catalogue.yaml"), load_plain_words())


@cache
def load_plain_words() -> PlainWords:
    """The words that change nothing beside a number; the office's catalogue may add to them."""
    return parse_plain_words(_shipped("plain_words.yaml"))


def load_forms(catalogue: Catalogue) -> Forms:
    """The forms, fitted to the catalogue. Raises CatalogueError where the catalogue lacks what they ask."""
    if catalogue is _shipped_catalogue():
        return _shipped_forms()
    try:
        return parse_forms(_shipped("forms.yaml"), catalogue)
    except FileRefused as error:
        raise CatalogueError(f"GIAOBAN_CATALOGUE: forms.yaml: {_told(error)}") from error


@cache
def _shipped_forms() -> Forms:
    return parse_forms(_shipped("forms.yaml"), _shipped_catalogue())


def _told(refused: FileRefused) -> str:
    """Every fault in one line."""
    say = Wording.vietnamese().say
    told = [_one(say, fault) for fault in refused.faults[:MOST_FAULTS]]
    if (more := len(refused.faults) - MOST_FAULTS) > 0:
        told.append(say("data_file.more", more=more))
    return f"{say('data_file.faults', count=len(refused.faults))} {'; '.join(told)}"


def _one(say: Callable[..., str], fault: FileFault) -> str:
    location = say(
        "data_file.location" if fault.location else "data_file.line", line=fault.line, location=fault.location
    )
    return f"{location}: {say(f'data_file.{fault.reason}', **fault.parts)}"


def _shipped(name: str) -> str:
    return (resources.files("reporting") / "data" / name).read_text("utf-8")
