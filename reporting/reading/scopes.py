"""A stretch of a report in, what it speaks of out: what was done, a plan, a target, a comparison, a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reporting.numbers.units import UNITS
from reporting.text.lexicon import (
    ASKING_ENDS,
    ASKING_WORDS,
    COMPARED_WITH,
    COMPARISON_WORDS,
    CUMULATIVE_WORDS,
    DONE_WORDS,
    FULFILLING_WORDS,
    NO_COMPARISON,
    OLDER_WORDS,
    PART_WORDS,
    PLAN_HEADINGS,
    PLAN_WORDS,
    REPORT_WORDS,
    STRONGLY_DONE,
    TARGET_WORDS,
    TERM_WORDS,
    THIS_PERIOD,
    TOTAL_WORDS,
)
from reporting.text.words import Lexicon, Token, folds, words

# earlier: an older report pasted below for comparison
Mode = Literal["done", "plan", "target", "after_target", "compare", "cumulative", "earlier"]

_TOTAL_REACH = 7

_KINDS: Lexicon[str] = Lexicon()


@dataclass(frozen=True, slots=True)
class Scope:
    """What one token's place in the text means for a number there."""

    mode: Mode
    part: bool
    total: bool
    question: bool


_scope = lru_cache(maxsize=64)(Scope)


def is_break(token: Token) -> bool:
    """A mark that ends a sentence: nothing named before it names a number behind it."""
    return token.kind == "line" or token.text in (".", ";", "•", "!", "?")


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
    while last > start and tokens[last - 1].fold in ("a", "vay", "nhi", "anh", "chi", "em", "ta", "nhe"):
        last -= 1
    return ASKING_ENDS.ending(tokens, last, 4) is not None


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
    plans = None
    for place in range(first, min(end, first + 8)):
        if DONE_WORDS.at(tokens, place) or tokens[place].text == ":":
            break
        if PLAN_HEADINGS.at(tokens, place):
            plans = None if _proposes_ideas(tokens, place) else place
            break
    if plans is not None and FULFILLING_WORDS.ending(tokens, plans, 2) is None and heading:
        return "plan"
    if REPORT_WORDS.anywhere(tokens, first, end) and not _numbered_units(tokens, first, end):
        if OLDER_WORDS.anywhere(tokens, first, end):
            return "earlier"
        if before == "earlier" and THIS_PERIOD.anywhere(tokens, first, end):
            return "done"
    if before == "plan" and (heading or _results_begin(tokens, first, end)):
        if _bulleted(tokens, start) and not _results_begin(tokens, first, end):
            return before
        return "done"
    return before


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
    mode: Mode = section
    term = TERM_WORDS.anywhere(tokens, start, end)
    if term and mode == "done":
        mode = "cumulative"
    part = False
    total_until = -1
    future = section == "plan"
    found: list[Scope] = []
    said = (mode, part, False)
    same = _scope(*said, question)
    place = start
    while place < end:
        token = tokens[place]
        step = place + 1
        if token.kind == "word" and not covered[place] and _turns(token.form.fold):
            step, mode, future, part, total = _word(tokens, place, mode, future, part)
            if total:
                total_until = step + _TOTAL_REACH
        elif token.text == "," and mode == "target":  # even inside a name: "cây xanh, đã trồng 45 cây"
            mode = "after_target"
        elif token.kind == "mark" and token.text in (",", "(", ")") and not covered[place]:
            if mode == "target":
                mode = "after_target"
            elif token.text != "(" and (mode == "compare" or (mode == "cumulative" and not term)):
                mode = "plan" if future else "done"
            total_until = -1
        if step == place + 1:
            now = (mode, part, place < total_until)
            if now != said:
                said, same = now, _scope(*now, question)
            found.append(same)
        else:
            found.extend(_scope(mode, part, at < total_until, question) for at in range(place, min(step, end)))
        place = step
    return found[: end - start]


