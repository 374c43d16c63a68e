"""The office's own names of indicators: what may be one, when one is learned, who reads it, where it ends."""

import json
from datetime import UTC, datetime

import pytest
from province import CATALOGUE

from bot.commands import words
from bot.commands.reading import read_text
from bot.failures import Failed, WrongUsage
from bot.settings import Settings
from reporting.reading.reader import read
from reporting.reading.taught import Vote, as_taught, indicator_named, learned, refusal, with_words
from reporting.reading.unknown import unknown_words
from storage.database import Database
from storage.organisation import office_words
from storage.people import people, privacy

NOW = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("phủ xanh đồi trọc", None),
        ("thăm mẹ già neo đơn", None),
        ("giọt hồng", "named"),
        ("", "empty"),
        ("một phong trào mang tên rất là dài", "too_many"),
        ("ab", "short"),
        ("tết 2026", "number"),
        ("ba lớp rào chắn", "number"),
        ("không gian mạng", "turns"),
        ("chưa phủ đồi", "turns"),
        ("đồi trọc bị cháy", "turns"),
        ("kế hoạch phủ đồi", "turns"),
        ("nhận từ tỉnh đoàn", "turns"),
        ("so với năm ngoái", "turns"),
        ("tổng cộng lại", "turns"),
        ("cây xanh", "named"),
        ("nhổ cây", "named"),
        ("thôn đồi trọc", "place"),
        ("bên em làm được", "plain"),
    ],
)
def test_words_that_would_make_wrong_figures_are_no_names(phrase: str, why: str | None) -> None:
    assert refusal(as_taught(phrase), CATALOGUE) == why


def test_a_name_counts_as_those_of_the_catalogue_do() -> None:
    text = "phu xanh doi troc duoc 300, rọi sáng ngõ: 2 km"
    assert read(text, CATALOGUE, "chi_doan").values == ()
    known = with_words(CATALOGUE, {"phủ xanh đồi trọc": "cay_xanh", "rọi sáng ngõ": "km_thap_sang", "x y z": "gone"})
    assert dict(read(text, known, "chi_doan").amounts) == {"cay_xanh": 300, "km_thap_sang": 2000}
    assert read(text, CATALOGUE, "chi_doan").values == ()  # another office's catalogue is another one


@pytest.mark.parametrize(
    "text", ["không phủ xanh đồi trọc", "kế hoạch phủ xanh đồi trọc 300", "phủ xanh đồi trọc 300 cây chết"]
)
def test_a_name_of_the_office_is_denied_and_planned_as_any_other(text: str) -> None:
    known = with_words(CATALOGUE, {"phủ xanh đồi trọc": "cay_xanh"})
    assert not any(read(text, known, "chi_doan").amounts.values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("phủ xanh đồi trọc 300", [("phủ xanh đồi trọc", "300")]),
        ("- Phủ xanh đồi trọc: 300\n- hiến máu 3 đơn vị", [("phủ xanh đồi trọc", "300")]),
        ("bên em cháo tình thương được 50 suất ạ", [("cháo tình thương", "50")]),
        ("nhổ 40 cây xanh", []),  # it has a name: what the unknown word makes of it is not known
        ("phủ đồi 300, rào đồi 300", []),  # which 300 an answer means
        ("thôn Đông 3 buổi", []),
        ("trồng 40 cây xanh", []),
    ],
)
def test_what_nothing_knows_beside_a_number_may_be_taught(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.phrase, one.number) for one in unknown_words(text, CATALOGUE, "chi_doan")] == found


def votes(*said: tuple[str, str]) -> list[Vote]:
    return [Vote(phrase, code, person) for person, (phrase, code) in enumerate(said)]


def test_three_people_who_say_the_same_teach_a_name() -> None:
    one = ("phủ đồi", "cay_xanh")
    assert learned(votes(one, one)) is None
    assert learned([*votes(one, one), Vote(*one, 1)]) is None  # the same person again
    assert learned(votes(one, one, one)) == one
    assert learned(votes(one, one, one, ("phủ đồi", "km_duong_xanh"))) is None
    assert learned(votes(("phu doi", "cay_xanh"), one, one)) == one  # the spelling with marks
    assert learned(votes(("phũ đồi", "cay_xanh"), one, one)) is None  # two words that only look alike


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("cay_xanh", "cay_xanh"),
        ("Cây xanh", "cay_xanh"),
        ("trồng cây", "cay_xanh"),
        ("VNeID", "tai_khoan_vneid"),
        ("đường lạ", None),
        ("", None),
    ],
)
def test_an_indicator_is_meant_by_code_label_or_name(words: str, code: str | None) -> None:
    assert indicator_named(words, CATALOGUE) == code


async def test_a_removed_name_is_not_learned_again_but_may_be_given(database: Database) -> None:
    await database.write([people.add_person(1, "Lan", NOW), office_words.voted(Vote("phủ đồi", "cay_xanh", 1), NOW)])
    assert await office_words.votes(database, "phu doi") == [Vote("phủ đồi", "cay_xanh", 1)]
    await database.write(office_words.learn("phủ đồi", "cay_xanh", NOW))
    assert [(w.phrase, w.origin) for w in await office_words.in_use(database)] == [("phủ đồi", "learned")]
    assert await database.read("select 1 from word_vote") == []
    await database.write([office_words.remove("phu doi", NOW)])
    assert await office_words.in_use(database) == []
    assert await office_words.votes(database, "phủ đồi") is None
    await database.write(office_words.learn("phủ đồi", "cay_xanh", NOW))
    assert await office_words.in_use(database) == []
    await database.write(office_words.give("phủ đồi", "km_duong_xanh", NOW))
    assert [(w.phrase, w.code, w.origin) for w in await office_words.in_use(database)] == [
        ("phủ đồi", "km_duong_xanh", "given")
    ]


async def test_who_is_erased_has_said_nothing(database: Database) -> None:
    await database.write([people.add_person(1, "Lan", NOW), office_words.voted(Vote("phủ đồi", "cay_xanh", 1), NOW)])
    await database.write(privacy.erase(1, await privacy.held_about(database, 1), "2026-04-02", NOW))
    assert await office_words.votes(database, "phủ đồi") == []


async def test_the_commands_add_list_and_remove_names(migrated_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(giaoban_database_url=migrated_url, _env_file=None)
    await words.add_word(settings, " Phủ  xanh ĐỒI trọc ", "cây xanh")
    known = await words.words_in_use(settings)
    assert known == {"phủ xanh đồi trọc": "cay_xanh"}
    read_text(settings, "em phủ xanh đồi trọc 300 ạ", "chi_doan", "lines", words=known)
    assert "cay_xanh\t300 cây" in capsys.readouterr().out
    capsys.readouterr()
    await words.list_words(settings, True)
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["phrase"], row["code"], row["origin"]) == ("phủ xanh đồi trọc", "cay_xanh", "given")
    await words.list_words(settings, False)
    assert "1 cách gọi" in capsys.readouterr().out
    await words.remove_word(settings, "phu xanh doi troc")
    assert await words.words_in_use(settings) == {}
    with pytest.raises(Failed, match="words list"):
        await words.remove_word(settings, "phủ xanh đồi trọc")
    with pytest.raises(WrongUsage, match="đổi nghĩa con số"):
        await words.add_word(settings, "hủy kế hoạch", "cây xanh")
    with pytest.raises(WrongUsage, match="không có mục này"):
        await words.add_word(settings, "phủ xanh đồi trọc", "mục lạ")
