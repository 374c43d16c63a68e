"""Words about petitions in: the list, what became of one, or a step of the office; the answers and notices out."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256

from handlers import permissions, telling
from handlers.commands import folded
from handlers.leaders.areas import area_of, running_told_of
from handlers.messages import Choice
from handlers.permissions import ActedOn
from handlers.petition_words import NUMBER, step_in
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.time.as_written import NotADay, day_in, plain
from reporting.time.calendar import local_day, short_day
from storage.database import Database
from storage.organisation import below
from storage.people import people
from storage.reports import petitions
from storage.reports.events import happened
from storage.reports.petitions import MOVES, OPEN, Petition, PetitionState

LATE_DAYS = 30  # without an answer: told as late
MOST_LISTED = 12
MOST_SHOWN = 160  # characters of a petition's text in a list
MOST_ANSWER = 1500
_AREAS = ("cum", "xa", "phuong", "doan")
_DUE = re.compile(r"[,;]?\s*(?:trước|truoc|hạn|han)\s+(?P<day>[^,;]*\d[^,;]*)", re.IGNORECASE)
_FIELD = re.compile(r"[,;]?\s*(?:lĩnh vực|linh vuc)\s+(?P<field>[^,;]+)", re.IGNORECASE)
_TO = re.compile(r"^\s*(?:cho|sang|đến|den|tới|toi)\s+", re.IGNORECASE)


class PetitionDesk:
    """Answers kiennghi from those who receive petitions, "KN07" from everybody concerned, and the office's steps."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def listed(self, turn: Turn, asked: Asked) -> None:
        """Those without an answer, whatever their period, the oldest first; then how many of this period have one.

        "kiến nghị cụm 2", "kiến nghị xã An Lộc": of that part.
        """
        say, day = turn.wording.say, turn.today.isoformat()
        scope, own = permissions.clusters("petitions", turn.roles), permissions.units("petitions", turn.roles)
        if folded(asked.rest).split(" ")[0] in _AREAS:
            area = await area_of(self._db, turn, "petitions", asked.rest)
            if area is None:
                return
            clusters, communes = area.within
            below_ = [await below.counted_at(self._db, unit_id, turn.today) for unit_id in communes]
            scope, own = list(clusters), [unit_id for found in below_ for unit_id in found]
        waiting = await petitions.still_open(self._db, scope, own, day)
        round_ = await running_told_of(self._db, turn, scope, own)
        of_period = await petitions.of_period(self._db, round_.id, scope, own, day) if round_ else []
        done = [one.known_as for one in of_period if one.state not in OPEN]
        if not waiting and not done:
            period = round_.period.name if round_ else ""
            turn.say(say("petition.none", period=period) if period else say("petition.none_at_all"))
            return
        lines = [say("petition.waiting", count=len(waiting))] if waiting else [say("petition.all_answered")]
        lines += [self._row(turn, one) for one in waiting[:MOST_LISTED]]
        if len(waiting) > MOST_LISTED:
            lines.append(say("petition.more", count=len(waiting) - MOST_LISTED))
        if done:
            lines.append(say("petition.done", numbers=", ".join(done[-MOST_LISTED:])))
        if permissions.may("settle", turn.roles) and waiting:
            lines.append(say("petition.how", number=waiting[0].known_as))
        turn.say("\n".join(lines))

    def _row(self, turn: Turn, one: Petition) -> str:
        say = turn.wording.say
        days = (turn.today - local_day(one.created_at)).days
        notes = [say(f"petition.state_{one.state}", department=one.department)] if one.state != "new" else []
        if one.due_on:
            notes.append(say("petition.due", day=short_day(one.due_on)))
        if days >= LATE_DAYS:
            notes.append(say("petition.days", days=days))
        about = f" ({'; '.join(notes)})" if notes else ""
        return say("petition.row", number=one.known_as, unit=one.unit_name, text=_short(one.text)) + about

    async def follow(self, turn: Turn, asked: Asked) -> None:
        """What became of one petition."""
        if (one := await self._found(turn, asked.text)) is not None:
            self._show(turn, one)

    def _show(self, turn: Turn, one: Petition, head: str = "") -> None:
        say = turn.wording.say
        lines = [head] if head else []
        state = say(f"petition.state_{one.state}", department=one.department)
        lines.append(say("petition.shown", number=one.known_as, unit=one.unit_name, text=one.text, state=state))
        if one.field:
            lines.append(say("petition.field", field=one.field))
        if one.due_on and one.state in OPEN:
            lines.append(say("petition.due_line", day=short_day(one.due_on)))
        if one.answer:
            lines.append(say("petition.answer", answer=one.answer))
        choices = []
        if permissions.may("settle", turn.roles):
            offered: tuple[PetitionState, ...] = ("received", "closed")
            choices = [
                Choice(say(f"label.petition_{_step(one, state)}"), f"settle:{state}:{one.id}:{one.state}")
                for state in offered
                if one.state in MOVES[state]
            ]
            if one.state in OPEN:
                lines.append(say("petition.how", number=one.known_as))
        turn.say("\n".join(lines), choices)

    async def settle(self, turn: Turn, asked: Asked) -> None:
        """A step of the office: received, passed on, answered, closed."""
        one = await self._found(turn, asked.text)
        if one is None:
            return
        state, words = step_in(asked.text)
        assert state is not None  # the word was recognised by it
        await self._move(turn, one, state, words)

    async def tapped(self, turn: Turn, asked: Asked) -> None:
        """ "settle:received:ID:STATE"; a button of an older state changes nothing."""
        state, _, rest = asked.rest.partition(":")
        number, _, was = rest.partition(":")
        one = await petitions.by_id(self._db, int(number), turn.today.isoformat()) if number.isdecimal() else None
        wanted = next((move for move in MOVES if move == state), None)
        if one is None or wanted is None or one.state != was:
            turn.say_key("problem.stale")
        else:
            await self._move(turn, one, wanted, "")

    async def _move(self, turn: Turn, one: Petition, state: PetitionState, words: str) -> None:
        say = turn.wording.say
        if one.state not in MOVES[state]:
            self._show(turn, one, say("petition.not_so"))
            return
        department = field = ""
        due_on: date | None = None
        if state == "forwarded":
            try:
                department, field, due_on = _passed_on(words, turn.today)
            except NotADay as no_day:
                turn.say_key("petition.no_day", words=str(no_day))
                return
            if not department:
                turn.say_key("petition.to_whom", number=one.known_as)
                return
            department = _as_registered(department, await people.departments(self._db, turn.today))
            if due_on is not None and due_on < turn.today:
                turn.say_key("petition.past_day", day=short_day(due_on))
                return
        answer = " ".join(words.split()) if state == "answered" else ""
        if state == "answered" and not answer:
            turn.say_key("petition.which_answer", number=one.known_as)
            return
        if len(answer) > MOST_ANSWER:
            turn.say_key("petition.long_answer", most=MOST_ANSWER)
            return
        new = replace(
            one, state=state, department=department or one.department, field=field or one.field,
            due_on=due_on or one.due_on, answer=answer or one.answer,
        )  # fmt: skip
        turn.rows.append(petitions.move(one, new, turn.now))
        turn.rows.append(
            happened(
                f"petition.{_step(one, state)}", "petition", turn.standing.person_id, turn.now, unit_id=one.unit_id,
                old=one.state, new=one.known_as,
            )
        )  # fmt: skip
        told = ""
        if state == "answered":
            told = await self._tell(turn, one, answer)
        about = {"number": one.known_as, "department": department or one.department}
        done = say(f"petition.now_{_step(one, state)}", **about)
        if due_on is not None:
            done = f"{done} {say('petition.due_line', day=short_day(due_on))}"
        turn.say(" ".join(part for part in (done, told) if part))

    async def _tell(self, turn: Turn, one: Petition, answer: str) -> str:
        """The answer to who reports for the unit, once for each wording of it; what the office is told of that."""
        accounts = await people.reporters(self._db, one.unit_id, turn.today)
        own = [account for account in accounts if account.person_id == one.raised_by]
        text = turn.wording.say("petition.answered_you", number=one.known_as, text=_short(one.text), answer=answer)
        chosen = own or accounts
        for account in chosen:
            mark = f"petition:{one.id}:{_mark(answer)}:{account.person_id}"
            await telling.tell(self._db, turn, mark, account, text)
        return turn.wording.say("petition.told" if chosen else "petition.told_nobody", unit=one.unit_name)

    async def _found(self, turn: Turn, text: str) -> Petition | None:
        """The petition that is named, as far as the person's right reaches; None once it is answered why not."""
        named = NUMBER.search(text)
        every = await petitions.numbered(self._db, int(named["number"]), turn.today.isoformat()) if named else []
        if named and named["period"]:
            every = [one for one in every if one.known_as.split("-")[1].casefold() == named["period"].casefold()]
        seen = [
            one
            for one in every
            if permissions.may_unit("follow", turn.roles, ActedOn(one.unit_id, one.parent_id, one.cluster_id))
        ]
        if not seen:
            turn.say_key("petition.unknown", number=named[0].upper() if named else "")
            return None
        return seen[0]


