"""A turn in, its answer out: what kind of message it is, then the row of a word or button, then the report."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from handlers import permissions
from handlers.access.code_desk import CodeDesk
from handlers.access.enrolment import Enrolment, code_in
from handlers.access.office_desk import Succession
from handlers.channel import Channel
from handlers.commands import Spoken, asked_beside, folded, leading_alone, may_be_figures, meant, spoken
from handlers.leaders.figure_answers import FigureAnswers
from handlers.leaders.group_chats import GroupChats
from handlers.leaders.pack_desk import PackDesk
from handlers.leaders.page_link import PageLink
from handlers.leaders.petition_desk import PetitionDesk
from handlers.leaders.post_desk import PostDesk
from handlers.leaders.questions import Leaders
from handlers.leaders.summaries import Summaries
from handlers.leaders.unit_lists import UnitLists
from handlers.meetings.conclusion_desk import ConclusionDesk
from handlers.meetings.speaking_desk import SpeakingDesk
from handlers.meetings.task_desk import TaskDesk
from handlers.messages import LABEL_LONGEST, FileNotRead
from handlers.narratives.desk import Narratives
from handlers.narratives.parts import is_headed
from handlers.office.desk import OfficeDesk
from handlers.office.office_words import OwnWords
from handlers.person.advice import Advice
from handlers.person.asides import asides_in
from handlers.person.data_desk import DataDesk
from handlers.person.matters import PersonalMatters
from handlers.photos.showing import PhotoViews
from handlers.photos.taking import PhotoDesk
from handlers.quick_counts.answers import CountAnswers
from handlers.quick_counts.desk import CountDesk
from handlers.quick_counts.late_answers import LateAnswers
from handlers.quick_counts.opening import QuickOpening
from handlers.quick_counts.running_sums import RunningSums
from handlers.reminders.reminding import Reminding
from handlers.report.assignment import Assignment
from handlers.report.desk import ReportDesk
from handlers.report.files import Read, masked_text, read_here
from handlers.report.named_units import OtherUnits
from handlers.report.replied import RepliedTo
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.review.branches import BranchDesk
from handlers.review.desk import ReviewDesk
from handlers.review.late import LateDesk
from handlers.review.steps import ReviewRules
from handlers.routes import ANSWERS, ROUTES, Action, Asked
from handlers.targets.desk import TargetDesk
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.dialogue.events import Said
from reporting.figures.catalogue import Catalogue
from reporting.figures.forms import Forms
from storage.database import Database
from storage.messages import outbox
from storage.people import people, withheld

MOST_CHARS = 20_000
IN_A_ROW = timedelta(minutes=2)  # pictures with less between them are answered once
_IN_WORDS = ("petition", "hot", "narrative", "conclude")  # questions whose answer is any words
_REVIEWS = ("review", "return")
_OWN_REPORT = ("report", "show", "correct", "submit")
_REPLIES = ("right", "later", "leave", "none", "before", "keep", "back")  # words that only answer what is asked

# What a row's action names; it may give a message back that waited for it and is to be read now.
Effect = Callable[[Turn, Asked], Awaitable[str | None]]


class Conversation:
    """Gives a turn its answer. address: where the pages are reached from outside, "" if they are not."""

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        forms: Forms,
        wording: Wording,
        channels: Mapping[str, Channel] = MappingProxyType({}),
        address: Callable[[], str] = str,
    ) -> None:
        self._db = db
        self._channels = channels
        self.read: Read = read_here  # the running bot reads files in a process with limits
        summaries = Summaries(db, catalogue, wording)
        self._reports = Reports(db, catalogue, forms, wording)
        self._running = RunningReports(db, catalogue, self._reports)
        self._replied = RepliedTo(db, self._reports)
        self._other_units = OtherUnits(db, self._reports)
        self._person = PersonalMatters(db, self._reports, self._running)
        codes = CodeDesk(db, channels)
        succession = Succession(db, codes)
        self._enrolment = Enrolment(db, channels, succession)
        self._office = OfficeDesk(db, wording, QuickOpening(db, wording))
        self._counts = CountAnswers(
            db, catalogue, self._reports, LateAnswers(db, catalogue, self._reports, self._running)
        )
        report = ReportDesk(self._reports, self._running, self._person.help)
        self._groups = GroupChats(db, summaries)
        self._tasks = TaskDesk(db)
        self._conclusions = ConclusionDesk(db, self._tasks)
        self._photos = PhotoDesk(db, catalogue, self._reports, self._running, channels)
        views = PhotoViews(db, catalogue, channels)
        self._figures = FigureAnswers(db, summaries, views.counted)
        self._review = ReviewDesk(db, catalogue, wording, views)
        rooms = {
            "steps": report,
            "counts": CountDesk(db, RunningSums(db, catalogue, wording), report.tapped),
            "running": self._running,
            "leaders": Leaders(db, summaries, self._reports, self._running, self._review.waiting),
            "figures": self._figures,
            "lists": UnitLists(db),
            "page": PageLink(db, address),
            "petitions": PetitionDesk(db),
            "packs": PackDesk(db),
            "meetings": SpeakingDesk(db, catalogue),
            "conclusions": self._conclusions,
            "tasks": self._tasks,
            "aims": TargetDesk(db, catalogue),
            "narratives": Narratives(db, catalogue, self._reports, self._running),
            "photos": self._photos,
            "views": views,
            "posts": PostDesk(db, summaries),
            "person": self._person,
            "requests": DataDesk(db),
            "advice": Advice(self._reports, self._running),
            "office": self._office,
            "own_words": OwnWords(db, catalogue, wording),
            "codes": codes,
            "succession": succession,
            "reminding": Reminding(db),
            "review": self._review,
            "rules": ReviewRules(db),
            "late": LateDesk(db, catalogue),
            "branches": BranchDesk(db, summaries),
            "groups": self._groups,
        }
        self._effects: Mapping[Action, Effect] = {
            action: getattr(rooms[action.room], action.method) for route in ROUTES.values() for action in route.actions
        }

    async def answer(self, turn: Turn) -> None:
        """Fills the turn with rows and a reply; nothing is written here."""
        message = turn.incoming
        if message.channel in self._channels:
            turn.limits = self._channels[message.channel].limits
        if message.kind == "moved" or message.chat_kind == "group":
            if (asked := await self._groups.handle(turn)) is not None:
                await self._do(turn, ROUTES[asked.act].group, asked)
            return
        if message.kind == "left":
            turn.rows.append(people.mark_unreachable(message.channel, message.chat_id, "blocked", turn.now))
            turn.rows.append(outbox.cancel_for_chat(message.channel, message.chat_id, "blocked"))
            return
        if message.kind == "joined":
            return
        if _is_one_of_several(turn):
            await self._photos.another(turn)
            return
        if turn.standing.unreachable:
            turn.rows.append(people.mark_reachable(message.channel, message.chat_id))
        if turn.standing.elsewhere:
            turn.rows.append(people.mark_used(message.channel, message.chat_id, turn.now))
        if message.choice and message.choice == turn.state.tapped:
            return  # the second tap on one button: it has had its effect, and saying so would only disturb
        turn.state.tapped = message.choice
        await self._note_unasked(turn)
        if turn.standing.person_id is not None and turn.standing.consent != "given":
            await self._withdrawn(turn)
        else:
            await self._received(turn)
        turn.echo()

    async def _note_unasked(self, turn: Turn) -> None:
        """Where nothing can be tapped: the choices under a reminder or notice, typed like those of a reply."""
        message = turn.incoming
        if turn.limits.buttons or message.kind != "text" or len(message.text) > LABEL_LONGEST:
            return
        told = await outbox.told_since(self._db, message.channel, message.chat_id)
        last = next((content for content in told if content.get("choices")), {})
        turn.unasked = tuple((label, data) for label, data in last.get("choices", ()))
        turn.unasked_numbered = last.get("numbered", True) and not turn.state.asks_figures

    async def _received(self, turn: Turn) -> None:
        """By kind: what cannot be read is said to be so, a code enrols, and a stranger is told how to."""
        message, known = turn.incoming, turn.standing.person_id is not None
        if message.kind == "edited":
            if known:
                turn.say_key("help.edited")
        elif message.kind == "file" and known and message.channel in self._channels:
            await self._file(turn, self._channels[message.channel])
        elif message.is_photo and not code_in(turn):
            await self._photo(turn)
        elif message.kind == "withheld":
            turn.rows.append(withheld.note(message.channel, message.chat_id, turn.now))
            await self._enrolment.tell(turn, "help.withheld")
        elif message.kind in ("other", "file", "picture") or (message.kind == "text" and not message.text.strip()):
            seen = "help.picture" if message.kind == "picture" else "help.not_text"
            await self._enrolment.tell(turn, seen if known else "enrol.how")
        elif len(message.text) > MOST_CHARS and known:
            turn.say_key("help.too_long", most=MOST_CHARS)
        elif len(message.text) > MOST_CHARS:
            await self._enrolment.tell(turn, "enrol.how")
        elif message.kind == "text" and (code := code_in(turn)):
            await self._enrolment.code(turn, code)
        elif not known:
            await self._enrolment.stranger(turn)
        else:
            await self._person_says(turn)

    async def _photo(self, turn: Turn) -> None:
        """A photo, and what its words say besides."""
        if turn.standing.person_id is None:
            await self._enrolment.tell(turn, "photo.stranger")
        elif turn.incoming.kind == "picture":
            await self._photos.alone(turn)
        else:
            line, rest = await self._photos.captioned(turn)
            if rest:
                turn.captioned = True
                await self._person_says(turn)
                turn.state.captioned = bool(turn.state.waits)
            self._photos.say_above(turn, line)
            if not rest:
                await self._reports.say_of_open(turn)

    async def _file(self, turn: Turn, channel: Channel) -> None:
        """A report sent as a file is read like one that was pasted."""
        assignment = self._reports.assignment(turn)
        if assignment is None:
            turn.say_key("help.not_text")
            return
        try:
            text = await masked_text(turn.incoming, channel.fetch, MOST_CHARS, self.read)
        except FileNotRead as unread:
            turn.say_key(unread.key)
            return
        found = asides_in(text, with_petitions=True)
        if found.rest and not await self._counts.turned(turn, found.rest):
            assignment = self._reports.assignment(turn) or assignment
            await self._report_says(turn, assignment, Said(found.rest, whole=True))
        if found.hot or found.petitions:
            await self._person.aside(turn, found)

    async def _report_says(self, turn: Turn, assignment: Assignment, said: Said) -> None:
        """Words of a report, unless they are named as those of somebody else's unit."""
        if (meant := await self._other_units.meant(turn, assignment, said.text)) is not None:
            await self._reports.step(turn, meant, said)

    async def _withdrawn(self, turn: Turn) -> None:
        """Who has taken the consent back sees and erases what is held, and is asked again before anything else."""
        message = turn.incoming
        chosen = turn.chosen() or ""
        command = spoken(message.text) if message.kind == "text" else None
        if chosen.startswith("erase:"):
            await self._tapped(turn, chosen)
        elif not chosen and command is not None and command.command in ("mydata", "erase"):
            await self._word(turn, Asked(command.command, text=message.text))
        else:
            self._person.returns(turn, chosen)

    async def _person_says(self, turn: Turn) -> None:
        waited, turn.state.captioned = turn.state.captioned, False
        if turn.incoming.replies_to and await self._replied.answered(turn):
            return
        chosen = turn.chosen()
        returning = turn.state.returning if turn.state.expects == "return" else ""
        if chosen is not None:
            turn.captioned |= waited
            await self._tapped(turn, chosen)
        elif turn.state.expects == "conclude" or not await self._office.heard(turn):
            await self._text(turn, turn.incoming.text)
        if returning:
            await self._review.say_of_left(turn, returning)

    async def _text(self, turn: Turn, text: str) -> None:
        """What was written, now or before the unit was chosen that it is about; hot spots and petitions in it apart."""
        if turn.state.expects == "photo":
            if await self._photos.told(turn, text):
                return
            turn.captioned = True
        given, turn.state.given = turn.state.given, ()
        if (given or ":" in text) and await self._tasks.answered(turn, text, given):
            return
        command, expects = spoken(text), turn.state.expects
        alone = ("hot", "return", "narrative", "conclude")
        whole = expects in alone if command is None else command.command in ("hot", "conclude", "task")
        if whole or not permissions.may("hot", turn.roles):
            await self._read(turn, text)
            return
        a_report = expects != "petition" if command is None else command.command == "correct"
        found = asides_in(text, with_petitions=a_report and self._reports.assignment(turn) is not None)
        if found.rest:
            await self._read(turn, found.rest)
        if found.hot or found.petitions:
            await self._person.aside(turn, found)

    async def _read(self, turn: Turn, text: str) -> None:
        said = spoken(text)
        if turn.state.expects == "return" and (said is None or not (said.command in _REVIEWS or said.rest == "")):
            # A reason may begin like a word ("sửa lại cho khớp biên bản"); only another word of a review is one.
            await self._do(turn, ROUTES["return"].word, Asked("return", text=text, rest=text, expects="return"))
            return
        if await self._counts.turned(turn, text):
            return
        text = await self._running.named(turn, text)
        if not text:
            return
        if await self._asked_beside(turn, text):
            return
        command = spoken(text)
        if await self._expected(turn, text, command):
            return
        turn.state.expects = turn.state.waits = ""
        if command is not None and may_be_figures(command) and not permissions.may(command.command, turn.roles):
            command = None  # a clause of a report, or a sentence that only somebody else could mean
        assignment = self._reports.assignment(turn)
        if command is not None:
            await self._word(turn, Asked(meant(command, turn.roles), text=text, rest=command.rest))
        elif await self._word_alone(turn, text) or await self._figures.asked(
            turn, text, reports=permissions.may("report", turn.roles)
        ):
            pass
        elif assignment is not None:
            await self._unit_says(turn, assignment, text)
        elif not turn.roles:
            turn.say_key("enrol.no_role")
        else:
            await self._running.no_report(turn, text, otherwise="help.nothing_open")

    async def _word_alone(self, turn: Turn, text: str) -> bool:
        """Of who reports for nobody: a word that begins a question, "chưa gửi", or one that answers nothing asked."""
        if not turn.roles or self._reports.assignment(turn) is not None:
            return False
        if (act := leading_alone(text)) and permissions.may(act, turn.roles):
            await self._word(turn, Asked(act, text=text))
        elif folded(text) in ANSWERS:
            _say_none_open(turn)
        else:
            return False
        return True

    async def _expected(self, turn: Turn, text: str, command: Spoken | None) -> bool:
        """Whether the words were for the question that is open, or for conclusions that wait."""
        expects = turn.state.expects
        if expects == "conclude" and command is not None and not permissions.may(command.command, turn.roles):
            command = None  # "sửa câu 3: …", "đúng rồi": words of reports, said of the card
        if command is None and not expects and self._reports.assignment(turn) is None:
            expects = "conclude" if self._conclusions.is_meant(turn, text) else ""
        if command is not None or expects not in _IN_WORDS or not permissions.may(expects, turn.roles):
            return False
        if expects != "conclude" or not await self._figures.asked_beside_card(turn, text):
            await self._do(turn, ROUTES[expects].word, Asked(expects, text=text, rest=text, expects=expects))
        return True

    async def _unit_says(self, turn: Turn, assignment: Assignment, text: str) -> None:
        """Words of the unit that are no command: a part of its narrative, by the heading, or its figures."""
        if is_headed(text) and not assignment.round.period.is_quick:
            await self._word(turn, Asked("narrative", text=text, rest=text, expects="narrative"))
            await self._reports.say_of_open(turn)
        else:
            await self._report_says(turn, assignment, Said(text, asked=turn.replied))

    async def _asked_beside(self, turn: Turn, text: str) -> bool:
        """Figures with a question beside them: they are read, and the answer stands above what is asked next."""
        beside, assignment = asked_beside(text), self._reports.assignment(turn)
        if beside is None or assignment is None or turn.state.expects or not permissions.may(beside[1], turn.roles):
            return False
        figures, act = beside
        await self._do(turn, ROUTES[act].word, Asked(act, text=text, rest="beside"))
        answer, turn.reply = (turn.reply or {}).get("text", ""), None
        await self._reports.step(turn, assignment, Said(figures))
        if turn.reply is not None:
            turn.reply["text"] = "\n".join([answer, turn.reply["text"]])
        return True

    async def _word(self, turn: Turn, asked: Asked) -> None:
        if not self._may(turn, asked.act):
            return
        action = ROUTES[asked.act].word
        await self._do(turn, action, asked)
        if action is not None and action.room != "steps":  # answered without a word about the report
            await self._reports.say_of_waiting(turn)

    async def _tapped(self, turn: Turn, data: str) -> None:
        """A choice that was taken; it ends the question that was open."""
        act, _, rest = data.partition(":")
        if not self._may(turn, act):
            return
        asked = Asked(act, text=data, rest=rest, waits=turn.state.waits, expects=turn.state.expects)
        turn.state.waits = turn.state.expects = ""
        if waits := await self._do(turn, ROUTES[act].button, asked):
            await self._text(turn, waits)
        if act == "unit" and turn.state.loose:
            await self._photos.settle(turn)

    def _may(self, turn: Turn, act: str) -> bool:
        """The one gate: every word and every button passes here before it has any effect."""
        if permissions.may(act, turn.roles):
            return True
        if act not in ROUTES:
            turn.say_key("problem.stale")  # a button of another version, or made up
        elif act in _REPLIES and turn.roles:  # "Đúng", when nothing is asked, is no other person's business
            _say_none_open(turn)
        elif act in _OWN_REPORT and permissions.may("review", turn.roles):
            turn.say_key("help.no_own_report")  # whoever looks over reports means one of them
        else:
            turn.say_key("help.no_rights" if turn.roles else "enrol.no_role")
        return False

    async def _do(self, turn: Turn, action: Action | None, asked: Asked) -> str | None:
        """Has the row's action done; a tap on what is no button of this version changes nothing."""
        if action is None:
            turn.say_key("problem.stale")
            return None
        return await self._effects[action](turn, replace(asked, told=action.told))


def _say_none_open(turn: Turn) -> None:
    turn.say_key("help.none_open_review" if permissions.may("review", turn.roles) else "help.nothing_open")


def _is_one_of_several(turn: Turn) -> bool:
    """Whether it is a picture sent with, or right after, another one, which has had the answer; notes what it is."""
    message, state = turn.incoming, turn.state
    unread = message.kind in ("picture", "other", "withheld")
    together = bool(message.album) and message.album == state.album
    # A channel without albums delivers them one by one; what is written between them ends the row.
    after = bool(state.pictured) and abs(turn.now - datetime.fromisoformat(state.pictured)) < IN_A_ROW
    state.album = message.album or state.album
    state.pictured = turn.now.isoformat() if unread else ""
    return unread and (together or after)
