"""The data the program reads at start: catalogue, forms, wording."""

from importlib import resources
from pathlib import Path

from reporting.figures.catalogue import Catalogue, CatalogueError, parse_catalogue
from reporting.figures.forms import Forms, parse_forms
from reporting.text.plain_words import PlainWords, parse_plain_words


def load_catalogue(path: Path | None) -> Catalogue:
    """The office's own catalogue, or the one that comes with the program. Raises CatalogueError with the path."""
    if path is None:
        return parse_catalogue(_shipped("catalogue.yaml"), load_plain_words())
    try:
        return parse_catalogue(path.read_text("utf-8"), load_plain_words())
    except OSError as error:
        raise CatalogueError(f"GIAOBAN_CATALOGUE: cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CatalogueError(f"GIAOBAN_CATALOGUE: cannot read {path}: not UTF-8 text") from error
    except CatalogueError as error:
        raise CatalogueError(f"GIAOBAN_CATALOGUE: {path}: {error}") from error


def load_plain_words() -> PlainWords:
    """The words that change nothing beside a number; the office's catalogue may add to them."""
    return parse_plain_words(_shipped("plain_words.yaml"))


def load_forms(catalogue: Catalogue) -> Forms:
    """The forms, fitted to the catalogue."""
    return parse_forms(_shipped("forms.yaml"), catalogue)


def _shipped(name: str) -> str:
    return (resources.files("reporting") / "data" / name).read_text("utf-8")
