"""What a process that is gone had claimed and leased is free at once; what a running one holds is left to it."""

import pytest
from databases import Opener
from test_inbound import NOW, Desk, amount, message, said
from two_clusters import load

from scheduler.sending.sender import LEASE, Sender
from scheduler.upkeep.takeover import Takeover
from storage.database import Database
from storage.messages import inbox, outbox, undelivered


class Woken:
    """Counts the wakes."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
async def other(database: Database, migrated_url: str, opened: Opener) -> Database:
    """The same database, as another process has it open, which has been known as running."""
    await load(database)
    other = await opened(migrated_url)
    await other.gone([])
    return other


async def hold_everything(db: Database) -> None:
    """That process claims the message of one chat, and leases two to others."""
    await Desk(db, shared=True).inbound.receive([message(1)])
    await db.write([inbox.claim(db, inbox.new_claimant(db), NOW, NOW + LEASE, 10)])
    for key, kind in (("reply:1", "reply"), ("post:1", "group_post")):
        await db.write([outbox.say(key, kind, "local", f"chat of {key}", {"text": "x"}, NOW)])  # type: ignore[arg-type]
    for row in await outbox.due(db, ["local"], NOW, 10):
        assert await db.write([outbox.lease(db, row.key, NOW + LEASE)]) == [1]


async def test_what_a_process_that_is_gone_held_is_handled_by_another(database: Database, other: Database) -> None:
    await hold_everything(other)
    await other.close()
    woken = Woken()
    assert await Takeover(database, woken).look() == 3
    assert woken.times == 1
    assert [row.kind for row in await outbox.due(database, ["local"], NOW, 10)] == ["reply"]
    assert [key for key, _, _ in await undelivered.unsure(database)] == ["post:1"]
    await Desk(database, shared=True).inbound.drain()
    assert await amount(database, "CD01", "hoi_vien_moi") == 5
    assert len(await said(database, "dong")) == 1
    assert await Takeover(database, woken).look() == 0


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_what_a_running_process_holds_is_left_to_it(database: Database, other: Database) -> None:
    await hold_everything(other)
    woken = Woken()
    assert await Takeover(database, woken).look() == 0
    assert woken.times == 0
    assert await Desk(database, shared=True).inbound._claim() == 0


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_process_whose_session_was_cut_is_known_again_with_its_next_look(
    database: Database, other: Database
) -> None:
    await database.write(
        [
            (
                "select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory'"
                " and l.database = (select oid from pg_database where datname = current_database())",
                (),
            )
        ]
    )
    assert await database.gone([other.runner]) == [other.runner]
    await Takeover(other, Woken()).look()
    assert await database.gone([other.runner]) == []


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_worker_hears_at_once_what_another_process_has_stored(database: Database, other: Database) -> None:
    worker = Desk(database, shared=True).inbound
    await database.gone([])
    worker._wake.clear()
    await Desk(other, shared=True).inbound.receive([message(1)])
    await worker._wake.wait()
    assert await worker._claim() == 1
    await worker.drain()


async def test_a_reply_whose_lease_was_committed_without_anybody_knowing_goes_after_two_looks(
    database: Database,
) -> None:
    sender, woken = Sender(database, {}, lambda: NOW), Woken()
    takeover = Takeover(database, woken, sender.forgotten)
    for key, kind in (("reply:1", "reply"), ("reply:2", "reply"), ("post:1", "group_post")):
        say = outbox.say(key, kind, "local", f"chat of {key}", {"text": "x"}, NOW)  # type: ignore[arg-type]
        await database.write([say, outbox.lease_new(database, key, NOW, NOW + LEASE)])
    sender._taken.add("reply:2")
    assert await takeover.look_at_own() == 0
    assert woken.times == 0
    assert await takeover.look_at_own() == 1
    assert woken.times == 1
    assert [row.key for row in await outbox.due(database, ["local"], NOW, 10)] == ["reply:1"]
    assert await takeover.look_at_own() == 0
