"""An event of the report's dialogue in, the rows it writes and its one reply out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from handlers.dues import Due
from handlers.messages import Choice
from handlers.report.answers_to_reviewers import Reviewers
from handlers.report.assignment import (
    Assignment,
    assignment_mark,
    begun_of,
    keep_position,
    position_in,
    reported_for,
    unit_in,
)
from handlers.report.co_reporters import Changed, CoReporters
from handlers.report.given_tasks import ask_of_tasks
from handlers.report.late import LateFigures
from handlers.report.named_periods import titled_otherwise
from handlers.report.office_words import OfficeWords
from handlers.report.twins import Beside, TwinFigures
from handlers.report.words import ReportWords
from handlers.turn import Turn, fresh_id
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue import effects as on
from reporting.dialogue import life
from reporting.dialogue.advance import Dialogue
from reporting.dialogue.doubts import standing_out
from reporting.dialogue.draft import Draft, Position
from reporting.dialogue.effects import Step
from reporting.dialogue.events import Act, Did, Event, Said
from reporting.dialogue.points import MOST_POINTS
from reporting.dialogue.returned import MOST_NOTE
from reporting.dialogue.small_talk import asks_something, without_reason
from reporting.figures.catalogue import Catalogue, Level
from reporting.figures.forms import Form, Forms
from reporting.figures.values import Value
from reporting.text.masking import masked
from reporting.time.calendar import hour_of_day, moment, short_day
from reporting.time.periods import Period
from storage.database import Database, Statement
from storage.engine.instants import instant
from storage.messages import outbox, reminders
from storage.people.people import Role
from storage.periods.rounds import Round
from storage.reports import estimates, narratives, notes, running, submissions, texts
from storage.reports.submissions import Held
from storage.review import findings, traces
from storage.review.twins import Twin

# More values than this were just confirmed in a table; repeating them would only be read over.
MOST_REPEATED = 6
FEWEST_QUESTIONS = 2  # fewer are asked, not put into a form
# What says nothing of the unit by itself: who reports for several is told which one it is about.
_UNNAMED = (on.Put, on.Kept, on.Ask, on.Unread, on.Confirm, on.ConfirmTable, on.Clarify, on.Paused, on.Explain)


class Reports:
    """Everything a reporter says about the unit's report goes through `step`."""

    def __init__(self, db: Database, catalogue: Catalogue, forms: Forms, wording: Wording) -> None:
        self._db = db
        self._catalogue = catalogue
        self._forms = forms
        self._shared_form = cache(forms.form)  # fitting one takes longer than all the reads of a step
        self._wording = wording
        self._words = ReportWords(catalogue, wording)
        self._others = CoReporters(db, catalogue, wording)
        self._office = OfficeWords(db, catalogue)
        self._reviewers = Reviewers(db, catalogue, wording)
        self.twins = TwinFigures(db, catalogue)
        self.late = LateFigures(db, catalogue, self.read_as_correction)

    def assignment(self, turn: Turn) -> Assignment | None:
        """The unit and period this chat reports for; None when there is no open period or the unit is not chosen."""
        held = reported_for(turn)
        role = next((r for r in held if r.unit_id == turn.state.unit), held[0] if len(held) == 1 else None)
        if role is None or role.unit_id is None or role.unit_level is None:
            return None
        round_ = self._round(turn, role.unit_id)
        return None if round_ is None else self.of_round(role, round_)

    def of_round(self, role: Role, round_: Round) -> Assignment | None:
        """What a unit reports in that period, whether it runs or not; None for a role that reports for no unit."""
        if role.unit_id is None or role.unit_level is None:
            return None
        return Assignment(round_, role, role.unit_id, self._form(role.unit_level, round_.period))

    def _form(self, level: Level, period: Period) -> Form:
        return self._forms.of_period(level, period) if period.own else self._shared_form(level, period.frequency)

    def _of(self, assignment: Assignment) -> "Reports":
        """What speaks of the indicators of that period: those of a quick count are its own."""
        own = assignment.round.period.own
        return Reports(self._db, self._catalogue.of(own), self._forms, self._wording) if own else self

    async def read_as_correction(
        self, assignment: Assignment, text: str
    ) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
        """(the figures of a report that was sent, those the text would put there); nothing is stored."""
        draft = (await self.held(assignment)).draft
        if not draft.sent or assignment.round.period.own:  # a quick count is over with its hour
            return {}, {}
        dialogue = Dialogue(assignment.form, await self._office.catalogue())
        step = dialogue.advance(replace(draft, state=life.SUBMITTED), Position(), Said(text))
        put = {effect.code: effect.value for effect in step.effects if isinstance(effect, on.Put)}
        return draft.values, {**dict(step.position.pending), **put}

    def _round(self, turn: Turn, unit_id: int) -> Round | None:
        """The period that was chosen, else the one begun and not filed, else the one owed that is due first."""
        dues = turn.running.get(unit_id)
        if dues is None:
            return next((r for r in turn.rounds if r.state == "open"), None)
        for code, whatever in ((turn.state.period, True), (begun_of(turn, unit_id), False)):
            for due in dues:
                if code == due.round.code and (whatever or not due.filed):
                    return due.round
        return dues[0].round if dues else None

    def turn_to(self, turn: Turn, act: Act, named: str) -> bool:
        """A button that begins turns to its unit; one of another running period of a unit to that period.

        named: the assignment mark the button carries. Whether it names one of several running periods.
        """
        turned = False
        if act in ("begin", "stands") and any(role.unit_id == unit_in(named) for role in reported_for(turn)):
            turn.state.unit = unit_in(named)
        for unit_id, dues in turn.running.items():
            for due in dues:
                if named == assignment_mark(due.round.code, unit_id):
                    turn.state.period, turn.state.unit = due.round.code, unit_id
                    turned = True
        return turned

    async def own(self, turn: Turn) -> list[str]:
        """How far each unit the person reports for is with its report, a line each."""
        say, lines = self._wording.say, []
        for role in reported_for(turn):
            round_ = self._round(turn, role.unit_id) if role.unit_id is not None else None
            if round_ is None or role.unit_id is None or role.unit_level is None:
                continue
            form = self._form(role.unit_level, round_.period)
            draft = (await self.held(Assignment(round_, role, role.unit_id, form))).draft
            given, total = draft.given(form)
            done = {"unit": role.unit_name, "given": given, "total": total}
            sent = await notes.sent_at(self._db, round_.id, role.unit_id) if draft.sent else None
            if sent is not None:
                receipt = f"{round_.code}-{role.unit_code}"
                parts = {"moment": moment(instant(sent)), "receipt": receipt}
                key = "own_accepted" if draft.state in life.CLOSED else "own_sent"
                lines.append(say(f"progress.{key}", unit=role.unit_name, **parts))
            else:
                lines.append(say("progress.own_returned" if life.came_back(draft.state) else "progress.own", **done))
        return lines

    async def say_of_waiting(self, turn: Turn) -> None:
        """Under the answer to something else: that a table or a doubt still waits, and how it is answered."""
        assignment = self.assignment(turn)
        if assignment is None or turn.reply is None or turn.reply.keys() != {"text"} or turn.state.expects:
            return
        position = position_in(turn, assignment)
        if position.has_table:
            text = f"{turn.reply['text']}\n{self._wording.say('table.still')}"
            draft = (await self.held(assignment)).draft
            turn.say(text, self._of(assignment)._table_choices(assignment, Step(position, draft, ())))
        elif position.doubts:
            sources = [value.source for _, value in position.pending] or [point.source for point in position.unclear]
            text = f"{turn.reply['text']}\n{self._words.sources('clarify.still', sources[:MOST_POINTS])}"
            draft = (await self.held(assignment)).draft
            numbered = position.mode == "confirming" or len(position.unclear) == 1
            choices = self._of(assignment)._doubt_choices(assignment, Step(position, draft, ()))
            turn.say(text, choices, numbered, listed=False)

    async def say_of_open(self, turn: Turn) -> None:
        """Under the answer to something else: the question that was open, in one line, with its buttons."""
        assignment = self.assignment(turn)
        if assignment is None or turn.reply is None or turn.state.expects:
            return
        catalogue = self._catalogue.of(assignment.round.period.own)
        position, questions = position_in(turn, assignment), Dialogue(assignment.form, catalogue).questions
        question = questions.open(position) if position.mode == "asking" else None
        draft = (await self.held(assignment)).draft
        if question is None or draft.sent or not (position.picked or draft.missing(question)):
            return
        ask = questions.ask(draft, question, position.picked)
        text = figure_lines.question_again(self._wording, catalogue, ask)
        turn.say(f"{turn.reply['text']}\n{text}", self._words.ask_choices(ask, assignment.mark), False)

    async def held(self, assignment: Assignment) -> Held:
        """The unit's draft, with last period's values."""
        round_, period = assignment.round, assignment.round.period
        before, year_ago = period.previous().code, period.same_last_year().code
        own = [i for i in period.own if i.code not in self._catalogue]
        stocks = self._catalogue.of(own).stocks_beside(assignment.form.codes)
        ids = (round_.id, assignment.unit_id)
        found = await submissions.held(self._db, round_.id, period.code, assignment.unit_id, before, year_ago)
        return await submissions.with_stocks(self._db, *ids, found, stocks) if stocks else found

    async def form_first(self, turn: Turn, assignment: Assignment) -> bool:
        """Begins with the form where messages are dear and more than one question is open; whether it did."""
        if not turn.limits.dear or position_in(turn, assignment).mode != "idle":
            return False
        draft = (await self.held(assignment)).draft
        if draft.sent or len(assignment.form.questions) - draft.answered(assignment.form) < FEWEST_QUESTIONS:
            return False
        await self.form(turn, assignment)
        return True

    async def form(self, turn: Turn, assignment: Assignment) -> None:
        """Says the form to be copied, with what stands already; what is open stays open."""
        values = (await self.held(assignment)).draft.values
        names = {"period": assignment.round.period.name, "unit": assignment.role.unit_name}
        turn.state.unit = assignment.unit_id
        catalogue = self._catalogue.of(assignment.round.period.own)
        turn.say(
            figure_lines.form_text(self._wording, catalogue, assignment.form, values, most=turn.limits.text, **names)
        )

    async def step(self, turn: Turn, assignment: Assignment, event: Event) -> None:
        """One step of the dialogue: rows for what it stores, one reply for what it says."""
        await self._of(assignment)._step(turn, assignment, event)

    async def _step(self, turn: Turn, assignment: Assignment, event: Event) -> None:
        if turn.captioned and isinstance(event, Said):
            event = replace(event, caption=True)
        held = await self.held(assignment)
        about = next((due for due in turn.running.get(assignment.unit_id, ()) if due.round is assignment.round), None)
        if about and about.mending and isinstance(mended := life.move(held.draft.state, "mend"), life.Move):
            held = replace(held, draft=replace(held.draft, state=mended.to))
        if held.draft.state in life.CLOSED and isinstance(event, Said) and await self._asks(turn, assignment, event):
            return
        position = position_in(turn, assignment)
        if len(held.draft.returned) > 1 and await self._told_of_another(turn, assignment, position):
            position = Position(latest=position.latest)  # of which of them a bare number is, is asked
        dialogue = Dialogue(assignment.form, await self._office.catalogue())
        step = _advanced(dialogue, held.draft, position, event, assignment.round.period.is_quick)
        if question := _question(step, event):
            await self._reviewers.asked(turn, assignment, held, question)
            turn.say_key(
                "returned.asked_of_report", unit=assignment.role.unit_name, period=assignment.round.period.name
            )
            return
        if about and about.narrow and _beyond(held.draft, step):
            labels = ", ".join(self._catalogue[code].short for code in held.draft.returned)
            keep_position(turn, assignment, Position())
            turn.say_key("returned.only", period=assignment.round.period.name, labels=labels)
            return
        tabled = any(isinstance(effect, on.ConfirmTable) for effect in step.effects)
        read = event.text if isinstance(event, Said) and tabled else ""
        if other := titled_otherwise(read, assignment.round.period, turn.today):  # told with it how to leave the table
            step = replace(step, position=replace(step.position, left=True))
        beside = await self.twins.beside(turn, assignment, step, event)
        twins = await self._store(turn, assignment, held, (step, beside), event)
        if not assignment.round.period.is_quick:  # what that counts has no other names than its own
            await self._office.hear(turn, event, step, assignment.level)
        turn.state.unit = assignment.unit_id
        keep_position(turn, assignment, step.position)
        asks = event.act if isinstance(event, Did) else ""
        anew = asks in ("begin", "show") or (asks == "submit" and position.mode == "reviewing")
        self._tell(turn, assignment, step, event, Position() if anew else position, other)
        turn.asks = assignment.asks(step.position, step.draft)
        self._say_of_final(turn, assignment, step, about)
        self.twins.ask(turn, assignment, step.draft, twins)
        self.twins.say_days(turn, assignment, beside, event)
        await self._offer_words(turn, assignment, step)
        if any(isinstance(effect, on.Submit) and not effect.again for effect in step.effects):
            await ask_of_tasks(self._db, turn, assignment)
        if assignment.role.stands_in and (asks in ("later", "leave") or step.draft.sent):
            turn.state.behalf = turn.state.unit = None
        if any(isinstance(effect, on.Submit) for effect in step.effects):
            turn.state.period = ""
            if len(reported_for(turn)) > 1:
                turn.state.unit = None  # what comes next may well be about another unit

    async def _asks(self, turn: Turn, assignment: Assignment, said: Said) -> bool:
        """Whether the text would change an accepted report: then the unit may ask the office for it."""
        offer, asking = ("", []) if said.caption else await self.late.offered(turn, assignment, said.text)
        if asking:
            names = {"period": assignment.round.period.name, "unit": assignment.role.unit_name}
            turn.say(f"{self._wording.say('receipt.closed_only', **names)}\n{offer}", asking)
        return bool(asking)

    async def _told_of_another(self, turn: Turn, assignment: Assignment, position: Position) -> bool:
        """Whether another figure was given back since the one that is asked about: the last message is about that."""
        if position.mode != "asking" or turn.incoming.replies_to:
            return False
        told = await outbox.told_since(self._db, turn.incoming.channel, turn.incoming.chat_id)
        about = f"stands:{assignment.mark}:"
        codes = [data for content in told for _, data in content.get("choices", ()) if data.startswith(about)]
        question = assignment.form.question(position.question)
        asked = {f"{about}{indicator.code}" for indicator in question.indicators} if question else set[str]()
        return any(data not in asked for data in codes)

    async def _offer_words(self, turn: Turn, assignment: Assignment, step: Step) -> None:
        """Under the receipt of a unit above the branches: that the paper has places for its words."""
        sent = any(isinstance(effect, on.Submit) and not effect.again for effect in step.effects)
        if not sent or assignment.level == "chi_doan" or assignment.round.period.is_quick or turn.reply is None:
            return
        if "choices" in turn.reply or await narratives.of_unit(self._db, assignment.round.id, assignment.unit_id):
            return
        text = f"{turn.reply['text']}\n{self._wording.say('narrative.offer')}"
        turn.say(text, [Choice(self._wording.say("label.narrative"), f"narrative:{assignment.mark}")], False)

    def _say_of_final(self, turn: Turn, assignment: Assignment, step: Step, about: Due | None) -> None:
        """Under a correction of estimated figures: how to call them final, or that they are so once more."""
        if about is None or not about.mending or not step.draft.sent or turn.reply is None or "choices" in turn.reply:
            return
        if about.confirming:
            text = f"{turn.reply['text']}\n{self._wording.say('confirm.when_right')}"
            turn.say(text, [Choice(self._wording.say("label.right"), f"final:{assignment.mark}")], False)
        elif any(isinstance(effect, on.Put) for effect in step.effects):
            turn.say(f"{turn.reply['text']}\n{self._wording.say('confirm.still_final')}")

    async def _store(
        self, turn: Turn, assignment: Assignment, held: Held, done: tuple[Step, Beside], event: Event
    ) -> Sequence[Twin]:
        """The rows of the step; figures of a report that is sent which another unit has sent just so."""
        step, beside = done
        person, ids = turn.standing.person_id or 0, (assignment.round.id, assignment.unit_id)
        if isinstance(event, Said) and any(isinstance(effect, on.ConfirmTable) for effect in step.effects):
            turn.rows.append(texts.keep_pasted(fresh_id(), *ids, person, event.text, turn.now))
        settled = await self._reviewers.tell(turn, assignment, held, step)
        puts = [effect for effect in step.effects if isinstance(effect, on.Put)]
        submits = any(isinstance(effect, on.Submit) for effect in step.effects)
        removed = [effect for effect in step.effects if isinstance(effect, on.Removed) and effect.stored]
        if not puts and not submits and not removed and not settled:
            return ()
        move = life.made(held.draft.state, "submit" if submits else "enter")
        found: Sequence[Twin] = ()
        rows: list[Statement] = [submissions.touch(*ids, held.rev, move.to, person, turn.now), *settled]
        for gone in removed:
            rows += submissions.remove(*ids, gone.code, gone.old, person, turn.now)
        corrects = isinstance(event, Said) and any(put.old is not None for put in puts)
        reason = masked(without_reason(event.text)[1])[:MOST_NOTE] if corrects and isinstance(event, Said) else ""
        if stored := [put.because(reason).noted(self._wording.say("noted.confirmed")) for put in puts]:
            values = [(put.code, put.value, put.old) for put in stored]
            rows += submissions.put_all(*ids, values, person, turn.now, reason)
        for put in (put for put in stored if put.confirmed):
            rows.append(submissions.confirmed(*ids, put.code, put.value, person, turn.now))
        for kept in (effect for effect in step.effects if isinstance(effect, on.Stands)):
            rows += submissions.stands(*ids, kept.code, kept.value, person, turn.now)
        rows += traces.keep(
            *ids, {code: beside[code] for code in (*(p.code for p in puts), *(r.code for r in removed))}
        )
        if assignment.role.stands_in:
            rows.append(submissions.entered_above(*ids))
        if submits:
            rows.append(submissions.sent(*ids, person, turn.now))
            if assignment.round.terms.estimated:
                rows.append(estimates.final_as_sent(*ids, turn.today.isoformat(), turn.now))
        if move.to in life.FILED and not assignment.round.period.is_quick:
            found, days = await self.twins.of(assignment, step.draft, beside, turn.today)
            odd = standing_out(self._catalogue, assignment.form.level, step.draft)
            rows += findings.renew(*ids, [*odd, *days], {twin.indicator: twin.unit_id for twin in found})
        turn.rows += running.around(*ids, rows) if move.to in life.COUNTED else rows
        if "reminders" in move.cancels:
            turn.rows.append(reminders.cancel(*ids, turn.now))
            turn.rows.append(outbox.cancel_reminders(assignment.round.code, assignment.unit_id))
            turn.rows += reminders.withdrawn(*ids)
        if "co_reporters" in move.tells:
            round_, unit = assignment.round, assignment.role.unit_name
            report = Changed(*ids, round_.code, round_.period.name, unit, held.rev)
            await self._others.tell(turn, report, puts, submits)
        new = {put.code for put in puts}  # a correction asks of its own figures, the sending of all
        return [twin for twin in found if submits or twin.indicator in new]

    # --- words ------------------------------------------------------------------------------------------------

    def _tell(self, turn: Turn, assignment: Assignment, step: Step, event: Event, before: Position, other: str) -> None:
        say = self._wording.say
        lines: list[str] = []
        if len(reported_for(turn)) > 1 and any(isinstance(effect, _UNNAMED) for effect in step.effects):
            lines.append(say("which.now", unit=assignment.role.unit_name))
        dues = turn.running.get(assignment.unit_id, ())
        # The one question of a quick count names it, and so does its receipt.
        named = assignment.round.period.is_quick and any(isinstance(e, (on.Ask, on.Submit)) for e in step.effects)
        # While a quick count runs or has just ended, a correction may have been meant for it.
        corrects = bool(turn.quick) and any(isinstance(e, on.Put) and e.old is not None for e in step.effects)
        several = (len(dues) > 1 or corrects) and not named
        if several and any(isinstance(e, (*_UNNAMED, on.HowToCorrect)) for e in step.effects):
            lines.append(say("which.period_now", period=assignment.round.period.name))
        cutoff = next((d.cutoff_on for d in dues if d.round is assignment.round), assignment.round.terms.cutoff_on)
        if isinstance(event, Did) and event.act == "begin" and cutoff is not None and not step.draft.sent:
            lines.append(say("which.cutoff", day=short_day(cutoff, turn.today)))
        if other:
            lines.append(say("which.other_title", named=other, period=assignment.round.period.name))
        choices: list[Choice] = []
        numbered = True
        submits = any(isinstance(effect, on.Submit) for effect in step.effects)
        new = [(e.code, e.value) for e in step.effects if isinstance(e, on.Put) and e.old is None and not submits]
        if new and not any(value.amount for _, value in new):
            lines.append(self._words.nothing(assignment.form, [indicator for indicator, _ in new]))
        elif len(new) > MOST_REPEATED:
            lines.append(say("noted.count", count=len(new)))
        elif new and (before.mode == "reviewing" or not any(isinstance(e, on.Review) for e in step.effects)):
            lines.append(say("noted.values", values=figure_lines.listed(self._catalogue, new)))
        if kept := [(e.code, e.value) for e in step.effects if isinstance(e, on.Kept)]:
            if any(value.amount for _, value in kept):
                lines.append(say("noted.kept", values=figure_lines.listed(self._catalogue, kept)))
            elif not new:
                lines.append(say("noted.nothing"))
        for effect in step.effects:
            text, offered, may_number = self._effect(turn, assignment, step, effect, before)
            if text and text not in lines:
                lines.append(text)
            if offered:
                choices, numbered = offered, may_number
        listed = not any(isinstance(effect, on.Ways | on.StillDoubted) for effect in step.effects)  # they stand above
        turn.say("\n".join(lines) or say("help.nothing_open"), choices, numbered, listed=listed)

    def _effect(
        self, turn: Turn, assignment: Assignment, step: Step, effect: on.Effect, before: Position
    ) -> tuple[str, list[Choice], bool]:
        say, code = self._wording.say, assignment.mark
        names = {"period": assignment.round.period.name, "unit": assignment.role.unit_name}
        match effect:
            case on.Put(indicator, value, old):
                if old is None:
                    return "", [], True
                named = self._catalogue[indicator]
                changed = {"old": figure_lines.amount(named, old), "new": figure_lines.amount(named, value)}
                return say("noted.changed", label=named.short, **changed), [], True
            case on.Kept():
                return "", [], True  # told in one line with the others
            case on.Ask():
                open_before = before.question == effect.question.code and before.mode in ("asking", "confirming")
                if open_before and not effect.picked:
                    text = figure_lines.question_again(self._wording, self._catalogue, effect)
                else:
                    period, level = names["period"], assignment.level
                    text = figure_lines.question(self._wording, self._catalogue, effect, period, level)
                return text, self._words.ask_choices(effect, code), False
            case on.Unread(reason, source, proposal):
                return self._words.problem(reason, source, proposal), [], True
            case on.LeftOut(parts):
                return self._words.left_out(parts), [], True
            case on.NotReplaced(standing, right):
                values, label = figure_lines.listed(self._catalogue, standing), self._catalogue[standing[0][0]].short
                return say("returned.kept" if right else "photo.not_replaced", values=values, label=label), [], True
            case on.Stale():
                return say("problem.stale"), [], True
            case on.Confirm():
                return self._words.confirm(effect), self._words.yes_no(code, step.position), True
            case on.ConfirmTable():
                return self._words.table(effect), self._table_choices(assignment, step), True
            case on.StillOpen():
                return self._words.waiting(effect), [], True
            case on.Explain(ask):
                return (
                    self._words.explained(ask, names["period"], assignment.level),
                    self._words.ask_choices(ask, code),
                    False,
                )
            case on.Ways(_, points):
                numbered = not points or (len(points) == 1 and points[0].value is not None)
                return self._words.ways(effect), self._doubt_choices(assignment, step), numbered
            case on.StillDoubted(sources):
                return self._words.sources("clarify.still", sources), self._doubt_choices(assignment, step), True
            case on.StillUnread(sources, again):
                return self._words.sources("clarify.unread_sent" if again else "clarify.unread", sources), [], True
            case on.SetAside(sources):
                return self._words.sources("clarify.aside", sources), [], True
            case on.NoAnswer(figures):
                return say("problem.question_stored" if figures else "problem.question"), [], True
            case on.Dropped():
                return say("table.dropped"), [], True
            case on.Removed(indicator, old, _):
                named = self._catalogue[indicator]
                return say("noted.removed", label=named.short, old=figure_lines.amount(named, old)), [], True
            case on.Outdated():
                return say("table.outdated"), [], True
            case on.Summed(indicator, known, more, total):
                return self._words.summed(indicator, known, more, total), [], True
            case on.AwaitYes(leaving):
                return say("table.left" if leaving else "table.awaits"), self._table_choices(assignment, step), True
            case on.Clarify():
                return self._words.clarify(effect, step.position, code)
            case on.Review(kept) if before.mode == "reviewing":
                return self._words.review_again(kept), self._words.review_choices(code), True
            case on.Review(kept):
                return self._words.review(names, step.draft, kept), self._words.review_choices(code), True
            case on.Show(given, total):
                return self._words.shown(names, step.draft, given, total), [], True
            case on.HowToCorrect():
                return say("review.how_to_correct"), [], True
            case on.WhyRight(indicator, value, other):
                shown = figure_lines.named(self._catalogue[indicator], value)
                return say("returned.which" if other else "returned.why", value=shown, other=other), [], True
            case on.Stands(indicator, value):
                shown = figure_lines.named(self._catalogue[indicator], value)
                return say("returned.stands", value=shown, reason=value.note), [], True
            case on.AskedBack():
                return say("returned.asked"), [], True
            case on.Submit(again=True):
                return say("returned.sent_again", **names, moment=moment(turn.now)), [], True
            case on.Submit():
                return self._receipt(turn, assignment, names, step.draft), [], True
            case on.Paused(given, total):
                return say("receipt.paused", given=given, total=total), [], True
            case on.Already(closed):
                return say("receipt.closed" if closed else "receipt.already", **names), [], True

    def _doubt_choices(self, assignment: Assignment, step: Step) -> list[Choice]:
        """What may be tapped under the doubt that waits."""
        if step.position.mode != "clarifying":
            return self._words.yes_no(assignment.mark, step.position)
        card = Dialogue(assignment.form, self._catalogue).questions.clarify(step.draft, step.position)
        return self._words.clarify(card, step.position, assignment.mark)[1]

    def _table_choices(self, assignment: Assignment, step: Step) -> list[Choice]:
        sends = Dialogue(assignment.form, self._catalogue).questions.sends(step.draft, step.position)
        return self._words.yes_no(assignment.mark, step.position, sends)

    def _receipt(self, turn: Turn, assignment: Assignment, names: dict[str, str], draft: Draft) -> str:
        if assignment.round.period.due_at is not None:
            values, due_at = figure_lines.listed(self._catalogue, draft.values.items()), assignment.round.period.due_at
            return self._wording.say(
                "quick.sent", title=assignment.round.period.title, unit=assignment.role.unit_name,
                moment=moment(turn.now), values=values, until=hour_of_day(due_at),
            )  # fmt: skip
        receipt = f"{assignment.round.code}-{assignment.role.unit_code}"
        return self._wording.say(
            "receipt.sent", **names, moment=moment(turn.now), count=len(draft.values), receipt=receipt
        )


