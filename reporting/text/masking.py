"""A text in, the same with personal data masked out; figures and addresses stay.

Masked are telephone and citizen numbers, e-mail addresses, and full names. A figure never looks like one of them: it
has no leading zero and ten digits, no twelve digits in a row that begin with zero. A name is masked when a known
surname and at least one more capitalised word follow "đồng chí", "anh", "bà" and their like, or when it stands alone
with a usual middle name ("Lê Văn An"), and no word for an address stands before: "Chi đoàn thôn Bà Triệu", "trường Võ
Thị Sáu" and "em nuôi" stay (domain rule: minimum data).
"""

import re
import unicodedata

from reporting.text.word_lists import listed, loosely, one_of, written

_LONGEST_WORD = 12  # characters before a form of address in which the word before it stands

MASK = "***"

# Where a telephone number can begin: a plus sign, or a zero in a group of at least three digits ("0912", "(024)",
# "0084"), or all of 84 and nine more together. Dates, times and lists ("05.07.2025", "07.30 - 08.45", "09 12 34") begin
# with shorter groups, and "84.912.345.678" is eighty-four milliards.
_BEGINS = re.compile(r"(?<![\w.+])\(?(?:\+\d|0\d{2}|84\d{9}(?!\d))")
# The digits of a number, however they are divided.
_DIGITS = re.compile(r"\(?\+?\d(?:[ \xa0().\-/]{0,3}\d){7,14}")
_ENDS = re.compile(r"\d(?!\d)")
FEWEST_DIGITS = 8  # of a telephone number; the most are 15 by the rules of the world's numbering plan (E.164)
_CITIZEN = re.compile(
    r"(?<![\w.,])0\d{2}(?:\d{9}|([ .-])\d{3}\1(?:\d{6}|\d{3}\1\d{3})|([ .-])\d{4}\2\d{5}|\d([ .-])\d{4}\3\d{4})"
    r"(?![\w]|[.,]\d)"
)
_LABELLED = re.compile(
    rf"(?P<label>(?<!\w){loosely(listed('masking.citizen_numbers'))}(?: {one_of(listed('masking.number_sign'))})?"
    r"[ :.]{0,3})"
    r"(?:\d{12}|\d{9}|\d{3}([ -])\d{3}\2\d{3}(?:\2\d{3})?)"
    rf"(?![\w]|[.,]\d| ?{one_of(listed('masking.counted'))}\b)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")