@lru_cache(maxsize=4096)
def _turns(fold: str) -> bool:
    """Whether a word can begin a phrase that changes the scope: most cannot, and need no closer look."""
    lexicons = (
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
    return fold in ("duoc", "dat", "con", "giao") or any(lexicon.begins(fold) for lexicon in lexicons)


def _proposes_ideas(tokens: Sequence[Token], place: int) -> bool:
    """ "Đề xuất 8 ý tưởng sáng tạo", "đề xuất ý tưởng: 8": proposing is counted; not "ý tưởng làm 3 sân chơi"."""
    if tokens[place].form.fold != "de":
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
        return end < len(tokens) and tokens[end].kind == "number" and (counts is None or counts[1] == "ý tưởng")
    return False


_BESIDE_IDEAS = frozenset({"sang", "tao", ":", "duoc", "la", "co", "moi"})
_IDEAS = words("ý tưởng, sáng kiến, giải pháp sáng tạo")
_IDEAS_REACH = 7


_GIVERS = folds("xã phường huyện tỉnh trường trên cấp ủy uỷ đoàn thành vụ khu")
_NOT_GIVEN = folds("lưu thông ban ước dịch hữu tiếp nhận đấu hội mùa thừa")
_AIMS = words("mục tiêu, phấn đấu")
_REACHED = words("thực hiện, đạt, được, làm được, kết quả, hoàn thành")
_AIM_REACH = 16


def _assigned(tokens: Sequence[Token], place: int) -> bool:
    """ "Đoàn xã giao 50 cây": what was asked of this unit; not "giao lưu", "bàn giao", "chi đoàn giao"."""
    if place == 0 or tokens[place - 1].fold not in _GIVERS:
        return False
    if tokens[place - 1].fold == "doan" and place > 1 and tokens[place - 2].fold == "chi":
        return False
    return place + 1 < len(tokens) and tokens[place + 1].fold not in _NOT_GIVEN


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


def _word(
    tokens: Sequence[Token], place: int, mode: Mode, future: bool, part: bool
) -> tuple[int, Mode, bool, bool, bool]:
    """One word or phrase and what it turns the sentence to."""
    neutral = NO_COMPARISON.at(tokens, place)
    if neutral is not None:
        return neutral[0], mode, future, part, False
    total = TOTAL_WORDS.at(tokens, place)
    cumulative = CUMULATIVE_WORDS.at(tokens, place)
    if cumulative is not None:
        return cumulative[0], "cumulative", future, part, False
    if total is not None:
        return total[0], mode, future, part, True
    compare = COMPARISON_WORDS.at(tokens, place)
    if compare is not None and compare[0] == place + 1 and tokens[place].text in ("tang", "so"):
        compare = None  # without marks: tặng, số
    if compare is not None and mode != "plan":
        return compare[0], "compare", future, part, False
    if tokens[place].fold == "giao" and mode != "plan" and _assigned(tokens, place):
        return place + 1, "target", future, part, False
    target = TARGET_WORDS.at(tokens, place)
    plan = PLAN_WORDS.at(tokens, place)
    if plan is not None and _proposes_ideas(tokens, place):
        return plan[0], mode, future, part, False
    if plan is not None and mode == "done" and not future and _aims(tokens, place):
        return plan[0], "target", True, part, False
    if plan is not None and (target is None or plan[0] > target[0]):
        return plan[0], "plan", True, part, False
    if target is not None:
        if COMPARED_WITH.ending(tokens, place, 3) is not None:
            return target[0], "compare" if mode == "done" else mode, future, part, False
        if FULFILLING_WORDS.ending(tokens, place, 3) is not None or _in_a_number(tokens, place):
            return target[0], mode, future, part, False
        return target[0], "plan" if mode == "plan" else "target", future, part, False
    done = STRONGLY_DONE.at(tokens, place) if mode == "plan" else DONE_WORDS.at(tokens, place)
    if done is not None and mode == "target" and TARGET_WORDS.ending(tokens, place, 3) is not None:
        return done[0], mode, future, part, False  # "kế hoạch quý này 400 cây"
    aimed = future and mode in (
        "target",
        "after_target",
    )  # "mục tiêu 10, thực hiện 8": asked, as another may be aimed at
    if aimed and not STRONGLY_DONE.at(tokens, place):
        return place + 1, mode, future, part, False
    if done is not None and mode != "done" and mode != "cumulative":
        return done[0], "done", False, part, False
    if tokens[place].fold in ("duoc", "dat") and mode in ("target", "after_target", "cumulative"):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is not None and following.kind == "number":
            return place + 1, "done" if mode != "cumulative" else mode, future, part, False
    if mode == "cumulative" and done is not None and tokens[place].fold in ("rieng", "trong", "quy", "ky", "thang"):
        return done[0], "done", False, part, False
    inner = PART_WORDS.at(tokens, place)
    if inner is not None:
        return inner[0], mode, future, True, False
    if tokens[place].fold == "con" and place + 1 < len(tokens) and tokens[place + 1].kind == "number":
        if place and tokens[place - 1].fold in ("co", "nay", "dang", "hien"):  # "hiện có còn 41"
            return place + 1, mode, future, part, False
        return place + 1, "compare", future, part, False
    return place + 1, mode, future, part, False
