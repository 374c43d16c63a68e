"""Enrolment: a one-time code, then consent with two equal choices; before that nothing about a person is kept."""

from datetime import timedelta

from handlers.codes import code_hash, looks_like_code
from handlers.commands import spoken
from handlers.messages import Choice
from handlers.turn import Turn, fresh_id
from storage import invites, people
from storage.database import Database
from storage.invites import Invite

CONSENT_VERSION = "2026-1"  # of the text enrol.consent; a changed text gets a new version
MOST_TRIES = 5
TRIES_WINDOW = timedelta(hours=1)


def code_in(turn: Turn) -> str:
    """The code a message carries: "/start CODE" or the bare code; '' if none."""
    command = spoken(turn.incoming.text)
    if command and command.command == "start":
        return command.rest.strip()
    return turn.incoming.text.strip() if looks_like_code(turn.incoming.text) else ""


async def good_invite(db: Database, turn: Turn, code: str) -> Invite | None:
    """The invite of a code. Wrong, used and expired look the same, and so does a sixth try within an hour."""
    message = turn.incoming
    tries = await invites.tries_since(db, message.channel, message.chat_id, turn.now - TRIES_WINDOW)
    invite = await invites.good(db, code_hash(code), turn.now) if tries < MOST_TRIES else None
    if invite is None:
        turn.rows.append(invites.tried(message.channel, message.chat_id, turn.now))
    return invite


class Enrolment:
    """Turns a code into a person with a role."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def code(self, turn: Turn, code: str) -> None:
        """A code was sent in a private chat."""
        invite = await good_invite(self._db, turn, code)
        if invite is None or invite.kind != "person":
            turn.say_key("enrol.bad_code")
            return
        if turn.standing.person_id is not None:
            self._enrol(turn, invite, turn.standing.person_id)
            return
        self._ask_consent(turn, invite)

    async def stranger(self, turn: Turn) -> None:
        """Anything else from a person without an account: the consent that is open, or how to enrol."""
        waiting = turn.state.get("enrol")
        invite = await invites.good_by_id(self._db, waiting, turn.now) if waiting else None
        if waiting and invite is None:
            turn.state.pop("enrol")
            turn.say_key("enrol.bad_code")
            return
        if invite is None:
            turn.say_key("enrol.how")
            return
        match turn.chosen():
            case "consent:yes":
                person_id = fresh_id()
                message = turn.incoming
                name = " ".join(message.sender_name.split())[:80]
                turn.rows.append(people.add_person(person_id, name, turn.now))
                turn.rows.append(
                    people.add_account(message.channel, message.chat_id, person_id, CONSENT_VERSION, turn.now)
                )
                self._enrol(turn, invite, person_id)
            case "consent:no":
                turn.state.clear()
                turn.say_key("enrol.refused")
                turn.state.clear()
            case _:
                self._ask_consent(turn, invite, again=True)

    def _ask_consent(self, turn: Turn, invite: Invite, again: bool = False) -> None:
        say = turn.wording.say
        turn.state["enrol"] = invite.id
        name = " ".join(turn.incoming.sender_name.split())[:40]
        text = say("enrol.choose") if again else say(
            "enrol.consent", name=f" {name}" if name else "", role=say(f"role.{invite.role}"), place=_place(invite)
        )  # fmt: skip
        turn.say(text, [Choice(say("label.agree"), "consent:yes"), Choice(say("label.refuse"), "consent:no")])

    def _enrol(self, turn: Turn, invite: Invite, person_id: int) -> None:
        say = turn.wording.say
        turn.rows.append(invites.use(invite.id, str(person_id), turn.now))
        role = say(f"role.{invite.role}")
        turn.rows.append(
            people.add_role(fresh_id(), person_id, invite.role, role, invite.unit_id, invite.cluster_id, turn.today)
        )
        turn.state.pop("enrol", None)
        turn.state.pop("unit", None)
        if invite.role in people.REPORTERS and turn.round is not None:
            text = say("enrol.welcome_reporter", role=role, place=_place(invite), period=turn.round.period.name)
            turn.say(text, [Choice(say("label.begin"), f"begin:{turn.round.code}")])
        else:
            turn.say(say("enrol.welcome", role=role, place=_place(invite)))


def _place(invite: Invite) -> str:
    return invite.unit_name or invite.cluster_name
