"""The words people give as commands, on every channel, in any case, with or without diacritics and slash."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reporting.text.spelling import without_telex
from reporting.text.words import folds, tokens_of

Command = Literal[
    "start", "report", "show", "correct", "submit", "leave", "later", "progress", "totals", "petition", "mydata",
    "erase", "help", "none", "before", "keep", "back", "right", "unit", "issue", "handover", "link",
    "snooze", "fewer", "remind", "calendar", "stop", "hot",
]  # fmt: skip

# Words that are a command when they are the whole message.
_WHOLE: dict[str, Command] = {
    "bc": "report", "bao cao": "report", "baocao": "report", "bat dau": "report", "bat dau bao cao": "report",
    "xem": "show", "xem lai": "show", "xem bao cao": "show",
    "sua": "correct",
    "gui": "submit", "gui bao cao": "submit", "nop": "submit", "nop bao cao": "submit",
    "huy": "leave", "thoat": "leave", "de sau": "later",
    "tien do": "progress", "tiendo": "progress",
    "tong hop": "totals", "tonghop": "totals",
    "kien nghi": "petition", "kiennghi": "petition", "de xuat": "petition",
    "du lieu": "mydata", "dulieu": "mydata", "du lieu cua toi": "mydata",
    "xoa": "erase", "xoa du lieu": "erase", "xoa du lieu cua toi": "erase",
    "ngung": "stop", "ngung su dung": "stop", "ngung dung": "stop", "rut dong y": "stop", "rut lai dong y": "stop",
    "diem nong": "hot", "diemnong": "hot", "bao diem nong": "hot", "bao cao diem nong": "hot",
    "tro giup": "help", "trogiup": "help", "help": "help", "menu": "help", "huong dan": "help",
    "start": "start",
    "khong phat sinh": "none", "kps": "none",
    "nhu ky truoc": "before", "nhu quy truoc": "before",
    "nhu cu": "keep", "giu nguyen": "keep", "khong doi": "keep", "khong thay doi": "keep", "van nhu cu": "keep",
    "quay lai": "back", "lui": "back", "lui lai": "back", "cau truoc": "back",
    "dung": "right", "dung roi": "right",
    "don vi": "unit", "donvi": "unit", "doi don vi": "unit", "chon don vi": "unit",
    "cap ma": "issue", "capma": "issue", "ma": "issue",
    "ban giao": "handover", "bangiao": "handover",
    "nhac toi toi nay": "snooze", "toi nay nhac": "snooze", "toi nay nhac toi": "snooze", "nhac toi nay": "snooze",
    "nhac sau": "snooze", "nhac lai sau": "snooze", "nhac toi sau": "snooze", "mai nhac": "snooze",
    "mai nhac toi": "snooze", "nhac toi mai": "snooze", "mai nhac lai": "snooze", "ngay mai nhac toi": "snooze",
    "it tin hon": "fewer", "it tin": "fewer", "tat nhac": "fewer", "chi nhac han cuoi": "fewer",
    "bot nhac": "fewer", "muc nhac": "fewer",
    "nhac giup": "remind", "nhacgiup": "remind",
    "lich": "calendar", "lich thang nay": "calendar", "lich thang": "calendar", "lich thang sau": "calendar",
    "lien ket": "link", "lienket": "link", "lien ket tai khoan": "link",
}  # fmt: skip

# Words that are a command when more follows, which is then what the command is about.
_LEADING: dict[str, Command] = {
    "start": "start",
    "diem nong": "hot",
    "diemnong": "hot",
    "bao diem nong": "hot",
    "bao cao diem nong": "hot",
    "sua lai": "correct",
    "sua": "correct",
    "kien nghi": "petition",
    "kiennghi": "petition",
    "cap ma": "issue",
    "capma": "issue",
    "lich thang": "calendar",
    "tong hop": "totals",
    "tonghop": "totals",
}


MOST_OF_CLUSTER = 60  # characters of "tổng hợp cụm …"; longer is a report

# Courtesies around a word of the report: "em gửi báo cáo nhé", "cho em xem lại với ạ".
_AROUND = folds("ạ dạ vâng em tôi mình anh chị đồng bạn bot ơi cho xin muốn đi nhé nha với giúp hộ luôn rồi xong thế")
_MAY_BE_COURTEOUS = frozenset(["report", "show", "submit", "none", "before", "keep", "back", "help"])
_MOST_COURTEOUS = 8  # words; more is a sentence

# Asked in a sentence: whether the own report has arrived, and by when it is owed.
_ASKS_SENT = re.compile(r"\b(?:gui|nop|nhan)(?: duoc)?(?: bao cao| bc)?(?: cho \w+)? chua\b")
_ASKS_DUE = re.compile(r"\bhan (?:nop|cuoi|bao cao|chot)\b|\bhet han\b")
_WHEN = re.compile(r"\b(?:nao|bao gio|may)\b|^han (?:nop|bao cao)(?: bao cao)?$")
_MOST_ASKED = 60  # characters; longer is a petition

_KNOWN = frozenset(word for phrase in (*_WHOLE, *_LEADING) for word in phrase.split())


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command and what followed it, as written."""

    command: Command
    rest: str = ""


