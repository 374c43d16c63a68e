"""The office's spreadsheet: what it says is made so, once, whole or not at all; every fault is named with its cell."""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import spreadsheets
from databases import ON_SQLITE
from province import CATALOGUE

from bot.commands.organisation import take_in
from bot.failures import Failed
from bot.spreadsheet.filled import filled
from bot.spreadsheet.sheets import SHEETS
from bot.spreadsheet.template import template
from handlers.office.chairs import chairs_called
from handlers.wording.speech import Wording
from reporting.organisation.units import Organisation, OrgUnit
from reporting.time.calendar import at, local_day
from scheduler.upkeep.successions import Successions
from storage.database import Database
from storage.organisation import office_words, snapshot, targets
from storage.people import expected, people, roster
from storage.periods import rounds

NOW = datetime(2026, 4, 6, 2, 0, tzinfo=UTC)
DAY = date(2026, 4, 6)
SINCE = "01/07/2025"
Rows = list[dict[str, Any]]
Sheets = dict[str, Rows]


def small() -> Sheets:
    """T with cluster C1 (commune A, branches A1, A2) and C2 (commune B), a chair, a secretary, a briefing, a target."""
    return {
        "units": [
            {"code": "T", "name": "Tỉnh đoàn", "level": "Tỉnh, thành phố", "from_on": SINCE},
            {"code": "A", "name": "Đoàn xã A", "level": "Xã, phường, đặc khu", "parent": "T", "cluster": "C1",
             "from_on": SINCE},
            {"code": "B", "name": "Đoàn xã B", "level": "doan_co_so", "parent": "T", "cluster": "C2", "from_on": SINCE},
            {"code": "A1", "name": "Chi đoàn thôn Đông", "level": "Chi đoàn", "parent": "A", "from_on": SINCE},
            {"code": "A2", "name": "Chi đoàn thôn Đoài", "level": "chi doan", "parent": "A", "from_on": SINCE},
        ],
        "clusters": [
            {"code": "C1", "name": "Cụm thi đua số 1", "from_on": SINCE},
            {"code": "C2", "name": "Cụm thi đua số 2", "from_on": SINCE},
        ],
        "people": [
            {"name": "Thái", "role": "Chủ trì cụm", "cluster": "C1", "title": "Phó Bí thư Tỉnh đoàn"},
            {"name": "Lan", "role": "Bí thư", "unit": "A1", "title": "Bí thư Chi đoàn"},
        ],
        "briefings": [
            {"period": "2026-Q1", "cluster": "C1", "on": "14/04/2026", "time": "08:00", "place": "Hội trường",
             "mode": "trực tuyến", "chair": "Thái", "host": "A"},
        ],
        "targets": [{"period": "2026-Q1", "unit": "T", "indicator": "don_vi_mau", "amount": "1.500", "due_on": None}],
        "words": [{"phrase": "Phủ xanh đồi trọc", "indicator": "cây xanh"}],
    }  # fmt: skip


