"""What a report says beside its figures: parts under headings, causes of missed targets, their place in the pack."""

import io

import pytest
from docx import Document
from pack_province import load_pack, pack_of
from province import CATALOGUE
from two_clusters import WORDING, at, load, one, unit_id

from bot.pack.making import pack_files
from bot.resources import load_forms
from handlers.conversation import Conversation
from handlers.intake.arrivals import Arrival
from handlers.intake.handling import Handling
from handlers.intake.inbound import Inbound
from handlers.messages import Incoming
from handlers.narratives.desk import MOST_LETTERS
from handlers.narratives.parts import is_headed, parts_in
from reporting.figures.targets import Target
from reporting.organisation.part import Part
from scheduler.sending.sender import Sender
from storage.database import Database
from storage.organisation import targets
from storage.reports import narratives

NOW = at("2026-04-02", "08:00")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hạn chế: ít người\nPhương hướng: thêm chi đoàn", {"limit": "ít người", "direction": "thêm chi đoàn"}),
        (
            "A. TÌNH HÌNH THANH NIÊN\nổn định\n- II. Kết quả nổi bật - 300 cây",
            {"situation": "ổn định", "result": "300 cây"},
        ),
        ("Tồn tại, hạn chế\n- ít người\n- xa", {"limit": "- ít người\n- xa"}),
        ("Đoàn viên đi xa\nHạn chế: ít người", {None: "Đoàn viên đi xa", "limit": "ít người"}),
        ("Kết quả rất tốt", {None: "Kết quả rất tốt"}),
        ("Hạn chế:\n\nPhương hướng:", {}),
    ],
)
def test_each_part_stands_under_its_heading(text: str, found: dict[str | None, str]) -> None:
    assert parts_in(text) == found


@pytest.mark.parametrize(
    ("text", "headed"),
    [
        ("ket qua noi bat: trong 300 cay", True),
        ("II. Phương hướng: trồng 50 cây xanh", True),
        ("Kết quả: phong trào sôi nổi", True),
        ("Kết quả: cây xanh 92", False),
        ("Kết quả nổi bật:\n- cây xanh 92", False),
        ("Kết quả rất tốt", False),
    ],
)
def test_a_heading_and_a_colon_begin_a_part_unless_figures_are_reported_under_it(text: str, headed: bool) -> None:
    assert is_headed(text) is headed


async def said(db: Database, *messages: tuple[str, str]) -> list[str]:
    """What is answered to the commune, text or tap by text or tap."""
    conversation = Conversation(db, CATALOGUE, load_forms(CATALOGUE), WORDING)
    inbound = Inbound(db, Handling(db, conversation, WORDING, lambda: NOW, Sender(db, {}, lambda: NOW)), lambda: NOW)
    for number, (kind, text) in enumerate(messages):
        content = {"text": text} if kind == "text" else {"choice": text}
        message = Incoming("local", "local", f"m{number}", "xa", "private", "xa", "Xuân", kind, NOW, **content)  # type: ignore[arg-type]
        await inbound.receive([Arrival("local", "local", f"m{number}", message)])
        await inbound.drain()
    return [str(row[0]) for row in await db.read("select body from outbox where chat_id = 'xa' order by id")]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_cause_of_a_missed_target_is_offered_and_kept_with_it(database: Database) -> None:
    await load(database, "sosanh")
    unit, year = await unit_id(database, "DX01"), await one(database, "select id from period where code = '2026-Y'")
    await database.write(
        [
            ("update submission set state = 'submitted' where unit_id = ?", (unit,)),
            targets.set_target(year, Part(unit_id=unit), Target("don_vi_mau", 96, None)),
        ]
    )
    long = "Hạn chế: " + "rất " * MOST_LETTERS
    answers = await said(
        database, ("text", "phần lời"), ("text", long), ("choice", "narrative:cause:don_vi_mau"),
        ("text", "thiếu người, gọi 0912345678"),
    )  # fmt: skip
    assert "Gợi ý hạn chế, chỉ tiêu chưa đạt: hiến máu" in answers[0]
    assert "nên chưa ghi" in answers[1]
    period = await one(database, "select id from period where code = '2026-Q1'")
    kept = (await narratives.of_unit(database, period, unit))["limit"]
    assert kept.startswith("hiến máu")
    assert kept.endswith("Nguyên nhân: thiếu người, gọi ***")


async def test_the_paper_has_a_place_for_what_units_of_reports_that_count_say(database: Database) -> None:
    await load_pack(database)
    period = await one(database, "select id from period where code = '2026-H1'")
    for unit, text in (("DX01", "Thêm 2 đội {{ nhanh }}"), ("DX04", "Chưa gửi báo cáo")):
        await database.write(
            [narratives.write(period, await unit_id(database, unit), "situation", text, None, NOW)]
        )  # fmt: skip
    made = pack_files(WORDING, await pack_of(database))
    paper = [p.text for p in Document(io.BytesIO(made.files["bao-cao.docx"])).paragraphs]
    place = paper.index(WORDING.say("report.situation"))
    assert paper[place + 1] == "- Đoàn đặc khu Cô Tô: Thêm 2 đội {{ nhanh }}"
    assert not any("Chưa gửi báo cáo" in line for line in paper)
