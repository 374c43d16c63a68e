"""Going back to a copy: what it shows, what it refuses, and that nothing is sent or stored twice afterwards."""

# ruff: noqa: F811

import io
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from databases import ON_SQLITE, Opener
from test_backup import reports
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401
from test_migrate import SCHEMAS, run_script
from two_clusters import at, load, one, queued, reminders_job

from bot.commands import gap
from bot.copies import restore, seal, shelf
from bot.copies.backup import backup
from bot.copies.restore import OpenedCopy
from bot.failures import Failed
from bot.settings import Settings
from storage.database import AlreadyRun, Database, StorageUnavailable, sqlite_path
from storage.engine.copies import copy
from storage.engine.sqlite_files import RunnerLock
from storage.engine.steps import steps
from storage.messages import outbox
from storage.people import privacy

MADE, NOW = at("2026-04-09", "20:00"), at("2026-04-10", "09:30")
EVENING = at("2026-04-10", "19:10")  # in the second hour of reminders whatever the morning missed goes out


def settings(url: str, folder: Path | None = None) -> Settings:
    return Settings(giaoban_database_url=url, giaoban_backup_dir=folder, _env_file=None)  # type: ignore[call-arg]


class Clerk:
    """Someone who backs up, goes back, and reads what the command shows."""

    def __init__(self, url: str, folder: Path, opened: Opener) -> None:
        self.url, self.folder, self._opened = url, folder, opened
        self.shown: list[OpenedCopy] = []
        self.pass_over = gap.pass_over
        self._db: Database | None = None

    async def db(self) -> Database:
        if self._db is None:
            self._db = await self._opened(self.url)
        return self._db

    async def close(self) -> None:
        if self._db is not None:
            await self._db.close()
            self._db = None

    async def copies(self, at: datetime = MADE, key: str = "") -> Path:
        await self.close()
        return (await backup(self.url, self.folder, key, at)).file

    async def restores(self, file: Path, now: datetime = NOW, secrets: tuple[str, ...] = ()) -> restore.Restored:
        await self.close()

        def show(opened: OpenedCopy) -> bool:
            self.shown.append(opened)
            return True

        done = await restore.restore(settings(self.url, self.folder), file, secrets, now, show, self.pass_over)
        assert done is not None
        return done


@pytest.fixture
async def clerk(migrated_url: str, opened: Opener, tmp_path: Path) -> Clerk:
    """Two clusters before their briefings; the bot is stopped."""
    clerk = Clerk(migrated_url, tmp_path / "copies", opened)
    await load(await clerk.db())
    return clerk


@pytest.mark.parametrize("hours", [2, -400], ids=["then", "by a clock set back"])
async def test_what_came_after_the_copy_is_told_and_gone_and_kept_aside(clerk: Clerk, engine: str, hours: int) -> None:
    file = await clerk.copies()
    db = await clerk.db()
    unit = await one(db, "select id from unit where code = 'CD01'")
    period = await one(db, "select id from period where state = 'open'")
    later = int((MADE + timedelta(hours=hours)).timestamp() * 1000)
    await db.write(
        [
            (
                "insert into submission (period_id, unit_id, state, rev, started_at, submitted_at)"
                " values (?, ?, 'submitted', 1, ?, ?) on conflict (period_id, unit_id) do update"
                " set state = 'submitted', submitted_at = excluded.submitted_at",
                (period, unit, later, later),
            ),
            (
                "insert into value (period_id, unit_id, indicator, amount, approx, source, set_at)"
                " values (?, ?, 'cay_xanh', 150, 0, '150 cây', ?)",
                (period, unit, later),
            ),
        ]
    )
    name = await one(db, "select name from unit where id = ?", unit)
    done = await clerk.restores(file)
    loses = clerk.shown[0].loses
    assert loses is not None
    assert (loses.reports, loses.answers, loses.people) == ((name,), 1, 0)
    db = await clerk.db()
    assert await one(db, "select count(*) from value where source = '150 cây'") == 0
    assert await one(db, "select count(*) from event where action = 'database.restored'") == 1
    if engine == "sqlite":
        with closing(sqlite3.connect(done.aside)) as old:
            assert old.execute("select count(*) from value where set_at = ?", (later,)).fetchone() == (1,)
        await clerk.restores(Path(done.aside), NOW + timedelta(seconds=1))  # and back again
        assert await one(await clerk.db(), "select count(*) from value where set_at = ?", later) == 1
    else:
        assert await one(db, f"select count(*) from {done.aside}.value where set_at = ?", later) == 1


