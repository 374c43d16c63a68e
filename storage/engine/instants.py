"""Datetimes in, what the database keeps of them out and back: epoch milliseconds in UTC."""

from datetime import UTC, date, datetime


def stamp(instant: datetime) -> int:
    """Epoch milliseconds of an aware instant."""
    return round(instant.timestamp() * 1000)


def instant(stamp: int) -> datetime:
    """The aware UTC instant of epoch milliseconds."""
    return datetime.fromtimestamp(stamp / 1000, UTC)


def maybe_instant(stamp: int | None) -> datetime | None:
    """The same for a column that may be null."""
    return None if stamp is None else instant(stamp)


def maybe_day(text: str | None) -> date | None:
    """The day of an ISO text column that may be null."""
    return None if text is None else date.fromisoformat(text)
