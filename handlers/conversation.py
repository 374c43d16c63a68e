"""The order in which a message is understood: who writes, then a command or choice, then the report."""

from handlers.commands import Spoken, spoken
from handlers.enrolment import Enrolment, code_in
from handlers.group_chats import GroupChats
from handlers.leaders import Leaders
from handlers.messages import Choice
from handlers.person import PersonalMatters
from handlers.report import Reports
from handlers.report_files import MOST_BYTES, Fetch, FileNotRead, readable, text_of
from handlers.summaries import Summaries
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.catalogue import Catalogue
from reporting.dialogue import Act, Did, Said
from reporting.forms import Forms
from storage import outbox, people
from storage.database import Database

MOST_CHARS = 20_000

# Commands that are steps of the report's dialogue.
_ACTS: dict[str, Act] = {
    "report": "begin", "show": "show", "submit": "submit", "leave": "later", "none": "none", "before": "before",
    "back": "back", "right": "yes",
}  # fmt: skip


class Conversation:
    """Gives a turn its answer."""

    def __init__(
        self, db: Database, catalogue: Catalogue, forms: Forms, wording: Wording, fetch: Fetch | None = None
    ) -> None:
        self._fetch = fetch
        summaries = Summaries(db, catalogue, wording)
        self._reports = Reports(db, catalogue, forms, wording)
        self._leaders = Leaders(db, summaries)
        self._person = PersonalMatters(db, self._reports, self._leaders)
        self._enrolment = Enrolment(db)
        self._groups = GroupChats(db, summaries)

    async def answer(self, turn: Turn) -> None:
        """Fills the turn with rows and a reply; nothing is written here."""
        message = turn.incoming
        if message.kind == "moved" or message.chat_kind == "group":
            await self._groups.handle(turn)
            return
        if message.kind == "left":
            turn.rows.append(people.mark_unreachable(message.channel, message.chat_id, "blocked", turn.now))
            turn.rows.append(outbox.cancel_for_chat(message.channel, message.chat_id, "blocked"))
            return
        if message.kind == "joined":
            return
        if turn.standing.unreachable:
            turn.rows.append(people.mark_reachable(message.channel, message.chat_id))
        if message.kind == "choice" and message.choice == turn.state.get("tapped"):
            return  # the second tap on one button: it has had its effect, and saying so would only disturb
        turn.state.pop("tapped", None)
        if message.kind == "choice":
            turn.state["tapped"] = message.choice
        known = turn.standing.person_id is not None and bool(turn.roles)
        if message.kind == "edited":
            if known:
                turn.say_key("help.edited")
        elif message.kind == "file" and known and self._fetch is not None:
            await self._file(turn, self._fetch)
        elif message.kind in ("other", "file") or (message.kind == "text" and not message.text.strip()):
            turn.say_key("help.not_text" if known else "enrol.how")
        elif len(message.text) > MOST_CHARS:
            turn.say_key("help.too_long" if known else "enrol.how", most=MOST_CHARS)
        elif message.kind == "text" and (code := code_in(turn)):
            await self._enrolment.code(turn, code)
        elif not known:
            await self._enrolment.stranger(turn)
        else:
            await self._person_says(turn)

    async def _file(self, turn: Turn, fetch: Fetch) -> None:
        """A report sent as a file is read like one that was pasted."""
        message = turn.incoming
        place = self._reports.place(turn)
        if place is None:
            turn.say_key("help.not_text")
            return
        try:
            readable(message.file_name, message.file_size)
            text = text_of(message.file_name, await fetch(message.channel, message.file_id, MOST_BYTES))
            if not text.strip():
                raise FileNotRead("file.unreadable")
            if len(text) > MOST_CHARS:
                raise FileNotRead("file.too_large")
        except FileNotRead as unread:
            turn.say_key(unread.key)
            return
        await self._reports.step(turn, place, Said(text, whole=True))

    async def _person_says(self, turn: Turn) -> None:
        chosen = turn.chosen()
        place = self._reports.place(turn)
        if chosen is not None:
            await self._chose(turn, chosen)
            return
        command = spoken(turn.incoming.text)
        if command is None and turn.state.get("expects") == "petition":
            await self._person.petition(turn, place, turn.incoming.text)
            return
        turn.state.pop("expects", None)
        if command is not None:
            await self._command(turn, command)
        elif place is not None:
            await self._reports.step(turn, place, Said(turn.incoming.text))
        elif not self._ask_which(turn, "begin"):
            turn.say_key("help.nothing_open")

    async def _command(self, turn: Turn, command: Spoken) -> None:
        place = self._reports.place(turn)
        match command.command:
            case "progress":
                await self._leaders.progress(turn)
            case "totals":
                await self._leaders.totals(turn)
            case "petition":
                await self._person.petition(turn, place, command.rest)
            case "mydata":
                await self._person.data(turn)
            case "erase":
                await self._person.erase(turn, confirmed=False)
            case "help" | "start":
                await self._person.help(turn, place)
            case other if place is None:
                if not self._ask_which(turn, other):
                    reporter = turn.has_role(*people.REPORTERS)
                    turn.say_key("period.none_open" if reporter and turn.round is None else "help.no_rights")
            case "correct":
                event = Said(command.rest) if command.rest else Did("edit")
                await self._reports.step(turn, place, event)
            case other:
                await self._reports.step(turn, place, Did(_ACTS[other]))

    async def _chose(self, turn: Turn, data: str) -> None:
        verb, _, rest = data.partition(":")
        if verb == "unit":
            code, _, unit = rest.partition(":")
            if unit.isdecimal() and any(role.unit_id == int(unit) for role in turn.roles):
                turn.state["unit"] = int(unit)
                await self._command(turn, Spoken("report" if code == "begin" else "show"))
            return
        asked = turn.state.pop("expects", None)
        if verb == "erase":
            if asked != "erase":
                turn.say_key("problem.stale")  # a question of long ago must not erase anybody
            elif rest == "yes":
                await self._person.erase(turn, confirmed=True)
            else:
                turn.say_key("erase.kept")
            return
        place = self._reports.place(turn)
        event = self._reports.event_of(turn, place, data) if place is not None else None
        if place is not None and event is not None:
            await self._reports.step(turn, place, event)
        elif verb in ("consent", "begin"):
            await self._person.help(turn, place)
        else:
            turn.say_key("problem.stale")

    def _ask_which(self, turn: Turn, then: str) -> bool:
        """Asks for which unit, where the person reports for several and none is chosen."""
        held = [r for r in turn.roles if r.role in people.REPORTERS and r.unit_id is not None]
        if turn.round is None or len(held) < 2:
            return False
        choices = [
            Choice(role.unit_name[:60], f"unit:{'begin' if then != 'show' else 'show'}:{role.unit_id}") for role in held
        ]
        turn.say(turn.wording.say("which.unit"), choices)
        return True
