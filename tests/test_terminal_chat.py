"""The chat in a terminal: the same bot on the same demo, and a recording that can be played as a journey."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from process import ran

from bot.chosen_database import demo_file
from bot.demo.open import Demo
from bot.demo.terminal_chat import chat
from bot.failures import Failed
from bot.settings import Settings
from handlers.messages import File, Outgoing
from storage.messages import local_chat

OWING = "cd010101"


@dataclass
class Terminal:
    """A demo, what is typed into it and what it prints."""

    demo: Demo
    record: Path
    shown: list[str] = field(default_factory=list)
    folder: Path | None = None

    async def types(self, *lines: str, person: str = OWING) -> str:
        """All that is printed for these lines."""

        async def typed() -> AsyncIterator[str]:
            for line in lines:
                yield line + "\n"

        self.shown.clear()
        await chat(self.demo, person, self.record, typed(), self.shown.append, self.folder)
        return "\n".join(self.shown)

    @property
    def journey(self) -> list[str]:
        return self.record.read_text("utf-8").splitlines()


@pytest.fixture
async def terminal(tmp_path: Path, demo_province: Path) -> AsyncIterator[Terminal]:
    (tmp_path / "demo").mkdir()
    shutil.copyfile(demo_province, demo_file(tmp_path / "demo"))
    demo = await Demo.open(Settings(_env_file=None), tmp_path / "demo")
    await demo.app.start("stepped")
    yield Terminal(demo, tmp_path / "journey.txt")
    await demo.close()


async def test_a_line_is_answered_and_its_buttons_are_numbered(terminal: Terminal) -> None:
    shown = await terminal.types("bc")
    assert "    Câu 1/" in shown
    assert "    :1 Không phát sinh" in shown
    assert "Trợ lý, 08:00 thứ Năm 02/4/2026" in shown


async def test_a_button_is_pressed_by_its_number_and_a_label_may_be_typed(terminal: Terminal) -> None:
    shown = await terminal.types("bc", ":1", "không phát sinh")
    assert "Câu 2/" in shown
    assert "Câu 3/" in shown
    assert terminal.journey.count("[Không phát sinh]") == 1
    assert "> không phát sinh" in terminal.journey


async def test_a_button_that_is_not_there_changes_nothing(terminal: Terminal) -> None:
    shown = await terminal.types("bc", ":9", ":0")
    assert "Không có nút 9 dưới tin mới nhất." in shown
    assert "Không có nút 0 dưới tin mới nhất." in shown
    assert "Câu 2/" not in shown


async def test_another_person_is_chosen_by_name_without_marks_or_from_the_list(terminal: Terminal) -> None:
    shown = await terminal.types(":ai phan thi ngoc diep", ":ai", "group:C1", ":ai không ai cả")
    assert "--- Phan Thị Ngọc Diệp, " in shown
    assert "   1. Trần Thị Mai Chi" in shown
    assert "--- Nhóm Cụm thi đua số 1" in shown
    assert "Không có vai nào tên không ai cả." in shown
    assert [line for line in terminal.journey if line.startswith("=")] == [
        "= cd010101",
        "= cd010103",
        "= group:C1 as chutri-c1",
    ]


async def test_a_name_of_several_offers_only_them(terminal: Terminal) -> None:
    shown = await terminal.types(":ai cum thi dua", "2")
    offered = [line for line in shown.splitlines() if "Nhóm Cụm thi đua số" in line and line.startswith("   ")]
    assert len(offered) == 4
    assert "--- Nhóm Cụm thi đua số 2" in shown


async def test_without_a_name_the_first_line_chooses(terminal: Terminal) -> None:
    shown = await terminal.types("1", "xem", person="")
    assert "Đồng chí nhắn số hoặc tên của vai." in shown
    assert "--- Trần Thị Mai Chi" in shown
    assert shown.count("Trợ lý, ") == 1


async def test_moving_the_clock_brings_the_reminder_and_names_who_else_got_news(terminal: Terminal) -> None:
    shown = await terminal.types(":gio", ":den 2026-04-03 07:30")
    assert "Bây giờ là 08:00 thứ Năm 02/4/2026." in shown
    assert "   1. đến " in shown
    assert "Đã đến 07:30 thứ Sáu 03/4/2026." in shown
    assert "thứ Hai 06/4" in shown
    assert "    Có tin mới: " in shown
    assert "@ 2026-04-03 07:30" in terminal.journey


@pytest.mark.parametrize("where", ["", "0", "99", "2026-04-01 07:00", "mai", "-1"])
async def test_a_moment_that_is_none_or_has_passed_moves_nothing(terminal: Terminal, where: str) -> None:
    shown = await terminal.types(f":den {where}", ":gio")
    assert "đồng hồ chỉ đi tới" in shown
    assert "Bây giờ là 08:00 thứ Năm 02/4/2026." in shown
    assert len([line for line in terminal.journey if line.startswith("@")]) == 1


async def test_the_recording_is_a_journey_of_exactly_what_was_said(terminal: Terminal) -> None:
    await terminal.types("bc", "0", ":thoat", "xem")
    lines = terminal.journey
    assert lines[1:4] == ["@ 2026-04-02 08:00", "= cd010101", "> bc"]
    assert all(line[0] in "#@=>[<" for line in lines)
    assert "< [Không phát sinh] [Như kỳ trước] [Để sau]" in lines
    assert "> xem" not in lines
    heard = [line[2:] for line in lines if line.startswith("<") and not line.startswith("< [")]
    said = await local_chat.since(terminal.demo.app.db, OWING, 0)
    assert heard == [text for line in said if line.sender == "bot" for text in line.text.split("\n")]


async def test_a_recording_holds_nothing_that_was_said_before_it_began(terminal: Terminal) -> None:
    await terminal.types("bc")
    shown = await terminal.types("xem")
    assert "Câu 1/" in shown  # on the screen, to know where one stands
    assert not any("Câu 1/" in line for line in terminal.journey)
    assert "> bc" not in terminal.journey


async def test_a_line_break_may_be_typed(terminal: Terminal) -> None:
    await terminal.types("một\\nhai")
    assert "> một\\nhai" in terminal.journey
    said = await local_chat.since(terminal.demo.app.db, OWING, 0)
    assert said[0].text == "một\nhai"


async def test_a_file_is_saved_and_its_place_is_shown(terminal: Terminal, tmp_path: Path) -> None:
    await terminal.demo.local.deliver(
        Outgoing(OWING, "Lịch tháng 4/2026", file=File("lich-2026-04.png", b"\x89PNG", picture=True))
    )
    shown = await terminal.types("")
    assert "    (lich-2026-04.png)" in shown
    terminal.folder = tmp_path / "files"
    assert f"    ({tmp_path / 'files' / 'lich-2026-04.png'})" in await terminal.types("xem")
    assert (tmp_path / "files" / "lich-2026-04.png").read_bytes() == b"\x89PNG"


async def test_a_text_too_long_for_a_message_is_not_sent(terminal: Terminal) -> None:
    assert "dài quá 20000 ký tự" in await terminal.types("x" * 20_001)
    assert await local_chat.since(terminal.demo.app.db, OWING, 0) == []


async def test_an_unknown_command_shows_the_commands_and_an_empty_line_nothing(terminal: Terminal) -> None:
    assert ":thoat" in await terminal.types(":gi day")
    assert len((await terminal.types("", "   ")).splitlines()) == 1


@pytest.mark.parametrize(("person", "line"), [("không ai", "không có ai"), ("cụm thi đua", "nhiều người")])
async def test_whoever_cannot_be_told_is_refused(terminal: Terminal, person: str, line: str) -> None:
    with pytest.raises(Failed, match=line):
        await terminal.types(person=person)


async def test_a_piped_conversation_ends_with_its_input(tmp_path: Path) -> None:
    ended = await ran(
        "chat", "--as", "mai chi", "--record", "journey.txt", "--data", "demo", cwd=tmp_path, stdin="bc\n:2\nxem"
    )
    assert (ended.code, ended.err) == (0, "")
    assert "Câu 2/" in ended.out
    assert "> xem" in (tmp_path / "journey.txt").read_text("utf-8").splitlines()


async def test_what_follows_the_last_command_is_left_unread(tmp_path: Path) -> None:
    ended = await ran("chat", "--as", "mai chi", "--data", "demo", cwd=tmp_path, stdin=":thoat\nbc\n" * 2000)
    assert (ended.code, ended.err) == (0, "")
    assert "Câu 1/" not in ended.out


async def test_a_person_nobody_knows_is_one_line_and_exit_1(tmp_path: Path) -> None:
    ended = await ran("chat", "--as", "khong ai", "--data", "demo", cwd=tmp_path)
    assert ended.code == 1
    assert ended.err == "giaoban: --as khong ai: không có ai tên ấy\n"
