"""Words that turn a sentence: from what was done to a plan, a target, a comparison, a running total, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reporting.numbers.units import UNITS
from reporting.reading.found.breaks import grew, is_break
from reporting.text.lexicon import (
    COMPARED_WITH,
    COMPARISON_WORDS,
    CUMULATIVE_WORDS,
    DONE_WORDS,
    FULFILLING_WORDS,
    NO_COMPARISON,
    PART_WORDS,
    PLAN_WORDS,
    STRONGLY_DONE,
    TARGET_WORDS,
    TOTAL_WORDS,
    in_plain_letters,
    phrases,
)
from reporting.text.word_lists import listed, written
from reporting.text.words import Token

# earlier: an older report pasted below for comparison
Mode = Literal["done", "plan", "target", "after_target", "compare", "cumulative", "earlier"]

_TURNING_NOTHING, _UNION_BRANCH = phrases("reader.turning_nothing"), phrases("reader.union_branch")
_REACHED_WORDS, _REMAINING = in_plain_letters("reader.reached_words"), in_plain_letters("reader.remaining")
_ASSIGNING, _PROPOSING = in_plain_letters("reader.assigning"), in_plain_letters("reader.proposing")
_MEANING_TO, _WORDS_WITH_IT = written("scopes.meaning_to"), written("scopes.words_with_meaning_to")
_TURNING = _REACHED_WORDS | _REMAINING | _ASSIGNING | in_plain_letters("scopes.meaning_to")
_MORE_OR_MARKS_LEFT_OUT = written("reader.more_or_marks_left_out")
_GIVEN_OR_GROWN = written("reader.given_or_grown")
_THIS_ALONE, _THERE_IS_STILL = in_plain_letters("reader.this_alone"), in_plain_letters("reader.there_is_still")


@dataclass(frozen=True, slots=True)
class State:
    """What a place of a sentence speaks of; future: of what is to come, until words say otherwise; part: of parts."""

    mode: Mode
    future: bool = False
    part: bool = False

    def at(self, mode: Mode) -> "State":
        """The same in another mode."""
        return State(mode, self.future, self.part)


@dataclass(frozen=True, slots=True)
class SentenceTurn:
    """Where the words end that turned a sentence, and what it speaks of behind them; total: of a total."""

    end: int
    state: State
    total: bool = False


@lru_cache(maxsize=4096)
def turns(fold: str) -> bool:
    """Whether a word can begin a phrase that changes the scope: most cannot, and need no closer look."""
    lexicons = (
        _TURNING_NOTHING,
        NO_COMPARISON,
        TOTAL_WORDS,
        CUMULATIVE_WORDS,
        COMPARISON_WORDS,
        TARGET_WORDS,
        PLAN_WORDS,
        DONE_WORDS,
        STRONGLY_DONE,
        PART_WORDS,
    )
    return fold in _TURNING or any(lexicon.begins(fold) for lexicon in lexicons)


def proposes_ideas(tokens: Sequence[Token], place: int) -> bool:
    """ "Đề xuất 8 ý tưởng sáng tạo", "đề xuất ý tưởng: 8": proposing is counted; not "ý tưởng làm 3 sân chơi"."""
    if tokens[place].form.fold not in _PROPOSING:
        return False
    numbered = False
    for at in range(place + 2, min(place + _IDEAS_REACH, len(tokens))):
        numbered = numbered or tokens[at].kind == "number"
        idea = _IDEAS.at(tokens, at)
        if idea is None:
            continue
        if numbered:
            return True
        end = idea[0]
        while end < len(tokens) and tokens[end].form.fold in _BESIDE_IDEAS:
            end += 1
        counts = UNITS.at(tokens, end + 1) if end + 1 < len(tokens) else None
        return end < len(tokens) and tokens[end].kind == "number" and (counts is None or counts[1] == _IDEA)
    return False


_BESIDE_IDEAS = in_plain_letters("reader.beside_ideas")
_IDEAS, _IDEA = phrases("reader.ideas"), listed("reader.ideas")[0]
_IDEAS_REACH = 7


_GIVERS = in_plain_letters("reader.givers")
_NOT_GIVEN = in_plain_letters("reader.not_given")
_AIMS = phrases("reader.aims")
_REACHED = phrases("reader.reached")
_AIM_REACH = 16


def _assigned(tokens: Sequence[Token], place: int) -> bool:
    """ "Đoàn xã giao 50 cây": what was asked of this unit; not "giao lưu", "bàn giao", "chi đoàn giao"."""
    if place == 0 or tokens[place - 1].fold not in _GIVERS:
        return False
    if _UNION_BRANCH.ending(tokens, place, 2) is not None:
        return False
    return place + 1 < len(tokens) and tokens[place + 1].fold not in _NOT_GIVEN


def _means_to(tokens: Sequence[Token], place: int) -> bool:
    """ "định 100 bạn mà đến có 64"; not "quyết định 45", "ổn định 3"."""
    before = tokens[place - 1].text if place else ""
    behind = tokens[place + 1].kind if place + 1 < len(tokens) else ""
    return before not in _WORDS_WITH_IT and behind == "number"


def _aims(tokens: Sequence[Token], place: int) -> bool:
    """ "mục tiêu hiến máu 10 đv, thực hiện 8 đv": an aim, and behind a comma what came of it."""
    if _AIMS.at(tokens, place) is None:
        return False
    comma = False
    for at in range(place, min(place + _AIM_REACH, len(tokens) - 1)):
        if is_break(tokens[at]):
            return False
        comma = comma or tokens[at].text == ","
        reached = _REACHED.at(tokens, at) if comma else None
        if reached is not None and reached[0] < len(tokens) and tokens[reached[0]].kind == "number":
            return True
    return False


def _in_a_number(tokens: Sequence[Token], place: int) -> bool:
    """The KH of "12-KH/ĐTN"."""
    return place > 1 and tokens[place].glued and tokens[place - 1].text in ("-", "/")


def turn_at(tokens: Sequence[Token], place: int, state: State) -> SentenceTurn:
    """What one word or phrase turns the sentence to, and where the next one begins."""
    for turning in (_said_of_amounts, _compared, _intended, _reached, _divided):
        turn = turning(tokens, place, state)
        if turn is not None:
            return turn
    return SentenceTurn(place + 1, state)


def _said_of_amounts(tokens: Sequence[Token], place: int, state: State) -> SentenceTurn | None:
    neutral = NO_COMPARISON.at(tokens, place) or _TURNING_NOTHING.at(tokens, place)
    if neutral is not None:
        return SentenceTurn(neutral[0], state)
    cumulative = CUMULATIVE_WORDS.at(tokens, place)
    if cumulative is not None:
        return SentenceTurn(cumulative[0], state.at("cumulative"))
    total = TOTAL_WORDS.at(tokens, place)
    return SentenceTurn(total[0], state, total=True) if total is not None else None


def _compared(tokens: Sequence[Token], place: int, state: State) -> SentenceTurn | None:
    compare = COMPARISON_WORDS.at(tokens, place)
    if compare is not None and compare[0] == place + 1 and tokens[place].text in _MORE_OR_MARKS_LEFT_OUT:
        compare = (
            compare if tokens[place].text in _GIVEN_OR_GROWN and grew(tokens, place) else None
        )  # without marks: tặng, số
    if compare is not None and state.mode != "plan":
        return SentenceTurn(compare[0], state.at("compare"))
    return None


def _intended(tokens: Sequence[Token], place: int, state: State) -> SentenceTurn | None:
    mode = state.mode
    if tokens[place].fold in _ASSIGNING and mode != "plan" and _assigned(tokens, place):
        return SentenceTurn(place + 1, state.at("target"))
    if tokens[place].text in _MEANING_TO and _means_to(tokens, place):
        return SentenceTurn(place + 1, State("plan", True, state.part))
    target, plan = TARGET_WORDS.at(tokens, place), PLAN_WORDS.at(tokens, place)
    if plan is not None and proposes_ideas(tokens, place):
        return SentenceTurn(plan[0], state)
    if plan is not None and mode == "done" and not state.future and _aims(tokens, place):
        return SentenceTurn(plan[0], State("target", True, state.part))
    if plan is not None and (target is None or plan[0] > target[0]):
        return SentenceTurn(plan[0], State("plan", True, state.part))
    return _aimed(tokens, place, state, target[0]) if target is not None else None


def _aimed(tokens: Sequence[Token], place: int, state: State, end: int) -> SentenceTurn:
    if COMPARED_WITH.ending(tokens, place, 3) is not None:
        return SentenceTurn(end, state.at("compare") if state.mode == "done" else state)
    if FULFILLING_WORDS.ending(tokens, place, 3) is not None or _in_a_number(tokens, place):
        return SentenceTurn(end, state)
    return SentenceTurn(end, state.at("plan" if state.mode == "plan" else "target"))


def _reached(tokens: Sequence[Token], place: int, state: State) -> SentenceTurn | None:
    mode = state.mode
    done = STRONGLY_DONE.at(tokens, place) if mode == "plan" else DONE_WORDS.at(tokens, place)
    if done is not None and mode == "target" and _tells_when(tokens, place, done[0]):
        return SentenceTurn(done[0], state)
    aimed = state.future and mode in ("target", "after_target")
    if aimed and not STRONGLY_DONE.at(tokens, place):
        return SentenceTurn(place + 1, state)  # "mục tiêu 10, thực hiện 8": asked, as another may be aimed at
    if done is not None and mode not in ("done", "cumulative"):
        return SentenceTurn(done[0], State("done", False, state.part))
    if tokens[place].fold in _REACHED_WORDS and mode in ("target", "after_target", "cumulative"):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is not None and following.kind == "number":
            return SentenceTurn(place + 1, state if mode == "cumulative" else state.at("done"))
    if mode == "cumulative" and done is not None and tokens[place].fold in _THIS_ALONE:
        return SentenceTurn(done[0], State("done", False, state.part))
    return None


def _tells_when(tokens: Sequence[Token], place: int, end: int) -> bool:
    """ "kế hoạch quý này 400 cây", "chỉ tiêu tỉnh giao năm nay: 50 đoàn viên mới": for when it was set."""
    heading = end < len(tokens) and tokens[end].text == ":"
    return heading or TARGET_WORDS.ending(tokens, place, 3) is not None


def _divided(tokens: Sequence[Token], place: int, state: State) -> SentenceTurn | None:
    inner = PART_WORDS.at(tokens, place)
    if inner is not None:
        return SentenceTurn(inner[0], State(state.mode, state.future, True))
    if tokens[place].fold not in _REMAINING or place + 1 >= len(tokens) or tokens[place + 1].kind != "number":
        return None
    there_is = place > 0 and tokens[place - 1].fold in _THERE_IS_STILL  # "hiện có còn 41"
    return SentenceTurn(place + 1, state if there_is else state.at("compare"))
