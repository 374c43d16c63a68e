"""A figure and a reason in, the rows that give it back and the one message to its unit out."""

from dataclasses import dataclass

from handlers import permissions
from handlers.commands import folded
from handlers.messages import Choice
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
from storage.database import Database
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

    async def give(self, turn: Turn, round_: Round, report: Waiting, code: str, reason: str) -> str:
        """Writes it all, and says what was done. The report is returned, unless it was already for another figure.

        Of a figure that waits for the unit's answer only another reason is told, and the same one not again.
        """
        value = await self.value(round_, report, code)
        say, now, person = turn.wording.say, turn.now, turn.standing.person_id
        named = {"unit": report.name, "label": self.catalogue[code].short, "period": round_.period.name}
        if value is None:
            return say("returning.never_given", **named)
        move = life.move(report.state, "return")
        refused = move.why if isinstance(move, life.MoveRefused) else ""
        if round_.state == "closed" or refused:
            return say("returning.not_sent" if refused == "early" else "returning.locked", **named)
        words = masked(" ".join(reason.split()))
        short = words[:MOST_REASON]
        known = await returns.of_report(self.db, round_.id, report.unit_id, open_only=True)
        waits = next((one for one in known if one.indicator == code), None)
        if waits is not None and folded(waits.reason) == folded(short):
            return say("returning.waits", **named, day=day_name(waits.due_on, turn.today))
        standing = (await owed.owed(self.db, [round_.id], [report.unit_id], turn.today))[round_.id, report.unit_id]
        calendar = await holidays.calendar(self.db)
        own = round_.due_on(calendar, standing.briefing_on, standing.extended_to, standing.announced_on)
        due = max(own, calendar.working_days_ahead(turn.today, ANSWERED_WITHIN))
        one = Returned(fresh_id(), round_.id, report.unit_id, code, value, short, due, person, now, None, "")
        moved = waiting.judged(round_.id, [report], "return", person, now)
        moved.append(returns.say_anew(one) if waits else returns.give_back(one))
        turn.rows += running.around(round_.id, report.unit_id, moved)
        noted = Value(value.amount, value.approx, value.source, short)
        turn.rows.append(submissions.given_back(round_.id, report.unit_id, code, noted, person, now))
        if due > own or round_.state == "locked":
            turn.rows += [
                extensions.grant(round_.id, report.unit_id, due, short, person, now),
                extensions.told(Extension(round_.id, report.unit_id, report.name, due), now),
            ]
        parts = named | {"day": day_name(due, turn.today), "reason": short}
        heard = await self._tell(turn, round_, report, one, parts, "returned.again" if waits else "returned.notice")
        lines = [say(("returning.again" if waits else "returning.done") if heard else "returning.unheard", **parts)]
        if len(words) > MOST_REASON:
            lines.append(say("returning.cut", most=MOST_REASON))
        return "\n".join(lines)

    async def value(self, round_: Round, report: Waiting, code: str) -> Value | None:
        """The figure as it stands."""
        held = await submissions.held(self.db, round_.id, round_.code, report.unit_id)
        return held.draft.values.get(code)

    async def _tell(
        self, turn: Turn, round_: Round, report: Waiting, one: Returned, parts: dict[str, str], notice: str
    ) -> bool:
        """One message to each who reports for the unit; whether anybody hears it."""
        say, mark = turn.wording.say, assignment_mark(round_.code, report.unit_id)
        code, value = one.indicator, one.value
        source = " ".join(value.source.split())
        amount = figure_lines.amount(self.catalogue[code], value)
        text = say(
            notice, **parts, who=self._who(turn, report), value=amount,
            source=f" {say('returned.source', source=source)}" if source else "",
        )  # fmt: skip
        choices = [Choice(say("label.stands"), f"stands:{mark}:{code}")]
        content = body(text, choices, numbered=False)
        about = {key: part for key, part in content.items() if key != "text"}
        about["asks"] = [mark, "asking", f"{ALONE}{code}", "", code]
        reporters = {a.person_id: a for a in await people.to_tell(self.db, turn.today, unit_id=report.unit_id)}
        for account in reporters.values():
            key = f"returned:{round_.code}:{report.unit_id}:{code}:{report.rev}:{account.person_id}"
            await tell(self.db, turn, key, account, text, **about)
        return bool(reporters)

    def _who(self, turn: Turn, report: Waiting) -> str:
        """In which role the reviewer speaks, for the unit: the nearest to it that may."""
        say = turn.wording.say
        for role in permissions.granted("review", turn.roles):
            if role.unit_id is not None and role.unit_id == report.parent_id:
                return role.unit_name
        role = permissions.granted("review", turn.roles)[0]
        return say(f"returned.by_{role.role}") if turn.wording.has(f"returned.by_{role.role}") else role.unit_name
