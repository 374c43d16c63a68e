"""The meeting pack: one version, one set of rows, every number traced to them, and what people wrote kept as it is."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pack_province import CATALOGUE, NOW, PERIOD, SINCE, UNITS, YEAR_AGO, load_pack, pack_of, scaled_amount
from two_clusters import WORDING, one, unit_id

from bot.failures import Failed
from bot.pack.annex_lines import line_of
from bot.pack.charts import pack_charts
from bot.pack.contents import Pack, PackGroup
from bot.pack.gathering import gathered, handed_out
from bot.pack.making import pack_files
from bot.pack.office_files import entry_order
from bot.pack.sentences import Sentences
from bot.pack.short_text import LONGEST, units
from bot.pages.sight import Sight
from bot.pages.views import Views
from handlers.leaders.pack_desk import ANNEX, PROGRAMME, REPORT, TEXT
from handlers.turn import fresh_id
from handlers.wording import figure_lines
from reporting.figures.comparison import change
from reporting.figures.targets import Target, progress
from reporting.figures.totals import Coverage, Total
from reporting.figures.values import Value, plain, vietnamese
from reporting.organisation.part import Part
from reporting.time.periods import parse_period
from storage.database import Conflict, Database
from storage.organisation import targets
from storage.organisation import units as units_of
from storage.periods import rounds, tasks
from storage.periods.comparing import compared
from storage.periods.tasks import NewTask
from storage.reports import narratives, packs, petitions, running, submissions
from storage.reports.events import happened

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
HOSTILE = [
    "Đoàn xã A & B <c> \"d\" 'e'", "Đoàn {{ 7*7 }} {% for x in y %}", "=1+2", "+84 xã", "-1 thôn", "@SUM(A1)",
    "Chi đoàn 🌱 tổ\t5", "  hai  khoảng trắng ", "{_{ và {# chú thích #}", "a\nb",
]  # fmt: skip


SEES_ALL = Sight((), (), True, frozenset(), None)


@pytest.fixture
def engine() -> str:
    """SQLite alone: the rows of a pack are those of the totals, which are tried on both engines."""
    return "sqlite"


def docx_text(content: bytes) -> list[str]:
    """The paragraphs of a Word file, of headers and footers too, with tabs and breaks as they were written."""
    document = Document(io.BytesIO(content))
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.footer._element]
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    return [
        "".join(node.text or "" if node.tag == qn("w:t") else signs.get(node.tag, "") for node in paragraph.iter())
        for part in parts
        for paragraph in part.iter(qn("w:p"))
    ]


def cells(content: bytes) -> Iterator[tuple[str, Any]]:
    """(sheet, cell) of every cell that holds something."""
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell) for cell in row if cell.value is not None)


def said_in(rows: list[dict[str, Any]]) -> list[str]:
    """Every text of a picture's rows."""
    sides = [row[side] or {} for row in rows for side in ("now", "then") if side in row]
    return [str(part[name]) for part in (*rows, *sides) for name in ("label", "value", "said", "text") if name in part]


def traced(pack: Pack) -> set[str]:
    """Every number that may stand in a file of the pack: those of the rows, how they were reckoned, and plain words."""
    found = set[str]()
    for row in pack.rows:
        kind = row.indicator.kind
        for total in (row.value, row.previous, row.year_ago, row.cumulative):
            if total is not None:
                found |= {vietnamese(total.amount, kind), str(total.units)}
        if row.value is not None and row.year_ago is not None:
            more, percent = change(row.value, row.year_ago)
            found |= {vietnamese(abs(more), kind)} | (
                {f"{abs(percent).normalize():f}".replace(".", ",")} if percent else set()
            )
        if row.target is not None:
            found |= {vietnamese(row.target.target.amount, kind), vietnamese(row.target.left, kind)}
            found |= {str(row.target.percent), str(row.target.months), vietnamese(row.target.a_month or 0, kind)}
            found |= set(NUMBER.findall(f"{row.target.target.due_on:%d/%-m}" if row.target.target.due_on else ""))
    for side in (pack.comparison.now, pack.comparison.year_ago):
        if side is not None:
            found |= {str(side.coverage.filed), str(side.coverage.owing), *NUMBER.findall(side.name)}
    met = [row.target.met for row in pack.rows if row.target is not None]
    found |= {str(sum(met)), str(len(met)), str(len(pack.late)), str(len(pack.petitions)), str(len(pack.units)), "0"}
    said = [pack.version, pack.round.period.name, Sentences(WORDING, pack).meeting(), "6 tháng cuối năm 2026", "08:00"]
    said.append("08/6/2026")
    said += [one.label for one in CATALOGUE.indicators.values()] + [one.title for one in CATALOGUE.sections]
    said += [text for one in pack.petitions for text in (one.text, str(one.number))]
    said += [f"{number}" for number in range(1, 1 + max(len(CATALOGUE.indicators), 9))]  # TT, numbered headings
    return found | {number for text in said for number in NUMBER.findall(text)}


