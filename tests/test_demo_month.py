"""A month of the demo, its clock moved on as on the chat page: who hears what, and how often."""

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

from bot.demo.open import Demo
from bot.settings import Settings
from reporting.time.calendar import VIETNAM, VietnamCalendar, at


async def test_a_month_of_demo_time_shows_every_rung_and_nags_nobody(tmp_path: Path) -> None:
    demo = await Demo.open(Settings(_env_file=None), tmp_path)
    said: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
    try:
        await demo.app.start("stepped")
        await demo.move(at(date(2026, 5, 4), 12))
        rows = await demo.app.db.read(
            "select chat_id, kind, body, created_at from outbox where dedupe_key not like 'papers:%' order by id"
        )
        for chat, kind, body, created_at in rows:
            moment = datetime.fromtimestamp(created_at / 1000, UTC).astimezone(VIETNAM)
            said[chat].append((moment, kind, json.loads(body)["text"]))
    finally:
        await demo.close()
    calendar = VietnamCalendar()
    office = [text for _, kind, text in said["vanphong"] if kind == "reminder"]
    assert office[0].startswith("Hạn báo cáo quý I/2026 là thứ Hai 06/4, có 3 đơn vị tôi chưa nhắc được.")
    assert "cấp mã" in office[0]
    assert any("quá hạn" in text for text in office)
    told, *chair, aims = [text for _, _, text in said["chutri-c2"]]
    assert told.startswith("Đồng chí chủ trì giao ban của Cụm thi đua số 2: quý I/2026, 08:00 thứ Hai 13/4")
    assert len(chair) == 1  # T-3 and T-1 of a Monday are one Friday; T+3 and T+7 of reports are in the meeting's week
    assert all("Nhắc giúp" in text for text in chair)
    assert aims.startswith("Chỉ tiêu còn thiếu")  # on the first worked day of May
    assert len([1 for _, kind, _ in said["lanhdao-1"] if kind == "digest"]) == 3  # to the week after the last briefing
    assert len(said["group:C2"]) == 2  # T-3 and T-1 of a Monday are one Friday; and after the meeting
    for chat, messages in said.items():
        reminders = [moment for moment, kind, _ in messages if kind == "reminder"]
        assert max(Counter(moment.date() for moment in reminders).values(), default=1) == 1, chat
        assert all(calendar.is_working_day(moment.date()) for moment in reminders), chat
        assert all(moment.time().hour == 7 for moment in reminders), chat