async def test_nothing_that_fell_due_since_the_copy_is_sent_again(clerk: Clerk) -> None:
    """The copy is of 20:00; at 7:00 reminders left, of which it knows nothing; at 9:30 it is restored."""
    file = await clerk.copies()
    db = await clerk.db()
    assert await reminders_job(db).tick(at("2026-04-10")) > 0
    reminded = await queued(db, "reminder")
    await clerk.restores(file)
    db = await clerk.db()
    assert await one(db, "select count(*) from outbox where state in ('ready', 'leased')") == 0
    assert await queued(db, "reminder") == reminded
    assert await reminders_job(db).tick(EVENING) == 0
    unsure = await db.read("select distinct state, error from outbox where kind = 'reminder'")
    assert [tuple(row) for row in unsure] == [("unsure", "restored from a copy")]
    assert await one(db, "select count(*) from reminder where state = 'sent'") == 0
    # The gap is over: the next rung is said as ever.
    assert await reminders_job(db).tick(at("2026-04-13")) > 0


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_without_passing_over_the_gap_they_would_be_sent_again(clerk: Clerk) -> None:
    async def nothing(*_: object) -> None: ...

    file = await clerk.copies()
    clerk.pass_over = nothing
    await clerk.restores(file)
    assert await reminders_job(await clerk.db()).tick(EVENING) > 0


@ON_SQLITE
async def test_what_waited_in_the_copy_is_shown_to_the_office_and_not_sent(clerk: Clerk) -> None:
    db = await clerk.db()
    await db.write([outbox.say("r1", "reply", "local", "dong", {"text": "Đã ghi"}, MADE)])
    file = await clerk.copies()
    await clerk.restores(file)
    db = await clerk.db()
    assert (await db.read("select state from outbox where dedupe_key = 'r1'"))[0][0] == "unsure"
    told = [row[0] for row in await db.read("select body from outbox where dedupe_key like 'unsure:%'")]
    assert told == []  # told later, in decent hours, by the job that tells of all such


@ON_SQLITE
async def test_a_clock_that_is_behind_the_copy_does_no_harm(clerk: Clerk) -> None:
    file = await clerk.copies()
    await clerk.restores(file, MADE - timedelta(hours=1))
    assert await one(await clerk.db(), "select count(*) from unit where code = 'CD01'") == 1


def test_the_gap_is_looked_at_each_hour_of_its_last_days_and_each_day_before() -> None:
    moments = list(gap._moments(MADE, MADE + timedelta(days=100)))
    assert moments[0] == MADE
    assert moments[-1] == MADE + timedelta(days=100)
    assert len(moments) < 300
    assert max(b - a for a, b in zip(moments[-180:], moments[-179:], strict=False)) <= timedelta(hours=1)


async def test_an_update_the_copy_knows_is_not_stored_again(clerk: Clerk) -> None:
    db = await clerk.db()
    insert = (
        "insert into inbox (channel, bot, message_id, chat_id, payload, received_at, done_at)"
        " values ('local', 'b', 'm1', 'dong', null, ?, ?) on conflict do nothing",
        (int(MADE.timestamp() * 1000),) * 2,
    )
    await db.write([insert])
    file = await clerk.copies()
    await clerk.restores(file)
    assert await (await clerk.db()).write([insert]) == [0]


async def test_who_was_erased_after_the_copy_is_erased_in_it(clerk: Clerk) -> None:
    db = await clerk.db()
    person, name = (
        await db.read("select person_id, name from account join person on id = person_id where chat_id = 'dong'")
    )[0]
    file = await clerk.copies()
    db = await clerk.db()
    await db.write(privacy.erase(person, await privacy.held_about(db, person), "2026-04-09", MADE + timedelta(hours=1)))
    done = await clerk.restores(file)
    assert done.erased_again == 1
    db = await clerk.db()
    assert await one(db, "select count(*) from person where name = ?", name) == 0
    assert await one(db, "select count(*) from account where chat_id = 'dong'") == 0


async def test_a_list_beside_the_copies_tells_of_erasures_when_the_database_is_lost(clerk: Clerk, engine: str) -> None:
    db = await clerk.db()
    person = await one(db, "select person_id from account where chat_id = 'dong'")
    other = await one(db, "select person_id from account where chat_id = 'doai'")
    file = await clerk.copies()
    stamp = int(MADE.timestamp() * 1000)
    shelf.note_erased(clerk.folder, {person: stamp + 1, other: stamp - 1})
    if (path := sqlite_path(clerk.url)) is not None:
        Path(path).unlink()
    done = await clerk.restores(file)
    assert done.erased_again == 1  # the other one was erased before: the copy would know
    assert await one(await clerk.db(), "select count(*) from account where chat_id = 'dong'") == 0
    assert (clerk.shown[0].loses is None) == (engine == "sqlite")