def folded(text: str) -> str:
    """The words of a text in plain lower-case letters, single spaces between; no marks."""
    return " ".join(token.fold for token in tokens_of(text) if token.kind in ("word", "number"))


@lru_cache(maxsize=64)  # asked several times about one message, between other people's
def spoken(text: str) -> Spoken | None:
    """The command a message gives, or None when it is something else."""
    words = [token for token in tokens_of(text[:200]) if token.kind in ("word", "number")]
    said = [without_telex(token.fold, _KNOWN) for token in words]
    whole = " ".join(said)
    if whole in _WHOLE and len(text) <= 100:
        stops = whole == "dung" and words[0].text.casefold() == "dừng"  # "dừng" is no "đúng"
        return Spoken("leave" if stops else _WHOLE[whole])
    core = _WHOLE.get(" ".join(fold for fold in said if fold not in _AROUND)) if len(said) <= _MOST_COURTEOUS else None
    if core in _MAY_BE_COURTEOUS and "?" not in text:
        return Spoken(core)
    if asked := _asked(text, whole):
        return asked
    for length in (4, 3, 2, 1):
        command = _LEADING.get(" ".join(said[:length]))
        if command and len(words) > length and not text[: words[0].start].strip(" /\t\n"):
            rest = text[words[length - 1].end :].strip(" :,-–\t\n")
            # "Sửa chữa 2,5 km đường" reports a road; "sửa cây xanh 150" corrects a value.
            if command == "correct" and words[1].fold in ("chua", "duong") and length == 1:
                return None
            # "Tổng hợp 2 tháng: …" reports; "tổng hợp cụm 2" asks for a cluster.
            if command == "totals" and (words[length].fold != "cum" or len(text) > MOST_OF_CLUSTER):
                return None
            return Spoken(command, rest)
    return None


def _asked(text: str, plain: str) -> Spoken | None:
    """A question about the own report, which `tiendo` answers; what it asks stands in the rest."""
    if len(text) > _MOST_ASKED or any(char.isdecimal() for char in text):
        return None
    if _ASKS_DUE.search(plain) and ("?" in text or _WHEN.search(plain)):
        return Spoken("progress", "due")
    if _ASKS_SENT.search(plain) and ("?" in text or plain.endswith("chua")):
        return Spoken("progress", "sent")
    return None


def may_be_figures(command: Spoken) -> bool:
    """Whether what begins like a command may be a clause of a report: "Cấp mã định danh cho 20 bạn"."""
    rest = folded(command.rest)
    if command.command == "calendar":
        return bool(rest) and re.fullmatch(r"\d{1,2}|nay|sau", rest) is None
    return command.command == "issue" and any(word.isdecimal() for word in rest.split())