class Office:
    """Imports sheets into one database and keeps what is printed."""

    def __init__(self, db: Database, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.db = db
        self.folder = folder
        self._capsys = capsys

    async def takes(self, sheets: Sheets | Path, day: date = DAY, dry_run: bool = False, now: datetime = NOW) -> str:
        """What is printed of an import that works."""
        self._capsys.readouterr()
        await take_in(self.db, CATALOGUE, self._file(sheets), day, now, dry_run)
        out, err = self._capsys.readouterr()
        assert err == ""
        return out

    async def refuses(self, sheets: Sheets | Path, now: datetime = NOW) -> list[str]:
        """The faults named of an import that fails, and that it changed nothing."""
        before = await self.everything()
        self._capsys.readouterr()
        with pytest.raises(Failed) as failed:
            await take_in(self.db, CATALOGUE, self._file(sheets), local_day(now), now, False)
        assert "\n" not in str(failed.value)
        assert await self.everything() == before
        out, err = self._capsys.readouterr()
        assert out == ""
        faults = err.splitlines()
        assert f"có {len(faults)} lỗi" in str(failed.value)
        return faults

    async def everything(self) -> list[list[tuple[Any, ...]]]:
        """All rows that an import may touch."""
        tables = ("unit", "succession", "cluster", "cluster_member", "post", "role", "invite", "period", "briefing",
                  "target", "office_word", "event", "reminder")  # fmt: skip
        return [sorted(map(tuple, await self.db.read(f"select * from {table}")), key=repr) for table in tables]

    async def organisation(self) -> Organisation:
        return await snapshot.load(self.db)

    async def unit(self, code: str) -> OrgUnit:
        return next(u for u in (await self.organisation()).units.values() if u.code == code)

    async def clusters(self, day: date = DAY) -> dict[str, str]:
        """By unit code: its cluster on that day."""
        org = await self.organisation()
        held = {u.code: u.membership(day) for u in org.units.values()}
        return {code: org.clusters[m.cluster_id].code for code, m in held.items() if m is not None}

    def _file(self, sheets: Sheets | Path) -> Path:
        return sheets if isinstance(sheets, Path) else spreadsheets.write(self.folder / "don-vi.xlsx", sheets)


@pytest.fixture
def office(database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(database, tmp_path, capsys)


@pytest.fixture
async def set_up(office: Office) -> Office:
    """The same with the small province in it."""
    await office.takes(small())
    return office


def changed(sheet: str, row: int, **values: Any) -> Sheets:
    """The small province with other values in one row (from 0) of one sheet."""
    sheets = small()
    sheets[sheet][row] |= values
    return sheets


# --- what is made so ----------------------------------------------------------------------------------------------


@ON_SQLITE
async def test_a_first_import_makes_all_that_the_sheets_say(office: Office) -> None:
    out = await office.takes(small())
    assert "Đơn vị: 5 mới, 0 đổi, 0 kết thúc" in out
    assert out.endswith("Đã ghi.\n")
    assert (await office.unit("A2")).level == "chi_doan"
    assert await office.clusters() == {"A": "C1", "A1": "C1", "A2": "C1", "B": "C2"}  # a branch follows its commune
    assert {(p.name, p.role, p.title) for p in await expected.all_posts(office.db)} == {
        ("Thái", "chair", "Phó Bí thư Tỉnh đoàn"),
        ("Lan", "secretary", "Bí thư Chi đoàn"),
    }
    (round_,) = await rounds.open_rounds(office.db)
    (briefing,) = await rounds.briefings(office.db, round_.id)
    assert briefing.chair == "Phó Bí thư Tỉnh đoàn"  # known before the chair has enrolled
    assert (briefing.mode, briefing.host, briefing.starts_at) == (
        "online", "Đoàn xã A", datetime(2026, 4, 14, 1, 0, tzinfo=UTC),
    )  # fmt: skip
    assert [one.amount for one in (await targets.every_target(office.db)).values()] == [1500]
    (word,) = await office_words.in_use(office.db)
    assert (word.phrase, word.code, word.origin) == ("phủ xanh đồi trọc", "cay_xanh", "given")


@ON_SQLITE
async def test_what_is_filled_in_again_keeps_the_order_of_the_offices_rows(office: Office) -> None:
    sheets = small()
    sheets["units"] += [{**sheets["units"][4], "code": code, "name": f"Chi đoàn {code}"} for code in ("A9", "A7", "A8")]
    names = ("Vinh", "An", "Tú", "Bình", "Yên")
    sheets["people"] = [{"name": name, "role": "Chủ trì cụm", "cluster": "C2"} for name in names]
    sheets["briefings"] = []
    await office.takes(sheets)
    _, lines = await filled(office.db, CATALOGUE, DAY)
    assert [row["code"] for row in lines["units"]] == [row["code"] for row in sheets["units"]]
    assert [row["name"] for row in lines["people"]] == list(names)


@ON_SQLITE
async def test_two_chairs_of_one_cluster_are_warned_of_at_the_import_and_by_check(office: Office) -> None:
    sheets = small()
    sheets["people"].append({"name": "Bình", "role": "Chủ trì cụm", "cluster": "C1"})
    assert "Cụm thi đua số 1 ghi nhiều chủ trì (Thái, Bình)" in await office.takes(sheets)
    assert await roster.several_chairs(office.db, NOW) == [("Cụm thi đua số 1", ["Bình", "Thái"])]
    sheets["people"][-1]["last_on"] = f"{DAY:%d/%m/%Y}"
    await office.takes(sheets)
    assert await roster.several_chairs(office.db, NOW + timedelta(days=1)) == []


async def test_several_chairs_of_a_briefing_are_named_in_one_cell_and_come_out_again(office: Office) -> None:
    sheets = changed("briefings", 0, chair="Sơn; Thái")
    second = {"name": "Sơn", "role": "Chủ trì cụm", "cluster": "C1", "title": "Bí thư Tỉnh đoàn"}
    sheets["people"] = [*sheets["people"], second]
    await office.takes(sheets)
    (round_,) = await rounds.open_rounds(office.db)
    (briefing,) = await rounds.briefings(office.db, round_.id)
    assert [briefing.chair, *(c.title for c in briefing.co_chairs)] == ["Bí thư Tỉnh đoàn", "Phó Bí thư Tỉnh đoàn"]
    assert await office.takes(sheets) == "Không có gì thay đổi.\n"
    _, lines = await filled(office.db, CATALOGUE, NOW.date())
    assert [row["chair"] for row in lines["briefings"]] == ["Sơn; Thái"]
    alone = {**sheets, "briefings": [{**sheets["briefings"][0], "chair": "Thái"}]}
    await office.takes(alone)
    (briefing,) = await rounds.briefings(office.db, round_.id)
    assert (briefing.chair, briefing.co_chairs, briefing.sequence) == ("Phó Bí thư Tỉnh đoàn", (), 0)


async def taken_out(office: Office, folder: Path) -> Path:
    """The file that `template --filled` writes."""
    org, lines = await filled(office.db, CATALOGUE, NOW.date())
    path = folder / "dang-co.xlsx"
    path.write_bytes(template(list(org.levels.values()), CATALOGUE, DAY, lines))
    return path


@pytest.mark.parametrize("called", ["Nguyễn Phương Thảo", "Bí thư Tỉnh đoàn", "Thảo"])
@ON_SQLITE
async def test_a_sheet_takes_a_leader_to_chair_as_a_command_does_and_gives_her_back(
    office: Office, tmp_path: Path, called: str
) -> None:
    leader = {"name": "Nguyễn Phương Thảo", "role": "Lãnh đạo", "unit": "T", "title": "Bí thư Tỉnh đoàn"}
    sheets = changed("briefings", 0, chair="Thái")
    await office.takes({**sheets, "people": [*sheets["people"], leader]})
    (round_,) = await rounds.open_rounds(office.db)
    (briefing,) = await rounds.briefings(office.db, round_.id)
    (by_command,) = await chairs_called(office.db, [called], briefing.cluster_id, DAY)
    await office.takes({"briefings": [{**small()["briefings"][0], "chair": called}]})
    (briefing,) = await rounds.briefings(office.db, round_.id)
    assert (briefing.chair_post_id, briefing.chair) == (by_command.post_id, "Bí thư Tỉnh đoàn")
    assert await office.takes(await taken_out(office, tmp_path)) == "Không có gì thay đổi.\n"


@ON_SQLITE
async def test_one_name_twice_in_a_commune_is_refused_and_what_else_must_be_meant_is_said(set_up: Office) -> None:
    sheets = small()
    neighbour = changed("units", 4, name="Chi đoàn thôn Đông")
    assert await set_up.refuses(neighbour) == ["Đơn vị!B6: Đoàn xã A đã có Chi đoàn thôn Đông (A1); hãy đặt tên khác"]
    there = {"code": "B1", "name": "Chi đoàn thôn Đông", "level": "Chi đoàn", "parent": "B"}
    out = await set_up.takes({"units": [*sheets["units"], there]})
    assert "Nơi khác cũng có Chi đoàn thôn Đông: Đoàn xã A (A1).\n" in out
    merged = changed("units", 3, last_on="06/04/2026", successors="B1")
    out = await set_up.takes({"units": merged["units"]}, dry_run=True)
    assert "Lưu ý: Chi đoàn thôn Đông (A1) ở Cụm thi đua số 1, Chi đoàn thôn Đông (B1) ở Cụm thi đua số 2" in out
    below = changed("units", 2, last_on="06/04/2026", successors="A")  # the commune B: its branch follows into A
    out = await set_up.takes({"units": below["units"]}, dry_run=True, day=DAY + timedelta(days=1))
    assert "Lưu ý: Đoàn xã A sẽ có 1 tên trùng: Chi đoàn thôn Đông (A1, B1)." in out


async def test_two_secretaries_of_one_branch_are_pointed_out(set_up: Office) -> None:
    second = {"name": "Mai", "role": "Bí thư", "unit": "A1"}
    out = await set_up.takes({"people": [*small()["people"], second]}, dry_run=True)
    assert "Lưu ý: Chi đoàn thôn Đông (A1) có hơn một Bí thư: Lan, Mai. Người cũ thì ghi Đến ngày.\n" in out
    gone = {**small()["people"][1], "last_on": "06/04/2026"}
    assert "hơn một" not in await set_up.takes({"people": [gone, second]})


@pytest.mark.parametrize("called", ["Nguyễn Phương Thảo", "nguyen phuong thao", "Bí thư Tỉnh đoàn", "Thảo", "Thao NP"])
async def test_who_has_enrolled_is_still_found_by_the_name_in_the_sheet_her_title_and_her_own_name(
    office: Office, called: str
) -> None:
    leader = {"name": "Nguyễn Phương Thảo", "role": "Lãnh đạo", "unit": "T", "title": "Bí thư Tỉnh đoàn"}
    sheets = changed("briefings", 0, chair="Thái")
    await office.takes({**sheets, "people": [*sheets["people"], leader]})
    unit = (await office.unit("T")).id
    await office.db.write(
        [
            people.add_person(9, "Thao NP", NOW),
            ("insert into role (id, person_id, role, title, unit_id, post_id, valid_from_on) select 9, 9, 'leader',"
             " title, ?, id, '2026-01-01' from post where name = ?", (unit, leader["name"]), 1),
        ]
    )  # fmt: skip
    (round_,) = await rounds.open_rounds(office.db)
    (briefing,) = await rounds.briefings(office.db, round_.id)
    (by_command,) = await chairs_called(office.db, [called], briefing.cluster_id, DAY)
    assert (by_command.person_id, by_command.title) == (9, "Bí thư Tỉnh đoàn")
    await office.takes({"briefings": [{**small()["briefings"][0], "chair": called}]})
    (briefing,) = await rounds.briefings(office.db, round_.id)
    assert briefing.chair == "Bí thư Tỉnh đoàn"


async def test_who_has_enrolled_without_a_row_may_be_named_to_chair(set_up: Office) -> None:
    unit = (await set_up.unit("T")).id
    await set_up.db.write(
        [
            people.add_person(9, "Hà Thu", NOW),
            ("insert into role (id, person_id, role, title, unit_id, valid_from_on) values (9, 9, 'leader', ?, ?, ?)",
             ("Phó Bí thư", unit, "2026-01-01")),
        ]
    )  # fmt: skip
    sheets = changed("briefings", 0, chair="Hà Thu")
    await set_up.takes(sheets)
    (round_,) = await rounds.open_rounds(set_up.db)
    (briefing,) = await rounds.briefings(set_up.db, round_.id)
    assert (briefing.chair_id, briefing.chair_post_id) == (9, None)
    assert await set_up.takes(sheets) == "Không có gì thay đổi.\n"


async def test_two_of_one_name_to_chair_are_asked_about_with_their_titles(office: Office) -> None:
    sheets = changed("briefings", 0, chair="Hà")
    leader = {"name": "Hà", "role": "Lãnh đạo", "unit": "T", "title": "Bí thư Tỉnh đoàn"}
    other = {"name": "Hà", "role": "Chủ trì cụm", "cluster": "C2", "title": "Phó Bí thư"}
    sheets["people"] = [*sheets["people"], leader, other]
    (fault,) = await office.refuses(sheets)
    assert fault == "Giao ban!G2: “Hà” có thể là: Bí thư Tỉnh đoàn (Hà), Phó Bí thư (Hà); hãy ghi chức danh"


# A briefing that is over stands in a file that was taken out, and nothing of it is changed.
LATER = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)


async def test_a_briefing_that_was_held_comes_in_again_as_it_was(set_up: Office, tmp_path: Path) -> None:
    path = await taken_out(set_up, tmp_path)
    assert await set_up.takes(path, LATER.date(), now=LATER) == "Không có gì thay đổi.\n"


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"place": "UBND xã"}, "Giao ban!C2: giao ban này đã họp 08:00 14/04/2026"),
        ({"mode": "hủy"}, "Giao ban!C2: giao ban này đã họp 08:00 14/04/2026"),
        ({"on": "15/04/2026"}, "Giao ban!C2: 08:00 15/04/2026 đã qua"),
    ],
)
@ON_SQLITE
async def test_a_briefing_that_was_held_is_not_changed_by_a_sheet(
    set_up: Office, values: dict[str, Any], fault: str
) -> None:
    (line,) = await set_up.refuses(changed("briefings", 0, **values), now=LATER)
    assert line.startswith(fault)


