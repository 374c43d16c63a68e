"""Briefings as an iCalendar file (RFC 5545), for the calendar of whoever chairs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LINE = 75  # octets, after which a line is folded
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
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//giaoban//briefings//VI",
        f"METHOD:{'CANCEL' if cancelled else 'PUBLISH'}",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"SEQUENCE:{event.sequence}",
            *(["STATUS:CANCELLED"] if cancelled else []),
            f"DTSTAMP:{_utc(now)}",
            f"DTSTART:{_utc(event.starts_at)}",
            f"DTEND:{_utc(event.starts_at + LASTS)}",
            f"SUMMARY:{_escaped(event.summary)}",
            f"LOCATION:{_escaped(event.location)}",
            *([f"DESCRIPTION:{_escaped(event.description)}"] if event.description else []),
            *([f"URL:{event.link}"] if event.link.startswith(("https://", "http://")) else []),
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _utc(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return (instant - instant.utcoffset()).strftime("%Y%m%dT%H%M%SZ")  # type: ignore[operator]


def _escaped(text: str) -> str:
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(mark, written)
    return text


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, cut between characters; each further one begins with a space."""
    pieces: list[str] = []
    piece, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > LINE:
            pieces.append(piece)
            piece, octets = " ", 1
        piece, octets = piece + letter, octets + size
    return "\r\n".join([*pieces, piece])
