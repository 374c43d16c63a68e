"""Every journey in tests/journeys, on both engines."""

import pytest
from journey import JOURNEYS, play


@pytest.mark.parametrize("name", sorted(path.stem for path in JOURNEYS.glob("*.txt")))
async def test_the_conversation_goes_as_written(name: str, migrated_url: str) -> None:
    await play(JOURNEYS / f"{name}.txt", migrated_url)
