"""What is held about one person, and how it is erased while the unit's figures stay."""

from dataclasses import dataclass
from datetime import datetime

from storage import invites
from storage.database import Database, Statement
from storage.instants import maybe_instant, stamp


@dataclass(frozen=True, slots=True)
class HeldAbout:
    """Everything kept about a person."""

    name: str
    roles: tuple[tuple[str, str], ...]
    accounts: tuple[tuple[str, str], ...]
    consent_version: str
    consent_at: datetime | None
    values_set: int


async def held_about(db: Database, person_id: int) -> HeldAbout:
    """All rows that name the person: roles as (role, place), accounts as (channel, chat id)."""
    name = (await db.read("select name from person where id = ?", (person_id,)))[0][0]
    roles = await db.read(
        "select r.role, coalesce(u.name, c.name, '') from role r left join unit u on u.id = r.unit_id"
        " left join cluster c on c.id = r.cluster_id where r.person_id = ? and r.valid_to_on is null order by r.id",
        (person_id,),
    )
    accounts = await db.read(
        "select channel, chat_id, consent_version, consent_at from account where person_id = ? order by consent_at",
        (person_id,),
    )
    count = await db.read("select count(*) from event where actor = ? and action = 'value.put'", (person_id,))
    return HeldAbout(
        name,
        tuple((r[0], r[1]) for r in roles),
        tuple((r[0], r[1]) for r in accounts),
        accounts[0][2] or "" if accounts else "",
        maybe_instant(accounts[0][3]) if accounts else None,
        count[0][0],
    )


def erase(person_id: int, chats: tuple[tuple[str, str], ...], today: str, now: datetime) -> list[Statement]:
    """Removes name, accounts, roles, dialogue and messages. Values and events keep a number that names nobody."""
    unit: list[Statement] = [
        ("update person set name = '', erased_at = ? where id = ?", (stamp(now), person_id)),
        (
            "update role set title = '', valid_to_on = ? where person_id = ? and valid_to_on is null",
            (today, person_id),
        ),
        (
            "update reminder set state = 'cancelled', settled_at = ? where person_id = ? and state = 'planned'",
            (stamp(now), person_id),
        ),
        ("delete from preference where person_id = ?", (person_id,)),
        ("delete from account where person_id = ?", (person_id,)),
        ("update invite set used_by = null where used_by = ?", (str(person_id),)),
        invites.withdraw_links(person_id, now),
    ]
    for channel, chat_id in chats:
        unit += [
            ("delete from conversation where channel = ? and chat_id = ?", (channel, chat_id)),
            ("delete from code_try where channel = ? and chat_id = ?", (channel, chat_id)),
            # The key stays, so that a redelivered update is still known; the chat's id is personal data.
            (
                "update inbox set chat_id = '', payload = null where channel = ? and chat_id = ?",
                (channel, chat_id),
            ),
            (
                "update outbox set chat_id = '', body = '{}', state = case when state in ('ready', 'leased')"
                " then 'cancelled' else state end where channel = ? and chat_id = ?",
                (channel, chat_id),
            ),
        ]
        if channel == "local":
            unit.append(("delete from local_message where chat_id = ?", (chat_id,)))
    unit.append(
        (
            "insert into event (at, actor, action, subject) values (?, ?, 'person.erased', 'person')",
            (stamp(now), person_id),
        )
    )
    return unit
