"""Every journey in tests/journeys on a phone with Zalo: the same words, its choices as numbers."""

import pytest
from journey import JOURNEYS, play
from text_only import LIMITS
from zalo_api.phone import ZaloPlayer

NAMES = sorted(path.stem for path in JOURNEYS.glob("*.txt"))


@pytest.mark.parametrize("engine", ["sqlite"])  # what differs between the engines is played by test_journeys.py
@pytest.mark.parametrize("name", NAMES)
async def test_the_conversation_goes_as_written_on_zalo(name: str, engine: str, migrated_url: str) -> None:
    await play(JOURNEYS / f"{name}.txt", migrated_url, ZaloPlayer, LIMITS)
