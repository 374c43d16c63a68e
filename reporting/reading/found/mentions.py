"""Words of a message in, the indicators it names out, found by the catalogue's synonyms in one pass."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantity import Placed, Quantity
from reporting.numbers.units import ATTENDANCE, PERSON, UNIT_FOLDS, UNITS, family_of
from reporting.reading.found.measures import code_for, counted_in
from reporting.reading.found.phrases import phrases_of
from reporting.text.lexicon import POLITE, in_plain_letters, spelt
from reporting.text.short_forms import FILLERS
from reporting.text.word_lists import written
from reporting.text.words import Lexicon, Token, WordForm, agrees, tokens_of

_ANSWERING = in_plain_letters("reader.answering")
_AT = spelt("reader.at")

_ADMITS, _SUM_OF = in_plain_letters("reader.admits"), in_plain_letters("reader.sum_of")
_CLAUSE_END_WORDS = in_plain_letters("reader.clause_end_words")
_SKIPPED_MOST = 2
_AND, _NO_MORE = written("reader.joins"), written("rates.each_or_new")
_TAKING_PART = in_plain_letters("reader.begins_taking_part")
_JOINING = written("reader.joining_names") | {","}


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that names an indicator: tokens [first, last). A mention of several codes is ambiguous.

    around: the quantities (by position) written inside it, as in "kết nạp 18 đoàn viên". size: its words.
    whole: the label takes the rest of its clause with it (a synonym ending in " .").
    """

    codes: tuple[str, ...]
    first: int
    last: int
    size: int
    around: int | None = None


