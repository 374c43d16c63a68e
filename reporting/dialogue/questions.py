"""Draft and position in, what is asked next out: a question, a doubt, a table to confirm, or the review."""

from dataclasses import dataclass

from reporting.dialogue.doubts import Doubt, doubted
from reporting.dialogue.draft import SAID_NONE, Draft, Position, UnclearWords
from reporting.dialogue.effects import (
    Already,
    Ask,
    AwaitYes,
    Clarify,
    Confirm,
    ConfirmTable,
    Effect,
    Explain,
    Review,
    Sends,
    Stale,
    Step,
    StillOpen,
    Unread,
)
from reporting.dialogue.points import MOST_POINTS, held, merged, open_after, proposals
from reporting.dialogue.rest_in_words import rest_of
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.forms import Form, Question
from reporting.figures.values import Value

Pairs = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """What may be asked about one form; nothing here changes a draft."""

    form: Form
    catalogue: Catalogue

    def onward(
        self, draft: Draft, effects: tuple[Effect, ...], position: Position | None = None, later: bool = False
    ) -> Step:
        """The next unclear piece, else the first question with something missing, else the review.

        later: the pieces were asked about and something else was said: they wait until no question is left.
        """
        unclear = position.unclear if position else ()
        known = tuple(point for point in unclear if self._known(draft, point))
        effects += tuple(Unread("left_out", point.source) for point in known)
        unclear = merged([point for point in unclear if point not in known])
        question = draft.next_question(self.form, [code for point in unclear for code in point.codes])
        if unclear and later and question is not None and not draft.sent:
            asking = Position("asking", question.code, unclear=unclear)
            return Step(asking, draft, (*effects, self.ask(draft, question)))
        if unclear:
            asking = Position("clarifying", unclear=unclear)
            return Step(asking, draft, (*effects, self.clarify(draft, asking)))
        if draft.sent:
            return Step(Position("reviewing"), draft, effects or (Already(closed=False),))
        if (question := draft.next_question(self.form)) is None:
            return self.review(draft, effects)
        return Step(Position("asking", question.code), draft, (*effects, self.ask(draft, question)))

    def again(
        self,
        draft: Draft,
        code: str,
        effects: tuple[Effect, ...],
        picked: bool = False,
        unclear: tuple[UnclearWords, ...] = (),
    ) -> Step:
        """That question once more; `picked`, also if all of it is answered. unclear: what waits until after it."""
        question = self.form.question(code)
        if question is None or not (picked or draft.missing(question)):
            return self.onward(draft, effects, Position(unclear=unclear))
        asking = Position("asking", code, picked, unclear=unclear)
        return Step(asking, draft, (*effects, self.ask(draft, question, picked)))

    def back(self, draft: Draft, position: Position) -> Step:
        """The question before the open one, with all its indicators."""
        current = self.open(position)
        if current is None and position.mode != "reviewing":
            current = draft.next_question(self.form)
        number = self.form.number(current) if current else 0
        before = self.form.questions[max(0, (number or len(self.form.questions) + 1) - 2)]
        return self.again(draft, before.code, (), picked=True, unclear=held(position))

    def review(self, draft: Draft, effects: tuple[Effect, ...]) -> Step:
        """The whole draft, with what is kept as last period unless the person says otherwise."""
        kept = draft.kept(self.form)
        return Step(Position("reviewing", pending=kept), draft, (*effects, Review(kept)))

    def table(
        self, draft: Draft, values: dict[str, Value], unclear: tuple[UnclearWords, ...], foreign: Pairs = ()
    ) -> Step:
        """Shows what a pasted report was read as, to be confirmed with one tap; nothing is stored before."""
        if not values:
            asking = Position("clarifying", unclear=merged(unclear))
            return Step(asking, draft, (self.clarify(draft, asking),))
        old = {code: draft.values[code] for code in values if code in draft.values}
        unclear = merged(unclear)
        guessed = proposals(unclear, {*values, *draft.values})
        after = draft.having({**values, **guessed})
        missing = tuple(code for q in self.form.questions for code in after.missing(q))
        pending = tuple(values.items())
        asking = Position("confirming", pending=pending, unclear=unclear, over=tuple(old.items()))
        sends = self.sends(draft, asking)
        kept = after.kept(self.form) if sends else ()
        known = {code: v for code, v in {**draft.values, **values}.items() if any(code in u.codes for u in unclear)}
        odd = self.odd(draft, pending)
        table = ConfirmTable(pending, unclear, missing, old, odd, foreign, guessed, sends, kept, known)
        return Step(asking, draft, (table,))

    def sends(self, draft: Draft, position: Position) -> Sends:
        """What one yes to the table that waits may send: nothing, where more is to be asked or is not shown in it."""
        pending = dict(position.pending)
        if not position.has_table or position.left or draft.sent or draft.values.keys() - pending.keys():
            return ""
        guessed = proposals(position.unclear, pending)
        if open_after(position.unclear, guessed):
            return ""
        after = draft.having({**pending, **guessed})
        if after.next_question(self.form) is None:
            return "whole"
        rest = self.rest(after)
        few = len(rest) <= len(after.values)
        return "rest" if few and after.having(rest).next_question(self.form) is None else ""

    def rest(self, draft: Draft) -> dict[str, Value]:
        """Zero for every happening that the draft does not know."""
        return rest_of(self.form, draft.values.keys(), SAID_NONE, draft.values, self.catalogue)

    def repeat(self, draft: Draft, position: Position, effect: Effect) -> tuple[Effect, ...]:
        """The effect, and what is open once more."""
        if position.mode == "asking" and (question := self.form.question(position.question)):
            return (effect, self.ask(draft, question, position.picked))
        if position.mode == "confirming":
            if position.doubt:
                return (effect, self.confirm(draft, position.pending))
            return (effect, *self.table(draft, dict(position.pending), position.unclear).effects)
        if position.mode == "clarifying":
            return (effect, self.clarify(draft, position))
        if position.mode == "reviewing" and not draft.sent and draft.next_question(self.form) is None:
            return (effect, Review(position.pending))
        return (effect,)

    def waits(self, draft: Draft, position: Position) -> Step:
        """What is open, in as few words as will do: nothing was answered."""
        question = self.open(position)
        if position.mode == "asking" and question is not None:
            ask = self.ask(draft, question, position.picked)
            return Step(position, draft, (StillOpen(ask.missing, *draft.given(self.form)),))
        if position.has_table:
            return Step(position, draft, (AwaitYes(),))
        if position.mode in ("confirming", "clarifying"):
            return Step(position, draft, self.repeat(draft, position, Stale())[1:])
        return self.onward(draft, ())

    def explain(self, draft: Draft, position: Position) -> Step:
        """What the open question asks, and how it is answered."""
        question = self.open(position) or (draft.next_question(self.form) if position.mode == "idle" else None)
        if question is None or position.mode == "confirming" or draft.sent:
            return self.waits(draft, position)
        asking = position if position.mode == "asking" else Position("asking", question.code)
        return Step(asking, draft, (Explain(self.ask(draft, question, asking.picked)),))

    def open(self, position: Position) -> Question | None:
        """The question that is open, also while a doubt about an answer to it is."""
        return self.form.question(position.question) if position.mode in ("asking", "confirming") else None

    def asked(self, draft: Draft, position: Position, question: Question) -> tuple[Indicator, ...]:
        """What a bare number may answer: what is still missing; all of a question that was chosen by hand.

        A number for something answered before needs its name, so that it is meant as a correction.
        """
        missing = draft.missing(question)
        if position.picked or not missing:
            return question.indicators
        return tuple(indicator for indicator in question.indicators if indicator.code in missing)

    def ask(self, draft: Draft, question: Question, picked: bool = False) -> Ask:
        """What the question still lacks, with what was reported of that before; all of it where it was picked."""
        missing = draft.missing(question)
        if picked or not missing:
            missing = tuple(i.code for i in question.indicators)
        recorded = {code: draft.values[code] for code in missing if code in draft.values}
        before = {code: draft.before[code] for code in missing if code in draft.before}
        year_ago = {code: draft.year_ago[code] for code in missing if code in draft.year_ago}
        number = (self.form.number(question), len(self.form.questions))
        returned = {code: draft.returned[code] for code in missing if code in draft.returned}
        return Ask(question, *number, missing, before, picked, year_ago, recorded, returned)

    def confirm(self, draft: Draft, pending: Pairs) -> Confirm:
        """Whether these values are right, each with why it is doubted."""
        known = [code for code, value in pending if code in draft.values and not draft.stands_at(code, value)]
        old = {code: draft.values[code] for code in known}
        return Confirm(doubted(self.catalogue, self.form.level, draft, pending), old)

    def odd(self, draft: Draft, values: Pairs) -> dict[str, Doubt]:
        """Those of the values whose amount is doubted, by code."""
        return {
            code: doubt
            for code, _, doubt in doubted(self.catalogue, self.form.level, draft, values)
            if doubt != "likely"
        }

    def clarify(self, draft: Draft, position: Position) -> Clarify:
        """The first of the unclear pieces, as many as one card holds."""
        points = position.unclear[:MOST_POINTS]
        known = {code: draft.values[code] for point in points for code in point.codes if code in draft.values}
        return Clarify(points, len(position.unclear) - len(points), proposals(points, draft.values), known)

    @staticmethod
    def _known(draft: Draft, point: UnclearWords) -> bool:
        """Whether the piece could only be another number of what has one, or is the one that stands."""
        values = [draft.values.get(code) for code in point.codes]
        if point.value is not None and len(point.codes) == 1 and draft.stands_at(point.codes[0], point.value):
            return True
        return point.value is None and bool(values) and all(value is not None and value.amount for value in values)
