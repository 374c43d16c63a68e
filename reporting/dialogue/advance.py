"""The dialogue of a report: draft, position and a person's event in, the next position, draft and effects out.

Pure and the same on every channel. The next question is the first one of the form with something missing, so
a dialogue left for days, or finished by somebody else of the unit, goes on where the draft stands.
What a message means is decided here; what is asked is in `questions`, what enters the draft in `entries`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from reporting.dialogue import life
from reporting.dialogue.card_replies import bare_list, codes_beside, listed_otherwise
from reporting.dialogue.draft import Draft, Position, UnclearWords
from reporting.dialogue.effects import (
    Already,
    AwaitYes,
    Clarify,
    Confirm,
    ConfirmTable,
    Dropped,
    Effect,
    HowToCorrect,
    Kept,
    LeftOut,
    NoAnswer,
    NotReplaced,
    Paused,
    Put,
    Removed,
    SetAside,
    Show,
    Stale,
    Stands,
    Step,
    StillDoubted,
    StillUnread,
    Submit,
    Summed,
    Unread,
    Ways,
    WhyRight,
)
from reporting.dialogue.entries import Entries, replaced, without_figures
from reporting.dialogue.events import Did, Event, Said
from reporting.dialogue.points import MOST_POINTS, open_after, proposals, told_otherwise
from reporting.dialogue.questions import Questions
from reporting.dialogue.removals import taken_out, turned_round, unexplained
from reporting.dialogue.reply import (
    Reply,
    Trouble,
    adds,
    is_long,
    read_copied,
    read_order,
    read_paste,
    read_reply,
    unframed,
)
from reporting.dialogue.rest_in_words import none_of, rest_of, says_no_more, speaks_of_all, without_rest
from reporting.dialogue.returned import Answers, says_right, stands_because
from reporting.dialogue.small_talk import (
    asks_meaning,
    asks_something,
    expects_no_entry,
    gives_reason,
    puts_off,
    regrets,
    says_no,
    says_yes,
    wants_to_correct,
    without_regret,
    without_sending,
)
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.copied_form import copied_form
from reporting.figures.forms import Form
from reporting.figures.values import Value, added
from reporting.numbers.quantities import quantities

MOST_SETTLED = 24  # doubts kept as settled
MOST_TRIES = 2  # replies to a doubt that were not understood; with the last of them it is put aside
MOST_UNREAD = 6  # numbers kept that were told and not read
MOST_LATEST = 8  # codes kept of what was entered last; of more, a bare number says nothing anyhow


# Why a number is told to be unread that may be of any item; of any other the item is asked about anyhow.
_NOWHERE = ("ambiguous", "unnamed", "unit")
_VAGUE = ("ambiguous", "not_a_number", "unnamed")  # why nothing was read that says nothing


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

    @cached_property
    def answers(self) -> Answers:
        """What is said about figures that were given back."""
        return Answers(self.questions)

    def advance(self, draft: Draft, position: Position, event: Event) -> Step:
        """One event of one person. Raises nothing: what cannot be read is an effect too."""
        facing = self.answers.facing(draft, position)
        if facing.unread and self._closes(draft, facing, event):
            return self._unread_first(draft, facing, event)
        step = self._advance(draft, facing, event)
        if isinstance(event, Said) and event.caption and (standing := replaced(draft, facing, step)):
            step = self._beside_photo(draft, facing, without_figures(event.text, standing))
            told = NotReplaced(tuple((code, value) for code, (value, _) in standing.items()))
            step = replace(step, effects=(told, *step.effects))
        elif isinstance(event, Said) and says_right(event, facing) and (standing := replaced(draft, facing, step)):
            told = NotReplaced(tuple((code, value) for code, (value, _) in standing.items()), right=True)
            step = Step(facing, draft, (told,))
        step = self._moved_on(draft, facing, event, self.answers.sent_again(draft, step))
        entered = tuple(effect.code for effect in step.effects if isinstance(effect, (Put, Kept, Stands)))
        latest = (entered or position.latest)[:MOST_LATEST]
        settled = _settled(facing, step)
        unread = _unread(facing, step)
        return replace(step, position=replace(step.position, latest=latest, settled=settled, unread=unread))

    def _closes(self, draft: Draft, position: Position, event: Event) -> bool:
        """Whether the event puts zeros for what is open, or sends the report: numbers that nobody read come first."""
        if draft.sent or draft.state in life.CLOSED:
            return False
        if isinstance(event, Said):
            return not event.whole and position.mode != "clarifying" and says_no_more(event.text)
        none = event.act == "none" and self.questions.open(position) is not None
        return none or event.act in ("submit", "rest")

    def _unread_first(self, draft: Draft, position: Position, event: Event) -> Step:
        """Before zeros or the report the numbers that nobody read: the zeros are named, and wait for a yes."""
        told = StillUnread(position.unread)
        step = self._advance(draft, position, event)
        if any(isinstance(effect, Submit) for effect in step.effects):
            again = self.questions.repeat(draft, position, replace(told, again=True))
            return Step(replace(position, unread=()), draft, again)
        if zeros := tuple((effect.code, effect.value) for effect in step.effects if isinstance(effect, Put)):
            step = self.entries.put(draft, position, Reply(proposed=zeros))
        return replace(step, position=replace(step.position, unread=()), effects=(told, *step.effects))

    def _moved_on(self, draft: Draft, position: Position, event: Event, step: Step) -> Step:
        """The step; where it only says a doubt once more, what can be typed instead, and then without the doubt."""
        after, again = step.position, (Clarify, Confirm)
        same = position.doubts and (after.mode, after.mark) == (position.mode, position.mark) and step.draft == draft
        told = tuple(effect for effect in step.effects if not isinstance(effect, again))
        figures = position.mode == "clarifying" or position.doubted
        # Words that send or end take off only what has no number: a figure that was told outlasts them.
        numberless = not position.doubted and all(point.value is None for point in position.unclear)
        sends = isinstance(event, Did) and event.act == "submit" and bool(figures) and numberless
        if not ((sends or isinstance(event, Said)) and same and len(told) < len(step.effects)):
            return step
        text = event.text if isinstance(event, Said) else ""
        if any(isinstance(effect, NoAnswer) for effect in told):
            sources = [value.source for _, value in position.pending] or [point.source for point in position.unclear]
            return replace(step, effects=(*told, StillDoubted(tuple(dict.fromkeys(sources))[:MOST_POINTS])))
        if not all(isinstance(effect, Unread | LeftOut) for effect in told):
            return step
        # A yes settles nothing where nothing is filled in, nor does a word that ends.
        counts = bool(told) or sends or says_yes(text) or (numberless and says_no_more(text))
        if counts and position.tries + 1 >= MOST_TRIES:
            return self.entries.set_aside(draft, position)
        vague = tuple(effect for effect in told if isinstance(effect, Unread) and effect.reason in _VAGUE)
        card = self.questions.clarify(draft, position) if position.mode == "clarifying" else None
        said = text if vague else ""
        ways = Ways(said, card.points, card.proposed) if card else Ways(said)
        effects = (*(effect for effect in told if effect not in vague), ways)
        return replace(step, position=replace(after, tries=position.tries + counts), effects=effects)

    def _advance(self, draft: Draft, position: Position, event: Event) -> Step:
        if draft.state in life.CLOSED:
            return Step(Position(), draft, (Already(closed=True),))
        if position.has_table and (waits := self._beside_table(draft, position, event)):
            return waits
        if isinstance(event, Said):
            return self._said(draft, position, event)
        match event.act:
            case "begin":
                if draft.sent:
                    return Step(Position("reviewing"), draft, (Already(closed=False),))
                return self.entries.still(draft, position)  # what was read waits for its yes
            case "later" | "leave":
                if draft.sent:
                    return Step(Position(), draft, (Already(closed=False),))
                paused = position if position.waits else Position()
                return Step(paused, draft, (Paused(*draft.given(self.form)),))
            case "show":
                if draft.values and not draft.sent and draft.next_question(self.form) is None and not position.doubts:
                    return self.entries.still(draft, position) if position.waits else self.questions.review(draft, ())
                doubt = self.questions.repeat(draft, position, Stale())[1:] if position.doubts else ()
                return Step(position, draft, (Show(*draft.given(self.form)), *doubt))
            case "edit":
                if position.mode == "confirming" and position.question:
                    return self.questions.again(draft, position.question, (), position.picked, position.unclear)
                stays = position.mode in ("reviewing", "clarifying")  # the review waits for its sending
                return Step(position if stays else Position("reviewing"), draft, (HowToCorrect(),))
            case "submit":
                return self.entries.submit(draft, position)
            case "rest":  # of a table that is gone
                return Step(position, draft, self.questions.repeat(draft, position, Stale()))
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
            case "stands":
                return self.answers.tapped(draft, position, event)

    def _beside_photo(self, draft: Draft, position: Position, rest: str) -> Step:
        """What a caption says besides the figures that it does not replace."""
        step = self._advance(draft, position, Said(rest)) if rest else None
        if step is None or replaced(draft, position, step):
            return Step(position, draft, self.questions.repeat(draft, position, Stale())[1:])
        return step

    def _beside_table(self, draft: Draft, position: Position, event: Event) -> Step | None:
        """What does not answer the table that waits, and leaves it waiting; None where it is answered or added to."""
        stays = replace(position, left=False)
        if isinstance(event, Said):
            if event.whole:
                return None
            if (number := event.text.strip(" .)")) in ("1", "2"):  # its choices, whatever was said in between
                return self._advance(draft, position, Did("yes" if number == "1" else "edit"))
            asks = event.text.rstrip().endswith("?") and not any(char.isdecimal() for char in event.text)
            return Step(stays, draft, (AwaitYes(),)) if asks else None
        match event.act:
            case "begin":
                return Step(stays, draft, self.questions.repeat(draft, stays, Stale())[1:])
            case "leave" if position.left:
                return Step(Position(), draft, (Dropped(),))
            case "leave":
                return Step(replace(position, left=True), draft, (AwaitYes(leaving=True),))
            case "show":
                shown = Show(*draft.given(self.form))
                table = self.questions.repeat(draft, stays, Stale())[1:]
                return Step(stays, draft, (shown, AwaitYes()) if draft.values else table)
            case "edit":
                return Step(stays, draft, (HowToCorrect(),))
            case "submit" | "rest" if event.about:
                sends = self.questions.sends(draft, position)
                if event.about == position.mark and sends == ("whole" if event.act == "submit" else "rest"):
                    return self.entries.sent_table(draft, position)
                return Step(stays, draft, self.questions.repeat(draft, stays, Stale()))
            case "submit" | "yes" if not event.about and self.questions.sends(draft, position) == "whole":
                return self.entries.sent_table(draft, position)
            case "later" | "submit" | "rest" | "back":
                return Step(stays, draft, (AwaitYes(),))
        return None

    def _said(self, draft: Draft, position: Position, said: Said) -> Step:
        level, text, questions = self.form.level, unframed(said.text), self.questions
        question = questions.open(position)
        short = not said.whole and not is_long(text) and not draft.sent
        if short and (step := self._in_parts(draft, position, replace(said, text=text))):
            return step
        copied = copied_form(text, self.form, self.catalogue)
        said = replace(said, whole=said.whole or copied is not None)
        if draft.returned and (step := self._beside_right(draft, position, said)):
            return step
        if (step := self.answers.said(draft, position, said)) is not None:
            return step
        if not said.whole and not is_long(text) and (draft.sent or draft.returned or position.doubt or said.corrects):
            text, reason = unexplained(text, self.catalogue)
            if reason and not quantities(text):
                return self._only_reason(draft, position, said.text, begins=not text)
        if not said.whole and (step := self._beside_figures(draft, position, text)):
            return step
        if position.mode == "clarifying" and not said.whole:
            return self.entries.clarified(draft, position, text)
        shown = position.mode == "confirming" and not said.whole
        asked = questions.asked(draft, position, question) if question else ()
        asked = tuple(i for i in asked if i.code in said.asked) or asked
        asked = tuple(i for i in asked if i.code not in position.waiting)  # that is asked about by itself
        answers = question if position.mode == "asking" and not said.whole else None
        if answers and (listed := listed_otherwise(text, asked, answers, self.form, self.catalogue)):
            return self.entries.put(draft, position, Reply(proposed=listed))
        waits = position.has_table and bool(position.unclear) and not said.whole and not is_long(text)
        if waits and (step := self.entries.table_doubts(draft, position, text)):
            return step
        reply = Reply() if said.whole else self._read(position, text, asked)
        if answers and bare_list(text):
            reply = _changes_first(draft, reply)
        if shown and (said_so := self._agreed(draft, position, text, reply)):
            return self.entries.agreed(draft, position, note=text if said_so == "reason" else "")
        pending = dict(position.pending) if position.mode == "confirming" else {}
        if not is_long(text) and (step := self._summed(draft, position, text, reply)):
            return step
        known_of = {**draft.values, **pending}
        more = any(code in known_of and adds(text, value.source) for code, value in reply.values)
        if more and not is_long(text):
            return Step(position, draft, questions.repeat(draft, position, Unread("adding", text)))
        if pending and not position.doubt and reply.values and not is_long(text):
            given = dict(reply.values)
            otherwise = told_otherwise(position.unclear, given)
            waiting_still = [point for point in position.unclear if point not in otherwise]
            step = questions.table(draft, {**pending, **given}, open_after(waiting_still, given))
            unread = tuple(Unread(t.reason, t.source, t.proposal) for t in reply.troubles)
            return replace(step, effects=(*unread, *step.effects))
        if reply.none and question:
            if not asked or position.doubted:  # a zero is no word for what else is asked, nor for what is doubted
                return self._advance(draft, position, Did("edit"))
            return self.entries.put(draft, position, Reply(none_of(asked, draft.before, reply.values[0][1].source)))
        if copied is not None:
            paste = read_copied(copied, self.form, self.catalogue, level)
        else:
            paste = read_paste(text, reply, asked, self.form, self.catalogue, level)
        if paste is not None and not paste.values and question and all(u.value is None for u in paste.unclear):
            paste = None  # too vague to offer a choice: then the open question is the better one to ask
        if pending and not position.doubt and not is_long(text) and (paste is None or not paste.values):
            return Step(position, draft, (Unread(reply.problem or "ambiguous", text), AwaitYes()))
        answering = position.mode == "asking" or position.doubt
        # While a figure is doubted no table takes its place: what else there is none of is asked after it.
        whole = paste is not None and bool(paste.rest) and not position.doubt
        if paste is not None and question and answering and not is_long(text) and not whole:
            foreign = tuple(Trouble("not_in_form", value.source) for _, value in paste.foreign)
            answer = Reply(paste.values, foreign, left=paste.left, points=paste.unclear)
            return self.entries.put(draft, position, answer)  # an answer is no report: no table
        if paste is not None:
            # In a second part of a report; where a part was only sent twice, its words are there already.
            told = {code: value.source.split(" + ") for code, value in pending.items()}
            new = {code: value for code, value in paste.values if value.source not in told.get(code, ())}
            sums = _sums(text, pending, new)
            values_read = {**pending, **new, **{one.code: one.total for one in sums}}
            unclear = position.unclear + tuple(p for p in paste.unclear if p.known_by not in position.settled)
            waiting = {code for piece in unclear for code in piece.codes}
            waiting |= {code for piece in paste.left for code in piece.codes}
            known = {*values_read, *draft.values, *waiting, *paste.named}
            given = {**draft.values, **values_read}
            nothing = rest_of(self.form, known, paste.rest, given, self.catalogue)
            if question and not is_long(text):  # "còn lại không" in an answer is about the question
                codes = [piece.codes for piece in paste.unclear]  # two of one item, or of several: any may be meant
                placed = all(len(one) == 1 for one in codes) and len(set(codes)) == len(codes)
                nothing = {i.code: nothing[i.code] for i in asked if i.code in nothing and placed}
            step = questions.table(draft, values_read | nothing, unclear, paste.foreign)
            left = (LeftOut(paste.left),) if paste.left else ()
            return replace(step, effects=(*sums, *left, *step.effects))
        numberless = reply.problem in (None, "not_a_number") and not (reply.values or any(c.isdecimal() for c in text))
        if position.mode == "idle" and numberless:
            return questions.onward(draft, (), position)  # a greeting: the question is the answer to it
        if not reply.values and not reply.problem:
            return Step(position, draft, questions.repeat(draft, position, Unread("ambiguous", text)))
        return self.entries.put(draft, position, reply, text)

    def _in_parts(self, draft: Draft, position: Position, said: Said) -> Step | None:
        """What says two things at once, one after the other: "đúng rồi, gửi giúp em", "1a, hiến máu 0"; else None."""
        left, sends = without_sending(said.text)
        if sends and (not left or says_yes(left)):
            return self._advance(draft, position, Did("yes" if position.doubts or position.has_table else "submit"))
        if sends:  # once it is whole
            return self._said(draft, position, replace(said, text=left))
        yes, rest = without_rest(said.text) if position.mode in ("confirming", "clarifying") else ("", "")
        codes, beside = codes_beside(said.text, self.entries.shown(draft, position)) if position.unclear else ("", "")
        if rest and says_yes(yes):  # the rest of a table is shown before all of it counts
            first = Step(position, draft, ()) if position.has_table else self.entries.agreed(draft, position)
        elif codes:
            first, rest = self._said(draft, position, replace(said, text=codes)), beside
        else:
            return None
        step = self._said(first.draft, first.position, replace(said, text=rest))
        done = tuple(effect for effect in first.effects if isinstance(effect, Put | Kept | SetAside))
        return replace(step, effects=(*done, *step.effects))

    def _beside_right(self, draft: Draft, position: Position, said: Said) -> Step | None:
        """Of several figures in one message those that are right, with the others that it gives; else None."""
        if said.whole or position.mode in ("clarifying", "confirming"):
            return None
        rights, rest = self.answers.rights(draft, said.text)
        if not rights or (len(rights) == 1 and not rest):
            return None
        told: tuple[Effect, ...] = ()
        for code, why in rights:
            if why:
                stood = self.answers.stands_or_why(draft, code, why)
                told += tuple(effect for effect in stood.effects if isinstance(effect, Stands | WhyRight))
                draft = stood.draft
        step = self.questions.onward(draft, ())
        if rest:
            step = self._said(draft, self.answers.facing(draft, Position()), replace(said, text=rest))
        lacks = next((code for code, why in rights if not why), "")
        if lacks and not step.position.waits:  # its reason is asked for last
            told += tuple(effect for effect in step.effects if isinstance(effect, Put | Kept))
            step = self.answers.stands_or_why(step.draft, lacks, "")
        return replace(step, effects=(*told, *step.effects))

    def _still_right(self, draft: Draft, position: Position) -> Step:
        """Nobody has asked whether the figure is right: it stands as it is."""
        known = tuple((code, draft.values[code]) for code in position.latest if code in draft.values)
        waits = self.questions.waits(draft, position)
        if len(known) != 1:
            return waits
        return replace(waits, effects=(NotReplaced(known, right=True), *(() if draft.sent else waits.effects)))

    def _only_reason(self, draft: Draft, position: Position, text: str, *, begins: bool) -> Step:
        """What has its numbers in the reason alone: it enters none of them, and settles a doubt that asks for one."""
        if position.mode not in ("confirming", "clarifying") and stands_because(text):
            return self._still_right(draft, position)
        if begins and position.mode == "confirming" and position.doubt and self.questions.odd(draft, position.pending):
            return self.entries.agreed(draft, position, note=text)
        return Step(position, draft, self.questions.repeat(draft, position, Unread("not_a_number", text)))

    def _summed(self, draft: Draft, position: Position, text: str, reply: Reply) -> Step | None:
        """ "Thêm 5 suất quà" on top of what is known: the sums, to be confirmed; None where nothing is added."""
        pending = dict(position.pending) if position.mode == "confirming" else {}
        found, unclear = dict(reply.values), position.unclear
        if not found and adds(text):
            paste = read_paste(text, Reply(), (), self.form, self.catalogue, self.form.level)
            found = dict(paste.values) if paste else {}
            for piece in paste.unclear if paste else ():
                if len(piece.codes) == 1 and piece.value is not None:
                    found[piece.codes[0]] = piece.value
                else:
                    unclear += (piece,)
        sums = _sums(text, {**draft.values, **pending}, found)
        if not sums or any(self.catalogue[one.code].is_rate for one in sums):
            return None
        values = {**pending, **found, **{one.code: one.total for one in sums}}
        step = self.questions.table(draft, values, unclear)
        return replace(step, effects=(*sums, *step.effects))

    def _beside_figures(self, draft: Draft, position: Position, text: str) -> Step | None:
        """What is no report and no plain answer: something is taken back, or nothing is said about the unit."""
        return (
            self._taken_out(draft, position, text)
            or self._turned_round(draft, position, text)
            or self._aside(draft, position, text)
        )

    def _turned_round(self, draft: Draft, position: Position, text: str) -> Step | None:
        """ "Không phải 30 cây mà là 13": the new figure, of the item that has the old one; then the rest is read."""
        if is_long(text):
            return None
        known = {**draft.values, **dict(position.pending)}
        found, left = turned_round(text, known, self.catalogue, self.form.level)
        if not found:
            return None
        given = {codes[0]: value for codes, value in found if len(codes) == 1}
        points = tuple(UnclearWords(value.source, codes, "one_of", value) for codes, value in found if len(codes) > 1)
        if position.has_table:
            pending = {**dict(position.pending), **given}
            step = self.questions.table(draft, pending, open_after(position.unclear, given) + points)
        else:
            clarifying = position.mode == "clarifying"
            answered = replace(position, mode="asking") if clarifying and not points else position
            step = self.entries.put(draft, answered, Reply(tuple(given.items()), points=points))
        if not any(char.isdecimal() for char in left):
            return step
        rest = self._said(step.draft, step.position, Said(left))
        return replace(rest, effects=(*(e for e in step.effects if isinstance(e, Put)), *rest.effects))

    def _taken_out(self, draft: Draft, position: Position, text: str) -> Step | None:
        """ "Bỏ cây xanh": out of the table, or out of the draft, where it is asked again; then the rest is read."""
        clauses, left = taken_out(text, self.catalogue) if not is_long(text) else ((), text)
        if not clauses or position.doubt or position.mode == "clarifying":
            return None
        pending = dict(position.pending) if position.has_table else {}
        filled = proposals(position.unclear) if position.has_table else {}  # they stand on the table, too
        unclear = position.unclear
        effects: tuple[Effect, ...] = ()
        for words, codes in clauses:
            if len(offered := [code for code in codes if code in filled and code not in pending]) == 1:
                effects += (Removed(offered[0], filled[offered[0]], stored=False),)
                unclear = tuple(point for point in unclear if point.codes != (offered[0],))
                continue
            known = [code for code in codes if code in pending] or [code for code in codes if code in draft.values]
            if len(known) != 1 or (draft.sent and known[0] not in pending):
                effects += (Unread("sent_whole" if known and draft.sent else "not_there", words),)
            elif known[0] in pending:
                effects += (Removed(known[0], pending.pop(known[0]), stored=False),)
            else:
                effects += (Removed(known[0], draft.values[known[0]]),)
                draft = draft.without(known[0])
        if position.has_table and not pending and not unclear:
            return Step(Position(), draft, (*effects, Dropped()))
        table = self.questions.table(draft, pending, unclear) if position.has_table else None
        if any(char.isdecimal() for char in left):
            step = self._said(draft, table.position if table else position, Said(left))
        else:
            gone = [self.form.holding(effect.code) for effect in effects if isinstance(effect, Removed)]
            question = next((question for question in gone if question is not None), None)
            step = table or (
                self.questions.again(draft, question.code, (), unclear=position.unclear)
                if question
                else self.questions.waits(draft, position)
            )
        return replace(step, effects=(*effects, *step.effects))

    def _aside(self, draft: Draft, position: Position, text: str) -> Step | None:
        """What says something about the dialogue and nothing about the unit: no, yes, thanks, later, done, what?"""
        confirming = position.mode == "confirming"
        if puts_off(text):
            return self._advance(draft, position, Did("later"))
        if wants_to_correct(text) and not confirming:
            return Step(position, draft, (HowToCorrect(),))
        if asks_meaning(text):
            return self.questions.explain(draft, position)
        if position.mode not in ("confirming", "clarifying") and stands_because(text):
            return self._still_right(draft, position)
        if asks_something(text) and not position.has_table:
            asked = NoAnswer(any(char.isdecimal() for char in text))
            return Step(position, draft, self.questions.repeat(draft, position, asked))
        if position.doubt and confirming and (step := self.entries.doubt_settled(draft, position, text)):
            return step
        if confirming and says_no(text) and not says_no_more(text):  # "không có gì nữa" takes nothing back
            return self._advance(draft, position, Did("edit"))
        alone = position.mode == "clarifying" and len(position.unclear) == 1
        if alone and position.unclear[0].value is not None and says_no(text) and not says_no_more(text):
            return self.entries.picked(draft, position, Did("skip"))
        if (confirming or position.mode == "clarifying") and says_yes(text):
            return self._advance(draft, position, Did("yes"))
        if says_no_more(text):
            return self.entries.no_more(draft, position, text, speaks_of_all(text))
        if expects_no_entry(text):
            return self.questions.waits(draft, position)
        if regrets(text) and position.latest and position.mode not in ("confirming", "clarifying"):
            return self.entries.corrected(draft, position, text)
        return None

    def _read(self, position: Position, text: str, asked: Sequence[Indicator]) -> Reply:
        """A bare number said to a doubt is another one for what is doubted; to a question, an answer to it."""
        all_nothing = len(position.pending) > 1 and not any(value.amount for _, value in position.pending)
        if position.doubt and not (all_nothing and asked):  # figures beside "nothing more?" answer the question
            some = [code for code, value in position.pending if value.amount]  # not the zeros that are asked beside
            doubted = [self.catalogue[code] for code in some or dict(position.pending)]
            said, _ = without_rest(without_regret(text))  # the rest is not what is doubted
            reply = read_reply(said, doubted, self.form, self.catalogue, self.form.level)
            if reply.problem and position.latest:  # the whole answer said anew, not only what is doubted
                question = self.questions.open(position)
                told = {*position.latest, *(indicator.code for indicator in doubted)}
                anew = [i for i in question.indicators if i.code in told] if question else []
                whole = read_reply(without_regret(text), anew, self.form, self.catalogue, self.form.level)
                if not whole.problem and any(self.catalogue[code] in doubted for code, _ in whole.values):
                    return whole
            if reply.values or reply.proposed or not asked:
                return reply
        reply = read_reply(text, asked, self.form, self.catalogue, self.form.level)
        order = None if reply.values else read_order(text, self.form, self.catalogue, self.form.level)
        return order or reply

    def _agreed(self, draft: Draft, position: Position, text: str, reply: Reply) -> Literal["same", "reason", ""]:
        """Whether the doubted values are said again as they are, or a reason is given for them."""
        if position.doubt and reply.values and reply.problem is None:
            shown = {code: value.amount for code, value in position.pending}
            return "same" if shown == {code: value.amount for code, value in reply.values} else ""
        odd = self.questions.odd(draft, position.pending)
        return "reason" if odd and not reply.values and gives_reason(text) else ""


def _changes_first(draft: Draft, reply: Reply) -> Reply:
    """The reply of a bare list; where it changes what stands, its new numbers wait until both were seen."""
    new = tuple(pair for pair in reply.values if not draft.stands_at(*pair))
    if draft.values.keys().isdisjoint(code for code, _ in new):
        return reply
    same = tuple(pair for pair in reply.values if pair not in new)
    return replace(reply, values=same, proposed=new + reply.proposed)


def _settled(position: Position, step: Step) -> tuple[str, ...]:
    """The doubts that have had their answer by this step, those of before with them; none once all is sent."""
    if any(isinstance(effect, Submit) for effect in step.effects):
        return ()
    lost = any(isinstance(effect, Dropped) for effect in step.effects)
    left = {point.known_by for point in step.position.unclear}
    gone = () if lost else (point.known_by for point in position.unclear if point.known_by not in left)
    return tuple(dict.fromkeys((*position.settled, *gone)))[-MOST_SETTLED:]


def _unread(position: Position, step: Step) -> tuple[str, ...]:
    """The numbers that were told and not read, without those of the figures that have come since."""
    if any(isinstance(effect, Submit | Dropped) for effect in step.effects):
        return ()
    told = [effect.source for effect in step.effects if isinstance(effect, Unread) and effect.reason in _NOWHERE]
    told = [source for source in told if len(source) > 1]  # a digit alone was meant for a choice that is gone
    if not any(isinstance(effect, ConfirmTable) for effect in step.effects):  # what that leaves out stands above it
        parts = [part for effect in step.effects if isinstance(effect, LeftOut) for part in effect.parts]
        told += [part.source for part in parts if part.rule in _NOWHERE]
    values = [effect.value for effect in step.effects if isinstance(effect, Put | Kept)]
    values += [value for _, value in step.position.pending]
    given = {digits for value in values for digits in re.findall(r"\d+", value.source)}
    known = (*position.unread, *(source for source in told if any(map(str.isdecimal, source))))
    left = (source for source in dict.fromkeys(known) if not given.issuperset(re.findall(r"\d+", source)))
    return tuple(left)[-MOST_UNREAD:]


def _sums(text: str, known: Mapping[str, Value], found: Mapping[str, Value]) -> tuple[Summed, ...]:
    """What the text says comes on top of what is known."""
    return tuple(
        Summed(code, known[code], more, total)
        for code, more in found.items()
        if code in known and more.amount and adds(text, more.source) and (total := added(known[code], more)) is not None
    )
