"""What Zalo sends is read in every shape that was told of it, and what cannot be read is set aside."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.zalo.updates import ZaloReader, bot_and_chat, chat_key

NOW = datetime(2026, 4, 12, 9, 30, tzinfo=UTC)
TEXT = {
    "event_name": "message.text.received",
    "message": {
        "from": {"id": "6ede", "display_name": "Ted", "is_bot": False},
        "chat": {"id": "6ede", "chat_type": "PRIVATE"},
        "text": "Xin chào",
        "message_id": "2d758c",
        "date": 1750316131602,
    },
}


@pytest.fixture
def reader() -> ZaloReader:
    return ZaloReader("12", lambda: NOW, ("Bot Giao ban", "bot.giaoban"))


def changed(event: str = "message.text.received", **message: Any) -> dict[str, Any]:
    """The text's update with another event, and other parts of its message; what is None is not there."""
    parts = {**TEXT["message"], **message}  # type: ignore[dict-item]
    return {"event_name": event, "message": {name: part for name, part in parts.items() if part is not None}}


@pytest.mark.parametrize("body", [TEXT, {"ok": True, "result": TEXT}], ids=["flat", "wrapped"])
def test_a_text_is_read_from_a_wrapped_body_and_from_a_flat_one(reader: ZaloReader, body: Any) -> None:
    arrival = reader.body(json.dumps(body).encode())
    said = arrival.incoming
    assert said is not None
    assert (arrival.message_id, said.kind, said.text, said.sender_name) == ("2d758c", "text", "Xin chào", "Ted")
    assert (said.chat_kind, said.chat_id, said.sender_id) == ("private", "12/6ede", "12/6ede")
    assert said.at == datetime(2025, 6, 19, 6, 55, 31, 602000, tzinfo=UTC)


@pytest.mark.parametrize("field", ["photo", "photo_url"])
def test_a_picture_is_known_by_either_field_and_its_words_are_a_text(reader: ZaloReader, field: str) -> None:
    bare = reader.arrival(changed("message.image.received", text=None, **{field: "https://x/1.jpg"})).incoming
    worded = reader.arrival(changed("message.image.received", text=None, caption="62 lượt", **{field: "https://x"}))
    assert bare is not None
    assert worded.incoming is not None
    assert (bare.kind, worded.incoming.kind, worded.incoming.text) == ("picture", "text", "62 lượt")
    assert (bare.file_id, bare.is_photo, worded.incoming.is_photo) == ("https://x/1.jpg", True, True)
    assert bare.file_mark == ""  # the same picture comes with another address each time


def test_pictures_that_come_together_are_one_album_and_later_ones_another(reader: ZaloReader) -> None:
    begin = 1_750_316_130_000
    found = [
        reader.arrival(changed("message.image.received", text=None, photo="https://x", date=begin + wait)).incoming
        for wait in (0, 900, 60_000)
    ]
    albums = [picture.album for picture in found if picture]
    assert albums[0] == albums[1] != albums[2]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("message.sticker.received", "other"),
        ("message.voice.received", "other"),
        ("message.unsupported.received", "withheld"),
        ("message.poll.received", "other"),
    ],
)
def test_other_events_are_told_apart(reader: ZaloReader, event: str, kind: str) -> None:
    incoming = reader.arrival(changed(event, text=None, sticker="s", voice_url="https://x")).incoming
    assert incoming is not None
    assert incoming.kind == kind


def test_an_unsupported_message_of_nobody_is_counted_once_a_day_and_not_with_every_poll(reader: ZaloReader) -> None:
    bare = {"event_name": "message.unsupported.received"}
    first, again = reader.arrival(bare), reader.arrival(bare)
    later = ZaloReader("12", lambda: NOW + timedelta(days=1)).arrival(bare)
    assert first.worth_storing
    assert "withheld" in first.error
    assert first.message_id == again.message_id != later.message_id


@pytest.mark.parametrize(
    ("chat", "kind", "chat_id"),
    [
        ({"id": "6ede", "chat_type": "PRIVATE"}, "private", "12/6ede"),
        ({"id": "g1", "chat_type": "GROUP"}, "group", "group:12/g1"),
        ({"id": "g1", "chat_type": "COMMUNITY"}, "group", "group:12/g1"),
        ({"id": "6ede"}, "private", "12/6ede"),
        ({"id": "6ede", "chat_type": "NEW"}, "private", "12/6ede"),
    ],
)
def test_a_chat_of_any_type_has_an_id_that_names_the_bot(
    reader: ZaloReader, chat: Any, kind: str, chat_id: str
) -> None:
    incoming = reader.arrival(changed(chat=chat)).incoming
    assert incoming is not None
    assert (incoming.chat_kind, incoming.chat_id, incoming.sender_id) == (kind, chat_id, "12/6ede")
    assert bot_and_chat(chat_id) == ("12", chat["id"])
    assert chat_key("12", chat["id"], group=kind == "group") == chat_id


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("@Bot Giao ban tiến độ", "tiến độ"),
        ("@bot.giaoban, tiến độ", "tiến độ"),
        ("@Bot_khác tiến độ", "tiến độ"),
        ("tiến độ", "tiến độ"),
        ("hỏi @lan nhé", "hỏi @lan nhé"),
    ],
)
def test_a_mention_at_the_beginning_is_taken_off(reader: ZaloReader, said: str, read: str) -> None:
    incoming = reader.arrival(changed(text=said, chat={"id": "g1", "chat_type": "GROUP"})).incoming
    assert incoming is not None
    assert incoming.text == read


@pytest.mark.parametrize(
    "update",
    [
        changed("message.reaction.received"),
        {"event_name": "message.something.new"},
        changed(**{"from": {"id": "1", "is_bot": True}}),
    ],
    ids=["reaction", "no message", "a bot's own"],
)
def test_what_asks_nothing_needs_no_memory(reader: ZaloReader, update: Any) -> None:
    assert not reader.arrival(update).worth_storing


def test_a_reaction_does_not_stand_for_the_message_it_is_about(reader: ZaloReader) -> None:
    assert reader.arrival(changed("message.reaction.received")).message_id != "2d758c"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"ok":true}',
        b'{"event_name":1}',
        b"[" * 100_000,
        json.dumps(changed(message_id=None)).encode(),
        json.dumps(changed(chat="x")).encode(),
        json.dumps(changed(text=5.5)).encode(),
        json.dumps(changed(date=10**30)).encode(),
        json.dumps(changed(chat=None, **{"from": None})).encode(),
    ],
)
def test_what_nobody_can_read_is_set_aside_and_raises_nothing(reader: ZaloReader, body: bytes) -> None:
    arrival = reader.body(body)
    assert arrival.incoming is None
    assert arrival.error
    assert arrival.worth_storing


def test_letters_that_no_database_takes_are_replaced(reader: ZaloReader) -> None:
    arrival = reader.body(json.dumps(changed(text="62\u0000 \ud800lượt")).encode())
    assert arrival.incoming is not None
    assert arrival.incoming.text == "62\ufffd \ufffdlượt"


def test_a_text_that_nearly_fills_a_message_may_go_on(reader: ZaloReader) -> None:
    rooms = []
    for text in ("ngắn", "đ" * 1990, "😀" * 999, "đ" * 1100 + " và:", "đ" * 2500):
        incoming = reader.arrival(changed(text=text)).incoming
        assert incoming is not None
        rooms.append(incoming.room)
    assert rooms == [None, 10, 2, 896, None]
