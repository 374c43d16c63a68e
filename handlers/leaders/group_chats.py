"""Messages and events of group chats in; links to clusters and answers to what a group asks out."""

from collections.abc import Sequence

from handlers import permissions
from handlers.access.codes import code_hash, codes_within
from handlers.access.enrolment import code_in, good_invite
from handlers.commands import ANY_DAY, folded, spoken
from handlers.leaders.areas import running_told_of, without_period
from handlers.leaders.summaries import Summaries
from handlers.messages import Choice
from handlers.routes import Asked
from handlers.telling import tell
from handlers.turn import Turn, body
from reporting.time.as_written import period_asked
from storage.database import Database
from storage.messages import conversations, outbox
from storage.people import groups, invites, people, preferences
from storage.people.invites import Invite
from storage.periods.rounds import Round
from storage.reports.events import happened


class GroupChats:
    """What happens in a group. A group nobody linked hears one line when the bot joins, and no more.

    A linked one answers those whose own roles reach into its cluster; everybody else hears nothing.
    """

    def __init__(self, db: Database, summaries: Summaries) -> None:
        self._db = db
        self._summaries = summaries

    async def handle(self, turn: Turn) -> Asked | None:
        """One thing that happened in a group; a word that is to be answered there, None for everything else."""
        message = turn.incoming
        match message.kind:
            case "joined":
                if await groups.cluster_of(self._db, message.channel, message.chat_id) is None:
                    turn.say_key("group.joined_by_name" if turn.limits.mentioned else "group.joined")
            case "left":
                turn.rows += [
                    groups.unlink(message.channel, message.chat_id, turn.now),
                    happened("group.unlinked", "group", None, turn.now),
                ]
                turn.rows.append(outbox.cancel_for_chat(message.channel, message.chat_id, "left the group"))
            case "allowed":
                turn.rows += [
                    groups.unbar(message.channel, message.chat_id),
                    outbox.hasten_group(message.channel, message.chat_id, turn.now),
                ]
            case "moved":
                self.move(turn, message.chat_id, message.moved_to)
            case "text":
                asked = await self._text(turn)
                if message.is_photo and asked is None and turn.reply is None:
                    await self._photo(turn)
                return asked
            case "choice":
                await self._tapped(turn)
            case "picture" if message.is_photo:
                await self._photo(turn)
            case _:
                pass
        return None

    def move(self, turn: Turn, old: str, new: str) -> None:
        """The group has a new id: link, dialogue and waiting messages go there."""
        channel = turn.incoming.channel
        turn.rows += [
            groups.move(channel, old, new),
            conversations.move(channel, old, new),
            outbox.move(channel, old, new),
        ]

    async def _text(self, turn: Turn) -> Asked | None:
        message = turn.incoming
        code = code_in(turn)
        if code:
            await self._link(turn, code)
            return None
        if await self._shown(turn, codes_within(message.text)):
            return None
        if folded(message.text) == folded(turn.wording.say("label.who_owes")):  # typed where there are no buttons
            owner = await groups.cluster_of(self._db, message.channel, message.chat_id)
            await self._say_who_owes(turn, await running_told_of(self._db, turn, [] if owner is None else [owner]))
            return None
        cluster_id = await groups.cluster_of(self._db, message.channel, message.chat_id)
        command = spoken(message.text)
        if (
            cluster_id is None
            or command is None
            or not _of_all(command.rest)
            or command.command not in permissions.IN_GROUPS
        ):
            return None
        writer = await people.person_of(self._db, message.channel, message.sender_id)
        roles = await people.roles_of(self._db, writer, turn.today) if writer is not None else ()
        if not permissions.may_in_group(command.command, roles, cluster_id):
            return None  # an answer, even a refusal, would tell a stranger in the group that there is one
        return Asked(command.command, text=message.text, rest=command.rest, cluster=cluster_id)

    async def _photo(self, turn: Turn) -> None:
        """One that was sent to the bot before everybody is not kept; of several sent together the first one is told."""
        message = turn.incoming
        together, turn.state.album = bool(message.album) and message.album == turn.state.album, message.album
        if not together and await groups.cluster_of(self._db, message.channel, message.chat_id) is not None:
            turn.say_key("photo.group")

    async def _tapped(self, turn: Turn) -> None:
        act, _, code = turn.incoming.choice.partition(":")
        if act == "progress":
            running = (*turn.rounds, turn.locked)
            await self._say_who_owes(turn, next((one for one in running if one is not None and one.code == code), None))

    async def _say_who_owes(self, turn: Turn, round_: Round | None) -> None:
        """To the one who asked under the group's post and to nobody else, as far as the own rights reach."""
        message = turn.incoming
        cluster_id = await groups.cluster_of(self._db, message.channel, message.chat_id)
        writer = await people.person_of(self._db, message.channel, message.sender_id)
        if cluster_id is None or writer is None or round_ is None:
            return
        roles = await people.roles_of(self._db, writer, turn.today)
        own = [one for one in await people.accounts_of(self._db, writer) if one.channel == message.channel]
        if not own or not permissions.may_in_group("progress", roles, cluster_id):
            return  # as to a word that is said there
        text, _ = await self._summaries.progress(round_, [cluster_id], turn.now)
        key = f"tapped:{message.channel}:{message.bot}:{message.message_id}"
        turn.rows.append(outbox.say(key, "reply", own[0].channel, own[0].chat_id, body(text), turn.now))

    async def progress(self, turn: Turn, asked: Asked) -> None:
        """Who of the cluster has filed."""
        if await without_period(self._db, turn, asked.rest) is None:
            return
        if turn.round is None or asked.cluster is None:
            turn.say_key("period.none_open")
        else:
            round_ = await running_told_of(self._db, turn, [asked.cluster]) or turn.round
            named = (await preferences.rules(self._db)).names  # what all read names nobody unless the office wants it
            text, _ = await self._summaries.progress(round_, [asked.cluster], turn.now, named=named)
            choices = [] if named else [Choice(turn.wording.say("label.who_owes"), f"progress:{round_.code}")]
            turn.say(text, choices, False)

    async def totals(self, turn: Turn, asked: Asked) -> None:
        """The cluster's figures."""
        if await without_period(self._db, turn, asked.rest) is None:
            return
        if turn.round is None or asked.cluster is None:
            turn.say_key("period.none_open")
        else:
            round_ = await running_told_of(self._db, turn, [asked.cluster]) or turn.round
            named = (await preferences.rules(self._db)).names
            turn.say(await self._summaries.cluster(round_, asked.cluster, turn.now, named=named))

    async def help(self, turn: Turn, asked: Asked) -> None:
        """What may be asked in a group."""
        turn.say_key("help.group_by_name" if turn.limits.mentioned else "help.group")

    async def _shown(self, turn: Turn, codes: Sequence[str]) -> bool:
        """Whether personal codes stood in what was said to all; they are no longer good."""
        found = [await invites.good(self._db, code_hash(code), turn.now) for code in codes]
        shown = [invite for invite in found if invite is not None and invite.kind != "group"]
        for invite in shown:
            await self._end(turn, invite)
        return bool(shown)

    async def _end(self, turn: Turn, invite: Invite) -> None:
        """Everybody in the group has read the code: it ends, and who issued it, or else the office, is told."""
        writer = await people.person_of(self._db, turn.incoming.channel, turn.incoming.sender_id)
        turn.rows.append(invites.withdraw_one(invite.id, turn.now))
        turn.rows.append(happened("code.shown", invite.role or invite.kind, writer, turn.now, unit_id=invite.unit_id))
        turn.say_key("group.code_shown")
        say = turn.wording.say
        role = say(f"role.{invite.role}") if invite.role else say("group.second_account")
        text = say("group.code_ended", role=role, area=invite.unit_name or invite.cluster_name or invite.person_name)
        issuers = await people.accounts_of(self._db, invite.issued_by) if invite.issued_by is not None else []
        accounts = issuers[-1:] or await people.with_role(self._db, "office", turn.today)
        for account in {account.person_id: account for account in accounts}.values():
            await tell(self._db, turn, f"code_shown:{invite.id}:{account.person_id}", account, text)

    async def _link(self, turn: Turn, code: str) -> None:
        message = turn.incoming
        invite = await good_invite(self._db, turn, code)
        if invite is not None and invite.kind != "group":
            await self._end(turn, invite)
            return
        if invite is None or invite.kind != "group" or invite.cluster_id is None:
            turn.say_key("enrol.bad_code")
            return
        turn.rows.append(invites.use(invite.id, f"{message.channel}:{message.chat_id}", turn.now))
        turn.rows.append(groups.link(message.channel, message.chat_id, invite.cluster_id, turn.now, message.topic))
        writer = await people.person_of(self._db, message.channel, message.sender_id)
        turn.rows.append(happened("group.linked", "group", writer, turn.now, new=invite.cluster_name))
        turn.say_key("group.linked_by_name" if turn.limits.mentioned else "group.linked", cluster=invite.cluster_name)


def _of_all(rest: str) -> bool:
    """Whether nothing but a period stands with a word."""
    words = folded(rest)
    named = period_asked(words, ANY_DAY)
    return not words or (named is not None and named.end - named.start == len(words))
