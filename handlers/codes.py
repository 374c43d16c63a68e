"""One-time codes: how they are made, written, recognised and hashed."""

import hashlib
import re
import secrets

# Crockford's base 32: no I, L, O, U, so that a code read aloud or copied by hand stays itself.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
LINK_LENGTH = 26  # 130 bits: what a link or a QR code carries, and nobody types
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_SHAPE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A fresh code as it is typed: 50 random bits as "K7M2Q-9XD4R". Guessing is held back by limits of tries."""
    letters = ""
    while not letters or letters.isdigit() or letters.isalpha():
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def new_link_code() -> str:
    """A fresh code for a link: 130 random bits, beyond all guessing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LINK_LENGTH))


def is_link_code(code: str) -> bool:
    """Whether the code has the length of one that a link carries."""
    return len(bare(code)) == LINK_LENGTH


def bare(code: str) -> str:
    """The code without its dash, its letters as they are meant."""
    return code.upper().translate(_MISREAD)


def looks_like_code(text: str) -> bool:
    """Whether the text has the shape of a code, dash or not, in either case, and holds a digit and a letter.

    The mix keeps apart a word of ten letters and a telephone number of ten digits.
    """
    letters, text = bare(text), text.strip()
    # Before O is read as 0: "khoinghiep" is a word. With its dash a code may be all letters, all misread.
    word = text.isalpha() or text.isdigit()
    return (
        bool(_SHAPE.fullmatch(letters))
        and not (letters.isdigit() or letters.isalpha() or word)
        and len(text.split()) == 1
    )


def code_hash(code: str) -> str:
    """What is stored instead of the code."""
    return hashlib.sha256(bare(code).encode()).hexdigest()
