"""A message in, the act its words ask for out: on every channel, in any case, with or without marks and slash."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from handlers import permissions
from handlers.petition_words import NUMBER, names_petition
from handlers.routes import COURTESIES, ROUTES
from handlers.task_words import said_of_task
from reporting.numbers.quantities import quantities
from reporting.reading.asked import UNMET
from reporting.text.lexicon import in_plain_letters, in_plain_phrases
from reporting.text.spelling import without_telex
from reporting.text.words import Lexicon, Token, tokens_of
from reporting.time.as_written import may_name_period, period_asked
from storage.people.people import Role

_WHOLE = {word: route.act for route in ROUTES.values() for word in route.words.whole}
_NUMBERED = ("follow", "settle", "task")  # known by the number in them
_LEADING = {word: route.act for route in ROUTES.values() for word in route.words.leading if route.act not in _NUMBERED}
_WRITTEN = {word: route.act for route in ROUTES.values() for word in route.words.written}  # "dừng" is no "đúng"
_COURTEOUS = frozenset(route.act for route in ROUTES.values() if route.words.courteous)
_INSTEAD = {route.words.instead_of: route.act for route in ROUTES.values() if route.words.instead_of}
_KNOWN = frozenset(word for phrase in (*_WHOLE, *_LEADING) for word in phrase.split())

MOST_OF_WHOLE = 100  # characters of a word with what stands around it
MOST_OF_CLUSTER = 60  # characters of "tổng hợp cụm …"; longer is a report

# Acts that may be asked for a part of the province, and how such a part, or a file, is named.
_OF_AREAS = ("progress", "late", "unenrolled", "review")
_OF_PERIODS = ("progress", "late", "totals", "pack", "post", "speaking", "photos", "targets")
ANY_DAY = date(2000, 1, 1)  # whether a period is named is the same on every day
_AREAS = frozenset({"cum", "xa", "phuong", "dac", "doan"})
BRANCHES = in_plain_letters("asked_figures.branch_names")
_REPAIRS = in_plain_phrases("asked_figures.repairs")
_FILES = frozenset({"tep", "file", "excel", "xlsx"})
_MOST_OF_FILE = 3
_MOST_OF_NAME = 8  # words

_MOST_COURTEOUS = 8  # words; more is a sentence

# What is asked in a sentence: the act, and its words as pieces that follow each other.
_SENTENCES = [
    (route.act, tuple(Lexicon([(piece, True)]) for piece in sentence.split("…")))
    for route in ROUTES.values()
    for sentence in route.words.asked
]
_BEGINNINGS = Lexicon((sentence.split("…")[0], True) for route in ROUTES.values() for sentence in route.words.asked)
# Asked in a sentence: whether the own report has arrived, and by when it is owed.
_ASKS_SENT = re.compile(r"\b(?:gui|nop|nhan)(?: duoc)?(?: bao cao| bc)?(?: cho \w+)? chua\b")
_ASKS_DUE = re.compile(
    r"\bhan (?:nop|cuoi|bao cao|chot|khi|den|toi|ngay|la|may|bao gio)\b|\bhet han\b"
    r"|\b(?:khi nao|bao gio|may gio|ngay nao|hom nao)(?: thi)?(?: phai)? (?:gui|nop)\b|\b(?:gui|nop) truoc ngay nao\b"
)
# "nhắc cụm 2 chưa nộp", "nhắc giúp xã An Lộc chưa gửi báo cáo", "nhắc thôn Nam nộp"
_REMINDED = re.compile(
    rf"nhac (?:giup )?((?:{'|'.join((*in_plain_phrases('asked_figures.reminded'), *sorted(BRANCHES)))}) .+?)"
    rf" (?:{'|'.join(in_plain_phrases('asked_figures.reminded_of'))})"
)
# Behind "đơn vị nào": an item is asked about, not the report.
_OF_ITEM = re.compile(rf"\bchua (?:{'|'.join(in_plain_phrases('asked_figures.item_verbs'))})\b")
_WHEN = re.compile(r"\b(?:nao|bao gio|may)\b|^han (?:nop|bao cao)(?: bao cao)?$")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?;,])\s+|\n+")
_MOST_BESIDE = 300  # characters of figures with a question beside them
_ADVICE = frozenset(route.act for route in ROUTES.values() if route.word and route.word.room == "advice")
_MOST_ASKED = 80  # characters; longer is a petition


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command, which is an act of handlers/routes.py, and what followed it, as written."""

    command: str
    rest: str = ""


