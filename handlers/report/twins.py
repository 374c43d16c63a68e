"""A report's new figures in; the questions whether one is another unit's event, too, or its day cannot be, out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.messages import LABEL_LONGEST, Choice
from handlers.report.assignment import Assignment
from handlers.turn import Turn
from handlers.wording import figure_lines
from reporting.dialogue import effects as on
from reporting.dialogue.doubts import LARGE
from reporting.dialogue.draft import Draft
from reporting.dialogue.effects import Step
from reporting.dialogue.events import Event, Said
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import DECIMALS, Value
from reporting.time.traces import NAME, NO_DAY, ODD, WEEK, may_stand_beside, traces
from storage.database import Database
from storage.reports import texts
from storage.reports.events import happened
from storage.review import findings, twins
from storage.review import traces as kept
from storage.review.twins import Twin

MOST_ASKED = 3  # figures under one receipt; the reviewer sees them all

Beside = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class TwinFigures:
    """Finds them, asks the later of the two units once, and remembers that they are two events."""

    db: Database
    catalogue: Catalogue

    async def beside(self, turn: Turn, assignment: Assignment, step: Step, event: Event) -> Beside:
        """What stands beside each figure of the step in what was written: this message, else what was pasted."""
        values = {effect.code: effect.value for effect in step.effects if isinstance(effect, on.Put)}
        if isinstance(event, Said) and any(isinstance(effect, on.ConfirmTable) for effect in step.effects):
            values |= dict(step.position.pending)
        gone = {effect.code: frozenset[str]() for effect in step.effects if isinstance(effect, on.Removed)}
        if not values:
            return gone
        round_ = assignment.round
        wrote = [event.text] if isinstance(event, Said) else []
        puts = [effect for effect in step.effects if isinstance(effect, on.Put)]
        if any(effect.value.source not in text for text in wrote or ("",) for effect in puts):
            wrote += await texts.of_report(self.db, round_.id, assignment.unit_id)
        until = round_.period.end_on if round_.terms.estimated else turn.today

        wrote = [text for text in wrote if may_stand_beside(text)]

        def said(value: Value) -> frozenset[str]:
            found = (traces(text, value.source, round_.period, until) for text in wrote) if value.amount else ()
            return next((one for one in found if one), frozenset())

        return {**gone, **{code: said(value) for code, value in values.items()}}

    def say_days(self, turn: Turn, assignment: Assignment, beside: Beside, event: Event) -> None:
        """Above the answer to a message: days in it that the calendar or the period does not have. The figures stay."""
        say, told = turn.wording.say, dict[str, str]()
        for code, said in beside.items():
            for one in sorted(said):
                day = one.partition(":")[2]
                if one.startswith(ODD) and day not in told:
                    key = "twin.none" if one.startswith(NO_DAY) else "twin.beyond"
                    label, period = self.catalogue[code].short, assignment.round.period.name
                    told[day] = say(key, day=day, label=label, period=period)
        if told and isinstance(event, Said) and turn.reply is not None:
            turn.reply["text"] = f"{say('twin.days', days='; '.join(told.values()))}\n{turn.reply['text']}"

    async def of(
        self, assignment: Assignment, draft: Draft, beside: Beside, today: date
    ) -> tuple[Sequence[Twin], list[tuple[str, str]]]:
        """(figures that another unit has sent, too; those beside which a day stands that cannot be, with the rule).

        Of what happened only what is no small number: of those two units easily have the same.
        """
        ids = (assignment.round.id, assignment.unit_id)
        known = {**await kept.of_report(self.db, *ids), **beside}
        figures = {
            code: (value.amount, [one for one in known.get(code, ()) if one.startswith((WEEK, NAME))])
            for code, value in draft.values.items()
            if code in self.catalogue
            and not self.catalogue[code].stands
            and value.amount >= LARGE * 10 ** DECIMALS[self.catalogue[code].kind]
        }
        days = [
            (code, "day")
            for code, said in known.items()
            if code in draft.values and any(one.startswith(ODD) for one in said)
        ]
        return await twins.twins(self.db, *ids, figures, today), days

    def ask(self, turn: Turn, assignment: Assignment, draft: Draft, found: Sequence[Twin]) -> None:
        """Under the receipt."""
        if found and turn.reply is not None:
            self._ask(turn, assignment, [(one.indicator, draft.values[one.indicator], one.unit) for one in found])

    def _ask(self, turn: Turn, assignment: Assignment, found: Sequence[tuple[str, Value, str]]) -> None:
        say, some = turn.wording.say, found[:MOST_ASKED]
        named = [self.catalogue[code] for code, _, _ in some]
        values = [
            say("twin.is", value=figure_lines.named(one, value), unit=unit)
            for one, (_, value, unit) in zip(named, some, strict=True)
        ]
        labels = [say("twin.apart_one", label=one.short)[:LABEL_LONGEST] for one in named]
        if len(some) == 1:
            labels = [say("label.apart")]
        choices = [
            Choice(label, f"apart:{assignment.mark}:{one.code}") for label, one in zip(labels, named, strict=True)
        ]
        text = say("twin.ask", values="; ".join(values), label=named[0].short)
        turn.say(f"{(turn.reply or {})['text']}\n{text}", choices, False)

    async def said(self, turn: Turn, assignment: Assignment) -> None:
        """ "Không trùng" in words: of the one figure that is asked about; of several it is asked which."""
        every = await findings.of_period(self.db, assignment.round.id, assignment.unit_id)
        found = [one for one in every if one.rule == "twin" and one.indicator in self.catalogue]
        if len(found) == 1:
            await self.answered(turn, assignment, found[0].indicator)
        elif found:
            turn.say_key("twin.which")
            self._ask(turn, assignment, [(one.indicator, one.value, one.other) for one in found])
        else:
            turn.say_key("twin.nothing", unit=assignment.role.unit_name)

    async def answered(self, turn: Turn, assignment: Assignment, code: str) -> None:
        """ "Không trùng": kept as an event, so that it is not asked again; those left are asked once more."""
        if code not in self.catalogue:
            turn.say_key("problem.stale")
            return
        ids = (assignment.round.id, assignment.unit_id)
        every = [one for one in await findings.of_period(self.db, *ids) if one.rule == "twin"]
        amount = next((str(one.value.amount) for one in every if one.indicator == code), None)
        turn.rows += [
            twins.said_apart(*ids, code),
            happened(
                "value.apart", code, turn.standing.person_id, turn.now, period_id=ids[0], unit_id=ids[1], new=amount
            ),
        ]  # fmt: skip
        turn.say_key("twin.apart", label=self.catalogue[code].short)
        found = [one for one in every if one.indicator != code]
        if left := [(one.indicator, one.value, one.other) for one in found if one.indicator in self.catalogue]:
            self._ask(turn, assignment, left)
