"""Briefings in, an iCalendar file (RFC 5545) for their chairs' calendars out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LASTS = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Event:
    """One briefing. uid: the same for the same briefing for ever; sequence: grows with each move.

    starts_at: aware. link: where it is held online, '' else. description: '' for none.
    """

    uid: str
    sequence: int
    starts_at: datetime
    summary: str
    location: str
    link: str = ""
    description: str = ""


def calendar_file(events: Iterable[Event], now: datetime, *, cancelled: bool = False) -> str:
    """A file that puts the events into a calendar or, cancelled, takes them out again. now: aware."""
    # Imported here: it takes some 40 ms, and few runs of the program make such a file.
    from icalendar import Calendar
    from icalendar import Event as Entry

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//giaoban//briefings//VI")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    for event in events:
        entry = Entry()
        entry.add("uid", event.uid)
        entry.add("sequence", event.sequence)
        if cancelled:
            entry.add("status", "CANCELLED")
        entry.add("dtstamp", _utc(now))
        entry.add("dtstart", _utc(event.starts_at))
        entry.add("dtend", _utc(event.starts_at + LASTS))
        entry.add("summary", _one_break(event.summary))
        entry.add("location", _one_break(event.location))
        if event.description:
            entry.add("description", _one_break(event.description))
        link = (event.link.split() or [""])[0]  # what stands behind it ("mật khẩu 123") is no part of an address
        if link.startswith(("https://", "http://")):
            entry.add("url", link)
        calendar.add_component(entry)
    written: bytes = calendar.to_ical(sorted=False)
    return written.decode()


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(UTC)


def _one_break(text: str) -> str:
    """Every kind of line break as one: the library leaves a single carriage return as it is."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