async def test_every_number_of_the_report_and_the_text_is_in_the_rows(database: Database) -> None:
    await load_pack(database, asked=("Xin hỗ trợ 12 máy tính",))
    pack = await pack_of(database)
    made = pack_files(WORDING, pack)
    allowed = traced(pack)
    for text in (*docx_text(made.files[REPORT]), *made.files[TEXT].decode().splitlines()):
        unknown = [
            number for number in NUMBER.findall(text) if number.lstrip("0") not in {n.lstrip("0") for n in allowed}
        ]
        assert unknown == [], text
    whole = "\n".join(docx_text(made.files[REPORT]))
    for row in pack.rows:
        assert row.value is not None
        assert vietnamese(row.value.amount, row.indicator.kind) in whole, row.indicator.code
    # What the pictures say is of the same rows; the table of shades counts them, see below.
    for chart in pack_charts(WORDING, pack)[:-1]:
        for text in (chart.sentence, chart.sheet["note"], *said_in(chart.sheet["rows"])):
            assert {number.lstrip("0") for number in NUMBER.findall(text)} <= {n.lstrip("0") for n in allowed}, text
    assert "trên 450 buổi" in whole
    assert "tăng 25% so với cùng kỳ (trên 360 buổi)" in whole


async def test_every_number_of_the_annex_is_that_of_its_row(database: Database) -> None:
    await load_pack(database)
    pack = await pack_of(database)
    content = pack_files(WORDING, pack).files[ANNEX]
    by_label = {one.label: one.code for one in CATALOGUE.indicators.values()}
    whose = {unit.code: unit.comparison for unit in pack.units}
    checked = 0
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        comparison = whose.get(sheet.title, pack.comparison)
        for row_number, cells_of in enumerate(sheet.iter_rows(min_row=5, values_only=True), 5):
            code = by_label.get(str(cells_of[1]))
            if code is None or len(cells_of) < 9:
                continue
            if len(str(cells_of[1])) > 60:  # none is printed over the one below
                assert (sheet.row_dimensions[row_number].height or 0) >= 32
            row = comparison.row(code)
            assert row is not None
            goal = row.target.target.amount if row.target else None
            amounts = [
                goal,
                *(None if one is None else one.amount for one in (row.value, row.year_ago, row.cumulative)),
            ]
            wanted = [None if amount is None else plain(amount, row.indicator.kind) for amount in amounts]
            assert list(cells_of[3:7]) == wanted, (sheet.title, code)
            checked += 1
    assert checked > 100
    assert {sheet.title for sheet in load_workbook(io.BytesIO(content)).worksheets} >= {"Tổng hợp", *UNITS}


async def summed(db: Database, *units_: str) -> dict[str, Total]:
    """What the rows of the database add up to for these units, by indicator: nothing but SQL."""
    period = await one(db, "select id from period where code = ?", PERIOD)
    rows = await db.read(
        "select v.indicator, sum(v.amount), max(v.approx), count(*) from value v join unit u on u.id = v.unit_id"
        f" where v.period_id = ? and u.code in ({', '.join('?' * len(units_))}) group by v.indicator",
        (period, *units_),
    )
    return {row[0]: Total(row[1], bool(row[2]), row[3]) for row in rows}