async def test_a_closed_period_takes_no_briefing_from_a_sheet(set_up: Office) -> None:
    await set_up.db.write([("update period set state = 'closed'", ())])
    row = {**small()["briefings"][0], "cluster": "C2", "chair": None}
    (line,) = await set_up.refuses({"briefings": [row]})
    assert line == "Giao ban!A2: quý I/2026 đã chốt, không đổi được"


async def test_old_figures_do_not_close_a_period_that_is_still_to_be_met_on(office: Office) -> None:
    sheets = changed("briefings", 0, on="14/05/2026")  # planned until 21 days before
    sheets["history"] = [{"period": "2026-Q1", "unit": "A", "indicator": "don_vi_mau", "amount": 5}]
    (line,) = await office.refuses(sheets)
    assert line.startswith("Số liệu cũ!A2: quý I/2026 chưa qua hoặc đang mở")


async def test_the_same_file_again_changes_nothing(set_up: Office) -> None:
    before = await set_up.everything()
    assert await set_up.takes(small()) == "Không có gì thay đổi.\n"
    assert await set_up.takes(small(), DAY + timedelta(days=30)) == "Không có gì thay đổi.\n"
    assert await set_up.everything() == before


async def test_a_dry_run_shows_the_difference_and_writes_nothing(office: Office) -> None:
    before = await office.everything()
    out = await office.takes(small(), dry_run=True)
    assert "mới: A1 Chi đoàn thôn Đông" in out
    assert out.endswith("Chạy thử: chưa ghi gì.\n")
    assert await office.everything() == before


