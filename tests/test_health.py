"""What is wrong with a running bot: found, told to monitors, to whoever runs `check`, and once a day to the office."""

# ruff: noqa: F811

import asyncio
import json
import re
import shutil
import sys
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401
from two_clusters import WORDING, at, load, one

from bot.copies import nightly, shelf
from bot.copies.nightly import Nightly, last_time
from bot.health import backups, certificate, examination
from bot.health.backups import CopiesState
from bot.health.certificate import CertificateState, CertificateWatch
from bot.health.examination import Examination
from bot.health.finding import NAMES, finding
from bot.health.server_clock import ServerClock
from bot.metrics import metrics_page
from bot.settings import Settings
from scheduler.upkeep.clean_up import Upkeep
from scheduler.upkeep.office_watch import OfficeWatch
from storage.database import Database
from storage.messages import local_chat
from storage.people import people

NOW = at("2026-04-10", "09:30")
URL = "https://bot.example.vn"


class Line:
    """A channel as far as an examination looks at it."""

    server, title = "TELEGRAM_API_URL", "Telegram"
    trouble = ""

    def health(self) -> str:
        return self.trouble


class Machine:
    """A bot's database, channel and clock, examined at any instant."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.line, self.now = db, Line(), NOW
        self.settings = Settings(giaoban_backup_dir=folder, giaoban_public_url=URL, _env_file=None)  # type: ignore[call-arg]
        self.lived = 0.0
        self.clock = ServerClock(lambda: self.now, lambda: self.lived)

    def examination(self) -> Examination:
        channels: dict[str, Any] = {"telegram": self.line}
        return Examination(self.db, self.settings, channels, self.clock)

    async def names(self) -> list[str]:
        return [one.name for one in await self.examination().findings(self.now)]

    async def copies(self, newest: datetime | None, trouble: str = "") -> None:
        stamp = None if newest is None else int(newest.timestamp() * 1000)
        await self.db.write([backups.tell(CopiesState(stamp, trouble))])


@pytest.fixture
async def machine(database: Database, tmp_path: Path) -> Machine:
    machine = Machine(database, tmp_path / "copies")
    await machine.copies(NOW - timedelta(hours=8))
    return machine


async def test_a_machine_that_is_well_has_no_findings(machine: Machine) -> None:
    assert await machine.names() == []


async def test_every_finding_says_what_it_is_and_what_to_do() -> None:
    for name in NAMES:
        found = finding(
            name, reason="r", free=1, last="l", called="c", hours=6, host="h", state="s", way="w", count=2, unit="u"
        )
        assert found.what.endswith(".")
        assert found.to_do.endswith(".")


async def test_a_copy_that_is_missing_old_or_unproved_is_found(machine: Machine) -> None:
    for newest, trouble in ((None, ""), (NOW - timedelta(hours=27), ""), (NOW - timedelta(hours=1), "no space left")):
        await machine.copies(newest, trouble)
        assert await machine.names() == ["backup"]
    assert "no space left" in (await machine.examination().findings(NOW))[0].what
    await machine.copies(NOW - timedelta(hours=25))
    assert await machine.names() == []


async def test_a_disk_that_fills_is_found_long_before_it_is_full(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination.shutil, "disk_usage", lambda _: SimpleNamespace(free=150 * 2**20))
    found = await machine.examination().findings(NOW)
    assert [(one.name, one.what) for one in found] == [("disk", "Ổ đĩa còn 150 MB.")]


async def test_a_channel_that_is_held_up_is_found_at_once_and_gone_at_once(machine: Machine) -> None:
    examined = machine.examination()
    assert await examined.findings(NOW) == []
    machine.line.trouble = "the token was revoked"
    found = await examined.findings(NOW)
    assert [(one.name, one.channel) for one in found] == [("channel", "telegram")]
    assert "the token was revoked" in found[0].what
    machine.line.trouble = ""
    assert await examined.findings(NOW) == []


async def messages(db: Database, count: int, moment: datetime) -> None:
    key = int(moment.timestamp() * 1000)
    await db.write(
        [
            (
                "insert into inbox (channel, bot, message_id, chat_id, received_at, done_at)"
                " values ('telegram', 'b', ?, 'c', ?, ?)",
                (f"{key}.{number}", key, key),
            )
            for number in range(count)
        ]
    )


async def test_silence_is_found_only_where_this_hour_of_the_week_is_never_silent(machine: Machine) -> None:
    hour = NOW - timedelta(hours=2)
    for week in (1, 2):
        await messages(machine.db, 5, hour - timedelta(days=7 * week))
    assert await machine.names() == []  # two weeks are no habit
    await messages(machine.db, 3, hour - timedelta(days=21))
    assert await machine.names() == ["silence"]
    await messages(machine.db, 1, NOW - timedelta(minutes=5))
    assert await machine.names() == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, ""), (29, ""), (31, "nhanh 31 giây"), (-31, "chậm 31 giây"), (172800, "nhanh 2 ngày"), (-7300, "chậm 2 giờ")],
)
async def test_a_clock_that_is_off_is_found_by_the_dates_of_servers(machine: Machine, seconds: int, told: str) -> None:
    machine.clock.hear(format_datetime(NOW - timedelta(seconds=seconds), usegmt=True))
    assert await machine.names() == (["clock"] if told else [])
    assert told in "".join(await machine.examination().told(NOW))
    machine.now, machine.lived = machine.now + timedelta(hours=2), 7200
    assert await machine.names() == (["clock"] if told else [])  # by the steady clock a server's word goes on holding


async def test_a_clock_that_leaps_is_found_at_once_and_told_once_until_it_is_right_again(machine: Machine) -> None:
    await load(machine.db)
    person = await one(machine.db, "select person_id from account where chat_id = 'doai'")
    province = await one(machine.db, "select id from unit where level = 'tinh_doan'")
    await machine.db.write([people.add_role(9000, person, "office", "", province, None, date(2026, 1, 1))])
    watch = OfficeWatch(machine.db, WORDING, ("local",), machine.examination().told)
    machine.clock.hear(format_datetime(NOW, usegmt=True))
    assert not await watch.tick(NOW)
    assert not machine.clock.misleads()
    machine.now = NOW + timedelta(hours=1)
    assert machine.clock.misleads()
    assert [await watch.tick(machine.now + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]
    machine.now = NOW
    assert not machine.clock.misleads()
    assert await machine.names() == []


async def test_where_no_server_is_a_clock_that_nobody_confirmed_is_believed(machine: Machine) -> None:
    assert machine.clock.misleads()
    machine.line.server = ""
    assert not await machine.examination().clock_misleads()


def test_a_header_that_is_no_date_is_ignored() -> None:
    clock = ServerClock(lambda: NOW)
    for header in ("", "yesterday", "Fri, 10 Apr 2026 99:99:99 GMT", "Fri, 10 Apr 2020 01:00:00"):
        clock.hear(header)
        assert clock.off() == timedelta()


async def test_a_certificate_is_found_when_it_ends_within_two_weeks_or_is_no_good(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = NOW + timedelta(days=13, hours=1)
    monkeypatch.setattr(certificate, "_until", lambda *_: until)
    watch = CertificateWatch(machine.db, URL)
    await watch.tick(NOW)
    assert await machine.names() == []  # not within minutes of the start
    await watch.tick(NOW + timedelta(minutes=11))
    found = await machine.examination().findings(NOW)
    assert [one.what for one in found] == ["Chứng chỉ của bot.example.vn hết hạn sau 13 ngày."]
    until = NOW + timedelta(days=80)
    await watch.tick(NOW + timedelta(hours=13))
    assert await machine.names() == []
    await machine.db.write([("delete from setting where name = ?", (certificate.NAME,))])
    assert CertificateState("h", 0, "self-signed").fault


async def test_an_address_without_tls_and_one_out_of_reach_tell_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> datetime:
        raise ConnectionRefusedError

    monkeypatch.setattr(certificate, "_until", refused)
    for address in ("", "http://bot.example.vn", URL):
        watch = CertificateWatch(machine.db, address)
        for hours in (0, 1):
            await watch.tick(NOW + timedelta(hours=hours))
    assert await machine.names() == []


# --- the daily copy ----------------------------------------------------------------------------------------------


def test_the_last_half_past_one_is_today_s_or_yesterday_s() -> None:
    assert last_time("01:30", at("2026-04-10", "01:29")) == at("2026-04-09", "01:30")
    assert last_time("01:30", at("2026-04-10", "01:30")) == at("2026-04-10", "01:30")


class Copier(Nightly):
    """Makes copies of no contents, or fails."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine.db, machine.settings)
        self.machine, self.made, self.fault = machine, 0, ""

    async def _make(self, folder: str) -> str:
        if not self.fault:
            self.made += 1
            Path(folder).mkdir(exist_ok=True)
            (Path(folder) / shelf.named(self.machine.now, sealed=True)).touch()
        return self.fault

    async def at(self, moment: datetime) -> CopiesState:
        self.machine.now = moment
        for _ in range(2):  # one begins it, the next one hears how it went
            await self.tick(moment)
            await asyncio.sleep(0)
        await self.tick(moment)
        state = await backups.stored(self.machine.db)
        assert state is not None
        return state


