"""What a stretch of a report speaks of: what was done, a plan, a target, a comparison, a running total, a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reporting.numbers.units import UNITS
from reporting.reading.found.breaks import is_break
from reporting.reading.found.turns import Mode, State, proposes_ideas, turn_at, turns
from reporting.text.lexicon import (
    ASKING_ENDS,
    ASKING_WORDS,
    DONE_WORDS,
    FULFILLING_WORDS,
    OLDER_WORDS,
    PLAN_HEADINGS,
    REPORT_WORDS,
    STRONGLY_DONE,
    TERM_WORDS,
    THIS_PERIOD,
    in_plain_letters,
    phrases,
)
from reporting.text.words import Token

_TOTAL_REACH = 7
_COURTEOUS = in_plain_letters("reader.courteous_question")
_WHETHER, _OR_NOT = in_plain_letters("reader.asks_whether"), in_plain_letters("reader.or_not")
_WHICH, _OR_THE_OTHER = in_plain_letters("reader.which_of_two"), in_plain_letters("reader.or_the_other")
_PRICING = phrases("scopes.pricing_words")
_WHETHER_IT_COUNTS = phrases("reader.asks_whether_it_counts")
_QUESTION_LONGEST = 6  # words from "có" to "không"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one token's place in the text means for a number there."""

    mode: Mode
    part: bool
    total: bool
    question: bool


_scope = lru_cache(maxsize=64)(Scope)


def scopes_of(tokens: Sequence[Token], covered: Sequence[bool]) -> list[Scope]:
    """For every token its scope. `covered` marks commas inside a unit or a name, which divide nothing."""
    found: list[Scope] = []
    section: Mode = "done"
    place = 0
    while place < len(tokens):
        end = place
        while end < len(tokens) and (tokens[end].kind == "word" or not is_break(tokens[end]) or covered[end]):
            end += 1
        question = _is_question(tokens, place, end)
        section = _section(tokens, place, end, section)
        found.extend(_sentence(tokens, place, end, section, question, covered))
        if end < len(tokens):
            found.append(Scope(section, False, False, question))
        place = end + 1
    return found


def _is_question(tokens: Sequence[Token], start: int, end: int) -> bool:
    if end < len(tokens) and tokens[end].text == "?":
        return True
    if ASKING_WORDS.anywhere(tokens, start, min(end, start + 4)):
        return True
    last = end
    while last > start and tokens[last - 1].fold in _COURTEOUS:
        last -= 1
    asks = ASKING_ENDS.ending(tokens, last, 4) is not None or _asks_whether(tokens, start, last)
    return asks or _asks_which(tokens, start, last, end)


def _asks_whether(tokens: Sequence[Token], start: int, last: int) -> bool:
    """ "20 người cài rồi thì có tính không": no figure and no mark between the "có" and the "không" at the end, but
    in "có tính cả 5 triệu của trường không"."""
    if last - start < 2 or tokens[last - 1].fold not in _OR_NOT:
        return False
    if _WHETHER_IT_COUNTS.anywhere(tokens, start, last - 1):
        return True
    for place in range(last - 3, max(start, last - 1 - _QUESTION_LONGEST) - 1, -1):
        if tokens[place].kind != "word" or tokens[place + 1].kind != "word":
            return False
        if tokens[place].fold in _WHETHER:
            return any(token.kind == "number" for token in tokens[start:place])
    return False


def _asks_which(tokens: Sequence[Token], start: int, last: int, end: int) -> bool:
    """ "8 hay 18 vậy chị": one number or the other."""
    if not any(token.fold in _WHICH for token in tokens[last:end]):
        return False
    return any(
        tokens[place].fold in _OR_THE_OTHER and tokens[place - 1].kind == tokens[place + 1].kind == "number"
        for place in range(start + 1, last - 1)
    )


