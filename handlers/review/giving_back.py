"""A figure and a reason in, the rows that give it back and the one message to its unit out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers import permissions
from handlers.commands import folded
from handlers.messages import LABEL_LONGEST, Choice
from handlers.report.assignment import assignment_mark
from handlers.telling import tell
from handlers.turn import Turn, body, fresh_id
from handlers.wording import figure_lines
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.forms import ALONE
from reporting.figures.values import Value
from reporting.text.masking import masked
from reporting.time.calendar import day_name
from storage.database import Database, Statement
from storage.people import people
from storage.periods import extensions, holidays, owed
from storage.periods.extensions import Extension
from storage.periods.rounds import Round
from storage.reports import returns, running, submissions
from storage.reports.returns import Returned
from storage.review import waiting
from storage.review.waiting import Waiting

ANSWERED_WITHIN = 3  # working days; a later deadline of the unit stays
MOST_REASON = 300  # characters; a longer one is cut and the reviewer told so


@dataclass(frozen=True, slots=True)
class GivingBack:
    """Gives figures back."""

    db: Database
    catalogue: Catalogue

    async def give(self, turn: Turn, round_: Round, report: Waiting, codes: Sequence[str], reason: str) -> str:
        """Writes it all, and says what was done. The report is returned, unless it was already for another figure.

        Of a figure that waits for the unit's answer only another reason is told, and the same one not again.
        """
        say = turn.wording.say
        named = {"unit": report.name, "period": round_.period.name}
        words = masked(" ".join(reason.split()))
        short = words[:MOST_REASON]
        known = await returns.of_report(self.db, round_.id, report.unit_id, open_only=True)
        due, own = await self._due(turn, round_, report)
        lines, given = list[str](), list[tuple[Returned, bool]]()
        for code in codes:
            value = await self.value(round_, report, code)
            waits = next((one for one in known if one.indicator == code), None)
            label = self.catalogue[code].short
            if value is None:
                lines.append(say("returning.never_given", **named, label=label))
            elif refused := self._refused(round_, report):
                return say(refused, **named)
            elif waits is not None and folded(waits.reason) == folded(short):
                lines.append(say("returning.waits", **named, label=label, day=day_name(waits.due_on, turn.today)))
            else:
                ids = (fresh_id(), round_.id, report.unit_id)
                one = Returned(*ids, code, value, short, due, turn.standing.person_id, turn.now, None, "")
                given.append((one, waits is not None))
        if not given:
            return "\n".join(lines)
        turn.rows += self._rows(turn, round_, report, given)
        if due > own or round_.state == "locked":
            person, extension = turn.standing.person_id, Extension(round_.id, report.unit_id, report.name, due)
            turn.rows += [
                extensions.grant(round_.id, report.unit_id, due, short, person, turn.now),
                extensions.told(extension, turn.now),
            ]
        heard = await self._tell(turn, round_, report, given)
        await self._tell_acceptor(turn, round_, report, given)
        for one, again in given:
            key = ("returning.again" if again else "returning.done") if heard else "returning.unheard"
            label, day = self.catalogue[one.indicator].short, day_name(due, turn.today)
            lines.append(say(key, **named, label=label, day=day, reason=short))
        if len(words) > MOST_REASON:
            lines.append(say("returning.cut", most=MOST_REASON))
        return "\n".join(lines)

    @staticmethod
    def _refused(round_: Round, report: Waiting) -> str:
        """The words why nothing of the report can be given back; '' where something can."""
        move = life.move(report.state, "return")
        why = move.why if isinstance(move, life.MoveRefused) else ""
        if round_.state != "closed" and not why:
            return ""
        return "returning.not_sent" if why == "early" else "returning.locked"

    async def _due(self, turn: Turn, round_: Round, report: Waiting) -> tuple[date, date]:
        """(the day by which the unit answers, its own day without that)."""
        standing = (await owed.owed(self.db, [round_.id], [report.unit_id], turn.today))[round_.id, report.unit_id]
        calendar = await holidays.calendar(self.db)
        own = round_.due_on(calendar, standing.briefing_on, standing.extended_to, standing.announced_on)
        return max(own, calendar.working_days_ahead(turn.today, ANSWERED_WITHIN)), own

    def _rows(
        self, turn: Turn, round_: Round, report: Waiting, given: Sequence[tuple[Returned, bool]]
    ) -> list[Statement]:
        moved = waiting.judged(round_.id, [report], "return", turn.standing.person_id, turn.now)
        moved += [returns.say_anew(one) if again else returns.give_back(one) for one, again in given]
        rows = running.around(round_.id, report.unit_id, moved)
        for one, _ in given:
            noted, ids = replace(one.value, note=one.reason), (round_.id, report.unit_id)
            rows.append(submissions.given_back(*ids, one.indicator, noted, turn.standing.person_id, turn.now))
        return rows

    async def value(self, round_: Round, report: Waiting, code: str) -> Value | None:
        """The figure as it stands."""
        held = await submissions.held(self.db, round_.id, round_.code, report.unit_id)
        return held.draft.values.get(code)

    async def _tell(self, turn: Turn, round_: Round, report: Waiting, given: Sequence[tuple[Returned, bool]]) -> bool:
        """One message to each who reports for the unit, of all figures; whether anybody hears it."""
        say, mark = turn.wording.say, assignment_mark(round_.code, report.unit_id)
        lines, choices = list[str](), list[Choice]()
        about_all = {"unit": report.name, "period": round_.period.name, "who": self._who(turn, report)}
        about_all |= {"day": day_name(given[0][0].due_on, turn.today), "reason": given[0][0].reason}
        for one, again in given:
            indicator, source = self.catalogue[one.indicator], " ".join(one.value.source.split())
            parts = {"label": indicator.short, "value": figure_lines.amount(indicator, one.value)}
            parts["source"] = f" {say('returned.source', source=source)}" if source else ""
            key = "returned.row" if len(given) > 1 else "returned.again" if again else "returned.notice"
            lines.append(say(key, **about_all, **parts))
            label = say("label.stands") if len(given) == 1 else say("label.stands_of", label=indicator.short)
            choices.append(Choice(label[:LABEL_LONGEST], f"stands:{mark}:{one.indicator}"))
        if len(given) > 1:
            lines = [
                say("returned.several", **about_all, count=len(given)),
                *lines,
                say("returned.answer_each", **about_all),
            ]
        content = body("\n".join(lines), choices, numbered=False)
        about = {key: part for key, part in content.items() if key != "text"}
        code = given[0][0].indicator
        if len(given) == 1:
            about["asks"] = [mark, "asking", f"{ALONE}{code}", "", code]
        reporters = {a.person_id: a for a in await people.to_tell(self.db, turn.today, unit_id=report.unit_id)}
        for account in reporters.values():
            key = f"returned:{round_.code}:{report.unit_id}:{code}:{report.rev}:{account.person_id}"
            await tell(self.db, turn, key, account, content["text"], **about)
        return bool(reporters)

    async def _tell_acceptor(
        self, turn: Turn, round_: Round, report: Waiting, given: Sequence[tuple[Returned, bool]]
    ) -> None:
        """Somebody else's acceptance is undone by this: he is told so, once."""
        if report.state not in life.CLOSED:
            return
        by = await submissions.reviewed_by(self.db, round_.id, report.unit_id)
        accounts = await people.accounts_of(self.db, by) if by and by != turn.standing.person_id else []
        labels = figure_lines.labels(self.catalogue, [one.indicator for one, _ in given])
        parts = {"unit": report.name, "period": round_.period.name, "who": self._who(turn, report), "labels": labels}
        text = turn.wording.say("returned.unaccepted", **parts, reason=given[0][0].reason)
        for account in accounts[-1:]:
            key = f"unaccepted:{round_.code}:{report.unit_id}:{report.rev}:{account.person_id}"
            await tell(self.db, turn, key, account, text)

    def _who(self, turn: Turn, report: Waiting) -> str:
        """In which role the reviewer speaks, for the unit: the nearest to it that may."""
        say = turn.wording.say
        for role in permissions.granted("review", turn.roles):
            if role.unit_id is not None and role.unit_id == report.parent_id:
                return role.unit_name
        role = permissions.granted("review", turn.roles)[0]
        return say(f"returned.by_{role.role}") if turn.wording.has(f"returned.by_{role.role}") else role.unit_name
