"""Values and choices of a person in, the draft with them out: plausible ones at once, the others after a yes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reporting.dialogue import life
from reporting.dialogue.card_replies import PointsReply, listed_for, marked_in, settled_by
from reporting.dialogue.doubts import beside, without_attendance
from reporting.dialogue.draft import AS_BEFORE, SAID_NONE, Draft, Position, UnclearWords, is_taken_over, taken_over
from reporting.dialogue.effects import (
    Already,
    Effect,
    HowToCorrect,
    Kept,
    LeftOut,
    Outdated,
    Put,
    Removed,
    SetAside,
    Stale,
    Step,
    Submit,
    Summed,
    Unread,
)
from reporting.dialogue.events import Did
from reporting.dialogue.points import (
    MOST_POINTS,
    numberless_of,
    on_table,
    open_after,
    points_of,
    proposals,
    told_otherwise,
)
from reporting.dialogue.questions import Questions
from reporting.dialogue.reply import Reply, read_reply
from reporting.dialogue.rest_in_words import none_of, rest_of, without_rest
from reporting.dialogue.small_talk import gives_reason, without_regret
from reporting.figures.values import Value
from reporting.numbers.quantities import quantities
from reporting.reading.found.mentions import labels_of

MOST_TROUBLES = 3  # more of them in one reply are not worth reading: the question comes again anyhow
MOST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Entries:
    """Every way into a draft. What a value replaces is told with it."""

    questions: Questions

    def put(self, draft: Draft, position: Position, reply: Reply, text: str = "") -> Step:
        """Stores what is plausible, asks about the rest, and goes on from there.

        text: the message, where a number in it may be offered the items it can be of; beside words that nobody has
        read it may be of something else, and no item is offered.
        """
        told = [t for t in reply.troubles if t.reason != "not_a_number"]  # words without a number settle nothing
        # What may be of several items takes none of them from the figures that wait.
        doubtful = {trouble.codes[0] for trouble in told if len(trouble.codes) == 1}
        given = {code for code, _ in reply.values + reply.proposed} | doubtful
        waiting = tuple(pair for pair in position.pending if position.doubt and pair[0] not in given)
        new = tuple(pair for pair in reply.values if not draft.stands_at(*pair))
        doubts = self.questions.odd(draft, new)
        odd = tuple(pair for pair in new if pair[0] in doubts)
        plain = tuple(pair for pair in reply.values if pair not in odd)
        plain += self._nobody_came(draft, position, plain)
        kept = tuple(Kept(code, value) for code, value in plain if draft.stands_at(code, value))
        position = replace(position, unclear=open_after(position.unclear, dict(reply.values)))
        draft, puts = _stored(draft, plain)
        effects: tuple[Effect, ...] = (*puts, *kept)
        question = position.question if position.mode in ("asking", "confirming") else ""
        points = (*reply.points, *points_of(text, reply, draft, self.questions.catalogue))
        if not question:  # no question comes again that would ask for the number
            points += numberless_of([t for t in reply.troubles if draft.values.keys().isdisjoint(t.codes)])
        position = replace(position, unclear=points + position.unclear)
        asked = {point.source for point in points}
        troubles = [trouble for trouble in reply.troubles if trouble.source not in asked]
        effects += tuple(Unread(t.reason, t.source, t.proposal) for t in troubles[:MOST_TROUBLES])
        effects += (LeftOut(reply.left),) if reply.left else ()
        if pending := waiting + odd + reply.proposed:
            over = tuple((code, draft.values[code]) for code, _ in pending if code in draft.values)
            asking = Position("confirming", question, position.picked, pending, position.unclear, doubt=True, over=over)
            return Step(asking, draft, (*effects, self.questions.confirm(draft, pending)))
        still = self.questions.form.question(question)
        if (
            (troubles or reply.left)
            and not position.unclear
            and still is not None
            and (draft.missing(still) or not plain)
        ):
            return self.questions.again(draft, still.code, effects, position.picked)
        return self.questions.onward(draft, effects, position, later=position.mode == "asking" and not points)

    def agreed(self, draft: Draft, position: Position, about: str = "", note: str = "") -> Step:
        """Stores what was shown; `note` is the reason the person gave for what was doubted."""
        clarifying = position.mode == "clarifying" and about in ("", position.mark)
        # What has another number is shown with both where it is asked about alone: a yes replaces it.
        taken = () if len(position.unclear) == 1 else draft.values
        if clarifying and (proposed := proposals(position.unclear[:MOST_POINTS], taken)):
            return self.put(draft, position, Reply(tuple(proposed.items())))
        if position.mode == "reviewing" and not about:
            return self.submit(draft, position)  # "đúng" to the report that was shown
        if position.mode != "confirming" and not about:
            return self.not_asked(draft, position)
        if position.mode != "confirming" or (about and about != position.mark):
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        if self._outdated(draft, position):
            step = self.questions.table(draft, dict(position.pending), position.unclear)
            return replace(step, effects=(Outdated(), *step.effects))
        guessed = () if position.doubt else tuple(self._guessed(draft, position).items())
        given = {**dict(position.pending), **dict(guessed)}
        otherwise = told_otherwise(position.unclear, given)
        unclear = open_after([point for point in position.unclear if point not in otherwise], given)
        position = replace(position, unclear=unclear)
        odd = self.questions.odd(draft, position.pending)
        short = " ".join(note.split())[:MOST_NOTE]
        noted = tuple((code, replace(v, note=short if code in odd else v.note)) for code, v in position.pending)
        noted += guessed
        noted += self._nobody_came(draft, position, noted)
        draft, puts = _stored(draft, noted)
        told = tuple(Unread("left_out", point.source) for point in otherwise)
        effects: tuple[Effect, ...] = (*(replace(put, confirmed=put.code in odd) for put in puts), *told)
        return self.questions.onward(draft, effects, position)

    def _nobody_came(
        self, draft: Draft, position: Position, values: Sequence[tuple[str, Value]]
    ) -> tuple[tuple[str, Value], ...]:
        """What follows from zeros, but nothing of what a number that is asked about may be of."""
        follows = without_attendance(self.questions.form, self.questions.catalogue, draft, values)
        return tuple(pair for pair in follows if pair[0] not in position.waiting)

    def _waiting(self, position: Position) -> frozenset[str]:
        """What no zero may be put for, as long as a number that may be of it waits for a word, or was not read."""
        unread = {code for source in position.unread for code in self._counted(source)}
        return beside({*position.waiting, *unread}, self.questions.catalogue)

    def _counted(self, source: str) -> tuple[str, ...]:
        """The few items that "15 tài khoản" can count; () where they are many."""
        labels = labels_of(self.questions.catalogue)
        units = {number.unit for number in quantities(source) if number.unit is not None}
        codes = tuple(code for unit in units for code in labels.counted_in(unit) if self.questions.form.holding(code))
        return codes if len(codes) <= MOST_POINTS else ()

    def sent_table(self, draft: Draft, position: Position) -> Step:
        """The table that was shown, stored and sent with what was shown to go with it."""
        step = self.agreed(draft, position, position.mark)
        if step.position.mode == "confirming":  # somebody has changed the draft meanwhile
            return step
        rest = tuple(self.questions.rest(step.draft).items())
        draft, more = _stored(step.draft, rest + step.draft.kept(self.questions.form))
        puts = tuple(effect for effect in step.effects if isinstance(effect, Put))
        sent = replace(draft, state=life.made(draft.state, "submit").to)
        return Step(Position(), sent, (*puts, *more, Submit()))

    @staticmethod
    def _guessed(draft: Draft, position: Position) -> dict[str, Value]:
        """What was filled in of the unclear pieces under a table."""
        return proposals(position.unclear, {*draft.values, *dict(position.pending)})

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
        if event.act == "none" and self._is_nothing(position):  # a second tap has not seen what is asked now
            return self.still(draft, position) if event.about else self.agreed(draft, position)
        codes = draft.missing(question)
        if not codes and not position.picked:
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        codes = codes or tuple(indicator.code for indicator in question.indicators)
        waiting = self._waiting(position) if event.act == "none" else position.waiting
        codes = tuple(code for code in codes if code not in waiting)
        if not codes:  # all that it lacks waits for a word
            return self.still(draft, position)
        if event.act == "none":
            asked = [self.questions.catalogue[code] for code in codes]
            return self.put(draft, position, Reply(none_of(asked, draft.before, SAID_NONE)))
        values = tuple((code, self._copied(draft, code)) for code in codes if code in draft.before)
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
        return self.put(draft, rest, Reply(((code, self._copied(draft, code)),)))

    def _copied(self, draft: Draft, code: str) -> Value:
        """Last period's value; of what happened with a note, so that whoever reviews it sees that it only repeats."""
        value = taken_over(draft.before[code])
        return value if self.questions.catalogue[code].stands else replace(value, note=AS_BEFORE)

    def kept(self, draft: Draft, position: Position, event: Did) -> Step:
        """ "Giữ nguyên": what stands, in a question gone back to; in one with something missing, last period's."""
        question = self.questions.open(position)
        if position.mode == "asking" and question is not None and event.about in ("", question.code):
            if not draft.missing(question):
                return self.questions.onward(draft, (), position)
            return self.whole_question(draft, position, replace(event, act="before"))
        if position.mode == "clarifying" and not event.about:
            return self._unclear_as(draft, position, replace(event, act="before"))
        if event.about:
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        return self.not_asked(draft, position)

    def no_more(self, draft: Draft, position: Position, text: str, of_all: bool = False) -> Step:
        """ "Hết rồi": nothing more in the open question, at once where it was begun; behind figures given before,
        nothing more in the whole report, after one yes. Said once more to what is then asked, it is that yes.

        of_all: it speaks of all other items ("các mục khác không phát sinh"): of the whole report, after a yes.
        """
        question, words = self.questions.open(position), " ".join(text.split())
        if self._is_nothing(position):
            return self.agreed(draft, position)
        fresh = question is not None and len(draft.missing(question)) == len(question.indicators)
        of_all = of_all or (position.mode == "asking" and fresh and bool(draft.values))
        said_of_rest = bool(without_rest(text)[1])
        of_all = of_all or (position.mode == "clarifying" and said_of_rest)
        if (of_all or said_of_rest or position.has_table) and (
            step := self._rest(draft, position, words, of_all)
        ) is not None:
            return step
        if position.mode != "asking" or question is None:
            return self.questions.waits(draft, position)
        missing = [code for code in draft.missing(question) if code not in self._waiting(position)]
        if not missing:
            return self.questions.onward(draft, (), position)
        open_ = [self.questions.catalogue[code] for code in missing]
        none = none_of(open_, draft.before, words)
        begun = len(open_) < len(question.indicators)
        return self.put(draft, position, Reply(none) if begun else Reply(proposed=none))

    def _rest(self, draft: Draft, position: Position, words: str, of_all: bool) -> Step | None:
        """Nothing in the rest of a table that waits, or (of_all) of the report; None where that is another matter."""
        read = dict(position.pending) if position.has_table else {}
        values = {**draft.values, **read}
        none = rest_of(
            self.questions.form, {*values, *self._waiting(position)}, words, values, self.questions.catalogue
        )
        if not none or (draft.sent and not position.has_table):
            return None
        if position.has_table:
            return self.questions.table(draft, read | none, position.unclear)
        question = self.questions.open(position)
        alone = question is not None and none.keys() <= set(draft.missing(question))
        return (
            self.put(draft, position, Reply(proposed=tuple(none.items())))
            if of_all and (not alone or position.waits)
            else None
        )

    def _is_nothing(self, position: Position) -> bool:
        """Whether it is asked if of some happenings there were none, and nothing else."""
        happened = [not value.amount and not self.questions.catalogue[code].stands for code, value in position.pending]
        return position.mode == "confirming" and bool(happened) and all(happened)

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
        """The reply to unclear pieces: an item's name, a number, "bỏ", or values with their names, in any order."""
        points = position.unclear[:MOST_POINTS]
        form, catalogue = self.questions.form, self.questions.catalogue
        if (step := self._card_answered(draft, position, text, points)) is not None:
            return step
        numberless = [point for point in points if point.value is None and len(point.codes) == 1]
        alone = points[0] if len(points) == 1 else numberless[0] if len(numberless) == 1 else None
        asked = [catalogue[code] for code in alone.codes] if alone and len(alone.codes) == 1 else []
        left, _ = without_rest(text)  # the rest is not what waits here
        reply = read_reply(left, asked, form, catalogue, form.level)
        named = None if reply.values or reply.none else self._named_otherwise(draft, position, left)
        if named is None and (reply.values or reply.proposed or reply.left):
            if reply.values and open_after(position.unclear, dict(reply.values)) == position.unclear:
                return self.put(draft, replace(position, mode="asking"), reply)  # of something else
            about = len(points) == 1 and not points[0].codes
            otherwise = told_otherwise(points, dict(reply.values))  # the answer has another number, and it counts
            waits = tuple(point for point in position.unclear[about:] if point not in otherwise)
            return self.put(draft, replace(position, unclear=waits), reply)
        if reply.none:
            return self._settled(draft, position, PointsReply("leave_all"))
        if named is not None:
            return self.put(draft, replace(position, mode="asking"), named)
        unread = Unread(reply.problem or "ambiguous", text)
        return Step(position, draft, self.questions.repeat(draft, position, unread))

    def _card_answered(
        self, draft: Draft, position: Position, text: str, points: tuple[UnclearWords, ...]
    ) -> Step | None:
        """A reply of marks, of bare numbers or of words to the points of a card; None for any other."""
        marked = marked_in(text, points)
        if len(marked) > 1:
            return self._all_settled(draft, position, marked)
        if not marked and (listed := self._listed(text, points)) is not None:
            return self.put(draft, position, listed)
        settled = marked[0] if marked else settled_by(text, points, self.questions.catalogue)
        return None if settled is None else self._settled(draft, position, settled)

    def _listed(self, text: str, points: Sequence[UnclearWords]) -> Reply | None:
        """The numbers of a bare list, each of the point in its place; to be confirmed where some points have none."""
        form, catalogue = self.questions.form, self.questions.catalogue
        pairs, whole = listed_for(text, points)
        replies = [read_reply(number, (catalogue[code],), form, catalogue, form.level) for code, number in pairs]
        found = tuple((code, value) for reply in replies for code, value in reply.values)
        if not found or len(found) < len(pairs):
            return None
        return Reply(found) if whole else Reply(proposed=found)

    @staticmethod
    def shown(draft: Draft, position: Position) -> tuple[UnclearWords, ...]:
        """The unclear pieces that stand on the card, or under the table, each with its mark."""
        if not position.has_table:
            return position.unclear[:MOST_POINTS]
        return on_table(position.unclear, {*dict(position.pending), *draft.values})[:MOST_POINTS]

    def table_doubts(self, draft: Draft, position: Position, text: str) -> Step | None:
        """The table with what a reply settles of its unclear pieces, by mark, number or name; None for any other."""
        pending, points = dict(position.pending), self.shown(draft, position)
        if not points:
            return None
        marked = marked_in(text, points)
        if not marked and (named := settled_by(text, points, self.questions.catalogue)) is not None:
            marked = (named,) if named.act == "is" else ()
        given = [(one.code, points[one.point].value) for one in marked if one.act == "is"]
        found = {code: value for code, value in given if value is not None}
        gone = [points[one.point] for one in marked if one.act == "leave" or one.code in found]
        if not marked and (listed := self._listed(text, points)) is not None:
            found = dict((*listed.values, *listed.proposed))  # the table that shows them waits for its yes
        if not found and not gone:
            return None
        left = [point for point in position.unclear if point not in gone]
        return self.questions.table(draft, {**pending, **found}, open_after(left, found))

    def _named_otherwise(self, draft: Draft, position: Position, text: str) -> Reply | None:
        """Figures that answer the question that comes next, each with words of its own; a bare number is of a point."""
        form, catalogue = self.questions.form, self.questions.catalogue
        question = draft.next_question(form)
        if question is None or draft.sent:
            return None
        reply = read_reply(text, [catalogue[c] for c in draft.missing(question)], form, catalogue, form.level)
        named = all(any(char.isalpha() for char in value.source) for _, value in reply.values)
        return reply if reply.values and named and not reply.none else None

    def set_aside(self, draft: Draft, position: Position) -> Step:
        """Goes on without what two replies have not settled: it is told that none of it is written down."""
        if position.mode == "clarifying":
            shown, rest = position.unclear[:MOST_POINTS], position.unclear[MOST_POINTS:]
            told = SetAside(tuple(point.source for point in shown))
            return self.questions.onward(draft, (told,), Position(unclear=rest))
        told = SetAside(tuple(value.source for _, value in position.pending))
        question = self.questions.open(position)
        if question is None or position.unclear:
            return self.questions.onward(draft, (told,), Position(unclear=position.unclear))
        return self.questions.again(draft, question.code, (told,), position.picked)

    def doubt_settled(self, draft: Draft, position: Position, text: str) -> Step | None:
        """A reply without a number to doubted values: one or all are left out, all are right, or one is named."""
        points = tuple(UnclearWords(value.source, (code,), "likely", value) for code, value in position.pending)
        settled = settled_by(text, points, self.questions.catalogue)
        if settled is None or (settled.act == "is" and gives_reason(text)):
            return None
        if settled.act == "each":
            return self.agreed(draft, position)
        if settled.act == "is":
            return Step(position, draft, self.questions.repeat(draft, position, Stale())[1:])
        gone = [position.pending[settled.point]] if settled.act == "leave" else list(position.pending)
        effects: tuple[Effect, ...] = tuple(
            Kept(code, draft.values[code]) if code in draft.values else Removed(code, value, stored=False)
            for code, value in gone
        )
        if left := tuple(pair for pair in position.pending if pair not in gone):
            waits = replace(position, pending=left, over=tuple(pair for pair in position.over if pair[0] in dict(left)))
            return Step(waits, draft, (*effects, self.questions.confirm(draft, left)))
        question = self.questions.open(position)
        if question is None or position.unclear:
            return self.questions.onward(draft, effects, position)
        return self.questions.again(draft, question.code, effects)

    def _all_settled(self, draft: Draft, position: Position, settled: Sequence[PointsReply]) -> Step:
        """Several points at once; what is left out of them is told."""
        points, gone = position.unclear, {one.point for one in settled}
        rest = replace(position, unclear=tuple(point for at, point in enumerate(points) if at not in gone))
        given = [(one.code, points[one.point].value) for one in settled if one.act == "is"]
        values = tuple((code, value) for code, value in given if value is not None)
        step = self.put(draft, rest, Reply(values)) if values else self.questions.onward(draft, (), rest)
        left = tuple(points[one.point].source for one in settled if one.act == "leave")
        return replace(step, effects=(SetAside(left), *step.effects)) if left else step

    def _settled(self, draft: Draft, position: Position, settled: PointsReply) -> Step:
        points = position.unclear
        point = points[settled.point]
        rest = replace(position, unclear=points[: settled.point] + points[settled.point + 1 :])
        if settled.act == "leave_all":
            return self.questions.onward(draft, (), replace(position, unclear=points[MOST_POINTS:]))
        if settled.act == "leave":
            return self.questions.onward(draft, (), rest)
        if settled.act == "each":
            if len(points) > 1 and proposals(points[:MOST_POINTS], draft.values):
                return self.agreed(draft, position)
            return Step(position, draft, self.questions.repeat(draft, position, Unread("each", point.source)))
        if point.value is None:  # the item is known now, its number is not
            named = replace(point, codes=(settled.code,))
            asking = replace(position, unclear=(named, *rest.unclear))
            return Step(asking, draft, (self.questions.clarify(draft, asking),))
        return self.put(draft, rest, Reply(((settled.code, point.value),)))

    def picked(self, draft: Draft, position: Position, event: Did) -> Step:
        """What an unclear piece is, by the choice that was taken; or it is left out."""
        which, _, mark = event.about.partition(".")
        item, _, number = which.partition("@")
        at = int(number) if number.isdecimal() else 0
        stale = position.mode != "clarifying" or (mark and mark != position.mark) or at >= len(position.unclear)
        if stale:
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        if event.act == "skip" and which == "all":
            return self.questions.onward(draft, (), replace(position, unclear=position.unclear[MOST_POINTS:]))
        point = position.unclear[at]
        rest = replace(position, unclear=position.unclear[:at] + position.unclear[at + 1 :])
        if event.act == "skip":
            return self.questions.onward(draft, (), rest)
        if point.value is None or not item.isdecimal() or int(item) >= len(point.codes):
            return Step(position, draft, self.questions.repeat(draft, position, Stale()))
        return self.put(draft, rest, Reply(((point.codes[int(item)], point.value),)))

    def submit(self, draft: Draft, position: Position) -> Step:
        """Sends the report, and with it what is kept as last period, once that was shown."""
        if draft.sent:
            return Step(Position("reviewing"), draft, (Already(closed=False),))
        if draft.next_question(self.questions.form) is not None:
            return self._incomplete(draft, position)
        if position.waits:  # a number that is doubted may change what was to be sent
            return self.still(draft, position)
        kept = draft.kept(self.questions.form)
        repeats = any(is_taken_over(value) for value in draft.values.values())  # shown before it counts
        if (kept or repeats) and (position.mode, position.pending) != ("reviewing", kept):
            return self.questions.review(draft, ())
        draft, puts = _stored(draft, kept)
        return Step(Position(), replace(draft, state=life.made(draft.state, "submit").to), (*puts, Submit()))

    def _incomplete(self, draft: Draft, position: Position) -> Step:
        """What is asked of who sends too early: what waits, and where most is answered, whether the rest is nothing."""
        form, effects = self.questions.form, (Unread("incomplete", ""),)
        doubted, known = position.doubted, {*draft.values, *self._waiting(position)}
        rest = rest_of(form, known, SAID_NONE, {**draft.values, **dict(doubted)}, self.questions.catalogue)
        if not rest or len(rest) > len(draft.values):
            return self.still(draft, position, effects)
        question = draft.next_question(form)
        asking = Position("asking", question.code if question else "", unclear=position.unclear)
        step = self.put(draft, asking, Reply(proposed=(*doubted, *rest.items())))
        return replace(step, effects=(*effects, *step.effects))

    def still(self, draft: Draft, position: Position, effects: tuple[Effect, ...] = ()) -> Step:
        """What waits for a word once more, else what is asked next."""
        if position.mode == "confirming":
            return Step(position, draft, (*effects, *self.questions.repeat(draft, position, Stale())[1:]))
        return self.questions.onward(draft, effects, position)

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


def replaced(draft: Draft, position: Position, step: Step) -> Mapping[str, tuple[Value, str]]:
    """By code what stands and the step would change, with the words of the new figure; what was given back is open."""
    waiting = dict(position.pending) if position.has_table else {}
    known = {code: value for code, value in draft.values.items() if code not in draft.returned} | waiting
    new = {effect.code: effect.value for effect in step.effects if isinstance(effect, Put)}
    new |= dict(step.position.pending)
    found = {code: value.source for code, value in new.items() if code in known and value.amount != known[code].amount}
    for effect in step.effects:
        if isinstance(effect, Summed | Removed) and effect.code in known:
            found[effect.code] = effect.more.source if isinstance(effect, Summed) else ""
    for point in step.position.unclear:
        if point not in position.unclear:
            found |= {code: point.source for code in point.codes if code in known}
    return {code: (known[code], source) for code, source in found.items()}


def without_figures(text: str, sources: Mapping[str, tuple[Value, str]]) -> str:
    """The words without those of the figures; '' where no other figure is left, or they cannot be told apart."""
    for _, source in sources.values():
        if not source or source not in text:
            return ""
        text = text.replace(source, " ", 1)
    return text if any(sign.isdecimal() for sign in text) else ""
