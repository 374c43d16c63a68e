"""A stranger who knows only the contract: every step by commands, buttons and words, against the real process."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from bot_api.chats import Sent, User
from bot_api.server import BotApi
from process import ROOT, Ended, Process, ran, started

from reporting.time.calendar import at, local_day
from storage.engine.instants import instant

# What a question is about, what the stranger answers, and what has to stand in the export. All other sections
# get a tap on "Không phát sinh".
ANSWERS = {
    "chi_doan": {
        "vệ sinh môi trường": (
            "3 buổi, 62 lượt, 120 cây, 1,5 km",
            {"don_ve_sinh": 3, "luot_don_ve_sinh": 62, "cay_xanh": 120, "km_thap_sang": 1.5},
        ),
        "khởi nghiệp": (
            "2 hoạt động, hơn 40 lượt",
            {"hoat_dong_khoi_nghiep": 2, "luot_khoi_nghiep": 40},
        ),
    },
    "doan_co_so": {
        "vệ sinh môi trường": (
            "vệ sinh môi trường 5 buổi, 210 lượt; 1.200 cây xanh; tuyến đường xanh 2 km; sửa chữa đường 0,5 km; "
            "thắp sáng 3,5 km",
            {
                "don_ve_sinh": 5, "luot_don_ve_sinh": 210, "cay_xanh": 1200, "km_duong_xanh": 2,
                "km_duong_sua_chua": 0.5, "km_thap_sang": 3.5,
            },
        ),
        "Hội viên": ("hội viên mới 12 người", {"hoi_vien_moi": 12}),
    },
}  # fmt: skip
CORRECTION = ("sửa cây xanh 150", "cay_xanh", 150)
LAST_PERIOD = "Như kỳ trước"
RECEIPT = "Đã nhận báo cáo"


@dataclass(frozen=True)
class Office:
    """The office of the demo province on one machine: its folder, its settings, its Telegram server."""

    folder: Path
    api: BotApi

    @property
    def environment(self) -> dict[str, str]:
        """The settings the office runs with; the pace is Telegram's own matter, not this script's."""
        return {
            "GIAOBAN_DATABASE_URL": f"sqlite:///{self.folder / 'giaoban.db'}",
            "GIAOBAN_BIND": "127.0.0.1:0",
            "TELEGRAM_BOT_TOKEN": self.api.token,
            "TELEGRAM_API_URL": self.api.url,
            "GIAOBAN_SEND_PER_SECOND": "1000",
            "GIAOBAN_SEND_CHAT_SECONDS": "0",
        }

    def runs(self, ahead: timedelta | None = None) -> AbstractAsyncContextManager[Process]:
        """`giaoban run`; its server's clock goes with its own."""
        self.api.clock = lambda: datetime.now(UTC) + (ahead or timedelta())
        return started("run", cwd=self.folder, ahead=ahead, **self.environment)

    async def does(self, *words: str) -> str:
        """What a command prints; it has to work and say nothing on standard error."""
        ended = await ran(*words, cwd=self.folder, **self.environment)
        assert (ended.code, ended.err) == (0, ""), ended
        return ended.out

    async def reports(self) -> dict[str, dict[str, Any]]:
        """The open period's reports by unit."""
        exported = json.loads(await self.does("export", "--json"))
        return {entry["unit"]: entry for entry in exported["submissions"]}

    async def owing(self, level: str) -> str:
        """A unit of that level that has not begun its report."""
        units, begun = json.loads(await self.does("units", "--json")), await self.reports()
        return next(str(unit["code"]) for unit in units if unit["level"] == level and unit["code"] not in begun)

    async def invites(self, *words: str) -> tuple[str, str]:
        """A one-time code and its deep link."""
        code, link = (await self.does("invite", *words)).splitlines()
        return code, link


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `demo --load-only` has written."""
    folder = tmp_path_factory.mktemp("loaded")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "demo", "--load-only", "--data", str(folder)]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=60)
    return folder / "giaoban.db"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
def office(loaded: Path, tmp_path: Path, api: BotApi) -> Office:
    shutil.copyfile(loaded, tmp_path / "giaoban.db")
    return Office(tmp_path, api)


async def enrolled(office: Office, user: User, unit: str) -> None:
    """Enrols the person as the unit's secretary by the bare code."""
    code, _ = await office.invites("--unit", unit, "--role", "secretary")
    user.says(code)
    await user.receives("Đồng chí có đồng ý không?")
    user.taps("Đồng ý")
    await user.receives("Bí thư")


