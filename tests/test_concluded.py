"""What a chair says at the end of a meeting, divided: whose each conclusion is, until when, and what is only asked."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.meetings.called_units import CalledUnits
from handlers.meetings.card import ConclusionCard, NoChange, NotOnCard
from handlers.meetings.concluded import Conclusion, concluded
from handlers.task_words import said_of_task
from reporting.time.as_written import NotADay
from reporting.time.until import until_in
from storage.organisation.units import Cluster, Unit

TODAY = date(2026, 4, 14)
UNITS = [
    Unit(number, code, name, level, parent, cluster, name)
    for number, code, name, level, parent, cluster in (
        (1, "TD", "Tỉnh đoàn Hòa An", "tinh_doan", "", ""),
        (2, "DX01", "Đoàn xã Tân Lập", "doan_co_so", "TD", "C1"),
        (3, "CD01", "Chi đoàn thôn Đông", "chi_doan", "DX01", "C1"),
        (4, "DX02", "Đoàn phường Bến Thủy", "doan_co_so", "TD", "C2"),
        (5, "DX03", "Đoàn xã Hải Hòa", "doan_co_so", "TD", "C1"),
        (6, "DX04", "Đoàn phường Hải Hòa", "doan_co_so", "TD", "C2"),
    )
]
CLUSTERS = [Cluster(1, "C1", "Cụm thi đua số 1", 1), Cluster(2, "C2", "Cụm thi đua số 2", 1)]
PROVINCE = CalledUnits(UNITS, CLUSTERS, [2, 4, 5, 6], [unit.id for unit in UNITS])
FIRST = CalledUnits(UNITS, CLUSTERS, [2, 5], [1, 2, 3, 5])

# Who worked through the year with a province said it in one sentence, for one owner.
SIX = (
    "Theo đó, Tỉnh đoàn cần lưu ý 06 nhóm nội dung là: triển khai chương trình hành động, các đề án trong Chiến lược"
    " phát triển thanh niên đến năm 2030; thực hiện chủ trương 3 liên kết; phát triển năng lực khởi nghiệp; nâng cao"
    " năng lực số; xây dựng đội ngũ cán bộ Đoàn; tổ chức Đại hội Hội LHTN các cấp."
)


def read(text: str, called: CalledUnits = PROVINCE) -> list[tuple[tuple[int, ...], str, str]]:
    return [(one.unit_ids, f"{one.due_on or ''}", one.text) for one in concluded(text, called, TODAY)[0]]


def test_six_conclusions_of_one_sentence_go_to_the_one_it_names_and_no_plans_year_is_a_day() -> None:
    found = read(SIX)
    assert [one[:2] for one in found] == [((1,), "")] * 6
    assert found[5][2] == "tổ chức Đại hội Hội LHTN các cấp"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "1. Đoàn xã Tân Lập rà soát đoàn viên trước 15/5\n2) Giao Bến Thủy mở 2 lớp kỹ năng trong tháng 5",
            [((2,), "2026-05-15", "rà soát đoàn viên"), ((4,), "2026-05-31", "mở 2 lớp kỹ năng")],
        ),
        (  # dictated, without a mark
            "đoàn xã tân lập rà soát đoàn viên trước 15 tháng 5 đoàn phường bến thủy báo cáo hội viên trước 20 tháng 5",
            [((2,), "2026-05-15", "rà soát đoàn viên"), ((4,), "2026-05-20", "báo cáo hội viên")],
        ),
        (
            "giao DX01 rà soát chi đoàn, giao DX03 và Đoàn xã Tân Lập tập huấn",
            [((2,), "", "rà soát chi đoàn"), ((5, 2), "", "tập huấn")],
        ),
        ("Đoàn xã Tân Lập mở lớp; tập huấn cán bộ", [((2,), "", "mở lớp"), ((), "", "tập huấn cán bộ")]),
        (
            "đề nghị các đơn vị trồng cây đến hết quý II; tập huấn cán bộ",
            [((2, 4, 5, 6), "2026-06-30", "trồng cây"), ((2, 4, 5, 6), "", "tập huấn cán bộ")],
        ),
        ("Phối hợp với Đoàn xã Tân Lập làm đường", [((), "", "Phối hợp với Đoàn xã Tân Lập làm đường")]),
        ("Cụm 2 tổ chức ngày hội TP. Hòa An cuối năm", [((4, 6), "2026-12-31", "tổ chức ngày hội TP. Hòa An")]),
        ("...", []),
    ],
)
def test_a_text_is_divided_where_something_else_is_asked(
    text: str, expected: list[tuple[tuple[int, ...], str, str]]
) -> None:
    assert read(text) == expected


def test_of_two_units_of_one_name_the_one_at_the_meeting_is_meant_and_else_nobody() -> None:
    assert read("Hải Hòa tập huấn cán bộ", FIRST) == [((5,), "", "tập huấn cán bộ")]
    [one] = concluded("Hải Hòa tập huấn cán bộ", PROVINCE, TODAY)[0]
    assert (one.unit_ids, one.unclear) == ((), ("Hải Hòa",))


def test_praise_asks_for_nothing_and_is_told_to_be_left_out() -> None:
    found, praise = concluded("Ghi nhận các đơn vị đã cố gắng. DX01 rà soát đoàn viên", PROVINCE, TODAY)
    assert [one.text for one in found] == ["rà soát đoàn viên"]
    assert praise == ["Ghi nhận các đơn vị đã cố gắng"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("trước 15/4", "2026-04-15"), ("chậm nhất ngày 20/5/2026", "2026-05-20"), ("trong tháng 5", "2026-05-31"),
        ("đến hết quý II", "2026-06-30"), ("vào tháng 3 năm tới", "2027-03-31"), ("trong tuần sau", "2026-04-26"),
        ("trước tháng 6", "2026-05-31"), ("trước thứ 6", "2026-04-17"), ("chậm nhất hết tháng này", "2026-04-30"),
        ("trong vòng 10 ngày", "2026-04-24"), ("tổ chức trong 3 ngày", ""), ("trước ngày mai", "2026-04-15"),
        ("cuối năm", "2026-12-31"), ("đến năm 2030", ""), ("hết năm điểm nghẽn", ""), ("hạn 15/3", "2026-03-15"),
    ],
)  # fmt: skip
def test_the_last_day_is_read_behind_a_word_that_says_so(text: str, day: str) -> None:
    found = until_in(f"rà soát đoàn viên {text}", TODAY)
    assert f"{found.day if found else ''}" == day


@pytest.mark.parametrize("text", ["trước 30/2", "trong tháng 13"])
def test_a_day_that_is_none_is_not_taken_for_another(text: str) -> None:
    with pytest.raises(NotADay):
        until_in(text, TODAY)


CARD = ConclusionCard("2026-Q1", 1, (Conclusion("rà soát đoàn viên", (2,)), Conclusion("tập huấn cán bộ", ())))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 giao Tân Lập, hạn 30/6", [((2,), "", 0), ((2,), "2026-06-30", 0)]),
        ("hạn 30/6", [((2,), "2026-06-30", 0), ((), "2026-06-30", 0)]),
        ("giao DX03", [((2,), "", 0), ((5,), "", 0)]),
        ("bỏ 1", [((), "", 0)]),
        ("2: Hải Hòa nộp quy hoạch cán bộ trước 1/6", [((2,), "", 0), ((5,), "2026-06-01", 0)]),
        ("1 hạn 21/4, 2 hạn 28/4", [((2,), "2026-04-21", 0), ((), "2026-04-28", 0)]),
        ("2 giao Hải Hòa, 1 giao Tỉnh đoàn", [((1,), "", 0), ((5,), "", 0)]),
        ("1 giao DX03 hạn 21/4 2 giao DX01 trước 28/4", [((5,), "2026-04-21", 0), ((2,), "2026-04-28", 0)]),
        ("1 21/4; câu 2 Hải Hòa", [((2,), "2026-04-21", 0), ((5,), "", 0)]),
        ("1 và 2 hạn 21/4\nbỏ 1, 2 giao DX01", [((2,), "2026-04-21", 0)]),
        ("2: mở 1 lớp kỹ năng đợt 1 trước 15/5, 1 hạn 21/4", [((2,), "2026-04-21", 0), ((), "2026-05-15", 0)]),
        ("bỏ 1, bỏ câu 2", []),
        ("1 & 2 hạn 21/4", [((2,), "2026-04-21", 0), ((), "2026-04-21", 0)]),
        ("2 giao DX01 & DX03", [((2,), "", 0), ((2, 5), "", 0)]),
        (
            "1: trồng 50 cây, mở 10 lớp hạn 30/6; 2 giao cụm 1 hạn 1/6",
            [((2,), "2026-06-30", 0), ((2, 5), "2026-06-01", 0)],
        ),
    ],
)
def test_one_message_changes_what_is_shown(text: str, expected: list[tuple[tuple[int, ...], str, int]]) -> None:
    changed = CARD.changed(text, FIRST, TODAY)
    assert [(one.unit_ids, f"{one.due_on or ''}", changed.editing) for one in changed.items] == expected
    assert ConclusionCard.from_json(changed.to_json()) == changed


@pytest.mark.parametrize(
    "text",
    ["2 giao DX99", "9 hạn 30/6 năm nay đấy nhé bạn", "2", "đúng rồi", "1 hạn 30/2", "bỏ", "1 hạn 21/4, 2 hạn 30/2"],
)
def test_what_is_not_understood_changes_nothing(text: str) -> None:
    with pytest.raises(NoChange):
        CARD.changed(text, FIRST, TODAY)


@pytest.mark.parametrize(
    "text",
    ["1 hạn 30/5, 7 giao Tân Lập, 7 hạn 1/6", "2 giao Hải Hòa, bỏ 9, 9 giao Tân Lập", "1 và 4 hạn 30/6", "9: mở lớp",
     "bỏ 3", "12 giao DX01"],
)  # fmt: skip
def test_a_number_that_the_card_has_not_changes_nothing_of_the_message(text: str) -> None:
    for card in (CARD, replace(CARD, editing=1)):
        with pytest.raises(NotOnCard):
            card.changed(text, FIRST, TODAY)


@pytest.mark.parametrize(
    ("text", "no_day"),
    [
        ("Tân Lập họp 30/2", "30/2"), ("Tân Lập họp 31/4/2026", "31/4/2026"), ("Tân Lập họp 29/2/2026", "29/2/2026"),
        ("Tân Lập họp 29/2", ""), ("Tân Lập trồng đạt 45/60 cây, 24/7", ""),
    ],
)  # fmt: skip
def test_a_day_that_no_month_has_is_told_also_where_it_is_no_last_day(text: str, no_day: str) -> None:
    assert [one.no_day for one in concluded(text, PROVINCE, TODAY)[0]] == [no_day]


@pytest.mark.parametrize("joined", ["DX01 & DX03", "DX01 và DX03", "DX01, DX03"])
def test_units_are_joined_alike_by_a_sign_and_by_a_word(joined: str) -> None:
    assert read(f"{joined} trồng cây") == [((2, 5), "", "trồng cây")]


@pytest.mark.parametrize(
    ("text", "number", "state", "note"),
    [
        ("xong kết luận 3: đã mở 2 lớp", 3, "done", "đã mở 2 lớp"), ("KL-26Q1-03 chưa xong", 3, "open", ""),
        ("kl 3 xong rồi", 3, "done", "rồi"), ("bo ket luan so 4", 4, "dropped", ""), ("kết luận 5", 5, None, ""),
    ],
)  # fmt: skip
def test_what_became_of_a_task_is_said_around_its_number(text: str, number: int, state: str, note: str) -> None:
    said = said_of_task(text)
    assert said is not None
    assert (said.number, said.state, said.note) == (number, state, note)


@pytest.mark.parametrize("text", ["hoàn thành kết luận 3 cuộc kiểm tra", "kết luận: 3 lớp", "trồng 3 cây", "kết luận"])
def test_a_figure_beside_these_words_is_no_task(text: str) -> None:
    assert said_of_task(text) is None
