"""A cluster's group has one living post for each period: changed in place, pinned, made anew once."""

import pytest
from test_sender import Scripted
from two_clusters import at, load, one, open_period, posts_job, unit_id

from handlers.messages import NotDelivered, Outgoing
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.people import preferences
from storage.reports import submissions


class Group(Scripted):
    """A group in which messages can be changed, until somebody takes one away."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self.db, self.job = db, posts_job(db, editing=True)
        self.got: list[Outgoing] = []
        self.there: set[str] = set()

    async def deliver(self, message: Outgoing) -> str:
        if message.chat_id == "group:C2" and message.edits and message.edits not in self.there:
            raise NotDelivered("gone", "message to edit not found")
        self.got.append(message)
        self.there.add(sent := message.edits or await super().deliver(message))
        return sent

    async def at(self, day: str, time: str = "07:30") -> list[Outgoing]:
        """What the second cluster's group gets at that moment."""
        now, self.got = at(f"2026-04-{day}", time), []
        await self.job.tick(now)
        await Sender(self.db, {"local": self}, lambda: now).drain()
        return [message for message in self.got if message.chat_id == "group:C2"]


async def file(db: Database, code: str, day: str) -> None:
    await db.write([submissions.touch(await open_period(db), await unit_id(db, code), 0, "submitted", 0, at(day))])


async def test_the_post_is_pinned_once_and_then_changed_where_it_stands(database: Database) -> None:
    await load(database)
    group = Group(database)
    assert await group.at("12", "09:00") == []
    [first] = await group.at("13")
    assert (first.edits, first.pin) == ("", True)
    assert "1/2 đơn vị đã gửi" in first.text
    assert "Chi đoàn tổ 1" not in first.text  # who is late is nobody's business but who asks
    assert [choice.label for choice in first.choices] == ["Ai còn thiếu?"]
    assert await group.at("14", "09:00") == []
    await file(database, "CD11", "2026-04-14")
    [changed] = await group.at("14", "10:00")
    assert changed.edits in group.there
    assert not changed.pin
    assert "2/2 đơn vị đã gửi" in changed.text
    assert await group.at("15") == []  # its day ahead of the meeting has nothing new
    [after] = await group.at("16", "17:00")
    assert after.edits == changed.edits
    assert await one(database, "select count(*) from outbox where kind = 'group_post' and chat_id = 'group:C2'") == 1


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_post_that_was_taken_away_is_made_anew_once(database: Database) -> None:
    await load(database)
    group = Group(database)
    await group.at("13")
    group.there.clear()
    await file(database, "CD11", "2026-04-13")
    assert await group.at("13", "09:00") == []  # it is gone, and a group gets one message a day
    [anew] = await group.at("14", "09:00")
    assert (anew.edits, anew.pin) == ("", True)
    group.there.clear()
    await group.at("16", "17:00")
    assert await group.at("17", "17:00") == []


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_late_units_are_named_where_the_office_wants_it(database: Database) -> None:
    await load(database)
    await database.write([preferences.remember(f"{preferences.RULE}names", "yes")])
    [post] = await Group(database).at("13")
    assert "Chưa gửi: Chi đoàn tổ 1" in post.text
