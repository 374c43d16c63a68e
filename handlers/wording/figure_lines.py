"""Values, questions and totals in, lines of Vietnamese text out."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from handlers.wording.speech import Wording, bold
from reporting.dialogue.effects import Ask
from reporting.figures.catalogue import Catalogue, Indicator, Level
from reporting.figures.copied_form import HINT, form_name
from reporting.figures.forms import Form, Question
from reporting.figures.totals import Total
from reporting.figures.values import Value, scaled, vietnamese
from reporting.text.word_lists import one_of, table
from storage.review.corrections import Corrected

# The words and signs that said a value was rounded, and how they are shown again; anything else becomes "khoảng".
_ROUNDED = {said: shown for shown, words in table("amounts.rounding_told").items() for said in words}
_WORDS, _SIGNS = ([said for said in _ROUNDED if said[0].isalpha() is word] for word in (True, False))
_BESIDE = re.compile(rf"(?<!\w){one_of(_WORDS)}(?=\s*\d)")
_ANYWHERE = re.compile(rf"(?<!\w){one_of(_WORDS)}(?!\w)|{one_of(_SIGNS)}")


def _rounded(source: str) -> str:
    """The word by which a number was rounded. One before a number is it first: names hold such words, too ("tin bài
    trên báo, đài khoảng 80").
    """
    words = unicodedata.normalize("NFC", source.lower())
    found = _BESIDE.search(words) or _ANYWHERE.search(words)
    return "khoảng" if found is None else _ROUNDED[found[0]]


def amount(indicator: Indicator, value: Value) -> str:
    """One value with its unit, with the secretary's own word of rounding: "hơn 1.200 cây"."""
    number = f"{vietnamese(value.amount, indicator.kind)}{_spaced(indicator.unit)}"
    if not value.approx:
        return number
    return f"{_rounded(value.source)} {number}"


def named(indicator: Indicator, value: Value) -> str:
    """One value with its name: "hiến máu 4 đơn vị máu", "120 cây xanh"."""
    return _with_name(indicator, amount(indicator, value))


def changes(wording: Wording, catalogue: Catalogue, figures: Sequence[Corrected]) -> str:
    """Figures with what stood there and what is to: "cây xanh từ 120 cây thành 150 cây"."""
    told = []
    for one in figures:
        indicator = catalogue[one.indicator]
        new = amount(indicator, one.new)
        if one.old is None:
            told.append(wording.say("amend.added", label=indicator.short, new=new))
        else:
            told.append(wording.say("amend.change", label=indicator.short, old=amount(indicator, one.old), new=new))
    return "; ".join(told)


def _with_name(indicator: Indicator, counted: str) -> str:
    """The name before the amount; where the name begins with the unit, the amount before the rest of the name."""
    if indicator.short.startswith(indicator.unit):
        return counted + indicator.short[len(indicator.unit) :]
    return f"{indicator.short} {counted}"


def listed(catalogue: Catalogue, values: Iterable[tuple[str, Value]]) -> str:
    """Several values in one line; attendance that follows its sessions goes without its name.

    "sinh hoạt chi đoàn 3 buổi, 62 lượt; 120 cây xanh"
    """
    pairs = dict(values)
    beside = beside_sessions(catalogue, pairs)
    parts: list[str] = []
    for code, value in pairs.items():
        if code in beside:
            continue
        indicator = catalogue[code]
        text = named(indicator, value)
        if indicator.pair in beside:
            text += f", {amount(catalogue[indicator.pair], pairs[indicator.pair])}"
        parts.append(text)
    return "; ".join(parts)


def beside_sessions(catalogue: Catalogue, values: Mapping[str, Value]) -> set[str]:
    """The attendances among the values that are told behind their own sessions, without their name."""
    pairs = [catalogue[code].pair for code in values]
    return {
        pair
        for pair in pairs
        if pair is not None and pair in values and catalogue[pair].unit == "lượt" and _alone(catalogue, pair, values)
    }


def _alone(catalogue: Catalogue, pair: str, pairs: Mapping[str, Value]) -> bool:
    """Whether just one of the values leads to this attendance; else the attendance needs its own name."""
    return sum(catalogue[code].pair == pair for code in pairs) == 1


def total(wording: Wording, indicator: Indicator, reached: Total) -> str:
    """A sum with its unit, "trên" where a part of it was rounded."""
    number = f"{vietnamese(reached.amount, indicator.kind)}{_spaced(indicator.unit)}"
    return wording.say("summary.approx", value=number) if reached.approx else number


def totals_line(
    wording: Wording, rows: Sequence[tuple[Indicator, Total]], all_sums: Mapping[str, Total] | None = None
) -> str:
    """A section's totals in one line, attendance behind its sessions.

    all_sums: beside which a rate says over how many units it is taken, where its counts came from more.
    """
    sums = {indicator.code: (indicator, reached) for indicator, reached in rows}
    parts: list[str] = []
    told: set[str] = set()
    for code, (indicator, reached) in sums.items():
        if code in told:
            continue
        text = _with_name(indicator, total(wording, indicator, reached))
        pair = indicator.pair
        if pair in sums and sums[pair][0].unit == "lượt" and sum(i.pair == pair for i, _ in sums.values()) == 1:
            text += f", {total(wording, *sums[pair])}"
            told.add(pair)
        beside = [(all_sums or {}).get(count) for count in (indicator.numerator, indicator.denominator) if count]
        if indicator.is_rate and any(count is not None and count.units != reached.units for count in beside):
            text += f" {wording.say('summary.of_both', units=reached.units)}"
        parts.append(text)
    return "; ".join(parts)


def labels(catalogue: Catalogue, codes: Iterable[str], most: int = 6) -> str:
    """Short names in one line; beyond `most` only how many more there are."""
    names = [catalogue[code].short for code in codes]
    if len(names) <= most:
        return _joined(names)
    return _joined(names[:most]) + f" và {len(names) - most} mục khác"


def _joined(parts: Sequence[str]) -> str:
    """Names hold commas themselves ("về nguồn, đền ơn đáp nghĩa"): then semicolons keep the parts apart."""
    return ("; " if any("," in part for part in parts) else ", ").join(parts)


def question(wording: Wording, catalogue: Catalogue, ask: Ask, period: str, level: Level) -> str:
    """The text of a question: its number, what is asked, an example, last period's values."""
    say = wording.say
    if ask.returned:
        return given_back(wording, catalogue, ask)
    missing = [catalogue[code] for code in ask.missing]
    standing = not ask.number
    section = "; ".join(catalogue.section(code).brief for code in ask.question.sections)
    lines = [say("ask.heading", number=ask.number, total=ask.total, section=section)]
    if standing:
        lines = [say("ask.standing")]
    elif level == "doan_co_so" and ask.number == 1 and len(missing) == len(ask.question.indicators):
        lines.append(say("ask.own_level"))
    if standing or len(missing) < len(ask.question.indicators):
        lines.append(say("ask.still", labels=_joined([f"{i.short} ({i.unit})" for i in missing])))
    elif len(missing) <= 2:
        lines.append(" ".join(say("ask.single", question=indicator.question) for indicator in missing))
    else:
        lines.append(say("ask.several", period=period[:1].upper() + period[1:]))
        lines += [say("ask.line", label=indicator.label, unit=indicator.unit) for indicator in missing]
    shown = example(ask.question, ask.missing, level)
    if ask.recorded:
        lines.append(say("ask.recorded", values=listed(catalogue, ask.recorded.items())))
    else:
        lines.append(say("ask.example_standing" if standing else "ask.example", example=shown))
    if ask.before:
        lines.append(say("ask.before", values=listed(catalogue, ask.before.items())))
    if ask.year_ago:
        lines.append(say("ask.year_ago", values=listed(catalogue, ask.year_ago.items())))
    lines += [say("ask.photo")] if ask.question.photo else []
    return "\n".join(lines)


def form_text(
    wording: Wording, catalogue: Catalogue, form: Form, values: Mapping[str, Value], *, most: int, **names: str
) -> str:
    """The form to be copied, filled in and sent back: a line for each figure, by section, with what stands already.

    most: UTF-16 units of one message. The sections' names and most of what is said above go where they would make a
    second one of it: a form in two messages is copied, sent and read back twice.
    """
    whole, bare = ("\n".join(_form_lines(wording, catalogue, form, values, headed, names)) for headed in (True, False))
    return bare if _units(whole) > most >= _units(bare) else whole


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _form_lines(
    wording: Wording,
    catalogue: Catalogue,
    form: Form,
    values: Mapping[str, Value],
    headed: bool,
    names: Mapping[str, str],
) -> list[str]:
    keys = ("copy.how", "copy.zero", "copy.each") if headed else ("copy.short",)
    lines = [f"{HINT} {wording.say(key, **names)}" for key in keys]
    section = ""
    for indicator in (indicator for question in form.questions for indicator in question.indicators):
        if headed and indicator.section != section:
            section = indicator.section
            lines.append(catalogue.section(section).brief)
        known = values.get(indicator.code)
        lines.append(f"{form_name(indicator)}: {amount(indicator, known) if known else ''}".rstrip())
    return lines


def question_again(wording: Wording, catalogue: Catalogue, ask: Ask) -> str:
    """The question in one line, where it was asked a moment ago."""
    if ask.returned:
        return given_back(wording, catalogue, ask)
    open_ = _joined([f"{catalogue[code].short} ({catalogue[code].unit})" for code in ask.missing])
    key = "ask.again" if ask.number else "ask.again_standing"
    return wording.say(key, number=ask.number, total=ask.total, labels=open_)


def given_back(wording: Wording, catalogue: Catalogue, ask: Ask) -> str:
    """The question about a figure that was given back: how it stands, and why it came back."""
    [(code, reason)] = list(ask.returned.items())[:1]
    shown = {"label": catalogue[code].short, "value": amount(catalogue[code], ask.recorded[code])}
    return wording.say("returned.ask", **shown, reason=reason)


def example(asked: Question, codes: Sequence[str], level: Level) -> str:
    """Made-up values of plausible size for these indicators, told apart by name where units repeat."""
    chosen = [indicator for indicator in asked.indicators if indicator.code in codes]
    units = [indicator.unit for indicator in chosen]
    parts = []
    for indicator in chosen:
        number = f"{vietnamese(_example_amount(indicator, level), indicator.kind)}{_spaced(indicator.unit)}"
        alone = units.count(indicator.unit) == 1
        parts.append(number if alone else f"{indicator.short} {number}")
    return _joined(parts)


def _example_amount(indicator: Indicator, level: Level) -> int:
    ceiling = indicator.soft_max.get(level) or 10
    number = max(1, ceiling // 2 if ceiling <= 12 else ceiling // 5)
    if number > 50:
        number -= number % 10
    if indicator.kind == "decimal":
        return scaled(Decimal(number) / 2, "decimal")
    return scaled(Decimal(number), indicator.kind)


def _spaced(unit: str) -> str:
    return unit if unit == "%" else f" {unit}"


def by_section(wording: Wording, catalogue: Catalogue, values: Mapping[str, Value]) -> list[str]:
    """A report as it is shown: for each section with figures a blank line, its name in bold and a line of them.

    Sections in which nothing happened share the last line.
    """
    lines, nothing = list[str](), list[str]()
    for section in sorted(catalogue.sections, key=lambda s: s.order):
        inside = [
            (code, values[code])
            for code, indicator in catalogue.indicators.items()
            if indicator.section == section.code and code in values
        ]
        if any(value.amount or catalogue[code].stands for code, value in inside):
            lines += ["", bold(section.brief), listed(catalogue, inside)]
        elif inside:
            nothing.append(section.title.partition(".")[0])
    if nothing:
        lines += ["", wording.say("review.nothing", sections=", ".join(nothing))]
    return lines
