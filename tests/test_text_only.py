"""A channel without buttons: numbers and words are typed, and a number is not misread."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from databases import ON_SQLITE
from journey import play
from test_sender import START, Scripted
from text_only import LIMITS, TextOnly, play_in_text

from handlers.channel import Limits
from handlers.chat_state import ChatState, ReportPosition
from handlers.messages import Incoming
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.dialogue.draft import Position
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.messages import conversations, outbox
from storage.messages.conversations import Standing
from storage.messages.outbox import Kind

HOW = "» " + Wording.vietnamese().say("copy.how", period="quý I/2026", unit="Chi đoàn thôn Đông")
ASKING = ReportPosition("2026-Q1", 1, Position("asking", "q.1"))
NOTICE = {"text": "Có đúng không?", "choices": [["Đúng", "final:2026-Q1@1"], ["Sửa", "edit:2026-Q1@1"]]}


async def played(tmp_path: Path, url: str, *lines: str) -> None:
    path = tmp_path / "said.txt"
    path.write_text("\n".join(["! province hoaan", "@ 2026-04-02 19:30", "= lan", *lines, ""]), "utf-8")
    await play_in_text(path, url)


@ON_SQLITE
async def test_pictures_one_after_the_other_have_one_answer_until_something_is_written(
    tmp_path: Path, migrated_url: str
) -> None:
    unread = f"< {Wording.vietnamese().say('help.not_text')}"
    await played(
        tmp_path, migrated_url,
        "*sticker", unread, "*sticker", "< nothing", "*sticker", "< nothing",
        "> xem", "< Đơn vị chưa có số liệu quý I/2026. Nhắn BC để bắt đầu.", "*sticker", unread,
        "@ 2026-04-02 19:35", "*sticker", unread,
    )  # fmt: skip


@ON_SQLITE
async def test_a_bare_number_in_an_open_question_is_a_figure(tmp_path: Path, migrated_url: str) -> None:
    await played(
        tmp_path, migrated_url,
        "> bc", "< Câu 1/6. I. Công tác tuyên truyền, giáo dục", "< …",
        "> sinh hoạt chính trị 3 hoạt động, 60 lượt, về nguồn 1 hoạt động", "< …",
        "> 2", "< Tôi ghi nhận: tin bài trên fanpage 2 tin, bài.", "< …",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "line"),
    [(ChatState(), "1. Đúng"), (ChatState(report=ASKING), "– Đúng"), (ChatState(expects="petition"), "– Đúng")],
)
@ON_SQLITE
async def test_choices_told_unasked_have_numbers_unless_a_number_may_answer_what_is_open(
    database: Database, state: ChatState, line: str
) -> None:
    channel = Scripted(Limits(buttons=False))
    await database.write([conversations.keep("local", "lan", state.to_json(), 0, START)])
    await database.write([outbox.say("notice:1", "notice", "local", "lan", NOTICE, START)])
    await Sender(database, {"local": channel}, lambda: START).drain()
    [(_, text)] = channel.took
    assert text.split("\n")[1] == line


async def played_where_messages_are_dear(tmp_path: Path, url: str, *lines: str) -> None:
    path = tmp_path / "dear.txt"
    path.write_text("\n".join(["! province haiphut", "@ 2026-04-02 19:30", "= lan", *lines, ""]), "utf-8")
    await play(path, url, TextOnly, replace(LIMITS, dear=True))


@ON_SQLITE
async def test_where_messages_are_dear_a_branch_report_costs_three_by_form(tmp_path: Path, migrated_url: str) -> None:
    form = "Sinh hoạt chi đoàn (buổi): 3\\nDự sinh hoạt chi đoàn (lượt): 62\\nCây xanh (cây): 120\\ncòn lại không"
    await played_where_messages_are_dear(
        tmp_path, migrated_url,
        "> bc", f"< {HOW}", "< …", f"> {form}", "< …", "[Gửi báo cáo]",
        "< Đã nhận báo cáo quý I/2026 của Chi đoàn thôn Đông lúc 19:30 ngày 02/4, 26 số liệu."
        " Mã biên nhận 2026-Q1-CD01. Cảm ơn đồng chí.",
    )  # fmt: skip


@ON_SQLITE
async def test_where_messages_are_dear_questions_are_asked_one_by_one_at_a_word(
    tmp_path: Path, migrated_url: str
) -> None:
    await played_where_messages_are_dear(
        tmp_path, migrated_url,
        "> BAO CAO", f"< {HOW}", "< …", "> tung cau", "< Câu 1/6. I. Công tác tuyên truyền, giáo dục", "< …",
        "> bc", "< Câu 1/6. I. Công tác tuyên truyền, giáo dục", "< …",
    )  # fmt: skip


def turn(text: str, state: ChatState) -> Turn:
    incoming = Incoming("sms", "1", "m1", "lan", "private", "lan", "lan", "text", START, text=text)
    standing = Standing(1, "lan", "given", False, state.to_json(), 1)
    made = Turn(incoming, standing, (), (), START, Wording.vietnamese())
    made.unasked = tuple((label, data) for label, data in NOTICE["choices"])
    return made


def test_a_number_takes_a_choice_told_unasked_only_while_it_answers_nothing_else() -> None:
    reviewing = ReportPosition("2026-Q1", 1, Position("reviewing"))
    assert turn("2", ChatState()).chosen() == "edit:2026-Q1@1"
    assert turn("2", ChatState(report=reviewing)).chosen() == "edit:2026-Q1@1"
    assert turn("2", ChatState(report=ASKING)).chosen() is None
    assert turn("dung", ChatState(report=ASKING)).chosen() == "final:2026-Q1@1"
    assert turn("sua", ChatState(report=ASKING)).chosen() is None  # a word of its own, which means that
    assert turn("3", ChatState()).chosen() is None


async def test_what_was_told_before_the_last_reply_is_no_choice_any_more(database: Database) -> None:
    told: list[tuple[str, Kind, dict[str, Any]]] = [
        ("n1", "notice", NOTICE), ("r1", "reply", {"text": "Vâng."}), ("n2", "notice", {"text": "Hai"}),
    ]  # fmt: skip
    for key, kind, body in told:
        await database.write([outbox.say(key, kind, "local", "lan", body, START)])
        if key == "n1":
            assert await outbox.told_since(database, "local", "lan") == []  # it has not arrived
        if key != "r1":
            await database.write([outbox.mark_sent(key, key, START)])
            [last, *_] = await outbox.told_since(database, "local", "lan")
            assert last == body
    assert await outbox.told_since(database, "local", "lan") == [{"text": "Hai"}]
    assert await outbox.told_since(database, "local", "minh") == []


@ON_SQLITE
async def test_of_several_doubts_each_choice_has_a_mark_of_its_own_that_takes_it(
    tmp_path: Path, migrated_url: str
) -> None:
    await played(
        tmp_path, migrated_url,
        "> bc", "< Câu 1/6. I. Công tác tuyên truyền, giáo dục", "< …",
        "> thêm 05 bạn mới, 2 em", "< Còn 2 chỗ tôi chưa chắc:",
        "< 1. “05 bạn” trong “thêm 05 bạn mới, 2 em” là mục nào?",
        "< 2. 2 em nuôi của Đoàn: tôi đọc từ “2 em” trong “thêm 05 bạn mới, 2 em”.",
        "< Số điền sẵn đúng thì chọn Đúng cả. Khác thì chọn mục đúng, hoặc nhắn tên mục và số.",
        "< [Đúng cả] [1a. đoàn viên mới] [1b. hội viên mới] [1c. đoàn viên ưu tú giới thiệu cho Đảng]"
        " [1d. đảng viên mới] [Bỏ 2] [Bỏ qua cả]",
        "> 1B", "< Tôi ghi nhận: hội viên mới 5 người.", "< …",
    )  # fmt: skip
