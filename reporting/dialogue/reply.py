"""One message in; an answer to the open question, named values or a pasted report out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting.dialogue.draft import UnclearWords
from reporting.dialogue.rest_in_words import without_end, without_rest
from reporting.figures.catalogue import QUICK, Catalogue, Indicator, Level
from reporting.figures.copied_form import CopiedForm
from reporting.figures.forms import Form
from reporting.figures.values import SOURCE_LONGEST, Value, vietnamese
from reporting.numbers.quantities import quantities
from reporting.reading.found.counted import Counts, counted_in, told_apart
from reporting.reading.outcome import Left, Reading, Unclear
from reporting.reading.reader import read
from reporting.reading.unknown import number_in, unknown_words
from reporting.text.word_lists import listed, loosely, one_of

# A message this long, or with this many lines, is read as a report first and as an answer only after that.
PASTE_CHARS = 120
PASTE_LINES = 3
LINE_CHARS = 70


# A figure left out for these reasons is counted in another one.
_COUNTED = ("repeated", "parts", "receivers", "old_figure")
# A figure left out for these reasons may be of any item.
_UNPLACED = ("unit", "unnamed", "nobody")
_VAGUE = ("ambiguous", "not_a_number")
_NOTE = re.compile(r"\s*\([^()]*\)[\s.;,]*$")  # in brackets behind a number
_KEYCAPS = re.compile("\ufe0f?\u20e3")
_OTHER_WORDS = loosely(listed("changes.no_top_before"))
_ADDS = re.compile(
    rf"(?i){''.join(f'(?<!{summed} )' for summed in listed('changes.no_top_behind'))}"
    rf"\b{loosely(listed('changes.on_top'))}\b(?! {_OTHER_WORDS}\b)|(?<!\w)\+\s*\d"
    rf"|\b{one_of(listed('changes.still_more'))}\b"
)
_ORDER = re.compile(rf"(?i)^\s*{loosely(listed('changes.mends'))}\s+")


def unframed(text: str) -> str:
    """The message without the frames of keycap digits: one that stands alone is a number."""
    return _KEYCAPS.sub("", text)


def is_long(text: str) -> bool:
    """Whether it is read as a report first and as an answer only after that."""
    return len(text) >= PASTE_CHARS or text.strip().count("\n") + 1 >= PASTE_LINES


def line_of(text: str, source: str) -> str:
    """The line of the text that the words stand in, cut short; "" where they are most of it, or in none or several."""
    lines = {" ".join(line.split()) for line in text.splitlines() if source in line}
    line = lines.pop() if len(lines) == 1 else ""
    if len(line) <= len(source) + 8:
        return ""
    return line if len(line) <= LINE_CHARS else line[: LINE_CHARS - 1] + "…"


def adds(text: str, source: str = "") -> bool:
    """Whether the message speaks of more on top: whether its number is the new total has to be asked.

    source: only in the clause that these words of it stand in.
    """
    index = text.find(source) if source else -1
    if index < 0:
        return _ADDS.search(text) is not None
    begin = max(text.rfind(mark, 0, index) for mark in ",;.\n") + 1
    ends = [end for mark in ",;.\n" if (end := text.find(mark, index + len(source))) >= 0]
    return _ADDS.search(text[begin : min(ends, default=len(text))]) is not None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of a message that could not be taken: why, its words, what it may be, and the likely value as written.

    reason: a reason of reporting.reading.outcome.Unclear, or not_in_form.
    """

    reason: str
    source: str = ""
    codes: tuple[str, ...] = ()
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Values read from one message, and what in it could not be read.

    proposed: likely values, to be stored only after a yes. none: the whole message says that there is nothing.
    left: what was read and is neither stored nor asked about; told once. points: what is asked about on a card.
    """

    values: tuple[tuple[str, Value], ...] = ()
    troubles: tuple[Trouble, ...] = ()
    proposed: tuple[tuple[str, Value], ...] = ()
    none: bool = False
    left: tuple[Left, ...] = ()
    points: tuple[UnclearWords, ...] = ()

    @property
    def problem(self) -> str | None:
        """Why the first part could not be read; None when nothing is left to be cleared up."""
        if self.troubles:
            return self.troubles[0].reason
        return "separator" if self.proposed else "ambiguous" if self.left and not self.values else None


@dataclass(frozen=True, slots=True)
class Paste:
    """A message read as a report: what is clear, and what has to be asked about.

    rest: the words that say all the rest did not happen; "" where it says no such thing.
    foreign: values of what this form does not ask in this period. named: the indicators that the message names at all.
    left: as in Reply.
    """

    values: tuple[tuple[str, Value], ...]
    unclear: tuple[UnclearWords, ...]
    rest: str = ""
    foreign: tuple[tuple[str, Value], ...] = ()
    named: frozenset[str] = frozenset()
    left: tuple[Left, ...] = ()


def read_reply(text: str, asked: Sequence[Indicator], form: Form, catalogue: Catalogue, level: Level) -> Reply:
    """The message as an answer to the indicators asked (in order), or as values named in it."""
    own = counted_in(text, list(catalogue.indicators.values())) if form.frequency == QUICK else None
    if own is not None and (
        clear := own.values if own.whole else told_apart(text, list(catalogue.indicators.values()), asked)
    ):
        return Reply(tuple(clear.items()))
    text, rest = without_rest(text)
    if rest and asked:
        reply = Reply() if not text.strip() else read_reply(text, asked, form, catalogue, level)
        return _with_rest(reply, rest, asked)
    reply = _reply(read(text, catalogue, level, asked, form.months), form, catalogue)
    return reply if own is None else _with_counted(reply, own)


def read_order(text: str, form: Form, catalogue: Catalogue, level: Level) -> Reply | None:
    """The one figure that "sửa tin bài 0" sets: whatever its item is called, its number is the new one; else None."""
    order = _ORDER.match(text)
    if order is None or len(quantities(text)) != 1:
        return None
    named = read_reply(text[order.end() :], (), form, catalogue, level)
    codes = {code for code, _ in named.values + named.proposed} | {c for t in named.troubles for c in t.codes}
    if len(codes) != 1 or not form.accepts(code := codes.pop()):
        return None
    reply = read_reply(text[order.end() :], (catalogue[code],), form, catalogue, level)
    return reply if [one for one, _ in reply.values] == [code] and not reply.proposed else None


def _with_counted(reply: Reply, own: Counts) -> Reply:
    """The reply, and to be confirmed what else stands before a name of what a quick count counts: none is lost."""
    told = {*dict(reply.values), *dict(reply.proposed), *(code for one in reply.troubles for code in one.codes)}
    more = {code: value for code, value in own.values.items() if code not in told}
    left = tuple(one for one in reply.left if not any(one.source in value.source for value in more.values()))
    return replace(reply, proposed=(*reply.proposed, *more.items()), left=left)


def _reply(reading: Reading, form: Form, catalogue: Catalogue) -> Reply:
    given = {one.code for one in reading.values}
    kept = tuple((one.code, one.value) for one in reading.values if form.accepts(one.code))
    proposed: dict[str, Value] = {}
    troubles: list[Trouble] = []
    for ask in (_in_form(ask, form) for ask in reading.asks):
        code = ask.codes[0] if len(ask.codes) == 1 else ""
        if code and ask.value is not None and form.accepts(code) and code not in given and code not in proposed:
            proposed[code] = replace(ask.value, source=ask.source)
        else:
            likely = vietnamese(ask.value.amount, catalogue[code].kind) if code and ask.value is not None else ""
            troubles.append(Trouble(ask.reason, ask.source, ask.codes, likely))
    troubles += [Trouble("not_in_form", one.value.source) for one in reading.values if not form.accepts(one.code)]
    left = left_out(reading, form)
    # The whole of a message of which a part is told as left out is no trouble of its own.
    told = [t for t in dict.fromkeys(troubles) if not (t.reason in _VAGUE and any(o.source in t.source for o in left))]
    return Reply(kept, tuple(told), tuple(proposed.items()), reading.none, left)


def _in_form(ask: Unclear, form: Form) -> Unclear:
    """What is asked about of the one indicator that it can be in this form: the only one it asks, or takes at all."""
    asked = tuple(code for code in ask.codes if form.holding(code) is not None)
    taken = tuple(code for code in ask.codes if form.accepts(code))
    alone = next((codes for codes in (asked, taken) if len(codes) == 1), ())
    return replace(ask, codes=alone) if alone else ask


def left_out(reading: Reading, form: Form) -> tuple[Left, ...]:
    """The numbers of what the form asks, or that nothing names, which nothing else of the message tells of."""
    sources = {ask.source for ask in reading.asks}
    found = (
        one
        for one in reading.left
        if one.rule not in _COUNTED
        and one.source not in sources
        and (not one.codes or any(form.accepts(code) for code in one.codes))
    )
    return tuple(dict.fromkeys(found))


def _nameless(reading: Reading, text: str, catalogue: Catalogue, level: Level) -> tuple[Left, ...]:
    """Numbers beside words that nothing knows and no unit says anything of, in their line: "- phủ đồi trọc: 300"."""
    sources = [ask.source for ask in reading.asks if not ask.codes]
    unknown = {one.number for one in unknown_words(text, catalogue, level)} if sources else ()
    told = (line_of(text, source) or source for source in sources if number_in(source) in unknown)
    return tuple(Left(words, (), "unnamed") for words in dict.fromkeys(told))


def _with_rest(reply: Reply, rest: str, asked: Sequence[Indicator]) -> Reply:
    """The reply, and zero for the happenings asked that it does not name; not while a part of it is unclear."""
    if reply.troubles or any(one.rule in _UNPLACED for one in reply.left):
        return reply  # "dvc 230 người, còn lại không": the 230 may be of anything that is asked
    given = {code for code, _ in (*reply.values, *reply.proposed)}.union(*(one.codes for one in reply.left))
    zero = Value(0, source=rest[:SOURCE_LONGEST])
    none = tuple((i.code, zero) for i in asked if i.code not in given and not i.stands and not i.is_rate)
    if reply.proposed:  # that number may be one of these: all wait for the same yes
        return replace(reply, proposed=reply.proposed + none)
    return replace(reply, values=reply.values + none)


def read_copied(copied: CopiedForm, form: Form, catalogue: Catalogue, level: Level) -> Paste | None:
    """The form that was filled in: what stands beside a figure is read as the answer to it alone; None if nothing does.

    left: what was written beside the form is read like any report, and gives no figure that the form gives.
    """
    values: dict[str, Value] = {}
    beside: dict[str, Value] = {}
    unclear: list[UnclearWords] = []
    for indicator, words in copied.answers:
        found, doubts = _beside_figure(indicator, words, form, catalogue, level)
        unclear += [doubt for doubt in doubts if indicator.code not in found]
        beside |= {code: value for code, value in found.items() if code != indicator.code}
        if indicator.code in found:
            again = values.get(indicator.code)
            if again is not None and again.amount != found[indicator.code].amount:
                unclear.append(UnclearWords(words, (indicator.code,), "several", found[indicator.code]))
            else:
                values[indicator.code] = found[indicator.code]
    text, rest = without_rest(copied.left)
    other = _paste(text, rest, form, catalogue, level)
    given = {*values, *(indicator.code for indicator, _ in copied.answers)}
    more = {**dict(other.values), **beside}
    unclear += [
        UnclearWords(value.source, (code,), "several", value)
        for code, value in more.items()
        if code in given and (code not in values or values[code].amount != value.amount)
    ]
    values |= {code: value for code, value in more.items() if code not in given}
    unclear += [point for point in other.unclear if not set(point.codes) <= given]
    if not values and not unclear:
        return None
    return Paste(tuple(values.items()), tuple(unclear), rest, other.foreign, other.named | given, other.left)


def _beside_figure(
    indicator: Indicator, words: str, form: Form, catalogue: Catalogue, level: Level
) -> tuple[dict[str, Value], list[UnclearWords]]:
    """What the words beside one figure of the form say, of it and of others; or why they are asked about."""
    first = read(words, catalogue, level, (indicator,), form.months)
    tries = [first]
    if note := _NOTE.search(words):
        tries.append(read(words[: note.start()], catalogue, level, (indicator,), form.months))
    tries.append(read(f"{indicator.short}: {words}", catalogue, level, (), form.months))
    for reading in tries:
        found = {one.code: replace(one.value, source=words[:SOURCE_LONGEST]) for one in reading.values}
        if indicator.code in found and not reading.asks and all(form.accepts(code) for code in found):
            return found, []
    asks = [ask for ask in first.asks if ask.value is not None] or first.asks
    value = asks[0].value if len(asks) == 1 else None
    reason = asks[0].reason if asks else "not_a_number"
    return {}, [UnclearWords(words[:SOURCE_LONGEST], (indicator.code,), reason, value, indicator.short)]


def read_paste(
    text: str, reply: Reply, asked: Sequence[Indicator], form: Form, catalogue: Catalogue, level: Level
) -> Paste | None:
    """The message as a pasted report, or None where it is better taken as `reply`.

    A short message that answers the question is an answer, even if it names a thing or two beside it; so is a
    long one in which the report's reading finds nothing but values of what was asked. Where nothing was asked, figures
    with the words that the rest is nothing are a report, however short.
    """
    long = is_long(text)
    left, rest = without_rest(text)
    if long and not rest:
        left, rest = without_end(text)
    answers = reply.values or reply.problem not in (None, "not_a_number", "ambiguous")
    if not long and answers and (asked or not rest or not any(value.amount for _, value in reply.values)):
        return None
    text = left
    paste = _paste(text, rest, form, catalogue, level)
    if long:
        answered = dict(reply.values)
        if reply.problem is None and answered and answered.keys() <= {indicator.code for indicator in asked}:
            return None if all(code in answered for code, _ in paste.values) else paste
        enough = len(paste.values) + len(paste.unclear) >= 2 or (paste.values and not reply.values)
        return paste if enough else None
    return paste if paste.values or paste.unclear else None


def _paste(text: str, rest: str, form: Form, catalogue: Catalogue, level: Level) -> Paste:
    """A report's text without what it says of the rest, read whole."""
    report = read(text, catalogue, level, months=form.months)
    values = tuple((read.code, read.value) for read in report.values if form.accepts(read.code))
    foreign = tuple(
        (read.code, read.value)
        for read in report.values
        if not form.accepts(read.code) and not catalogue[read.code].is_rate
    )
    unclear = tuple(
        UnclearWords(ask.source, codes, ask.reason, ask.value, line_of(text, ask.source))
        for ask in (_in_form(ask, form) for ask in report.asks)
        if (codes := tuple(code for code in ask.codes if form.accepts(code)))
    )
    left = (*left_out(report, form), *_nameless(report, text, catalogue, level))
    return Paste(values, unclear, rest, foreign, report.named, left)
