"""What a chat remembers: as an earlier version stored it, and as this one does."""

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.chat_state import ChatState, ReportPosition
from reporting.dialogue.draft import Position

# Stored by version 0.1.0 in the journeys: one of each combination of keys, and of where a report stood.
STORED = [
    json.loads(line)
    for line in (Path(__file__).parent / "payloads" / "chat_states.jsonl").read_text("utf-8").splitlines()
]

ADDED_SINCE = {
    "album", "behalf", "captioned", "concluded", "figures", "given", "loose", "photos", "pictured", "returning",
    "task_said", "unknown",
}  # fmt: skip


@pytest.mark.parametrize("stored", STORED, ids=range(len(STORED)))
def test_what_an_earlier_version_stored_is_read_whole_and_written_the_same(stored: dict[str, Any]) -> None:
    assert ChatState.from_json(stored).to_json() == stored


def test_every_field_stands_in_a_state_of_the_earlier_version() -> None:
    assert {key for stored in STORED for key in stored} == set(ChatState.__slots__) - ADDED_SINCE


def test_each_key_of_an_earlier_version_has_its_field() -> None:
    left = {"period": "2026-Q1", "unit": 7, "mode": "confirming", "pending": [["cay_xanh", 150, False, "150"]]}
    state = ChatState.from_json(
        {
            "offered": [["Đúng", "yes:2026-Q1@7:0"]], "numbered": False, "tapped": "later:2026-Q1@7", "unit": 9,
            "period": "2026-H1", "report": {"period": "2026-H1", "unit": 9, "mode": "asking", "question": "q.1"},
            "tables": {"2026-Q1@7": left}, "expects": "hot", "waits": "bc", "order": "khóa kỳ", "enrol": 12,
            "unknown": [["phủ đồi", "300"]],
        }
    )  # fmt: skip
    assert (state.offered, state.numbered) == ((("Đúng", "yes:2026-Q1@7:0"),), False)
    assert (state.tapped, state.unit, state.period) == ("later:2026-Q1@7", 9, "2026-H1")
    assert state.report == ReportPosition("2026-H1", 9, Position("asking", "q.1"))
    assert state.tables["2026-Q1@7"].position.has_table
    assert state.unknown == (("phủ đồi", "300"),)
    assert (state.expects, state.waits, state.order, state.enrol) == ("hot", "bc", "khóa kỳ", 12)


def test_a_key_nobody_reads_is_dropped_and_the_rest_stays() -> None:
    assert ChatState.from_json({"unit": 3, "step": 4, "mode": "asking"}).to_json() == {"unit": 3}


def test_a_chat_to_which_nothing_was_said_stores_nothing() -> None:
    assert ChatState().to_json() == {}
    assert ChatState.from_json({}) == ChatState()
    # Said without choices is not the same: the chat has been busy.
    assert ChatState(offered=()).to_json() == {"offered": [], "numbered": True}
