"""One-time codes: hard to misread, told apart from words and telephone numbers, kept only as a hash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.access.codes import ALPHABET, bare, code_hash, new_code, typed_code


def test_a_code_is_two_groups_of_five_without_letters_that_are_misread() -> None:
    codes = [new_code() for _ in range(200)]
    assert len(set(codes)) == 200
    for code in codes:
        assert [len(part) for part in code.split("-")] == [5, 5]
        assert set(bare(code)) <= set(ALPHABET)
        assert typed_code(code)
    assert not set("ILOU") & set(ALPHABET)


@pytest.mark.parametrize(
    "written",
    [
        "k7m2q-9xd4r",
        "K7M2Q9XD4R",
        " K7M2Q-9XD4R ",
        "k7m2q-9Xd4R",
        "K7M2Q 9XD4R",
        "K7M2Q–9XD4R",
        "K7M2Q-9XD4R.",
        "“K7M2Q-9XD4R”",
        "mã K7M2Q-9XD4R",
        "Mã: k7m2q 9xd4r",
    ],
)
def test_a_code_is_the_same_however_it_is_typed(written: str) -> None:
    assert code_hash(typed_code(written)) == code_hash("K7M2Q-9XD4R")


def test_letters_that_are_misread_stand_for_the_digits_they_look_like() -> None:
    assert code_hash("O1LI0-AAAAA") == code_hash("01110-AAAAA")


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912-345-678",
        "HOAKHANHXA",
        "khoinghiep",
        "3 buổi",
        "3 buoi 62l",
        "trong 12000",
        "xã 45 buổi 3",
        "ma",
        "mã",
        "K7M2Q-9XD4",
        "K7M2Q-9XD4RR",
        "",
        "🙂",
    ],
)
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert not typed_code(text)


def test_the_hash_does_not_hold_the_code() -> None:
    assert "K7M2Q" not in code_hash("K7M2Q-9XD4R").upper()
    assert len(code_hash("K7M2Q-9XD4R")) == 64


@given(st.text(max_size=60))
def test_no_text_breaks_the_look_at_codes(text: str) -> None:
    assert code_hash(typed_code(text))
