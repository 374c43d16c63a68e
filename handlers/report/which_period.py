"""A message about a report in, the running period it is about out; of a locked one a request to open it again."""

import re
from collections.abc import Sequence

from handlers.commands import folded, spoken
from handlers.dues import Due
from handlers.messages import LABEL_LONGEST, Choice
from handlers.report.assignment import Assignment, assignment_mark, begun_of, reported_for
from handlers.report.named_periods import may_name, naming, titled_otherwise
from handlers.report.step import Reports
from handlers.routes import ROUTES, Asked
from handlers.telling import waking
from handlers.turn import Turn, body
from handlers.wording import figure_lines
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.time.calendar import day_name
from storage.database import Database
from storage.messages import outbox
from storage.people import people
from storage.people.people import Role
from storage.periods import holidays, owed, rounds
from storage.periods.rounds import Round
from storage.reports import submissions
from storage.reports.events import happened

# "xin mở lại", "xin mở lại báo cáo quý I"
_ASKS_REOPEN = re.compile(r"(?:em |cho |toi )*xin (?:phep )?mo lai(?: (.*))?$")
_REPORT = ROUTES["report"].words.said
MOST_ASKING = 80
MOST_WAITING = 20_000  # of a message kept until it is known which unit or period it is about; what is read at most


def _alone_begun(turn: Turn, unit_id: int, dues: Sequence[Due]) -> bool:
    """Whether the unit is in the midst of one report and has sent no other: then a correction is of that one."""
    return begun_of(turn, unit_id) is not None and not any(due.filed for due in dues)