async def filled(user: User, asked: Sent, answers: dict[str, tuple[str, dict[str, float]]]) -> Sent:
    """Answers question after question until the bot offers to submit; returns that message."""
    left = dict(answers)
    while "Gửi báo cáo" not in asked.labels:
        known = next((about for about in left if about in asked.text.partition("Kỳ trước")[0]), None)
        if "Không phát sinh" not in asked.labels:
            user.taps("Đúng")
        elif known is None:
            user.taps("Không phát sinh")
        else:
            user.says(left.pop(known)[0])
        asked = await user.receives()
    assert not left
    return asked


@pytest.mark.parametrize(
    ("level", "by", "submits"), [("chi_doan", "deep link", "tap"), ("doan_co_so", "bare code", "word")]
)
async def test_a_unit_enrols_reports_corrects_and_submits_and_the_office_exports_exactly_that(
    office: Office, level: str, by: str, submits: str
) -> None:
    user, answers = office.api.user(1001, "Lò Văn Thử"), ANSWERS[level]
    async with office.runs() as bot:
        await bot.line("running")
        unit = await office.owing(level)
        code, link = await office.invites("--unit", unit, "--role", "secretary")
        user.says(f"/start {link.partition('?start=')[2]}" if by == "deep link" else code.lower())
        consent = await user.receives()
        assert consent.labels == ["Đồng ý", "Từ chối"]
        user.taps("Đồng ý")
        await user.receives("Bí thư")
        user.says("bc")
        await filled(user, await user.receives("Câu 1/"), answers)
        words, corrected, value = CORRECTION
        user.says(words)
        await user.receives("Đã sửa")
        user.says("xem")
        await user.receives(f"{value} cây")
        assert (await office.reports())[unit]["state"] == "draft"
        if submits == "tap":
            user.taps("Gửi báo cáo")
        else:
            user.says("gui")
        await user.receives(RECEIPT)
        report = (await office.reports())[unit]
        assert (await bot.stop()).code == 0
    assert report["state"] == "submitted"
    assert datetime.fromisoformat(report["submitted_at"]) > datetime.now(UTC) - timedelta(minutes=5)
    wanted = {key: number for _, values in answers.values() for key, number in values.items()} | {corrected: value}
    # Standing numbers that are not asked for are kept as last period's, and say so.
    told = {key: entry for key, entry in report["values"].items() if entry["source"] != LAST_PERIOD}
    assert {key: entry["value"] for key, entry in told.items() if entry["value"]} == wanted
    assert {key for key, entry in report["values"].items() if entry["approx"]} == (
        {"luot_khoi_nghiep"} if level == "chi_doan" else set()
    )
    assert all(entry["source"] for entry in report["values"].values())


