"""Photos as evidence: shown again by their own channel's id and no other way, kept once and for their term."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from bot_api.running import NOW, running
from bot_api.server import BotApi
from journey import JOURNEYS
from province import CATALOGUE, load_province
from two_clusters import WORDING, open_period, unit_id
from zalo_api.running import zalo_running
from zalo_api.server import TOKEN, ZaloServer

from bot.app import App
from bot.channels.local.channel import incoming
from bot.channels.local_zalo.channel import NAME, beside
from bot.clock import MovableClock
from bot.resources import load_forms
from bot.settings import Settings
from handlers.messages import File, FileNotRead, Outgoing
from handlers.turn import body
from handlers.wording import figure_lines
from reporting.dialogue.draft import Draft
from reporting.dialogue.questions import Questions
from scheduler.sending.delivery import deliver
from scheduler.upkeep.clean_up import Upkeep
from storage.messages import local_chat, outbox
from storage.people import people
from storage.review import photos
from storage.review.photos import KEPT_DAYS, Photo

GONE = WORDING.say("photo.gone")
JPEG = b"\xff\xd8\xff made up"


def telegrams(file_id: str) -> File:
    return File("anh-1.jpg", b"", picture=True, there=file_id)


async def test_telegram_shows_a_photo_by_its_own_id_and_says_so_when_it_is_gone() -> None:
    async with BotApi() as api, running(api, polls=False) as run:
        api.user(1001).says("/start")
        for file_id in ("photo-1", "document-1", "of another bot"):
            await run.deliver(Outgoing("1001", "1/1. cây xanh", file=telegrams(file_id)))
    shown, as_file, gone = api.sent
    assert (shown.photo, shown.text) == ("photo-1", "1/1. cây xanh")
    assert (as_file.document, as_file.photo) == ("document-1", "")
    assert (gone.photo, gone.document, gone.text) == ("", "", f"1/1. cây xanh\n{GONE}")


async def test_zalo_shows_a_photo_by_its_own_address_also_without_one_of_this_server() -> None:
    chat = f"{TOKEN.partition(':')[0]}/lan"
    async with ZaloServer() as zalo, zalo_running(zalo, polls=False) as run:
        assert not run.channel.limits.files
        await deliver(run.channel, Outgoing(chat, "1/1. cây xanh", file=telegrams("https://x/1.jpg")))
        zalo.faults["sendPhoto"].append("400")
        await deliver(run.channel, Outgoing(chat, "1/1. cây xanh", file=telegrams("https://x/1.jpg")))
    shown, gone = zalo.said
    assert (shown.photo, shown.text) == ("https://x/1.jpg", "1/1. cây xanh")
    assert (gone.photo, gone.text) == ("", f"1/1. cây xanh\n{GONE}")


async def test_the_bytes_of_zalo_s_photo_are_read_and_what_cannot_be_is_none() -> None:
    async with ZaloServer() as zalo, zalo_running(zalo, polls=False) as run:
        zalo.pictures = {"1.jpg": JPEG, "2.jpg": JPEG, "large.jpg": bytes(100_000)}
        first, again = [await run.channel.fetch(f"{zalo.url}/anh/{name}.jpg?x=1", 99) for name in (1, 2)]
        assert first == again == JPEG
        for address in (f"{zalo.url}/anh/large.jpg", f"{zalo.url}/anh/gone.jpg", "https://127.0.0.1:1/x", "https://["):
            with pytest.raises(FileNotRead):
                await run.channel.fetch(address, 99)


@pytest.fixture
async def app(migrated_url: str) -> AsyncIterator[App]:
    """Two phones of everybody in a province, one of them within Zalo's limits."""
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", NOW)
    made = await App.open(
        Settings(giaoban_database_url=migrated_url, _env_file=None), MovableClock(NOW, held=True), only=("local", NAME)
    )
    await made.start("stepped")
    yield made
    await made.close()


async def says(app: App, chat: str, text: str = "", photo: bytes = b"") -> list[str]:
    """What the bot says in that chat, with the names of pictures."""
    phone = app.channels[NAME if chat.startswith("zalo:") else "local"]
    before = [line.id for line in await local_chat.since(app.db, chat, 0)]
    event = incoming(chat, chat, f"{chat}-{len(before):08}", app.clock.now(), text=text)
    event = replace(event, channel=phone.name, bot=phone.name)
    if photo:
        event = await phone.photographed(event, File("cay.jpg", photo, picture=True))  # type: ignore[attr-defined]
    await app.receive(event)
    await app.settle()
    lines = await local_chat.since(app.db, chat, max(before, default=0))
    return [f"{line.text} ({line.file.name})" if line.file else line.text for line in lines if line.sender == "bot"]


async def test_a_photo_is_shown_on_the_channel_it_came_by_and_named_on_another(app: App) -> None:
    office = (await app.db.read("select person_id from account where chat_id = 'vanphong'"))[0][0]
    await app.db.write([people.add_account(NAME, beside("vanphong"), office, "2026-3", NOW)])
    await says(app, "lan", "ra quân", JPEG)
    [elsewhere] = await says(app, beside("vanphong"), "xem ảnh CD01")
    assert "1 ảnh gửi qua trang thử" in elsewhere
    assert "(cay.jpg)" not in elsewhere
    assert (await says(app, "vanphong", "xem ảnh CD01"))[0].endswith("1/1. “ra quân”, gửi 12/4 (cay.jpg)")
    [photo] = await photos.of_period(app.db, await open_period(app.db))
    await app.db.write([photos.erase(photo.person_id or 0)])
    content = body("1/1", file={"kind": "photo", "name": "x", "photo": photo.id, "missing": GONE})
    await app.db.write([outbox.say("waits", "reply", "local", "vanphong", content, NOW)])
    await app.settle()
    assert (await local_chat.since(app.db, "vanphong", 0))[-1].text == f"1/1\n{GONE}"


async def test_a_photo_is_kept_once_and_for_its_term(app: App) -> None:
    ids = await open_period(app.db), await unit_id(app.db, "CD01")
    for number in (1, 2):
        await app.db.write([photos.keep(Photo(number, *ids, "local", "f", "same", "", "", None, NOW))])
    assert [photo.id for photo in await photos.of_report(app.db, *ids)] == [1]
    for days, left in ((KEPT_DAYS - 1, 1), (KEPT_DAYS + 1, 0)):
        await Upkeep(app.db).tick(NOW + timedelta(days=days))
        assert len(await photos.of_report(app.db, *ids)) == left


async def test_photos_of_a_unit_that_has_ended_are_shown_to_who_judges_its_report(app: App) -> None:
    await says(app, "lan", "cây xanh 40", JPEG)
    for text in ("sáp nhập CD01 vào CD03 từ 12/4", "đúng"):
        await says(app, "vanphong", text)
    for chat in ("vanphong", "minh"):
        assert (await says(app, chat, "xem ảnh CD01 quý I"))[-1].endswith("(cay.jpg)")
    assert "(cay.jpg)" not in (await says(app, "lan", "xem ảnh CD01"))[-1]


def test_a_question_marked_so_invites_to_send_a_photo() -> None:
    questions = Questions(load_forms(CATALOGUE).form("doan_co_so", "quy"), CATALOGUE)
    said = {
        question.photo: figure_lines.question(
            WORDING, CATALOGUE, questions.ask(Draft("2026-Q1", {}, "draft"), question), "quý I/2026", "doan_co_so"
        )
        for question in questions.form.questions
    }
    assert [said[photo].endswith(WORDING.say("ask.photo")) for photo in (True, False)] == [True, False]
