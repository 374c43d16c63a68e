"""A text in, its words out: cleaned, folded to plain letters, each traceable to the text as it was written."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Literal, TypeVar

from reporting.text.cleaning import TONES, cleaned
from reporting.text.word_lists import listed, one_of

TokenKind = Literal["word", "number", "mark", "cell", "line"]

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*)"
    rf"|(?P<word>(?<=[0-9])[^\W\d_]+|{one_of(listed('letters.words_with_a_mark'))}(?![^\W\d_])|[^\W\d_][^\W_]*|\d+)"
    r"|(?P<line>\n)|(?P<cell>\t|\|)|(?P<mark>(?<![0-9])[._]{3,}(?=[0-9])|[._]{5,}(?= ?[0-9])|[^\s])"
)


@dataclass(frozen=True, slots=True)
class WordForm:
    """How one word is spelt: plain letters, letters with their hats and horns, and its tone ("" when unmarked)."""

    fold: str
    letters: str
    tone: str

    @property
    def plain(self) -> bool:
        """Written without any Vietnamese mark."""
        return not self.tone and self.fold == self.letters


# Not frozen, because a text makes thousands and a frozen one takes three times as long; nobody changes one.
@dataclass(slots=True)
class Token:
    """One word, number, mark, table cell border or line end; `start` and `end` point into the original text.

    glued: nothing stands between this token and the one before it.
    """

    kind: TokenKind
    text: str
    form: WordForm
    start: int
    end: int
    glued: bool

    @property
    def fold(self) -> str:
        """The word in plain lower-case letters."""
        return self.form.fold


@lru_cache(maxsize=8192)
def form_of(word: str) -> WordForm:
    """The spelling of a clean lower-case word; where the tone mark stands (hòa, hoà) makes no difference."""
    if word.isascii():
        return WordForm(word, word, "")
    letters, tone = [], ""
    for char in unicodedata.normalize("NFD", word):
        if char in TONES:
            tone = tone or TONES[char]
        else:
            letters.append(char)
    composed = unicodedata.normalize("NFC", "".join(letters))
    return WordForm("".join(_plain_letter(char) for char in composed), composed, tone)


@lru_cache(maxsize=1024)
def _as_it_stands(piece: str) -> WordForm:
    return WordForm(piece, piece, "")


_STOPS = ("p", "t", "c", "ch")


def agrees(written: WordForm, meant: WordForm) -> bool:
    """Whether `written` may stand for `meant`: the same word, or the same with marks left out, never other marks.

    A word that carries any mark was typed with care: then only đ may be missing (bạn is not bận, môi not mỗi).
    """
    if written is meant:
        return True
    if written.fold != meant.fold:
        return False
    if written.plain:
        return True
    if not written.tone and written.letters == meant.letters and written.fold.endswith(_STOPS):
        return True  # "kêt", "tâp": such a syllable always bears a tone, so it was left out
    if written.tone and written.tone != meant.tone:
        return False
    if written.tone == meant.tone:
        return written.letters in (meant.letters, meant.letters.replace("đ", "d"))
    return written.letters == meant.fold.replace("d", "đ", 1)  # đvut, đoan: only the đ was marked


_BESIDE = 4


def typed_with_marks(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word close by bears marks, so that one without them is meant as it stands: "160 nha" are no houses."""
    beside = tokens[max(0, index - _BESIDE) : index + _BESIDE]
    return any(token.kind == "word" and not token.form.plain for token in beside)


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a message in order; takes time linear in its length and never fails."""
    return _of_short(text) if len(text) <= SHORT else _of_long(text)


def _read(text: str) -> tuple[Token, ...]:
    clean, begins, ends = cleaned(text)
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(clean):
        kind: TokenKind = match.lastgroup  # type: ignore[assignment]
        piece = match.group()
        if kind == "word" and piece[0].isdigit():  # a digit of another script: never read as a number
            kind, piece = "number", "?"
        start, end = match.span()
        if kind == "number" and found and found[-1].text in _LEADING:
            _led_by_a_colon(found)
        if kind == "mark" and piece in "‐‑‒–—−―":
            piece = "-"
        elif kind == "mark" and len(piece) > 1:
            piece = ":"  # "sinh hoạt.....3 buổi": dots that lead to a figure
        if kind == "mark" and unicodedata.category(piece)[0] in "SC" and piece not in "=+<>~^$%":
            piece = ">" if piece in "→➔➜➝➞➡⇒⟶" else piece
            piece = "≈" if piece in "≈≃≅∼" else "×" if piece in "×✕✖" else "≥" if piece in "≥⩾" else piece
            piece = piece if piece in "≈×≥>" else "•"
        if kind == "mark" and piece in "“”„‟«»\"'‘’":
            piece = '"'
        written = form_of(piece) if kind == "word" else _as_it_stands(piece)
        found.append(Token(kind, piece, written, begins[start], ends[end - 1], start == last))
        last = end
    return tuple(found)


_LEADING = frozenset({"=", ">"})


def _led_by_a_colon(found: list[Token]) -> None:
    """ "cây = 40", "cây -> 40": behind a word such a mark leads to its figure as a colon does."""
    if len(found) < 2:
        return
    last = found.pop()
    if last.text == ">" and len(found) > 1 and found[-1].text == "-" and last.glued:
        first = found.pop()
        if found[-1].kind != "word":
            found += [first, last]
            return
        last = Token("mark", ":", _as_it_stands(":"), first.start, last.end, first.glued)
    elif found[-1].kind == "word":
        last = Token("mark", ":", _as_it_stands(":"), last.start, last.end, last.glued)
    found.append(last)


# What reads one message asks for its words several times, between other people's messages: so much is kept, no more.
SHORT = 400  # characters
_of_short = lru_cache(maxsize=64)(_read)
_of_long = lru_cache(maxsize=4)(_read)


@lru_cache(maxsize=4096)
def _plain_letter(char: str) -> str:
    if char == "đ":
        return "d"
    return unicodedata.normalize("NFD", char)[0]


def source_of(text: str, tokens: Sequence[Token], first: int, last: int) -> str:
    """The original words from token `first` to token `last`, both included, without edge spaces."""
    return text[tokens[first].start : tokens[last].end].strip() if first <= last else ""


Payload = TypeVar("Payload")


class Lexicon(Generic[Payload]):
    """Phrases and what they stand for, matched word by word: the longest phrase wins.

    A phrase may be written with fewer marks than it has here, never with other ones.
    """

    __slots__ = ("_ends", "_root")

    def __init__(self, phrases: Iterable[tuple[str, Payload]] = ()) -> None:
        self._root: _TrieNode[Payload] = _TrieNode()
        self._ends: set[str] = set()  # the last words of all phrases in plain letters
        for phrase, payload in phrases:
            self.add(phrase, payload)

    def add(self, phrase: str, payload: Payload) -> None:
        """Adds one phrase; a later one of the same spelling replaces it."""
        node, last = self._root, ""
        for token in tokens_of(phrase):
            node = node.step(token.form)
            last = token.form.fold
        node.payload = payload
        self._ends.add(last)

    def at(self, tokens: Sequence[Token], index: int) -> tuple[int, Payload] | None:
        """The longest phrase that starts at `index`: the index after it and its payload."""
        end = len(tokens)
        if index >= end:
            return None
        form = tokens[index].form
        begun = self._root.edges.get(form.fold)
        if begun is None:
            return None
        if len(begun) == 1:  # most often nothing goes on behind the first word
            meant, only = begun[0]
            if meant is not form and not agrees(form, meant):
                return None
            if index + 1 >= end or tokens[index + 1].form.fold not in only.edges:
                return None if only.payload is None else (index + 1, only.payload)
        best: tuple[int, Payload] | None = None
        edges = [edge for edge in begun if edge[0] is form or agrees(form, edge[0])]
        while edges:
            if len(edges) > 1:  # the same word first, then words whose marks were left out
                edges.sort(key=lambda edge: edge[0] != form)
            index += 1
            for _, node in edges:
                if node.payload is not None:
                    best = (index, node.payload)
                    break
            if index >= end:
                break
            form = tokens[index].form
            edges = [
                edge
                for _, node in edges
                if node.edges
                for edge in node.edges.get(form.fold, ())
                if edge[0] is form or agrees(form, edge[0])
            ]
        return best

    def anywhere(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Whether some phrase starts at one of the indexes [first, last)."""
        edges = self._root.edges
        for index in range(max(first, 0), min(last, len(tokens))):
            if tokens[index].form.fold in edges and self.at(tokens, index) is not None:
                return True
        return False

    def starts(self, tokens: Sequence[Token]) -> list[int]:
        """Where the phrases start."""
        edges = self._root.edges
        return [at for at, t in enumerate(tokens) if t.form.fold in edges and self.at(tokens, at) is not None]

    def begins(self, fold: str) -> bool:
        """Whether some phrase begins with this word in plain letters."""
        return fold in self._root.edges

    def ending(self, tokens: Sequence[Token], index: int, longest: int = 4) -> tuple[int, Payload] | None:
        """The longest phrase that ends just before `index`: where it starts and its payload."""
        if index < 1 or tokens[index - 1].form.fold not in self._ends:
            return None
        for start in range(max(0, index - longest), index):
            found = self.at(tokens, start)
            if found is not None and found[0] == index:
                return start, found[1]
        return None


