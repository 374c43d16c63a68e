"""Briefings in, the .ics file to go with a message out: its name and text."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from reporting.time.icalendar import Event, calendar_file
from storage.periods.rounds import Briefing, Round


def briefing_file(
    wording: Wording, meetings: Sequence[tuple[Round, Briefing]], now: datetime, *, cancelled: bool = False
) -> dict[str, Any]:
    """{"kind", "name", "untaken", "text"} of one file with all of them, at least one; cancelled: for who no longer
    chairs them.
    """
    first, last = meetings[0], meetings[-1]
    name = f"giao-ban-{first[1].cluster_code}-{local_day(first[1].starts_at)}"
    if first != last:
        name = f"giao-ban-{local_day(first[1].starts_at)}-{local_day(last[1].starts_at)}"
    text = calendar_file([_event(wording, *meeting, cancelled) for meeting in meetings], now, cancelled=cancelled)
    name = re.sub(r"[^\w-]+", "-", f"huy-{name}" if cancelled else name)
    return {"kind": "text", "name": f"{name}.ics", "untaken": wording.say("file.untaken"), "text": text}


def _event(wording: Wording, round_: Round, briefing: Briefing, cancelled: bool) -> Event:
    return Event(
        f"briefing-{round_.code}-{briefing.cluster_code}@giaoban",
        # What is taken back came after what was sent: a calendar keeps the highest number it has seen.
        briefing.sequence + cancelled,
        briefing.starts_at,
        wording.say("briefing.event", cluster=briefing.cluster_name, period=round_.period.name),
        briefing.place,
        briefing.place if briefing.mode == "online" else "",
        _description(wording, briefing),
    )


def _description(wording: Wording, briefing: Briefing) -> str:
    """ "Chủ trì: Bí thư Tỉnh đoàn, Trưởng ban; đăng cai: Đoàn xã Tân Lập"; '' where neither is named."""
    titles = [title for title in (briefing.chair, *(chair.title for chair in briefing.co_chairs)) if title]
    parts = [wording.say("briefing.event_chair", chairs=", ".join(titles))] if titles else []
    parts += [wording.say("briefing.event_host", host=briefing.host)] if briefing.host else []
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
