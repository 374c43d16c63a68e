"""Every journey in tests/journeys on SQLite, and on PostgreSQL those that ask it what no other one does."""

import pytest
from journey import JOURNEYS, play

# Every statement that these send is sent by another one, too; `make campaign` plays them on PostgreSQL all the same.
STATEMENTS_OF_OTHERS = {
    "april_round", "asked_back", "asked_beside", "bad_input", "before", "branch", "campaigns", "copied_form",
    "corrections", "doubts", "enrol", "enrol_guessing", "enrol_refusal", "last_years_text", "locked",
    "moved_briefing", "named_periods", "named_unit", "never_earlier", "newcomer_paste", "no_more", "no_rights",
    "numbers", "office_rounds", "only_its_unit", "opening", "paste_in_two", "person", "reminders", "resume",
    "review_two", "second_unit", "self_locking", "small_words", "sonla", "sonla_overdue", "table_of_each_unit",
    "ten_asking_back", "ten_correcting", "ten_hurried", "ten_mistrustful", "ten_no_marks", "ten_thorough",
    "ten_voice", "two_periods", "units_of_one",
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