WORDS = [
    ("bc", "Câu "), ("BC", "Câu "), ("bao cao", "Câu "), ("Báo cáo", "Câu "), ("/baocao", "Câu "), ("/bc", "Câu "),
    ("xem", "Báo cáo quý"), ("Xem", "Báo cáo quý"), ("/xem", "Báo cáo quý"),
    ("sửa đơn vị máu 5", "5 đơn vị máu"), ("sua cay xanh 150", "Đã sửa"), ("SỬA cây xanh 151", "Đã sửa"),
    ("gui", "còn câu chưa trả lời"), ("Gửi", "còn câu chưa trả lời"), ("/gui", "còn câu chưa trả lời"),
    ("huy", "nhắn BC"), ("hủy", "nhắn BC"), ("/huy", "nhắn BC"),
    ("tiendo", "đơn vị đã gửi"), ("/tiendo", "đơn vị đã gửi"), ("Tiến độ", "đơn vị đã gửi"),
    ("tonghop", "số liệu đến"), ("/tonghop", "số liệu đến"), ("TỔNG HỢP", "số liệu đến"),
    ("kiennghi", "Đồng chí nhắn nội dung"), ("Xin thêm sách cho tủ sách chi đoàn", "Đã ghi kiến nghị số"),
    ("kiến nghị: sửa nhà văn hóa", "Đã ghi kiến nghị số"),
    ("dulieu", "Tôi đang lưu về đồng chí"), ("Dữ liệu", "Tôi đang lưu về đồng chí"),
    ("trogiup", "Đồng chí nhắn: BC"), ("/trogiup", "Đồng chí nhắn: BC"), ("Trợ giúp", "Đồng chí nhắn: BC"),
    ("xoa", "Đồng chí muốn xóa không?"), ("XÓA", "Đồng chí muốn xóa không?"),
]  # fmt: skip


async def test_every_word_of_the_contract_is_understood_in_any_case_with_or_without_marks_and_slash(
    office: Office,
) -> None:
    user = office.api.user(1001)
    astray = []
    async with office.runs() as bot:
        await bot.line("running")
        await enrolled(office, user, await office.owing("chi_doan"))
        user.says("bc")
        await user.receives("Câu 1/")
        user.says("vệ sinh môi trường 3 buổi, 62 lượt, 120 cây xanh")
        await user.receives("120 cây")
        for said, answer in WORDS:
            user.says(said)
            heard = (await user.receives()).text
            if answer not in heard:
                astray.append((said, heard))
        user.taps("Xóa dữ liệu của tôi")
        await user.receives("Đã xóa thông tin")
        user.says("bc")
        await user.receives("mã đăng ký")
    assert astray == []


async def test_a_group_linked_by_a_code_answers_and_gets_its_clusters_post_once(office: Office) -> None:
    leader, group = office.api.user(1001), office.api.group(-1001234, "Cụm 1")
    async with office.runs() as bot:
        await bot.line("running")
        code, link = await office.invites("--cluster", "C1", "--role", "group")
        assert "?startgroup=" in link
        await enrolled(office, leader, "CD010304")
        group.add_bot(leader)
        await group.receives("mã nhóm")
        leader.says(f"/start@{office.api.me['username']} {link.partition('=')[2]}", to=group)
        await group.receives("Nhóm này nhận tổng hợp")
        leader.says("/tiendo", to=group)
        await group.receives("đơn vị đã gửi")
        leader.says(f"/start {code}", to=group)
        await group.receives("Mã này không dùng được")
        assert (await bot.stop()).code == 0
    ahead = after_the_briefing(office.folder / "giaoban.db", "C1") - datetime.now(UTC)
    async with office.runs(ahead) as bot:
        post = await group.receives("đơn vị đã gửi")
        assert "Cụm thi đua số 1" in post.text
        assert (await bot.stop()).code == 0
    told = len(group.messages)
    async with office.runs(ahead + timedelta(minutes=2)) as bot:
        await bot.line("running")
        leader.says("/trogiup", to=group)
        await group.receives("/tiendo")
        assert (await bot.stop()).code == 0
    assert len(group.messages) == told + 1


def after_the_briefing(database: Path, cluster: str) -> datetime:
    """Half past five in the afternoon of the day on which the cluster meets."""
    with closing(sqlite3.connect(database)) as rows:
        query = "select b.starts_at from briefing b join cluster c on c.id = b.cluster_id where c.code = ?"
        ((starts_at,),) = rows.execute(query, (cluster,)).fetchall()
    return at(local_day(instant(starts_at)), 17, 30)


