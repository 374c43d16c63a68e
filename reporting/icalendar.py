"""A briefing as an iCalendar file (RFC 5545), for the calendar of whoever chairs it."""

from datetime import datetime, timedelta

LINE = 75  # octets, after which a line is folded
LASTS = timedelta(hours=3)


def calendar_file(
    uid: str, sequence: int, starts_at: datetime, summary: str, location: str, now: datetime, link: str = ""
) -> str:
    """One event. uid: the same for the same briefing for ever; sequence: grows with each move. Aware instants."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//giaoban//briefings//VI",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(starts_at)}",
        f"DTEND:{_utc(starts_at + LASTS)}",
        f"SUMMARY:{_escaped(summary)}",
        f"LOCATION:{_escaped(location)}",
        *([f"URL:{link}"] if link.startswith(("https://", "http://")) else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


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
