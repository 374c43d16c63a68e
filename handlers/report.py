"""The report of a unit: the dialogue's effects become rows and one reply."""

from functools import cache

from handlers import phrases
from handlers.co_reporters import Changed, CoReporters
from handlers.messages import Choice
from handlers.places import Place, reported_for
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting import effects as on
from reporting.calendar import moment
from reporting.catalogue import Catalogue, Level
from reporting.dialogue import Dialogue, Did, Event, Step, mark
from reporting.draft import Draft, Position
from reporting.forms import Forms
from reporting.reply import implausible
from reporting.values import Value
from storage import outbox, reminders, submissions
from storage.database import Database
from storage.submissions import Held

# What a button's data begins with, and the act it stands for: "none:2026-Q1@2f:tinh_nguyen.1".
ACTS = {
    "begin": "begin", "none": "none", "before": "before", "yes": "yes", "edit": "edit", "pick": "pick",
    "skip": "skip", "submit": "submit", "later": "later",
}  # fmt: skip


# More values than this were just confirmed in a table; repeating them would only be read over.
MOST_REPEATED = 6
# What says nothing of the unit by itself: who reports for several is told which one it is about.
_UNNAMED = (on.Put, on.Ask, on.Unread, on.ConfirmHigh, on.ConfirmTable, on.Clarify, on.Paused)


