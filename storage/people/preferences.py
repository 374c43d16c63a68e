"""Named values as rows: the office's settings, and what each person has chosen."""

from typing import Literal

from reporting.time.rules import Rules, rules_of
from storage.database import Database, Statement

# Before the names of the office's rules of time (reporting/time/rules.py) among the settings.
RULE = "rule."


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


def forget(name: str) -> Statement:
    """Nothing is kept under that name any more."""
    return ("delete from setting where name = ?", (name,))


async def rules(db: Database) -> Rules:
    """The office's rules of time: the default ones with what it has changed."""
    rows = await db.read("select name, value from setting where name like ?", (f"{RULE}%",))
    return rules_of({row[0].removeprefix(RULE): row[1] for row in rows})


def choose(person_id: int, name: Literal["reminders", "digest", "posts"], value: str) -> Statement:
    """What a person wants to hear: reminders all or last, digest weekly, monthly or off, posts of a cluster on or off."""
    return (
        "insert into preference (person_id, name, value) values (?, ?, ?)"
        " on conflict (person_id, name) do update set value = excluded.value",
        (person_id, name, value),
    )


async def chosen(db: Database, person_id: int) -> dict[str, str]:
    """What the person has chosen, by name; what is not there is as it is for everybody."""
    rows = await db.read("select name, value from preference where person_id = ?", (person_id,))
    return {row[0]: row[1] for row in rows}