class _TrieNode(Generic[Payload]):
    __slots__ = ("edges", "payload")

    def __init__(self) -> None:
        self.edges: dict[str, list[tuple[WordForm, _TrieNode[Payload]]]] = {}
        self.payload: Payload | None = None

    def step(self, form: WordForm) -> "_TrieNode[Payload]":
        choices = self.edges.setdefault(form.fold, [])
        for meant, node in choices:
            if meant == form:
                return node
        made: _TrieNode[Payload] = _TrieNode()
        choices.append((form, made))
        return made


def words(phrases: str) -> Lexicon[bool]:
    """A lexicon of phrases given in one string, separated by commas."""
    return Lexicon((phrase.strip(), True) for phrase in phrases.split(",") if phrase.strip())


def folds(text: str) -> frozenset[str]:
    """Single words given in one string, in plain letters."""
    return frozenset(form_of(word).fold for word in text.split())


class Spellings:
    """Single words that may be written without marks, never with other ones."""

    def __init__(self, *texts: str) -> None:
        self._forms: dict[str, list[WordForm]] = {}
        for text in texts:
            for word in text.split():
                form = form_of(word)
                self._forms.setdefault(form.fold, []).append(form)

    def has(self, form: WordForm) -> bool:
        """Whether the word is one of these."""
        return any(agrees(form, meant) for meant in self._forms.get(form.fold, ()))