class Reports:
    """Everything a reporter says about the unit's report goes through `step`."""

    def __init__(self, db: Database, catalogue: Catalogue, forms: Forms, wording: Wording) -> None:
        self._db = db
        self._catalogue = catalogue
        self._form = cache(forms.form)  # fitting one takes longer than all the reads of a step
        self._wording = wording
        self._others = CoReporters(db, catalogue, wording)

    def place(self, turn: Turn) -> Place | None:
        """The unit and period this chat reports for; None when there is no open period or the unit is not chosen."""
        held = reported_for(turn)
        chosen = turn.state.get("unit")
        role = next((r for r in held if r.unit_id == chosen), held[0] if len(held) == 1 else None)
        if turn.round is None or role is None or role.unit_id is None or role.unit_level is None:
            return None
        form = self._form(role.unit_level, turn.round.period.frequency)
        return Place(turn.round, role, role.unit_id, form)

    def position(self, turn: Turn, place: Place) -> Position:
        """Where the chat stands in this very report; elsewhere counts as nowhere."""
        kept = turn.state.get("report", {})
        if kept.get("period") != place.round.code or kept.get("unit") != place.unit_id:
            return Position()
        return Position.from_json(kept)

    async def held(self, place: Place) -> Held:
        """The unit's draft, with last period's values."""
        period = place.round.period
        return await submissions.held(
            self._db, place.round.id, period.code, place.unit_id, period.previous().code, period.same_last_year().code
        )

    def event_of(self, turn: Turn, place: Place, data: str) -> Event | None:
        """The event a button of a report stands for; None for one of another kind.

        One of another period or unit, kept from before or made up, stands for nothing.
        """
        verb, _, rest = data.partition(":")
        named, _, about = rest.partition(":")
        if verb not in ACTS:
            return None
        if named != place.mark:
            return Did("pick", "stale")
        return Did(ACTS[verb], about)  # type: ignore[arg-type]

    async def step(self, turn: Turn, place: Place, event: Event) -> None:
        """One step of the dialogue: rows for what it stores, one reply for what it says."""
        held = await self.held(place)
        position = self.position(turn, place)
        dialogue = Dialogue(place.form, self._catalogue)
        if isinstance(event, Did) and event.about == "stale":
            open_again = dialogue.advance(held.draft, position, Did("begin")) if not held.draft.sent else None
            effects = (on.Stale(), *(open_again.effects if open_again else ()))
            step = Step(open_again.position if open_again else position, held.draft, effects)
        else:
            step = dialogue.advance(held.draft, position, event)
        await self._store(turn, place, held, step)
        turn.state["unit"] = place.unit_id
        turn.state["report"] = {
            "period": place.round.code, "unit": place.unit_id, **step.position.to_json()
        }  # fmt: skip
        self._tell(turn, place, step)
        if len(reported_for(turn)) > 1 and any(isinstance(effect, on.Submit) for effect in step.effects):
            turn.state.pop("unit", None)  # what comes next may well be about another unit

    async def _store(self, turn: Turn, place: Place, held: Held, step: Step) -> None:
        puts = [effect for effect in step.effects if isinstance(effect, on.Put)]
        submits = any(isinstance(effect, on.Submit) for effect in step.effects)
        if not puts and not submits:
            return
        person = turn.standing.person_id or 0
        ids = (place.round.id, place.unit_id)
        state = "submitted" if submits else step.draft.state
        turn.rows.append(submissions.touch(*ids, held.rev, state, person, turn.now))
        for put in puts:
            turn.rows += submissions.put(*ids, put.code, put.value, put.old, person, turn.now)
            if put.confirmed:
                turn.rows.append(submissions.confirmed(*ids, put.code, put.value, person, turn.now))
        if submits:
            turn.rows.append(submissions.sent(*ids, person, turn.now))
            turn.rows.append(reminders.cancel(*ids, turn.now))
            turn.rows.append(outbox.cancel_reminders(place.round.code, place.unit_id))
            turn.rows += reminders.withdrawn(*ids)
        period = place.round
        report = Changed(period.id, period.code, period.period.name, place.unit_id, place.role.unit_name, held.rev)
        await self._others.tell(turn, report, puts, submits)

    # --- words ------------------------------------------------------------------------------------------------

    def _tell(self, turn: Turn, place: Place, step: Step) -> None:
        say = self._wording.say
        lines: list[str] = []
        if len(reported_for(turn)) > 1 and any(isinstance(effect, _UNNAMED) for effect in step.effects):
            lines.append(say("which.now", unit=place.role.unit_name))
        choices: list[Choice] = []
        numbered = True
        new = [(e.code, e.value) for e in step.effects if isinstance(e, on.Put) and e.old is None]
        if new and not any(value.amount for _, value in new):
            lines.append(say("noted.nothing"))
        elif len(new) > MOST_REPEATED:
            lines.append(say("noted.count", count=len(new)))
        elif new and not any(isinstance(e, on.Review) for e in step.effects):
            lines.append(say("noted.values", values=phrases.listed(self._catalogue, new)))
        for effect in step.effects:
            text, offered, may_number = self._effect(turn, place, step, effect)
            if text:
                lines.append(text)
            if offered:
                choices, numbered = offered, may_number
        turn.say("\n".join(lines) or say("help.nothing_open"), choices, numbered)

    def _effect(self, turn: Turn, place: Place, step: Step, effect: on.Effect) -> tuple[str, list[Choice], bool]:
        say, code = self._wording.say, place.mark
        names = {"period": place.round.period.name, "unit": place.role.unit_name}
        match effect:
            case on.Put(indicator, value, old):
                if old is None:
                    return "", [], True
                named = self._catalogue[indicator]
                changed = {"old": phrases.amount(named, old), "new": phrases.amount(named, value)}
                return say("noted.changed", label=named.short, **changed), [], True
            case on.Ask():
                text = phrases.question(self._wording, self._catalogue, effect, names["period"], place.level)
                return text, self._ask_choices(effect, code), False
            case on.Unread(reason, source, proposal):
                return self._problem(reason, source, proposal), [], True
            case on.Stale():
                return say("problem.stale"), [], True
            case on.ConfirmHigh(values):
                text = say("confirm.high", values=phrases.listed(self._catalogue, values))
                return text, self._yes_no(code, step.position), False
            case on.ConfirmTable():
                return self._table(effect, place.level), self._yes_no(code, step.position), True
            case on.Clarify(unclear, left):
                return self._clarify(effect, step.position, code, unclear.value, left)
            case on.Review():
                return self._review(names, step.draft), self._review_choices(code), True
            case on.Show(answered, total):
                return self._shown(names, step.draft, answered, total), [], True
            case on.HowToCorrect():
                return say("review.how_to_correct"), [], True
            case on.Submit():
                return self._receipt(turn, place, names, step.draft), [], True
            case on.Paused(answered, total):
                return say("receipt.paused", answered=answered, total=total), [], True
            case on.Already(closed):
                return say("receipt.closed" if closed else "receipt.already", **names), [], True

    def _ask_choices(self, ask: on.Ask, where: str) -> list[Choice]:
        say = self._wording.say
        choices = [Choice(say("label.none"), f"none:{where}:{ask.question.code}")]
        if ask.before and all(code in ask.before for code in ask.missing):
            choices.append(Choice(say("label.before"), f"before:{where}:{ask.question.code}"))
        return [*choices, Choice(say("label.later"), f"later:{where}")]

    def _yes_no(self, where: str, position: Position) -> list[Choice]:
        say = self._wording.say
        return [
            Choice(say("label.right"), f"yes:{where}:{mark(position)}"),
            Choice(say("label.correct"), f"edit:{where}"),
        ]

    def _review_choices(self, where: str) -> list[Choice]:
        say = self._wording.say
        return [
            Choice(say("label.submit"), f"submit:{where}"),
            Choice(say("label.correct"), f"edit:{where}"),
            Choice(say("label.later"), f"later:{where}"),
        ]

    def _problem(self, reason: str, source: str, proposal: str) -> str:
        words = " ".join(source.split())
        short = words if len(words) <= 60 else words[:57] + "…"
        if not short and reason == "not_a_number":
            return self._wording.say("problem.nothing_read")
        key = f"problem.{reason}"
        if not self._wording.has(key):
            key = "problem.ambiguous"
        if reason == "separator" and not proposal:
            key = "problem.indefinite"
        return self._wording.say(key, source=short, proposal=proposal)

    def _table(self, table: on.ConfirmTable, level: Level) -> str:
        say = self._wording.say
        lines = [say("table.recorded")] if table.values else []
        for code, value in table.values:
            row = phrases.named(self._catalogue[code], value)
            if implausible(self._catalogue[code], value, level, table.before.get(code)):
                row = say("table.row_high", row=row)
            old = table.old.get(code)
            if old is not None and (old.amount, old.approx) != (value.amount, value.approx):
                lines.append(say("table.row_changed", value=row, old=phrases.amount(self._catalogue[code], old)))
            else:
                lines.append(say("table.row", value=row))
        if table.unclear:
            lines.append(say("table.unclear"))
            lines += [say("table.row_unclear", source=" ".join(u.source.split())) for u in table.unclear]
        if table.missing:
            lines.append(say("table.missing", labels=phrases.labels(self._catalogue, table.missing)))
        return "\n".join([*lines, say("table.right")])

    def _clarify(
        self, effect: on.Clarify, position: Position, where: str, value: Value | None, left: int
    ) -> tuple[str, list[Choice], bool]:
        say = self._wording.say
        unclear = effect.unclear
        source = " ".join(unclear.source.split())
        skip = Choice(say("label.skip"), f"skip:{where}")
        more = " " + say("clarify.left", left=left) if left else ""
        if value is None:
            key = "clarify.number" if len(unclear.codes) == 1 else "clarify.named"
            names = phrases.labels(self._catalogue, unclear.codes)
            return say(key, source=source, labels=names) + more, [skip], False
        options = [
            Choice(self._catalogue[code].short, f"pick:{where}:{place}.{mark(position)}")
            for place, code in enumerate(unclear.codes)
        ]
        return say("clarify.which", source=source) + more, [*options, skip], True

    def _values_by_section(self, draft: Draft) -> list[str]:
        lines = []
        for section in sorted(self._catalogue.sections, key=lambda s: s.order):
            inside = [
                (code, draft.values[code])
                for code, indicator in self._catalogue.indicators.items()
                if indicator.section == section.code and code in draft.values
            ]
            if inside:
                lines.append(section.title)
                lines.append(self._wording.say("review.row", value=phrases.listed(self._catalogue, inside)))
        return lines

    def _review(self, names: dict[str, str], draft: Draft) -> str:
        say = self._wording.say
        return "\n".join([say("review.heading", **names), *self._values_by_section(draft), say("review.end")])

    def _shown(self, names: dict[str, str], draft: Draft, answered: int, total: int) -> str:
        say = self._wording.say
        if not draft.values:
            return say("review.empty", period=names["period"])
        end = say("receipt.already", **names) if draft.sent else say(
            "review.draft", answered=answered, total=total
        )  # fmt: skip
        return "\n".join([say("review.heading", **names), *self._values_by_section(draft), end])

    def _receipt(self, turn: Turn, place: Place, names: dict[str, str], draft: Draft) -> str:
        receipt = f"{place.round.code}-{place.role.unit_code}"
        return self._wording.say(
            "receipt.sent", **names, moment=moment(turn.now), count=len(draft.values), receipt=receipt
        )
