"""What concerns the person and not the report, in: petitions, hot spots, data held, consent, help; the answers out."""

from handlers import permissions
from handlers.access.enrolment import CONSENT_VERSION
from handlers.chat_state import ChatState
from handlers.messages import Choice
from handlers.person.asides import Asides, is_nothing
from handlers.person.held_words import held_in_words
from handlers.report.assignment import Assignment
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.routes import ROUTES, Asked
from handlers.task_words import shortened
from handlers.turn import Turn, body, fresh_id
from reporting.numbers.quantities import quantities
from reporting.text.lexicon import phrases
from reporting.text.words import tokens_of
from reporting.time.calendar import moment
from storage.database import Database
from storage.messages import outbox
from storage.people import people, privacy
from storage.reports import petitions, texts
from storage.reports.events import happened
from storage.reports.petitions import OPEN, petition_number

MOST_PETITION = 1000
MOST_OWN = 6  # of the unit's own petitions that are shown
# With one of these words a number is no figure of a report.
_ASKING = phrases("small_talk.asking_for")


def _may_be_figures(text: str) -> bool:
    """Whether a text counts something and asks for nothing, or says that there is nothing."""
    tokens = tokens_of(text)
    return is_nothing(text) or (bool(quantities(text)) and not _ASKING.anywhere(tokens, 0, len(tokens)))


