"""Values and choices of a person in, the draft with them out: plausible ones at once, the others after a yes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting.dialogue import life
from reporting.dialogue.asides_in_words import none_of
from reporting.dialogue.draft import SAID_NONE, Draft, Position, taken_over
from reporting.dialogue.effects import Already, Effect, HowToCorrect, Kept, Outdated, Put, Stale, Step, Submit, Unread
from reporting.dialogue.events import Did
from reporting.dialogue.questions import Questions
from reporting.dialogue.reply import Reply, read_reply
from reporting.dialogue.small_talk import without_regret
from reporting.figures.values import Value

MOST_TROUBLES = 3  # more of them in one reply are not worth reading: the question comes again anyhow
MOST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Entries:
    """Every way into a draft. What a value replaces is told with it."""

    questions: Questions

    def put(self, draft: Draft, position: Position, reply: Reply) -> Step:
        """Stores what is plausible, asks about the rest, and goes on from there."""
        given = {c for c, _ in reply.values} | {code for trouble in reply.troubles for code in trouble.codes}
        waiting = tuple(pair for pair in position.pending if position.doubt and pair[0] not in given)
        new = tuple(pair for pair in reply.values if not draft.stands_at(*pair))
        doubts = self.questions.odd(draft, new)
        odd = tuple(pair for pair in new if pair[0] in doubts)
        plain = tuple(pair for pair in reply.values if pair not in odd)
        kept = tuple(Kept(code, value) for code, value in plain if draft.stands_at(code, value))
        draft, puts = _stored(draft, plain)
        effects: tuple[Effect, ...] = (*puts, *kept)
        question = position.question if position.mode in ("asking", "confirming") else ""
        effects += tuple(Unread(t.reason, t.source, t.proposal) for t in reply.troubles[:MOST_TROUBLES])
        if pending := waiting + odd + reply.proposed:
            over = tuple((code, draft.values[code]) for code, _ in pending if code in draft.values)
            asking = Position("confirming", question, position.picked, pending, position.unclear, doubt=True, over=over)
            return Step(asking, draft, (*effects, self.questions.confirm(draft, pending)))
        still = self.questions.form.question(question)
        if reply.problem and still is not None and (draft.missing(still) or not plain):
            return self.questions.again(draft, still.code, effects, position.picked)
        return self.questions.onward(draft, effects, position)

    def agreed(self, draft: Draft, position: Position, about: str = "", note: str = "") -> Step:
        """Stores what was shown; `note` is the reason the person gave for what was doubted."""
        if position.mode == "clarifying" and not about:
            unclear = position.unclear[0]
            if unclear.value is not None and len(unclear.codes) == 1:  # "“60 cây” là mục nào?" offers one answer
                return self.picked(draft, position, Did("pick", "0"))
        if position.mode == "reviewing" and not about:
            return self.submit(draft, position)  # "đúng" to the report that was shown
        if position.mode != "confirming" and not about:
            return self.not_asked(draft, position)
        if position.mode != "confirming" or (about and about != position.mark):
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        if self._outdated(draft, position):
            step = self.questions.table(draft, dict(position.pending), position.unclear)
            return replace(step, effects=(Outdated(), *step.effects))
        odd = self.questions.odd(draft, position.pending)
        short = " ".join(note.split())[:MOST_NOTE]
        noted = tuple((code, replace(v, note=short if code in odd else "")) for code, v in position.pending)
        draft, puts = _stored(draft, noted)
        effects = tuple(replace(put, confirmed=put.code in odd) for put in puts)
        return self.questions.onward(draft, effects, position)

    def _outdated(self, draft: Draft, position: Position) -> bool:
        """Whether somebody has stored another value since the pending ones were shown; the same is no conflict."""
        over = dict(position.over)
        return any(
            code in draft.values
            and not draft.stands_at(code, value)
            and (code not in over or not draft.stands_at(code, over[code]))
            for code, value in position.pending
        )

    def whole_question(self, draft: Draft, position: Position, event: Did) -> Step:
        """Nothing to report in the open question, or the same as last period."""
        question = self.questions.open(position)
        if position.mode == "clarifying" and not event.about:
            return self._unclear_as(draft, position, event)
        if question is None and not event.about:
            return self.not_asked(draft, position)
        if question is None or (event.about and event.about != question.code):
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        codes = draft.missing(question)
        if not codes and not position.picked:
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        codes = codes or tuple(indicator.code for indicator in question.indicators)
        if event.act == "none":
            asked = [self.questions.catalogue[code] for code in codes]
            return self.put(draft, position, Reply(none_of(asked, draft.before, SAID_NONE)))
        values = tuple((code, taken_over(draft.before[code])) for code in codes if code in draft.before)
        if len(values) < len(codes):
            return Step(position, draft, self.questions.repeat(draft, position, Unread("no_history", "")))
        return self.put(draft, position, Reply(values))

    def _unclear_as(self, draft: Draft, position: Position, event: Did) -> Step:
        """ "Như kỳ trước" or "không phát sinh" to an unclear piece, where it can be of one item only."""
        unclear, rest = position.unclear[0], replace(position, unclear=position.unclear[1:])
        if len(unclear.codes) != 1:
            return self.not_asked(draft, position)
        [code] = unclear.codes
        if event.act == "none":
            return self.put(draft, rest, Reply(none_of([self.questions.catalogue[code]], draft.before, SAID_NONE)))
        if code not in draft.before:
            return Step(position, draft, self.questions.repeat(draft, position, Unread("no_history", "")))
        return self.put(draft, rest, Reply(((code, taken_over(draft.before[code])),)))

    def kept(self, draft: Draft, position: Position, event: Did) -> Step:
        """ "Giữ nguyên": what stands, in a question gone back to; in one with something missing, last period's."""
        question = self.questions.open(position)
        if position.mode == "asking" and question is not None and event.about in ("", question.code):
            if not draft.missing(question):
                return self.questions.onward(draft, ())
            return self.whole_question(draft, position, replace(event, act="before"))
        if position.mode == "clarifying" and not event.about:
            return self._unclear_as(draft, position, replace(event, act="before"))
        if event.about:
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        return self.not_asked(draft, position)

    def no_more(self, draft: Draft, position: Position, text: str) -> Step:
        """ "Hết rồi": nothing more in the open question, at once where it was begun, else after a yes."""
        question = self.questions.open(position)
        if position.mode != "asking" or question is None:
            return self.questions.waits(draft, position)
        if not draft.missing(question):
            return self.questions.onward(draft, ())
        open_ = [self.questions.catalogue[code] for code in draft.missing(question)]
        none = none_of(open_, draft.before, " ".join(text.split()))
        if len(open_) < len(question.indicators):
            return self.put(draft, position, Reply(none))
        return self.put(draft, position, Reply(proposed=none))

    def corrected(self, draft: Draft, position: Position, text: str) -> Step:
        """ "Nhầm, 150": another number for what was entered last; without one, how to correct."""
        catalogue, form = self.questions.catalogue, self.questions.form
        latest = [catalogue[code] for code in position.latest if code in catalogue]
        reply = read_reply(without_regret(text), latest, form, catalogue, form.level)
        told = [value.source for _, value in (*reply.values, *reply.proposed)]
        if told and (len(latest) == 1 or all(any(char.isalpha() for char in source) for source in told)):
            return self.put(draft, position, replace(reply, none=False))
        if any(char.isdecimal() for char in text):
            return Step(position, draft, self.questions.repeat(draft, position, Unread("ambiguous", text)))
        return Step(position, draft, (HowToCorrect(),))

    def clarified(self, draft: Draft, position: Position, text: str) -> Step:
        """The reply to an unclear piece: a number of the one indicator it can be, or values with their names."""
        unclear, rest = position.unclear[0], replace(position, unclear=position.unclear[1:])
        form, catalogue = self.questions.form, self.questions.catalogue
        asked = [catalogue[code] for code in unclear.codes] if len(unclear.codes) == 1 else []
        reply = read_reply(text, asked, form, catalogue, form.level)
        if reply.values:
            about = any(code in unclear.codes for code, _ in reply.values)
            return self.put(draft, rest if about or not unclear.codes else position, reply)
        unread = Unread(reply.problem or "ambiguous", text)
        return Step(position, draft, (unread, self.questions.clarify(position)))

    def picked(self, draft: Draft, position: Position, event: Did) -> Step:
        """What the unclear piece is, by the choice that was taken; or it is left out."""
        if position.mode != "clarifying":
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        unclear, rest = position.unclear[0], replace(position, unclear=position.unclear[1:])
        if event.act == "skip":
            return self.questions.onward(draft, (), rest)
        index, _, mark = event.about.partition(".")
        other = (mark and mark != position.mark) or unclear.value is None or not index.isdecimal()
        if other or unclear.value is None or int(index) >= len(unclear.codes):
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        return self.put(draft, rest, Reply(((unclear.codes[int(index)], unclear.value),)))

    def submit(self, draft: Draft, position: Position) -> Step:
        """Sends the report, and with it what is kept as last period, once that was shown."""
        if draft.sent:
            return Step(Position("reviewing"), draft, (Already(closed=False),))
        if draft.next_question(self.questions.form) is not None:
            return self.questions.onward(draft, (Unread("incomplete", ""),))
        kept = draft.kept(self.questions.form)
        if kept and (position.mode, position.pending) != ("reviewing", kept):
            return self.questions.review(draft, ())
        draft, puts = _stored(draft, kept)
        return Step(Position(), replace(draft, state=life.made(draft.state, "submit").to), (*puts, Submit()))

    def not_asked(self, draft: Draft, position: Position) -> Step:
        """A word that answers nothing here; no button was tapped, so what is open is just asked once more."""
        if position.mode in ("asking", "confirming", "clarifying"):
            return Step(position, draft, self.questions.repeat(draft, position, Stale())[1:])
        return self.questions.onward(draft, ())


def _stored(draft: Draft, values: Sequence[tuple[str, Value]]) -> tuple[Draft, tuple[Put, ...]]:
    puts = tuple(
        Put(code, value, old)
        for code, value in values
        if not draft.stands_at(code, value)
        for old in (draft.values.get(code),)
    )
    return draft.having(dict(values)), puts
