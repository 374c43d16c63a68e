"""The sender: what a failure means for each kind of message, in which order and how fast messages leave."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bot_api.bell import PATIENCE
from two_clusters import at, load, one, open_period, unit_id

from handlers.channel import Limits
from handlers.messages import NotDelivered, Outgoing
from reporting.time.calendar import VIETNAM
from reporting.time.rules import Rules
from scheduler.sending.pace import Pace
from scheduler.sending.second_tries import REPEATABLE, next_try
from scheduler.sending.sender import AT_ONCE, LEASE, MOST_ONCE, Sender
from scheduler.upkeep.clean_up import Upkeep
from scheduler.upkeep.takeover import Takeover
from storage.database import Database
from storage.engine.instants import stamp
from storage.messages import outbox, reminders
from storage.messages.outbox import Kind, OutboxRow
from storage.messages.reminders import ReminderRow

START = at("2026-04-10", "07:00")
KINDS: tuple[Kind, ...] = ("reply", "reminder", "digest", "group_post")


class Scripted:
    """A channel that fails as told, chat by chat, and otherwise takes everything."""

    name = "local"

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008  frozen
        self.limits = limits
        self.failures: dict[str, list[Exception]] = {}
        self.took: list[tuple[str, str]] = []
        self.tries = 0

    async def deliver(self, message: Outgoing) -> str:
        self.tries += 1
        if self.failures.get(message.chat_id):
            raise self.failures[message.chat_id].pop(0)
        self.took.append((message.chat_id, message.text))
        return f"id{self.tries}"


class Post:
    """An outbox with a sender on a clock that only moves when told."""

    def __init__(self, db: Database, limits: Limits = Limits()) -> None:  # noqa: B008  frozen
        self.db = db
        self.at = START
        self.channel = Scripted(limits)
        self.sender = Sender(db, {"local": self.channel}, lambda: self.at)

    async def queue(self, *chats: str, kind: Kind = "reply") -> None:
        for chat in chats:
            number = await one(self.db, "select count(*) from outbox")
            key = f"{kind}:{number}"
            await self.db.write([outbox.say(key, kind, "local", chat, {"text": f"{number}"}, self.at)])

    async def run(self, later: timedelta = timedelta()) -> list[tuple[str, str]]:
        """Sends what is due; returns what the channel took since the last time."""
        self.at += later
        self.channel.took.clear()
        await self.sender.drain()
        return list(self.channel.took)

    async def states(self) -> list[str]:
        return [row[0] for row in await self.db.read("select state from outbox order by id")]


@pytest.fixture
async def post(database: Database) -> Post:
    await load(database)
    return Post(database)


# --- what a failure means -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_taken_is_sent_once_and_keeps_the_channels_id(post: Post, kind: Kind) -> None:
    await post.queue("dong", kind=kind)
    assert len(await post.run()) == 1
    assert await post.run(timedelta(days=1)) == []
    assert await post.states() == ["sent"]
    assert await one(post.db, "select external_id from outbox") == "id1"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_certainly_not_sent_is_tried_when_the_channel_says(post: Post, kind: Kind) -> None:
    await post.queue("dong", kind=kind)
    post.channel.failures["dong"] = [NotDelivered("wait", "flood", retry_after=30)]
    assert await post.run() == []
    assert await post.run(timedelta(seconds=29)) == []
    assert len(await post.run(timedelta(seconds=2))) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_of_an_unknown_outcome_only_what_may_come_twice_is_repeated(post: Post, kind: Kind) -> None:
    await post.queue("dong", kind=kind)
    post.channel.failures["dong"] = [NotDelivered("unknown", "timeout")]
    await post.run()
    assert await post.states() == (["ready"] if kind in REPEATABLE else ["unsure"])
    assert len(await post.run(timedelta(minutes=5))) == (1 if kind in REPEATABLE else 0)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("kind", "until"), [("reply", timedelta(days=1)), ("reminder", timedelta(hours=13))])
async def test_an_outage_of_hours_loses_nothing_and_nothing_is_repeated_for_ever(
    post: Post, kind: Kind, until: timedelta
) -> None:
    await post.queue("dong", kind=kind)
    post.channel.failures["dong"] = [NotDelivered("unknown", "timeout")] * 1000
    tries = []
    for _ in range(30 * 12):
        before = post.channel.tries
        await post.run(timedelta(minutes=5))
        tries += [post.at] if post.channel.tries > before else []
        await Upkeep(post.db).tick(post.at)
    assert await post.states() == ["unsure"]
    assert 10 < post.channel.tries < 35
    assert until - timedelta(hours=1, minutes=10) <= tries[-1] - START <= until + timedelta(minutes=10)
    night = [at for at in tries if Rules().is_quiet(at.astimezone(VIETNAM).time())]
    assert night == []


@pytest.mark.parametrize("minutes", [1, 10, 60, 240])
async def test_what_an_outage_held_up_comes_once_it_is_over(post: Post, minutes: int) -> None:
    chats = [f"chat{number}" for number in range(45)]
    await post.queue(*chats, kind="reminder")
    await post.queue("dong")
    for chat in (*chats, "dong"):
        post.channel.failures[chat] = [NotDelivered("unknown", "502")] * 1000
    for _ in range(minutes):
        await post.run(timedelta(minutes=1))
    post.channel.failures.clear()
    await post.queue("somebody")
    took = await post.run()  # the first that gets through brings all others with it
    assert sorted(chat for chat, _ in took) == sorted(["somebody", "dong", *chats])
    assert await post.states() == ["sent"] * 47


async def test_an_answer_does_not_wait_for_the_hour_of_what_stands_before_it(post: Post) -> None:
    await post.queue("dong")
    post.channel.failures["dong"] = [NotDelivered("unknown", "timeout")] * 6
    for _ in range(6):
        await post.run(timedelta(minutes=15))
    post.channel.took.clear()
    assert not await written(post, "a", "dong")
    await post.sender.drain()
    assert post.channel.took == [("dong", "0"), ("dong", "a")]


async def test_one_message_the_channel_never_takes_is_not_tried_at_every_success(post: Post) -> None:
    await post.queue("dong")
    post.channel.failures["dong"] = [NotDelivered("unknown", "502")] * 1000
    for _ in range(60):
        await post.queue("to1")
        await post.run(timedelta(seconds=30))
    assert post.channel.tries - 60 < 20


async def test_a_reminder_s_row_follows_its_message(post: Post) -> None:
    """Of a message that ended: unsure, failed, or stopped because its chat is closed."""
    unit, period = await unit_id(post.db, "CD01"), await open_period(post.db)
    person = await one(post.db, "select person_id from account where chat_id = 'dong'")
    for rung, failure in (("T-7", "unknown"), ("T-3", "refused"), ("T-1", "unreachable")):
        row = ReminderRow(period, unit, person, rung, date(2026, 4, 10))
        await post.db.write(
            [
                *reminders.plan([(row, START)]),
                reminders.send(person, row.day_on, 1, rung, START),
                outbox.say(rung, "reminder", "local", "dong", {"text": rung}, START),
            ]
        )
        post.at = START if failure != "unknown" else START + timedelta(hours=14)
        if failure == "unknown":  # its last try was made, and the evening has come
            await post.db.write([outbox.mark_later(rung, post.at, "timeout", maybe_sent=True)])
            await Upkeep(post.db).tick(post.at)
        else:
            post.channel.failures["dong"] = [NotDelivered(failure, "no")]  # type: ignore[arg-type]
            await post.run()
    rows = await post.db.read("select rung, state from reminder order by rung desc")
    assert [tuple(row) for row in rows] == [("T-7", "unsure"), ("T-3", "failed"), ("T-1", "failed")]
    assert await post.states() == ["unsure", "failed", "failed"]


async def test_reminders_that_wait_for_a_closed_chat_and_those_of_yesterday_follow(post: Post) -> None:
    unit, period = await unit_id(post.db, "CD01"), await open_period(post.db)
    person = await one(post.db, "select person_id from account where chat_id = 'dong'")
    for rung, day in (("T-7", 10), ("T-3", 11)):
        row = ReminderRow(period, unit, person, rung, date(2026, 4, day))
        await post.db.write(
            [
                *reminders.plan([(row, START)]),
                reminders.send(person, row.day_on, 1, rung, START),
                outbox.say(rung, "reminder", "local", "dong", {"text": rung}, START + timedelta(days=day - 10)),
            ]
        )
    await Upkeep(post.db).tick(START + timedelta(hours=14))
    assert await one(post.db, "select state from reminder where rung = 'T-7'") == "dropped"
    await post.queue("dong")
    post.channel.failures["dong"] = [NotDelivered("unreachable", "blocked")] * 2
    await post.run(timedelta(hours=14))
    assert await one(post.db, "select state from reminder where rung = 'T-3'") == "failed"


def test_the_night_and_the_end_of_the_day_bound_the_tries() -> None:
    rules, evening = Rules(), at("2026-04-10", "19:50")
    assert next_try("reminder", START, 9, evening, rules) == at("2026-04-10", "20:00")
    assert next_try("reminder", START, 9, at("2026-04-10", "20:00"), rules) is None
    assert next_try("group_post", START, 0, START, rules) is None
    assert next_try("reply", at("2026-04-10", "22:00"), 0, at("2026-04-10", "22:00"), rules) == at(
        "2026-04-10", "22:00"
    ) + timedelta(seconds=3)
    assert next_try("reply", at("2026-04-10", "20:00"), 9, at("2026-04-10", "23:00"), rules) == at("2026-04-11")
    assert next_try("notice", at("2026-04-10", "20:59"), 6, at("2026-04-10", "20:59"), rules) == at("2026-04-11")


async def test_a_channel_that_breaks_is_taken_as_not_knowing(post: Post) -> None:
    await post.queue("group:C1", kind="group_post")
    post.channel.failures["group:C1"] = [ValueError("broken")]
    await post.run()
    assert await post.states() == ["unsure"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refused_message_ends_and_the_next_one_goes(post: Post, kind: Kind) -> None:
    await post.queue("dong", "dong", kind=kind)
    post.channel.failures["dong"] = [NotDelivered("refused", "too long")]
    assert len(await post.run()) == 1
    assert await post.states() == ["failed", "sent"]


async def test_an_unreachable_person_gets_nothing_more_and_the_office_can_see_it(post: Post) -> None:
    await post.queue("dong", "dong", "to1")
    post.channel.failures["dong"] = [NotDelivered("unreachable", "blocked by the user")]
    assert [chat for chat, _ in await post.run()] == ["to1"]
    assert await post.states() == ["failed", "cancelled", "sent"]
    assert await one(post.db, "select unreachable_reason from account where chat_id = 'dong'") == "blocked by the user"


async def test_a_group_that_has_thrown_the_bot_out_is_no_longer_linked(post: Post) -> None:
    await post.queue("group:C1", kind="group_post")
    post.channel.failures["group:C1"] = [NotDelivered("unreachable", "kicked")]
    await post.run()
    assert await one(post.db, "select unlinked_at from group_chat where chat_id = 'group:C1'") is not None


async def test_a_moved_group_gets_its_message_under_the_new_id(post: Post) -> None:
    await post.queue("group:C1", "group:C1", kind="group_post")
    post.channel.failures["group:C1"] = [NotDelivered("moved", "supergroup", moved_to="group:new")]
    assert [chat for chat, _ in await post.run()] == ["group:new", "group:new"]
    assert await one(post.db, "select count(*) from group_chat where chat_id = 'group:new'") == 1


# --- the form the channel takes -------------------------------------------------------------------------------


async def test_a_long_text_is_one_row_and_several_messages(database: Database) -> None:
    await load(database)
    post = Post(database, Limits(text=10))
    await database.write([outbox.say("reply:1", "reply", "local", "dong", {"text": "một hai ba bốn năm"}, post.at)])
    assert await post.run() == [("dong", "một hai ba"), ("dong", "bốn năm")]
    assert await post.states() == ["sent"]
    assert await one(database, "select external_id from outbox") == "id2"


# --- order and pace -------------------------------------------------------------------------------------------


async def test_messages_of_one_chat_leave_in_order_while_others_go_on(post: Post) -> None:
    await post.queue("dong", "dong", "to1", "dong")
    post.channel.failures["dong"] = [NotDelivered("wait", "flood", retry_after=10)]
    assert await post.run() == [("to1", "2")]
    assert await post.run(timedelta(seconds=11)) == [("dong", "0"), ("dong", "1"), ("dong", "3")]


async def test_replies_leave_before_what_nobody_waits_for(post: Post) -> None:
    await post.queue("dong", kind="reminder")
    await post.queue("to1")
    assert [chat for chat, _ in await post.run()] == ["to1", "dong"]


async def test_replies_to_known_people_leave_before_those_to_strangers(post: Post) -> None:
    await post.queue("stranger1", "stranger2", "dong")
    assert [chat for chat, _ in await post.run()] == ["dong", "stranger1", "stranger2"]


async def test_a_withdrawn_message_is_not_sent(post: Post) -> None:
    await post.queue("dong", kind="reminder")
    await post.db.write([("update outbox set state = 'cancelled'", (), 1)])
    assert await post.run() == []


async def test_when_the_whole_bot_is_told_to_wait_nobody_is_written_to(post: Post) -> None:
    await post.queue("dong")
    post.channel.failures["dong"] = [NotDelivered("wait", "flood", retry_after=30, whole_bot=True)]
    await post.run()
    await post.queue("to1")
    rest = await post.sender.step()
    assert post.channel.tries == 1
    assert rest > 0


def test_a_short_burst_to_one_chat_passes_and_then_it_is_one_a_second() -> None:
    pace = Pace(Limits(overall_per_second=0, chat_seconds=1.0, group_per_minute=0, burst=3))
    left = []
    now = 100.0
    for _ in range(6):
        now += pace.wait_for("a", False, now)
        pace.took("a", False, now)
        left.append(now - 100)
    assert left == [0, 0, 0, 1, 2, 3]
    assert pace.wait_for("b", False, now) == 0


def test_a_group_gets_at_most_twenty_a_minute() -> None:
    pace = Pace(Limits(overall_per_second=0, chat_seconds=0, group_per_minute=20))
    for second in range(20):
        assert pace.wait_for("-1", True, float(second)) == 0
        pace.took("-1", True, float(second))
    assert pace.wait_for("-1", True, 20.0) == 40.0
    assert pace.wait_for("-1", True, 60.0) == 0


def test_no_second_holds_more_than_the_channel_allows() -> None:
    pace = Pace(Limits(overall_per_second=30, chat_seconds=0, group_per_minute=0))
    now, left = 0.0, []
    for number in range(120):
        now += pace.wait_for(str(number), False, now)
        pace.took(str(number), False, now)
        left.append(now)
    assert all(later - earlier >= 0.75 for earlier, later in zip(left, left[30:], strict=False))
    assert left[-1] == pytest.approx(119 / 30, abs=0.3)


# --- leases ---------------------------------------------------------------------------------------------------


async def leased(post: Post, until: datetime) -> None:
    await post.db.write([("update outbox set state = 'leased', leased_until_at = ?, attempts = 1", (stamp(until),))])


async def test_what_a_dead_sender_held_goes_again_or_ends_as_unsure_by_its_kind(post: Post) -> None:
    for kind in KINDS:
        await post.queue(f"{kind}-chat", kind=kind)
    await leased(post, START + LEASE)
    upkeep = Upkeep(post.db)
    assert await upkeep.tick(START + LEASE - timedelta(seconds=1)) == 0
    assert await post.states() == ["leased"] * 4
    assert await upkeep.tick(START + LEASE + timedelta(seconds=1)) == 3
    assert await post.states() == ["ready", "ready", "ready", "unsure"]


async def test_a_start_takes_back_what_the_run_before_held_at_once(post: Post) -> None:
    await post.queue("dong")
    await leased(post, START + LEASE)
    await post.db.write([("update outbox set leased_by = 'the run before'", ())])
    assert await Takeover(post.db, post.sender.wake).look() == 1
    assert len(await post.run()) == 1


async def test_two_senders_never_send_the_same_message(post: Post) -> None:
    await post.queue(*[f"chat{number}" for number in range(20)])
    other = Post(post.db)
    await post.sender.step()
    await other.sender.step()
    await post.sender.drain()
    await other.sender.drain()
    took: list[Any] = [*post.channel.took, *other.channel.took]
    assert len(took) == len(set(took)) == 20


# --- replies that go straight to the sender ----------------------------------------------------------------------


async def written(post: Post, key: str, chat: str) -> bool:
    """Writes a reply as its message's handling does; whether it was leased in the same unit."""
    until = post.sender.reserve("local", chat)
    assert until is not None
    reply = OutboxRow(key, "reply", "local", chat, {"text": key}, 0)
    say = outbox.say(key, "reply", "local", chat, reply.body, post.at)
    _, leased = await post.db.write([say, outbox.lease_new(post.db, key, post.at, until)])
    post.sender.take(reply, bool(leased))
    return bool(leased)