async def test_a_restart_in_mid_report_goes_on_at_the_same_place_and_answers_what_came_meanwhile(
    office: Office,
) -> None:
    user, other = office.api.user(1001), office.api.user(1002)
    async with office.runs() as bot:
        await bot.line("running")
        unit = await office.owing("chi_doan")
        await enrolled(office, user, unit)
        user.says("bc")
        await user.receives("Câu 1/")
        user.taps("Không phát sinh")
        await user.receives("Câu 2/")
        await office.api.mailbox.emptied()
        await bot.kill()
    user.says("3 buổi, 62 lượt, 120 cây, 1,5 km")
    other.says("xin chào")
    async with office.runs():
        # The question before may come a second time: the process was killed before it had noted the sending.
        assert "62 lượt" in (await user.receives("Câu 3/")).text
        await other.receives("mã đăng ký")
    assert (await office.reports())[unit]["values"]["cay_xanh"]["value"] == 120


async def test_a_second_tap_and_a_redelivered_update_have_no_second_effect(office: Office) -> None:
    user = office.api.user(1001)
    async with office.runs() as bot:
        await bot.line("running")
        unit = await office.owing("chi_doan")
        await enrolled(office, user, unit)
        user.says("bc")
        await filled(user, await user.receives("Câu 1/"), {})
        number = user.taps("Gửi báo cáo") or 0
        await user.receives(RECEIPT)
        told = len(user.messages)
        user.taps("Gửi báo cáo")
        await office.api.mailbox.emptied()
        query = {
            "id": office.api.new_query(), "from": user.person, "chat_instance": "1",
            "data": "x", "message": office.api.shown(user.messages[-1]),
        }  # fmt: skip
        following = office.api.mailbox.next_id
        office.api.mailbox.put_raw({"update_id": number, "callback_query": query})
        office.api.mailbox.next_id = following
        user.says("trogiup")
        await user.receives("Đồng chí nhắn: BC")
        assert len(user.messages) == told + 1
        assert (await bot.stop()).code == 0


async def test_a_stop_asked_for_while_people_write_ends_within_ten_seconds_and_leaves_no_message_unanswered(
    office: Office,
) -> None:
    users = [office.api.user(2000 + number) for number in range(40)]
    async with office.runs() as bot:
        await bot.line("running")
        office.api.faults.add("sendMessage", "delay", times=10, seconds=0.3)
        for user in users:
            user.says("xin chào")
        await users[0].receives("mã đăng ký")
        bot.signal(signal.SIGTERM)
        ended = await bot.ended(within=10)
    assert (ended.code, ended.err) == (0, "")
    async with office.runs() as bot:
        await bot.line("running")
        for user in users[1:]:
            await user.receives("mã đăng ký")
        assert (await bot.stop()).code == 0
    assert [len(user.messages) for user in users] == [1] * 40


async def test_a_stop_is_not_held_up_by_a_telegram_that_has_fallen_silent(office: Office) -> None:
    user = office.api.user(1001)
    async with office.runs() as bot:
        await bot.line("running")
        office.api.faults.add("sendMessage", "hang_before")
        user.says("xin chào")
        await office.api.called("sendmessage")
        bot.signal(signal.SIGTERM)
        ended = await bot.ended(within=10)
    assert ended.code == 0


# --- a start that fails ------------------------------------------------------------------------------------------

