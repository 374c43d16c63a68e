"""The plan's posts in; one living post for each group and period, changed in place, or a chair's to pass on, out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

from handlers.leaders.summaries import Summaries
from handlers.messages import Choice
from handlers.turn import body
from reporting.plan.entries import Entry
from reporting.time.calendar import VIETNAM, local_day, moment
from scheduler.planned.outlook import Outlooks
from storage.database import Database
from storage.messages import boards, outbox
from storage.messages.boards import Board
from storage.people import groups, people, preferences
from storage.periods import holidays, rounds
from storage.periods.rounds import Round
from storage.reports import versions

MOST_LOST = 2  # a post that was taken away is made anew once; then somebody does not want it
_LOST = ("failed", "unsure", "cancelled")  # states of a message that nobody can change
_FINGERPRINT = 16  # hexadecimal digits by which a text is known again


class GroupPosts:
    """A cluster's post in its groups: put up on the plan's days, at most one message a day, and kept up to date.

    editing: the channels that can change a message; on others a day of the plan puts up a new one if something is new.
    """

    def __init__(self, db: Database, summaries: Summaries, outlooks: Outlooks, editing: Collection[str] = ()) -> None:
        self._db = db
        self._summaries = summaries
        self._outlooks = outlooks
        self._editing = editing
        self._looked: tuple[datetime | None, tuple[int, date, int] | None] = (None, None)

    async def tick(self, now: datetime) -> int:
        """Queues what is due now and what has changed; returns how many messages were queued."""
        today, outlook = local_day(now), await self._outlooks.at(now)
        planner = outlook.planner
        if not planner.rules.morning(today) <= now < planner.rules.closing(today):
            return 0
        facts = await outlook.occasions()
        due = [e for e in planner.posts.posts(facts, today) if not e.why and e.at <= now]
        every = await rounds.in_state(self._db, "open", "locked")
        # One that was locked ahead of the meeting is posted about until it is over; of older ones nobody asks.
        named = {item.round_id for entry in due for item in entry.items}
        running = {round_.id: round_ for round_ in every if round_.state == "open" or round_.id in named}
        queued = 0
        for entry in due:
            told = [running[item.round_id] for item in entry.items if item.round_id in running]
            queued += await (self._pass_on(entry, told, now) if entry.person_id else self._due(entry, running, now))
        return queued + await self._refresh(running, now)

    async def _due(self, entry: Entry, running: Mapping[int, Round], now: datetime) -> int:
        """The posts of a cluster's groups on one of their days."""
        cluster = entry.cluster_id or 0
        standing = await boards.standing(self._db, list(running))
        told = [running[item.round_id] for item in entry.items if item.round_id in running]
        queued = 0
        for chat in await groups.of_cluster(self._db, cluster):
            own = [board for board in standing if (board.channel, board.chat_id) == chat]
            fresh = any(board.posted_on == local_day(now) for board in own)
            for round_ in told:
                board = next((one for one in own if one.period_id == round_.id), None)
                if board is not None and board.message and board.state not in _LOST and board.channel in self._editing:
                    continue  # see _refresh
                if not fresh and (board is None or board.lost < MOST_LOST):
                    queued += (new := await self._put_up(round_, cluster, chat, board, now))
                    fresh = fresh or bool(new)
        return queued

    async def _put_up(
        self, round_: Round, cluster: int, chat: tuple[str, str], board: Board | None, now: datetime
    ) -> int:
        text = await self._text(round_, cluster, now)
        mark, today = _mark(text, now), local_day(now)
        if board is not None and board.message and board.mark == mark and board.state not in _LOST:
            return 0
        key = f"post:{round_.code}:{cluster}:{today}:{':'.join(chat)}"
        content = self._content(round_, text) | {"pin": chat[0] in self._editing, "about": [round_.code]}
        _, posted = await self._db.write([
            boards.put_up(chat, round_.id, cluster, key, mark, today),
            outbox.say(key, "group_post", *chat, content, now),
        ])  # fmt: skip
        return posted

    async def _refresh(self, running: Mapping[int, Round], now: datetime) -> int:
        """Changes every post that shows what is no longer so, quietly, and makes one anew that somebody took away.

        Looked at each quarter of an hour in which something has happened to a report, and hourly.
        """
        quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        if quarter == self._looked[0] or not self._editing:
            return 0
        version = (await versions.current(self._db), local_day(now), now.hour)
        same, self._looked = version == self._looked[1], (quarter, version)
        if same:
            return 0
        queued = 0
        standing = await boards.standing(self._db, list(running))
        for board in sorted(standing, key=lambda one: running[one.period_id].code):  # ids are drawn and order nothing
            chat, round_ = (board.channel, board.chat_id), running[board.period_id]
            if board.channel not in self._editing or await groups.cluster_of(self._db, *chat) != board.cluster_id:
                continue
            if not board.message and board.lost < MOST_LOST and board.posted_on < local_day(now):
                queued += await self._put_up(round_, board.cluster_id, chat, board, now)
            elif board.message and board.external_id:
                queued += await self._change(round_, board, now)
        return queued

    async def _change(self, round_: Round, board: Board, now: datetime) -> int:
        text = await self._text(round_, board.cluster_id, now)
        if (mark := _mark(text, now)) == board.mark:
            return 0
        content = self._content(round_, text) | {"edits": board.external_id, "board": board.message}
        # With what it shows: a second change within the minute, after a restart, is another message.
        key = f"edit:{board.message}:{now.astimezone(VIETNAM):%H:%M}:{local_day(now)}:{mark}"
        edit = outbox.say(key, "notice", board.channel, board.chat_id, content, now)
        return (await self._db.write([boards.shows(board, mark), edit]))[1]

    async def _pass_on(self, entry: Entry, told: Sequence[Round], now: datetime) -> int:
        """The same with a picture to a chair who wants to pass it on, once a day and half of it."""
        person, cluster, today = entry.person_id or 0, entry.cluster_id or 0, local_day(now)
        half = "after" if any(item.rung == "after" for item in entry.items) else "ahead"
        account = (await people.best_accounts(self._db, [person], self._outlooks.channels)).get(person)
        key = f"post:{cluster}:{today}:{half}:{person}"
        if account is None or not told or await outbox.known(self._db, [key]):
            return 0
        content = body("\n\n".join([await self._text(round_, cluster, now) for round_ in told]))
        if picture := await self._summaries.picture(told[0], cluster, now):
            content["file"] = picture
        return sum(await self._db.write([outbox.say(key, "digest", account.channel, account.chat_id, content, now)]))

    async def _text(self, round_: Round, cluster: int, now: datetime) -> str:
        rules, calendar = await preferences.rules(self._db), await holidays.calendar(self._db)
        return await self._summaries.board(round_, cluster, now, calendar, named=rules.names)

    def _content(self, round_: Round, text: str) -> dict[str, object]:
        return body(text, [Choice(self._summaries.wording.say("label.who_owes"), f"progress:{round_.code}")], False)


def _mark(text: str, now: datetime) -> str:
    """Tells one text from another: all of it but the moment it was made."""
    return fingerprint(text.replace(moment(now), "", 1))


def fingerprint(text: str) -> str:
    """The hexadecimal digits by which a text is known again."""
    return sha256(text.encode()).hexdigest()[:_FINGERPRINT]