async def test_rows_pictures_and_page_are_what_the_database_adds_up_to(database: Database) -> None:
    await load_pack(database)
    pack, whole = await pack_of(database), await summed(database, *UNITS)
    counts = {code: total for code, total in whole.items() if not CATALOGUE[code].is_rate}
    assert {row.indicator.code: row.value for row in pack.rows if row.indicator.code in counts} == counts
    [*_, shades] = [chart.sheet for chart in pack_charts(WORDING, pack)]
    sections = sorted(CATALOGUE.sections, key=lambda one_: one_.order)
    for code, row in zip(UNITS, shades["rows"], strict=True):
        own = await summed(database, code)
        wanted = [
            str(
                sum(
                    CATALOGUE[indicator].section == section.code and total.amount > 0
                    for indicator, total in own.items()
                )
            )
            for section in sections
        ]
        assert (row["label"], [cell and cell["text"] for cell in row["cells"]]) == (
            UNITS[code], wanted if own else [None] * len(sections)
        )  # fmt: skip
    views, [round_] = Views(database, CATALOGUE, WORDING), await rounds.open_rounds(database)
    for part, found in ((pack.area.part, whole), (Part(unit_id=await unit_id(database, "DX02")),
                                                  await summed(database, "DX02"))):  # fmt: skip
        shown = {label: figure for section in await views.totals(round_, part, SEES_ALL, NOW)
                 for label, figure, _ in section.rows}  # fmt: skip
        assert shown == {
            CATALOGUE[code].label: figure_lines.total(WORDING, CATALOGUE[code], total)
            for code, total in found.items()
            if total.amount
        }


async def test_all_files_and_pictures_bear_one_version_and_one_changed_row_changes_all(database: Database) -> None:
    await load_pack(database)
    before = await pack_of(database)
    assert (await pack_of(database)).version == before.version
    first = pack_files(WORDING, before)
    period = await one(database, "select id from period where code = ?", PERIOD)
    old = Value(*(await database.read(
        "select amount, approx, source from value where period_id = ? and unit_id = ? and indicator = 'don_ve_sinh'",
        (period, await unit_id(database, "DX01")),
    ))[0])  # fmt: skip
    page = await _page_of(database, before)
    ids = (period, await unit_id(database, "DX01"))
    await database.write(running.around(*ids, submissions.put(*ids, "don_ve_sinh", Value(0), old, None, NOW)))
    after = await pack_of(database)
    second = pack_files(WORDING, after)
    assert after.version != before.version
    texts = {name: _shown(content) for name, content in second.files.items()}
    assert all(after.version in text for name, text in texts.items() if not name.endswith(".png"))
    assert all(before.version not in text for text in texts.values())
    assert [name for name in first.files if first.files[name] == second.files[name]] == []
    left = f"{200 - old.amount} buổi"
    assert "200 buổi" in page
    assert left not in page
    assert all(left in text for text in (texts[REPORT], texts[TEXT], await _page_of(database, after)))
    assert str(200 - old.amount) in texts[ANNEX].split("\n")
    sheets = [[chart.sheet for chart in pack_charts(WORDING, pack)] for pack in (before, after)]
    assert all(after.version in sheet["foot"] for sheet in sheets[1])
    assert any(left in str(sheet) for sheet in sheets[1])
    lighter = [[cell["text"] for cell in one_[-1]["rows"][0]["cells"]] for one_ in sheets]
    assert [int(then) - int(now) for then, now in zip(*lighter, strict=True)].count(1) == 1


async def _page_of(db: Database, pack: Pack) -> str:
    """The figures as the leaders' page shows them."""
    found = await Views(db, CATALOGUE, WORDING).totals(pack.round, pack.area.part, SEES_ALL, NOW)
    return "\n".join(f"{label}: {figure}" for section in found for label, figure, _ in section.rows)


def _shown(content: bytes) -> str:
    """All text of a file."""
    if content.startswith(b"\x89PNG"):
        return ""
    if not content.startswith(b"PK"):
        return content.decode()
    try:
        return "\n".join(docx_text(content))
    except ValueError:
        return "\n".join(str(cell.value) for _, cell in cells(content))


