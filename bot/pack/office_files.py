"""The office's own files for the pack in: its Word template, and the order of another system's entry screen, out."""

from pathlib import Path

from bot.failures import failed, said
from reporting.figures.catalogue import Catalogue
from reporting.text.words import tokens_of


def office_template(path: Path | None) -> bytes | None:
    """The template's bytes; b"" for one that cannot be read, which is refused like any that is not sound."""
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError:
        return b""


def entry_order(path: Path | None, catalogue: Catalogue) -> tuple[str, ...]:
    """The indicators of a text file, a line each, by code or by name, in its order; none without a file.

    Empty lines and what stands behind # are passed over. Raises Failed with every line that names no indicator.
    """
    if path is None:
        return ()
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise failed("order_unread", path=path) from error
    names: dict[str, str] = {}
    for code, one in catalogue.indicators.items():
        names |= {code: code, _plain(one.label): code, _plain(one.short): code}
    found, faults = list[str](), list[str]()
    for number, line in enumerate(lines, 1):
        wanted = line.partition("#")[0].strip()
        code = names.get(wanted) or names.get(_plain(wanted), "")
        if code:
            found.append(code)
        elif wanted:
            faults.append(said("order_line", number=number, text=wanted[:40]))
    if faults:
        told = "; ".join(faults[:20])
        raise failed("order_unknown", path=path, lines=told)
    return tuple(found)


def _plain(text: str) -> str:
    return " ".join(token.fold for token in tokens_of(text))