@pytest.mark.parametrize(
    ("sheet", "row", "values", "line"),
    [
        ("units", 3, {"name": "Chi đoàn khu 1"}, "đổi: A1: Tên: “Chi đoàn thôn Đông” → “Chi đoàn khu 1”"),
        ("units", 3, {"parent": "B"}, "đổi: A1: Đơn vị cấp trên: “A” → “B”; Cụm: C1 → C2 từ 06/04/2026"),
        ("units", 3, {"cluster": "C2"}, "đổi: A1: Cụm: C1 → C2 từ 06/04/2026"),
        ("units", 3, {"cluster": "-"}, "đổi: A1: Cụm: C1 → - từ 06/04/2026"),
        ("units", 3, {"last_on": "05/04/2026", "successors": "A2"}, "kết thúc: A1: đến 05/04/2026, kế thừa: A2"),
        ("clusters", 0, {"name": "Cụm phía Bắc"}, "đổi: C1: Tên: “Cụm thi đua số 1” → “Cụm phía Bắc”"),
        ("people", 1, {"title": "Bí thư lâm thời"}, "“Bí thư Chi đoàn” → “Bí thư lâm thời”"),
        ("people", 1, {"last_on": "30/04/2026"}, "kết thúc: Lan (Bí thư, A1): đến 30/04/2026"),
        ("briefings", 0, {"on": "16/04/2026"}, "→ “08:00 16/04/2026, trực tuyến, Hội trường”"),
        ("briefings", 0, {"time": "14h"}, "→ “14:00 14/04/2026, trực tuyến, Hội trường”"),
        ("targets", 0, {"amount": 1600}, "Mức: “1.500 đơn vị máu” → “1.600 đơn vị máu”"),
        ("words", 0, {"indicator": "km_duong_xanh"}, "đổi: phủ xanh đồi trọc: Mục: “cây xanh” → “tuyến đường xanh”"),
        ("words", 0, {"phrase": "rừng phòng hộ"}, "mới: rừng phòng hộ cây xanh"),
    ],
)
async def test_what_is_edited_is_shown_made_so_and_told_in_an_event(
    set_up: Office, sheet: str, row: int, values: dict[str, Any], line: str
) -> None:
    events = len(await set_up.db.read("select id from event"))
    edited = changed(sheet, row, **values)
    assert line in await set_up.takes(edited)
    assert len(await set_up.db.read("select id from event")) > events
    assert await set_up.takes(edited) == "Không có gì thay đổi.\n"


@ON_SQLITE
async def test_a_commune_that_moves_takes_its_branches_along(set_up: Office) -> None:
    out = await set_up.takes(changed("units", 1, cluster="C2"), DAY)
    assert "Đơn vị: 0 mới, 3 đổi, 0 kết thúc" in out
    assert await set_up.clusters() == {"A": "C2", "A1": "C2", "A2": "C2", "B": "C2"}
    assert await set_up.clusters(DAY - timedelta(days=1)) == {"A": "C1", "A1": "C1", "A2": "C1", "B": "C2"}


@ON_SQLITE
async def test_a_merger_of_communes_moves_their_branches_to_the_successor(set_up: Office) -> None:
    merged = changed("units", 1, last_on="05/04/2026", successors="b")
    await set_up.takes(merged)
    org = await set_up.organisation()
    heir, branch = await set_up.unit("B"), await set_up.unit("A1")
    assert branch.parent_id == heir.id
    assert org.clusters[branch.memberships[-1].cluster_id].code == "C2"
    assert (await set_up.unit("A")).successors == (heir.id,)
    assert await set_up.takes(merged) == "Không có gì thay đổi.\n"


@ON_SQLITE
async def test_a_division_has_several_successors_of_which_the_first_is_the_heir(set_up: Office) -> None:
    divided = changed("units", 3, last_on="05/04/2026", successors="A4; A3")
    for code in ("A3", "A4"):
        divided["units"].append(
            {"code": code, "name": code, "level": "Chi đoàn", "parent": "A", "from_on": "06/04/2026"}
        )
    await set_up.takes(divided)
    assert (await set_up.unit("A1")).successors == ((await set_up.unit("A4")).id, (await set_up.unit("A3")).id)
    assert await set_up.takes(divided) == "Không có gì thay đổi.\n"


@ON_SQLITE
async def test_a_merger_prepared_ahead_changes_nothing_until_its_day_and_then_by_itself(set_up: Office) -> None:
    ahead = changed("units", 1, last_on="30/04/2026", successors="B")
    await set_up.takes(ahead)
    eve, day = date(2026, 4, 30), date(2026, 5, 1)
    assert await set_up.clusters(eve) == {"A": "C1", "A1": "C1", "A2": "C1", "B": "C2"}
    assert await set_up.takes(ahead) == "Không có gì thay đổi.\n"
    job = Successions(set_up.db, Wording.vietnamese())
    await job.tick(NOW)
    assert (await set_up.unit("A1")).parent_id == (await set_up.unit("A")).id
    morning = at(day, 7)
    for _ in range(2):
        await Successions(set_up.db, Wording.vietnamese()).tick(morning)  # of two workers only one does it
    await job.tick(morning)
    assert (await set_up.unit("A1")).parent_id == (await set_up.unit("B")).id
    assert await set_up.clusters(day) == {"A1": "C2", "A2": "C2", "B": "C2"}
    assert await set_up.clusters(eve) == {"A": "C1", "A1": "C1", "A2": "C1", "B": "C2"}