async def test_a_sealed_copy_of_an_older_release_is_brought_up_on_the_way(
    database_url: str, engine: str, opened: Opener, tmp_path: Path
) -> None:
    await run_script(database_url, (SCHEMAS / f"0.1.0.{engine}.sql").read_text("utf-8"))
    secret, public = seal.new_key()
    clerk = Clerk(database_url, tmp_path / "copies", opened)
    file = await clerk.copies(key=public)
    await clerk.restores(file, secrets=(secret,))
    db = await clerk.db()
    assert await one(db, "select max(version) from schema_version") == len(steps())
    assert await one(db, "select name from person") == "Lan"


@ON_SQLITE
async def test_a_running_bot_is_not_restored_over(clerk: Clerk, opened: Opener) -> None:
    file = await clerk.copies()
    await opened(clerk.url, exclusive=True)
    with pytest.raises(AlreadyRun, match="stop"):
        await clerk.restores(file)


async def test_two_restores_at_once_do_not_meet(clerk: Clerk) -> None:
    file = await clerk.copies()
    async with copy.stopped(clerk.url):
        with pytest.raises(AlreadyRun, match=r"stop that process first|is under way"):
            await clerk.restores(file)


async def test_a_restored_database_that_does_not_work_gives_way_to_the_old_one(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await clerk.copies()
    db = await clerk.db()
    await db.write([("insert into setting (name, value) values ('mine', 'today')", ())])
    await clerk.close()
    tries = 0

    async def refuse(_: object) -> None:
        nonlocal tries
        tries += 1
        raise StorageUnavailable("the disk is read-only")

    with monkeypatch.context() as broken:
        broken.setattr(restore, "require_schema", refuse)
        with pytest.raises(Failed, match="bản cũ đã trở lại chỗ: the disk is read-only"):
            await clerk.restores(file)
    assert tries == 1
    assert await one(await clerk.db(), "select value from setting where name = 'mine'") == "today"


# --- files that are no good copy ---------------------------------------------------------------------------------


def test_a_file_that_is_no_copy_is_refused_in_one_line(loaded: Giaoban, tmp_path: Path) -> None:
    before = (tmp_path / "giaoban.db").read_bytes()
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04 a letter")
    loaded("restore", "letter.docx").failed("letter.docx: không phải bản sao")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("create table songs (id integer)")
        other.commit()
    loaded("restore", "other.db").failed("other.db: không phải bản sao")
    loaded("restore", "nothing.db").failed("nothing.db: không có tệp này")
    shutil.copyfile(tmp_path / "giaoban.db", tmp_path / "cut.db")
    with (tmp_path / "cut.db").open("r+b") as cut:
        cut.truncate(500_000)
    loaded("restore", "cut.db").failed("cut.db: hỏng hoặc bị cắt; lấy bản sao trước đó")
    (tmp_path / "empty.db").touch()
    loaded("restore", "empty.db").failed("empty.db: không phải bản sao")
    assert (tmp_path / "giaoban.db").read_bytes() == before
    assert not list(tmp_path.glob("*before*"))


def test_a_copy_of_a_newer_or_a_foreign_program_is_refused(loaded: Giaoban, tmp_path: Path) -> None:
    shutil.copyfile(tmp_path / "giaoban.db", tmp_path / "newer.db")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as newer:
        newer.execute("insert into schema_version (version, name) values (999, '0999_later')")
        newer.commit()
    loaded("restore", "newer.db").failed("newer.db: không phục hồi được: cơ sở dữ liệu ở phiên bản 999")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as foreign:
        foreign.execute("delete from schema_version where version = 999")
        foreign.execute("update schema_version set checksum = 'other' where version = 1")
        foreign.commit()
    loaded("restore", "newer.db").failed("do bản khác của chương trình lập")


def test_a_wrong_key_and_a_key_file_without_key_are_one_line(
    loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, public = seal.new_key()
    monkeypatch.setenv("GIAOBAN_BACKUP_KEY", public)
    loaded("backup", "copies").good()
    file = str(shelf.copies(tmp_path / "copies")[0][1])
    loaded("restore", file).failed("đã niêm phong; ghi tệp khóa bí mật của văn phòng")
    for text, named in (("", "không có khóa bí mật trong tệp"), (seal.new_key()[0], "niêm phong bằng khóa khác")):
        (tmp_path / "key").write_text(text)
        loaded("restore", file, "--key", "key").failed(named)
    (tmp_path / "key").write_text(f"# của văn phòng\n{secret}\n")
    out = loaded("restore", file, "--key", "key").good()
    assert "không mất gì" in out
    assert "Muốn quay lại: giaoban restore giaoban.db.before-" in out


@pytest.mark.parametrize("sealed", [True, False])
def test_a_disk_that_fills_while_a_copy_is_opened_is_named_and_changes_nothing(
    loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sealed: bool
) -> None:
    key = loaded("backup", "--new-key", "key").good().rpartition("GIAOBAN_BACKUP_KEY=")[2].strip()
    if sealed:
        monkeypatch.setenv("GIAOBAN_BACKUP_KEY", key)
    assert loaded("backup", "copies").code == 0
    file = str(shelf.copies(tmp_path / "copies")[0][1])
    before = (tmp_path / "giaoban.db").read_bytes()
    full = io.BufferedWriter(io.FileIO("/dev/full", "w"))
    monkeypatch.setattr(seal, "open", lambda *_, **__: full, raising=False)
    loaded("restore", file, "--key", "key").failed(f"không mở ra {tmp_path} được: ổ đĩa hết chỗ; dọn ổ đĩa ấy")
    assert (tmp_path / "giaoban.db").read_bytes() == before
    assert not list(tmp_path.glob(".giaoban-work-*"))


def test_a_dry_run_shows_and_changes_nothing(loaded: Giaoban, tmp_path: Path) -> None:
    assert loaded("backup", "copies").code == 0
    file = str(shelf.copies(tmp_path / "copies")[0][1])
    before = (tmp_path / "giaoban.db").read_bytes()
    out = loaded("restore", file, "--dry-run").good()
    assert f"{reports(tmp_path)} báo cáo" in out
    assert "Chạy thử: chưa đổi gì." in out
    assert (tmp_path / "giaoban.db").read_bytes() == before


def test_a_running_bot_is_named_by_its_process(loaded: Giaoban, tmp_path: Path) -> None:
    assert loaded("backup", "copies").code == 0
    lock = RunnerLock(str(tmp_path / "giaoban.db"))
    try:
        loaded("restore", str(shelf.copies(tmp_path / "copies")[0][1])).failed("một bot khác (")
    finally:
        lock.release()


async def test_what_was_put_aside_in_one_second_is_kept_even_after_a_kill(tmp_path: Path) -> None:
    stands, new = tmp_path / "giaoban.db", tmp_path / "new"
    stands.write_text("first")
    (tmp_path / f"giaoban.db.before-{NOW:%Y%m%dT%H%M%S}").hardlink_to(stands)  # killed before the swap
    for text in ("second", "third"):
        new.write_text(text)
        assert await copy.put(new, f"sqlite:///{stands}", NOW)
    kept = sorted(path.read_text() for path in tmp_path.glob("giaoban.db.before-*[0-9]"))
    assert (stands.read_text(), kept) == ("third", ["first", "first", "second"])


def test_a_damaged_or_deleted_database_is_restored_with_what_it_had_kept_aside(loaded: Giaoban, tmp_path: Path) -> None:
    assert loaded("backup", "copies").code == 0
    file, db = str(shelf.copies(tmp_path / "copies")[0][1]), tmp_path / "giaoban.db"
    db.write_bytes(b"\0" * 5000)
    (tmp_path / "giaoban.db-wal").write_bytes(b"old log")
    out = loaded("restore", file).good()
    assert "Không đọc được cơ sở dữ liệu hiện tại" in out
    assert (tmp_path / "giaoban.db").stat().st_size > 100_000
    assert [path.read_bytes()[:4] for path in tmp_path.glob("giaoban.db.before-*[0-9]")] == [b"\0" * 4]
    for path in tmp_path.glob("giaoban.db*"):
        path.unlink()
    out = loaded("restore", file).good()
    assert "Cơ sở dữ liệu cũ" not in out
    loaded("units").good()


def test_the_mode_of_the_old_file_stays(loaded: Giaoban, tmp_path: Path) -> None:
    assert loaded("backup", "copies").code == 0
    (tmp_path / "giaoban.db").chmod(0o640)
    loaded("restore", str(shelf.copies(tmp_path / "copies")[0][1])).good()
    assert (tmp_path / "giaoban.db").stat().st_mode & 0o777 == 0o640
