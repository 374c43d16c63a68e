"""A report's text in; its hot spots and petitions, and the text left to be read for figures, out."""

import re
import unicodedata
from dataclasses import dataclass, field

_HOT = r"(?:diem\s+nong|diemnong)\b"
# "dạ em xin báo điểm nóng: …", "tình hình điểm nóng: …"
_BEFORE_HOT = (
    r"(?:(?:da|em|toi|va|ngoai ra|xin|bao cao|bao|thong bao|phan anh|co|ve|cac|tinh hinh|van de)[ \t:,]+){0,5}"
)
_PETITION = (
    r"(?:cac\s+)?(?:kien\s+nghi|kiennghi|de\s+xuat)(?:[ ,/&–-]+(?:va\s+)?(?:de\s+xuat|kien\s+nghi))?"
    r"\s{0,3}(?:\([^()\n]{0,20}\))?\s{0,3}:"
)
_MARK = r"(?:(?:muc |cau |phan )?(?P<number>\d{1,2}(?:\.\d{1,2}){0,2}|[ivx]{1,4}|[a-h])[^\w\n]{1,8})?"
_OPENS = rf"[^\w\n]{{0,12}}{_MARK}"
_INSIDE = r"(?:[;,.][ \t]+(?P<number>\d{1,2}[.)/][ \t]*)?|[ \t](?P<mark>\d{1,2}[.)/])[ \t]*)"
_HEADS = rf"(?:(?P<hot>{_BEFORE_HOT}{_HOT})|(?P<petition>{_PETITION}))"
_AT_START = re.compile(_OPENS + _HEADS)
_IN_LINE = re.compile(_INSIDE + _HEADS)
_NEXT_MARK = re.compile(r"[ \t;,]\d{1,2}[.)/][ \t]")
_BULLET = re.compile(r"[ \t]*[-+*•–][ \t]*\S")
_LISTED = re.compile(r"[^\w\n]{0,12}(?:\d|[ivx]{1,4}[.)/])")

LATIN_ENDS = 0x2000
MOST_PARTS = 20  # found one by one; the next takes the rest of its line, so that the time stays linear

# "Điểm nóng: không có", "Kiến nghị: 0": nothing to be raised.
_NONE = frozenset(["khong", "chua", "ko", "k", "kps", "0", "00"])
_NONE_WITH = _NONE | frozenset(
    re.findall(
        r"\w+",
        "co gi phat sinh diem nong nao ghi nhan xay ra tren dia ban a hien tai kien nghi de xuat them neu trong ky nay",
    )
)


@dataclass(slots=True)
class Asides:
    """A text's hot spots and petitions, as written, and what is left of it to be read."""

    rest: str
    hot: list[str] = field(default_factory=list)
    petitions: list[str] = field(default_factory=list)


def asides_in(text: str, with_petitions: bool) -> Asides:
    """Takes out the lines and clauses that begin with "điểm nóng", and with "kiến nghị:" where asked for.

    A heading with nothing behind it takes the list below it, or the next line. Takes linear time.
    """
    found = Asides(text)
    plain = _folded(text)
    if "nong" not in plain and not (with_petitions and ("nghi" in plain or "xuat" in plain)):
        return found
    lines = text.splitlines()
    kept: list[str] = []
    index = 0
    while index < len(lines):
        line, index = lines[index], index + 1
        taken = False
        while (part := _part(line, with_petitions)) is not None:
            kind, start, begin, end, numbered = part
            if len(found.hot) + len(found.petitions) >= MOST_PARTS:
                end = len(line)
            content, below = line[begin:end], 0
            if end == len(line):
                below = _below(lines, index, content, numbered, line[start:begin])
                content = " ".join([content, *lines[index : index + below]])
            words = _worded(content)
            if not words or is_nothing(words):
                break
            (found.hot if kind == "hot" else found.petitions).append(words)
            line, index, taken = line[:start] + line[end:], index + below, True
        if not taken or any(char.isalnum() for char in line):
            kept.append(line)
    if found.hot or found.petitions:
        found.rest = "\n".join(kept).strip()
    return found


def _part(line: str, with_petitions: bool) -> tuple[str, int, int, int, bool] | None:
    """The first part to be taken out: its kind, where it, its content and its end are, whether it is numbered."""
    plain = _folded(line)
    at_start = _AT_START.match(plain)
    heads = [at_start] if at_start is not None else []
    for head in (*heads, *_IN_LINE.finditer(plain)):
        kind = "hot" if head["hot"] is not None else "petition"
        if kind == "petition" and not with_petitions:
            continue
        start, begin = head.start(), head.end()
        inside = head is not at_start
        if inside and head["mark"] is not None and not _follows(plain[:start], head["mark"]):
            start = head.end("mark")  # "cây xanh 30. Điểm nóng": the number is a figure
        numbered = head["number"] is not None or (inside and start == head.start() and head["mark"] is not None)
        end = len(line)
        if inside and line[start] == ";" and ";" in line[begin:]:
            end = line.index(";", begin)
        elif numbered and (following := _NEXT_MARK.search(plain, begin)) is not None:
            end = following.start()
        words = _worded(line[begin:end])
        if words and is_nothing(words):
            continue
        return kind, start, begin, end, numbered
    return None


def _follows(before: str, mark: str) -> bool:
    """Whether the mark is the next of a list that stands before it in the line."""
    return re.search(rf"(?<!\d){int(mark[:-1]) - 1}[.)/]", before) is not None


def _below(lines: list[str], index: int, content: str, numbered: bool, head: str) -> int:
    """How many of the lines below belong to a part that reaches the end of its line."""
    count, empty = 0, not _worded(content)
    mark = head.strip()[:1]
    capital = next((char for char in head if char.isalpha()), "").isupper()
    for line in lines[index:]:
        words = line.strip()
        if not words:
            break
        goes_on = capital and words[0].islower() and not _LISTED.match(_folded(words))
        only = not count and empty and not _LISTED.match(_folded(words)) and ":" not in words
        listed = (numbered or empty) and words[0] != mark and _BULLET.match(line) is not None
        if not (listed or goes_on or only):
            break
        count += 1
    return count


def _worded(content: str) -> str:
    return " ".join(content.split()).strip(" :,;-–")


def is_nothing(words: str) -> bool:
    """Whether the words say that there is nothing, and no more: "không có", "0"."""
    said = re.findall(r"\w+", _folded(words))
    return all(word in _NONE_WITH for word in said) and any(word in _NONE for word in said)


def _folded(text: str) -> str:
    """The text in plain small letters, each at the index it had."""
    return text.translate(_LETTERS)


def _letter(char: str) -> str:
    if char.isascii():
        return char.lower()
    if char in "đĐ":
        return "d"
    plain = unicodedata.normalize("NFD", char)[0].lower()
    return plain if len(plain) == 1 else char


class _Letters(dict[int, str]):
    """Each character's plain small letter, found out when it is met first."""

    def __missing__(self, char: int) -> str:
        plain = _letter(chr(char))
        if char < LATIN_ENDS:  # of all the others there are too many to be kept
            self[char] = plain
        return plain


_LETTERS = _Letters()