@ON_SQLITE
async def test_branches_of_a_divided_commune_follow_its_heir_or_go_where_their_row_says(set_up: Office) -> None:
    divided = changed("units", 1, last_on="05/04/2026", successors="X; Y")
    for code in ("X", "Y"):
        divided["units"].append(
            {"code": code, "name": code, "level": "Xã, phường, đặc khu", "parent": "T", "cluster": "C1",
             "from_on": "06/04/2026"}
        )  # fmt: skip
    divided["units"][4] |= {"parent": "Y"}
    await set_up.takes(divided)
    assert (await set_up.unit("A1")).parent_id == (await set_up.unit("X")).id
    assert (await set_up.unit("A2")).parent_id == (await set_up.unit("Y")).id
    assert await set_up.takes(divided) == "Không có gì thay đổi.\n"


@ON_SQLITE
async def test_a_merger_that_is_told_late_leaves_files_that_come_in_again(set_up: Office, tmp_path: Path) -> None:
    mai = {"name": "Mai", "role": "Bí thư", "unit": "A", "title": "Bí thư Đoàn xã", "from_on": "06/04/2026"}
    await set_up.takes({"people": [mai]})  # named for days that the unit does not live to see
    late = changed("units", 1, last_on="31/03/2026", successors="B")
    await set_up.takes(late)
    assert await set_up.takes(late) == "Không có gì thay đổi.\n"
    org, lines = await filled(set_up.db, CATALOGUE, NOW.date())
    path = tmp_path / "ra.xlsx"
    path.write_bytes(template(list(org.levels.values()), CATALOGUE, DAY, lines))
    assert await set_up.takes(path) == "Không có gì thay đổi.\n"


async def test_units_of_the_past_come_in_with_their_end_and_successor(office: Office) -> None:
    sheets = small()
    sheets["units"].append(
        {"code": "H", "name": "Huyện đoàn", "level": "huyen_doan", "parent": "T", "from_on": "01/01/2020",
         "last_on": "30/06/2025", "successors": "A, B"}
    )  # fmt: skip
    await office.takes(sheets)
    assert (await office.unit("H")).last_on == date(2025, 6, 30)
    assert await office.takes(sheets) == "Không có gì thay đổi.\n"


@ON_SQLITE
async def test_rows_that_are_left_out_stay_as_they_are(set_up: Office) -> None:
    only = {"units": [small()["units"][0]]}
    assert await set_up.takes(only) == "Không có gì thay đổi.\n"


@ON_SQLITE
async def test_what_stands_can_be_taken_out_and_imported_unchanged(set_up: Office, tmp_path: Path) -> None:
    await set_up.takes(changed("units", 1, last_on="05/04/2026", successors="B"))
    await set_up.takes({"units": [{**small()["units"][4], "cluster": "C1", "parent": "B"}]})
    org, lines = await filled(set_up.db, CATALOGUE, NOW.date())
    path = tmp_path / "ra.xlsx"
    path.write_bytes(template(list(org.levels.values()), CATALOGUE, DAY, lines))
    assert await set_up.takes(path) == "Không có gì thay đổi.\n"


async def test_the_empty_template_has_nothing_to_import(office: Office, tmp_path: Path) -> None:
    levels = list((await office.organisation()).levels.values())
    path = tmp_path / "mau.xlsx"
    path.write_bytes(template(levels, CATALOGUE, DAY))
    assert await office.takes(path) == "Không có gì thay đổi.\n"


async def test_a_holder_keeps_the_old_title_up_to_the_day_of_the_new(set_up: Office) -> None:
    post = next(p for p in await expected.all_posts(set_up.db) if p.name == "Lan")
    await set_up.db.write(
        [
            people.add_person(70, "Lan", NOW),
            people.add_role(71, 70, "secretary", post.title, post.unit_id, None, date(2026, 1, 1), post.id),
        ]
    )
    await set_up.takes(changed("people", 1, title="Bí thư lâm thời"))
    for day, title in ((DAY - timedelta(days=1), "Bí thư Chi đoàn"), (DAY, "Bí thư lâm thời")):
        assert [role.title for role in await people.roles_of(set_up.db, 70, day)] == [title]
    await set_up.takes(changed("people", 1, title="Bí thư lâm thời", last_on="30/04/2026"))
    assert await people.roles_of(set_up.db, 70, date(2026, 5, 1)) == []


async def test_words_are_taken_as_people_mean_them(office: Office) -> None:
    sheets = small()
    for row in sheets["units"]:
        row["name"] = unicodedata.normalize("NFD", f"  {row['name']}\u00a0 ")
        row["level"] = unicodedata.normalize("NFD", f"{row['level']}\u200b")
    sheets["units"][1]["name"] = "Đoàn @xã -A"
    sheets["units"][3]["parent"] = " a "
    sheets["units"][0]["code"] = "T"
    await office.takes(sheets)
    assert (await office.unit("A1")).name == "Chi đoàn thôn Đông"
    assert (await office.unit("A")).name == "Đoàn @xã -A"


async def test_codes_that_a_spreadsheet_made_numbers_stay_codes(office: Office) -> None:
    sheets = {"units": [{"code": 101, "name": "Tỉnh đoàn", "level": "tinh_doan"}]}
    await office.takes(sheets)
    assert (await office.unit("101")).from_on == DAY