async def test_the_next_pack_lists_what_has_changed_since_the_last_one(database: Database) -> None:
    await load_pack(database)
    first = await pack_of(database)
    assert Sentences(WORDING, first).changes() == ["Đây là bản đầu tiên của kỳ này."]
    await database.write([handed_out(first, fresh_id(), None)])
    later = NOW + timedelta(days=1)
    same = await pack_of(database, now=later)
    assert Sentences(WORDING, same).changes() == ["Nội dung không đổi so với bản lập lúc 08:00 ngày 08/6/2026."]
    assert (await pack_of(database, "province", later)).before is None
    period = await one(database, "select id from period where code = ?", PERIOD)
    ids = (period, await unit_id(database, "DX04"))
    rows: list[Any] = [submissions.touch(*ids, 0, "submitted", 0, later)]
    rows += submissions.put(*ids, "cay_xanh", Value(500), None, None, later)
    rows.append(submissions.sent(*ids, 0, later))
    await database.write(running.around(*ids, rows))
    ids = (period, await unit_id(database, "DX02"))
    await database.write(running.around(*ids, submissions.put(*ids, "don_vi_mau", Value(300), Value(257), None, later)))
    pack = await pack_of(database, now=later)
    assert Sentences(WORDING, pack).changes() == [
        "So với bản lập lúc 08:00 ngày 08/6/2026:",
        "Mới có số liệu của 1 đơn vị: Đoàn xã Bình Liêu.",
        "Đoàn xã Hải Hòa: hiến máu 257 đơn vị máu, nay 300 đơn vị máu.",
    ]
    assert Sentences(WORDING, pack).changes(2)[-1] == "Còn 1 thay đổi khác, xem phụ lục."
    assert "Đoàn xã Hải Hòa: hiến máu 257" in "\n".join(docx_text(pack_files(WORDING, pack).files[REPORT]))


async def test_what_changes_while_a_pack_is_read_is_read_again_and_nothing_else_nor_is_anything_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load_pack(database)
    ids = (await one(database, "select id from period where code = ?", PERIOD), await unit_id(database, "DX01"))
    kept, asked = await database.read("select amount from value where indicator = 'don_vi_mau'"), list[int | None]()
    write = database.write

    async def meanwhile(db: Database, catalogue: Any, round_: Any, part: Part, today: Any) -> Any:
        asked.append(part.unit_id)
        if asked.count(last) == 1 and part.unit_id == last and ids[1] in asked:
            changed = submissions.put(*ids, "don_vi_mau", Value(9), Value(kept[0][0]), None, NOW)
            await write(running.around(*ids, changed))
        return await compared(db, catalogue, round_, part, today)

    async def refused(unit: Any) -> list[int]:
        raise AssertionError("a pack that is read holds up who writes")

    last = await unit_id(database, "DX04")
    monkeypatch.setattr("bot.pack.gathering.compared", meanwhile)
    monkeypatch.setattr(database, "write", refused)
    pack = await pack_of(database)
    row = next(one for one in pack.units if one.code == "DX01").comparison.row("don_vi_mau")
    assert row is not None
    assert row.value is not None
    assert row.value.amount == 9
    assert (asked.count(ids[1]), asked.count(last), asked.count(None)) == (2, 1, 2)


async def test_what_a_commune_did_itself_has_a_sheet_beside_that_of_all_its_branches(database: Database) -> None:
    await load_pack(database)
    period = await one(database, "select id from period where code = ?", PERIOD)
    commune, cluster = (
        await unit_id(database, "DX01"),
        await one(database, "select id from cluster where code = ?", "C1"),
    )
    rows: list[Any] = [units_of.add_unit(9001, "CD0101", "Chi đoàn thôn Một", "chi_doan", commune, SINCE)]
    rows += [units_of.join_cluster(cluster, 9001, SINCE), submissions.touch(period, 9001, 0, "submitted", 0, NOW)]
    rows += submissions.put(period, 9001, "don_vi_mau", Value(7), None, None, NOW)
    await database.write(running.around(period, 9001, [*rows, submissions.sent(period, 9001, 0, NOW)]))
    book = load_workbook(io.BytesIO(pack_files(WORDING, await pack_of(database)).files[ANNEX]))
    label = CATALOGUE["don_vi_mau"].label
    every, own = [
        next(row[4] for row in book[name].iter_rows(values_only=True) if row[1] == label)
        for name in ("DX01", "DX01 (riêng)")
    ]
    assert str(every) == str(int(str(own)) + 7)
    assert "DX02 (riêng)" not in book.sheetnames
    whole = {word for one_ in CATALOGUE.sections for word in re.findall(r"[^\W\d]+", one_.title)}
    cut = [name for name in book.sheetnames if len(name) > 20 and re.findall(r"[^\W\d]+", name)[-1] not in whole]
    assert not cut  # of a long section's name whole words stand on its tab


