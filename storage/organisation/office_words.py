"""The office's own names of indicators as rows: what people called one, and what was learned of it or given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reporting.reading.taught import Vote, in_plain
from storage.database import Database, Statement
from storage.engine.instants import instant, stamp

Origin = Literal["learned", "given"]


@dataclass(frozen=True, slots=True)
class OfficeWord:
    """One name of the office, and the code of the indicator it counts for."""

    phrase: str
    code: str
    origin: Origin
    at: datetime


async def in_use(db: Database) -> list[OfficeWord]:
    """The names that are read today, by phrase."""
    rows = await db.read("select phrase, code, origin, at from office_word where removed_at is null order by phrase")
    return [OfficeWord(row[0], row[1], row[2], instant(row[3])) for row in rows]


async def known(db: Database, phrase: str) -> OfficeWord | None:
    """The name in use that these words are, with or without marks; None where there is none."""
    plain = in_plain(phrase)
    return next((word for word in await in_use(db) if in_plain(word.phrase) == plain), None)


async def votes(db: Database, phrase: str) -> list[Vote] | None:
    """What people have called an indicator with this phrase; None where the office has it, or has removed it."""
    plain = in_plain(phrase)
    if await db.read("select 1 from office_word where plain = ?", (plain,)):
        return None
    rows = await db.read("select phrase, code, person_id from word_vote where plain = ? order by person_id", (plain,))
    return [Vote(*row) for row in rows]


def voted(vote: Vote, now: datetime) -> Statement:
    """Keeps what a person called an indicator, instead of what he called with this phrase before."""
    return (
        "insert into word_vote (plain, person_id, phrase, code, at) values (?, ?, ?, ?, ?)"
        " on conflict (plain, person_id) do update set phrase = excluded.phrase, code = excluded.code, at = excluded.at",
        (in_plain(vote.phrase), vote.person, vote.phrase, vote.code, stamp(now)),
    )


def learn(phrase: str, code: str, now: datetime) -> list[Statement]:
    """Takes the phrase up, unless somebody was quicker; who said it no longer matters."""
    return [
        (
            "insert into office_word (plain, phrase, code, origin, at) values (?, ?, ?, 'learned', ?)"
            " on conflict (plain) do nothing",
            (in_plain(phrase), phrase, code, stamp(now)),
        ),
        _forget_votes(phrase),
    ]


def give(phrase: str, code: str, now: datetime) -> list[Statement]:
    """Takes the phrase up because the office says so, also one that was removed."""
    return [
        (
            "insert into office_word (plain, phrase, code, origin, at) values (?, ?, ?, 'given', ?)"
            " on conflict (plain) do update set phrase = excluded.phrase, code = excluded.code,"
            " origin = excluded.origin, at = excluded.at, removed_at = null",
            (in_plain(phrase), phrase, code, stamp(now)),
        ),
        _forget_votes(phrase),
    ]


def remove(phrase: str, now: datetime) -> Statement:
    """No longer reads the phrase, nor learns it again."""
    return (
        "update office_word set removed_at = ? where plain = ? and removed_at is null",
        (stamp(now), in_plain(phrase)),
    )


def _forget_votes(phrase: str) -> Statement:
    return ("delete from word_vote where plain = ?", (in_plain(phrase),))
