"""The command `giaoban read`: a pasted report in, the values read from it and the questions about it out."""

import json
import sys
from pathlib import Path
from typing import Any

import typer

from bot.failures import Failed, WrongUsage
from bot.resources import load_catalogue
from bot.settings import Settings
from reporting.figures.catalogue import LEVELS, Catalogue, Level
from reporting.figures.values import plain, vietnamese
from reporting.reading.report import read_report

# The largest text that is read, in UTF-8; no report is longer, and one of 20 MB would take half a minute.
_LONGEST_BYTES = 1_000_000
_LONGEST = _LONGEST_BYTES // 4


def read_text(settings: Settings, file: str, level: str, as_json: bool, as_jsonl: bool) -> None:
    """Reads the file, the text itself or standard input and prints what was understood."""
    known = next((name for name in LEVELS if name == level), None)
    if known is None:
        raise WrongUsage(f"--level {level}: choose one of {', '.join(LEVELS)}")
    catalogue = load_catalogue(settings.giaoban_catalogue)
    try:
        text = _text(file)
    except UnicodeDecodeError as error:
        raise Failed(f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    if as_jsonl:
        _each_line(catalogue, known, text)
        return
    _refuse_long(text, file if file == "-" or _exists(file) else "the text")
    found = understood(catalogue, known, text)
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    report = read_report(text, catalogue, known)
    for read in report.values:
        indicator = catalogue[read.code]
        amount = f"{'~' if read.value.approx else ''}{vietnamese(read.value.amount, indicator.kind)} {indicator.unit}"
        sys.stdout.write(f"{read.code}\t{amount}\t{' '.join(read.value.source.split())}\n")
    for ask in report.asks:
        sys.stdout.write(f"?\t{ask.reason}\t{', '.join(ask.codes)}\t{' '.join(ask.source.split())}\n")


def _text(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    # Words with spaces that name no file are the message; one word may be a file's name mistyped.
    if any(char.isspace() for char in file) and not _exists(file):
        return file
    return Path(file).read_text("utf-8-sig")


def _exists(file: str) -> bool:
    try:
        return Path(file).exists()
    except (OSError, ValueError):  # longer than a file's name can be, or with a zero byte
        return False


def understood(catalogue: Catalogue, level: Level, text: str) -> dict[str, Any]:
    """The contract's shape: values in the catalogue's unit, and what is asked."""
    report = read_report(text, catalogue, level)
    return {
        "values": [
            {
                "code": read.code,
                "value": plain(read.value.amount, catalogue[read.code].kind),
                "approx": read.value.approx,
                "source": read.value.source,
            }
            for read in report.values
        ],
        "ask": [{"source": ask.source, "codes": list(ask.codes), "reason": ask.reason} for ask in report.asks],
    }


def _each_line(catalogue: Catalogue, level: Level, text: str) -> None:
    """Answers every line it can; each bad one is a line on standard error. Raises Exit(1) after any bad one."""
    failed = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            answer = _line(catalogue, level, line, number)
        except Failed as error:
            failed = True
            sys.stderr.write(f"giaoban: {error}\n")
            continue
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if failed:
        raise typer.Exit(1)


def _line(catalogue: Catalogue, level: Level, line: str, number: int) -> dict[str, Any]:
    _refuse_long(line, f"line {number}")
    try:
        entry = json.loads(line)
        identity, text = entry["id"], entry["text"]
        if not isinstance(text, str):
            raise TypeError("text")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Failed(f'line {number}: not of the form {{"id": …, "text": …}}') from error
    return {"id": identity, **understood(catalogue, level, text)}


def _refuse_long(text: str, source: str) -> None:
    if len(text) > _LONGEST and len(text.encode()) > _LONGEST_BYTES:
        raise Failed(f"{source}: longer than 1 MB; split it into the reports it is made of")
