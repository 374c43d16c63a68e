"""Messages that are read exactly, changed in ways that change no figure: they have to be read the same.

`python tests/changed_messages.py` prints the figures of all of them; the tests take a sample.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.resources import load_catalogue, load_forms
from reporting.figures.catalogue import Indicator, Level
from reporting.figures.values import plain
from reporting.numbers.quantities import placed_quantities
from reporting.reading.found.scopes import scopes_of
from reporting.reading.outcome import Reading
from reporting.reading.reader import read
from reporting.text.lexicon import CORRECTION_WORDS, NOT_THIS_BUT
from reporting.text.words import tokens_of

CATALOGUE = load_catalogue(None)
FORMS = load_forms(CATALOGUE)
MESSAGES = Path(__file__).parent / "reading"
LONGEST = 160  # characters: what is said in one breath

Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Message:
    """One message with the values it gives; `named`: the indicators it names at all."""

    text: str
    level: Level
    expect: Values
    named: frozenset[str]


def amounts(reading: Reading) -> Values:
    return {r.code: plain(r.value.amount, CATALOGUE[r.code].kind) for r in reading.values}


def rows() -> Iterator[dict[str, Any]]:
    for path in sorted(MESSAGES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


@cache
def read_exactly() -> tuple[Message, ...]:
    """The one-line messages that are read exactly, without a question, and speak of nothing but what was done."""
    found = []
    for row in rows():
        text, level = row["text"].strip(), row.get("level", "doan_co_so")
        if len(text) > LONGEST or any(mark in text for mark in "\n\t|") or not row["expect"] or not only_done(text):
            continue
        if "1)" in text or text.startswith("1.") or row.get("asked"):
            continue  # a list of its own inside the line; a reply that needs its question
        reading = read(text, CATALOGUE, level)
        clear = not reading.asks and all(decision.fate == "stored" for decision in reading.decisions)
        if clear and all(row["expect"].values()) and amounts(reading) == row["expect"]:
            found.append(Message(text, level, row["expect"], reading.named))
    return tuple(found)


def only_done(text: str) -> bool:
    """Whether no plan, target, comparison, total, part, question or correction is in it: those reach over a join."""
    tokens = tokens_of(text)
    scopes = scopes_of(tokens, [False] * len(tokens))
    if any(one.mode != "done" or one.part or one.total or one.question for one in scopes):
        return False
    return not any(CORRECTION_WORDS.at(tokens, at) or NOT_THIS_BUT.at(tokens, at) for at in range(len(tokens)))


def without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def end(text: str) -> str:
    return text.rstrip(" .!;ạ")


PREFIXES = ("Nội dung 1: ", "Việc 2: ", "Tiêu chí 4: ", "Hoạt động 2: ", "Phần 2: ", "2/ ", "Mục 1: ", "1. ")
GREETINGS = ("Em báo cáo ạ: ", "✅ ", "📌 ", "- ")
SUFFIXES = (" ở ngõ 3", " tại nhà văn hóa thôn 3", " dọc hẻm 12")
THANKS = (". Em cảm ơn anh chị ạ", ", em chỉ có vậy thôi ạ")
# How else people write the same: what leads to a figure, what they count in.
WRITTEN = {
    "equals": (r": (\d)", r" = \1"),
    "arrow": (r": (\d)", r" -> \1"),
    "times": (r"(\d+) buổi", r"\1 lần"),
    "anh em": (r"(?<=[ (])(\d+) bạn(?= |$|,|\.)", r"\1 anh em"),
}
JOINS = ("\n", ". ", "; ", ", ", " và ", " + ")


def changes() -> dict[str, Callable[[Message], Message]]:
    """Every change of one message by its name."""

    def told(change: Callable[[str], str]) -> Callable[[Message], Message]:
        return lambda one: Message(change(one.text), one.level, one.expect, one.named)

    made: dict[str, Callable[[Message], Message]] = {}
    for words in (*PREFIXES, *GREETINGS):
        made[f"before: {words.strip()}"] = told(lambda text, words=words: words + text)  # type: ignore[misc]
    for words in THANKS:
        made[f"behind: {words.strip(' ,.')}"] = told(lambda text, words=words: end(text) + words)  # type: ignore[misc]
    for words in SUFFIXES:
        made[f"behind: {words.strip()}"] = told(lambda text, words=words: end(text) + words)  # type: ignore[misc]
    made["without marks"] = told(without_marks)
    for what, (old, new) in WRITTEN.items():
        made[what] = told(lambda text, old=old, new=new: re.sub(old, new, text))  # type: ignore[misc]
    made["capitals"] = told(str.upper)
    made["small letters"] = told(str.lower)
    made["other numbers"] = other_numbers
    return made


def other_numbers(one: Message) -> Message:
    """Every plain count that is stored under itself, one larger, where that stays the same kind of number."""
    text, expect = one.text, dict(one.expect)
    if "%" in text or "(" in text:  # no number of them can change alone
        return one
    tokens = tokens_of(text)
    for placed in reversed(placed_quantities(text, tokens)):
        digits = tokens[placed.digits]
        codes = [code for code, value in one.expect.items() if digits.text == str(value)]
        once = sum(token.text == digits.text for token in tokens) == 1
        if len(codes) != 1 or not once or not 11 <= int(digits.text if digits.text.isdigit() else 0) <= 800:
            continue
        text = text[: digits.start] + str(int(digits.text) + 1) + text[digits.end :]
        expect[codes[0]] = int(digits.text) + 1
    return Message(text, one.level, expect, one.named)


def joined(separator: str, count: int) -> list[Message]:
    """So many pairs of messages that name different things, joined."""
    rnd, found = Random(7), []
    while len(found) < count:
        one, two = rnd.sample(read_exactly(), 2)
        if one.level != two.level or one.named & two.named or set(one.expect) & set(two.expect):
            continue
        if separator == " + " and one.text[-1].isdigit() and two.text[0].isdigit():
            continue  # "ưu tú 1 + 2 lớp": that plus adds
        second = two.text[0].lower() + two.text[1:] if separator in (", ", " và ", " + ") else two.text
        text = end(one.text) + separator + second
        found.append(Message(text, one.level, {**one.expect, **two.expect}, one.named | two.named))
    return found


@dataclass(slots=True)
class Figures:
    """How many of some messages are read exactly, and those with a wrong value."""

    count: int
    exact: int
    wrong: list[tuple[str, Values, Values]]

    @property
    def share(self) -> float:
        return 100 * self.exact / self.count


def figures(messages: Sequence[Message], asked: Callable[[Message], Iterator[Sequence[Indicator]]]) -> Figures:
    """Reads all of them, each with every open question that `asked` gives."""
    found = Figures(0, 0, [])
    for one in messages:
        for question in asked(one):
            got = amounts(read(one.text, CATALOGUE, one.level, question))
            wrong = {code: value for code, value in got.items() if one.expect.get(code) != value}
            found.count += 1
            found.exact += got == one.expect
            if wrong:
                found.wrong.append((one.text, wrong, one.expect))
    return found


def pasted(one: Message) -> Iterator[Sequence[Indicator]]:
    """As a paste: no question is open."""
    yield ()


def replied(one: Message) -> Iterator[Sequence[Indicator]]:
    """As a reply to each of the questions that the message is about."""
    for question in FORMS.form(one.level, "quy").questions:
        if {indicator.code for indicator in question.indicators} & (one.named | set(one.expect)):
            yield question.indicators


if __name__ == "__main__":
    everything = read_exactly()
    print(f"{len(everything)} messages")
    for path, way in (("paste", pasted), ("reply", replied)):
        for name, change in changes().items():
            got = figures([change(one) for one in everything], way)
            print(f"{path:6} {name:32} {got.count:5} {got.share:6.1f} % exact, {len(got.wrong)} wrong")
        for mark in JOINS:
            got = figures(joined(mark, 600), way)
            print(f"{path:6} joined by {mark!r:22} {got.count:5} {got.share:6.1f} % exact, {len(got.wrong)} wrong")
