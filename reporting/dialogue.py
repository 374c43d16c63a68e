"""The secretary's dialogue: `advance` maps (form, draft, position, event) to the next position and its effects.

Pure and the same on every channel. The next question is the first one of the form with something missing, so
a dialogue left for days, or finished by somebody else of the unit, goes on where the draft stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reporting.catalogue import Catalogue, Indicator
from reporting.doubts import Doubt, doubted, expects_no_entry, gives_reason, says_no, says_yes, without_regret
from reporting.draft import Draft, Position, Unclear
from reporting.effects import (
    Already,
    Ask,
    Clarify,
    Confirm,
    ConfirmTable,
    Effect,
    HowToCorrect,
    Kept,
    Paused,
    Put,
    Review,
    Show,
    Stale,
    Step,
    Submit,
    Unread,
    Waiting,
)
from reporting.events import Did, Event, Said
from reporting.forms import Form, Question
from reporting.remainder import none_of, rest_of
from reporting.reply import Reply, adds, amended, read_paste, read_reply
from reporting.values import Value

MOST_TROUBLES = 3  # more of them in one reply are not worth reading: the question comes again anyhow
MOST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The dialogue over one form."""

    form: Form
    catalogue: Catalogue

    def advance(self, draft: Draft, position: Position, event: Event) -> Step:
        """One event of one person. Raises nothing: what cannot be read is an effect too."""
        if draft.state in ("accepted", "locked"):
            return Step(Position(), draft, (Already(closed=True),))
        if isinstance(event, Said):
            return self._said(draft, position, event)
        match event.act:
            case "begin":
                if draft.sent:
                    return Step(Position("reviewing"), draft, (Already(closed=False),))
                return self._onward(draft, ())
            case "later":
                if draft.sent:
                    return Step(Position(), draft, (Already(closed=False),))
                return Step(Position(), draft, (Paused(draft.answered(self.form), len(self.form.questions)),))
            case "show":
                if draft.values and not draft.sent and draft.next_question(self.form) is None:
                    return Step(Position("reviewing"), draft, (Review(),))
                return Step(position, draft, (Show(draft.answered(self.form), len(self.form.questions)),))
            case "edit":
                if position.mode == "confirming" and position.question:
                    return self._ask_again(draft, position.question, (), position.picked)
                stays = position.mode == "confirming" and not position.doubt  # the table waits for its correction
                return Step(position if stays else Position("reviewing"), draft, (HowToCorrect(),))
            case "submit":
                return self._submit(draft)
            case "back":
                return self._back(draft, position)
            case "yes":
                return self._yes(draft, position, event.about)
            case "pick" | "skip":
                return self._pick(draft, position, event)
            case "none" | "before":
                return self._whole_question(draft, position, event)

    # --- what was written -------------------------------------------------------------------------------------

    def _said(self, draft: Draft, position: Position, said: Said) -> Step:
        level, text = self.form.level, amended(said.text)
        question = self._open_question(position)
        if position.mode == "clarifying" and not said.whole:
            return self._clarified(draft, position, text)
        if position.mode == "asking" and question and not said.whole and expects_no_entry(text):
            open_ = self._ask(draft, question, position.picked)
            return Step(position, draft, (Waiting(open_.missing, draft.answered(self.form), open_.total),))
        shown = position.mode == "confirming" and not said.whole
        if shown and says_no(text):
            return self.advance(draft, position, Did("edit"))
        if shown and says_yes(text):
            return self._yes(draft, position)
        asked = self._asked(draft, position, question) if question else ()
        reply = Reply() if said.whole else self._read(position, text, asked)
        if shown and (said_so := self._agreed(draft, position, text, reply)):
            return self._yes(draft, position, note=text if said_so == "reason" else "")
        if position.mode == "confirming" and not position.doubt and reply.values:
            return self._table(draft, {**dict(position.pending), **dict(reply.values)}, position.unclear)
        if adds(text) and any(code in draft.values for code, _ in reply.values):
            return Step(position, draft, self._repeat(draft, position, Unread("adding", text)))
        if reply.none and question:
            return self._put(draft, position, Reply(none_of(asked, draft.before, reply.values[0][1].source)))
        paste = read_paste(text, reply, asked, self.form, self.catalogue, level)
        if paste is not None and not paste.values and question and all(u.value is None for u in paste.unclear):
            paste = None  # too vague to offer a choice: then the open question is the better one to ask
        if paste is not None:
            values_read = {**dict(position.pending), **dict(paste.values)}
            unclear = position.unclear + paste.unclear
            known = {*values_read, *draft.values, *(code for piece in unclear for code in piece.codes)}
            return self._table(draft, values_read | rest_of(self.form, known, paste.rest), unclear)
        if not reply.values and not reply.problem:
            return Step(position, draft, self._repeat(draft, position, Unread("ambiguous", text)))
        return self._put(draft, position, reply)

    def _read(self, position: Position, text: str, asked: Sequence[Indicator]) -> Reply:
        """A bare number said to a doubt is another one for what is doubted; to a question, an answer to it."""
        if position.doubt:
            doubted = [self.catalogue[code] for code, _ in position.pending]
            reply = read_reply(without_regret(text), doubted, self.form, self.catalogue, self.form.level)
            if reply.values or reply.proposed or not asked:
                return reply
        return read_reply(text, asked, self.form, self.catalogue, self.form.level)

    def _agreed(self, draft: Draft, position: Position, text: str, reply: Reply) -> Literal["same", "reason", ""]:
        """Whether the doubted values are said again as they are, or a reason is given for them."""
        if position.doubt and reply.values and reply.problem is None:
            shown = {code: value.amount for code, value in position.pending}
            return "same" if shown == {code: value.amount for code, value in reply.values} else ""
        odd = any(doubt != "likely" for _, _, doubt in self._doubted(draft, position.pending))
        return "reason" if odd and not reply.values and gives_reason(text) else ""

    def _asked(self, draft: Draft, position: Position, question: Question) -> tuple[Indicator, ...]:
        """What a bare number may answer: what is still missing; all of a question that was chosen by hand.

        A number for something answered before needs its name, so that it is meant as a correction.
        """
        missing = draft.missing(question)
        if position.picked or not missing:
            return question.indicators
        return tuple(indicator for indicator in question.indicators if indicator.code in missing)

    def _clarified(self, draft: Draft, position: Position, text: str) -> Step:
        """The reply to an unclear piece: a number of the one indicator it can be, or values with their names."""
        unclear, rest = position.unclear[0], replace(position, unclear=position.unclear[1:])
        asked = [self.catalogue[code] for code in unclear.codes] if len(unclear.codes) == 1 else []
        reply = read_reply(text, asked, self.form, self.catalogue, self.form.level)
        if reply.values:
            about = any(code in unclear.codes for code, _ in reply.values)
            return self._put(draft, rest if about or not unclear.codes else position, reply)
        return Step(position, draft, (Unread(reply.problem or "ambiguous", text), self._clarify(position)))

    def _table(self, draft: Draft, values: dict[str, Value], unclear: tuple[Unclear, ...]) -> Step:
        """Shows what a pasted report was read as, to be confirmed with one tap; nothing is stored before."""
        if not values:
            asking = Position("clarifying", unclear=unclear)
            return Step(asking, draft, (self._clarify(asking),))
        old = {code: draft.values[code] for code in values if code in draft.values}
        after = draft.having(values)
        missing = tuple(code for q in self.form.questions for code in after.missing(q))
        pending = tuple(values.items())
        doubts = {c: doubt for c, v, doubt in self._doubted(draft, pending) if doubt != "likely"}
        table = ConfirmTable(pending, unclear, missing, old, doubts)
        return Step(Position("confirming", pending=pending, unclear=unclear), draft, (table,))

    def _put(self, draft: Draft, position: Position, reply: Reply) -> Step:
        """Stores what is plausible, asks about the rest, and goes on from there."""
        given = {c for c, _ in reply.values} | {o.code for trouble in reply.troubles for o in trouble.options}
        waiting = tuple(pair for pair in position.pending if position.doubt and pair[0] not in given)
        new = tuple(pair for pair in reply.values if not draft.stands_at(*pair))
        odd = tuple((code, value) for code, value, doubt in self._doubted(draft, new) if doubt != "likely")
        plain = tuple(pair for pair in reply.values if pair not in odd)
        kept = tuple(Kept(code, value) for code, value in plain if draft.stands_at(code, value))
        draft, puts = self._puts(draft, plain)
        effects: tuple[Effect, ...] = (*puts, *kept)
        question = position.question if position.mode in ("asking", "confirming") else ""
        effects += tuple(Unread(t.reason, t.source, t.proposal) for t in reply.troubles[:MOST_TROUBLES])
        if pending := waiting + odd + reply.proposed:
            asking = Position("confirming", question, position.picked, pending, position.unclear, doubt=True)
            return Step(asking, draft, (*effects, Confirm(self._doubted(draft, pending))))
        still = self.form.question(question)
        if reply.problem and still is not None and (draft.missing(still) or not plain):
            return self._ask_again(draft, still.code, effects, position.picked)
        return self._onward(draft, effects, position)

    def _puts(self, draft: Draft, values: Sequence[tuple[str, Value]]) -> tuple[Draft, tuple[Put, ...]]:
        puts = tuple(
            Put(code, value, old)
            for code, value in values
            if not draft.stands_at(code, value)
            for old in (draft.values.get(code),)
        )
        return draft.having(dict(values)), puts

    def _doubted(self, draft: Draft, pending: Sequence[tuple[str, Value]]) -> tuple[tuple[str, Value, Doubt], ...]:
        return doubted(self.catalogue, self.form.level, draft, pending)

    # --- choices ----------------------------------------------------------------------------------------------

    def _whole_question(self, draft: Draft, position: Position, event: Did) -> Step:
        """Nothing to report in the open question, or the same as last period."""
        question = self._open_question(position)
        if question is None and not event.about:
            return self._typed_out_of_place(draft, position)
        if question is None or (event.about and event.about != question.code):
            return Step(position, draft, self._repeat(draft, position, Stale()))
        codes = draft.missing(question)
        if not codes and not position.picked:
            return Step(position, draft, self._repeat(draft, position, Stale()))
        codes = codes or tuple(indicator.code for indicator in question.indicators)
        if event.act == "none":
            values = none_of([self.catalogue[code] for code in codes], draft.before, "Không phát sinh")
        else:
            values = tuple(
                (code, replace(draft.before[code], source="Như kỳ trước")) for code in codes if code in draft.before
            )
            if len(values) < len(codes):
                return Step(position, draft, self._repeat(draft, position, Unread("no_history", "")))
        return self._put(draft, position, Reply(values=values))

    def _yes(self, draft: Draft, position: Position, about: str = "", note: str = "") -> Step:
        """Stores what was shown; `note` is the reason the person gave for what was doubted."""
        if position.mode != "confirming" and not about:
            return self._typed_out_of_place(draft, position)
        if position.mode != "confirming" or (about and about != position.mark):
            return Step(position, draft, self._repeat(draft, position, Stale()))
        odd = {code for code, _, doubt in self._doubted(draft, position.pending) if doubt != "likely"}
        short = " ".join(note.split())[:MOST_NOTE]
        noted = tuple((code, replace(v, note=short if code in odd else "")) for code, v in position.pending)
        draft, puts = self._puts(draft, noted)
        effects = tuple(replace(put, confirmed=put.code in odd) for put in puts)
        return self._onward(draft, effects, position)

    def _pick(self, draft: Draft, position: Position, event: Did) -> Step:
        if position.mode != "clarifying":
            return Step(position, draft, self._repeat(draft, position, Stale()))
        unclear, rest = position.unclear[0], replace(position, unclear=position.unclear[1:])
        if event.act == "skip":
            return self._onward(draft, (), rest)
        index, _, mark = event.about.partition(".")
        other = (mark and mark != position.mark) or unclear.value is None or not index.isdecimal()
        if other or unclear.value is None or int(index) >= len(unclear.codes):
            return Step(position, draft, self._repeat(draft, position, Stale()))
        return self._put(draft, rest, Reply(values=((unclear.codes[int(index)], unclear.value),)))

    def _typed_out_of_place(self, draft: Draft, position: Position) -> Step:
        """A word that answers nothing here; no button was tapped, so what is open is just asked once more."""
        if position.mode in ("asking", "confirming", "clarifying"):
            return Step(position, draft, self._repeat(draft, position, Stale())[1:])
        return self._onward(draft, ())

    def _back(self, draft: Draft, position: Position) -> Step:
        current = self._open_question(position)
        if current is None and position.mode != "reviewing":
            current = draft.next_question(self.form)
        number = self.form.number(current) if current else len(self.form.questions) + 1
        before = self.form.questions[max(0, number - 2)]
        return self._ask_again(draft, before.code, (), picked=True)

    def _submit(self, draft: Draft) -> Step:
        if draft.sent:
            return Step(Position("reviewing"), draft, (Already(closed=False),))
        if draft.next_question(self.form) is not None:
            return self._onward(draft, (Unread("incomplete", ""),))
        return Step(Position(), replace(draft, state="submitted"), (Submit(),))

    # --- what comes next --------------------------------------------------------------------------------------

    def _onward(self, draft: Draft, effects: tuple[Effect, ...], position: Position | None = None) -> Step:
        """The next unclear piece, else the first question with something missing, else the review."""
        if position and position.unclear:
            asking = Position("clarifying", unclear=position.unclear)
            return Step(asking, draft, (*effects, self._clarify(asking)))
        if draft.sent:
            return Step(Position("reviewing"), draft, effects or (Already(closed=False),))
        question = draft.next_question(self.form)
        if question is None:
            return Step(Position("reviewing"), draft, (*effects, Review()))
        return Step(Position("asking", question.code), draft, (*effects, self._ask(draft, question)))

    def _ask_again(self, draft: Draft, code: str, effects: tuple[Effect, ...], picked: bool = False) -> Step:
        question = self.form.question(code)
        if question is None:
            return self._onward(draft, effects)
        if not picked and not draft.missing(question):
            return self._onward(draft, effects)
        asking = Position("asking", code, picked)
        return Step(asking, draft, (*effects, self._ask(draft, question, picked)))

    def _repeat(self, draft: Draft, position: Position, effect: Effect) -> tuple[Effect, ...]:
        """The effect, and what is open once more."""
        if position.mode == "asking" and (question := self.form.question(position.question)):
            return (effect, self._ask(draft, question, position.picked))
        if position.mode == "confirming":
            if position.doubt:
                return (effect, Confirm(self._doubted(draft, position.pending)))
            return (effect, *self._table(draft, dict(position.pending), position.unclear).effects)
        if position.mode == "clarifying":
            return (effect, self._clarify(position))
        if position.mode == "reviewing" and not draft.sent and draft.next_question(self.form) is None:
            return (effect, Review())
        return (effect,)

    def _open_question(self, position: Position) -> Question | None:
        return self.form.question(position.question) if position.mode in ("asking", "confirming") else None

    def _ask(self, draft: Draft, question: Question, picked: bool = False) -> Ask:
        missing = draft.missing(question) or tuple(i.code for i in question.indicators)
        before = {code: draft.before[code] for code in missing if code in draft.before}
        year_ago = {code: draft.year_ago[code] for code in missing if code in draft.year_ago}
        return Ask(question, self.form.number(question), len(self.form.questions), missing, before, picked, year_ago)

    def _clarify(self, position: Position) -> Clarify:
        return Clarify(position.unclear[0], len(position.unclear) - 1)