async def test_of_a_great_many_parts_the_picture_shows_those_that_lack_most(database: Database) -> None:
    await load_pack(database)
    groups = tuple(PackGroup(f"Cụm {number}", Coverage(number, 715)) for number in range(715))
    [sheet, *_] = [one.sheet for one in pack_charts(WORDING, replace(await pack_of(database), groups=groups))]
    assert [row["label"] for row in sheet["rows"]] == [f"Cụm {number}" for number in range(30)]
    assert "Hình ghi 30 nơi gửi ít nhất trong 715 nơi; còn 685 nơi khác." in sheet["note"]


async def test_of_many_units_the_table_shows_those_that_lack_most_in_the_order_of_their_numbers(
    database: Database,
) -> None:
    numbers = range(1, 41)
    await load_pack(database, {f"DX{number}": f"Đoàn xã {number}" for number in numbers})
    pack = await pack_of(database)  # the first three have filed
    assert [one.code for one in pack.units] == [f"DX{number}" for number in numbers]
    sheet = pack_charts(WORDING, pack)[-1].sheet
    assert [row["label"] for row in sheet["rows"]] == [f"Đoàn xã {number}" for number in range(4, 34)]
    assert "Hình ghi 30 đơn vị thiếu nhiều nhất trong 40 đơn vị; còn 10 đơn vị khác" in sheet["note"]


async def test_the_pack_of_a_time_long_over_tells_its_targets_as_they_stood_then(database: Database) -> None:
    await load_pack(database)
    due = NOW.replace(month=11, day=30).date()
    await database.write([
        ("update target set due_on = ? where indicator = 'don_vi_mau'", (due.isoformat(),)),
        rounds.add_period(990, parse_period("2026-Q3"), "closed", NOW),
    ])  # fmt: skip
    long_after = await pack_of(database, "province", NOW.replace(month=12))
    told = {row.indicator.code: row.target for row in long_after.rows if row.target is not None}
    assert (told["don_vi_mau"].state, told["don_vi_mau"].a_month) == ("unmet", None)
    assert told["khu_vui_choi"].state == "overdue"  # it was due in March
    assert "mỗi tháng" not in "".join(Sentences(WORDING, long_after).directions())
    soon = await pack_of(database, "province", NOW.replace(month=7, day=6))
    row = soon.comparison.row("don_vi_mau")
    assert row is not None
    assert row.target is not None
    assert row.target.months == 5  # from July on


async def test_of_a_target_of_the_year_the_sum_so_far_is_named_beside_the_figure(database: Database) -> None:
    await load_pack(database)
    pack = await pack_of(database)
    row = pack.comparison.row("don_vi_mau")
    assert row is not None
    goal = replace(progress(Target("don_vi_mau", 1250, None), Total(10094, False, 4), NOW.date()), of_year=True)
    found = replace(row, target=goal)
    told = "1.028 đơn vị máu; lũy kế năm 10.094/1.250 đơn vị máu, đạt 808% chỉ tiêu"
    assert told in Sentences(WORDING, replace(pack, comparison=replace(pack.comparison, from_start=True))).figure(
        replace(found, year_ago=None)
    )
    assert line_of(WORDING, pack.comparison, found, 1).note == "vượt chỉ tiêu (lũy kế năm)"


async def test_a_pack_is_kept_once_whoever_makes_it(database: Database) -> None:
    await load_pack(database)
    period = await one(database, "select id from period where code = ?", PERIOD)
    await database.write([packs.ask(7, period, "province", NOW), packs.ask(7, period, "province", NOW)])
    asked = await packs.by_id(database, 7)
    assert asked is not None
    assert (asked.period, asked.area, asked.version, asked.made_at) == (PERIOD, "province", "", None)
    await database.write(packs.keep(7, "v1", {"a": b"\x00\xff"}, NOW))
    with pytest.raises(Conflict):
        await database.write(packs.keep(7, "v2", {"a": b"2"}, NOW))
    assert await packs.file(database, 7, "a") == b"\x00\xff"
    await database.write([packs.forget_files(NOW + timedelta(days=1))])
    assert await packs.file(database, 7, "a") is None


