"""A text that names a task in; what it says became of it, with the words beside, out; and a task as a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from handlers.routes import TASK_NAMES, TASK_STEPS
from handlers.wording.speech import Wording
from reporting.numbers.units import UNITS
from reporting.text.words import Lexicon, Token, tokens_of
from reporting.time.calendar import short_day
from storage.periods.tasks import Task, TaskState

MOST_NAMED = 6  # units of a task in a paper
MOST_SHOWN = 160  # characters of a task's text in a list
_NEAR = 60  # characters from the beginning within which the number stands
_READ = 200  # as handlers/commands.py reads it: whoever asks for the same words again gets them without reading
_CODE = re.compile(r"\bKL[- ]?(?:(?P<period>\d\d[a-z0-9]{1,16})[- ])?(?P<number>\d{1,4})\b", re.IGNORECASE)
_NAMES = Lexicon((phrase, True) for phrase in TASK_NAMES["named"])
_BESIDE = Lexicon((phrase, True) for phrase in TASK_NAMES["beside"])
_STEPS = Lexicon((phrase, cast(TaskState, state)) for state, phrases in TASK_STEPS.items() for phrase in phrases)
_AROUND = " :,.-–\t\n"


@dataclass(frozen=True, slots=True)
class SaidOfTask:
    """What a message says of a task. period: as in its number ("26Q1"), '' where it is not said; state: None for
    none."""

    number: int
    period: str
    state: TaskState | None
    note: str


def said_of_task(text: str) -> SaidOfTask | None:
    """ "xong kết luận 3: đã mở lớp", "KL-26Q1-03 chưa xong", "kết luận 3"; None for anything else.

    "Hoàn thành kết luận 3 cuộc kiểm tra" counts something: a unit behind the number makes it no task.
    """
    named = _named(text)
    if named is None:
        return None
    start, end, number, period = named
    before, behind = tokens_of(text[:start]), tokens_of(text[end:])
    step = _STEPS.at(before, 0) if before else None
    if before and (step is None or step[0] != len(before)):
        return None
    if step is None:
        first = next((index for index, token in enumerate(behind) if token.kind == "word"), len(behind))
        found = _STEPS.at(behind, first)
        if found is not None:
            note = text[end + behind[found[0] - 1].end :]
            return SaidOfTask(number, period, found[1], note.strip(_AROUND))
        return SaidOfTask(number, period, None, "") if not text[end:].strip(_AROUND) else None
    return SaidOfTask(number, period, step[1], text[end:].strip(_AROUND))


def said_of_shown(text: str) -> SaidOfTask | None:
    """What is said of a task without its number, number 0: "chưa xong: còn chờ kinh phí", "xong rồi"; None for anything
    else, such as "hoàn thành 2 km đường".
    """
    tokens = tokens_of(text[:_READ])
    step = _STEPS.at(tokens, 0) if tokens else None
    if step is None or step[1] == "dropped":
        return None
    end, state = step
    while (more := _STEPS.at(tokens, end)) is not None and more[1] == state:
        end = more[0]
    marked = end == len(tokens) or tokens[end].kind != "word"
    if not marked and (state == "done" or any(one.kind == "number" for one in tokens[end:])):
        return None
    return SaidOfTask(0, "", state, text[tokens[end - 1].end :].strip(_AROUND))


def _named(text: str) -> tuple[int, int, int, str] | None:
    """Where the task is named, (start, end), its number and its period."""
    if (code := _CODE.search(text[:_NEAR])) is not None:
        return code.start(), code.end(), int(code["number"]), (code["period"] or "").upper()
    tokens = tokens_of(text[:_READ])
    near = next((index for index, token in enumerate(tokens) if token.start >= _NEAR), len(tokens))
    for index in range(near):
        name = _NAMES.at(tokens, index)
        if name is None:
            continue
        at = name[0]
        beside = _BESIDE.at(tokens, at)
        at = beside[0] if beside else at
        if at < len(tokens) and tokens[at].kind == "number" and tokens[at].text.isdigit() and not _counted(tokens, at):
            return tokens[index].start, tokens[at].end, int(tokens[at].text[:6]), ""
    return None


def _counted(tokens: tuple[Token, ...], at: int) -> bool:
    return at + 1 < len(tokens) and UNITS.at(tokens, at + 1) is not None


def task_line(wording: Wording, one: Task, units: str = "", late: bool = False) -> str:
    """ "- KL-26Q1-03: rà soát … (hạn 15/4)". units: whose it is, where that has to be said."""
    notes = [wording.say("task.due", day=short_day(one.due_on))] if one.due_on else []
    notes += [wording.say("task.overdue")] if late else []
    about = f" ({', '.join(notes)})" if notes else ""
    named = f"{one.known_as}, {units}" if units else one.known_as
    return wording.say("task.row", number=named, text=shortened(one.text)) + about


def task_state(wording: Wording, parts: Sequence[Task], today: date) -> str:
    """One task for a paper: "KL-26Q1-03, Đoàn xã Tân Lập: … (hạn 15/4): đã xong (“…”)"; of several units how many."""
    say, one = wording.say, parts[0]
    line = task_line(wording, one, one.unit_name if len(parts) == 1 else "").removeprefix("- ")
    left = [part for part in parts if part.state == "open"]
    if len(parts) == 1:
        state = say(f"task.state_{one.state}") + (f" {say('task.note', note=shortened(one.note))}" if one.note else "")
    elif left:
        names = ", ".join(part.unit_name for part in left[:MOST_NAMED])
        more = len(left) - MOST_NAMED
        names = say("conclude.more_units", units=names, more=more) if more > 0 else names
        state = say("task.of_several", done=len(parts) - len(left), count=len(parts), units=names)
    else:
        state = say("task.of_all", count=len(parts))
    late = f", {say('task.overdue')}" if left and left[0].is_overdue(today) else ""
    return say("task.with_state", task=line, state=f"{state}{late}")


def shortened(text: str, most: int = MOST_SHOWN) -> str:
    """The text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
