"""An older database brought up by one command: from every release, tried on a copy first, else rolled back."""

# ruff: noqa: F811

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import Opener
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401
from test_migrate import RELEASED, SCHEMAS, run_script

from bot.copies import restore, shelf, upgrade, workroom
from bot.failures import Failed
from bot.settings import Settings
from storage.database import StorageUnavailable
from storage.engine.copies import copy
from storage.engine.migrate import SchemaMismatch, drift, require_schema
from storage.engine.sqlite_files import RunnerLock
from storage.engine.steps import steps

NOW = datetime(2026, 4, 10, 3, 0, tzinfo=UTC)


def settings(url: str, folder: Path) -> Settings:
    return Settings(giaoban_database_url=url, giaoban_backup_dir=folder, _env_file=None)  # type: ignore[call-arg]


async def old_one(url: str, engine: str, release: str = RELEASED[0]) -> None:
    await run_script(url, (SCHEMAS / f"{release}.{engine}.sql").read_text("utf-8"))


@pytest.mark.parametrize("release", RELEASED)
async def test_every_release_is_upgraded_with_a_proved_copy_of_before(
    opened: Opener, database_url: str, engine: str, release: str, tmp_path: Path
) -> None:
    await old_one(database_url, engine, release)
    done = await upgrade.upgrade(settings(database_url, tmp_path / "copies"), NOW)
    assert done is not None
    assert (done.old, done.new) == (1, len(steps()))
    db = await opened(database_url)
    await require_schema(db)
    assert await drift(db) == []
    assert [row[0] for row in await db.read("select name from person")] == ["Lan"]
    assert [row[0] for row in await db.read("select action from event")] == ["consent.given"]
    with pytest.raises(Exception, match="append-only"):
        await db.write([("delete from event", ())])
    await db.close()
    with closing(sqlite3.connect(done.before.file)) as before:
        assert before.execute("select max(version) from schema_version").fetchone() == (1,)
        assert before.execute("select name from person").fetchone() == ("Lan",)
    assert await upgrade.upgrade(settings(database_url, tmp_path / "copies"), NOW) is None


async def test_numbers_go_on_after_those_that_were_given(
    opened: Opener, database_url: str, engine: str, tmp_path: Path
) -> None:
    await old_one(database_url, engine)
    await upgrade.upgrade(settings(database_url, tmp_path / "copies"), NOW)
    db = await opened(database_url)
    await db.write([("insert into event (at, action, subject) values (1, 'a', 'b')", ())])
    assert [row[0] for row in await db.read("select id from event order by id")] == [1, 2]


async def test_what_does_not_work_afterwards_is_rolled_back_with_the_reason(
    opened: Opener, database_url: str, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await old_one(database_url, engine)

    async def refuse(_: object) -> None:
        raise StorageUnavailable("the disk is read-only")

    monkeypatch.setattr(restore, "require_schema", refuse)
    with pytest.raises(Failed, match="bản cũ đã trở lại chỗ: the disk is read-only"):
        await upgrade.upgrade(settings(database_url, tmp_path / "copies"), NOW)
    db = await opened(database_url)
    assert [row[0] for row in await db.read("select max(version) from schema_version")] == [1]
    assert [row[0] for row in await db.read("select name from person")] == ["Lan"]


async def test_a_copy_that_fails_its_examination_never_takes_the_place(
    opened: Opener, database_url: str, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await old_one(database_url, engine)
    right = upgrade.migrate

    async def lossy(url: str) -> None:
        await right(url)
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("delete from account")
            connection.commit()

    monkeypatch.setattr(upgrade, "migrate", lossy)
    with pytest.raises(Failed, match="chưa đổi gì: nâng cấp sẽ mất dòng của account"):
        await upgrade.upgrade(settings(database_url, tmp_path / "copies"), NOW)
    db = await opened(database_url)
    assert [row[0] for row in await db.read("select max(version) from schema_version")] == [1]


async def test_two_upgrades_at_once_do_not_meet(database_url: str, engine: str, tmp_path: Path) -> None:
    await old_one(database_url, engine)
    async with copy.stopped(database_url):
        with pytest.raises(Exception, match=r"stop that process first|is under way"):
            await upgrade.upgrade(settings(database_url, tmp_path / "copies"), NOW)


async def test_a_newer_database_and_one_without_tables_say_what_to_do(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaMismatch, match="giaoban migrate"):
        await upgrade.upgrade(settings(database_url, tmp_path / "copies"), NOW)


def test_the_command_tells_what_was_done_and_how_to_go_back(giaoban: Giaoban, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection:
        connection.executescript((SCHEMAS / "0.1.0.sqlite.sql").read_text("utf-8"))
    giaoban("run").failed("chưa có token nào")
    giaoban("units").failed("chạy giaoban upgrade")
    done = giaoban("upgrade")
    out = done.out
    assert (done.code, "bản sao chưa niêm phong" in done.err) == (0, True)
    assert f"từ phiên bản 1 lên {len(steps())}" in out
    assert len(shelf.copies(tmp_path / "backups")) == 1
    aside = out.rpartition("giaoban restore ")[2].strip()
    assert (tmp_path / aside).exists()
    assert giaoban("upgrade").good() == "Cơ sở dữ liệu đã đúng phiên bản này, không phải nâng cấp.\n"
    giaoban("units").good()


def test_an_old_program_on_a_new_schema_says_one_clear_line(loaded: Giaoban, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as newer:
        newer.execute("insert into schema_version (version, name) values (999, '0999_later')")
        newer.commit()
    for command in ("upgrade", "migrate", "units"):
        loaded(command).failed("cơ sở dữ liệu ở phiên bản 999, chương trình này cần")


def test_a_running_bot_and_a_full_disk_are_one_line_and_change_nothing(
    giaoban: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection:
        connection.executescript((SCHEMAS / "0.1.0.sqlite.sql").read_text("utf-8"))
    lock = RunnerLock(str(tmp_path / "giaoban.db"))
    giaoban("upgrade").failed("một bot khác (")
    lock.release()
    monkeypatch.setattr(workroom.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 95, 2**20))  # type: ignore[attr-defined]
    giaoban("upgrade").failed("nâng cấp: cần 2 MB ở")
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection:
        assert connection.execute("select max(version) from schema_version").fetchone() == (1,)
    assert not list(tmp_path.glob("*before*"))