def _advanced(dialogue: Dialogue, draft: Draft, position: Position, event: Event, quick: bool) -> Step:
    """The step of the dialogue; to a button of before what is open is said again."""
    if not (isinstance(event, Did) and event.about == "stale"):
        step = dialogue.advance(draft, position, event)
        return _sent_at_once(dialogue, step) if quick else step
    open_again = dialogue.advance(draft, position, Did("begin")) if not draft.sent else None
    effects = (on.Stale(), *(open_again.effects if open_again else ()))
    return Step(open_again.position if open_again else position, draft, effects)


def _question(step: Step, event: Event) -> str:
    """The question about a report that was sent which nothing here answers; '' for any other event."""
    if not isinstance(event, Said) or step.draft.state not in life.COUNTED or not asks_something(event.text):
        return ""
    unanswered = any(isinstance(effect, on.NoAnswer | on.Already) for effect in step.effects)
    return event.text if unanswered else ""


def _beyond(draft: Draft, step: Step) -> bool:
    """Whether figures were given back and the step changes others."""
    puts = {e.code for e in step.effects if isinstance(e, on.Put) and not draft.stands_at(e.code, e.value)}
    changed = puts | {e.code for e in step.effects if isinstance(e, on.Removed) and e.stored}
    return bool(draft.returned) and not changed <= draft.returned.keys()


def _sent_at_once(dialogue: Dialogue, step: Step) -> Step:
    """A quick count is sent with its last answer: the hour is near, and there is little to look over."""
    if step.draft.sent or not any(isinstance(effect, on.Review) for effect in step.effects):
        return step
    sent = dialogue.advance(step.draft, step.position, Did("submit"))
    puts = [effect for effect in step.effects if not isinstance(effect, on.Review)]
    return Step(sent.position, sent.draft, (*puts, *sent.effects))
