"""A person in, everything held about them out; or the statements that erase it while the unit's figures stay."""

import json
from dataclasses import dataclass
from datetime import datetime

from reporting.text.masking import MASK
from storage.database import Database, Statement
from storage.engine.instants import instant, maybe_instant, stamp
from storage.messages import local_chat, outbox
from storage.people import data_requests, invites
from storage.people.data_requests import DataRequest
from storage.reports.events import happened
from storage.reports.texts import Pasted, pasted_by
from storage.review import photos


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role, the unit or cluster it is for, and its days (ISO); until is None while it lasts."""

    role: str
    area: str
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """An account and the last word on consent: given or withdrawn, to which text, when."""

    channel: str
    chat_id: str
    consent: str
    version: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldAbout:
    """Everything kept about a person. petitions: (period, number, text). named: names the office expected him under.

    photos: when each was sent.
    tasks: (period, number, text) of conclusions that the person wrote down.
    """

    name: str
    roles: tuple[HeldRole, ...]
    accounts: tuple[HeldAccount, ...]
    values_set: int
    petitions: tuple[tuple[str, str, str], ...]
    pasted: tuple[Pasted, ...]
    notes: tuple[datetime, ...]
    preferences: tuple[tuple[str, str], ...]
    named: tuple[str, ...]
    asked: tuple[DataRequest, ...]
    photos: tuple[datetime, ...] = ()
    tasks: tuple[tuple[str, int, str], ...] = ()

    @property
    def chats(self) -> tuple[tuple[str, str], ...]:
        """(channel, chat id) of every account."""
        return tuple((account.channel, account.chat_id) for account in self.accounts)


async def held_about(db: Database, person_id: int) -> HeldAbout:
    """All rows that name the person or were written by him, from every table that has any."""
    name = (await db.read("select name from person where id = ?", (person_id,)))[0][0]
    roles = await db.read(
        "select r.role, coalesce(u.name, c.name, ''), r.valid_from_on, r.valid_to_on from role r"
        " left join unit u on u.id = r.unit_id left join cluster c on c.id = r.cluster_id"
        " where r.person_id = ? order by r.valid_from_on, r.id",
        (person_id,),
    )
    accounts = await db.read(
        "select channel, chat_id, consent, consent_version, consent_at from account where person_id = ?"
        " order by consent_at, channel, chat_id",
        (person_id,),
    )
    count = await db.read("select count(*) from event where actor = ? and action = 'value.put'", (person_id,))
    raised = await db.read(
        "select p.code, k.number, k.text from petition k join period p on p.id = k.period_id where k.person_id = ?"
        " order by k.created_at, k.number",
        (person_id,),
    )
    notes = await db.read("select at from restricted_note where person_id = ? order by at", (person_id,))
    chosen = await db.read("select name, value from preference where person_id = ? order by name", (person_id,))
    posts = await db.read(
        "select distinct t.name from post t join role r on r.post_id = t.id where r.person_id = ? and t.name <> ''"
        " order by t.name",
        (person_id,),
    )
    concluded = await db.read(
        "select p.code, t.number, t.text from task t join period p on p.id = t.period_id where t.person_id = ?"
        " order by t.created_at, t.number",
        (person_id,),
    )
    return HeldAbout(
        name,
        tuple(HeldRole(*row) for row in roles),
        tuple(HeldAccount(r[0], r[1], r[2], r[3] or "", maybe_instant(r[4])) for r in accounts),
        count[0][0],
        tuple((row[0], f"{row[1]:02}", row[2]) for row in raised),
        tuple(await pasted_by(db, person_id)),
        tuple(instant(row[0]) for row in notes),
        tuple((row[0], row[1]) for row in chosen),
        tuple(row[0] for row in posts if row[0] != name),
        tuple(await data_requests.of_person(db, person_id)),
        tuple(photo.at for photo in await photos.of_person(db, person_id)),
        tuple((row[0], row[1], row[2]) for row in concluded),
    )


async def erased_since(db: Database, moment: datetime) -> dict[int, int]:
    """Who was erased after that instant: ids and stamps."""
    rows = await db.read("select id, erased_at from person where erased_at > ?", (stamp(moment),))
    return {row[0]: row[1] for row in rows}


def withdraw(person_id: int, chats: tuple[tuple[str, str], ...], now: datetime) -> list[Statement]:
    """Takes the consent back for every account: nothing waiting is sent, nothing planned is kept, nobody is told."""
    unit: list[Statement] = [
        (
            "update account set consent = 'withdrawn', consent_at = ? where person_id = ? and consent = 'given'",
            (stamp(now), person_id),
        ),
        (
            "update reminder set state = 'cancelled', settled_at = ? where person_id = ? and state = 'planned'",
            (stamp(now), person_id),
        ),
        happened("consent.withdrawn", "person", person_id, now),
    ]
    return unit + [outbox.cancel_for_chat(channel, chat_id, "consent withdrawn") for channel, chat_id in chats]


def agree(channel: str, chat_id: str, person_id: int, version: str, now: datetime) -> list[Statement]:
    """The person has agreed again, by this account, to the text of that version."""
    return [
        (
            "update account set consent = 'given', consent_version = ?, consent_at = ?"
            " where channel = ? and chat_id = ? and consent <> 'given'",
            (version, stamp(now), channel, chat_id),
            1,
        ),
        happened("consent.given", "person", person_id, now, new=version),
    ]


def erase(person_id: int, held: HeldAbout, today: str, now: datetime, action: str = "person.erased") -> list[Statement]:
    """Removes name, accounts, roles, dialogue, texts and messages, also those that told others of the name.

    action: what the audit says of it, another one where nobody asked for it.

    Values, petitions and events stay the unit's, under a number that names nobody.
    """
    chats = held.chats
    unit: list[Statement] = [
        # While the account is still there to be found by: what others were told, or wait to be told, of this person.
        *(statement for name in (held.name, *held.named) if name.strip() for statement in _unsay(name)),
        # The office named them before they enrolled; the post ends and names nobody.
        (
            "update post set name = '', valid_to_on = coalesce(valid_to_on, ?)"
            " where id in (select post_id from role where person_id = ?) and not exists (select 1 from role o"
            "   where o.post_id = post.id and o.person_id <> ? and (o.valid_to_on is null or o.valid_to_on >= ?))",
            (today, person_id, person_id, today),
        ),
        ("update role set title = '' where person_id = ?", (person_id,)),
        ("delete from pasted where person_id = ?", (person_id,)),
        *_erase_notes(person_id),
        photos.erase(person_id),
        ("update petition set person_id = null where person_id = ?", (person_id,)),
        ("update narrative set person_id = null where person_id = ?", (person_id,)),
        ("update task set person_id = null where person_id = ?", (person_id,)),
        ("update task_of_unit set moved_by = null where moved_by = ?", (person_id,)),
        ("update target set owner_id = null where owner_id = ?", (person_id,)),
        ("update cluster_target set owner_id = null where owner_id = ?", (person_id,)),
        ("update data_request set person_id = null where person_id = ?", (person_id,)),
        (
            "update office_handover set state = 'stopped' where state in ('begun', 'taken')"
            " and (giver_id = ? or taker_id = ?)",
            (person_id, person_id),
        ),
        ("update person set name = '', erased_at = ? where id = ?", (stamp(now), person_id)),
        (
            "update role set valid_to_on = ? where person_id = ? and valid_to_on is null",
            (today, person_id),
        ),
        (
            "update reminder set state = 'cancelled', settled_at = ? where person_id = ? and state = 'planned'",
            (stamp(now), person_id),
        ),
        ("delete from preference where person_id = ?", (person_id,)),
        ("delete from word_vote where person_id = ?", (person_id,)),
        ("delete from chair_told where person_id = ?", (person_id,)),
        ("delete from page_link where person_id = ?", (person_id,)),
        ("delete from account where person_id = ?", (person_id,)),
        ("update invite set used_by = null where used_by = ?", (str(person_id),)),
        invites.withdraw_links(person_id, now),
    ]
    for channel, chat_id in chats:
        unit += [
            ("delete from conversation where channel = ? and chat_id = ?", (channel, chat_id)),
            ("delete from code_try where channel = ? and chat_id = ?", (channel, chat_id)),
            ("delete from withheld where channel = ? and chat_id = ?", (channel, chat_id)),
            # The key stays, so that a redelivered update is still known; the chat's id is personal data.
            (
                "update inbox set chat_id = '', payload = null, error = case when error is null then null"
                " else 'erased' end where channel = ? and chat_id = ?",
                (channel, chat_id),
            ),
            (
                "update outbox set chat_id = '', body = '{}', file = null, state = case when state in ('ready', 'leased')"
                " then 'cancelled' else state end where channel = ? and chat_id = ?",
                (channel, chat_id),
            ),
        ]
        if channel == "local":
            unit += local_chat.forget(chat_id)
    unit.append(happened(action, "person", person_id, now))
    return unit


def _unsay(name: str) -> list[Statement]:
    """The name in notices to others: gone where the message has been sent, masked where it still waits."""
    written = json.dumps(name, ensure_ascii=False)[1:-1]
    about = ("notice", f"%{written.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%")
    return [
        (
            "update local_message set text = replace(text, ?, ?) where outbox_key in"
            " (select dedupe_key from outbox where kind = ? and body like ? escape '!')",
            (name, MASK, *about),
        ),
        (
            "update outbox set body = case when state in ('ready', 'leased')"
            " then replace(body, cast(? as text), cast(? as text)) else '{}' end"
            " where kind = ? and body like ? escape '!'",
            (written, MASK, *about),
        ),
    ]


def _erase_notes(person_id: int) -> list[Statement]:
    """Sensitive notes of the person, and the messages that carried them to leaders."""
    return [
        (
            "update outbox set body = '{}' where dedupe_key >= 'note:' and dedupe_key < 'note;' and exists"
            " (select 1 from restricted_note n where n.person_id = ? and outbox.dedupe_key like 'note:' || n.id || ':%')",
            (person_id,),
        ),
        ("delete from restricted_note where person_id = ?", (person_id,)),
    ]
