"""Random orders of the office on a period and its meeting: what people are told of them, and how often."""

import random
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from journey import JOURNEYS, Player
from province import load_province

from bot.channels.local.channel import Local
from reporting.time.calendar import VIETNAM, local_day, short_day
from storage.engine.instants import instant

BEGUN = datetime(2026, 4, 2, 8, tzinfo=VIETNAM)
ORDERS = (
    "dời giao ban cụm 1 tháng 4 sang {at}",
    "hủy giao ban cụm 1 tháng 4",
    "đặt giao ban cụm 1 tháng 4 {at} tại xã",
    "khóa kỳ tháng 4",
    "mở kỳ tháng 4",
)
Unasked = list[tuple[str, datetime, str]]  # the chat, when, and what somebody was told without having written


async def _ordered(player: Player, text: str) -> bool:
    """Whether the office was asked back, and it is done."""
    player.heard.clear()
    await player.act(text=text)
    asked = "[Đúng] [Để sau]" in player.heard
    if asked:
        await player.tap("Đúng")
    return asked


async def _told(url: str, seed: int) -> tuple[Unasked, datetime | None]:
    """What was told unasked, and when the meeting is in the end. Papers behind the first one are no message."""
    draw = random.Random(seed)
    await load_province(url, JOURNEYS / "provinces" / "hoaan.yaml", BEGUN)
    player = await Player.begin(url, BEGUN, Local.limits)
    try:
        player.chat = player.speaker = "vanphong"
        await _ordered(player, "chốt kỳ quý I")
        met = datetime(2026, 5, 8, 8, tzinfo=VIETNAM)
        opens = f"mở kỳ tháng 4 tự mở ngày {draw.choice((11, 14))}/4"
        await _ordered(player, f"{opens}\nđặt giao ban cụm 1 tháng 4 8h 8/5 tại xã")
        meets: datetime | None = met
        now = BEGUN
        for _ in range(8):
            now += timedelta(days=draw.choice((0, 1, 1, 2, 3)), hours=draw.choice((1, 3, 6, 11)))
            await player.demo.move(now)
            at = datetime(2026, 5, draw.choice((5, 6, 7, 8)), draw.choice((8, 14)), tzinfo=VIETNAM)
            order = draw.choice(ORDERS)
            if await _ordered(player, order.format(at=f"{at.hour}h {at.day}/{at.month}")):
                meets = None if order.startswith("hủy") else meets if "kỳ" in order else at
        await player.demo.move(max(now, BEGUN + timedelta(days=14)).replace(hour=20) + timedelta(days=1))
        rows = await player.demo.app.db.read(
            "select chat_id, sent_at, body from outbox where kind <> 'reply' and state = 'sent' and chat_id not like"
            " 'group%' and dedupe_key not like 'papers:%' order by sent_at, id"
        )
        return [(row[0], instant(row[1]), row[2]) for row in rows], meets
    finally:
        await player.end()


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", range(5))
async def test_everybody_hears_once_a_day_no_change_before_the_opening_and_last_the_truth(
    migrated_url: str, seed: int, engine: str
) -> None:
    unasked, meets = await _told(migrated_url, seed)
    days = Counter((chat, local_day(at)) for chat, at, _ in unasked)
    story = "\n".join(f"{chat} {at.astimezone(VIETNAM):%d/%m %H:%M} {text}" for chat, at, text in unasked)
    assert max(days.values(), default=0) <= 1, story
    told = [text for chat, _, text in unasked if chat == "lan"]
    kinds = ["change" if re.search("đổi lịch|đổi nơi|hủy giao ban", text) else "opening" for text in told]
    assert kinds[:1] in ([], ["opening"]), story
    if told and meets is not None and kinds[-1] == "change":
        assert short_day(meets.date(), local_day(BEGUN)) in told[-1], story
