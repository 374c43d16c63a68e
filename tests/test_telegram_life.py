"""What Telegram's people and groups do to a running bot: rights that go, topics, swiped replies, albums, cut texts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from bot_api.chats import Sent
from bot_api.server import BotApi
from databases import ON_SQLITE
from journey import JOURNEYS
from province import load_province
from pydantic import SecretStr
from two_clusters import at

from bot.app import App
from bot.channels.telegram.sending import TEXT_LIMIT
from bot.channels.telegram.settings import TelegramSettings
from bot.clock import MovableClock
from handlers.access.issuing import for_group
from storage.engine.open import open_database
from storage.messages import outbox

START = at("2026-04-02", "09:30")
GROUP, LAN, OFFICE = -1002003004005, 1001, 1009
CHATS = {"lan": LAN, "vanphong": OFFICE}


class Life:
    """The bot on the loopback server, and its people; nothing happens by itself but that updates are fetched."""

    def __init__(self, api: BotApi, app: App, clock: MovableClock) -> None:
        self.api, self.app, self.clock = api, app, clock
        api.clock = clock.now  # the server agrees with the clock that is moved
        self.lan, self.office = api.user(LAN, "Lan"), api.user(OFFICE, "Thu")
        self.group = api.group(GROUP, "Cụm thi đua số 1")

    async def settles(self) -> None:
        """What was said is answered."""
        await self.api.mailbox.emptied()
        await self.app.settle()

    async def passes(self, **time: float) -> None:
        """So much time goes by, and what is due by then is done."""
        self.clock.move_to(self.clock.now() + timedelta(**time))
        await self.app.channels["telegram"].check()  # a server says that it is so late now
        await self.app.tick(self.clock.now())

    async def says(self, text: str, **how: Any) -> list[str]:
        """Lan says something; what the bot has answered her since the last time."""
        self.lan.says(text, **how)
        return await self.answers()

    async def answers(self) -> list[str]:
        """What the bot has said to Lan since the last time."""
        await self.settles()
        texts = [sent.text for sent in self.lan.unread]
        self.lan._read = len(self.lan.messages)
        return texts

    async def links(self, topic: int = 0) -> None:
        """Lan brings the bot into the group and links it."""
        self.group.add_bot(self.lan)
        cluster = await self.one("select id from cluster")
        issued = for_group(cluster, self.clock.now())
        await self.app.db.write(issued.rows)
        self.lan.says(f"/start {issued.code}", to=self.group, topic=topic)
        await self.settles()

    async def posts(self, text: str) -> list[str]:
        """A post is queued for the group; all that the group has received."""
        key, now = f"post:{text}", self.clock.now()
        await self.app.db.write([outbox.say(key, "group_post", "telegram", str(GROUP), {"text": text}, now)])
        await self.app.settle()
        return self.group_texts

    @property
    def group_texts(self) -> list[str]:
        return [sent.text for sent in self.group.messages]

    @property
    def office_texts(self) -> list[str]:
        return [sent.text for sent in self.office.messages]

    async def one(self, sql: str) -> Any:
        return (await self.app.db.read(sql))[0][0]


@pytest.fixture
async def life(migrated_url: str) -> AsyncIterator[Life]:
    await load_province(migrated_url, JOURNEYS / "provinces" / "haiphut.yaml", START)
    db = await open_database(migrated_url)
    for name, chat in CHATS.items():
        await db.write([("update account set channel = 'telegram', chat_id = ? where chat_id = ?", (str(chat), name))])
    await db.close()
    async with BotApi() as api:
        for chat in CHATS.values():
            api.user(chat).closed = None
        settings = TelegramSettings(
            _env_file=None,
            giaoban_database_url=migrated_url,
            telegram_bot_token=SecretStr(api.token),
            telegram_api_url=api.url,
            giaoban_send_chat_seconds=0,
            giaoban_send_group_per_minute=0,
        )
        clock = MovableClock(START, held=True)
        api.clock = clock.now
        app = await App.open(settings, clock, only=("telegram",))
        telegram = app.channels["telegram"]
        fetching = None
        try:
            await telegram.start("all")
            await app.start("stepped")
            fetching = asyncio.create_task(telegram.run())
            yield Life(api, app, clock)
        finally:
            if fetching is not None:
                fetching.cancel()
                with suppress(asyncio.CancelledError):
                    await fetching
            await app.close()


# --- a group in which the bot may not write ---------------------------------------------------------------------------


@ON_SQLITE
async def test_a_group_that_takes_no_message_for_an_hour_stays_linked_and_gets_its_post(life: Life) -> None:
    await life.links()
    life.group.mutes_bot()
    assert "bài sáng" not in await life.posts("bài sáng")
    assert await life.one("select count(*) from group_chat where unlinked_at is null") == 1
    life.group.closed = None  # by itself: no update tells of it
    for _ in range(6):
        await life.passes(minutes=10)
    assert life.group_texts.count("bài sáng") == 1
    assert await life.one("select count(*) from group_chat where barred_at is not null") == 0


@ON_SQLITE
async def test_the_office_hears_once_of_a_group_that_takes_nothing_and_how_to_mend_it(life: Life) -> None:
    await life.links()
    life.group.mutes_bot()
    await life.posts("bài sáng")
    await life.passes(minutes=20)
    assert life.office_texts == []
    for _ in range(10):
        await life.passes(minutes=20)
    (told,) = [text for text in life.office_texts if "không cho tôi đăng bài" in text]
    assert "- Nhóm của Cụm thi đua số 1: tôi không có quyền gửi tin" in told


async def test_the_post_leaves_as_soon_as_the_right_is_given_back(life: Life) -> None:
    await life.links()
    life.group.mutes_bot()
    await life.posts("bài sáng")
    await life.passes(hours=2)  # by now it is tried once an hour
    assert "bài sáng" not in life.group_texts
    life.group.lets_bot_write(life.lan)
    await life.settles()
    assert life.group_texts.count("bài sáng") == 1
    assert await life.one("select count(*) from group_chat where barred_at is not null") == 0


@ON_SQLITE
async def test_a_group_that_throws_the_bot_out_is_unlinked_all_the_same(life: Life) -> None:
    await life.links()
    life.group.remove_bot(life.lan)
    await life.settles()
    assert await life.one("select count(*) from group_chat where unlinked_at is null") == 0


# --- topics -----------------------------------------------------------------------------------------------------------


@ON_SQLITE
async def test_a_forum_is_linked_and_posted_to_in_the_topic_of_its_code(life: Life) -> None:
    life.group.opens(7, 8)
    life.group.closes(0)
    await life.links(topic=7)
    assert life.group.messages[-1].text.startswith("Nhóm này nhận tổng hợp và tiến độ của Cụm thi đua số 1")
    await life.posts("bài sáng")
    assert [(sent.text, sent.topic) for sent in life.group.messages[-1:]] == [("bài sáng", 7)]


async def test_a_question_is_answered_in_the_topic_it_was_asked_in(life: Life) -> None:
    life.group.opens(7, 8)
    await life.links(topic=7)
    await life.app.db.write(
        [("update account set chat_id = '1002', channel = 'telegram' where chat_id = 'chutri'", ())]
    )
    for topic in (8, 0):
        life.api.user(1002).says("/tiendo", to=life.group, topic=topic)
        await life.settles()
        assert life.group.messages[-1].topic == topic
        assert "Cụm thi đua số 1" in life.group.messages[-1].text
    assert len(life.group.messages) == 4  # the joining, the linking and two answers


@ON_SQLITE
async def test_a_closed_topic_is_told_to_the_office_and_unlinks_nothing(life: Life) -> None:
    life.group.opens(7)
    await life.links(topic=7)
    life.group.closes(7)
    await life.posts("bài sáng")
    await life.passes(minutes=40)
    assert "- Nhóm của Cụm thi đua số 1: chủ đề của nhóm đang đóng" in life.office_texts[-1]
    assert await life.one("select count(*) from group_chat where unlinked_at is null") == 1


@ON_SQLITE
async def test_a_post_for_a_topic_that_is_gone_goes_to_the_general_one(life: Life) -> None:
    life.group.opens(7)
    await life.links(topic=7)
    life.group.deletes(7)
    assert (await life.posts("bài sáng"))[-1] == "bài sáng"
    assert life.group.messages[-1].topic == 0


# --- a swiped reply ---------------------------------------------------------------------------------------------------


async def last_question(life: Life, *said: str) -> Sent:
    """What the bot asks after these words of Lan's."""
    for text in said:
        await life.says(text)
    return life.lan.messages[-1]