async def test_a_reply_leased_where_it_is_written_is_sent_once(post: Post) -> None:
    assert await written(post, "a", "dong")
    await post.sender.drain()
    assert post.channel.took == [("dong", "a")]
    assert await post.states() == ["sent"]


async def test_a_reply_does_not_overtake_what_its_chat_still_waits_for(post: Post) -> None:
    post.channel.failures["dong"] = [NotDelivered("wait", "flood", retry_after=7)]
    await post.queue("dong")
    assert await post.run() == []
    assert not await written(post, "a", "dong")
    assert await written(post, "b", "doai")
    await post.sender.drain()
    assert post.channel.took == [("doai", "b")]
    assert await post.run(timedelta(seconds=8)) == [("dong", "0"), ("dong", "a")]


async def test_replies_beyond_the_pace_or_the_places_wait_in_the_outbox(database: Database) -> None:
    await load(database)
    paced = Post(database, Limits(overall_per_second=1.0, chat_seconds=0))
    assert await written(paced, "a", "dong")
    assert paced.sender.reserve("local", "doai") is None
    free = Post(database)
    assert [free.sender.reserve("local", str(chat)) is not None for chat in range(AT_ONCE + 1)] == [True] * AT_ONCE + [
        False
    ]
    free.sender.take(OutboxRow("x", "reply", "local", "0", {"text": "x"}, 0), False)
    assert free.sender.reserve("local", "doai") is not None
    await paced.sender.drain()


