"""The order in which a message is understood: who writes, then a command or choice, then the report."""

from collections.abc import Callable

from handlers import permissions
from handlers.access.code_desk import CodeDesk
from handlers.access.enrolment import Enrolment, code_in
from handlers.commands import Spoken, may_be_figures, spoken
from handlers.leaders.group_chats import GroupChats
from handlers.leaders.questions import Leaders
from handlers.leaders.summaries import Summaries
from handlers.office.desk import OfficeDesk
from handlers.person.asides import asides_in
from handlers.person.matters import PersonalMatters
from handlers.reminders.reminding import Reminding
from handlers.report.files import Fetch, FileNotRead, masked_text
from handlers.report.places import reported_for
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.dialogue.events import Act, Did, Said
from reporting.figures.catalogue import Catalogue
from reporting.figures.forms import Forms
from storage.database import Database
from storage.messages import outbox
from storage.people import people

MOST_CHARS = 20_000

# Commands that are steps of the report's dialogue.
_ACTS: dict[str, Act] = {
    "report": "begin", "show": "show", "submit": "submit", "leave": "leave", "later": "later",
    "none": "none", "before": "before",
    "keep": "keep", "back": "back", "right": "yes",
}  # fmt: skip


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
        self._person = PersonalMatters(db, self._reports)
        self._enrolment = Enrolment(db)
        self._codes = CodeDesk(db, link)
        self._desk = OfficeDesk(db, wording)
        self._reminding = Reminding(db)
        self._running = RunningReports(db, catalogue)
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
        if message.choice and message.choice == turn.state.tapped:
            return  # the second tap on one button: it has had its effect, and saying so would only disturb
        turn.state.tapped = message.choice
        known = turn.standing.person_id is not None
        if known and turn.standing.consent != "given":
            await self._withdrawn(turn)
            return
        if message.kind == "edited":
            if known:
                turn.say_key("help.edited")
        elif message.kind == "file" and known and self._fetch is not None:
            await self._file(turn, self._fetch)
        elif message.kind == "picture" and known:
            turn.say_key("help.picture")
        elif message.kind in ("other", "file", "picture") or (message.kind == "text" and not message.text.strip()):
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
        place = self._reports.place(turn)
        if place is None:
            turn.say_key("help.not_text")
            return
        try:
            text = await masked_text(turn.incoming, fetch, MOST_CHARS)
        except FileNotRead as unread:
            turn.say_key(unread.key)
            return
        found = asides_in(text, with_petitions=True)
        if found.rest:
            await self._reports.step(turn, place, Said(found.rest, whole=True))
        if found.hot or found.petitions:
            await self._person.aside(turn, place, found)

    async def _withdrawn(self, turn: Turn) -> None:
        """Who has taken the consent back sees and erases what is held, and is asked again before anything else."""
        message = turn.incoming
        chosen = turn.chosen() or ""
        command = spoken(message.text) if message.kind == "text" else None
        if chosen.startswith("erase:") and self._may(turn, "erase"):
            await self._chose(turn, chosen)
        elif not chosen and command is not None and command.command in ("mydata", "erase"):
            await self._command(turn, command, message.text)
        else:
            self._person.returns(turn, chosen)

    async def _person_says(self, turn: Turn) -> None:
        chosen = turn.chosen()
        if chosen is None and await self._desk.heard(turn):
            return
        if chosen is not None:
            await self._chose(turn, chosen)
            return
        await self._text(turn, turn.incoming.text)

    async def _text(self, turn: Turn, text: str) -> None:
        """What was written, now or before the unit was chosen that it is about; hot spots and petitions in it apart."""
        command, asked = spoken(text), turn.state.expects
        whole = asked == "hot" if command is None else self._act(turn, command) == "hot"
        if whole or not permissions.may("hot", turn.roles):
            await self._read(turn, text)
            return
        a_report = asked != "petition" if command is None else command.command == "correct"
        found = asides_in(text, with_petitions=a_report and self._reports.place(turn) is not None)
        if found.rest:
            await self._read(turn, found.rest)
        if found.hot or found.petitions:
            await self._person.aside(turn, self._reports.place(turn), found)

    async def _read(self, turn: Turn, text: str) -> None:
        text = await self._running.named(turn, self._reports.place(turn), text)
        if not text:
            return
        command = spoken(text)
        place = self._reports.place(turn)
        if command is None and turn.state.expects == "petition" and self._may(turn, "petition"):
            await self._person.petition(turn, place, text)
            return
        if command is None and turn.state.expects == "hot" and self._may(turn, "hot"):
            await self._person.hot(turn, text)
            return
        turn.state.expects = turn.state.waits = ""
        if command is not None and may_be_figures(command) and not permissions.may(command.command, turn.roles):
            command = None
        if command is not None:
            await self._command(turn, command, text)
        elif place is not None:
            await self._reports.step(turn, place, Said(text))
        elif not turn.roles:
            turn.say_key("enrol.no_role")
        elif not (self._running.ask_unit(turn, text) or await self._running.locked(turn)):
            turn.say_key("help.nothing_open")

    async def _command(self, turn: Turn, command: Spoken, text: str) -> None:
        act = self._act(turn, command)
        if not self._may(turn, act):
            return
        place = self._reports.place(turn)
        match act:
            case "progress":
                due = await self._running.deadlines(turn) if command.rest == "due" else []
                await self._leaders.progress(turn, [*due, *await self._reports.own(turn)])
            case "totals":
                await self._leaders.totals(turn, command.rest)
            case "petitions":
                await self._leaders.petitions(turn)
            case "hot":
                inner = spoken(command.rest) if command.command == "petition" else command
                await self._person.hot(turn, inner.rest if inner is not None else "")
            case "stop":
                await self._person.stop(turn)
            case "petition" if place is not None:
                await self._person.petition(turn, place, command.rest)
            case "mydata":
                await self._person.data(turn)
            case "erase":
                await self._person.erase(turn, confirmed=False)
            case "help" | "start":
                await self._person.help(turn, place)
            case "issue":
                await self._codes.issue(turn, command.rest)
            case "handover":
                await self._codes.hand_over(turn)
            case "link":
                self._codes.link_account(turn)
            case "snooze":
                await self._reminding.snooze(turn, text)
            case "fewer":
                await self._reminding.fewer(turn)
            case "remind":
                await self._reminding.remind(turn)
            case "calendar":
                await self._reminding.month(turn, text)
            case "unit":
                self._running.change_unit(turn, place)
            case _ if place is None:
                show = command.command == "show"
                if not (self._running.ask_unit(turn, text) or await self._running.locked(turn, show)):
                    turn.say_key("period.none_open")
            case "report" | "correct" if self._running.ask_which(turn, place.unit_id, act, text):
                pass
            case "correct":
                event = Said(command.rest) if command.rest else Did("edit")
                await self._reports.step(turn, place, event)
            case other:
                await self._reports.step(turn, place, Did(_ACTS[other]))
        if act not in {*_ACTS, "correct", "stop"}:  # answered without a word about the report
            self._reports.say_of_table(turn)

    def _act(self, turn: Turn, command: Spoken) -> str:
        """The act of a word: who does not report hears the petitions instead of raising one."""
        if command.command == "petition" and (inner := spoken(command.rest)) is not None and inner.command == "hot":
            return "hot"
        if command.command == "petition" and not permissions.may("petition", turn.roles):
            return "petitions"
        return command.command

    def _may(self, turn: Turn, act: str) -> bool:
        """The one gate: every word and every button passes here before it has any effect."""
        if permissions.may(act, turn.roles):
            return True
        if act not in permissions.RIGHTS:
            turn.say_key("problem.stale")  # a button of another version, or made up
        else:
            turn.say_key("help.no_rights" if turn.roles else "enrol.no_role")
        return False

    async def _chose(self, turn: Turn, data: str) -> None:
        if await self._desk.chose(turn, data):
            return
        verb, _, rest = data.partition(":")
        if not self._may(turn, verb):
            return
        if verb == "unit":
            await self._unit_chosen(turn, rest)
            return
        waits, asked = turn.state.waits, turn.state.expects
        turn.state.waits = turn.state.expects = ""
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
        if verb == "fewer":
            self._reminding.chose_fewer(turn, rest)
            return
        if verb == "remind":
            await self._reminding.remind(turn)
            return
        if verb in ("code", "recode"):
            role, _, unit = rest.partition(":")
            await self._codes.chose(turn, role, unit, whatever=verb == "recode")
            return
        if verb == "handover":
            await self._codes.hand_over(turn, rest)
            return
        if await self._running.chose(turn, verb, rest) or await self._leaders.chose(turn, verb, rest):
            return
        asked_period = verb == "period"
        if asked_period:
            verb, data = "begin", f"begin:{rest}"
        turned = self._reports.turn_to(turn, verb, rest)
        if waits and turned and asked_period:
            await self._text(turn, waits)
            return
        place = self._reports.place(turn)
        event = self._reports.event_of(turn, place, data) if place is not None else None
        if place is not None and event is not None:
            await self._reports.step(turn, place, event)
        elif verb in ("consent", "begin"):
            await self._person.help(turn, place)
        else:
            turn.say_key("problem.stale")

    async def _unit_chosen(self, turn: Turn, unit: str) -> None:
        role = next((role for role in reported_for(turn) if str(role.unit_id) == unit), None)
        if role is None:
            turn.say_key("problem.stale")
            return
        waits, turn.state.waits = turn.state.waits or "bc", ""
        turn.state.unit = role.unit_id
        await self._text(turn, waits)