async def stored(life: Life) -> dict[str, int]:
    rows = await life.app.db.read("select v.indicator, v.amount from value v join period p on p.id = v.period_id"
                                  " where p.code = '2026-Q1'")  # fmt: skip
    return {row[0]: row[1] for row in rows}


@ON_SQLITE
async def test_a_number_replying_to_an_earlier_question_answers_that_one(life: Life) -> None:
    fanpage = await last_question(life, "bc", "sinh hoạt chính trị 2 hoạt động, 55 lượt, về nguồn 1 hoạt động")
    assert "tin bài trên fanpage" in fanpage.text
    assert "hồ sơ trực tuyến" not in fanpage.text
    trees = await last_question(life, "8", "vệ sinh môi trường 3 buổi, 62 lượt, thắp sáng 1,5 km")
    assert "cây xanh" in trees.text
    (answer,) = await life.says("25", replying=fanpage)
    assert "từ 8 tin, bài thành 25 tin, bài" in answer
    assert "cây xanh (cây)" in answer  # asked as before
    found = await stored(life)
    assert found["tin_bai_fanpage"] == 25
    assert "cay_xanh" not in found
    await life.says("40", replying=trees)
    assert (await stored(life))["cay_xanh"] == 40


async def test_a_number_replying_to_the_question_that_is_open_answers_it(life: Life) -> None:
    trees = await last_question(life, "bc", "0", "vệ sinh môi trường 3 buổi, 62 lượt, thắp sáng 1,5 km")
    await life.says("25", replying=trees)
    assert (await stored(life))["cay_xanh"] == 25


