"""What a person asks of the office about data held in, a numbered request with its days out; and the office's list."""

from collections.abc import Sequence
from datetime import date

from handlers.commands import folded
from handlers.messages import Choice
from handlers.routes import Asked
from handlers.telling import tell, waking
from handlers.turn import Turn, body
from handlers.wording.speech import Wording
from reporting.time.as_written import NotADay, day_in, plain
from reporting.time.calendar import VietnamCalendar, short_day
from reporting.time.data_terms import data_terms, next_term
from storage.database import Database
from storage.messages import outbox
from storage.people import data_requests, people
from storage.people.data_requests import DataRequest, RequestKind
from storage.periods import holidays
from storage.reports.events import happened

MOST_WORDS = 500  # characters
MOST_OFFERED = 6
# The first word that stands in what was written says what is asked.
_KINDS: dict[str, RequestKind] = {
    "sua": "correct", "xem": "see", "xoa": "erase", "rut": "stop", "ngung": "stop", "phan": "object", "han": "object",
}  # fmt: skip


class DataDesk:
    """Answers "yêu cầu sửa dữ liệu: …"; for the office "yêu cầu dữ liệu" and "ghi yêu cầu xóa dữ liệu ngày 3/4"."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def ask(self, turn: Turn, asked: Asked) -> None:
        """Writes it down under a number, tells the office what is asked; saying so to the person acknowledges it."""
        kind = _kind(asked.text) or "object"
        if not asked.rest.strip():
            turn.say_key(f"request.say_{kind}")
            return
        person, today = turn.standing.person_id or 0, turn.today
        found = next((one for one in await data_requests.of_person(self._db, person) if _same(one, kind)), None)
        number = found.id if found else await data_requests.free_number(self._db)
        if found is None:
            turn.rows.append(data_requests.add(number, kind, today, person))
            turn.rows.append(data_requests.acknowledge(number, today))
            turn.rows.append(happened("data.asked", kind, person, turn.now))
        by = data_terms(found.asked_on if found else today, await holidays.calendar(self._db)).fulfil_by
        about = {"number": number, "kind": turn.wording.say(f"request_kind.{kind}"), "day": short_day(by)}
        await self._tell_office(turn, number, about, asked.rest)
        turn.say_key("request.waits" if found else "request.taken", **about)

    async def _tell_office(self, turn: Turn, number: int, about: dict[str, object], words: str) -> None:
        """At most once a day of each request."""
        say = turn.wording.say
        text = say("request.told_office", name=turn.standing.name, words=" ".join(words.split())[:MOST_WORDS], **about)
        content = body(text, [_choice(turn.wording, "done", number)])
        when = await waking(self._db, turn.now)
        for account in {a.person_id: a for a in await people.office(self._db, turn.today)}.values():
            key = f"data:{number}:{turn.today}:{account.person_id}"
            turn.rows.append(outbox.say(key, "notice", account.channel, account.chat_id, content, turn.now, when))

    async def listed(self, turn: Turn, asked: Asked) -> None:
        """What waits, with the days left; with more words behind, one that came by letter is written down."""
        if asked.rest.strip():
            await self._written_down(turn, asked.rest)
            return
        waiting = await data_requests.waiting(self._db)
        lines = request_lines(turn.wording, waiting, await holidays.calendar(self._db), turn.today)
        choices = [
            _choice(turn.wording, "acknowledge" if one.acknowledged_on is None else "done", one.id)
            for one in waiting[:MOST_OFFERED]
        ]
        say = turn.wording.say
        turn.say("\n".join([*(lines or [say("request.nothing")]), say("request.how")]), choices)

    async def _written_down(self, turn: Turn, text: str) -> None:
        kind = _kind(text)
        try:
            asked_on = day_in(plain(text), turn.today) or turn.today
        except NotADay as no_day:
            turn.say_key("office.no_day", source=str(no_day))
            return
        if kind is None or asked_on > turn.today:
            turn.say_key("request.how")
            return
        number = await data_requests.free_number(self._db)
        turn.rows.append(data_requests.add(number, kind, asked_on))
        turn.rows.append(happened("data.asked", kind, turn.standing.person_id, turn.now))
        turn.say(added_line(turn.wording, number, kind, asked_on, await holidays.calendar(self._db)))

    async def settled(self, turn: Turn, asked: Asked) -> None:
        """ "data_requests:done:1234" was tapped; who asked by chat hears that it is done."""
        step, _, number = asked.rest.partition(":")
        one = next((one for one in await data_requests.waiting(self._db) if str(one.id) == number), None)
        if one is None or step not in ("acknowledge", "done") or (step == "acknowledge" and one.acknowledged_on):
            turn.say_key("problem.stale")
            return
        settle = data_requests.done if step == "done" else data_requests.acknowledge
        turn.rows.append(settle(one.id, turn.today))
        turn.rows.append(happened(f"data.{step}", one.kind, turn.standing.person_id, turn.now))
        say = turn.wording.say
        accounts = await people.accounts_of(self._db, one.person_id) if one.person_id and step == "done" else []
        if accounts:
            text = say("request.told_person", number=one.id, kind=say(f"request_kind.{one.kind}"))
            await tell(self._db, turn, f"data:{one.id}:done", accounts[-1], text)
        if step == "done":
            turn.say_key("request.done", number=one.id)
        else:
            turn.say(say("request.acknowledged", number=one.id), [_choice(turn.wording, "done", one.id)])


def _kind(text: str) -> RequestKind | None:
    return next((_KINDS[word] for word in folded(text).split() if word in _KINDS), None)


def _same(one: DataRequest, kind: RequestKind) -> bool:
    return one.kind == kind and one.done_on is None


def _choice(wording: Wording, step: str, number: int) -> Choice:
    return Choice(wording.say(f"label.request_{step}", number=number), f"data_requests:{step}:{number}")


def request_lines(
    wording: Wording, waiting: Sequence[DataRequest], calendar: VietnamCalendar, today: date
) -> list[str]:
    """A line for each: what is next, and by which day."""
    say, lines = wording.say, []
    for one in waiting:
        by = next_term(one.asked_on, one.acknowledged_on, calendar)
        left = (by - today).days
        key = "request.answer" if one.acknowledged_on is None else "request.fulfil"
        following = say(
            "request.late" if left < 0 else "request.left", days=abs(left), next=say(key, day=short_day(by))
        )
        kind = say(f"request_kind.{one.kind}")
        lines.append(say("request.line", number=one.id, kind=kind, asked=short_day(one.asked_on), next=following))
    return lines


def added_line(wording: Wording, number: int, kind: str, asked_on: date, calendar: VietnamCalendar) -> str:
    """That it is written down, and by when it has to be answered and done."""
    say, terms = wording.say, data_terms(asked_on, calendar)
    days = {"acknowledge": short_day(terms.acknowledge_by), "fulfil": short_day(terms.fulfil_by)}
    return say("request.added", number=number, kind=say(f"request_kind.{kind}"), **days)
