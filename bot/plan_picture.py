"""A month of the plan as a picture: what goes out on each day, briefings, days off."""

import io
from calendar import Calendar
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from reporting.calendar import VietnamCalendar, local_day
from reporting.plan import Entry
from reporting.plan_facts import Facts
from reporting.plan_records import counts

_WEEK = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_LABELS = {"reminder": "tin nhắc", "group_post": "bài nhóm", "digest": "tổng hợp"}
_OFF, _MET, _PLAIN = "#e8e8e8", "#ffe3b3", "#ffffff"


def month_picture(facts: Facts, entries: Sequence[Entry], calendar: VietnamCalendar, first: date) -> bytes:
    """The month of `first` as a PNG; entries of other months are left out."""
    # Loaded here: it takes a second, and most who run this program never draw.
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    weeks = Calendar().monthdatescalendar(first.year, first.month)
    sent = counts(entries)
    meetings: dict[date, list[str]] = defaultdict(list)
    for meeting in facts.meetings:
        if meeting.starts_at is not None:
            text = f"{facts.clusters[meeting.cluster_id].code} · {facts.rounds[meeting.round_id].code}"
            meetings[local_day(meeting.starts_at)].append(text)
    figure = Figure(figsize=(11, 1.2 + 1.25 * len(weeks)), dpi=100)
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.88))
    axes.set_xlim(0, 7)
    axes.set_ylim(len(weeks), -0.3)
    axes.axis("off")
    figure.suptitle(f"Lịch tháng {first.month}/{first.year}", fontsize=16)
    for column, name in enumerate(_WEEK):
        axes.text(column + 0.5, -0.1, name, ha="center", va="center", fontsize=10)
    for row, week in enumerate(weeks):
        for column, day in enumerate(week):
            if day.month != first.month:
                continue
            off = not calendar.is_working_day(day) or calendar.is_silent(day)
            color = _MET if day in meetings else _OFF if off else _PLAIN
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=color, edgecolor="#999999"))
            axes.text(column + 0.05, row + 0.06, str(day.day), ha="left", va="top", fontsize=12)
            said = [f"giao ban {text}" for text in meetings.get(day, ())][:3]
            said += [f"{count} {_LABELS[kind]}" for kind, count in sorted(sent.get(day, {}).items(), reverse=True)]
            if (holiday := calendar.holiday_on(day)) is not None:
                said.insert(0, holiday)
            axes.text(column + 0.05, row + 0.3, "\n".join(said), ha="left", va="top", fontsize=7.5)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()
