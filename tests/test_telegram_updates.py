"""Every recorded kind of Telegram update becomes the right Incoming, nothing, or one thing set aside."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.constants import MessageAttachmentType

from bot.channels.telegram.updates import ATTACHED, UpdateReader
from handlers.intake.arrivals import Arrival
from handlers.messages import Incoming

PAYLOADS = Path(__file__).parent / "payloads" / "telegram"
NOW = datetime(2026, 4, 12, 9, 30, tzinfo=UTC)
SENT = datetime(2026, 4, 12, 8, 0, tzinfo=UTC)
LAN = {
    "chat_id": "1001",
    "chat_kind": "private",
    "sender_id": "1001",
    "sender_name": "Lan Nguyễn Thị",
    "at": SENT,
}
GROUP = {**LAN, "chat_id": "-1002003004005", "chat_kind": "group"}

PHOTO = {"file_id": "p2", "file_mark": "pu2"}  # the largest of its sizes
UNDERSTOOD = {
    "private_text": {**LAN, "kind": "text", "text": "3 buổi, 62 lượt"},
    "start_with_code": {**LAN, "kind": "text", "text": "/start 7K4M2Q"},
    "text_with_nul_and_half_emoji": {**LAN, "kind": "text", "text": "ba\ufffd buổi \ufffd"},
    "old_text": {**LAN, "kind": "text", "text": "gui", "at": datetime(2015, 1, 1, tzinfo=UTC)},
    "unknown_field": {**LAN, "kind": "text", "text": "xem"},
    "group_command": {**GROUP, "kind": "text", "text": "/tiendo 2026-Q1"},
    "group_mention_before": {**GROUP, "kind": "text", "text": "tonghop"},
    "group_mention_after": {**GROUP, "kind": "text", "text": "tonghop", "chat_id": "-4004"},
    "group_mention_of_another": {**GROUP, "kind": "text", "text": "@giaoban_bot_moi tonghop"},
    "photo_with_caption": {**LAN, "kind": "text", "text": "cây xanh 150", **PHOTO},
    "photo": {**LAN, "kind": "picture", **PHOTO},
    "sticker": {**LAN, "kind": "other"},
    "voice": {**LAN, "kind": "other"},
    "document": {**LAN, "kind": "file", "file_id": "d1", "file_name": "bao cao.docx", "file_size": 20000},
    "location": {**LAN, "kind": "other"},
    "contact": {**LAN, "kind": "other"},
    "edited_text": {**LAN, "kind": "edited", "text": "4 buổi, 62 lượt"},
    "button": {**LAN, "kind": "choice", "choice": "review:ok", "at": NOW},
    "button_forged": {**LAN, "kind": "choice", "choice": "x" * 60 + "':--", "at": NOW},
    "button_on_lost_message": {**GROUP, "kind": "choice", "choice": "review:ok", "at": NOW},
    "blocked": {**LAN, "kind": "left"},
    "added_to_group": {**GROUP, "kind": "joined"},
    "promoted_in_group": {**GROUP, "kind": "allowed"},
    "forum_topic_text": {**GROUP, "kind": "text", "text": "/tiendo", "topic": "7"},
    "reply_to_the_bot": {**LAN, "kind": "text", "text": "25", "replies_to": "38"},
    "reply_to_oneself": {**LAN, "kind": "text", "text": "25"},
    "photo_of_an_album": {**LAN, "kind": "picture", "album": "13579", **PHOTO},
    "group_reply_thread": {**GROUP, "kind": "text", "text": "/tiendo"},
    "removed_from_group": {**GROUP, "kind": "left"},
    "group_migrated": {
        **GROUP,
        "chat_id": "-4004",
        "kind": "moved",
        "moved_to": "-1002003004005",
        "sender_id": "1087968824",
        "sender_name": "Group",
    },
}
NOTHING = {
    "group_command_for_another_bot",
    "pinned_in_private",
    "person_joins_group",
    "edited_live_location",
    "button_without_message",
    "channel_post",
    "no_sender",
    "anonymous_administrator",
    "post_of_linked_channel",
    "another_bot",
    "unblocked",
    "added_to_channel",
    "muted_in_group",
    "group_migrated_from",
    "unknown_kind",
}
SET_ASIDE = {
    "button_unparsable",
    "unparsable_date",
    "unparsable_without_chat",
    "unparsable_message_is_a_list",
    "unparsable_id",
}


def recorded(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def read(name: str) -> Arrival:
    return UpdateReader("7000001", lambda: NOW, "giaoban_bot").webhook(recorded(name))


@pytest.mark.parametrize("name", sorted(UNDERSTOOD))
def test_a_recorded_update_becomes_this_incoming(name: str) -> None:
    number = json.loads(recorded(name))["update_id"]
    expected = Incoming(channel="telegram", bot="7000001", message_id=str(number), **UNDERSTOOD[name])
    assert read(name).incoming == expected
    assert not read(name).error


@pytest.mark.parametrize(
    ("text", "room"),
    [("x" * 4096, 0), ("x" * 4000, 96), ("x" * 3999, None), ("x" * 2500 + ":", 1595), ("🌳" * 2048, 0), ("cây:", None)],
)
def test_a_text_that_may_have_been_cut_says_how_much_room_it_left(text: str, room: int | None) -> None:
    raw = json.loads(recorded("private_text"))
    raw["message"]["text"] = text
    incoming = UpdateReader("7000001", lambda: NOW, "giaoban_bot").arrival(raw).incoming
    assert incoming is not None
    assert incoming.room == room


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_an_update_that_is_none_of_our_business_is_not_worth_storing(name: str) -> None:
    arrival = read(name)
    assert arrival.incoming is None
    assert not arrival.error
    assert not arrival.worth_storing


@pytest.mark.parametrize("name", sorted(SET_ASIDE))
def test_an_update_that_cannot_be_read_is_set_aside_with_its_json_and_error(name: str) -> None:
    arrival = read(name)
    assert arrival.incoming is None
    assert arrival.worth_storing
    assert arrival.error
    assert json.loads(arrival.raw) == json.loads(recorded(name))


def test_every_recorded_update_is_expected_to_become_something() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == UNDERSTOOD.keys() | NOTHING | SET_ASIDE


def test_the_same_delivery_has_the_same_id_even_when_it_cannot_be_read() -> None:
    assert read("unparsable_id").message_id == read("unparsable_id").message_id
    assert read("unparsable_id").message_id != read("unparsable_date").message_id
    assert read("unparsable_date").message_id == str(json.loads(recorded("unparsable_date"))["update_id"])


def test_a_button_press_is_confirmed_even_when_nothing_else_of_it_is_of_use() -> None:
    assert read("button").tap == "4382"
    assert read("button_without_message").tap == "4385"
    assert read("button_unparsable").tap == "4386"
    assert read("private_text").tap == ""


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b"[" * 100_000, b"[]", b"null", b'{"update_id": true}'])
def test_a_body_that_is_no_update_is_set_aside(body: bytes) -> None:
    arrival = UpdateReader("7000001", lambda: NOW).webhook(body)
    assert arrival.incoming is None
    assert arrival.error
    assert "\x00" not in arrival.raw
    assert arrival.message_id.startswith("sha256:")


def test_everything_from_an_update_can_be_stored_as_utf_8() -> None:
    incoming = read("text_with_nul_and_half_emoji").incoming
    assert incoming is not None
    assert incoming.text.encode()


@pytest.mark.parametrize("field", ["file_id", "file_name"])
def test_what_nobody_can_store_is_replaced_in_the_names_of_files_too(field: str) -> None:
    person, chat = {"id": 1001, "is_bot": False, "first_name": "\ud800"}, {"id": 1001, "type": "private"}
    document = {"file_id": "a", "file_name": "a.txt", "file_size": 5, field: "b\ud800\x00"}
    message = {"message_id": 1, "date": 1775000000, "chat": chat, "from": person, "document": document}
    incoming = UpdateReader("7000001", lambda: NOW).arrival({"update_id": 1, "message": message}).incoming
    assert incoming is not None
    assert getattr(incoming, field) == "b\ufffd\ufffd"
    assert json.dumps(incoming.to_json(), ensure_ascii=False).encode()


def test_an_incoming_survives_being_stored_as_json() -> None:
    incoming = read("button").incoming
    assert incoming is not None
    assert Incoming.from_json(json.loads(json.dumps(incoming.to_json()))) == incoming


def _damaged(raw: Any) -> Iterator[Any]:
    """The update as it is, then with each of its fields in turn taken away or made into something else."""
    yield raw
    for path in list(_paths(raw)):
        for worse in (None, 7, -7, 2**70, True, 1.5, "x", "", [], [7], {}, {"id": 7}):
            other = copy.deepcopy(raw)
            place = other
            for step in path[:-1]:
                place = place[step]
            if worse is None:
                del place[path[-1]]
            else:
                place[path[-1]] = worse
            yield other


def _paths(raw: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for step, below in steps:
        yield (*before, step)
        yield from _paths(below, (*before, step))


def _as_the_library_has_it(raw: Any) -> dict[str, Any]:
    """The facts of a readable update as python-telegram-bot reads them; what it leaves out is not in it."""
    update = Update.de_json(raw)
    query = update.callback_query
    message = update.edited_message or update.message
    chat, sender = update.effective_chat, update.effective_user
    found: dict[str, Any] = {"message_id": str(update.update_id)}
    if chat is not None:
        found["chat_id"] = str(chat.id)
        found["chat_kind"] = "private" if chat.type == "private" else "group"
    if sender is not None:
        found["sender_id"] = str(sender.id)
        if sender.first_name:
            found["sender_name"] = sender.full_name
    if query is not None:
        found["choice"] = query.data
    elif message is not None:
        found["at"] = message.date
        if message.document is not None and update.message and found["chat_kind"] == "private":
            found["file_id"] = message.document.file_id
    return found


@pytest.mark.parametrize("name", sorted(path.stem for path in PAYLOADS.glob("*.json")))
def test_what_is_read_of_an_update_is_what_the_library_reads(name: str) -> None:
    reader = UpdateReader(bot="7000001", now=lambda: NOW, username="giaoban_bot")
    understood = 0
    for raw in _damaged(json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))):
        incoming = reader.arrival(raw).incoming
        if incoming is None:
            continue
        try:
            expected = _as_the_library_has_it(raw)
        except Exception:  # noqa: BLE001  stricter than this program, about a field it does not look at
            continue
        understood += 1
        assert {key: getattr(incoming, key) for key in expected} == expected, raw
    assert understood or name not in UNDERSTOOD


def test_whatever_the_library_calls_an_attachment_is_one() -> None:
    assert {str(kind.value) for kind in MessageAttachmentType} <= set(ATTACHED)