async def test_a_copy_is_made_once_a_day_at_its_hour_and_at_once_where_there_is_none(machine: Machine) -> None:
    copier = Copier(machine)
    days = [at("2026-04-10", "09:00") + timedelta(hours=hour) for hour in range(72)]
    for moment in days:
        await copier.at(moment)
    assert copier.made == 1 + 3
    assert await machine.names() == []


async def test_a_clock_that_jumps_a_day_ahead_or_an_hour_back_makes_no_storm_of_copies(machine: Machine) -> None:
    copier = Copier(machine)
    for moment in (NOW, NOW + timedelta(days=1), NOW, NOW - timedelta(hours=1), NOW + timedelta(minutes=1)):
        await copier.at(moment)
    assert copier.made == 2


async def test_a_copy_that_fails_is_tried_again_after_an_hour_and_told(machine: Machine) -> None:
    copier = Copier(machine)
    copier.fault = "chưa sao lưu, /mnt: Read-only file system"
    state = await copier.at(NOW)
    assert state == CopiesState(None, copier.fault)
    assert await machine.names() == ["backup"]
    copier.fault = ""
    assert (await copier.at(NOW + timedelta(minutes=30))).newest is None
    state = await copier.at(NOW + timedelta(minutes=61))
    assert (state.trouble, copier.made) == ("", 1)
    assert await machine.names() == []


