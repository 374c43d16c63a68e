"""The journeys in tests/journeys on a phone with Zalo: the same words, its choices as numbers."""

import pytest
from journey import JOURNEYS, play
from text_only import LIMITS
from zalo_api.phone import ZaloPlayer

# Every word and button that these use is used on Zalo by another one, too; `make campaign` plays them all the same.
WORDS_OF_OTHERS = {
    "april_round", "asked_back", "asked_beside", "bad_input", "before", "branch", "calendar_files",
    "called_off_briefing", "campaigns", "copied_form", "corrections", "doubts", "enrol", "enrol_guessing",
    "enrol_refusal", "four_chairs", "group", "island_and_online", "last_years_text", "leaders", "leaders_ask",
    "locked", "locked_and_open", "moved_briefing", "named_periods", "named_unit", "never_earlier",
    "newcomer_paste", "no_more", "no_rights", "numbers", "office", "office_rounds", "opened_late", "paste_in_two",
    "quangninh", "reminders", "reorganised", "resume", "review_two", "round_words", "self_locking", "several_orders",
    "shared_draft",
    "sonla", "sonla_overdue", "table_of_each_unit", "taken_out", "ten_correcting", "ten_dialect", "ten_hurried",
    "ten_lists", "ten_no_marks", "ten_paste_then_guided", "ten_thorough", "ten_voice", "units_of_one", "week",
}  # fmt: skip
NAMES = sorted(path.stem for path in JOURNEYS.glob("*.txt"))


@pytest.mark.parametrize("engine", ["sqlite"])  # what differs between the engines is played by test_journeys.py
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.campaign] * (name in WORDS_OF_OTHERS)) for name in NAMES]
)
async def test_the_conversation_goes_as_written_on_zalo(name: str, engine: str, migrated_url: str) -> None:
    await play(JOURNEYS / f"{name}.txt", migrated_url, ZaloPlayer, LIMITS)