class RunningReports:
    """Asks which period is meant, and takes a unit's request to have a locked one opened again."""

    def __init__(self, db: Database, catalogue: Catalogue, reports: Reports) -> None:
        self._db = db
        self._catalogue = catalogue
        self._reports = reports

    async def named(self, turn: Turn, text: str) -> str:
        """Turns to the period that the text names; the text without it, '' where that period does not run.

        What was named stays chosen until another is. Only "bc" by itself goes on to what is still owed.
        """
        assignment = self._reports.assignment(turn)
        if assignment is None:
            return text
        if (asked := _ASKS_REOPEN.match(folded(text))) and len(text) <= MOST_ASKING:
            if await self._of_locked(turn, text if asked[1] else ""):
                return ""
            return await self.named(turn, f"{_REPORT} {asked[1]}") if asked[1] else text
        dues = turn.running.get(assignment.unit_id)
        running = [due.round for due in dues] if dues is not None else [r for r in turn.rounds if r.state == "open"]
        found = naming(text, running, turn.today) if may_name(text) else None
        if found is None:
            # "quý I cây xanh 156", said while quarter II runs, is no figure of quarter II.
            of_other = len(text) <= MOST_ASKING and titled_otherwise(text, assignment.round.period, turn.today)
            if of_other and await self._of_locked(turn, f"{_REPORT} {text}"):
                return ""
            sent = [due.round.code for due in dues or () if due.filed]
            command = spoken(text)
            asks = command is not None and command.command == "report"
            if asks and turn.state.period in sent and len(sent) < len(dues or ()):
                turn.state.period = ""
            return text
        if found.round is None:
            if await self._of_locked(turn, text):
                return ""
            turn.say_key("which.not_running", named=found.name, periods=", ".join(r.period.name for r in running))
            return ""
        pasted = found.rest and found.act != "correct"
        if pasted and turn.state.expects:
            return text  # the words of a petition
        if dues is not None:
            turn.state.period = found.round.code
        return text if pasted else f"{ROUTES[found.act].words.said} {found.rest}".strip()

    async def deadlines(self, turn: Turn) -> list[str]:
        """By when each unit the person reports for owes each running report, a line each."""
        units = {role.unit_id: role.unit_name for role in reported_for(turn) if role.unit_id is not None}
        running = [r for r in turn.rounds if r.state == "open"]
        found = await owed.owed(self._db, [r.id for r in running], list(units), turn.today)
        calendar = await holidays.calendar(self._db)
        lines = []
        for (period_id, unit), standing in found.items():
            round_ = next(r for r in running if r.id == period_id)
            if not standing.owes:
                continue
            day = round_.due_on(calendar, standing.briefing_on, standing.extended_to, standing.announced_on)
            parts = {"unit": units[unit], "period": round_.period.name, "day": day_name(day, turn.today)}
            lines.append(turn.wording.say("progress.due", **parts))
        return lines

    def ask_unit(self, turn: Turn, then: str) -> bool:
        """Asks for which unit, where the person reports for several and none is chosen; `then` is done once it is."""
        held = reported_for(turn)
        if turn.round is None or len(held) < 2:
            return False
        if len(then) <= MOST_WAITING:
            turn.state.waits = then
        choices = [Choice(role.unit_name[:LABEL_LONGEST], f"unit:{role.unit_id}") for role in held]
        turn.say(turn.wording.say("which.unit"), choices)
        return True

    async def change_unit(self, turn: Turn, asked: Asked) -> None:
        """Asks for which unit; who reports for one only is told so."""
        assignment = self._reports.assignment(turn)
        if self.ask_unit(turn, _REPORT):
            return
        if assignment is not None:
            turn.say_key("which.only", unit=assignment.role.unit_name)
        else:
            turn.say_key("period.none_open")

    async def unit_chosen(self, turn: Turn, asked: Asked) -> str:
        """Turns to the unit chosen; gives what waited for that, to be read now."""
        role = next((role for role in reported_for(turn) if str(role.unit_id) == asked.rest), None)
        if role is None:
            turn.state.waits = asked.waits
            turn.say_key("problem.stale")
            return ""
        turn.state.unit = role.unit_id
        return asked.waits or _REPORT

    async def no_report(self, turn: Turn, then: str, show: bool = False, otherwise: str = "period.none_open") -> None:
        """Answers what is about a report where none is at hand: asks for which unit, or tells that it is locked.

        show: see `locked`. otherwise: what is said where neither helps.
        """
        if not (self.ask_unit(turn, then) or await self.locked(turn, show, text=then)):
            turn.say_key(otherwise)

    def ask_which(self, turn: Turn, unit_id: int, act: str, text: str) -> bool:
        """Asks for which period, where more than one is meant and none was chosen; only to report or correct.

        A report is of one that is owed; a correction may be of any that runs, and waits for the answer.
        """
        if act not in ("report", "correct"):
            return False
        dues = turn.running.get(unit_id, ())
        if turn.state.period in [due.round.code for due in dues]:
            return False
        open_ = [due for due in dues if act == "correct" or not due.filed]
        open_ = [due for due in open_ if due.owes] or open_
        if len(open_) < 2 or (act == "correct" and _alone_begun(turn, unit_id, dues)):
            return False
        if act == "correct" and len(text) <= MOST_WAITING:
            turn.state.waits = text
        say = turn.wording.say
        choices = [
            Choice(
                say("which.period_due", period=due.round.period.name, day=day_name(due.due_on, turn.today))[
                    :LABEL_LONGEST
                ],
                f"period:{assignment_mark(due.round.code, unit_id)}",
            )
            for due in open_
        ]
        turn.say(say("which.period" if act == "report" else "which.period_corrected"), choices)
        return True

    async def confirm(self, turn: Turn, asked: Asked) -> None:
        """The unit's estimated figures are final as they stand."""
        for unit_id, dues in turn.running.items():
            for due in dues:
                if asked.rest == assignment_mark(due.round.code, unit_id):
                    await self._confirm(turn, due, next(r for r in turn.roles if r.unit_id == unit_id))
                    return
        turn.say_key("problem.stale")

    async def _confirm(self, turn: Turn, due: Due, role: Role) -> None:
        ids = (due.round.id, role.unit_id or 0)
        parts = {"period": due.round.period.name, "unit": role.unit_name}
        if not due.confirming:
            key = "confirm.already" if due.filed and due.round.terms.estimated else "problem.stale"
            turn.say(turn.wording.say(key, **parts))
            return
        held = await submissions.held(self._db, ids[0], due.round.code, ids[1])
        turn.rows += [
            *submissions.confirm_final(*ids, held.rev, turn.now),
            happened(
                "submission.confirmed", "submission", turn.standing.person_id, turn.now,
                period_id=ids[0], unit_id=ids[1],
            ),
        ]  # fmt: skip
        turn.state.period = ""
        turn.say(turn.wording.say("confirm.final", **parts))

    async def _of_locked(self, turn: Turn, text: str) -> bool:
        """Answers a text that names a locked period, '' the last one; whether there is such a one."""
        if not text:
            return await self.locked(turn)
        asked = _ASKS_REOPEN.match(folded(text))
        found = naming(
            f"{_REPORT} {asked[1]}" if asked else text, await rounds.in_state(self._db, "locked"), turn.today
        )
        if found is None or found.round is None:
            return False
        return await self.locked(turn, found.act == "show", found.round, "" if found.act == "show" else found.rest)

    async def locked(self, turn: Turn, show: bool = False, round_: Round | None = None, text: str = "") -> bool:
        """Says that the period is locked and offers to ask the office; whether there is such a period.

        show: first what the unit has reported in it. round_: None for the one that ended last. text: what was written,
        which may be a correction.
        """
        held = reported_for(turn)
        round_ = round_ or await rounds.latest_locked(self._db)
        if round_ is None or not held:
            return False
        role = next((r for r in held if r.unit_id == turn.state.unit), held[0])
        say = turn.wording.say
        names = {"period": round_.period.name, "unit": role.unit_name}
        draft = (await submissions.held(self._db, round_.id, round_.code, role.unit_id or 0)).draft
        lines = [say("period.is_locked_sent" if draft.sent else "period.is_locked", **names)]
        if show:
            values = figure_lines.by_section(turn.wording, self._catalogue, draft.values)
            state = say("review.was_sent" if draft.sent else "review.was_not_sent")
            shown = [say("review.heading", **names), *values, state] if values else [say("review.none", **names)]
            lines = [*shown, *lines]
        choices = [Choice(say("label.ask_reopen"), f"ask_reopen:{assignment_mark(round_.code, role.unit_id or 0)}")]
        assignment = self._reports.of_round(role, round_) if text and not (show or turn.captioned) else None
        if assignment is not None:
            offer, asking = await self._reports.late.offered(turn, assignment, text)
            if asking:
                lines, choices = [say("period.is_locked_only", **names), offer], asking
        turn.say("\n".join(lines), choices)
        return True

    async def change(self, turn: Turn, asked: Asked) -> None:
        """ "Xin sửa": what was written last goes to the office, whose yes it needs."""
        role = next((r for r in reported_for(turn) if asked.rest.endswith(f"@{r.unit_id:x}")), None)
        found = await rounds.in_state(self._db, "locked", "open")
        round_ = next((r for r in found if role and asked.rest == assignment_mark(r.code, role.unit_id or 0)), None)
        assignment = self._reports.of_round(role, round_) if role is not None and round_ is not None else None
        if assignment is None or not asked.waits or not await self._is_closed(assignment):
            turn.say_key("problem.stale")
        else:
            await self._reports.late.ask(turn, assignment, asked.waits)

    async def _is_closed(self, assignment: Assignment) -> bool:
        """Whether the unit cannot correct it itself: the period is locked, or the report accepted."""
        round_ = assignment.round
        if round_.state == "locked":
            return True
        held = await submissions.held(self._db, round_.id, round_.code, assignment.unit_id)
        return held.draft.state in life.CLOSED

    async def request(self, turn: Turn, asked: Asked) -> None:
        """Hands the unit's request to the office, at most once a day."""
        mark = asked.rest
        role = next((r for r in reported_for(turn) if mark.endswith(f"@{r.unit_id:x}")), None)
        locked = await rounds.in_state(self._db, "locked")
        round_ = next((r for r in locked if role and mark == assignment_mark(r.code, role.unit_id or 0)), None)
        if round_ is None or role is None:
            turn.say_key("problem.stale")
            return
        say = turn.wording.say
        named = round_.code if round_.period.title else round_.period.name
        names = {"unit": role.unit_name, "code": role.unit_code, "period": round_.period.name, "named": named}
        content = body(
            say("office.asks_reopen", **names), [Choice(say("label.reopen"), f"reopen:{round_.code}:{role.unit_code}")]
        )
        when = await waking(self._db, turn.now)
        for account in {a.person_id: a for a in await people.office(self._db, turn.today)}.values():
            key = f"asks:{round_.code}:{role.unit_id}:{turn.today}:{account.person_id}"
            turn.rows.append(outbox.say(key, "notice", account.channel, account.chat_id, content, turn.now, when))
        turn.rows.append(
            happened(
                "reopening.asked", role.unit_code, turn.standing.person_id, turn.now,
                period_id=round_.id, unit_id=role.unit_id,
            )
        )  # fmt: skip
        turn.say_key("period.asked", unit=role.unit_name)