@pytest.mark.parametrize("first", range(0, len(HOSTILE), len(UNITS)))
async def test_what_people_wrote_stands_in_every_file_as_they_wrote_it(database: Database, first: int) -> None:
    names = dict(zip(UNITS, HOSTILE[first : first + len(UNITS)], strict=False))
    await load_pack(database, {**UNITS, **names}, asked=[f"Kiến nghị của {name}" for name in names.values()])
    made = pack_files(WORDING, await pack_of(database))
    paragraphs, found = docx_text(made.files[REPORT]), list(cells(made.files[ANNEX]))
    for unit, name in names.items():
        assert any(f"{names['DX01']}: Kiến nghị của {name}" in paragraph for paragraph in paragraphs), name
        assert {sheet for sheet, cell in found if name in str(cell.value)} >= {"Tình trạng gửi", "Kiến nghị", unit}
        assert name in [cell.value for _, cell in found]
        assert all(cell.data_type == "s" for _, cell in found if name in str(cell.value))
    assert all(cell.data_type != "f" and cell.hyperlink is None for _, cell in found)


async def test_a_long_petition_stands_whole(database: Database) -> None:
    asked = "Kính đề nghị " + "hỗ trợ kinh phí " * 190
    await load_pack(database, asked=(asked,))
    made = pack_files(WORDING, await pack_of(database))
    assert any(asked in paragraph for paragraph in docx_text(made.files[REPORT]))
    assert asked in [cell.value for _, cell in cells(made.files[ANNEX])]


async def test_the_short_text_keeps_to_its_length_and_says_first_what_needs_attention(database: Database) -> None:
    names = {code: "🌱" * 40 + name for code, name in UNITS.items()}
    await load_pack(database, names, asked=("x" * 3000,))
    made = pack_files(WORDING, await pack_of(database))
    text = made.files[TEXT].decode()
    assert units(text) <= LONGEST
    lines = text.split("\n")
    assert lines[0] == "Cụm thi đua khối huyện, 6 tháng đầu năm 2026"
    assert lines[1].startswith("Số liệu đến 08:00 ngày 08/6/2026: 3/4 đơn vị đã gửi báo cáo.")
    assert lines[-1].startswith("Phiên bản ")


async def test_a_period_without_a_report_last_year_or_target_says_so(database: Database) -> None:
    await load_pack(database, last_year=False)
    period = await one(database, "select id from period where code = ?", PERIOD)
    for table in ("value", "submission", "target"):
        await database.write([(f"delete from {table} where period_id = ?", (period,))])
    await database.write(running.recount())
    for area in ("cluster:C1", "province", "unit:DX02"):
        made = pack_files(WORDING, await pack_of(database, area))
        whole = "\n".join(docx_text(made.files[REPORT]))
        assert "Chưa có số liệu." in whole
        assert "Chưa có số liệu cùng kỳ năm trước để so sánh." in whole
        assert "Chưa có số liệu." in made.files[TEXT].decode()
        assert made.faults == ()


async def test_the_report_has_the_form_of_the_union(database: Database) -> None:
    await load_pack(database)
    content = pack_files(WORDING, await pack_of(database)).files[REPORT]
    document = Document(io.BytesIO(content))
    section, normal = document.sections[0], document.styles["Normal"]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges if edge is not None] == [20, 20, 30, 20]
    assert section.page_width is not None
    assert (round(section.page_width.mm), normal.font.name) == (210, "Times New Roman")
    text = docx_text(content)
    assert [line for line in text if line.startswith(("TỈNH", "***"))][:2] == ["TỈNH ĐOÀN QUẢNG HẢI", "***"]
    assert "ĐOÀN TNCS HỒ CHÍ MINH" in text
    assert any(re.fullmatch(r"Số: {5,}-BC/TĐTN-VP", line) for line in text)
    assert any(re.fullmatch(r"…+, ngày {3,}tháng {3,}năm 2026", line) for line in text)
    titles = [section.title for section in sorted(CATALOGUE.sections, key=lambda one: one.order)]
    assert [line for line in text if line in titles][:10] == titles
    assert "TM. BAN THƯỜNG VỤ" in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" not in text  # no part of a Union paper


