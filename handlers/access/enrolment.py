"""A one-time code and then a consent in, a person with an account and a role out; before it nothing is kept."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.access.codes import code_hash, is_link_code, typed_code
from handlers.access.handover import succeed
from handlers.access.named_posts import post_of
from handlers.access.office_desk import Succession
from handlers.access.open_bots import open_bots
from handlers.channel import Channel
from handlers.chat_state import ChatState
from handlers.commands import folded, spoken
from handlers.dues import running_for
from handlers.messages import Choice
from handlers.report.assignment import assignment_mark
from handlers.telling import tell
from handlers.turn import Turn, fresh_id
from storage.database import Database
from storage.messages import allowances, outbox
from storage.people import invites, people
from storage.people.invites import Invite
from storage.people.people import Role
from storage.reports.events import happened
from storage.reports.texts import KEPT_DAYS

MOST_GREETED = 40  # characters of a name in a greeting
MOST_NAMED = 80  # characters of a name that are kept

CONSENT_VERSION = (
    "2026-3"  # of the texts enrol.consent, enrol.consent_account and stop.ask; changed texts get a new version
)
MOST_TRIES = 5
# In all chats together. Whoever guesses from many accounts then has one try an hour in each, as everybody has: who
# holds a code types it right once.
MOST_TRIES_OF_ALL = 1000
MOST_TRIES_WHEN_MANY = 1
TRIES_WINDOW = timedelta(hours=1)
# Where a bot may send only so many messages a month, a stranger is answered so often within a day; a good code always.
MOST_TOLD, TOLD_WITHIN = 5, timedelta(days=1)


def code_in(turn: Turn) -> str:
    """The code a message carries: "/start CODE" or the bare code; '' if none."""
    command = spoken(turn.incoming.text)
    if command and command.command == "start":
        return command.rest.strip()
    return typed_code(turn.incoming.text)


async def good_invite(db: Database, turn: Turn, code: str) -> Invite | None:
    """The invite of a code. Wrong, used and expired look the same, and so does a sixth try within an hour, which counts
    for nothing: neither is the chat held longer by it, nor anybody else.
    """
    message, since = turn.incoming, turn.now - TRIES_WINDOW
    tries = await invites.tries_since(db, message.channel, message.chat_id, since)
    held = tries >= MOST_TRIES
    if not held and tries >= MOST_TRIES_WHEN_MANY and not is_link_code(code):
        held = await invites.all_tries_since(db, since) >= MOST_TRIES_OF_ALL
    if held:
        return None
    invite = await invites.good(db, code_hash(code), turn.now)
    if invite is None:
        turn.rows.append(invites.tried(message.channel, message.chat_id, turn.now))
    return invite


class Enrolment:
    """Turns a code into a person with a role, or into one more account of a person."""

    def __init__(self, db: Database, channels: Mapping[str, Channel], succession: Succession) -> None:
        self._db = db
        self._channels = channels
        self._succession = succession

    async def code(self, turn: Turn, code: str) -> None:
        """A code was sent in a private chat."""
        invite = await good_invite(self._db, turn, code)
        person_id = turn.standing.person_id
        if invite is None or invite.kind == "group":
            await self.tell(turn, "enrol.bad_code")
        elif person_id is None:
            if not await self._sent_on(turn):
                self._ask_consent(turn, invite)
        elif invite.kind == "person":
            await self._enrol(turn, invite, person_id, turn.standing.name)
        else:
            turn.say_key("enrol.already_linked" if invite.person_id == person_id else "enrol.other_person")

    async def _sent_on(self, turn: Turn) -> bool:
        """Whether this bot has all the people it may, and the person is told of the next one; the code stays good."""
        channel = self._channels.get(turn.incoming.channel)
        if channel is None or not channel.limits.bot_people:
            return False
        links = await open_bots(self._db, channel)
        if allowances.bot_of(turn.incoming.chat_id) in links:
            return False
        if link := next(iter(links.values()), ""):
            square = {"kind": "qr", "name": "ma-qr.png", "picture": True, "link": link}
            turn.say(turn.wording.say("enrol.next_bot", link=link), file=square)
        else:
            turn.say_key("enrol.every_bot_full")
        return True

    async def tell(self, turn: Turn, key: str) -> None:
        """Says it; to a stranger only a few times a day where each message takes one from those who report."""
        message, since = turn.incoming, turn.now - TOLD_WITHIN
        counted = turn.standing.person_id is None and turn.limits.dear
        if not counted or await outbox.sent_to(self._db, message.channel, message.chat_id, since) < MOST_TOLD:
            turn.say_key(key)

    async def stranger(self, turn: Turn) -> None:
        """Anything else from a person without an account: the consent that is open, or how to enrol."""
        waiting = turn.state.enrol
        invite = await invites.good_by_id(self._db, waiting, turn.now) if waiting else None
        if waiting and invite is None:
            turn.state.enrol = None
            await self.tell(turn, "enrol.bad_code")
            return
        if invite is None:
            await self.tell(turn, "enrol.how")
            return
        match turn.chosen():
            case "consent:yes":
                await self._agreed(turn, invite)
            case "consent:no":
                turn.say_key("enrol.refused")
                turn.state = ChatState()
            case _:
                self._ask_consent(turn, invite, again=True)

    def _ask_consent(self, turn: Turn, invite: Invite, again: bool = False) -> None:
        say = turn.wording.say
        turn.state.enrol = invite.id
        name = " ".join(turn.incoming.sender_name.split())[:MOST_GREETED]
        if again:
            text = say("enrol.choose")
        elif invite.kind == "account":
            text = say("enrol.consent_account", name=invite.person_name, days=KEPT_DAYS, version=CONSENT_VERSION)
        else:
            role = say(f"role.{invite.role}")
            called = f" {name}" if name else ""
            text = say(
                "enrol.consent", name=called, role=role, area=_area(invite), days=KEPT_DAYS, version=CONSENT_VERSION
            )
        turn.say(text, [Choice(say("label.agree"), "consent:yes"), Choice(say("label.refuse"), "consent:no")])

    async def _agreed(self, turn: Turn, invite: Invite) -> None:
        message = turn.incoming
        name = " ".join(message.sender_name.split())[:MOST_NAMED]
        person_id = invite.person_id
        if person_id is None:
            person_id = fresh_id()
            turn.rows.append(people.add_person(person_id, name, turn.now))
        turn.rows.append(people.add_account(message.channel, message.chat_id, person_id, CONSENT_VERSION, turn.now))
        turn.rows.append(happened("consent.given", "person", person_id, turn.now, new=CONSENT_VERSION))
        if invite.kind == "account":
            await self._linked(turn, invite, person_id)
        else:
            await self._enrol(turn, invite, person_id, name)

    async def _linked(self, turn: Turn, invite: Invite, person_id: int) -> None:
        """One more account. The one used before hears of it: whoever was made to give a code away learns so."""
        say, message = turn.wording.say, turn.incoming
        turn.rows.append(invites.use(invite.id, str(person_id), turn.now))
        turn.rows.append(happened("account.linked", "account", person_id, turn.now, new=message.channel))
        for account in (await people.accounts_of(self._db, person_id))[-1:]:
            channel = self._channels.get(message.channel)
            text = say("notice.linked", channel=channel.title if channel else message.channel)
            await tell(self._db, turn, f"linked:{invite.id}", account, text)
        turn.state = ChatState()
        turn.say(say("enrol.linked", name=invite.person_name))

    async def _enrol(self, turn: Turn, invite: Invite, person_id: int, name: str) -> None:
        say = turn.wording.say
        turn.rows.append(invites.use(invite.id, str(person_id), turn.now))
        turn.rows.append(happened("code.used", invite.role, person_id, turn.now, unit_id=invite.unit_id))
        role = say(f"role.{invite.role}")
        post_id, title = invite.post_id, invite.title
        if post_id is None and (post := await post_of(self._db, invite, person_id, name, turn.today)) is not None:
            post_id, title = post.id, post.title
        beside = await succeed(self._db, turn, invite, person_id, name)
        if post_id is not None:
            turn.rows.append(
                people.name_role(person_id, invite.role, title, invite.unit_id, invite.cluster_id, post_id)
            )
        turn.rows.append(
            people.add_role(
                fresh_id(), person_id, invite.role, title or role, invite.unit_id, invite.cluster_id,
                turn.today, post_id, invite.sections,
            )
        )  # fmt: skip
        turn.rows.append(happened("role.given", invite.role, person_id, turn.now, unit_id=invite.unit_id))
        turn.state.enrol = turn.state.unit = None
        turn.state.period = ""
        if invite.role in people.REPORTERS and turn.round is not None and invite.unit_id is not None:
            round_ = turn.round
            given = Role(invite.role, role, invite.unit_id, "", invite.unit_name, None, None)
            if dues := (await running_for(self._db, turn.rounds, [given], turn.today)).get(invite.unit_id):
                round_ = dues[0].round
                turn.state.period = round_.code  # what is due first is begun without another question
            area = _known_as(turn, invite, role, title)
            text = say("enrol.welcome_reporter", role=role, area=area, period=round_.period.name)
            text = "\n".join(filter(None, [text, beside]))
            turn.say(text, [Choice(say("label.begin"), f"begin:{assignment_mark(round_.code, invite.unit_id)}")])
        else:
            text = say("enrol.welcome", role=role, area=_known_as(turn, invite, role, title))
            turn.say("\n".join(filter(None, [text, beside])))
            await self._succession.code_used(turn, invite.id, person_id)


def _known_as(turn: Turn, invite: Invite, role: str, title: str) -> str:
    """The unit or cluster, with the title the office has written where that says more than the role."""
    if folded(title) in ("", folded(role)):
        return _area(invite)
    return turn.wording.say("enrol.titled", area=_area(invite), title=title)


def _area(invite: Invite) -> str:
    return invite.unit_name or invite.cluster_name
