"""Every fault the Bot API can have, for each kind of message: what arrives, how often, and what the office sees."""

from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import pytest
from bot_api.faults import AFTER, BEFORE
from bot_api.server import BotApi
from campaigns import ground
from campaigns.one_message import NOW, OneMessage

from storage.database import Database
from storage.engine.open import open_database
from storage.messages import undelivered
from storage.messages.outbox import Kind

UNIT = ground.unit_ids(1)[0]
PERSON, GROUP, NEW_GROUP = ground.chat_of(UNIT), ground.group_of(0), -1002003004005
CHATS: dict[Kind, int] = {"reply": PERSON, "reminder": PERSON, "group_post": GROUP}
DAY = 86_400


class Outcome(NamedTuple):
    """arrivals: how often it arrives. state: of its row in the end. after: seconds before the second try."""

    arrivals: int
    state: str
    after: float = 0.0


ONCE, UNSURE, UNREACHABLE, TOO_LATE = (
    Outcome(1, "sent"), Outcome(0, "unsure"), Outcome(0, "failed"), Outcome(0, "cancelled")
)  # fmt: skip
# fault: (of a reply, of a reminder, of a group post). What may have arrived is repeated to a person, never to a
# group; a reply is late rather than not sent, and what nobody asked for is not sent a day late.
PERHAPS_NOT_DONE = (Outcome(1, "sent", 3), Outcome(1, "sent", 3), UNSURE)
PERHAPS_DONE = (Outcome(2, "sent", 3), Outcome(2, "sent", 3), Outcome(1, "unsure"))
TABLE: dict[str, tuple[Outcome, Outcome, Outcome]] = {
    "flood": (Outcome(1, "sent", 7),) * 3,
    "flood of a day": (Outcome(1, "sent", DAY), TOO_LATE, TOO_LATE),
    "400": (Outcome(0, "failed"),) * 3,
    "413": (Outcome(0, "failed"),) * 3,
    "500": PERHAPS_NOT_DONE,
    "502": PERHAPS_NOT_DONE,
    "504": PERHAPS_NOT_DONE,
    "409": PERHAPS_NOT_DONE,
    "reset_before": PERHAPS_NOT_DONE,
    "hang_before": PERHAPS_NOT_DONE,
    "502_after": PERHAPS_DONE,
    "504_after": PERHAPS_DONE,
    "reset_after": PERHAPS_DONE,
    "hang_after": PERHAPS_DONE,
    "not_json": PERHAPS_DONE,
    "no_result": PERHAPS_DONE,
    "wrong_type": PERHAPS_DONE,
    "401": (Outcome(1, "sent", 60),) * 3,
    "blocked": (UNREACHABLE,) * 3,
    "deactivated": (UNREACHABLE,) * 3,
    "kicked": (UNREACHABLE,) * 3,
    "chat_not_found": (UNREACHABLE,) * 3,
    "migrated": (ONCE,) * 3,
    "delay": (ONCE,) * 3,
}
MESSAGE_ONLY = ("400", "413")  # the message is refused, the chat is open
KINDS: tuple[Kind, ...] = ("reply", "reminder", "group_post")


def test_every_fault_the_server_can_play_has_its_row() -> None:
    assert TABLE.keys() - {"flood of a day"} == BEFORE | AFTER


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.user(PERSON).closed = None
        for group in (GROUP, NEW_GROUP):
            server.group(group).closed = None
        yield server


@pytest.fixture
async def province(migrated_url: str) -> AsyncIterator[Database]:
    """A branch with its secretary, a cluster with its group."""
    await ground.lay(migrated_url, 1, now=NOW)
    db = await open_database(migrated_url)
    yield db
    await db.close()


def fault_of(name: str) -> dict[str, Any]:
    kind = name.removesuffix(" of a day")
    seconds = 0.01 if name == "delay" else 30.0
    return {"kind": kind, "retry_after": DAY if kind != name else 7, "moved_to": NEW_GROUP, "seconds": seconds}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_fault_means_for_a_message_what_its_kind_allows(
    api: BotApi, province: Database, kind: Kind, counted: Callable[[str], None]
) -> None:
    wrong = []
    for name, outcomes in TABLE.items():
        await _begin_anew(api, province)
        wanted = outcomes[KINDS.index(kind)]
        chat = GROUP if name in ("migrated", "kicked") else CHATS[kind]
        api.faults.add("sendMessage", **fault_of(name))
        message = OneMessage(province, api, kind, chat)
        row = await message.play(hangs="hang" in name)
        second = message.tries[1] if len(message.tries) > 1 else 0.0
        got = Outcome(len(api.sent), row["state"], round(second))
        if got != wanted or not await _is_seen(name, wanted, chat, api, province, message):
            wrong.append(f"{name}: wanted {wanted}, got {got}, row {dict(row)}")
    counted(f"{len(TABLE)} faults, {len(TABLE) - len(wrong)} as the table says")
    assert wrong == []


async def _begin_anew(api: BotApi, db: Database) -> None:
    api.sent.clear()
    await db.write(
        [
            ("delete from outbox", ()),
            ("update account set unreachable_at = null", ()),
            ("update group_chat set unlinked_at = null, chat_id = ?", (str(GROUP),)),
        ]
    )


async def _is_seen(name: str, wanted: Outcome, chat: int, api: BotApi, db: Database, message: OneMessage) -> bool:
    """Whether the office is shown what it has to know, and nothing else has changed."""
    closed = await message.one(
        "select count(*) from account where unreachable_at is not null"
        if chat == PERSON
        else "select count(*) from group_chat where unlinked_at is not null"
    )
    shown = [key for key, _, _ in await undelivered.unsure(db)]
    moved = await message.one("select chat_id from group_chat") == str(NEW_GROUP)
    where = {sent.chat_id for sent in api.sent} - {NEW_GROUP if name == "migrated" else chat}
    return (
        bool(closed) == (wanted.state == "failed" and name not in MESSAGE_ONLY)
        and bool(shown) == (wanted.state == "unsure")
        and moved == (name == "migrated")
        and not where
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_a_fault_that_lasts_is_tried_ever_more_seldom_and_then_shown(
    api: BotApi, province: Database, kind: Kind
) -> None:
    api.faults.add("sendMessage", "reset_after", times=100)
    message = OneMessage(province, api, kind, CHATS[kind])
    row = await message.play()
    assert row["state"] == "unsure"
    pauses = [round(later - earlier) for earlier, later in zip(message.tries, message.tries[1:], strict=False)]
    assert pauses[:7] == ([] if kind == "group_post" else [3, 9, 27, 81, 243, 729, 2187])
    assert max(pauses[7:], default=3600) == 3600 or kind == "reply"  # which waits out the night
    assert round(message.tries[-1]) <= {"reply": DAY, "reminder": DAY // 2, "group_post": 0}[kind]
    assert len(await undelivered.unsure(province)) == 1
