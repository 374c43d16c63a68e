"""Who chairs a meeting is found by its post or cluster, and not by reading the role of every secretary."""

import sqlite3
from datetime import date
from pathlib import Path

from storage.database import Row
from storage.engine.migrate import migrate
from storage.periods import briefings


class Explained:
    """Gives the plan of a query instead of its rows."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.steps: list[str] = []

    async def read(self, sql: str, params: tuple[object, ...]) -> list[Row]:
        self.steps += [row[3] for row in self._connection.execute(f"explain query plan {sql}", params)]
        return []


async def test_in_a_province_that_has_been_counted_no_role_is_read_for_nothing(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path / 'x.db'}")
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("insert into unit (id, code, name, level, valid_from_on) values (1, 'T', 'T', 'tinh_doan', 0)")
    secretary = (
        "with recursive n (id) as (select 1 union all select id + 1 from n where id < 500)"
        " insert into {} select id, {} from n"
    )
    connection.execute(secretary.format("person (id, name, created_at)", "'P', 0"))
    connection.execute(
        secretary.format("role (id, person_id, role, title, unit_id, valid_from_on)", "id, 'secretary', '', 1, '2026'")
    )
    connection.execute("analyze")
    explained = Explained(connection)
    await briefings.by_meeting(explained, date(2026, 4, 2))  # type: ignore[arg-type]
    connection.close()
    assert any("SEARCH r USING INDEX role_post" in step for step in explained.steps), explained.steps
    assert "SCAN r" not in explained.steps