async def test_a_unit_signs_as_its_level_does(database: Database) -> None:
    await load_pack(database)
    text = docx_text(pack_files(WORDING, await pack_of(database, "unit:dx02")).files[REPORT])
    assert "BCH ĐOÀN XÃ HẢI HÒA" in text
    assert "TỈNH ĐOÀN QUẢNG HẢI" in text
    assert any(line.endswith("-BC/ĐTN") for line in text)


async def test_the_annex_can_be_printed_and_has_another_systems_order(database: Database, tmp_path: Path) -> None:
    await load_pack(database)
    listed = tmp_path / "thu-tu.txt"
    listed.write_text("# Mặt trận số\n\nĐơn vị máu hiến tình nguyện\ncay xanh  # mục 2\nkm_thap_sang\n", "utf-8")
    order = entry_order(listed, CATALOGUE)
    assert order == ("don_vi_mau", "cay_xanh", "km_thap_sang")
    pack = await pack_of(database, entry_order=order)
    book = load_workbook(io.BytesIO(pack_files(WORDING, pack).files[ANNEX]))
    values = [row[3] for row in book["Theo biểu nhập"].iter_rows(min_row=5, values_only=True)]
    assert values == [1028, 92000, 1.5]
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "C5"
        assert sheet.print_title_rows == "$4:$4"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    heads = [cell.value for cell in book["Tổng hợp"][4]]
    assert heads == ["TT", "Nội dung", "ĐVT", "Chỉ tiêu", "Kết quả kỳ", "Cùng kỳ", "Lũy kế", "Tỷ lệ (%)", "Ghi chú"]
    assert '"trên "#,##0' in {cell.number_format for _, cell in cells(pack_files(WORDING, pack).files[ANNEX])}
    listed.write_text("cay_xanh\nkhông có mục này\n", "utf-8")
    with pytest.raises(Failed, match="dòng 2: không có mục này"):
        entry_order(listed, CATALOGUE)


async def test_a_pack_of_what_is_not_there_is_refused_in_one_line(database: Database) -> None:
    await load_pack(database)
    for area, named in (("cluster:C9", "--cluster C9"), ("unit:XX", "--unit XX")):
        with pytest.raises(Failed, match=named):
            await pack_of(database, area)


