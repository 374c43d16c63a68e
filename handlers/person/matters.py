"""What concerns the person rather than the report: petitions, sensitive notes, the data held, consent, help."""

from handlers import permissions
from handlers.access.enrolment import CONSENT_VERSION
from handlers.chat_state import ChatState
from handlers.leaders.questions import petition_number
from handlers.messages import Choice
from handlers.person.asides import Asides
from handlers.person.held_words import held_in_words
from handlers.report.places import Place
from handlers.report.step import Reports
from handlers.turn import Turn, body, fresh_id
from reporting.time.calendar import moment
from storage.database import Database
from storage.messages import outbox
from storage.people import people, privacy
from storage.reports import petitions, texts
from storage.reports.events import happened

MOST_PETITION = 1000

# What is said in help to those who may do it and report for no unit themselves.
_LEADER_ACTS = (
    "progress",
    "totals",
    "petitions",
    "remind",
    "calendar",
    "briefings",
    "fewer",
    "mydata",
    "stop",
    "erase",
)


class PersonalMatters:
    """Answers kiennghi, diemnong, dulieu, ngung, xoa and trogiup."""

    def __init__(self, db: Database, reports: Reports) -> None:
        self._db = db
        self._reports = reports

    async def petition(self, turn: Turn, place: Place | None, text: str) -> None:
        """Takes a reporter's petition, asking for its words first."""
        if place is None:
            turn.say_key("period.none_open")
            return
        if not text.strip():
            turn.state.expects = "petition"
            turn.say_key("petition.ask")
            return
        turn.state.expects = ""
        turn.say(self._raised(turn, place, text))

    def _raised(self, turn: Turn, place: Place, text: str) -> str:
        turn.rows += petitions.raise_petition(
            fresh_id(), place.round.id, place.unit_id, turn.standing.person_id or 0,
            " ".join(text.split())[:MOST_PETITION], turn.now,
        )  # fmt: skip
        turn.rows.append(
            happened(
                "petition.raised", "petition", turn.standing.person_id, turn.now,
                period_id=place.round.id, unit_id=place.unit_id,
            )
        )  # fmt: skip
        turn.numbered_in = place.round.id
        number = petition_number(place.round.code, outbox.NUMBER)
        return turn.wording.say("petition.taken", number=number, unit=place.role.unit_name)

    async def aside(self, turn: Turn, place: Place | None, found: Asides) -> None:
        """Raises what stood in a report beside its figures; a line for each goes before the report's own answer."""
        lines: list[str] = []
        if found.hot:
            count = await self._noted(turn, "; ".join(found.hot))
            say = turn.wording.say
            lines.append(say("hot.aside", count=count) if count else say("hot.aside_nobody"))
        if found.petitions and place is not None:
            lines.append(self._raised(turn, place, "; ".join(found.petitions)))
        if turn.reply is None:
            turn.say("\n".join(lines))
        else:
            turn.reply["text"] = "\n".join([*lines, turn.reply["text"]])

    async def data(self, turn: Turn) -> None:
        """Everything held about the person."""
        held = await privacy.held_about(self._db, turn.standing.person_id or 0)
        turn.say(held_in_words(turn.wording, held))

    async def stop(self, turn: Turn) -> None:
        """Takes the consent back at once; whoever writes again is asked again."""
        person_id = turn.standing.person_id or 0
        held = await privacy.held_about(self._db, person_id)
        turn.rows += privacy.withdraw(person_id, held.chats, turn.now)
        turn.state = ChatState()
        turn.say_key("stop.done")

    def returns(self, turn: Turn, chosen: str) -> None:
        """Somebody who took the consent back has written: two equal choices, and nothing else before one is taken."""
        say, message = turn.wording.say, turn.incoming
        turn.state = ChatState()
        if chosen == "consent:yes":
            person_id = turn.standing.person_id or 0
            turn.rows += privacy.agree(message.channel, message.chat_id, person_id, CONSENT_VERSION, turn.now)
            turn.say_key("stop.again")
        elif chosen == "consent:no":
            turn.say_key("stop.still")
        else:
            turn.say(
                say("stop.ask", days=texts.KEPT_DAYS, version=CONSENT_VERSION),
                [Choice(say("label.agree"), "consent:yes"), Choice(say("label.refuse"), "consent:no")],
            )

    async def hot(self, turn: Turn, text: str) -> None:
        """A sensitive note: to each leader in person and nowhere else; without a leader to hear it, it is not kept."""
        if not text.strip():
            turn.state.expects = "hot"
            turn.say_key("hot.ask")
            return
        turn.state.expects = ""
        if count := await self._noted(turn, text):
            turn.say_key("hot.taken", count=count)
        else:
            turn.say_key("hot.nobody")

    async def _noted(self, turn: Turn, text: str) -> int:
        """Keeps the note and queues it; to how many leaders."""
        words = " ".join(text.split())[:MOST_PETITION]
        leaders = {a.person_id: a for a in await people.with_role(self._db, "leader", turn.today)}
        if not leaders:
            return 0
        role = permissions.granted("hot", turn.roles)[0]
        note_id, person_id = fresh_id(), turn.standing.person_id or 0
        turn.rows.append(texts.keep_note(note_id, role.unit_id, person_id, words, turn.now))
        turn.rows.append(happened("note.raised", "note", person_id, turn.now, unit_id=role.unit_id))
        say = turn.wording.say
        place = role.unit_name or say(f"role.{role.role}")
        content = body(say("hot.note", place=place, moment=moment(turn.now), text=words))
        for leader in leaders.values():
            key = f"{texts.note_key(note_id)}{leader.person_id}"
            turn.rows.append(turn.queue(key, "digest", leader.channel, leader.chat_id, content))
        return len(leaders)

    async def erase(self, turn: Turn, confirmed: bool) -> None:
        """Erases the person after one confirmation."""
        say = turn.wording.say
        if not confirmed:
            turn.state.expects = "erase"
            turn.say(
                say("erase.ask"),
                [Choice(say("label.erase"), "erase:yes"), Choice(say("label.later"), "erase:no")],
            )
            return
        person_id = turn.standing.person_id or 0
        held = await privacy.held_about(self._db, person_id)
        turn.rows += privacy.erase(person_id, held, turn.today.isoformat(), turn.now)
        turn.say_key("erase.done")
        if turn.reply is not None:
            turn.reply["farewell"] = True
        turn.forget = True

    async def help(self, turn: Turn, place: Place | None) -> None:
        """What can be said here, and what is still open."""
        say = turn.wording.say
        if not turn.roles:
            turn.say_key("enrol.no_role")
            return
        lines = []
        if place is not None:
            draft = (await self._reports.held(place)).draft
            left = len(place.form.questions) - draft.answered(place.form)
            if left and not draft.sent:
                lines.append(say("help.open", period=place.round.period.name, left=left))
            lines.append(say("help.reporter"))
        if place is None or permissions.may("petitions", turn.roles):
            known = [say(f"help.{act}") for act in _LEADER_ACTS if permissions.may(act, turn.roles)]
            lines.append(say("help.leader", words="; ".join(known)))
        if permissions.over_all("order", turn.roles):
            lines.append(say("help.office"))
        elif permissions.may("issue", turn.roles):
            lines.append(say("help.codes"))
        turn.say("\n".join(lines))