async def test_days_and_times_may_be_cells_of_their_kind(office: Office, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = spreadsheets.write(tmp_path / "x.xlsx", small())
    book = load_workbook(path)
    book["Giao ban"]["C2"] = date(2026, 4, 15)
    book["Giao ban"]["D2"] = time(13, 30)
    book.save(path)
    await office.takes(path)
    (meeting,) = await rounds.briefings(office.db, (await rounds.all_rounds(office.db))[0].id)
    assert meeting.starts_at == datetime(2026, 4, 15, 6, 30, tzinfo=UTC)


# --- faults -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "row", "values", "fault"),
    [
        ("units", 3, {"code": None}, "Đơn vị!A5: ô Mã đang trống"),
        ("units", 3, {"name": "   "}, "Đơn vị!B5: ô Tên đang trống"),
        ("units", 3, {"name": "x" * 121}, "Đơn vị!B5: dài quá 120 ký tự"),
        ("units", 3, {"code": "Đông 1"}, "Đơn vị!A5: “Đông 1” không dùng làm mã được"),
        ("units", 3, {"level": "Huyện ủy"}, "Đơn vị!C5: không có cấp “Huyện ủy”"),
        ("units", 3, {"parent": "X"}, "Đơn vị!D5: không có đơn vị X"),
        ("units", 3, {"parent": None}, "Đơn vị!D5: thiếu đơn vị cấp trên"),
        ("units", 3, {"cluster": "C9"}, "Đơn vị!E5: không có cụm C9"),
        ("units", 3, {"code": "a2"}, "Đơn vị!A6: “A2” đã có ở dòng 5"),
        ("units", 3, {"parent": "A2"}, "Đơn vị!D5: A2 là cấp Chi đoàn, không ở trên"),
        ("units", 0, {"parent": "A1"}, "Đơn vị!D3: đơn vị cấp trên đi vòng: A → T → A1 → A"),
        ("units", 3, {"from_on": "31/02/2026"}, "Đơn vị!F5: “31/02/2026” không phải ngày"),
        ("units", 3, {"last_on": "30/06/2025"}, "Đơn vị!G5: ngày ngược: từ 01/07/2025 đến 30/06/2025"),
        ("units", 3, {"successors": "A2"}, "Đơn vị!H5: có đơn vị kế thừa thì phải ghi đến ngày"),
        ("units", 3, {"last_on": "05/04/2026", "successors": "A2, X"}, "Đơn vị!H5: không có đơn vị X"),
        ("units", 3, {"last_on": "05/04/2026", "successors": "A1"}, "Đơn vị!H5: A1 không thể kế thừa chính mình"),
        ("units", 3, {"level": "huyen_doan"}, "Đơn vị!D5: A là cấp Xã"),
        ("units", 3, {"name": '=HYPERLINK("http://x")'}, "Đơn vị!B5: ô là công thức"),
        ("units", 3, {"name": "Chi đoàn\u202eA"}, "Đơn vị!B5: ô có ký tự ẩn hoặc ký tự điều khiển (U+202E)"),
        ("units", 3, {"name": "Chi đoàn A\u200b"}, "Đơn vị!B5: ô có ký tự ẩn hoặc ký tự điều khiển (U+200B)"),
        ("units", 3, {"name": "+A"}, "Đơn vị!B5: ô bắt đầu bằng “+”"),
        ("clusters", 0, {"name": "-A"}, "Cụm!B2: ô bắt đầu bằng “-”"),
        ("people", 1, {"name": "@A"}, "Người!A3: ô bắt đầu bằng “@”"),
        ("people", 1, {"name": -5}, "Người!A3: ô bắt đầu bằng “-”"),
        ("units", 3, {"name": "Chi đoàn thôn Đông (0912) 345 678"}, "Đơn vị!B5: ô có số giống số điện thoại"),
        ("clusters", 0, {"name": "Cụm 1, 0203.3825.678"}, "Cụm!B2: ô có số giống số điện thoại"),
        ("clusters", 0, {"last_on": "05/04/2025"}, "Cụm!F2: ngày ngược"),
        ("clusters", 0, {"organiser": "X"}, "Cụm!D2: không có đơn vị X"),
        ("people", 0, {"cluster": "C9"}, "Người!D2: không có cụm C9"),
        ("people", 0, {"cluster": None}, "Người!D2: vai Chủ trì cụm gắn với cụm"),
        ("people", 0, {"unit": "T"}, "Người!C2: vai Chủ trì cụm gắn với cụm"),
        ("people", 1, {"cluster": "C1"}, "Người!D3: vai Bí thư gắn với đơn vị"),
        ("people", 1, {"role": "Vua"}, "Người!B3: không có vai trò “Vua”"),
        ("people", 1, {"role": "Văn phòng"}, "Người!B3: vai Văn phòng không có ở cấp của A1"),
        ("people", 1, {"name": "Lan 0912 345 678"}, "Người!A3: ô có số giống số điện thoại"),
        ("people", 1, {"from_on": "01/05/2026", "last_on": "01/04/2026"}, "Người!G3: ngày ngược"),
        ("briefings", 0, {"cluster": "C9"}, "Giao ban!B2: không có cụm C9"),
        ("briefings", 0, {"period": "quý một"}, "Giao ban!A2: “quý một” không phải kỳ"),
        ("briefings", 0, {"time": "25:00"}, "Giao ban!D2: “25:00” không phải giờ"),
        ("briefings", 0, {"on": "14/04/2062"}, "Giao ban!C2: ngày quá xa quý I/2026"),
        ("briefings", 0, {"on": "05/04/2026"}, "Giao ban!C2: 08:00 05/04/2026 đã qua"),
        ("briefings", 0, {"on": "06/04/2026"}, "Giao ban!D2: 08:00 06/04/2026 đã qua"),
        ("briefings", 0, {"time": "03:00"}, "Giao ban!D2: 03:00 ngoài giờ giao ban (06:00–22:00)"),
        ("briefings", 0, {"mode": "qua thư"}, "Giao ban!F2: không có hình thức “qua thư”"),
        ("briefings", 0, {"chair": "Sơn"}, "Giao ban!G2: không có chủ trì cụm hay lãnh đạo nào là “Sơn”"),
        ("targets", 0, {"indicator": "tuổi"}, "Chỉ tiêu!C2: không có chỉ tiêu “tuổi”"),
        ("targets", 0, {"amount": -5}, "Chỉ tiêu!D2: “-5” không phải số không âm"),
        ("targets", 0, {"amount": "nhiều"}, "Chỉ tiêu!D2: “nhiều” không phải số không âm"),
        ("targets", 0, {"amount": 1.5}, "Chỉ tiêu!D2: 1.5 đơn vị máu không ghi được"),
        ("words", 0, {"phrase": "hủy kế hoạch"}, "Từ riêng!A2: “hủy kế hoạch” có từ đổi nghĩa con số"),
        ("words", 0, {"indicator": "mục lạ"}, "Từ riêng!B2: không có chỉ tiêu “mục lạ”"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_fault_is_named_with_its_sheet_cell_and_reason(
    office: Office, sheet: str, row: int, values: dict[str, Any], fault: str
) -> None:
    faults = await office.refuses(changed(sheet, row, **values))
    assert [line for line in faults if line.startswith(fault)] != [], faults


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"level": "doan_co_so"}, "Đơn vị!C5: cấp đã ghi là Chi đoàn"),
        ({"from_on": "02/07/2025"}, "Đơn vị!F5: từ ngày đã ghi là 01/07/2025"),
    ],
)
@ON_SQLITE
async def test_what_stands_cannot_become_something_else(set_up: Office, values: dict[str, Any], fault: str) -> None:
    (line,) = await set_up.refuses(changed("units", 3, **values))
    assert line.startswith(fault)


