"""The secretary's dialogue: `advance` maps (form, draft, position, event) to the next position and its effects.

Pure and the same on every channel. The next question is the first one of the form with something missing, so
a dialogue left for days, or finished by somebody else of the unit, goes on where the draft stands.
What a message means is decided here; what is asked is in `questions`, what enters the draft in `entries`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from reporting.catalogue import Catalogue, Indicator
from reporting.draft import Draft, Position
from reporting.effects import Already, AwaitYes, Dropped, HowToCorrect, Kept, Paused, Put, Show, Stale, Step, Unread
from reporting.entries import Entries
from reporting.events import Did, Event, Said
from reporting.forms import Form
from reporting.questions import Questions
from reporting.remainder import none_of, rest_of, says_no_more
from reporting.reply import Reply, adds, amended, is_long, read_paste, read_reply
from reporting.small_talk import (
    asks_meaning,
    expects_no_entry,
    gives_reason,
    puts_off,
    regrets,
    says_no,
    says_yes,
    wants_to_correct,
    without_regret,
)

MOST_LATEST = 8  # codes kept of what was entered last; of more, a bare number says nothing anyhow


@dataclass(frozen=True)
class Dialogue:
    """The dialogue over one form."""

    form: Form
    catalogue: Catalogue

    @cached_property
    def questions(self) -> Questions:
        """What may be asked."""
        return Questions(self.form, self.catalogue)

    @cached_property
    def entries(self) -> Entries:
        """The ways into a draft."""
        return Entries(self.questions)

    def advance(self, draft: Draft, position: Position, event: Event) -> Step:
        """One event of one person. Raises nothing: what cannot be read is an effect too."""
        step = self._advance(draft, position, event)
        entered = tuple(effect.code for effect in step.effects if isinstance(effect, (Put, Kept)))
        latest = (entered or position.latest)[:MOST_LATEST]
        return replace(step, position=replace(step.position, latest=latest))

    def _advance(self, draft: Draft, position: Position, event: Event) -> Step:
        if draft.state in ("accepted", "locked"):
            return Step(Position(), draft, (Already(closed=True),))
        if isinstance(event, Said):
            return self._said(draft, position, event)
        match event.act:
            case "begin":
                if draft.sent:
                    return Step(Position("reviewing"), draft, (Already(closed=False),))
                if position.mode == "confirming":  # what was read waits for its yes
                    return Step(position, draft, self.questions.repeat(draft, position, Stale())[1:])
                return self.questions.onward(draft, ())
            case "later" | "leave":
                table = position.mode == "confirming" and not position.doubt
                if table:  # put off, it waits; left, it is gone
                    kept = Step(position, draft, (AwaitYes(),))
                    return kept if event.act == "later" else Step(Position(), draft, (Dropped(),))
                if draft.sent:
                    return Step(Position(), draft, (Already(closed=False),))
                return Step(Position(), draft, (Paused(draft.answered(self.form), len(self.form.questions)),))
            case "show":
                if draft.values and not draft.sent and draft.next_question(self.form) is None:
                    return self.questions.review(draft, ())
                return Step(position, draft, (Show(draft.answered(self.form), len(self.form.questions)),))
            case "edit":
                if position.mode == "confirming" and position.question:
                    return self.questions.again(draft, position.question, (), position.picked)
                stays = position.mode == "reviewing" or (position.mode == "confirming" and not position.doubt)
                # the table waits for its correction, the review for its sending
                return Step(position if stays else Position("reviewing"), draft, (HowToCorrect(),))
            case "submit":
                return self.entries.submit(draft, position)
            case "back":
                return self.questions.back(draft, position)
            case "yes":
                return self.entries.agreed(draft, position, event.about)
            case "pick" | "skip":
                return self.entries.picked(draft, position, event)
            case "none" | "before":
                return self.entries.whole_question(draft, position, event)
            case "keep":
                return self.entries.kept(draft, position, event)

    def _said(self, draft: Draft, position: Position, said: Said) -> Step:
        level, text, questions = self.form.level, amended(said.text), self.questions
        question = questions.open(position)
        if not said.whole and (step := self._aside(draft, position, text)):
            return step
        if position.mode == "clarifying" and not said.whole:
            return self.entries.clarified(draft, position, text)
        shown = position.mode == "confirming" and not said.whole
        asked = questions.asked(draft, position, question) if question else ()
        reply = Reply() if said.whole else self._read(position, text, asked)
        if shown and (said_so := self._agreed(draft, position, text, reply)):
            return self.entries.agreed(draft, position, note=text if said_so == "reason" else "")
        pending = dict(position.pending) if position.mode == "confirming" else {}
        if pending and not position.doubt and reply.values and not is_long(text):
            step = questions.table(draft, {**pending, **dict(reply.values)}, position.unclear)
            unread = tuple(Unread(t.reason, t.source, t.proposal) for t in reply.troubles)
            return replace(step, effects=(*unread, *step.effects))
        if adds(text) and any(code in draft.values for code, _ in reply.values):
            return Step(position, draft, questions.repeat(draft, position, Unread("adding", text)))
        if reply.none and question:
            return self.entries.put(draft, position, Reply(none_of(asked, draft.before, reply.values[0][1].source)))
        paste = read_paste(text, reply, asked, self.form, self.catalogue, level)
        if paste is not None and not paste.values and question and all(u.value is None for u in paste.unclear):
            paste = None  # too vague to offer a choice: then the open question is the better one to ask
        if pending and not position.doubt and not is_long(text) and (paste is None or not paste.values):
            return Step(position, draft, (Unread(reply.problem or "ambiguous", text), AwaitYes()))
        if paste is not None:
            values_read = {**pending, **dict(paste.values)}
            unclear = position.unclear + paste.unclear
            known = {*values_read, *draft.values, *(code for piece in unclear for code in piece.codes)}
            given = {**draft.values, **values_read}
            nothing = rest_of(self.form, known, paste.rest, given, self.catalogue)
            if question and not is_long(text):  # "còn lại không" in an answer is about the question
                nothing = {i.code: nothing[i.code] for i in asked if i.code in nothing}
            return questions.table(draft, values_read | nothing, unclear)
        numberless = reply.problem in (None, "not_a_number") and not (reply.values or any(c.isdecimal() for c in text))
        if position.mode == "idle" and numberless:
            return questions.onward(draft, ())  # a greeting: the question is the answer to it
        if not reply.values and not reply.problem:
            return Step(position, draft, questions.repeat(draft, position, Unread("ambiguous", text)))
        return self.entries.put(draft, position, reply)

    def _aside(self, draft: Draft, position: Position, text: str) -> Step | None:
        """What says something about the dialogue and nothing about the unit: no, yes, thanks, later, done, what?"""
        confirming = position.mode == "confirming"
        if puts_off(text) and not position.doubt:
            return self._advance(draft, position, Did("later"))
        if wants_to_correct(text) and not confirming:
            return Step(position, draft, (HowToCorrect(),))
        if asks_meaning(text):
            return self.questions.explain(draft, position)
        if confirming and says_no(text):
            return self._advance(draft, position, Did("edit"))
        if position.mode == "clarifying" and position.unclear[0].value is not None and says_no(text):
            return self.entries.picked(draft, position, Did("skip"))
        if (confirming or position.mode == "clarifying") and says_yes(text):
            return self.entries.agreed(draft, position)
        if says_no_more(text):
            return self.entries.no_more(draft, position, text)
        if expects_no_entry(text):
            return self.questions.waits(draft, position)
        if regrets(text) and position.latest and position.mode not in ("confirming", "clarifying"):
            return self.entries.corrected(draft, position, text)
        return None

    def _read(self, position: Position, text: str, asked: Sequence[Indicator]) -> Reply:
        """A bare number said to a doubt is another one for what is doubted; to a question, an answer to it."""
        if position.doubt:
            doubted = [self.catalogue[code] for code, _ in position.pending]
            reply = read_reply(without_regret(text), doubted, self.form, self.catalogue, self.form.level)
            if reply.problem and position.latest:  # the whole answer said anew, not only what is doubted
                question = self.questions.open(position)
                told = {*position.latest, *(indicator.code for indicator in doubted)}
                anew = [i for i in question.indicators if i.code in told] if question else []
                whole = read_reply(without_regret(text), anew, self.form, self.catalogue, self.form.level)
                if whole.values and not whole.problem:
                    return whole
            if reply.values or reply.proposed or not asked:
                return reply
        return read_reply(text, asked, self.form, self.catalogue, self.form.level)

    def _agreed(self, draft: Draft, position: Position, text: str, reply: Reply) -> Literal["same", "reason", ""]:
        """Whether the doubted values are said again as they are, or a reason is given for them."""
        if position.doubt and reply.values and reply.problem is None:
            shown = {code: value.amount for code, value in position.pending}
            return "same" if shown == {code: value.amount for code, value in reply.values} else ""
        odd = self.questions.odd(draft, position.pending)
        return "reason" if odd and not reply.values and gives_reason(text) else ""