class PersonalMatters:
    """Answers kiennghi, diemnong, dulieu, ngung, xoa and trogiup."""

    def __init__(self, db: Database, reports: Reports, running: RunningReports) -> None:
        self._db = db
        self._reports = reports
        self._running = running

    async def petition(self, turn: Turn, asked: Asked) -> None:
        """Takes a reporter's petition, asking for its words first."""
        assignment = self._reports.assignment(turn)
        if assignment is None and not asked.expects:
            await self._running.no_report(turn, asked.text)
        elif assignment is None:
            turn.say_key("period.none_open")
        elif asked.rest == "asked":  # how far the unit's own are
            turn.say("\n".join(await self._own(turn, assignment)) or turn.wording.say("petition.none_own"))
        elif not asked.rest.strip():
            turn.state.expects = "petition"
            turn.say("\n".join([*await self._own(turn, assignment), turn.wording.say("petition.ask")]))
        elif asked.expects and _may_be_figures(asked.rest):
            # Between the question and its answer figures may have been asked for, by a quick count or a reminder.
            say = turn.wording.say
            turn.state.expects, turn.state.waits = "", asked.rest
            turn.say(
                say("petition.or_figures"),
                [Choice(say("label.petition"), "petition:yes"), Choice(say("label.figures"), "petition:no")],
            )
        else:
            turn.state.expects = ""
            turn.say(self._raised(turn, assignment, asked.rest))

    async def petition_told(self, turn: Turn, asked: Asked) -> str | None:
        """What was said for a petition is one, or is figures, which are read now."""
        assignment = self._reports.assignment(turn)
        if not asked.waits or asked.rest not in ("yes", "no") or assignment is None:
            turn.say_key("problem.stale")
            return None
        if asked.rest == "no":
            return asked.waits
        turn.say(self._raised(turn, assignment, asked.waits))
        return None

    async def _own(self, turn: Turn, assignment: Assignment) -> list[str]:
        """The unit's petitions that wait, and how many of the period do so no more."""
        say, unit, day = turn.wording.say, [assignment.unit_id], turn.today.isoformat()
        waiting = await petitions.still_open(self._db, [], unit, day)
        of_period = await petitions.of_period(self._db, (turn.round or assignment.round).id, [], unit, day)
        done = [one.known_as for one in of_period if one.state not in OPEN]
        lines = [say("petition.waiting", count=len(waiting))] if waiting else []
        lines += [say("petition.own", number=one.known_as, text=shortened(one.text),
                      state=say(f"petition.state_{one.state}", department=one.department))
                  for one in waiting[-MOST_OWN:]]  # fmt: skip
        lines += [say("petition.done", numbers=", ".join(done[-MOST_OWN:]))] if done else []
        return [*lines, say("petition.see_own")] if lines else []

    def _raised(self, turn: Turn, assignment: Assignment, text: str) -> str:
        # One that is raised while a quick count waits is of the period of the province, by which it is followed.
        round_ = (turn.round or assignment.round) if assignment.round.period.is_quick else assignment.round
        turn.rows += petitions.raise_petition(
            fresh_id(), round_.id, assignment.unit_id, turn.standing.person_id or 0,
            " ".join(text.split())[:MOST_PETITION], turn.now,
        )  # fmt: skip
        turn.rows.append(
            happened(
                "petition.raised", "petition", turn.standing.person_id, turn.now,
                period_id=round_.id, unit_id=assignment.unit_id,
            )
        )  # fmt: skip
        turn.numbered_in = round_.id
        number = petition_number(round_.code, outbox.NUMBER)
        return turn.wording.say("petition.taken", number=number, unit=assignment.role.unit_name)

    async def aside(self, turn: Turn, found: Asides) -> None:
        """Raises what stood in a report beside its figures; a line for each goes before the report's own answer."""
        lines, assignment = list[str](), self._reports.assignment(turn)
        if found.hot:
            count = await self._noted(turn, "; ".join(found.hot))
            say = turn.wording.say
            lines.append(say("hot.aside", count=count) if count else say("hot.aside_nobody"))
        if found.petitions and assignment is not None:
            lines.append(self._raised(turn, assignment, "; ".join(found.petitions)))
        if turn.reply is None:
            turn.say("\n".join(lines))
        else:
            turn.reply["text"] = "\n".join([*lines, turn.reply["text"]])

    async def data(self, turn: Turn, asked: Asked) -> None:
        """Everything held about the person."""
        held = await privacy.held_about(self._db, turn.standing.person_id or 0)
        turn.say(held_in_words(turn.wording, held))

    async def stop(self, turn: Turn, asked: Asked) -> None:
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

    async def hot(self, turn: Turn, asked: Asked) -> None:
        """A sensitive note: to each leader in person and nowhere else; without a leader to hear it, it is not kept."""
        if not asked.rest.strip():
            turn.state.expects = "hot"
            turn.say_key("hot.ask")
            return
        turn.state.expects = ""
        if count := await self._noted(turn, asked.rest):
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
        area = role.unit_name or say(f"role.{role.role}")
        content = body(say("hot.note", area=area, moment=moment(turn.now), text=words))
        for leader in leaders.values():
            key = f"{texts.note_key(note_id)}{leader.person_id}"
            turn.rows.append(turn.queue(key, "digest", leader.channel, leader.chat_id, content))
        return len(leaders)

    async def erase(self, turn: Turn, asked: Asked) -> None:
        """Asks whether the person wants to be erased."""
        say = turn.wording.say
        turn.state.expects = "erase"
        turn.say(say("erase.ask"), [Choice(say("label.erase"), "erase:yes"), Choice(say("label.later"), "erase:no")])

    async def erase_answered(self, turn: Turn, asked: Asked) -> None:
        """Erases the person who has just been asked and said yes; a question of long ago must not erase anybody."""
        if asked.expects != "erase":
            turn.say_key("problem.stale")
            return
        if asked.rest != "yes":
            turn.say_key("erase.kept")
            return
        person_id = turn.standing.person_id or 0
        held = await privacy.held_about(self._db, person_id)
        turn.rows += privacy.erase(person_id, held, turn.today.isoformat(), turn.now)
        turn.say_key("erase.done")
        if turn.reply is not None:
            turn.reply["farewell"] = True
        turn.forget = True

    async def help(self, turn: Turn, asked: Asked) -> None:
        """What can be said here, and what is still open."""
        say, assignment = turn.wording.say, self._reports.assignment(turn)
        if not turn.roles:
            turn.say_key("enrol.no_role")
            return
        lines = []
        if assignment is not None:
            draft = (await self._reports.held(assignment)).draft
            left = len(assignment.form.questions) - draft.answered(assignment.form)
            if left and not draft.sent:
                lines.append(say("help.open", period=assignment.round.period.name, left=left))
            lines += self._known(turn, "reporter")
        if assignment is None or permissions.may("petitions", turn.roles):
            lines += self._known(turn, "leader")
        lines += self._known(turn, "office" if permissions.over_all("order", turn.roles) else "codes")
        turn.say("\n".join(lines))

    @staticmethod
    def _known(turn: Turn, who: str) -> list[str]:
        """The help for such a person, of the acts that vi.toml has words of for them and they may do: a line for each
        that is explained, and one for those whose word says it.
        """
        say, has = turn.wording.say, turn.wording.has
        words = [
            say(f"help_{who}.{act}") for act in ROUTES if has(f"help_{who}.{act}") and permissions.may(act, turn.roles)
        ]
        explained = [word for word in words if not word.isupper()]
        plain = [word for word in words if word.isupper()]
        lines = [say(f"help_for.{who}", words="\n– ".join(explained))] if explained else []
        return lines + ([say("help_for.more", words=", ".join(plain))] if plain else [])