WRONG = {
    "a token Telegram does not know": ({"TELEGRAM_BOT_TOKEN": "7000001:of-another-bot"}, "TELEGRAM_BOT_TOKEN"),
    "an address nobody listens on": ({"TELEGRAM_API_URL": "http://127.0.0.1:1"}, "TELEGRAM_API_URL"),
    "a server that never answers": ({"TELEGRAM_API_URL": "{silent}"}, "TELEGRAM_API_URL"),
    "a server of another kind": ({"TELEGRAM_API_URL": "{website}"}, "TELEGRAM_API_URL"),
    "a busy port": ({"GIAOBAN_BIND": "{busy}"}, "GIAOBAN_BIND"),
    "a host nobody has": ({"GIAOBAN_BIND": "192.0.2.1:8080"}, "GIAOBAN_BIND"),
    "a port that is no number": ({"GIAOBAN_BIND": "127.0.0.1:http"}, "GIAOBAN_BIND"),
    "a time zone of nowhere": ({"GIAOBAN_TIMEZONE": "Mars/Olympus"}, "GIAOBAN_TIMEZONE"),
    "no such database": ({"GIAOBAN_DATABASE_URL": "sqlite:///nowhere.db"}, "giaoban migrate"),
    "an unmigrated database": ({"GIAOBAN_DATABASE_URL": "sqlite:///empty.db"}, "giaoban migrate"),
    "a newer database": ({"GIAOBAN_DATABASE_URL": "sqlite:///newer.db"}, "cài chương trình mới hơn"),
    "a damaged database": ({"GIAOBAN_DATABASE_URL": "sqlite:///damaged.db"}, "damaged.db: cơ sở dữ liệu hỏng"),
    "a missing catalogue": ({"GIAOBAN_CATALOGUE": "nowhere.yaml"}, "GIAOBAN_CATALOGUE"),
    "a catalogue that is none": ({"GIAOBAN_CATALOGUE": "damaged.db"}, "GIAOBAN_CATALOGUE"),
    "a secret file that is not there": ({"TELEGRAM_BOT_TOKEN_FILE": "/nowhere/token"}, "TELEGRAM_BOT_TOKEN_FILE"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_start_that_fails_says_so_in_one_line_and_ends_within_five_seconds(office: Office, wrong: str) -> None:
    changed, named = WRONG[wrong]
    _spoil(office.folder)
    async with _obstacles() as places:
        changed = {name: value.format(**places) for name, value in changed.items()}
        ended = await ran("run", cwd=office.folder, **{**office.environment, **changed})
    _is_one_line(ended, named)
    assert ended.seconds < 5 or ended.seconds < 5 + await _slowness(office), ended
    assert not (office.folder / "nowhere.db").exists()
    assert office.api.token not in ended.err


async def test_a_second_runner_of_one_file_is_refused_and_the_first_goes_on(office: Office) -> None:
    user = office.api.user(1001)
    async with office.runs() as bot:
        await bot.line("running")
        _is_one_line(await ran("run", cwd=office.folder, **office.environment), f"(tiến trình {bot.pid})")
        user.says("xin chào")
        await user.receives("mã đăng ký")


@pytest.mark.parametrize("role", ["web", "worker"])
async def test_a_part_of_the_bot_by_itself_is_refused_on_sqlite(office: Office, role: str) -> None:
    _is_one_line(await ran("run", "--role", role, cwd=office.folder, **office.environment), "postgresql://")


def _is_one_line(ended: Ended, named: str) -> None:
    assert ended.code == 1, ended
    assert named in ended.err
    assert len(ended.err.splitlines()) == 1, ended.err


async def _slowness(office: Office) -> float:
    """Seconds that this machine, busy with other things, may need longer; told by a command that waits for nothing."""
    return 5 * max(0.0, (await ran("units", cwd=office.folder, **office.environment)).seconds - 1)


def _spoil(folder: Path) -> None:
    (folder / "empty.db").touch()
    (folder / "damaged.db").write_bytes(b"\x00damaged" * 1000)
    shutil.copyfile(folder / "giaoban.db", folder / "newer.db")
    with closing(sqlite3.connect(folder / "newer.db")) as newer, newer:
        newer.execute("insert into schema_version (version, name) values (9000, '9000_later')")


@asynccontextmanager
async def _obstacles() -> AsyncIterator[dict[str, str]]:
    """A busy port, a server that never answers, and one that is not Telegram's."""
    website = web.AppRunner(web.Application(), access_log=None)
    await website.setup()
    await web.TCPSite(website, "127.0.0.1", 0).start()
    with socket.create_server(("127.0.0.1", 0)) as busy, socket.create_server(("127.0.0.1", 0)) as silent:
        yield {
            "busy": f"127.0.0.1:{busy.getsockname()[1]}",
            "silent": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "website": f"http://127.0.0.1:{website.addresses[0][1]}",
        }
    await website.cleanup()
