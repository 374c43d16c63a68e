"""What the office wants of a period or a unit's deadline in, the decision or its refusal out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.office.decisions import Decision, DecisionRefused, Remark
from handlers.turn import fresh_id
from handlers.wording.speech import Wording
from reporting.time.calendar import VietnamCalendar, day_name, day_range, local_day
from reporting.time.deadlines import PeriodState, Terms, customary, due_on
from reporting.time.periods import Period
from storage.database import Database, Statement
from storage.organisation.units import Unit
from storage.periods import extensions, owed, rounds
from storage.periods.rounds import Round
from storage.reports import submissions
from storage.reports.events import happened

# A deadline farther from the period than this is a slip of the keyboard.
FARTHEST = timedelta(days=400)
AHEAD = timedelta(days=550)  # a period that begins later is another year's, mistyped
CUTOFF_AFTER = timedelta(days=45)  # the period's end; figures to a later day are another period's
REOPENED_FOR = 3  # working days, where the office names no day


@dataclass(frozen=True, slots=True)
class PeriodDecisions:
    """Decisions on periods: each method gives one's rows and words and writes nothing. Raises DecisionRefused."""

    db: Database
    calendar: VietnamCalendar
    wording: Wording

    async def open(self, period: Period, given: Terms | None, actor: int | None, now: datetime) -> Decision:
        """Opens a period, or has it open by itself on terms.opens_on; a locked one is opened for everybody again.

        given: the office's days; None for those it had, or the customary ones.
        """
        today = local_day(now)
        known = await rounds.round_by_code(self.db, period.code)
        if known is not None and known.state in ("open", "closed"):
            self._not_now(known)
        terms = given or (known.terms if known else customary(period))
        if known is None and period.start_on > today + AHEAD:
            raise DecisionRefused(
                "office.period_far", f"{period.code} begins on {period.start_on}: too far ahead to be opened",
                period=period.name,
            )  # fmt: skip
        self.check(period, terms)
        later = terms.opens_on is not None and terms.opens_on > today
        state: PeriodState = "planned" if later else "open"
        rows: list[Statement] = []
        if known is None:
            rows.append(rounds.add_period(fresh_id(), period, state, now, terms))
        else:
            rows.append(rounds.set_terms(known, terms))
            if state != known.state:
                rows.append(rounds.set_state(known, state, now))
        action = "period.planned" if later else "period.opened"
        rows.append(happened(action, period.code, actor, now, new=_written(terms)))
        key = "period.planned" if later else "period.opened"
        verb = f"opens by itself on {terms.opens_on}" if later else "is open"
        opened_on = terms.opens_on if later else (known and known.opened_on) or today
        parts = {"period": period.name, "terms": self.described(period, terms, opened_on)}
        opens = day_name(terms.opens_on) if terms.opens_on else ""
        return Decision(
            rows,
            Remark("office.ask_plan" if later else "office.ask_open", "", {**parts, "opens": opens}),
            Remark(key, f"{period.code} {verb}: {_english(period, terms)}", {**parts, "opens": opens}),
            self._warnings(period, terms, today, opened_on),
        )

    async def set_terms(self, round_: Round, terms: Terms, actor: int | None, now: datetime) -> Decision:
        """Other days for a period that is not closed."""
        if round_.state == "closed":
            self._not_now(round_)
        self.check(round_.period, terms)
        return Decision(
            [
                rounds.set_terms(round_, terms),
                happened(
                    "period.changed", round_.code, actor, now,
                    period_id=round_.id, old=_written(round_.terms), new=_written(terms),
                ),
            ],
            Remark("office.ask_open", "", {"period": round_.period.name, "terms": ""}),
            Remark("period.opened", f"{round_.code}: {_english(round_.period, terms)}",
                   {"period": round_.period.name, "terms": self.described(round_.period, terms, round_.opened_on)}),
            self._warnings(round_.period, terms, local_day(now), round_.opened_on),
        )  # fmt: skip

    async def lock(self, round_: Round, actor: int | None, now: datetime) -> Decision:
        """From now on a unit's values change only with the office's leave."""
        if round_.state != "open":
            self._not_now(round_)
        return await self._end(round_, "locked", actor, now)

    async def close(self, round_: Round, actor: int | None, now: datetime) -> Decision:
        """The figures are final: no leave opens it again."""
        if round_.state not in ("open", "locked"):
            self._not_now(round_)
        return await self._end(round_, "closed", actor, now)

    async def _end(self, round_: Round, state: PeriodState, actor: int | None, now: datetime) -> Decision:
        coverage = (await submissions.coverage(self.db, round_.id, local_day(now).isoformat())).values()
        owing = sum(c.owing - c.filed for c in coverage)
        parts = {"period": round_.period.name}
        warnings = []
        if owing:
            warnings.append(
                Remark("office.still_owing", f"{owing} units have not filed", {**parts, "count": owing})
            )  # fmt: skip
        if state == "closed" and round_.terms.estimated:
            left = len(await submissions.unconfirmed(self.db, round_.id))
            if left:
                warnings.append(
                    Remark("office.still_estimated", f"{left} reports are still estimates", {"count": left})
                )
        return Decision(
            [
                rounds.set_state(round_, state, now),
                happened(
                    f"period.{state}", round_.code, actor, now, period_id=round_.id, old=round_.state, new=state
                ),
            ],
            Remark("office.ask_lock" if state == "locked" else "office.ask_close", "", parts),
            Remark("period.locked" if state == "locked" else "period.closed", f"{round_.code} is {state}", parts),
            warnings,
        )  # fmt: skip

    async def extend(
        self, round_: Round, unit: Unit, until: date | None, reason: str, actor: int | None, now: datetime
    ) -> Decision:
        """A later deadline for one unit, which may report until then also where the period is locked.

        until: None opens a locked report again for a few working days; an accepted one of an open period is given
        back, with no other deadline unless that is over.
        """
        today = local_day(now)
        if round_.state not in ("open", "locked"):
            self._not_now(round_)
        known = (await rounds.extensions(self.db, round_.id)).get(unit.id)
        if round_.state == "open":
            until = await self._not_earlier(round_, unit, until, known, today)
        until = until or self._working_days_ahead(today)
        if until < today:
            raise DecisionRefused("office.day_past", f"{until} is past: name today or a later day", day=day_name(until))
        if until > max(round_.period.end_on, today) + FARTHEST:
            raise DecisionRefused(
                "office.day_far", f"{until} is too far from the period {round_.code}", day=day_name(until)
            )
        parts = {"unit": unit.known_as, "period": round_.period.name, "day": day_name(until)}
        return Decision(
            [
                extensions.grant(round_.id, unit.id, until, reason, actor, now),
                *submissions.act_on(round_.id, unit.id, "reopen"),
                happened(
                    "extension.granted", reason or "extension", actor, now, period_id=round_.id, unit_id=unit.id,
                    old=known.isoformat() if known else None, new=until.isoformat(),
                ),
            ],
            Remark("office.ask_extend", "", parts),
            Remark("office.extended", f"{unit.code} may report {round_.code} until {until}", parts),
            self._off(until),
        )  # fmt: skip

    async def _not_earlier(
        self, round_: Round, unit: Unit, until: date | None, known: date | None, today: date
    ) -> date | None:
        """The day that is meant in an open period; an extension that would take days away is refused."""
        standing = (await owed.owed(self.db, [round_.id], [unit.id], today))[round_.id, unit.id]
        own = round_.due_on(self.calendar, standing.briefing_on)
        parts = {"unit": unit.known_as, "code": unit.code, "period": round_.period.name, "due": day_name(own)}
        if until is not None:
            if today <= until < own:
                raise DecisionRefused(
                    "office.before_own_day", f"{unit.code} owes {round_.code} by {own}: name that day or a later one",
                    day=day_name(until), **parts,
                )  # fmt: skip
            return until
        due = max(own, known or own)
        if not standing.closed:
            raise DecisionRefused(
                "office.still_open", f"{round_.code} is open, {unit.code} may write until {due}: name a later day",
                **{**parts, "due": day_name(due)},
            )  # fmt: skip
        return due if due >= today else None

    def check(self, period: Period, terms: Terms) -> None:
        """Refuses days that contradict one another or the period."""
        ordered = (
            ("cutoff", terms.cutoff_on, "start", period.start_on),
            ("deadline", terms.deadline_on, "start", period.start_on),
            ("deadline", terms.deadline_on, "opening", terms.opens_on),
            ("deadline", terms.deadline_on, "cutoff", terms.cutoff_on),
            ("confirm", terms.confirm_from_on, "deadline", terms.deadline_on),
            ("confirm_end", terms.confirm_by_on, "confirm", terms.confirm_from_on),
        )
        for late, later, early, earlier in ordered:
            if later is not None and earlier is not None and later < earlier:
                raise DecisionRefused(
                    "office.days_cross", f"{late} {later} lies before {early} {earlier} of {period.code}",
                    late=self.wording.say(f"term.{late}"), later=day_name(later),
                    early=self.wording.say(f"term.{early}"), earlier=day_name(earlier),
                )  # fmt: skip
        farthest = (
            (terms.deadline_on, FARTHEST), (terms.cutoff_on, CUTOFF_AFTER), (terms.confirm_by_on, FARTHEST),
            (terms.opens_on, FARTHEST),
        )  # fmt: skip
        for day, within in farthest:
            ahead = day == terms.opens_on and day is not None and day < period.start_on - FARTHEST
            if day is not None and (day > period.end_on + within or ahead):
                raise DecisionRefused(
                    "office.day_far", f"{day} is too far from the period {period.code}", day=day_name(day)
                )

    def _not_now(self, round_: Round) -> None:
        raise DecisionRefused(
            "office.period_is",
            f"{round_.code} is {round_.state}: that cannot be done with it now",
            period=round_.period.name, state=self.wording.say(f"state.{round_.state}"),
        )  # fmt: skip

    def _working_days_ahead(self, day: date) -> date:
        for _ in range(REOPENED_FOR):
            day = self.calendar.next_working_day(day + timedelta(days=1))
        return day

    def _warnings(self, period: Period, terms: Terms, today: date, opened_on: date | None) -> list[Remark]:
        named, due = due_on(period, terms, self.calendar), due_on(period, terms, self.calendar, opened_on=opened_on)
        for_all = terms.deadline_on is not None or terms.deadline_lead is None
        if named < due and for_all:
            english = f"the deadline {named} is past already: units are asked for it by {due}"
            return [Remark("office.deadline_over", english, {"day": day_name(named), "due": day_name(due)})]
        if due < today and for_all:
            return [Remark("office.deadline_past", f"the deadline {due} is past already", {"day": day_name(due)})]
        return self._off(terms.deadline_on) if terms.deadline_on else []

    def _off(self, day: date) -> list[Remark]:
        if self.calendar.is_working_day(day):
            return []
        name = self.calendar.holiday_on(day) or self.wording.say("calendar.weekend")
        return [Remark("office.day_off", f"{day} is a day off ({name})", {"day": day_name(day), "name": name})]

    def described(self, period: Period, terms: Terms, opened_on: date | None) -> str:
        """The days in words: "hạn nộp thứ Tư 10/6, số ước"."""
        say = self.wording.say
        if terms.deadline_on is None and terms.deadline_lead is not None:
            lead = terms.deadline_lead
            parts = [say("terms.lead", days=lead) if lead else say("terms.briefing_day")]
        else:
            parts = [say("terms.deadline", day=day_name(due_on(period, terms, self.calendar, opened_on=opened_on)))]
        if terms.cutoff_on is not None:
            parts.append(say("terms.cutoff", day=day_name(terms.cutoff_on)))
        if terms.estimated and terms.confirm_from_on and terms.confirm_by_on:
            parts.append(say("terms.estimated", days=day_range(terms.confirm_from_on, terms.confirm_by_on)))
        if period.title:
            parts.append(say("terms.form", form=say(f"form.{period.frequency}")))
        return ", ".join(parts)


def _written(terms: Terms) -> str:
    """The days as an event keeps them."""
    return " ".join(f"{name}={value}" for name, value in _fields(terms) if value not in (None, False))


def _english(period: Period, terms: Terms) -> str:
    if terms.deadline_on is not None:
        due = f"due {terms.deadline_on}"
    elif terms.deadline_lead is not None:
        due = f"due {terms.deadline_lead} working days before each cluster's briefing"
    else:
        due = "due by custom"
    more = [f"figures to {terms.cutoff_on}"] if terms.cutoff_on else []
    if terms.estimated:
        days = f", confirmed {terms.confirm_from_on} to {terms.confirm_by_on}" if terms.confirm_from_on else ""
        more.append(f"estimated{days}")
    return ", ".join([due, *more])


def _fields(terms: Terms) -> list[tuple[str, object]]:
    return [(name, getattr(terms, name)) for name in terms.__slots__]
