"""The command `giaoban read`: a text or file in; what the bot would understand of it, and why, out."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typer

from bot.failures import Failed, WrongUsage, failed, misused, said
from bot.resources import load_catalogue, load_forms
from bot.settings import Settings
from reporting.figures.catalogue import LEVELS, Catalogue, Indicator, Level
from reporting.figures.forms import Forms
from reporting.figures.values import plain, vietnamese
from reporting.reading import reader
from reporting.reading.outcome import Reading
from reporting.reading.rules import RULES
from reporting.reading.taught import with_words

# The largest text that is read, in UTF-8; no report is longer, and one of 20 MB would take half a minute.
_LONGEST_BYTES = 1_000_000
_LONGEST = _LONGEST_BYTES // 4


@dataclass(frozen=True, slots=True)
class AskedOf:
    """How a text is to be read: for which level, and as the reply to what."""

    catalogue: Catalogue
    forms: Forms
    level: Level

    def reading(self, text: str, asked: str = "") -> Reading:
        """The text as the reply to `asked`: a section, a question of the quarter's form, or codes with commas."""
        return reader.read(text, self.catalogue, self.level, self.indicators(asked))

    def indicators(self, asked: str) -> Sequence[Indicator]:
        """What `asked` names. Raises WrongUsage for what is none."""
        names = [name.strip() for name in asked.split(",") if name.strip()]
        found: list[Indicator] = []
        form = self.forms.form(self.level, "quy")
        for name in names:
            question = form.question(name)
            if name in self.catalogue:
                found.append(self.catalogue[name])
            elif question is not None:
                found += question.indicators
            elif any(name == section.code for section in self.catalogue.sections):
                found += [i for i in self.catalogue.reported(self.level, "quy") if i.section == name]
            else:
                raise misused("not_asked", name=name)
        return tuple({indicator.code: indicator for indicator in found}.values())


def read_text(
    settings: Settings,
    file: str,
    level: str,
    shape: str,
    asked: str = "",
    words: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Reads the file, the text itself or standard input and prints what was understood.

    shape: lines, why, json or jsonl. words: the office's own names, phrase -> code.
    """
    known = next((name for name in LEVELS if name == level), None)
    if known is None:
        raise misused("choose", option="--level", text=level[:20], known=", ".join(LEVELS))
    catalogue = with_words(load_catalogue(settings.giaoban_catalogue), words)
    how = AskedOf(catalogue, load_forms(catalogue), known)
    how.indicators(asked)
    try:
        text = _text(file)
    except UnicodeDecodeError as error:
        raise failed("not_utf8", file=file) from error
    if shape == "jsonl":
        _each_line(how, text, asked)
        return
    _refuse_long(text, file if file == "-" or _exists(file) else "the text")
    reading = how.reading(text, asked)
    if shape == "json":
        sys.stdout.write(json.dumps(understood(catalogue, reading), ensure_ascii=False, indent=1) + "\n")
    elif shape == "why":
        _write_why(reading)
    else:
        _write_lines(catalogue, reading)


def _write_lines(catalogue: Catalogue, reading: Reading) -> None:
    for read in reading.values:
        indicator = catalogue[read.code]
        amount = f"{'~' if read.value.approx else ''}{vietnamese(read.value.amount, indicator.kind)} {indicator.unit}"
        sys.stdout.write(f"{read.code}\t{amount}\t{_line_of(read.value.source)}\n")
    for ask in reading.asks:
        likely = ""
        if ask.value is not None and ask.codes:
            likely = f"\t{vietnamese(ask.value.amount, catalogue[ask.codes[0]].kind)}?"
        sys.stdout.write(f"?\t{said('read_asked')}\t{', '.join(ask.codes)}\t{_line_of(ask.source)}{likely}\n")
    for left in reading.left:
        sys.stdout.write(f"-\t{said('read_left')}\t{', '.join(left.codes)}\t{_line_of(left.source)}\n")


def _write_why(reading: Reading) -> None:
    """For every number the reading that won, those it beat, and the rule that decided."""
    for one in reading.decisions:
        beaten = f" before {', '.join(one.beaten)}" if one.beaten else ""
        won = f"{one.fate} {', '.join(one.codes)}".strip()
        sys.stdout.write(f"{_line_of(one.source)}\t{won}{beaten}\t{one.rule}: {RULES[one.rule]}\n")


def _line_of(source: str) -> str:
    return " ".join(source.split())


def _text(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    # Words with spaces that name no file are the message; one word may be a file's name mistyped.
    if any(char.isspace() for char in file) and not _exists(file):
        return file
    path = Path(file)
    if path.suffix.lower() == ".docx":
        from handlers.messages import FileNotRead
        from handlers.report.files import text_of

        try:
            return text_of(path.name, path.read_bytes())
        except FileNotRead as error:
            raise failed("word_unsound", file=file) from error
    if path.suffix.lower() == ".xlsx":
        from bot.commands.sheet_text import sheet_text

        return sheet_text(file, path.read_bytes())
    return path.read_text("utf-8-sig")


def _exists(file: str) -> bool:
    try:
        return Path(file).exists()
    except (OSError, ValueError):  # longer than a file's name can be, or with a zero byte
        return False


def understood(catalogue: Catalogue, reading: Reading) -> dict[str, Any]:
    """The contract's shape: values in the catalogue's unit, and what is asked."""
    return {
        "values": [
            {
                "code": read.code,
                "value": plain(read.value.amount, catalogue[read.code].kind),
                "approx": read.value.approx,
                "source": read.value.source,
            }
            for read in reading.values
        ],
        "ask": [{"source": ask.source, "codes": list(ask.codes), "reason": ask.reason} for ask in reading.asks],
    }


def _each_line(how: AskedOf, text: str, asked: str) -> None:
    """Answers every line it can; each bad one is a line on standard error. Raises Exit(1) after any bad one."""
    failed = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            answer = _line(how, line, number, asked)
        except (Failed, WrongUsage) as error:
            failed = True
            sys.stderr.write(f"giaoban: {error}\n")
            continue
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if failed:
        raise typer.Exit(1)


def _line(how: AskedOf, line: str, number: int, asked: str) -> dict[str, Any]:
    _refuse_long(line, f"line {number}")
    try:
        entry = json.loads(line)
        identity, text, about = entry["id"], entry["text"], entry.get("asked", asked)
        about = ",".join(about) if isinstance(about, list) else about
        if not isinstance(text, str) or not isinstance(about, str):
            raise TypeError("text")
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
        raise Failed(f'line {number}: not of the form {{"id": …, "text": …}}, with or without "asked": …') from error
    return {"id": identity, **understood(how.catalogue, how.reading(text, about))}


def _refuse_long(text: str, source: str) -> None:
    if len(text) > _LONGEST and len(text.encode()) > _LONGEST_BYTES:
        raise failed("text_long", file=source)