def leading_alone(text: str) -> str:
    """The act of a word that begins a sentence, where nothing follows it: "tài liệu"; of a petition's number alone,
    "KN 7"; '' of any other text.
    """
    return _LEADING.get(folded(text)) or ("follow" if NUMBER.fullmatch(text.strip()) else "")


def folded(text: str) -> str:
    """The words of a text in plain lower-case letters, single spaces between; no marks."""
    return " ".join(token.fold for token in tokens_of(text) if token.kind in ("word", "number"))


@lru_cache(maxsize=1 << 14)
def folded_name(name: str) -> str:
    """The same of a name that is stored: those of a whole province are compared with many a message."""
    return folded(name)


@lru_cache(maxsize=64)  # asked several times about one message, between other people's
def spoken(text: str) -> Spoken | None:
    """The command a message gives, or None when it is something else."""
    found = _spoken(text) or _of_period(text)
    if found is not None and found.command == "petition":
        inner = _spoken(found.rest)
        if inner is not None and inner.command == "hot":
            return inner  # "kiến nghị điểm nóng: …" is for the leaders alone
    return found


def _spoken(text: str) -> Spoken | None:
    if about_petition := names_petition(text):
        return Spoken(about_petition)
    if (of_task := said_of_task(text)) is not None:
        return Spoken("task" if of_task.state else "tasks")
    words = [token for token in tokens_of(text[:200]) if token.kind in ("word", "number")]
    said = [without_telex(token.fold, _KNOWN) for token in words]
    whole = " ".join(said)
    act = _WRITTEN.get(" ".join(word.text for word in words)) or _WHOLE.get(whole)
    if act is not None and len(text) <= MOST_OF_WHOLE:
        return Spoken(act)
    core = [fold for fold in said if fold not in COURTESIES] if len(said) <= _MOST_COURTEOUS else []
    act = _WHOLE.get(" ".join(core))
    if act in _COURTEOUS and "?" not in text:
        return Spoken(act)
    if asked := _asked(text):
        return asked
    for length in (5, 4, 3, 2, 1):
        command = _LEADING.get(" ".join(said[:length]))
        if command and len(words) > length and not text[: words[0].start].strip(" /\t\n"):
            rest = text[words[length - 1].end :].strip(" :,-–\t\n")
            return None if _is_of_report(command, words[length:], text) else Spoken(command, rest)
    return None


def _is_of_report(command: str, words: Sequence[Token], text: str) -> bool:
    """Whether what begins with a word of a command goes on like a clause of a report. words: those behind it."""
    short = len(text) <= MOST_OF_CLUSTER
    match command:
        case "correct":  # "Sửa chữa 2,5 km đường" reports a road; "sửa cây xanh 150" corrects a value.
            return " ".join(folded(text).split()[:2]) in _REPAIRS
        case (
            "totals"
        ):  # "Tổng hợp 2 tháng: …" reports; "tổng hợp cụm 2", "tổng hợp xã An Lộc" ask for a part of the province.
            return not (short and _names_part(words))
        case "stand_in":  # "Báo cáo thay mặt 3 đoàn viên" is a sentence; "nhập thay CD0101" names one unit.
            return not short or len(words) > _MOST_OF_NAME
        case "return":  # "Trả lại 5 triệu cho người mất" reports; "trả lại CD0101 mục cây xanh: …" gives a figure back.
            named = words[0].fold != "doan" and (_names_area(words) or words[0].fold in BRANCHES)  # it is told how
            return not named and not any(word.fold == "muc" for word in words)
    if command not in _OF_AREAS:
        return False
    # "Tiến độ công trình: …" reports; "tiến độ cụm 2", "chưa gửi xã An Lộc" ask for a part of the province.
    return not short or not (_names_area(words) or (command == "review" and _names_branch(words)))


