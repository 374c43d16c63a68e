"""A message in, its letters put right out: composed, lower-case, visible, each traceable to the text as written."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from reporting.text.word_lists import listed, table

_DROPPED = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
# Letters of other alphabets that some keyboards and old fonts write for Vietnamese ones.
_LOOK_ALIKES = {alike: letter for letter, alikes in table("letters.look_alikes").items() for alike in alikes}
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
# The letters of Telex for the tone marks.
TONES = {"\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0301": "s", "\u0323": "j"}
# More marks than this on one letter is noise; a bound keeps normalising linear.
_MARKS_KEPT = 4

# Letters and marks that are read as they stand, but for capitals.
_READ_AS_WRITTEN = re.compile(f"[\\n\\t -~{''.join(listed('letters.read_as_written'))}–—“”‘’•]*")


def cleaned(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Lower-case NFC text without invisible characters, and where each of its characters begins and ends."""
    if _READ_AS_WRITTEN.fullmatch(text):
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    if "\u20e3" in text:
        text = _KEYCAP.sub(lambda m: "•" + "\u200b" * (len(m.group()) - 1), text)
    chars: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    marks = behind = 0
    for index, raw in enumerate(text):
        if index < behind:
            continue
        plain = _READ_AS_WRITTEN.match(text, index)
        if plain is not None and plain.end() > index:  # most of a text at once
            behind = plain.end()
            chars.extend(plain.group().lower())
            begins.extend(range(index, behind))
            ends.extend(range(index + 1, behind + 1))
            marks = 0
            continue
        shown = "" if raw in "²³" and (not chars or chars[-1] not in "mM") else _shown(raw)
        if shown == "":
            continue
        if shown is None:  # a combining mark joins the letter before it
            marks += 1
            if chars and marks <= _MARKS_KEPT:
                chars[-1] = _marked(chars[-1], raw)
                ends[-1] = index + 1
            continue
        marks = 0
        for char in shown:
            chars.append(char)
            begins.append(index)
            ends.append(index + 1)
    return "".join(chars), begins, ends


def _marked(char: str, mark: str) -> str:
    """The letter with one more mark; hats go under tones whichever was typed first; a foreign mark is dropped."""
    letters = list(unicodedata.normalize("NFD", char))
    base, marks = letters[0], letters[1:]
    marks = [m for m in marks if m not in TONES] + [mark] + [m for m in marks if m in TONES]
    joined = unicodedata.normalize("NFC", base + "".join(marks))
    if len(joined) > 1:
        joined = unicodedata.normalize("NFC", unicodedata.normalize("NFC", char) + mark)
    return joined if len(joined) == 1 else char


@lru_cache(maxsize=8192)
def _shown(char: str) -> str | None:
    """What one character is read as: "" for invisible ones, None for a combining mark."""
    if char in "\n\t|":
        return char
    if char in "\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if _DROPPED.match(char):
        return ""
    category = unicodedata.category(char)
    if category == "Cf" or char in "\ufffc\u3164\u115f\u1160\u2800":  # joins, isolates, object and blank letters
        return ""
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    if category in ("Mn", "Me"):
        return None
    if category == "Zs":
        return " "
    if category == "Cc":
        return " "
    if category == "No" and not char.isdigit():  # ½ and its like are not part of any number style
        return "?"
    if category == "No" and char not in "²³":  # ① numbers a list
        return "•"
    return "".join(_one(c) for c in unicodedata.normalize("NFKC", char)) or ""


def _one(char: str) -> str:
    lowered = char.lower()
    return lowered if len(lowered) == 1 else lowered[:1]