# Forms of address; those that are also other words without their marks (bà: ba, chị: chi, bạn: ban) need them.
_ADDRESS = re.compile(
    # What may as well be followed by the name of a village or street: only a longer name is a person's.
    rf"(?<![\w/])(?:(?P<loose>{loosely(listed('masking.loose_address'))})|{one_of(listed('masking.address'))})"
    r"(?: {0,2}:)? {1,2}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_NEXT = re.compile(rf" ?[,;] ?| {one_of(listed('masking.and'))} ", re.IGNORECASE)
MOST_WORDS = 5  # of one name
MOST_ALONE = 4


_MIDDLE = listed("masking.middle_names")
_ALONE = re.compile(
    rf"(?<![\w-])([^\W\d_]+) (?={one_of(form for word in _MIDDLE for form in (word.title(), word.upper()))} [^\W\d_])"
)
_SURNAMES = written("masking.surnames")
_PLAIN = written("masking.plain_surnames")
_AFTER = written("masking.behind_a_name")
_ADDRESS_WORDS = written("masking.places")
_CALLED = _ADDRESS_WORDS | written("masking.called_by_a_name")
_KNOWN_ALONE = (_SURNAMES - written("masking.surnames_or_words")) | _PLAIN
_REVERED = written("masking.revered")
_NOT_MASKED = tuple(f"{called} " for called in listed("masking.not_masked"))


def masked(text: str) -> str:
    """The text with personal data replaced by "***"; anything else stays as written, in composed letters (NFC).

    Takes time linear in the length; masking twice changes nothing more.
    """
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if any(char.isdigit() for char in text):
        text = _LABELLED.sub(lambda found: found["label"] + MASK, text)
        text = _CITIZEN.sub(MASK, text)
        if _BEGINS.search(text):
            text = _without_telephones(text)
    if "@" in text:
        text = _MAIL.sub(MASK, text)
    return _without_names_alone(_without_names(text))


def _without_telephones(text: str) -> str:
    pieces: list[str] = []
    kept = 0
    for begun in _BEGINS.finditer(text):
        start = begun.start()
        if text[start - 1 : start] == "," and text[start - 2 : start - 1].isdigit() and start - 1 != kept:
            continue  # behind a decimal comma; a comma behind a number that is masked lists the next one
        if start >= kept and (end := _telephone_end(text, start)):
            start += (
                text[start] == "(" and ")" not in text[start:end]
            )  # "(0912345678)": the bracket is not of the number
            pieces += [text[kept:start], MASK]
            kept = end
    return "".join([*pieces, text[kept:]]) if pieces else text


def _telephone_end(text: str, start: int) -> int:
    """Where the number ends that Viet Nam's numbering plan, or after a plus sign any country's, knows; 0 for none."""
    if (run := _DIGITS.match(text, start)) is None:
        return 0
    # Imported here: it takes some 15 ms, and most runs of the program never meet a telephone number.
    from phonenumbers import NumberParseException, is_valid_number, parse

    groups = [found.end() for found in _ENDS.finditer(text, start, run.end() + 1) if found.end() <= run.end()]
    for end in reversed(groups):
        if sum(char.isdigit() for char in text[start:end]) < FEWEST_DIGITS:
            return 0
        try:
            if is_valid_number(parse(text[start:end], "VN")):
                return end
        except NumberParseException:
            return 0
    return 0


def _without_names(text: str) -> str:
    pieces: list[str] = []
    kept = 0
    for address in _ADDRESS.finditer(text):
        if address.start() < kept or _word_before(text, address.start()) in _ADDRESS_WORDS:
            continue
        start, end = address.end(), _name_end(text, address.end())
        name = text[start:end].lower()
        if f"{address[0].strip(' :').lower()} {name}".startswith(_NOT_MASKED):
            continue
        if address["loose"] and (name.count(" ") < 2 or name in _REVERED):
            continue
        while end > start:
            pieces += [text[kept:start], MASK]
            kept = end
            # "các đ/c Lê Văn An, Trần Thị Bình và Vũ Hà": the form of address stands for all of them.
            between = _NEXT.match(text, end)
            if between is None:
                break
            start, end = between.end(), _name_end(text, between.end())
    return "".join([*pieces, text[kept:]]) if pieces else text


def _without_names_alone(text: str) -> str:
    pieces: list[str] = []
    kept = 0
    for found in _ALONE.finditer(text):
        start = found.start()
        if start < kept or found[1].lower() not in _KNOWN_ALONE:
            continue
        end = _name_end(text, start, MOST_ALONE)
        name = text[start:end].lower()
        if name.count(" ") >= 2 and name not in _REVERED and _word_before(text, start) not in _CALLED:
            pieces += [text[kept:start], MASK]
            kept = end
    return "".join([*pieces, text[kept:]]) if pieces else text


def _name_end(text: str, start: int, most: int = MOST_WORDS) -> int:
    """Where the full name that begins at `start` ends; `start` itself where none does."""
    end = index = start
    for number in range(most):
        word = _WORD.match(text, index)
        if word is None or not word[0][0].isupper():
            break
        lower = word[0].lower()
        if number == 0 and lower not in _SURNAMES and lower not in _PLAIN:
            break
        if number and lower in _AFTER:
            break
        if number:
            end = word.end()
        index = word.end()
        if text[index : index + 1] != " ":
            break
        index += 1
    return end


def _word_before(text: str, index: int) -> str:
    begin = max(0, index - _LONGEST_WORD)
    words = text[begin:index].rstrip(" “\"'").split()
    return words[-1].lower() if words else ""
