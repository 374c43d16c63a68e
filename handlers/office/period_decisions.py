"""What the office wants of a period or a unit's deadline in, the decision or its refusal out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

from handlers.office.day_checks import FARTHEST, check_terms
from handlers.office.decisions import Decision, DecisionRefused, Remark
from handlers.office.round_notes import RoundAhead, RoundNotes
from handlers.turn import fresh_id
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.time.calendar import VietnamCalendar, day_name, day_range, local_day
from reporting.time.deadlines import (
    CONFIRMED_WITHIN,
    LEAD,
    LOCK_AFTER,
    PeriodState,
    Terms,
    customary,
    due_on,
)
from reporting.time.periods import Period
from reporting.time.rules import DEFAULTS, Rules
from storage.database import Database, Statement
from storage.organisation import owing, units
from storage.organisation.units import Unit
from storage.periods import extensions, owed, rounds
from storage.periods import terms as terms_rows
from storage.periods.rounds import Round
from storage.reports import estimates, submissions
from storage.reports.events import happened
from storage.review import corrections

AHEAD = timedelta(days=550)  # a period that begins later is another year's, mistyped
FAR_EXTENSION = "office.extended_far"  # the remark that such a day may be mistyped
FAR = timedelta(days=45)  # from a unit's deadline, or from today where that is over
REOPENED_FOR = 3  # working days, where the office names no day


@dataclass(frozen=True, slots=True)
class PeriodDecisions:
    """Decisions on periods: each method gives one's rows and words and writes nothing. Raises DecisionRefused."""

    db: Database
    calendar: VietnamCalendar
    wording: Wording
    rules: Rules = DEFAULTS

    @property
    def notes(self) -> RoundNotes:
        """What the office should think of."""
        return RoundNotes(self.wording, self.calendar, self.rules)

    async def open(self, period: Period, named: Mapping[str, Any], actor: int | None, now: datetime) -> Decision:
        """Opens a period, or has it open by itself on a day; a locked one is opened for everybody again.

        named: the Terms the office has named; what it has not keeps its value, or is customary. A period that has not
        begun, or is to open by itself, is planned: it opens ahead of its first briefing.
        """
        today = local_day(now)
        known = await rounds.round_by_code(self.db, period.code)
        if known is not None and known.state in ("open", "closed"):
            self._not_now(known)
        if known is None and period.start_on > today + AHEAD:
            raise DecisionRefused(
                "office.period_far",
                period=period.name,
            )  # fmt: skip
        stood = await self._ahead(
            known, period, known.terms if known else customary(period, self.calendar, today), today
        )
        terms = replace(stood.terms, **_taken(named))
        if "opens_on" not in named and (terms.opens_on is None or terms.opens_follow):
            itself = named.get("opens_follow", period.start_on > today)
            terms = replace(terms, opens_on=None, opens_follow=itself)
        later = terms.opens_on > today if terms.opens_on is not None else terms.opens_follow
        since = stood.opened_on if stood.opened and stood.opened_on else today
        opened = replace(stood, opened=True, opened_on=since)
        ahead = self._settled(replace(stood, opened=False) if later else opened, terms, named)
        if later and ahead.opened_on is not None and ahead.opened_on <= today:  # the first briefing is near
            later, ahead = False, self._settled(opened, terms, named)
        terms = ahead.terms
        state: PeriodState = "planned" if later else "open"
        rows: list[Statement] = []
        opened_on = ahead.opened_on
        if known is None:
            known_as = Round(fresh_id(), period, state, terms, opened_on, None if later else now)
            rows.append(rounds.add_period(known_as.id, period, state, now, terms))
        else:
            known_as = replace(known, state=state, terms=terms, opened_on=opened_on)
            rows += terms_rows.decided(known, terms, now)
            if state != known.state:
                rows.append(rounds.set_state(known, state, now))
        action = "period.planned" if later else "period.opened"
        rows.append(happened(action, period.code, actor, now, new=_written(terms)))
        parts = {"period": period.name, "terms": self.described(ahead)}
        opens = day_name(terms.opens_on, today) if terms.opens_on else self.wording.say("terms.with_meeting")
        return Decision(
            rows,
            Remark("office.ask_plan" if later else "office.ask_open", {**parts, "opens": opens}),
            Remark(action, {**parts, "opens": opens}),
            self.notes.notes(ahead),
            known_as,
        )

    async def set_terms(self, round_: Round, named: Mapping[str, Any], actor: int | None, now: datetime) -> Decision:
        """Other days, or others who owe it, for a period that is not closed; what is not named stays."""
        if round_.state == "closed":
            self._not_now(round_)
        today = local_day(now)
        before, rows = await self.ahead(round_, today), list[Statement]()
        ahead = self._settled(before, replace(round_.terms, **_taken(named)), named)
        if round_.state in ("open", "locked"):
            fixed = bool(named.keys() & {"deadline_on", "deadline_lead", "cutoff_on"})
            fresh = await self._fresh(round_, ahead.terms.owes, today) if "owes" in named else set[str]()
            ahead = ahead.keeping(before, self.calendar, fixed, fresh)
            rows = [rounds.forget_announced(round_.id)] if fixed else []
            ids = {one.code: one.id for one in ahead.clusters}
            rows += [rounds.keep_announced(round_.id, ids[code], day) for code, day in ahead.announced.items()]
        who, terms = self.notes.who(ahead), ahead.terms
        parts = {"period": round_.period.name, "terms": self.described(ahead), "who": who, "day": day_name(today)}
        only_owing = named.keys() == {"owes"}
        return Decision(
            [
                *terms_rows.decided(round_, terms, now),
                *rows,
                happened(
                    "period.changed", round_.code, actor, now,
                    period_id=round_.id, old=_written(round_.terms), new=_written(terms),
                ),
            ],
            Remark("owes.ask" if only_owing else "office.ask_terms", parts),
            Remark("owes.done" if only_owing else "office.terms", parts),
            self.notes.notes(ahead),
        )  # fmt: skip

    async def _fresh(self, round_: Round, owes: str, today: date) -> set[str]:
        """The codes of clusters with units that do not owe the period yet and will."""
        asked = await owing.members(self.db, round_.terms.owes, today, round_.id)
        wanted = await owing.members(self.db, owes, today, round_.id)
        ids = {wanted[unit] for unit in wanted.keys() - asked.keys()}
        return {one.code for one in await units.all_clusters(self.db, today) if one.id in ids}

    def _settled(self, ahead: RoundAhead, terms: Terms, named: Mapping[str, Any]) -> RoundAhead:
        """The period with these terms, and all that follows from what was named and from the briefings."""
        if "owes" in named:
            terms = replace(terms, owes_on=ahead.today)
        if "opens_on" in named:
            terms = replace(terms, opens_follow=False)
        if named.keys() & {"estimated", "confirm_from_on", "confirm_by_on"}:
            first = terms.confirm_from_on or ahead.period.end_on + timedelta(days=1)
            by = terms.confirm_by_on or first + CONFIRMED_WITHIN
            terms = replace(
                terms, estimates_follow=False, confirm_from_on=first if terms.estimated else None,
                confirm_by_on=by if terms.estimated else None,
            )  # fmt: skip
        ahead = replace(ahead, terms=terms).settled(self.calendar)
        check_terms(self.wording, ahead.period, ahead.terms, ahead.met.values(), ahead.today)
        return ahead

    async def _ahead(self, known: Round | None, period: Period, terms: Terms, today: date) -> RoundAhead:
        clusters = await units.all_clusters(self.db, today)
        if known is None:
            return RoundAhead(period, terms, {}, clusters, today)
        met = {b.cluster_code: local_day(b.starts_at) for b in await rounds.briefings(self.db, known.id)}
        told = await rounds.announced(self.db, known.id)
        announced = {c.code: told[c.id] for c in clusters if c.id in told}
        cancelled = known.id in await rounds.called_off(self.db)
        opened = known.state != "planned"
        return RoundAhead(period, terms, met, clusters, today, known.opened_on, opened, announced, cancelled)

    async def ahead(self, round_: Round, today: date) -> RoundAhead:
        """The period as it stands."""
        return await self._ahead(round_, round_.period, round_.terms, today)

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
        day = local_day(now).isoformat()
        coverage = await submissions.coverage(self.db, round_.id, day)
        clusters = [cluster_id for cluster_id, one in coverage.items() if one.filed < one.owing]
        late = [one for each in clusters for one in await submissions.not_filed(self.db, round_.id, each, day)]
        mending = sum(one.state == life.GIVEN_BACK for one in late)
        parts = {"period": round_.period.name}
        counts = {"office.still_owing": len(late) - mending, "office.still_mending": mending}
        warnings = [Remark(key, {**parts, "count": count}) for key, count in counts.items() if count]
        ahead = await self.ahead(round_, local_day(now))
        ends = [ahead.due(self.calendar, code, ahead.opened_on) for code in ahead.asked]
        last = max(ends, default=round_.due_on(self.calendar))
        if len(late) > mending and round_.state == "open" and last >= ahead.today:
            warnings.insert(1, Remark("office.ends_early", {"day": day_name(last, ahead.today)}))
        asked = [one for one in await corrections.waiting(self.db) if one.period_id == round_.id]
        if state == "closed" and asked:
            warnings.append(Remark("office.still_asked", {"count": len(asked)}))
        if state == "closed" and round_.terms.estimated:
            filed, confirmed = await estimates.confirmations(self.db, round_.id, None, local_day(now).isoformat())
            if left := filed - confirmed:
                warnings.append(Remark("office.still_estimated", {"count": left}))
        return Decision(
            [
                rounds.set_state(round_, state, now),
                *(submissions.lock_all(round_.id) if state == "closed" else ()),
                happened(
                    f"period.{state}", round_.code, actor, now, period_id=round_.id, old=round_.state, new=state
                ),
            ],
            Remark("office.ask_lock" if state == "locked" else "office.ask_close", parts),
            Remark("period.locked" if state == "locked" else "period.closed", parts),
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
        until = until or self.calendar.working_days_ahead(today, REOPENED_FOR)
        if until < today:
            raise DecisionRefused("office.day_past", day=day_name(until, today))
        if until > max(round_.period.end_on, today) + FARTHEST:
            raise DecisionRefused("office.day_far", day=day_name(until, today))
        parts = {"unit": unit.known_as, "period": round_.period.name, "day": day_name(until, today)}
        return Decision(
            [
                extensions.grant(round_.id, unit.id, until, reason, actor, now),
                *submissions.reopen(round_.id, unit.id, actor, now),
                happened(
                    "extension.granted", reason or "extension", actor, now, period_id=round_.id, unit_id=unit.id,
                    old=known.isoformat() if known else None, new=until.isoformat(),
                ),
            ],
            Remark("office.ask_extend", parts),
            Remark("office.extended", parts),
            [*self._far(until, await self._own_day(round_, unit, today), today), *self._off(until, today)],
        )  # fmt: skip

    async def _not_earlier(
        self, round_: Round, unit: Unit, until: date | None, known: date | None, today: date
    ) -> date | None:
        """The day that is meant in an open period; an extension that would take days away is refused."""
        standing = (await owed.owed(self.db, [round_.id], [unit.id], today))[round_.id, unit.id]
        own = await self._own_day(round_, unit, today)
        parts = {"unit": unit.known_as, "code": unit.code, "period": round_.period.name, "due": day_name(own, today)}
        if until is not None:
            if today <= until < own:
                raise DecisionRefused(
                    "office.before_own_day",
                    day=day_name(until, today), **parts,
                )  # fmt: skip
            return until
        due = max(own, known or own)
        if not standing.closed:
            raise DecisionRefused(
                "office.still_open",
                **{**parts, "due": day_name(due, today)},
            )  # fmt: skip
        return due if due >= today else None

    async def _own_day(self, round_: Round, unit: Unit, today: date) -> date:
        """By when the unit owes it without a day of its own."""
        standing = (await owed.owed(self.db, [round_.id], [unit.id], today))[round_.id, unit.id]
        return round_.due_on(self.calendar, standing.briefing_on, None, standing.announced_on)

    @staticmethod
    def _far(until: date, own: date, today: date) -> list[Remark]:
        since = max(own, today)
        if until <= since + FAR:
            return []
        days = {"day": day_name(until, today), "due": day_name(own, today), "days": (until - today).days}
        return [Remark(FAR_EXTENSION, days)]

    def never_whole(self, round_: Round) -> NoReturn:
        """A period is opened again for single units only: refused with how, or with why not even so."""
        if round_.state != "locked":
            self._not_now(round_)
        raise DecisionRefused("office.reopens_units", period=round_.period.name)

    def _not_now(self, round_: Round) -> NoReturn:
        raise DecisionRefused(
            "office.period_is",
            period=round_.period.name, state=self.wording.say(f"state.{round_.state}"),
        )  # fmt: skip

    def _off(self, day: date, today: date) -> list[Remark]:
        return self.notes.day(day, today)

    def described(self, ahead: RoundAhead) -> str:
        """The days in words: "hạn nộp thứ Tư 10/6, số ước"."""
        say, terms, period = self.wording.say, ahead.terms, ahead.period
        by_meeting = ahead.met or (terms.waits and not ahead.opened)
        if terms.deadline_on is None and (terms.deadline_lead is not None or by_meeting):
            lead = LEAD if terms.deadline_lead is None else terms.deadline_lead
            parts = [say("terms.lead", days=lead) if lead else say("terms.briefing_day")]
        else:
            due = due_on(period, terms, self.calendar, opened_on=ahead.opened_on)
            parts = [say("terms.deadline", day=day_name(due, ahead.today))]
        cutoff = terms.cutoff_on if by_meeting else self.notes.cutoff(ahead, "")
        if cutoff is not None:
            parts.append(say("terms.cutoff", day=day_name(cutoff, ahead.today)))
        if terms.estimated and terms.confirm_from_on and terms.confirm_by_on:
            days = day_range(terms.confirm_from_on, terms.confirm_by_on, ahead.today)
            whose = self.notes.estimating(ahead)
            key = "terms.estimated_of" if whose else "terms.estimated"
            parts.append(say(key, days=days, clusters=whose))
        if terms.lock_after is None:
            parts.append(say("terms.never_locks"))
        elif terms.lock_after != LOCK_AFTER:
            parts.append(say("terms.locks", days=terms.lock_after))
        if period.title:
            parts.append(say("terms.form", form=say(f"form.{period.frequency}")))
        return ", ".join(parts)


def _taken(named: Mapping[str, Any]) -> dict[str, Any]:
    """A day for all takes the place of days before each briefing, and the other way round."""
    other = {"deadline_on": "deadline_lead", "deadline_lead": "deadline_on"}
    return {name: None for field, name in other.items() if field in named} | dict(named)


def _written(terms: Terms) -> str:
    """The days as an event keeps them."""
    return " ".join(f"{name}={value}" for name, value in _fields(terms) if value not in (None, False))


def _fields(terms: Terms) -> list[tuple[str, object]]:
    return [(name, getattr(terms, name)) for name in terms.__slots__]
