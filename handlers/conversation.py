"""The order in which a message is understood: who writes, then a command or choice, then the report."""

from collections.abc import Callable

from handlers.code_desk import CodeDesk
from handlers.commands import Command, Spoken, spoken
from handlers.enrolment import Enrolment, code_in
from handlers.group_chats import GroupChats
from handlers.leaders import Leaders
from handlers.messages import Choice
from handlers.person import PersonalMatters
from handlers.report import Place, Reports, reported_for
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
MOST_WAITING = 4_096  # of a message kept until it is known which unit it is about; a channel's longest

# Commands that are steps of the report's dialogue.
_ACTS: dict[str, Act] = {
    "report": "begin", "show": "show", "submit": "submit", "leave": "later", "none": "none", "before": "before",
    "back": "back", "right": "yes",
}  # fmt: skip

# What somebody whose roles have ended may still ask for.
_WITHOUT_ROLE: tuple[Command, ...] = ("mydata", "erase", "help", "start")


class Conversation:
    """Gives a turn its answer."""

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        forms: Forms,
        wording: Wording,
        fetch: Fetch | None = None,
        link: Callable[[str], str] = lambda code: "",
    ) -> None:
        self._fetch = fetch
        summaries = Summaries(db, catalogue, wording)
        self._reports = Reports(db, catalogue, forms, wording)
        self._leaders = Leaders(db, summaries)
        self._person = PersonalMatters(db, self._reports, self._leaders)
        self._enrolment = Enrolment(db)
        self._codes = CodeDesk(db, link)
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
        if turn.standing.elsewhere:
            turn.rows.append(people.mark_used(message.channel, message.chat_id, turn.now))
        if message.kind == "choice" and message.choice == turn.state.get("tapped"):
            return  # the second tap on one button: it has had its effect, and saying so would only disturb
        turn.state.pop("tapped", None)
        if message.kind == "choice":
            turn.state["tapped"] = message.choice
        known = turn.standing.person_id is not None
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
        if chosen is not None:
            await self._chose(turn, chosen)
            return
        await self._text(turn, turn.incoming.text)

    async def _text(self, turn: Turn, text: str) -> None:
        """What was written, now or before the unit was chosen that it is about."""
        place = self._reports.place(turn)
        command = spoken(text)
        if command is None and turn.state.get("expects") == "petition":
            await self._person.petition(turn, place, text)
            return
        turn.state.pop("expects", None)
        turn.state.pop("waits", None)
        if command is not None and command.command == "issue" and command.rest and not self._codes.may_issue(turn):
            command = None  # "Cấp mã định danh cho 20 bạn" is a branch's report
        if not turn.roles and (command is None or command.command not in _WITHOUT_ROLE):
            turn.say_key("enrol.no_role")
        elif command is not None:
            await self._command(turn, command, text)
        elif place is not None:
            await self._reports.step(turn, place, Said(text))
        elif not self._ask_which(turn, text):
            turn.say_key("help.nothing_open")

    async def _command(self, turn: Turn, command: Spoken, text: str) -> None:
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
                await self._person.help(turn, place, self._codes.may_issue(turn))
            case "issue":
                await self._codes.issue(turn, command.rest)
            case "handover":
                await self._codes.hand_over(turn)
            case "link":
                self._codes.link_account(turn)
            case "unit":
                self._change_unit(turn, place)
            case _ if place is None:
                if not self._ask_which(turn, text):
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
            await self._unit_chosen(turn, rest)
            return
        turn.state.pop("waits", None)
        asked = turn.state.pop("expects", None)
        if verb == "erase":
            if asked != "erase":
                turn.say_key("problem.stale")  # a question of long ago must not erase anybody
            elif rest == "yes":
                await self._person.erase(turn, confirmed=True)
            else:
                turn.say_key("erase.kept")
            return
        if verb == "recode" and rest == "no":
            turn.say_key("code.kept")
            return
        if verb in ("code", "recode"):
            role, _, unit = rest.partition(":")
            await self._codes.chose(turn, role, unit, whatever=verb == "recode")
            return
        if verb == "handover":
            await self._codes.hand_over(turn, rest)
            return
        place = self._reports.place(turn)
        event = self._reports.event_of(turn, place, data) if place is not None else None
        if place is not None and event is not None:
            await self._reports.step(turn, place, event)
        elif verb in ("consent", "begin"):
            await self._person.help(turn, place, self._codes.may_issue(turn))
        else:
            turn.say_key("problem.stale")

    def _ask_which(self, turn: Turn, then: str) -> bool:
        """Asks for which unit, where the person reports for several and none is chosen; `then` is done once it is."""
        held = reported_for(turn)
        if turn.round is None or len(held) < 2:
            return False
        if len(then) <= MOST_WAITING:
            turn.state["waits"] = then
        choices = [Choice(role.unit_name[:60], f"unit:{role.unit_id}") for role in held]
        turn.say(turn.wording.say("which.unit"), choices)
        return True

    def _change_unit(self, turn: Turn, place: Place | None) -> None:
        if self._ask_which(turn, "bc"):
            return
        if place is not None:
            turn.say_key("which.only", unit=place.role.unit_name)
        else:
            turn.say_key("period.none_open" if turn.has_role(*people.REPORTERS) else "help.no_rights")

    async def _unit_chosen(self, turn: Turn, unit: str) -> None:
        role = next((role for role in reported_for(turn) if str(role.unit_id) == unit), None)
        if role is None:
            turn.say_key("problem.stale")
            return
        waits = turn.state.pop("waits", "bc")
        turn.state["unit"] = role.unit_id
        await self._text(turn, waits)
