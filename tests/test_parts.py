"""A message in the form its channel takes: missing buttons become lines, a long text several parts."""

import pytest
from bot_api.methods import units
from hypothesis import given
from hypothesis import strategies as st

from handlers.channel import Limits, TextUnits
from handlers.messages import Choice, File, Outgoing
from scheduler.sending.parts import parts, split_text

YES, NO = Choice("Đồng ý", "consent:yes"), Choice("Từ chối", "consent:no")
PICTURE = File("lich.png", b"png", picture=True)
PLAIN = Limits(text=40, buttons=False, files=False)


def test_a_long_text_is_cut_at_the_end_of_a_line() -> None:
    lines = [f"dòng {number:04}" for number in range(1000)]
    parts = split_text("\n".join(lines), 4096, "utf16")
    assert [line for part in parts for line in part.split("\n")] == lines


def test_a_letter_and_its_diacritic_stay_together() -> None:
    assert all(part[0] != "\u0323" for part in split_text("a\u0323" * 30, 7, "characters"))


@given(st.text(alphabet="ab ạ\u0323\n🌳", max_size=200), st.integers(2, 30), st.sampled_from(["characters", "utf16"]))
def test_no_part_is_too_long_or_blank_and_nothing_but_white_space_goes(
    text: str, limit: int, counted: TextUnits
) -> None:
    parts = split_text(text, limit, counted)
    assert "".join("".join(parts).split()) == "".join(text.split())
    if text.strip():
        assert all(part.strip() and (units(part) if counted == "utf16" else len(part)) <= limit for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "told"),
    [
        ("Đã ghi 1.250 cây xanh", 11, ["Đã", "ghi", "1.250 cây", "xanh"]),
        ("cây: 12 345 678", 13, ["cây:", "12 345 678"]),
        ("Hạn 14/4/2026.", 8, ["Hạn", "14/4/202", "6."]),  # no place is left but within it
        ("Hiến máu 4. Trồng 120 cây", 16, ["Hiến máu 4.", "Trồng 120 cây"]),
        ("🌳 120 cây, 62 lượt", 10, ["🌳", "120 cây,", "62 lượt"]),
    ],
)
def test_no_number_is_cut_while_there_is_another_place(text: str, limit: int, told: list[str]) -> None:
    assert split_text(text, limit, "utf16") == told


@given(st.lists(st.sampled_from(["1.250", "12,5", "3", "cây", "xanh;", "lượt.", "14/4"]), min_size=1, max_size=40))
def test_every_number_stands_whole_in_one_part(words: list[str]) -> None:
    parts = split_text(" ".join(words), 12, "utf16")
    assert " ".join(parts).split() == words


def test_what_keeps_to_the_limits_stays_as_it_is() -> None:
    message = Outgoing("lan", "Đồng ý không?", (YES, NO), key="reply:1", file=PICTURE)
    assert parts(message, Limits()) == [message]
    assert parts(message, Limits(text=13, caption=13)) == [message]


def test_choices_become_numbered_lines_where_there_are_no_buttons() -> None:
    (told,) = parts(Outgoing("lan", "Đồng ý không?", (YES, NO)), PLAIN)
    assert (told.text, told.choices) == ("Đồng ý không?\n1. Đồng ý\n2. Từ chối", ())


def test_choices_have_letters_while_a_number_is_itself_an_answer() -> None:
    own = (Choice("1. Chi đoàn Đông", "review:1"), Choice("Duyệt cả 2", "accept_all"))
    (told,) = parts(Outgoing("lan", "Hàng chờ", own), PLAIN)
    assert told.text == "Hàng chờ\n1. Chi đoàn Đông\n2. Duyệt cả 2"
    (told,) = parts(Outgoing("lan", "Mấy buổi?", (YES, NO), numbered=False), PLAIN)
    assert told.text == "Mấy buổi?\na. Đồng ý\nb. Từ chối"


def test_the_lines_of_choices_count_as_text() -> None:
    told = parts(Outgoing("lan", "x" * 30, (YES, NO)), PLAIN)
    assert [part.text for part in told] == ["x" * 30 + "\n1. Đồng ý", "2. Từ chối"]


def test_a_file_is_left_out_where_the_channel_takes_none() -> None:
    assert [part.file for part in parts(Outgoing("lan", "Lịch", file=PICTURE), PLAIN)] == [None]


def test_a_file_goes_alone_after_a_text_too_long_for_its_caption() -> None:
    told = parts(Outgoing("lan", "x" * 25, (YES,), file=PICTURE), Limits(text=10, caption=20))
    assert [(part.text, part.choices, part.file) for part in told] == [
        ("x" * 10, (), None),
        ("x" * 10, (), None),
        ("x" * 5, (YES,), None),
        ("", (), PICTURE),
    ]


def test_each_part_has_a_key_of_its_own_and_the_first_that_of_the_row() -> None:
    told = parts(Outgoing("lan", "x" * 25, key="reply:1"), Limits(text=10))
    assert [part.key for part in told] == ["reply:1", "reply:1/2", "reply:1/3"]
    assert [part.key for part in parts(Outgoing("lan", "x" * 25), Limits(text=10))] == ["", "", ""]