def _section(tokens: Sequence[Token], start: int, end: int, before: Mode) -> Mode:
    """A heading of plans holds until the next heading, or until the report turns back to results."""
    if start and tokens[start - 1].kind != "line":
        return before
    first = start
    while first < end and tokens[first].kind in ("mark", "number"):
        first += 1
    heading = (end < len(tokens) and tokens[end].kind == "line" and not _numbered(tokens, first, end)) or any(
        t.text == ":" for t in tokens[first : min(first + 10, end)]
    )
    if heading and _plans(tokens, first, end):
        return "plan"
    if REPORT_WORDS.anywhere(tokens, first, end) and not _numbered_units(tokens, first, end):
        if OLDER_WORDS.anywhere(tokens, first, end):
            return "earlier"
        if before == "earlier" and THIS_PERIOD.anywhere(tokens, first, end):
            return "done"
    ends = before == "plan" and ((heading and not _bulleted(tokens, start)) or _results_begin(tokens, first, end))
    return "done" if ends else before


def _plans(tokens: Sequence[Token], first: int, end: int) -> bool:
    """Whether a heading of plans begins there, before anything that was done."""
    for place in range(first, min(end, first + 8)):
        fold = tokens[place].form.fold
        if fold == ":" or (DONE_WORDS.begins(fold) and DONE_WORDS.at(tokens, place)):
            return False
        if PLAN_HEADINGS.begins(fold) and PLAN_HEADINGS.at(tokens, place):
            return not proposes_ideas(tokens, place) and FULFILLING_WORDS.ending(tokens, place, 2) is None
    return False


def _numbered_units(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a number counts something there; "quý 2" does not."""
    return any(
        tokens[at].kind == "number" and at + 1 < end and UNITS.at(tokens, at + 1) is not None
        for at in range(start, end)
    )


def _bulleted(tokens: Sequence[Token], start: int) -> bool:
    return start < len(tokens) and tokens[start].text in ("-", "+", "*", "•")


def _numbered(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(t.kind == "number" for t in tokens[start:end])


def _results_begin(tokens: Sequence[Token], start: int, end: int) -> bool:
    return STRONGLY_DONE.anywhere(tokens, start, min(end, start + 6))


def _sentence(
    tokens: Sequence[Token], start: int, end: int, section: Mode, question: bool, covered: Sequence[bool]
) -> list[Scope]:
    term = TERM_WORDS.anywhere(tokens, start, end)
    priced = section == "done" and _PRICING.anywhere(tokens, start, end)
    section = "plan" if priced else section
    state = State("cumulative" if term and section == "done" else section, future=section == "plan")
    total_until = -1
    found: list[Scope] = []
    said = (state.mode, state.part, False)
    same = _scope(*said, question)
    place = start
    while place < end:
        token = tokens[place]
        step = place + 1
        if token.kind == "word":
            if not covered[place] and turns(token.form.fold):
                turn = turn_at(tokens, place, state)
                step, state = turn.end, turn.state
                total_until = step + _TOTAL_REACH if turn.total else total_until
        elif token.kind == "mark":
            state = _behind_mark(token, state, term, covered[place])
            if token.text in (",", "(", ")") and not covered[place]:
                total_until = -1
        if step == place + 1:
            now = (state.mode, state.part, place < total_until)
            if now != said:
                said, same = now, _scope(*now, question)
            found.append(same)
        else:
            found.extend(
                _scope(state.mode, state.part, at < total_until, question) for at in range(place, min(step, end))
            )
        place = step
    return found[: end - start]


def _behind_mark(token: Token, state: State, term: bool, covered: bool) -> State:
    """A comma ends a comparison, and what it follows of a target may be what came of that."""
    if state.mode == "target" and token.text == ")" and not covered:
        return state.at("done")  # "cây xanh: 150 (kế hoạch 200), hiến máu: 9"
    divides = token.text == "," or (token.text == "-" and not token.glued)
    if state.mode == "target" and (divides or (token.text == "(" and not covered)):
        return state.at("after_target")  # even inside a name: "cây xanh, đã trồng 45 cây"
    if (
        token.text in (",", ")")
        and not covered
        and (state.mode == "compare" or (state.mode == "cumulative" and not term))
    ):
        return state.at("plan" if state.future else "done")
    return state
