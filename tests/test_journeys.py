"""Every journey in tests/journeys on SQLite, and on PostgreSQL those that ask it what no other one does."""

import pytest
from journey import JOURNEYS, play

# Every statement that these send is sent by another one, too; `make campaign` plays them on PostgreSQL all the same.
STATEMENTS_OF_OTHERS = {
    "april_round", "asked_back", "asked_beside", "bad_input", "before", "branch", "calendar_files",
    "called_off_briefing", "campaigns", "conclusions", "copied_form", "corrections", "count_beside_returned",
    "data_requests", "decency", "doubts", "enrol", "enrol_guessing", "enrol_refusal", "estimated",
    "four_chairs", "group", "handover", "island_and_online", "last_years_text", "late", "leaders",
    "lock_returned", "locked", "locked_and_open", "moved_briefing", "named_periods", "named_unit", "narrative",
    "never_earlier", "newcomer_paste", "no_more", "no_rights", "numbers", "office", "office_campaign",
    "office_rounds", "only_its_unit", "opened_late", "opening", "own_names", "packs", "passed_on_posts",
    "paste_in_two", "person", "photos", "quick_count", "remind_area", "reminders", "reorganised", "rest_in_one",
    "resume", "returned_twice", "review_two", "review_two_steps", "second_unit", "self_locking", "several_orders",
    "shared_draft",
    "small_words", "sonla", "sonla_overdue", "table_of_each_unit", "taken_out", "ten_asking_back",
    "ten_correcting", "ten_dialect", "ten_hurried", "ten_lists", "ten_mistrustful", "ten_no_marks",
    "ten_paste_then_guided", "ten_thorough", "ten_voice", "two_accounts", "two_minutes", "two_periods",
    "units_of_one", "week", "yes_and_no",
}  # fmt: skip


def _played() -> list[object]:
    names = sorted(path.stem for path in JOURNEYS.glob("*.txt"))
    return [
        *(pytest.param(name, "sqlite", id=f"{name}-sqlite") for name in names),
        *(
            pytest.param(
                name,
                "postgresql",
                id=f"{name}-postgresql",
                marks=[pytest.mark.campaign] * (name in STATEMENTS_OF_OTHERS),
            )
            for name in names
        ),
    ]


@pytest.mark.parametrize(("name", "engine"), _played())
async def test_the_conversation_goes_as_written(name: str, engine: str, migrated_url: str) -> None:
    await play(JOURNEYS / f"{name}.txt", migrated_url)
