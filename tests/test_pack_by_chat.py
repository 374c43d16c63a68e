"""The meeting pack by chat: made once in a process of its own, the same bytes at each try, nothing lost by a kill."""

import asyncio
import sys
from pathlib import Path

import pytest
from pack_province import NOW, PERIOD, load_pack
from test_pack import docx_text
from test_sent_files import Camera
from two_clusters import WORDING, one

from bot.pack import maker
from bot.pack.maker import PackMaker
from bot.settings import Settings
from handlers.leaders.pack_desk import ANNEX, REPORT, TEXT, followers, pack_file, pack_text
from handlers.messages import NotDelivered
from handlers.turn import body
from scheduler.sending.files import Files
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.messages import outbox
from storage.reports import packs


@pytest.fixture
async def made_by(database: Database, migrated_url: str) -> PackMaker:
    await load_pack(database)
    return PackMaker(database, Settings(_env_file=None, giaoban_database_url=migrated_url))


async def ask(db: Database, pack_id: int = 7, area: str = "cluster:C1") -> None:
    """The rows of the word "tài liệu", for the chat of the chair."""
    period = await one(db, "select id from period where code = ?", PERIOD)
    report = body(pack_text(WORDING, "Cụm 1", "quý I", NOW), file=pack_file(WORDING, pack_id, REPORT))
    await db.write([
        packs.ask(pack_id, period, area, NOW),
        outbox.say(f"reply:{pack_id}", "reply", "local", "dong", report, NOW),
        *followers(WORDING, pack_id, "reply", ("local", "dong"), NOW),
    ])  # fmt: skip


def sender(db: Database, made_by: PackMaker) -> tuple[Sender, Camera]:
    channel = Camera()
    return Sender(db, {"local": channel}, lambda: NOW, files=Files({"pack": made_by})), channel


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_every_file_of_a_pack_comes_once_and_last_a_text_to_pass_on(
    database: Database, made_by: PackMaker
) -> None:
    await ask(database)
    post, channel = sender(database, made_by)
    await post.drain()
    report, table, *pictures, text = channel.files
    assert report is not None
    assert table is not None
    assert text is None
    assert all(file is not None and file.picture for file in pictures)
    assert all(said for _, said in channel.took)
    row = await packs.by_id(database, 7)
    assert row is not None
    assert row.version  # in the names too: of several packs no two files are called alike
    assert [one.name for one in (report, table)] == [f"bao-cao-{row.version}.docx", f"phu-luc-{row.version}.xlsx"]
    assert f"Phiên bản {row.version}" in docx_text(report.content)
    assert await one(database, "select count(*) from handed_out where id = 7") == 1
    assert row.version.encode() in (await made_by({"pack": 7, "name": TEXT})).words.encode()


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_message_sent_again_carries_the_same_bytes_whatever_has_changed(
    database: Database, made_by: PackMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(database)
    post, channel = sender(database, made_by)
    channel.failures["dong"] = [NotDelivered("unknown", "timeout")]
    await post.drain()
    await database.write([("update unit set name = 'Tên khác' where code = 'DX01'", ())])
    monkeypatch.setattr(sys, "executable", "nothing that could make one")
    kept = await made_by({"pack": 7, "name": REPORT})
    reports = [file.content for file in channel.files if file and file.name == kept.name]
    assert reports == [kept.content]


async def test_two_packs_due_at_once_both_arrive_once_each_of_its_own_area(
    database: Database, made_by: PackMaker
) -> None:
    await ask(database, 7)
    await ask(database, 8, "province")
    post, channel = sender(database, made_by)
    await post.drain()
    await post.drain()
    named = [file.name for file in channel.files if file and not file.picture]
    assert [name.split("-2026")[0] for name in named] == ["bao-cao", "phu-luc"] * 2
    assert len(set(named)) == len(named)
    assert await one(database, "select count(distinct version) from pack") == 2


async def test_whoever_makes_it_again_after_a_kill_keeps_one(database: Database, made_by: PackMaker) -> None:
    await ask(database)
    other = PackMaker(database, made_by._settings)
    first, second = await asyncio.gather(made_by({"pack": 7, "name": REPORT}), other({"pack": 7, "name": REPORT}))
    assert first == second  # of two processes that made it the first to keep it counts
    assert await one(database, "select count(*) from handed_out") == 1


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_process_killed_while_making_leaves_the_pack_to_the_next_try(
    database: Database, made_by: PackMaker
) -> None:
    await ask(database)
    making = asyncio.create_task(made_by({"pack": 7, "name": REPORT}))
    await asyncio.sleep(0)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    row = await packs.by_id(database, 7)
    assert row is not None
    assert row.made_at is None
    assert (await made_by({"pack": 7, "name": REPORT})).content.startswith(b"PK")


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_pack_that_cannot_be_made_leaves_a_message_that_says_so(
    database: Database, made_by: PackMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(database, area="cluster:C9")
    post, channel = sender(database, made_by)
    await post.drain()
    assert channel.files == [None]  # what would come behind it says nothing
    assert channel.took[0][1].endswith(WORDING.say("pack.missing"))
    assert [row.area for row in await packs.unmade(database, NOW)] == ["cluster:C9"]
    monkeypatch.setattr(made_by, "_failed", set())
    monkeypatch.setattr(maker, "PATIENCE", 0.01)
    with pytest.raises(TimeoutError):
        await made_by({"pack": 7, "name": REPORT})
    with pytest.raises(LookupError):
        await PackMaker(database, made_by._settings)({"pack": 99, "name": REPORT})


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_an_office_template_and_order_reach_the_process(
    database: Database, migrated_url: str, tmp_path: Path
) -> None:
    await load_pack(database)
    order = tmp_path / "thu-tu.txt"
    order.write_text("cây xanh\n", "utf-8")
    settings = Settings(_env_file=None, giaoban_database_url=migrated_url, giaoban_entry_order=order)
    await ask(database)
    assert (await PackMaker(database, settings)({"pack": 7, "name": ANNEX})).content.startswith(b"PK")
