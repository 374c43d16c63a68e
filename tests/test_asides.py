"""Hot spots and petitions inside a report: taken out before it is read, raised like the word alone."""

import time

import pytest
import test_privacy
from test_privacy import PERSON, Desk
from two_clusters import WORDING, one

from handlers.person.asides import asides_in

desk = test_privacy.desk
REPORT = "1. Sinh hoạt chi đoàn: 3 buổi, 62 lượt\n2. Trồng cây: 120 cây\n3. Hiến máu: 4 đơn vị"
HOT = "4. Điểm nóng: có 5 thanh niên nghi nghiện ở đầu thôn"
ASKED = "5. Kiến nghị: xin hỗ trợ 20 áo"
SECRET = "nghi nghiện"
TOLD = WORDING.say("hot.aside", count=1)


@pytest.mark.parametrize(
    ("text", "rest", "hot", "petitions"),
    [
        (f"{REPORT}\n{HOT}\n{ASKED}", REPORT, ["có 5 thanh niên nghi nghiện ở đầu thôn"], ["xin hỗ trợ 20 áo"]),
        ("sửa cây xanh 30, điểm nóng: tranh chấp đất", "sửa cây xanh 30", ["tranh chấp đất"], []),
        ("cây xanh 30; diem nong: A, B; máu 4", "cây xanh 30; máu 4", ["A, B"], []),
        ("cây xanh 30. Em báo điểm nóng có đánh nhau", "cây xanh 30.", ["có đánh nhau"], []),
        ("1. Cây 30 2. Điểm nóng: đánh nhau 3. Máu 4", "1. Cây 30 3. Máu 4", ["đánh nhau"], []),
        ("báo điểm nóng: đánh nhau", "", ["đánh nhau"], []),
        ("- Cây 30\n- Điểm nóng: A\n- Máu 4", "- Cây 30\n- Máu 4", ["A"], []),
        ("Cây 30\nIII. Điểm nóng:\n- A\n- B\nMáu 4", "Cây 30\nMáu 4", ["A - B"], []),
        ("Cây 30\n3) Tình hình điểm nóng:\nCó người lôi kéo\n4) Máu 4", "Cây 30\n4) Máu 4", ["Có người lôi kéo"], []),
        ("Cây 30\nĐiểm nóng: có người\nlôi kéo ở thôn", "Cây 30", ["có người lôi kéo ở thôn"], []),
        ("Cây 30\nKiến nghị, đề xuất: 2 loa\nMáu 4", "Cây 30\nMáu 4", [], ["2 loa"]),
        ("Cây 30\n* Đề xuất, kiến nghị (nếu có):\n+ 2 loa", "Cây 30", [], ["+ 2 loa"]),
    ],
)  # fmt: skip
def test_a_line_or_clause_is_taken_out(text: str, rest: str, hot: list[str], petitions: list[str]) -> None:
    found = asides_in(text, with_petitions=True)
    assert (found.rest, found.hot, found.petitions) == (rest, hot, petitions)


@pytest.mark.parametrize(
    "text",
    [
        REPORT, "Điểm nóng: không có\nKiến nghị: Không", "3. Điểm nóng: không phát sinh trên địa bàn", "Kiến nghị: 0",
        "dọn 3 điểm nóng về rác, cây xanh 30", "Kiến nghị được 3 việc", "Điểm nóng:", "Cây 30\r\nMáu 4",
    ],
)  # fmt: skip
def test_other_texts_stay_as_they_are(text: str) -> None:
    found = asides_in(text, with_petitions=True)
    assert (found.rest, found.hot, found.petitions) == (text, [], [])


@pytest.mark.parametrize(
    "part", ["; điểm nóng: a", "báo ", ", ", "kiến nghị ", "\n3. Điểm nóng:", "kien nghi    ", "1. "]
)
def test_a_long_text_takes_time_in_step_with_its_length(part: str) -> None:
    began = time.process_time()
    asides_in((part * 20_000)[:20_000], with_petitions=True)
    assert time.process_time() - began < 20


async def test_what_a_pasted_report_says_beside_its_figures_is_raised_and_not_kept_with_it(desk: Desk) -> None:
    reply = await desk.hears(f"{REPORT}\n{HOT}\n{ASKED}") or ""
    assert reply.splitlines()[0] == TOLD
    assert reply.splitlines()[1].startswith("Đã ghi kiến nghị số KN-26Q1-01 của Chi đoàn thôn Đông")
    assert "120 cây" in reply
    assert SECRET not in reply
    assert await one(desk.db, "select text from petition") == "xin hỗ trợ 20 áo"
    carrying = await desk.db.read("select chat_id from outbox where body like ?", (f"%{SECRET}%",))
    assert [row[0] for row in carrying] == ["lanhdao"]
    assert {place.split(".")[0] for place in (await desk.holds(SECRET))[SECRET]} == {"outbox", "restricted_note"}
    await desk.hears("1")
    assert await one(desk.db, "select amount from value where indicator = 'cay_xanh' and set_by = ?", PERSON) == 120
    assert await one(desk.db, "select text from pasted") == REPORT


async def test_a_hot_spot_behind_a_correction_is_raised_and_the_correction_made(desk: Desk) -> None:
    await desk.hears("cây xanh 20")
    reply = await desk.hears("sửa cây xanh 30, điểm nóng: nghi nghiện ở thôn") or ""
    assert reply.splitlines()[0] == TOLD
    assert await one(desk.db, "select amount from value where indicator = 'cay_xanh' and set_by = ?", PERSON) == 30
    assert await one(desk.db, "select text from restricted_note") == "nghi nghiện ở thôn"


async def test_to_report_a_hot_spot_is_the_word_itself(desk: Desk) -> None:
    assert await desk.hears("báo điểm nóng: nghi nghiện") == WORDING.say("hot.taken", count=1)
    assert await desk.hears("báo cáo điểm nóng") == WORDING.say("hot.ask")
    assert await desk.hears("nghi nghiện") == WORDING.say("hot.taken", count=1)
    assert await one(desk.db, "select count(*) from restricted_note") == 2


async def test_without_a_leader_the_hot_spot_of_a_report_is_not_kept(desk: Desk) -> None:
    await desk.db.write([("update role set valid_to_on = '2026-04-01' where role = 'leader'", ())])
    reply = await desk.hears(f"{REPORT}\n{HOT}") or ""
    assert reply.splitlines()[0] == WORDING.say("hot.aside_nobody")
    assert await desk.holds(SECRET) == {}