def _of_period(text: str) -> Spoken | None:
    """A leader's word with a period or a cluster around it: "quý I chưa gửi cụm 3", "cụm 3 tiến độ"."""
    if len(text) > MOST_OF_CLUSTER or "\n" in text:
        return None
    words = [token.fold for token in tokens_of(text) if token.kind in ("word", "number")]
    named = period_asked(" ".join(words), ANY_DAY) if may_name_period(text) else None
    period = ""
    if named is not None:
        whole = " ".join(words)
        period, words = whole[named.start : named.end], f"{whole[: named.start]} {whole[named.end :]}".split()
    if words[:1] == ["cum"] and len(words) > 2:
        words = [*words[2:], *words[:2]]
    elif named is None:
        return None
    alone = _LEADING.get(" ".join(words))
    found = Spoken(alone) if alone is not None else _spoken(" ".join(words))
    if found is None or found.command not in _OF_PERIODS:
        return None
    return Spoken(found.command, f"{found.rest} {period}".strip())


def _names_area(words: Sequence[Token]) -> bool:
    """Whether what follows is a cluster, a unit above the branches or its code, or asks for the file."""
    first = words[0].fold
    coded = any(char.isdecimal() for char in first) and first[0].isalpha()
    return first in _AREAS or coded or (len(words) <= _MOST_OF_FILE and words[-1].fold in _FILES)


def _names_branch(words: Sequence[Token]) -> bool:
    """Whether what follows is a branch by its name and nothing that is counted."""
    return words[0].fold in BRANCHES and 1 < len(words) <= _MOST_OF_NAME and all(word.kind == "word" for word in words)


def _names_part(words: Sequence[Token]) -> bool:
    """Whether what follows is a cluster, or a unit and nothing that is counted."""
    counted = any(word.kind == "number" for word in words)
    return words[0].fold == "cum" or (not counted and (_names_area(words) or words[0].fold == "chi"))


def _asked(text: str) -> Spoken | None:
    """A question in a sentence of its own; one about the own report has in the rest what of it is asked."""
    if len(text) > _MOST_ASKED:
        return None
    plain = folded(text)
    if reminded := _REMINDED.fullmatch(plain):
        return Spoken("remind", reminded[1])
    if any(char.isdecimal() for char in text):
        return None
    if _ASKS_DUE.search(plain) and ("?" in text or _WHEN.search(plain)):
        return Spoken("progress", "due")
    if _ASKS_SENT.search(plain) and ("?" in text or plain.endswith("chua")):
        return Spoken("progress", "sent")
    tokens = tokens_of(text)
    sentences = _SENTENCES if _BEGINNINGS.anywhere(tokens, 0, len(tokens)) else ()
    found = next((Spoken(act, "asked") for act, pieces in sentences if _follow(pieces, tokens)), None)
    figures = found is not None and (_OF_ITEM.search(plain) or any(f" {one}" in f" {plain}" for one in UNMET))
    return None if figures else found  # "đơn vị nào chưa đạt"


def asked_beside(text: str) -> tuple[str, str] | None:
    """The figures of a message and the act that the question before or behind them asks for; None for any other.

    Only a question that has its answer here; any other may be about the figures themselves, and nothing is read then.
    """
    cuts = list(_SENTENCE_ENDS.finditer(text)) if len(text) <= _MOST_BESIDE else []
    for first, cut in ((False, cuts[-1]), (True, cuts[0])) if cuts else ():
        parts = text[: cut.start()], text[cut.end() :]
        figures, question = parts[::-1] if first else parts
        asked = _asked(question)
        if asked is None or not (asked.rest == "due" or asked.command in _ADVICE):
            continue
        if quantities(figures) and not quantities(question):
            return figures, asked.command
    return None


def _follow(pieces: Sequence[Lexicon[bool]], tokens: Sequence[Token]) -> bool:
    at = 0
    for piece in pieces:
        found = (piece.at(tokens, start) for start in range(at, len(tokens)))
        end = next((met[0] for met in found if met is not None), None)
        if end is None:
            return False
        at = end
    return True


def may_be_figures(command: Spoken) -> bool:
    """Whether what begins like a command may be a clause of a report: "Cấp mã định danh cho 20 bạn"."""
    rest = folded(command.rest)
    if command.command == "calendar":
        return bool(rest) and re.fullmatch(r"\d{1,2}|nay|sau", rest) is None
    if command.command == "return":
        return "muc" not in rest.split()
    if command.command in ("aim", "unaim", "conclude"):
        return "\n" in command.rest  # a whole report that begins so
    return command.command == "issue" and any(word.isdecimal() for word in rest.split())


def meant(command: Spoken, roles: Sequence[Role]) -> str:
    """The act a command asks for: who may not do it may have another one by the same words."""
    other = _INSTEAD.get(command.command)
    return command.command if other is None or permissions.may(command.command, roles) else other
