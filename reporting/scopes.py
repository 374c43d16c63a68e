"""What a stretch of a report speaks of: what was done, a plan, a target, a comparison, a running total, a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reporting.words import Lexicon, Token, words

Mode = Literal["done", "plan", "target", "after_target", "compare", "cumulative"]

# Everything until the end of the section is intended, not done.
_SECTION = words(
    "phương hướng, nhiệm vụ trọng tâm, kiến nghị, đề xuất, đề nghị, kế hoạch quý tới, kế hoạch quý sau, kế hoạch tháng tới, "
    "kế hoạch kỳ tới, dự kiến, chương trình công tác quý, nhiệm vụ quý tới, nhiệm vụ thời gian tới, giao ước thi đua, "
    "phuong huong, kế hoạch quý ii, kế hoạch quý iii, kế hoạch quý iv, nhiệm vụ quý ii, nhiệm vụ quý iii, nhiệm vụ quý iv"
)
_PLAN = words(
    "dự kiến, dự định, phương hướng, quý tới, quý sau, tháng tới, tháng sau, kỳ tới, kỳ sau, năm tới, năm sau, tuần tới, tuần sau, "
    "sắp tới, thời gian tới, tới đây, sẽ, phấn đấu, mục tiêu, đề nghị, đề xuất, kiến nghị, xin hỗ trợ, xin kinh phí, xin cấp, kính mong, "
    "mong muốn, mong được, cần thêm, cần hỗ trợ, cần trồng, cần có, nhiệm vụ trọng tâm, giao ước, cam kết, đang chuẩn bị, hướng tới, đề ra, "
    "năm học tới, tiếp theo, 6 tháng cuối năm, quý kế tiếp, dự tính, dự trù, ước tính quý sau, yêu cầu, chuẩn bị tổ chức, tới sẽ"
)
_TARGET = words(
    "chỉ tiêu, kế hoạch, kh, được giao, giao chỉ tiêu, đăng ký, đk, chỉ tiêu giao, chi tieu giao, kế hoạch năm, kế hoạch đề ra, ct năm, ct giao"
)
# A target word after one of these speaks of what was fulfilled.
_FULFILLED = words(
    "thực hiện, theo, triển khai, hoàn thành, đạt, vượt, xây dựng, ban hành, căn cứ, đúng, chưa đạt, so với"
)
_COMPARED_WITH = words("hoàn thành, đạt, vượt, chưa đạt, so với, hoàn thành vượt, %, bằng, đạt %, của")
_COMPARE = words(
    "so với, so, cùng kỳ, tăng, giảm, vượt, năm ngoái, năm trước, quý trước, kỳ trước, tháng trước, còn lại, còn thiếu, hụt, "
    "năm rồi, hồi năm ngoái, quý 4 năm ngoái, tăng thêm, tăng hơn, giảm còn, cao hơn, thấp hơn, nhiều hơn, ít hơn, chưa được, chưa hoàn thành"
)
_NO_COMPARISON = words(
    "tăng cường, gia tăng, giảm nghèo, giảm thiểu, vượt khó, vượt qua, vượt lên, tăng gia, tăng cao, giảm nhẹ, tăng tốc, giảm rác thải, xóa đói giảm nghèo"
)
_CUMULATIVE = words(
    "lũy kế, luỹ kế, cộng dồn, từ đầu năm, tính từ đầu năm, từ đầu nhiệm kỳ, từ đầu năm học, từ trước đến nay, cả nhiệm kỳ, "
    "từ đầu năm đến nay, lk"
)
_DONE = words(
    "đã, kết quả, quý này, kỳ này, tháng này, năm nay, đến nay, hiện nay, hiện tại, hoàn thành, làm được, th, kq, trong kỳ, riêng quý này, "
    "riêng quý, riêng kỳ này, quý vừa rồi, quý vừa qua, vừa rồi, vừa qua, quý rồi, thực hiện, thực hiện được, nay, riêng trong quý, trong quý, "
    "trong quý này, tới nay, đạt được, mới được, mới trồng được, mới làm được"
)
_STRONGLY_DONE = words(
    "đã, kết quả, quý này, kỳ này, tháng này, đến nay, hiện nay, quý vừa rồi, quý vừa qua, vừa rồi, vừa qua, trong kỳ, riêng quý này, nay"
)
_PART = words("trong đó, gồm, bao gồm, gồm có, trong số đó, riêng, trong đó có")
_TOTAL = words(
    "tổng cộng, tổng số, tổng, cộng, tất cả, cả thảy, tổng là, tổng cả, như vậy, tổng lại, cộng lại, tổng cộng là, toàn đoàn, tong cong, "
    "tính chung, tổng chung, tổng được, vị chi, tổng kết, tổng hợp"
)
_ASKING = words("cho em hỏi, cho hỏi, xin hỏi, cho mình hỏi, cho tôi hỏi, em hỏi, hỏi chút, anh ơi cho em, muốn hỏi")
_ASKED = words(
    "đúng không, phải không, được không, đúng ko, phải ko, được ko, hay sao, không vậy, hay không, có phải không, chưa vậy, hả"
)
_TOTAL_REACH = 7

_KINDS: Lexicon[str] = Lexicon()


@dataclass(frozen=True, slots=True)
class Scope:
    """What one token's place in the text means for a number there."""

    mode: Mode
    part: bool
    total: bool
    question: bool


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
        while end < len(tokens) and not (is_break(tokens[end]) and not covered[end]):
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
    if any(_ASKING.at(tokens, place) for place in range(start, min(end, start + 4))):
        return True
    last = end
    while last > start and tokens[last - 1].fold in ("a", "vay", "nhi", "anh", "chi", "em", "ta", "nhe"):
        last -= 1
    return _ASKED.ending(tokens, last, 4) is not None


