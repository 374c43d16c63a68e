"""What looks for waiting messages must not read every message ever sent: the outbox keeps them for ever."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from storage.engine.migrate import migrate
from storage.messages import outbox
from storage.periods import planning

NOW = datetime(2026, 4, 2, tzinfo=UTC)


class Asked:
    """Notes the queries instead of answering them."""

    def __init__(self) -> None:
        self.queries: list[tuple[str, tuple[object, ...]]] = []

    async def read(self, sql: str, params: tuple[object, ...]) -> list[tuple[None]]:
        self.queries.append((sql, params))
        return [(None,)] if "min(not_before_at)" in sql else []


async def test_every_search_for_open_messages_uses_their_index(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path / 'x.db'}")
    asked = Asked()
    await outbox.due(asked, ("telegram",), NOW, 10)  # type: ignore[arg-type]
    await outbox.next_due_at(asked, ("telegram",))  # type: ignore[arg-type]
    await outbox.joinable(asked, NOW)  # type: ignore[arg-type]
    searches: list[tuple[object, ...]] = [
        *asked.queries,
        *outbox.expire(NOW, ("reply",)),
        *outbox.release(["gone"], ("reply",)),
        outbox.cancel_for_chat("telegram", "1", "blocked"),
        outbox.cancel_reminders("2026-Q1", 7),
    ]
    with sqlite3.connect(tmp_path / "x.db") as connection:
        for sql, params, *_ in searches:
            plan = [row[3] for row in connection.execute(f"explain query plan {sql}", params)]
            assert any(
                "outbox_open" in step or ("outbox USING INDEX" in step and "dedupe_key=?" in step) for step in plan
            )
            assert "SCAN outbox" not in plan, (sql, plan)
        await planning._summed(asked, NOW.date())  # type: ignore[arg-type]
        plan = [
            row[3] for row in connection.execute(f"explain query plan {asked.queries[-1][0]}", asked.queries[-1][1])
        ]
        assert any("outbox_summed" in step for step in plan), plan
    connection.close()
