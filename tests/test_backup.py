"""Copies of the database: whole while people write, sealed, proved before they are called good, a few dozen kept."""

# ruff: noqa: F811

import asyncio
import errno
import io
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import Opener
from hypothesis import given
from hypothesis import strategies as st
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401

from bot.copies import seal, shelf, workroom
from bot.copies.backup import backup
from bot.failures import Failed
from storage.engine.copies import copy
from storage.engine.copies.tally import MADE_AT

NOW = datetime(2026, 4, 10, 3, 0, tzinfo=UTC)


def tables(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a SQLite file."""
    with closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_schema where type = 'table'")]
        return {name: sorted(connection.execute(f'select * from "{name}"'), key=repr) for name in names}


def reports(folder: Path) -> int:
    """How many the database in that folder has."""
    with closing(sqlite3.connect(folder / "giaoban.db")) as connection:
        return int(connection.execute("select count(*) from submission").fetchone()[0])


async def test_a_copy_holds_every_row_and_is_one_file_that_sqlite_opens(
    demo_url: str, opened: Opener, tmp_path: Path
) -> None:
    made = await backup(demo_url, tmp_path / "copies", "", NOW)
    assert sorted(file.name for file in (tmp_path / "copies").iterdir() if file.suffix == ".db") == [made.file.name]
    assert made.file.name == "giaoban-20260410T030000Z.db"
    db = await opened(demo_url)
    with closing(sqlite3.connect(made.file)) as connection:
        connection.row_factory = sqlite3.Row
        for name in ("unit", "value", "event", "outbox", "account", "conversation"):
            copied = [dict(row) for row in connection.execute(f'select * from "{name}"')]
            there = [dict(row) for row in await db.read(f"select * from {name}")]
            assert sorted(copied, key=repr) == sorted(({key: row[key] for key in copied[0]} for row in there), key=repr)
            assert len(there) == made.holds.rows[name]
    assert made.holds.last_event == (await db.read("select max(id) from event"))[0][0]
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("**/.giaoban-work-*"))


async def test_a_copy_made_while_people_write_is_of_one_moment(demo_url: str, opened: Opener, tmp_path: Path) -> None:
    """Every write is a pair of rows; a copy with half of one would be of two moments."""
    db = await opened(demo_url)
    stop, begun = asyncio.Event(), asyncio.Event()
    written = 0

    async def write() -> None:
        nonlocal written
        while not stop.is_set():
            written += 1
            pair = [
                ("insert into setting (name, value) values (?, 'x')", (f"{side}.{written}",))
                for side in ("left", "right")
            ]
            await db.write(pair)
            begun.set()

    writing = asyncio.create_task(write())
    await begun.wait()
    for number in range(3):
        made = await backup(demo_url, tmp_path / "copies", "", NOW + timedelta(seconds=number))
        with closing(sqlite3.connect(made.file)) as connection:
            sides = [
                connection.execute("select count(*) from setting where name like ?", (f"{side}.%",)).fetchone()[0]
                for side in ("left", "right")
            ]
        assert sides[0] == sides[1] > 0
    stop.set()
    await writing


async def test_a_sealed_copy_opens_with_the_office_s_key_alone(sqlite_file: Path, tmp_path: Path) -> None:
    secret, public = seal.new_key()
    made = await backup(f"sqlite:///{sqlite_file}", tmp_path / "copies", public, NOW)
    assert made.sealed
    assert made.file.name.endswith("Z.db.gz.age")
    assert b"SQLite" not in made.file.read_bytes()
    seal.unseal(made.file, tmp_path / "plain.db", [secret])
    assert tables(tmp_path / "plain.db")["value"] == tables(sqlite_file)["value"]
    with pytest.raises(Failed, match="đã niêm phong; ghi tệp khóa"):
        seal.unseal(made.file, tmp_path / "no.db", [])
    with pytest.raises(Failed, match="niêm phong bằng khóa khác"):
        seal.unseal(made.file, tmp_path / "no.db", [seal.new_key()[0]])


async def test_a_secret_key_in_the_settings_seals_as_well(sqlite_file: Path, tmp_path: Path) -> None:
    secret, _ = seal.new_key()
    made = await backup(f"sqlite:///{sqlite_file}", tmp_path / "copies", secret, NOW)
    seal.unseal(made.file, tmp_path / "plain.db", [secret])


@pytest.fixture
def sqlite_file(demo_province: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo_province, tmp_path / "giaoban.db"))


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("harm", ["cut", "turned"])
async def test_a_copy_that_was_harmed_is_found_out(sqlite_file: Path, tmp_path: Path, sealed: bool, harm: str) -> None:
    secret, public = seal.new_key()
    made = await backup(f"sqlite:///{sqlite_file}", tmp_path / "copies", public if sealed else "", NOW)
    content = bytearray(made.file.read_bytes())
    if harm == "cut":
        del content[len(content) // 2 :]
    else:
        middle = len(content) // 2 // 4096 * 4096  # a page's head
        content[middle : middle + 64] = bytes(byte ^ 0xFF for byte in content[middle : middle + 64])
    made.file.write_bytes(content)

    async def open_it() -> None:
        seal.unseal(made.file, tmp_path / "again.db", [secret])
        await copy.prove(tmp_path / "again.db")

    with pytest.raises(Exception, match=r"hỏng|damaged"):
        await open_it()


async def test_a_copy_that_is_not_what_was_taken_gets_no_name(
    sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is opened again as it lies there; here it loses a row between being written and being proved."""
    whole = seal.unseal

    def lossy(file: Path, target: Path, secrets: list[str]) -> None:
        whole(file, target, secrets)
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("delete from petition")
            connection.execute("delete from value where rowid = (select max(rowid) from value)")
            connection.commit()

    monkeypatch.setattr(seal, "unseal", lossy)
    with pytest.raises(Failed, match=r"bản sao không đúng \(table value has \d+ rows and should have \d+\)"):
        await backup(f"sqlite:///{sqlite_file}", tmp_path / "copies", "", NOW)
    assert shelf.copies(tmp_path / "copies") == []


async def test_a_damaged_database_is_not_copied_over_the_good_copies(sqlite_file: Path, tmp_path: Path) -> None:
    url, folder = f"sqlite:///{sqlite_file}", tmp_path / "copies"
    good = await backup(url, folder, "", NOW)
    with sqlite_file.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(os.urandom(8192))
    with pytest.raises(Exception, match=r"hỏng|damaged"):
        await backup(url, folder, "", NOW + timedelta(days=40))
    assert [file for _, file in shelf.copies(folder)] == [good.file]


async def test_what_a_copy_says_of_itself_is_in_the_copy_alone(sqlite_file: Path, tmp_path: Path) -> None:
    made = await backup(f"sqlite:///{sqlite_file}", tmp_path / "copies", "", NOW)
    assert (MADE_AT, str(int(NOW.timestamp() * 1000))) in tables(made.file)["setting"]
    assert MADE_AT not in dict(tables(sqlite_file)["setting"])


# --- how many are kept -------------------------------------------------------------------------------------------


def test_seven_days_five_weeks_and_twelve_months_are_kept() -> None:
    first = datetime(2025, 1, 1, 18, 30, tzinfo=UTC)
    folder: set[datetime] = set()
    for day in range(600):
        folder.add(first + timedelta(days=day))
        folder = shelf.kept(folder)
    last = first + timedelta(days=599)
    assert len([moment for moment in folder if moment > last - timedelta(days=7)]) == 7
    assert 7 + 4 + 10 <= len(folder) <= 7 + 5 + 12
    assert last - min(folder) > timedelta(days=320)
    assert max(folder) == last


@given(st.sets(st.integers(0, 3 * 366 * 24 * 60), min_size=1, max_size=60))
def test_the_newest_copy_is_never_removed_and_never_more_than_24_older_than_a_day_stay(minutes: set[int]) -> None:
    moments = {NOW + timedelta(minutes=minute) for minute in minutes}
    stay = shelf.kept(moments)
    assert max(moments) in stay <= moments
    assert len([m for m in stay if m <= max(moments) - timedelta(days=1)]) <= 7 + 5 + 12
    assert shelf.kept(stay) == stay


async def test_older_copies_make_room_and_other_files_stay(sqlite_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    old = [folder / shelf.named(NOW - timedelta(days=400 + day), sealed=True) for day in range(40)]
    mine = folder / "giaoban-của tôi.db"
    for file in (*old, mine):
        file.touch()
    made = await backup(f"sqlite:///{sqlite_file}", folder, "", NOW)
    assert made.removed
    assert mine.exists()
    assert len(shelf.copies(folder)) == 41 - len(made.removed) <= 24


async def test_by_a_clock_set_back_a_copy_of_today_is_made_and_stays(sqlite_file: Path, tmp_path: Path) -> None:
    for day in range(-30, 40):
        (tmp_path / shelf.named(NOW + timedelta(days=day, hours=3), sealed=True)).touch()
    assert shelf.newest(tmp_path, NOW) == NOW - timedelta(hours=21)
    made = await backup(f"sqlite:///{sqlite_file}", tmp_path, "", NOW)
    assert made.file.exists()
    assert shelf.newest(tmp_path, NOW) == NOW


# --- bad luck ----------------------------------------------------------------------------------------------------


def test_a_backup_tells_what_is_in_it_and_warns_when_it_is_not_sealed(loaded: Giaoban, tmp_path: Path) -> None:
    ran = loaded("backup", "copies")
    assert ran.code == 0
    assert "Đã sao lưu và kiểm tra lại: copies/giaoban-" in ran.out
    assert f"{reports(tmp_path)} báo cáo" in ran.out
    assert "chưa niêm phong" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_key_is_written_once_and_seals(
    loaded: Giaoban,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = loaded("backup", "--new-key", "key.txt").good()
    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600
    public = out.rpartition("GIAOBAN_BACKUP_KEY=")[2].strip()
    monkeypatch.setenv("GIAOBAN_BACKUP_KEY", public)
    loaded("backup", "copies").good()
    loaded("backup", "--new-key", "key.txt").failed("key.txt")
    monkeypatch.setenv("GIAOBAN_BACKUP_KEY", public[:-1])
    loaded("backup", "copies").failed("GIAOBAN_BACKUP_KEY")
    monkeypatch.setenv("GIAOBAN_BACKUP_KEY", public[:-1] + ("q" if public[-1] != "q" else "p"))
    loaded("backup", "copies").failed("GIAOBAN_BACKUP_KEY: sai chữ")


def test_a_folder_that_is_a_file_and_no_folder_at_all_are_one_line(
    loaded: Giaoban,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    loaded("backup", "file").failed("chưa sao lưu, file: đã có")
    loaded("backup").failed("GIAOBAN_BACKUP_DIR", 2)
    (tmp_path / "giaoban.db").unlink()
    loaded("backup", "copies").failed("chưa có cơ sở dữ liệu ở giaoban.db")


def test_a_disk_without_room_is_told_before_anything_is_written(
    loaded: Giaoban,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = shutil.disk_usage(tmp_path)._replace(free=2 * 2**20)
    monkeypatch.setattr(workroom.shutil, "disk_usage", lambda _: free)
    loaded("backup", "copies").failed("MB; dọn ổ đĩa")
    assert shelf.copies(tmp_path / "copies") == []


@pytest.mark.parametrize(
    ("where", "number", "told"),
    [
        ("mkdir", errno.EACCES, "không có quyền"),
        ("mkdir", errno.EROFS, "ổ đĩa chỉ cho đọc"),
        ("copyfile", errno.ENOSPC, "ổ đĩa hết chỗ"),
        ("seal", errno.ENOSPC, "ổ đĩa hết chỗ"),
    ],
)
def test_a_folder_without_rights_and_a_disk_that_fills_half_way_are_one_line_and_leave_the_older_copies(
    loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, number: int, told: str
) -> None:
    key = loaded("backup", "--new-key", "key.txt").good().rpartition("GIAOBAN_BACKUP_KEY=")[2].strip()
    assert loaded("backup", "copies").code == 0

    def refuse(*_: object, **__: object) -> None:
        target = str(tmp_path / "copies") if where == "copyfile" else None
        raise OSError(number, os.strerror(number), target and "taken.db", None, target)

    if where == "seal":
        monkeypatch.setenv("GIAOBAN_BACKUP_KEY", key)
        monkeypatch.setattr(
            seal, "open", lambda *_, **__: io.BufferedWriter(io.FileIO("/dev/full", "w")), raising=False
        )
    else:
        monkeypatch.setattr(*((Path, "mkdir") if where == "mkdir" else (shutil, "copyfile")), refuse)
    loaded("backup", "copies").failed(f"copies: {told}")
    assert [file.suffix for _, file in shelf.copies(tmp_path / "copies")] == [".db"]
    assert not list(tmp_path.glob("**/.giaoban-*.part"))
    assert not list(tmp_path.glob(".giaoban-work-*"))


def test_two_backups_into_one_folder_do_not_meet(loaded: Giaoban, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    with workroom.alone(tmp_path / "copies", "a_backup"):
        loaded("backup", "copies").failed("đang có lệnh sao lưu khác chạy; chờ xong")


def test_what_a_killed_backup_left_goes_with_the_next(loaded: Giaoban, tmp_path: Path) -> None:
    left, part = tmp_path / ".giaoban-work-dead", tmp_path / "copies" / ".giaoban-20260101T000000Z.db.part"
    left.mkdir()
    (left / "taken.db").write_bytes(b"rows")
    part.parent.mkdir()
    part.touch()
    assert loaded("backup", "copies").code == 0
    assert not left.exists()
    assert not part.exists()