@ON_SQLITE
async def test_a_button_typed_as_a_reply_is_the_button_of_that_message(life: Life) -> None:
    first = await last_question(life, "bc")
    second = await last_question(life, "sinh hoạt chính trị 2 hoạt động, 55 lượt, về nguồn 1 hoạt động", "8")
    assert "Câu 2/6" in second.text
    await life.says("Không phát sinh", replying=first)
    assert (await stored(life)).keys().isdisjoint({"don_ve_sinh", "cay_xanh", "km_thap_sang"})


@ON_SQLITE
async def test_a_number_replying_to_an_earlier_question_does_not_settle_a_doubt(life: Life) -> None:
    first = await last_question(life, "bc")
    doubt = await last_question(life, "0", "cây xanh 900000")
    assert "900.000" in doubt.text
    (answer,) = await life.says("25", replying=first)
    assert answer == "Câu đồng chí trả lời không còn mở. Xin ghi kèm tên mục, ví dụ: cây xanh 150."
    assert "cay_xanh" not in await stored(life)


# --- several pictures at once -----------------------------------------------------------------------------------------


@ON_SQLITE
async def test_an_album_has_one_answer(life: Life) -> None:
    life.lan.sends_album(4)
    assert len(await life.answers()) == 1
    life.office.says("xem ảnh")
    await life.settles()
    assert {sent.photo for sent in life.office.messages} == {f"photo-{number}" for number in range(4)}
    await life.passes(minutes=3)  # pictures one after the other have one answer as well
    life.lan.sends_album(2, name="album2")
    assert len(await life.answers()) == 1