async def test_a_reply_that_does_not_leave_holds_up_nobody_else(database: Database) -> None:
    await load(database)
    paced = Post(database, Limits(overall_per_second=1.0, chat_seconds=1.0, group_per_minute=1, burst=1, groups="-"))
    for chat in ("dong", "-100"):
        assert paced.sender.reserve("local", chat) is not None
        assert paced.sender.reserve("local", chat) is None
        paced.sender.take(OutboxRow("x", "reply", "local", chat, {"text": "x"}, 0), False)
        assert paced.sender.reserve("local", chat) is not None
        paced.sender.take(OutboxRow("x", "reply", "local", chat, {"text": "x"}, 0), False)


async def test_thousands_that_wait_for_the_pace_are_not_all_read_again_for_each_that_leaves(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, due = 0, outbox.due

    async def counted(*arguments: Any) -> list[OutboxRow]:
        nonlocal asked
        asked += 1
        return await due(*arguments)

    monkeypatch.setattr(outbox, "due", counted)
    await post.db.write(
        [outbox.say(f"r{n}", "reminder", "local", f"chat{n}", {"text": "x"}, post.at) for n in range(600)]
    )
    assert len(await post.run()) == 600
    assert asked < 30


async def test_few_of_what_may_not_be_sent_twice_are_under_way_at_once_and_others_go_on(post: Post) -> None:
    await post.queue(*[f"-{number}" for number in range(1, 20)], kind="group_post")
    await post.queue(*[f"chat{number}" for number in range(20)], kind="reminder")
    under_way, most, go = [0], [0], asyncio.Event()
    deliver = post.channel.deliver

    async def slowly(message: Outgoing) -> str:
        if message.chat_id.startswith("-"):
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            await go.wait()
            under_way[0] -= 1
        elif len(post.channel.took) == 19:
            go.set()
        return await deliver(message)

    post.channel.deliver = slowly  # type: ignore[method-assign]
    running = asyncio.create_task(post.sender.drain())
    async with asyncio.timeout(PATIENCE):
        await go.wait()
        rows = await post.db.read("select count(*) from outbox where state = 'leased' and kind = 'group_post'")
        assert rows[0][0] <= MOST_ONCE
        await running
    assert most == [MOST_ONCE]
    assert await post.states() == ["sent"] * 39
