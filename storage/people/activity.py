"""A moment in, the statements that forget what single people did and were told before it; what is the unit's stays.

Lateness is the unit's: `submission` has it. Who was reminded when, and in which chat, is kept so long that last year's
round can be looked at beside this one's; the keys of messages stay, so that none is ever sent again.
"""

from datetime import datetime
from typing import Final

from reporting.time.calendar import local_day
from storage.database import Database, Statement
from storage.engine.instants import stamp

KEPT_DAYS: Final = 400
MOST_AT_ONCE: Final = 50  # people forgotten in one day, so that nobody waits for it


def forget(before: datetime) -> list[Statement]:
    """Reminders, chats of messages, who was given papers, codes and calendars, whose requests are done."""
    moment, day = stamp(before), local_day(before).isoformat()
    return [
        ("delete from reminder where day_on < ? and state <> 'planned'", (day,)),
        (
            "update outbox set chat_id = '', external_id = null where created_at < ? and chat_id <> ''"
            " and state not in ('ready', 'leased')",
            (moment,),
        ),
        ("update handed_out set person_id = null where at < ? and person_id is not null", (moment,)),
        (
            "update invite set used_by = null, issued_by = null where created_at < ?"
            " and (used_by is not null or issued_by is not null)",
            (moment,),
        ),
        ("delete from word_vote where at < ?", (moment,)),
        ("delete from chair_told where briefing_id in (select id from briefing where starts_at < ?)", (moment,)),
        (
            "delete from cancelled_chair where briefing_id in (select id from cancelled_briefing where starts_at < ?)",
            (moment,),
        ),
        ("delete from office_handover where begun_at < ?", (moment,)),
        ("update data_request set person_id = null where done_on < ? and person_id is not null", (day,)),
    ]


async def long_gone(db: Database, before: datetime) -> list[int]:
    """Some people whose last role had ended by then, and who are still known by name or account."""
    day = local_day(before).isoformat()
    rows = await db.read(
        "select p.id from person p where p.erased_at is null and p.created_at < ? and not exists"
        " (select 1 from role r where r.person_id = p.id and (r.valid_to_on is null or r.valid_to_on >= ?))"
        " and not exists (select 1 from data_request d where d.person_id = p.id and d.done_on is null)"
        " order by p.id limit ?",
        (stamp(before), day, MOST_AT_ONCE),
    )
    return [row[0] for row in rows]