@ON_SQLITE
async def test_a_unit_that_has_ended_does_not_come_back(set_up: Office) -> None:
    await set_up.takes(changed("units", 3, last_on="05/04/2026", successors="A2"))
    assert (await set_up.refuses(small()))[0].startswith("Đơn vị!A5: đơn vị đã kết thúc ngày 05/04/2026")
    later = await set_up.refuses(changed("units", 3, last_on="04/04/2026", successors="A2"))
    assert later == ["Đơn vị!G5: A1 đã kết thúc ngày 05/04/2026, không đổi được ngày hay đơn vị kế thừa"]


async def test_every_fault_is_named_and_good_rows_do_not_come_in_either(office: Office) -> None:
    sheets = small()
    sheets["units"][1]["cluster"] = "C9"
    sheets["units"][4]["name"] = "=1+1"
    sheets["people"][1]["role"] = "Vua"
    sheets["targets"][0]["amount"] = "nhiều"
    faults = await office.refuses(sheets)
    assert [line.partition(":")[0] for line in faults] == ["Đơn vị!E3", "Đơn vị!B6", "Người!B3", "Chỉ tiêu!D2"]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_what_follows_from_a_fault_is_not_a_second_one(office: Office) -> None:
    sheets = changed("units", 3, parent="DX09")
    assert await office.refuses(sheets) == ["Đơn vị!D5: không có đơn vị DX09"]
    sheets = changed("clusters", 0, name=None)
    assert await office.refuses(sheets) == ["Cụm!B2: ô Tên đang trống"]
    sheets = changed("units", 1, name=None)
    assert await office.refuses(sheets) == ["Đơn vị!B3: ô Tên đang trống"]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("sheet", "row", "values", "cells"),
    [
        ("units", 3, {"code": "Đông 1", "level": "Vua", "from_on": "x", "parent": "X", "cluster": "C9"}, "ACDEF 5"),
        ("units", 3, {"name": None, "parent": None, "last_on": "1/1/2025", "successors": "X"}, "BDGH 5"),
        ("units", 3, {"name": None, "parent": "A2", "successors": "A1"}, "BDH 5"),
        ("clusters", 0, {"name": None, "position": "x", "organiser": "X", "last_on": "05/04/2025"}, "BCDF 2"),
        ("people", 1, {"name": "Lan 0912 345 678", "title": "0912345678", "unit": "X", "cluster": "C9"}, "ACDE 3"),
        ("people", 1, {"role": "Vua", "unit": "X", "from_on": "2/5/2026", "last_on": "1/5/2026"}, "BCG 3"),
        ("briefings", 0, {"time": "25:00", "on": "14/04/2062", "chair": "Sơn", "host": "X"}, "CDGH 2"),
        ("briefings", 0, {"on": "x", "chair": "Sơn", "period": "x", "host": "X"}, "ACGH 2"),
        ("targets", 0, {"period": "x", "unit": "X", "amount": 1.5, "due_on": "x"}, "ABDE 2"),
    ],
)
async def test_every_cell_of_a_row_that_can_be_judged_is_named(
    office: Office, sheet: str, row: int, values: dict[str, Any], cells: str
) -> None:
    letters, number = cells.split()
    faults = await office.refuses(changed(sheet, row, **values))
    name = next(one.name for one in SHEETS if one.key == sheet)
    named = [line.partition("!")[2].partition(":")[0] for line in faults if line.startswith(f"{name}!")]
    assert sorted(named) == [f"{letter}{number}" for letter in letters], faults


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_what_stands_is_held_against_every_cell_of_a_row(set_up: Office) -> None:
    wrong = {"name": None, "level": "doan_co_so", "from_on": "02/07/2025", "parent": "X"}
    faults = await set_up.refuses(changed("units", 3, **wrong))
    assert [line.partition(":")[0][-2:] for line in sorted(faults)] == ["B5", "C5", "D5", "F5"]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_unit_that_ended_before_its_undated_cluster_began_is_told_so(office: Office) -> None:
    sheets = changed("units", 1, last_on="01/03/2026", successors="B")
    for row in sheets["clusters"]:
        row["from_on"] = None
    faults = await office.refuses(sheets)
    assert "Đơn vị!E3: cụm C1 ở đây tính từ 06/04/2026, sau ngày cuối của đơn vị (01/03/2026)" in faults[0]
    assert not any("đã chuyển cụm" in line for line in faults)