async def test_a_picture_that_fails_leaves_its_words_in_the_report(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.pack import making

    def broken(_: Any) -> bytes:
        raise OSError("no font")

    await load_pack(database)
    monkeypatch.setattr(making, "draw", broken)
    made = pack_files(WORDING, await pack_of(database))
    assert set(made.files) == {REPORT, ANNEX, TEXT}
    assert WORDING.say("pack.undrawn") in docx_text(made.files[REPORT])
    assert scaled_amount("don_vi_mau", "1028") == 1028


async def test_the_next_pack_says_what_became_of_conclusions_and_who_speaks_first(database: Database) -> None:
    name = HOSTILE[0]
    await load_pack(database, {**UNITS, "DX01": name})
    before = await one(database, "select id from period where code = ?", YEAR_AGO)
    ids = [await unit_id(database, code) for code in ("DX01", "DX02")]
    new = [NewTask(900 + n, n, text, NOW.date(), (ids[n - 1],)) for n, text in enumerate(HOSTILE[1:3], 1)]
    since = NOW - timedelta(days=30)
    await database.write([*tasks.add(before, None, new, None, since), tasks.move_of(901, ids[0], "done", None, since)])
    pack = await pack_of(database)
    made = pack_files(WORDING, pack)
    paragraphs = docx_text(made.files[REPORT])
    assert f"- KL-25H1-01, {name}: {HOSTILE[1]} (hạn 08/6): đã xong" in paragraphs
    assert f"- KL-25H1-02, {UNITS['DX02']}: {HOSTILE[2]} (hạn 08/6): chưa xong" in paragraphs
    told = [cell.value for sheet, cell in cells(made.files[ANNEX]) if sheet == "Kết luận"]
    assert {HOSTILE[1], HOSTILE[2], "đã xong", "chưa xong"} <= set(told)
    assert f"1) {UNITS['DX04']}: chưa gửi báo cáo" in paragraphs  # the one of the four that owes its report
    # A version is what stands in the paper: an event elsewhere makes none, and what makes one is told in the next.
    await database.write([handed_out(pack, fresh_id(), None), happened("unit.renamed", "XX", None, NOW)])
    assert (await pack_of(database)).version == pack.version
    period = await one(database, "select id from period where code = ?", PERIOD)
    writer = await one(database, "select min(id) from person")
    await database.write([
        tasks.move_of(902, ids[1], "done", None, since),
        *petitions.raise_petition(950, period, ids[0], writer, HOSTILE[3], NOW),
        narratives.write(period, ids[0], "limit", HOSTILE[4], None, NOW),
        targets.set_target(period, Part(cluster_id=pack.area.part.cluster_id), Target("don_vi_mau", 9, None)),
    ])  # fmt: skip
    after = await pack_of(database)
    assert after.version != pack.version
    assert Sentences(WORDING, after).changes()[1:] == [
        "Chỉ tiêu thêm hoặc đổi: hiến máu.", "Kiến nghị thêm hoặc đổi: KN-26H1-01.",
        "Kết luận giao ban thêm hoặc đổi: KL-25H1-02.", f"Phần lời thêm hoặc đổi: {name}.",
    ]  # fmt: skip
    assert "Xem xét, trả lời 1 kiến nghị của các đơn vị." in Sentences(WORDING, after).directions()
    [raised] = after.petitions
    await database.write([petitions.move(raised, replace(raised, state="answered", answer="Đồng ý"), NOW)])
    answered = await pack_of(database)
    assert answered.version != after.version
    assert not any("kiến nghị" in line for line in Sentences(WORDING, answered).directions())
    made = pack_files(WORDING, answered)
    assert f"- KN-26H1-01, {name}: {HOSTILE[3]} (đã trả lời: Đồng ý)" in docx_text(made.files[REPORT])
    asked = [cell.value for sheet, cell in cells(made.files[ANNEX]) if sheet == "Kiến nghị"]
    assert asked[-2:] == ["đã trả lời", "Đồng ý"]
    assert not (await pack_of(database, now=NOW + timedelta(days=200))).speakers  # of a meeting that is long over


async def test_a_year_that_nobody_reports_is_its_periods_and_drafts_the_next_one(database: Database) -> None:
    await load_pack(database, asked=(HOSTILE[2],))
    half, year = await one(database, "select id from period where code = ?", PERIOD), 990
    dx02 = await unit_id(database, "DX02")
    await database.write([
        rounds.add_period(year, parse_period("2026-Y"), "planned", NOW),
        *tasks.add(half, None, [NewTask(903, 1, HOSTILE[3], NOW.date(), (dx02,))], None, NOW),
        ("update target set period_id = ?", (year,)),
    ])  # fmt: skip
    [round_] = [one_ for one_ in await rounds.all_rounds(database) if one_.id == year]
    pack = await gathered(database, CATALOGUE, round_, "province", NOW)
    open_half = await pack_of(database, "province")
    assert [row.value for row in pack.rows] == [row.value for row in open_half.rows]
    assert pack.comparison.now.coverage == open_half.comparison.now.coverage
    made = pack_files(WORDING, pack)
    assert PROGRAMME not in pack_files(WORDING, open_half).files
    drafted = docx_text(made.files[PROGRAMME])
    assert "Công tác Đoàn và phong trào thanh thiếu nhi năm 2027" in drafted
    assert any("do máy lập" in paragraph for paragraph in drafted)
    unmet = [row for row in pack.rows if row.target is not None and not row.target.met]
    assert unmet
    for row in unmet:
        assert row.indicator.label in drafted
    assert f"{HOSTILE[3]} (KL-26H1-01)" in drafted
    assert f"- KN-26H1-01, {UNITS['DX01']}: {HOSTILE[2]}" in drafted
