"""One-time codes: made at random, written in groups, found in what people type, and hashed for the database."""

import hashlib
import re
import secrets
from unicodedata import normalize

# Crockford's base 32: no I, L, O, U, so that a code read aloud or copied by hand stays itself.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_GROUP = LENGTH // 2  # a code is written as two groups with a dash
_TYPED_LONGEST = 80  # characters of a text that may be a code with what is put around it
LINK_LENGTH = 26  # 130 bits: what a link or a QR code carries, and nobody types
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_SHAPE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
# What people and their keyboards put around and into a code: "mã", quotes, a full stop, a dash made longer.
_AROUND = re.compile(r"^\s*(?:m[ãa]\b[\s:]*)?[\s\"'“”‘’«»(\[]*|[\s\"'“”‘’«»)\].,;:!]*$", re.IGNORECASE)
_LINKED = re.compile(rf"start=[{ALPHABET}]{{{LINK_LENGTH}}}|\b[{ALPHABET}]{{{LINK_LENGTH}}}\b")
MOST_WITHIN = 5
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def new_code() -> str:
    """A fresh code as it is typed: 50 random bits as "K7M2Q-9XD4R". Guessing is held back by limits of tries."""
    letters = ""
    while not letters or letters.isdigit() or letters.isalpha():
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def new_link_code() -> str:
    """A fresh code for a link: 130 random bits, beyond all guessing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LINK_LENGTH))


def is_link_code(code: str) -> bool:
    """Whether the code has the length of one that a link carries."""
    return len(bare(code)) == LINK_LENGTH


def bare(code: str) -> str:
    """The code without its dash, its letters as they are meant."""
    return code.upper().translate(_MISREAD)


def typed_code(text: str) -> str:
    """The code that a text is, however it was typed: "mã “K7M2Q–9XD4R”.", "k7m2q 9xd4r"; '' if it is none.

    A code holds a digit and a letter, which keeps apart a word of ten letters and a telephone number.
    """
    code = _AROUND.sub("", normalize("NFC", text[:_TYPED_LONGEST])).translate(_DASHES)
    letters, parts = bare(code), code.split()
    if not _SHAPE.fullmatch(letters) or letters.isdigit() or letters.isalpha():
        return ""
    if len(parts) == 1:
        # Before O is read as 0: "khoinghiep" is a word. With its dash a code may be all letters, all misread.
        return "" if code.isalpha() or code.isdigit() else code
    # "Trong 12000" is an answer: of two groups apart, one has to be mixed itself.
    mixed = any(not part.isalpha() and not part.isdigit() for part in parts)
    return code if mixed and [len(bare(part)) for part in parts] == [_GROUP, _GROUP] else ""


def codes_within(text: str) -> list[str]:
    """The codes that stand in a longer text, typed or in a link, at most MOST_WITHIN."""
    words = normalize("NFC", text).translate(_DASHES).split()
    linked = [found.removeprefix("start=") for word in words for found in _LINKED.findall(word)]
    found = [typed_code(word) for word in words] + linked
    return list(dict.fromkeys(code for code in found if code))[:MOST_WITHIN]


def code_hash(code: str) -> str:
    """What is stored instead of the code."""
    return hashlib.sha256(bare(code).encode()).hexdigest()
