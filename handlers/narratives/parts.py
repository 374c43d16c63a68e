"""Words of a report's narrative in, each part of the meeting's paper with what was written under it out."""

import re
from collections.abc import Mapping

from handlers.commands import folded
from handlers.routes import NARRATIVE_PARTS
from reporting.text.words import tokens_of
from storage.reports.narratives import NarrativePart

# "A.", "II.", "3)", "-" ahead of a heading.
_MARK = re.compile(r"^\s*(?:(?:[-–•+*]|(?:[A-Z]|[IVX]{1,4}|\d{1,2})\s*[.)/])\s*)*")
_BEHIND = re.compile(r"^\s*(?:[:.–-]\s*|$)")
_MOST_OF_ANY = 2  # words of a heading under which a figure may stand as well: "kết quả"
_LONGEST_ALONE = 40  # letters of a heading
_LONGEST = max(len(phrase.split()) for phrase in NARRATIVE_PARTS)


def parts_in(text: str) -> Mapping[NarrativePart | None, str]:
    """By part what stands under its heading, lines as written; under None what stands ahead of the first one."""
    found: dict[NarrativePart | None, list[str]] = {}
    part: NarrativePart | None = None
    for line in text.splitlines():
        heading = _heading(line)
        if heading is not None:
            part, line = heading
        found.setdefault(part, []).append(line.strip())
    written = {part: "\n".join(filter(None, lines)).strip() for part, lines in found.items()}
    return {part: said for part, said in written.items() if said}


def is_headed(text: str) -> bool:
    """Whether the text is of a part without being asked for: its heading and a colon ahead ("Hạn chế: ít đoàn viên").

    So is a heading alone. A list of figures under a heading is a report, and so are figures behind "kết quả", which
    heads any of them.
    """
    if headed_alone(text) is not None:
        return True
    first, _, below = text.strip().partition("\n")
    before, colon, behind = first.partition(":")
    heading = _heading(f"{before}:") if colon else None
    if heading is None:
        return False
    listed = any(_heading(line) is None and _has_digit(line) for line in below.splitlines())
    of_any = heading[0] in ("situation", "result") and len(folded(_MARK.sub("", before)).split()) <= _MOST_OF_ANY
    return not (listed or (of_any and _has_digit(behind)))


def headed_alone(text: str) -> NarrativePart | None:
    """The part of which the text is the heading and nothing else: "hạn chế"."""
    return NARRATIVE_PARTS.get(folded(text)) if len(text) <= _LONGEST_ALONE and not _has_digit(text) else None


def _has_digit(text: str) -> bool:
    return any(sign.isdecimal() for sign in text)


def _heading(line: str) -> tuple[NarrativePart, str] | None:
    """The part whose heading begins the line, and what follows it: "II. Hạn chế: đoàn viên đi làm xa"."""
    mark = _MARK.match(line)
    rest = line[mark.end() :] if mark else line
    tokens = tokens_of(rest)
    for length in range(min(_LONGEST, len(tokens)), 0, -1):
        words = [token for token in tokens[:length] if token.kind == "word"]
        part = NARRATIVE_PARTS.get(" ".join(token.fold for token in words))
        behind = _BEHIND.match(rest[tokens[length - 1].end :])
        if part is not None and behind is not None:
            return part, rest[tokens[length - 1].end + behind.end() :]
    return None