async def test_of_a_group_the_bot_keeps_no_photo_and_says_so_where_it_is_spoken_to(life: Life) -> None:
    await life.links()
    before = len(life.group_texts)
    photo = [{"file_id": "photo-9", "file_unique_id": "pu9", "width": 90, "height": 67}]
    life.lan.sends(to=life.group, photo=photo, caption="Ra quân")
    life.lan.sends(to=life.group, photo=photo, caption=f"@{life.api.me['username']} Ra quân")
    await life.settles()
    assert len(life.group_texts) == before + 1
    assert "gửi riêng" in life.group_texts[-1]
    assert await life.one("select count(*) from photo") == 0


@ON_SQLITE
async def test_an_album_with_words_is_answered_for_its_words(life: Life) -> None:
    await life.says("bc")
    life.lan.sends_album(3, "0")
    (answer,) = await life.answers()
    assert "Câu 2/6" in answer


@ON_SQLITE
async def test_a_strangers_album_has_one_answer(life: Life) -> None:
    stranger = life.api.user(1005)
    stranger.sends_album(4)
    await life.settles()
    assert len(stranger.messages) == 1


# --- a text the phone has cut -----------------------------------------------------------------------------------------

HEAD = "Báo cáo quý I/2026\n- Sinh hoạt chính trị 2 hoạt động, 55 lượt\n"


def filled(end: str, room: int = 0) -> str:
    """A report that ends so and leaves so much of the longest message."""
    missing = TEXT_LIMIT - room - len(HEAD) - len(end)
    return HEAD + ("- Đoàn viên hăng hái, " + "phấn khởi " * 500)[: missing - 1] + "\n" + end


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        (filled("Trồng 1"), "20 cây xanh\nHiến máu 4 đơn vị", "120 cây xanh"),
        (filled("Trồng 1."), "250 cây xanh\nHiến máu 4 đơn vị", "1.250 cây xanh"),
        (filled("Trồng 120 câ"), "y xanh\nHiến máu 4 đơn vị", "120 cây xanh"),
        (filled("Trồng 120", 1), "cây xanh\nHiến máu 4 đơn vị", "120 cây xanh"),
        (filled("Trồng cây xanh:", 1500), "120\nHiến máu 4 đơn vị", "120 cây xanh"),
    ],
    ids=["in a number", "behind its dot", "in a word", "at a blank", "at an open end"],
)
@ON_SQLITE
async def test_a_report_cut_by_the_phone_is_read_as_it_was_written(
    life: Life, first: str, second: str, read: str
) -> None:
    life.lan.says(first)
    life.lan.says(second)
    (answer,) = await life.answers()
    assert f"- {read}" in answer
    assert "- hiến máu 4 đơn vị máu\n" in answer
    assert "55 lượt" in answer
    assert await life.one("select count(*) from inbox where done_at is null") == 0
    assert await life.one("select count(*) from inbox where error is not null") == 0


async def test_a_long_report_with_nothing_behind_it_is_answered_by_itself(life: Life) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    life.app.handling.cut_texts.pause = pause
    (answer,) = await life.says(filled("Trồng 120 cây xanh"))
    assert "120 cây xanh" in answer
    assert 0 < sum(pauses) <= 3


@ON_SQLITE
async def test_a_word_behind_a_long_report_is_no_part_of_it(life: Life) -> None:
    life.lan.says(filled("Trồng 120 cây xanh"))
    life.lan.says("trợ giúp")
    table, help_ = await life.answers()
    assert "- 120 cây xanh\n" in table
    assert "ĐƠN VỊ" in help_


@ON_SQLITE
async def test_others_are_answered_while_the_rest_of_a_text_is_waited_for(life: Life) -> None:
    answered: list[str] = []

    async def pause(seconds: float) -> None:
        if not answered:
            answered.append((await life.office.receives()).text)

    life.app.handling.cut_texts.pause = pause
    sending = asyncio.create_task(life.app.sender.run())
    life.lan.says(filled("Trồng 120 cây xanh"))
    life.office.says("trợ giúp")
    await life.settles()
    assert len(answered) == 1
    assert "120 cây xanh" in (await life.lan.receives()).text
    await life.app.sender.stop(1)
    await sending