async def test_who_was_erased_is_listed_beside_the_copies(machine: Machine) -> None:
    await Copier(machine).at(NOW)
    await machine.db.write([people.add_person(77, "Lan", NOW), ("update person set erased_at = 5 where id = 77", ())])
    await Copier(machine).at(NOW)
    folder = machine.settings.giaoban_backup_dir
    assert folder is not None
    assert shelf.erased(folder) == {77: 5}
    assert "Lan" not in (folder / shelf.ERASED).read_text()


@pytest.fixture
def real(demo_province: Path, tmp_path: Path) -> Settings:
    url = f"sqlite:///{shutil.copy(demo_province, tmp_path / 'giaoban.db')}"
    own: dict[str, Any] = {"giaoban_database_url": url, "giaoban_backup_dir": tmp_path / "copies", "_env_file": None}
    return Settings(**own)


async def test_the_daily_copy_is_made_by_a_process_of_its_own(real: Settings, opened: Any) -> None:
    db = await opened(real.giaoban_database_url, exclusive=True)
    job = Nightly(db, real)
    await job.tick(datetime.now(UTC))
    assert job._making is not None
    assert await job._making == ""
    await job.tick(datetime.now(UTC))
    state = await backups.stored(db)
    assert state is not None
    assert state.newest is not None
    await job.stop()


async def test_a_daily_copy_that_cannot_be_made_says_why(real: Settings, opened: Any) -> None:
    db = await opened(real.giaoban_database_url, exclusive=True)
    assert real.giaoban_backup_dir is not None
    real.giaoban_backup_dir.write_text("a file")
    job = Nightly(db, real)
    await job.tick(datetime.now(UTC))
    assert job._making is not None
    assert (await job._making).startswith("chưa sao lưu, ")