def _step(one: Petition, state: PetitionState) -> str:
    """What the move is called: to receive what was answered or closed is to reopen it."""
    return "reopened" if state == "received" and one.state not in OPEN else state


def _passed_on(words: str, today: date) -> tuple[str, str, date | None]:
    """(department, field, day) of "cho Ban Tổ chức - Kiểm tra, lĩnh vực tập huấn, hạn 20/4". Raises NotADay."""
    due_on, field = None, ""
    if due := _DUE.search(words):
        due_on = day_in(plain(due["day"]), today)
        if due_on is None:
            raise NotADay(due["day"].strip())
        words = words[: due.start()] + words[due.end() :]
    if named := _FIELD.search(words):
        field = named["field"].strip()
        words = words[: named.start()] + words[named.end() :]
    return _TO.sub("", words).strip(" ,;.")[:100], field[:60], due_on


def _as_registered(typed: str, known: Iterable[str]) -> str:
    """A department as it stands in titles like "Trưởng Ban Phong trào", however it was typed."""
    words = folded(typed)
    for title in known:
        named = title.split()
        for first in range(len(named)):
            for last in range(first + 1, len(named) + 1):
                if folded(" ".join(named[first:last])) == words:
                    return " ".join(named[first:last])
    return typed[:1].upper() + typed[1:]


def _short(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1].rstrip()}…"


def _mark(answer: str) -> str:
    """By what an answer is known again: the same one is told once."""
    return sha256(answer.encode()).hexdigest()[:12]