async def test_more_than_fifty_faults_are_counted(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheets = small()
    sheets["units"] += [{"code": f"B{n}", "name": "", "level": "Chi đoàn", "parent": "A"} for n in range(70)]
    path = spreadsheets.write(tmp_path / "x.xlsx", sheets)
    with pytest.raises(Failed, match="tệp có 70 lỗi nêu ở trên; chưa ghi gì"):
        await take_in(office.db, CATALOGUE, path, DAY, NOW, False)
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 51
    assert err[-1] == "… và 20 lỗi nữa"


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sheets_and_columns_of_another_form_are_named(office: Office, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Danh bạ"  # type: ignore[union-attr]
    units = book.create_sheet("Don vi")
    units.append(["Mã", "Tên", "Cấp bậc"])
    path = tmp_path / "x.xlsx"
    book.save(path)
    faults = await office.refuses(path)
    assert [line.partition(":")[0] for line in faults] == ["Danh bạ", "Đơn vị", "Đơn vị!C1"]
    assert faults[1] == "Đơn vị: thiếu cột Cấp; giữ dòng tiêu đề như trong mẫu"


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_more_rows_than_a_sheet_may_have_are_one_clear_line(office: Office, tmp_path: Path) -> None:
    row = {"code": "A", "name": "Đoàn xã A", "level": "Chi đoàn"}
    path = spreadsheets.write(tmp_path / "x.xlsx", {"units": ({**row, "code": f"A{n}"} for n in range(20_001))})  # type: ignore[dict-item]
    assert await office.refuses(path) == ["Đơn vị: trên 20000 dòng; hãy chia tệp, hoặc bỏ các dòng không dùng"]


# --- as other programs and people lay a sheet out -----------------------------------------------------------------


def edited(path: Path, edit: Any) -> Path:
    """The small province's file, changed as with a spreadsheet program."""
    from openpyxl import load_workbook

    book = load_workbook(spreadsheets.write(path / "sua.xlsx", small()))
    edit(book)
    book.save(path / "sua.xlsx")
    return path / "sua.xlsx"


async def test_a_merged_cell_has_its_value_in_every_row_it_covers(office: Office, tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book["Đơn vị"].merge_cells("E3:E4")  # the cluster of the communes A and B
        book["Đơn vị"].merge_cells("D5:D30")  # the commune of both branches, and of rows that are not there

    out = await office.takes(edited(tmp_path, edit), dry_run=True)
    assert "Đơn vị!E3:E4: ô gộp, “C1” được ghi cho mọi dòng của ô này\n" in out
    await office.takes(tmp_path / "sua.xlsx")
    assert await office.clusters() == {"A": "C1", "B": "C1", "A1": "C1", "A2": "C1"}
    assert len((await office.organisation()).units) == 5


async def test_a_row_far_below_the_others_is_read_and_where_reading_stops_is_said(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = {"A30000": "A9", "B30000": "Chi đoàn thôn Xa", "C30000": "Chi đoàn", "D30000": "A"}

    def edit(book: Any) -> None:
        for cell, value in far.items():
            book["Đơn vị"][cell] = value

    await office.takes(edited(tmp_path, edit))
    assert (await office.unit("A9")).name == "Chi đoàn thôn Xa"
    monkeypatch.setattr("bot.spreadsheet.rows.MOST_EMPTY", 50)

    def formatted(book: Any) -> None:
        for number in range(7, 100):
            book["Đơn vị"][f"A{number}"].number_format = "0"

    out = await office.takes(edited(tmp_path, formatted))
    assert out.startswith("Đơn vị: không đọc từ dòng 57: 50 dòng liền trước đều trống")


async def test_a_cell_merged_across_columns_is_named(office: Office, tmp_path: Path) -> None:
    faults = await office.refuses(edited(tmp_path, lambda book: book["Đơn vị"].merge_cells("D3:E3")))
    assert faults[0].startswith("Đơn vị!D3: ô gộp D3:E3 nằm trên nhiều cột")


async def test_an_empty_merged_cell_says_nothing(office: Office, tmp_path: Path) -> None:
    out = await office.takes(edited(tmp_path, lambda book: book["Đơn vị"].merge_cells("G3:H6")))
    assert "ô gộp" not in out


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
async def test_a_hidden_sheet_of_another_program_is_passed_by(office: Office, tmp_path: Path, state: str) -> None:
    def edit(book: Any) -> None:
        book.create_sheet("foxz").sheet_state = state

    assert (await office.takes(edited(tmp_path, edit))).startswith("foxz: trang đang ẩn, không thuộc mẫu: bỏ qua\n")


@pytest.mark.parametrize(
    ("value", "form", "code"),
    [(1, "000", "001"), (7, '"TD-"00', "TD-07"), (12, "#,##0", "12"), (12, "@", "12"), (3, "000;[Red]-000", "003")],
)
@ON_SQLITE
async def test_a_code_is_what_the_cell_shows(office: Office, tmp_path: Path, value: int, form: str, code: str) -> None:
    def edit(book: Any) -> None:
        book["Đơn vị"]["A4"] = value  # the commune B
        book["Đơn vị"]["A4"].number_format = form

    await office.takes(edited(tmp_path, edit))
    assert (await office.unit(code)).name == "Đoàn xã B"


@pytest.mark.parametrize(("value", "form"), [(1, "0.00"), (1200, "#,##0"), (1, "00-00"), (5, "0%")])
@ON_SQLITE
async def test_a_code_shown_as_no_code_is_asked_about(office: Office, tmp_path: Path, value: int, form: str) -> None:
    def edit(book: Any) -> None:
        book["Đơn vị"]["A4"] = value
        book["Đơn vị"]["A4"].number_format = form

    faults = await office.refuses(edited(tmp_path, edit))
    assert faults[0] == f"Đơn vị!A4: ô chứa số {value} nhưng hiện theo dạng {form}; hãy ghi ô này thành chữ"


@pytest.mark.parametrize(
    ("value", "form", "text", "readings"),
    [
        ("2,750", "General", "2,750", "2750 hoặc 2,75"),
        ("38,000", "@", "38,000", "38000 hoặc 38"),
        (2.75, "#,##0.000", "2,750", "2750 hoặc 2,75"),
    ],
)
@ON_SQLITE
async def test_a_comma_before_three_digits_is_asked_about_with_both_readings(
    office: Office, tmp_path: Path, value: Any, form: str, text: str, readings: str
) -> None:
    def edit(book: Any) -> None:
        book["Chỉ tiêu"]["D2"] = value
        book["Chỉ tiêu"]["D2"].number_format = form

    (fault,) = await office.refuses(edited(tmp_path, edit))
    assert fault == f"Chỉ tiêu!D2: “{text}” có thể là {readings}; hãy ghi {readings}"


@pytest.mark.parametrize(("value", "amount"), [("2.750", 2750), ("2750,0", 2750), (2750, 2750)])
@ON_SQLITE
async def test_an_amount_with_one_reading_is_taken(office: Office, tmp_path: Path, value: Any, amount: int) -> None:
    await office.takes(changed("targets", 0, amount=value))
    assert [one.amount for one in (await targets.every_target(office.db)).values()] == [amount]
