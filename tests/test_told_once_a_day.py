"""Random orders of the office on a period and its meeting: what a secretary is told of them, and how often."""

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
from storage.messages import local_chat
from storage.messages.local_chat import LocalMessage

BEGUN = datetime(2026, 4, 2, 8, tzinfo=VIETNAM)
ORDERS = (
    "dời giao ban cụm 1 tháng 4 sang {at}",
    "hủy giao ban cụm 1 tháng 4",
    "đặt giao ban cụm 1 tháng 4 {at} tại xã",
)


async def _ordered(player: Player, text: str) -> bool:
    """Whether the office was asked back, and it is done."""
    player.heard.clear()
    await player.act(text=text)
    asked = "[Đúng] [Để sau]" in player.heard
    if asked:
        await player.tap("Đúng")
    return asked


async def _told(url: str, seed: int) -> tuple[list[LocalMessage], datetime | None]:
    """What the secretary was told unasked, and when the meeting is in the end."""
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
        for _ in range(7):
            now += timedelta(days=draw.choice((0, 1, 1, 2, 3)), hours=draw.choice((1, 3, 6, 11)))
            await player.demo.move(now)
            at = datetime(2026, 5, draw.choice((5, 6, 7, 8)), draw.choice((8, 14)), tzinfo=VIETNAM)
            order = draw.choice(ORDERS)
            if await _ordered(player, order.format(at=f"{at.hour}h {at.day}/{at.month}")):
                meets = None if order.startswith("hủy") else at
        await player.demo.move(max(now, BEGUN + timedelta(days=14)).replace(hour=20) + timedelta(days=1))
        told = await local_chat.since(player.demo.app.db, "lan", 0)
        return [one for one in told if one.sender == "bot"], meets
    finally:
        await player.end()


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", range(5))
async def test_a_secretary_hears_once_a_day_no_change_before_the_opening_and_last_the_truth(
    migrated_url: str, seed: int, engine: str
) -> None:
    told, meets = await _told(migrated_url, seed)
    days = Counter(local_day(instant(one.at)) for one in told)
    story = "\n".join(f"{instant(one.at).astimezone(VIETNAM):%d/%m %H:%M} {one.text}" for one in told)
    assert max(days.values(), default=0) <= 1, story
    kinds = ["change" if re.search("đổi lịch|đổi nơi|hủy giao ban", one.text) else "opening" for one in told]
    assert kinds[:1] in ([], ["opening"]), story
    if told and meets is not None and kinds[-1] == "change":
        assert short_day(meets.date(), local_day(BEGUN)) in told[-1].text, story
