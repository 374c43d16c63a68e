"""Named settings kept in the database: what the program itself has to remember (the demo's clock, its start)."""

from storage.database import Database, Statement


def remember(name: str, value: str) -> Statement:
    """Stores a value under a name, replacing the one before."""
    return (
        "insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
        (name, value),
    )


async def remembered(db: Database, name: str) -> str | None:
    """The value under that name, or None."""
    rows = await db.read("select value from setting where name = ?", (name,))
    return rows[0][0] if rows else None