def _section(tokens: Sequence[Token], start: int, end: int, before: Mode) -> Mode:
    """A heading of plans holds until the next heading, or until the report turns back to results."""
    first = start
    while first < end and tokens[first].kind in ("mark", "number"):
        first += 1
    at_line_start = start == 0 or tokens[start - 1].kind == "line"
    heading = at_line_start and (
        (end < len(tokens) and tokens[end].kind == "line" and not _numbered(tokens, first, end))
        or any(t.text == ":" for t in tokens[first : min(first + 10, end)])
    )
    plans = None
    for place in range(first, min(end, first + 8)):
        if _DONE.at(tokens, place) or tokens[place].text == ":":
            break
        if _SECTION.at(tokens, place):
            plans = place
            break
    if plans is not None and at_line_start and _FULFILLED.ending(tokens, plans, 2) is None and heading:
        return "plan"
    if before == "plan" and at_line_start and (heading or _results_begin(tokens, first, end)):
        if _bulleted(tokens, start) and not _results_begin(tokens, first, end):
            return before
        return "done"
    return before


def _bulleted(tokens: Sequence[Token], start: int) -> bool:
    return start < len(tokens) and tokens[start].text in ("-", "+", "*", "•")


def _numbered(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(t.kind == "number" for t in tokens[start:end])


def _results_begin(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(_STRONGLY_DONE.at(tokens, place) for place in range(start, min(end, start + 6)))


def _sentence(
    tokens: Sequence[Token], start: int, end: int, section: Mode, question: bool, covered: Sequence[bool]
) -> list[Scope]:
    mode: Mode = section
    part = False
    total_until = -1
    future = section == "plan"
    found: list[Scope] = []
    place = start
    while place < end:
        token = tokens[place]
        step = place + 1
        if token.kind == "word" and not covered[place]:
            step, mode, future, part, total = _word(tokens, place, mode, future, part)
            if total:
                total_until = step + _TOTAL_REACH
        elif token.text in (",", "(", ")") and not covered[place]:
            if mode == "target":
                mode = "after_target"
            elif token.text != "(" and mode in ("compare", "cumulative"):
                mode = "plan" if future else "done"
            total_until = -1
        found.extend(Scope(mode, part, at < total_until, question) for at in range(place, min(step, end)))
        place = step
    return found[: end - start]


@lru_cache(maxsize=4096)
def _turns(fold: str) -> bool:
    """Whether a word can begin a phrase that changes the scope: most cannot, and need no closer look."""
    lexicons = (_NO_COMPARISON, _TOTAL, _CUMULATIVE, _COMPARE, _TARGET, _PLAN, _DONE, _STRONGLY_DONE, _PART)
    return fold in ("duoc", "dat", "con") or any(lexicon.begins(fold) for lexicon in lexicons)


def _in_a_number(tokens: Sequence[Token], place: int) -> bool:
    """The KH of "12-KH/ĐTN"."""
    return place > 1 and tokens[place].glued and tokens[place - 1].text in ("-", "/")


def _word(
    tokens: Sequence[Token], place: int, mode: Mode, future: bool, part: bool
) -> tuple[int, Mode, bool, bool, bool]:
    """One word or phrase and what it turns the sentence to."""
    if not _turns(tokens[place].form.fold):
        return place + 1, mode, future, part, False
    neutral = _NO_COMPARISON.at(tokens, place)
    if neutral is not None:
        return neutral[0], mode, future, part, False
    total = _TOTAL.at(tokens, place)
    cumulative = _CUMULATIVE.at(tokens, place)
    if cumulative is not None:
        return cumulative[0], "cumulative", future, part, False
    if total is not None:
        return total[0], mode, future, part, True
    compare = _COMPARE.at(tokens, place)
    if compare is not None and mode != "plan":
        return compare[0], "compare", future, part, False
    target = _TARGET.at(tokens, place)
    plan = _PLAN.at(tokens, place)
    if plan is not None and (target is None or plan[0] > target[0]):
        return plan[0], "plan", True, part, False
    if target is not None:
        if _COMPARED_WITH.ending(tokens, place, 3) is not None:
            return target[0], "compare" if mode == "done" else mode, future, part, False
        if _FULFILLED.ending(tokens, place, 3) is not None or _in_a_number(tokens, place):
            return target[0], mode, future, part, False
        return target[0], "plan" if mode == "plan" else "target", future, part, False
    done = _STRONGLY_DONE.at(tokens, place) if mode == "plan" else _DONE.at(tokens, place)
    if done is not None and mode != "done" and mode != "cumulative":
        return done[0], "done", False, part, False
    if tokens[place].fold in ("duoc", "dat") and mode in ("target", "after_target", "cumulative"):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is not None and following.kind == "number":
            return place + 1, "done" if mode != "cumulative" else mode, future, part, False
    if mode == "cumulative" and done is not None and tokens[place].fold in ("rieng", "trong", "quy", "ky", "thang"):
        return done[0], "done", False, part, False
    inner = _PART.at(tokens, place)
    if inner is not None:
        return inner[0], mode, future, True, False
    if tokens[place].fold == "con" and place + 1 < len(tokens) and tokens[place + 1].kind == "number":
        return place + 1, "compare", future, part, False
    return place + 1, mode, future, part, False