async def test_a_stop_gives_up_the_copy_that_is_being_made(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    start = asyncio.create_subprocess_exec
    begun: asyncio.Future[asyncio.subprocess.Process] = asyncio.get_running_loop().create_future()

    async def sleeper(*_: object, **__: object) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        begun.set_result(await start(sys.executable, "-c", "import sys; sys.stdin.read()", stdin=pipe, stderr=pipe))
        return begun.result()

    monkeypatch.setattr(nightly.asyncio, "create_subprocess_exec", sleeper)
    job = Nightly(machine.db, machine.settings)
    await job.tick(NOW)
    process = await begun
    await job.stop()
    assert process.returncode is not None


# --- who is told -------------------------------------------------------------------------------------------------


async def test_the_office_is_told_once_a_day_in_decent_hours_and_nobody_else(database: Database) -> None:
    await load(database)
    wrong = ["- Ổ đĩa còn 150 MB. Dọn ổ đĩa."]

    async def examine(_: datetime) -> list[str]:
        return wrong

    watch = OfficeWatch(database, WORDING, ("local",), examine)
    office = ["doai", "dong"]
    for number, chat in enumerate(office):
        person = await one(database, "select person_id from account where chat_id = ?", chat)
        province = await one(database, "select id from unit where level = 'tinh_doan'")
        await database.write([people.add_role(9000 + number, person, "office", "", province, None, date(2026, 1, 1))])
    assert await watch.tick(at("2026-04-10", "02:00")) == 0
    assert await watch.tick(at("2026-04-10", "09:00")) == len(office)
    assert await watch.tick(at("2026-04-10", "15:00")) == 0
    assert await watch.tick(at("2026-04-11", "09:00")) == len(office)
    told = [row[0] for row in await database.read("select distinct chat_id from outbox order by 1")]
    assert told == office
    text = json.loads(await one(database, "select body from outbox order by id limit 1"))["text"]
    assert text == f"Máy chạy bot có việc cần đồng chí, hoặc người trông máy, xem:\n{wrong[0]}"
    wrong.clear()
    assert await watch.tick(at("2026-04-12", "09:00")) == 0


async def test_the_figures_name_every_kind_of_finding_and_nobody(machine: Machine) -> None:
    await load(machine.db)
    await machine.copies(NOW - timedelta(hours=30))
    page, _ = await metrics_page(machine.db, machine.settings, machine.examination(), NOW)
    samples = [one for family in text_string_to_metric_families(page.decode()) for one in family.samples]
    figures = {(one.name, *one.labels.values()): one.value for one in samples}
    assert {name[1]: value for name, value in figures.items() if name[0] == "giaoban_finding"} == {
        name: float(name == "backup") for name in NAMES
    }
    assert figures["giaoban_backup_age_seconds",] == 30 * 3600
    assert {label for one in samples for label in one.labels} <= {"state", "name"}
    for row in await machine.db.read("select name from person where name <> '' union select chat_id from account"):
        assert row[0] not in page.decode()


def test_the_dashboard_asks_for_figures_that_exist() -> None:
    root = Path(__file__).parent.parent
    board = (root / "docs" / "grafana.json").read_text("utf-8")
    asked = set(re.findall(r"giaoban_\w+", board))
    made = set(
        re.findall(r'"giaoban_(\w+)"|gauge\("(\w+)"', (Path(__file__).parent.parent / "bot" / "metrics.py").read_text())
    )
    assert asked == {f"giaoban_{one or other}" for one, other in made}
    json.loads(board)


def test_check_tells_how_the_copies_stand(loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "chưa đặt GIAOBAN_BACKUP_DIR" in loaded("check").out
    monkeypatch.setenv("GIAOBAN_BACKUP_DIR", str(tmp_path / "copies"))
    out = loaded("check").out
    assert "LỖI Sao lưu không ổn: chưa có bản nào được kiểm tra." in out
    assert loaded("backup").code == 0
    out = loaded("check").out
    assert "đạt sao lưu: 1 bản ở" in out
    assert "không niêm phong" in out


async def test_what_was_said_on_the_chat_page_goes_after_ninety_days(database: Database) -> None:
    old, new = NOW - timedelta(days=91), NOW - timedelta(days=89)
    insert = (
        "insert into local_message (chat_id, outbox_key, sender, text, choices, at)"
        " values ('a', ?, 'bot', 'x', '[]', ?)"
    )
    rows = [(insert, (key, int(at.timestamp() * 1000))) for key, at in (("old", old), ("new", new))]
    await database.write([*rows, *(local_chat.enclose(key, "a.png", True, b"x") for key in ("old", "new"))])
    await Upkeep(database).tick(NOW)
    assert [row[0] for row in await database.read("select outbox_key from local_message")] == ["new"]
    assert [row[0] for row in await database.read("select message from local_file")] == ["new"]
