"""The questions of each level and frequency, checked and in order: what a unit is asked in a period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reporting.figures.catalogue import Catalogue, Frequency, Indicator, Level

MOST_PER_QUESTION = 8
_MONTHS: Mapping[Frequency, int] = {"thang": 1, "quy": 3, "6_thang": 6, "9_thang": 9, "nam": 12}
STANDING = "dang_co"  # the code of the question that asks the standing numbers left over
ALONE = "tra_lai."  # begins the code of a question that asks one indicator alone, which was given back


@dataclass(frozen=True, slots=True)
class Question:
    """One message to the secretary: a few indicators of one section, or of short ones in a row, answered together.

    photo: it invites to send one as evidence, which any question takes.
    """

    code: str
    sections: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    photo: bool = False


def counted_together(own: tuple[Indicator, ...]) -> Question:
    """The one question of a quick count."""
    return Question(f"{own[0].section}.1", (own[0].section,), own)


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one level for periods of one frequency; `also` may be named but is never asked."""

    level: Level
    frequency: Frequency
    questions: tuple[Question, ...]
    also: tuple[Indicator, ...]
    _holding: Mapping[str, Question] = field(init=False, repr=False, compare=False)
    _accepted: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Looks up once what every answer asks for."""
        holding = {i.code: question for question in reversed(self.questions) for i in question.indicators}
        object.__setattr__(self, "_holding", holding)
        object.__setattr__(self, "_accepted", frozenset(holding) | {i.code for i in self.also})

    @property
    def standing(self) -> Question:
        """All standing numbers of the form together: asked last, where their own questions left one open that is new.

        A section in which nothing happened leaves its stocks unknown; asking them at once saves a message each.
        """
        return Question(STANDING, (), tuple(i for q in self.questions for i in q.indicators if i.stands))

    @property
    def codes(self) -> frozenset[str]:
        """What may be given in it, asked or not."""
        return self._accepted

    @property
    def months(self) -> int:
        """How many months a period of this form has; 0 for a school year, whose holidays are no months of reports."""
        return _MONTHS.get(self.frequency, 0)

    def question(self, code: str) -> Question | None:
        """The question of that code, or None (a button of an older form)."""
        if code == STANDING:
            return self.standing
        if code.startswith(ALONE):
            return self.alone(code.removeprefix(ALONE))
        return next((q for q in self.questions if q.code == code), None)

    def number(self, question: Question) -> int:
        """1 for the first question; 0 for the standing numbers or one alone, which are part of other questions."""
        own = question.code != STANDING and not question.code.startswith(ALONE)
        return self.questions.index(question) + 1 if own else 0

    def alone(self, indicator: str) -> Question | None:
        """A question about nothing but this indicator, asked or not; None where the form does not have it."""
        asked = self._holding.get(indicator)
        every = asked.indicators if asked else self.also
        found = next((i for i in every if i.code == indicator), None)
        return None if found is None else Question(f"{ALONE}{indicator}", (found.section,), (found,))

    def holding(self, indicator: str) -> Question | None:
        """The question that asks this indicator."""
        return self._holding.get(indicator)

    def accepts(self, indicator: str) -> bool:
        """Whether units of this level report the indicator in this kind of period, asked or not."""
        return indicator in self._accepted


class ReportedPeriod(Protocol):
    """What of a period says which form it asks (reporting/time/periods.py)."""

    @property
    def frequency(self) -> Frequency:
        """How often such a period comes."""
        ...

    @property
    def own(self) -> tuple[Indicator, ...]:
        """What a quick count counts."""
        ...


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of all levels; `form` fits one to a period's frequency."""

    catalogue: Catalogue
    listed: Mapping[Level, tuple[tuple[str, tuple[str, ...], tuple[str, ...], bool], ...]]

    def of_period(self, level: Level, period: ReportedPeriod) -> Form:
        """The form of a level for that period; of a quick count one question with what that counts."""
        own = period.own
        if not own:
            return self.form(level, period.frequency)
        return Form(level, period.frequency, (counted_together(own),), ())

    def form(self, level: Level, frequency: Frequency) -> Form:
        """The form of a level for a period of that frequency. A province union uses the commune's form."""
        listed = self.listed.get(level) or self.listed["doan_co_so"]
        allowed = {i.code: i for i in self.catalogue.reported(level, frequency) if not i.is_rate}
        questions = []
        asked: set[str] = set()
        for code, sections, indicators, photo in listed:
            kept = tuple(allowed[name] for name in indicators if name in allowed)
            if kept:
                present = tuple(section for section in sections if any(i.section == section for i in kept))
                questions.append(Question(code, present, kept, photo))
                asked.update(i.code for i in kept)
        also = tuple(i for i in allowed.values() if i.code not in asked)
        return Form(level, frequency, tuple(questions), also)