@dataclass(slots=True)
class _NameNode:
    edges: dict[str, list[tuple[WordForm, "_NameNode"]]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    to_end: tuple[str, ...] = ()


class Labels:
    """The synonyms of one catalogue, compiled."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._root = _NameNode()
        self._counted: dict[str | None, tuple[str, ...]] = {}
        vocabulary: set[str] = set()
        self.vetoes: dict[str, Lexicon[bool]] = {}
        self.companions: dict[str, Lexicon[bool]] = {}
        self.rates: dict[str, str] = {}
        self.wholes: set[str] = set()
        self.words_of: dict[str, set[str]] = {}
        self.spelt_of: dict[str, set[str]] = {}  # the words of the names as they are written
        self.short_names: dict[str, str] = {}  # in plain letters between spaces
        self.heads: dict[tuple[str, str], set[str]] = {}  # the first two words of names, and what they may begin
        self._codes: dict[tuple[str, str | None], str | None] = {}
        self._branch: list[tuple[str, str]] = []
        for indicator in catalogue.indicators.values():
            self.short_names[indicator.code] = f" {' '.join(token.fold for token in tokens_of(indicator.short))} "
            for phrase in phrases_of(indicator):
                vocabulary |= self._add(phrase, indicator.code)
            for phrase in indicator.in_branch:
                self._branch.append((phrase, indicator.code))
            if indicator.not_with:
                self.vetoes[indicator.code] = Lexicon((w, True) for w in indicator.not_with)
            if indicator.only_with:
                self.companions[indicator.code] = Lexicon((w, True) for w in indicator.only_with)
            if indicator.is_rate and indicator.numerator:
                self.rates[indicator.numerator] = indicator.code
                self.wholes.add(str(indicator.denominator))
        self.vocabulary = UNIT_FOLDS | vocabulary  # words that are right as they are written
        self.known = self.vocabulary | _ANSWERING  # and those that stand beside them
        self._branch_words: Lexicon[str] = Lexicon(self._branch)
        # those that somebody is admitted to
        self.joined = tuple(
            i.code
            for i in catalogue.indicators.values()
            if i.unit == PERSON and i.aggregation == "sum" and self.words_of.get(i.code, set()) >= _ADMITS
        )

    def begins(self, fold: str) -> bool:
        """Whether some name begins with this word in plain letters."""
        return fold in self._root.edges

    def counted_in(self, unit: str | None) -> tuple[str, ...]:
        """The codes that a number of this unit may count; () without a unit."""
        if unit not in self._counted:
            self._counted[unit] = counted_in(self.catalogue, unit)
        return self._counted[unit]

    def code_for(self, code: str, quantity: Quantity) -> str | None:
        """What a quantity beside a name of `code` counts, as `code_for` says, looked up once for each unit."""
        known = self._codes.get((code, quantity.unit), "")
        if known == "":
            known = self._codes[code, quantity.unit] = code_for(self.catalogue, code, quantity)
        return known

    def _add(self, phrase: str, code: str) -> set[str]:
        """Adds a synonym; returns its words in plain letters."""
        added: set[str] = set()
        to_end = phrase.endswith(" .")
        words = [token.form.fold for token in tokens_of(phrase) if token.kind == "word"]
        if len(words) > 1:
            self.heads.setdefault((words[0], words[1]), set()).add(code)
        node = self._root
        for token in tokens_of(phrase.removesuffix(" .")):
            if token.text == "#":
                continue
            added.add(token.form.fold)
            self.words_of.setdefault(code, set()).add(token.form.fold)
            self.spelt_of.setdefault(code, set()).add(token.text)
            choices = node.edges.setdefault(token.form.fold, [])
            node = next((n for meant, n in choices if meant == token.form), _NEW)
            if node is _NEW:
                node = _NameNode()
                choices.append((token.form, node))
        if to_end:
            node.to_end = tuple(dict.fromkeys((*node.to_end, code)))
        else:
            node.codes = tuple(dict.fromkeys((*node.codes, code)))
        return added

    def joined_names(
        self, tokens: Sequence[Token], placed: Sequence[Placed], found: Sequence[Mention]
    ) -> Iterable[Mention]:
        """ "phát triển 5 đoàn viên và 10 hội viên": the verb of a name around a number holds for the next one too."""
        for mention in found:
            if mention.around is None or mention.around + 1 >= len(placed):
                continue
            own, one = placed[mention.around], placed[mention.around + 1]
            if not 0 < own.first - mention.first <= _SKIPPED_MOST + 1 or one.tail >= one.last:
                continue
            between = tokens[max(own.last, mention.last) : one.first]
            if mention.last > one.first or not 0 < len(between) <= 2 or any(t.text not in _JOINING for t in between):
                continue
            if one.last < len(tokens) and tokens[one.last].fold in _TAKING_PART:
                continue  # "kết nạp 25 hội viên, 180 đoàn viên thanh niên tham gia 6 buổi": a verb of their own
            named = self._exact((*tokens[mention.first : own.first], *tokens[one.tail : one.last]))
            if named and named != mention.codes:
                yield Mention(named, one.first, one.last, one.last - one.tail + 1, mention.around + 1)

    def _exact(self, words: Sequence[Token]) -> tuple[str, ...]:
        """The codes that have exactly these words as a name."""
        nodes = [self._root]
        for token in words:
            nodes = [
                n for node in nodes for meant, n in node.edges.get(token.form.fold, ()) if agrees(token.form, meant)
            ]
        return next((node.codes for node in nodes if node.codes), ())

    def in_branch(self, tokens: Sequence[Token], placed: Sequence[Placed]) -> Iterable[Mention]:
        """Short words that name something only for a branch, straight before a number or behind one of sessions."""
        for one in placed:
            behind = self._branch_words.at(tokens, one.last) if family_of(one.quantity.unit) == "event" else None
            ends = behind is not None and (_clause_ends(tokens, behind[0]) or POLITE.at(tokens, behind[0]) is not None)
            if behind is not None and ends:  # "em có 3 buổi sinh hoạt"
                yield Mention((behind[1],), one.last, behind[0], 1)
            first = one.first
            while first > 0 and one.first - first < 3 and self._passed(tokens, first - 1):
                first -= 1
            found = self._branch_words.ending(tokens, first, 3)
            as_ever = one.quantity.unit is None and any(self._steadily(tokens, at) for at in range(first, one.first))
            if found is not None and not as_ever:  # "sinh hoạt thường xuyên 19" counts people
                yield Mention((found[1],), found[0], first, 1)

    def _passed(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a short word may stand before this one and its number behind it."""
        fold = tokens[place].form.fold
        if (
            fold == ":"
            or tokens[place].kind == "cell"
            or tokens[place].text in _NO_MORE
            or (FILLERS.begins(fold) and FILLERS.at(tokens, place) is not None)
        ):
            return True
        return self._steadily(tokens, place)

    def _steadily(self, tokens: Sequence[Token], place: int) -> bool:
        steadily = self.catalogue.plain_words.steadily
        return steadily.begins(tokens[place].form.fold) and steadily.at(tokens, place) is not None

    def longest(
        self, tokens: Sequence[Token], start: int, jumps: Mapping[int, tuple[int, Placed]], counted: bool
    ) -> Mention | None:
        """The longest name that starts there; `counted`: at the unit of a number, which no comma continues."""
        best: Mention | None = None
        # (node, place, fillers skipped, quantity jumped over, words matched)
        states: list[tuple[_NameNode, int, int, int | None, int]] = [
            (node, start + 1, 0, None, 1)
            for meant, node in self._root.edges[tokens[start].form.fold]
            if (node.codes or node.to_end or _goes_on(node, tokens, start + 1, jumps))
            and agrees(tokens[start].form, meant)
        ]
        if not states:
            return None
        steps = 0
        cut = range(0)  # where a name would end inside a unit: "sinh hoạt 14 đoàn|viên"
        while states and steps < 200:
            steps += 1
            node, place, skipped, around, size = states.pop()
            if node.codes or node.to_end:
                codes = node.codes or (node.to_end if _clause_ends(tokens, place) else ())
                inside = around is not None and place in cut
                # Of as many words the closest together, whichever was tried first.
                if codes and not inside and (best is None or (size, start - place) > (best.size, start - best.last)):
                    best = Mention(codes, start, place, size, around)
            if place >= len(tokens) or not node.edges:
                continue
            token = tokens[place]
            for meant, following in node.edges.get(token.form.fold, ()):
                if agrees(token.form, meant):
                    states.append((following, place + 1, skipped, around, size + 1))
            if place in jumps and around is None and tokens[place - 1].text != ",":
                number, placed = jumps[place]
                cut = range(placed.tail + 1, _unit_ends(tokens, placed))
                total = tokens[start].form.fold in _SUM_OF
                states.extend((node, to, skipped, number, size) for to in sorted(_beyond(placed, total)) if to > place)
            if counted and token.text in _JOINING:
                continue  # "200 lượt, dọn vệ sinh", "5 đoàn viên và kết nạp …": another thing begins
            if around is not None and (token.text == "," or token.text in _AND):
                continue  # "đoàn viên 32, kết nạp mới 4": the comma ends what the 32 counts
            # "kết nạp: 12 đoàn viên"
            if token.text == ":" and around is None and _counts_with_unit(jumps.get(place + 1)):
                states.append((node, place + 1, skipped + 1, around, size))
            if skipped < _SKIPPED_MOST and FILLERS.begins(token.form.fold) and FILLERS.at(tokens, place) is not None:
                states.append((node, place + 1, skipped + 1, around, size))
        return best


def _goes_on(node: _NameNode, tokens: Sequence[Token], place: int, jumps: Mapping[int, tuple[int, Placed]]) -> bool:
    """Whether a name whose first word was found can go on: with its next word, a filler, or its number."""
    if place >= len(tokens):
        return False
    fold = tokens[place].form.fold
    return fold in node.edges or fold == ":" or place in jumps or FILLERS.begins(fold)


def _counts_with_unit(jump: tuple[int, Placed] | None) -> bool:
    return jump is not None and jump[1].tail < jump[1].last


def _unit_ends(tokens: Sequence[Token], placed: Placed) -> int:
    """Where the unit behind a number ends: more may follow that belongs to the quantity ("300 cây, phần em 80")."""
    if placed.last - placed.tail < 2:
        return placed.last
    unit = UNITS.at(tokens, placed.tail)
    return placed.last if unit is None else min(unit[0], placed.last)


def _beyond(placed: Placed, total: bool) -> set[int]:
    """Where a synonym may go on behind a quantity: at its unit, inside a unit of several words, or after it."""
    if total and placed.quantity.unit == ATTENDANCE:  # "tổng 96 lượt đoàn viên" is no number of members
        return {placed.tail, placed.last}
    return {placed.tail, min(placed.tail + 1, placed.last), placed.last}


_NEW = _NameNode()


def _clause_ends(tokens: Sequence[Token], place: int) -> bool:
    if place >= len(tokens) or tokens[place].kind in ("line", "cell"):
        return True
    return (
        tokens[place].text in (",", ";", ".", ")", "•", ":", "+")
        or tokens[place].fold in _CLAUSE_END_WORDS
        or _AT.has(tokens[place].form)
    )


_COMPILED: dict[int, Labels] = {}
_COMPILED_MOST = 8


def labels_of(catalogue: Catalogue) -> Labels:
    """The compiled synonyms of a catalogue; compiled once per catalogue object."""
    labels = _COMPILED.get(id(catalogue))
    if labels is None or labels.catalogue is not catalogue:
        while len(_COMPILED) >= _COMPILED_MOST:
            _COMPILED.pop(next(iter(_COMPILED)), None)
        labels = _COMPILED[id(catalogue)] = Labels(catalogue)
    return labels
