"""The last heartbeat and a clock that stands before it in, the statements that keep what was already so out.

Of a day that is yet to come again only what was written after the present instant is touched: what was prepared before
for a day of its own waits for it.
"""

from datetime import datetime, timedelta

from reporting.time.calendar import local_day
from storage.database import Statement
from storage.engine.instants import stamp

# By which events it is seen that a row was begun, or ended, after the present instant.
_BEGUN = {
    "role": "e.action = 'role.given' and e.actor = role.person_id and e.subject = role.role",
    "post": "e.action = 'post.added' and coalesce(e.unit_id, 0) = coalesce(post.unit_id, 0)",
    "unit": "e.action = 'unit.added' and e.unit_id = unit.id",
    "cluster": "e.action = 'cluster.added' and e.subject = cluster.code",
    "cluster_member": "e.action = 'unit.cluster' and e.unit_id = cluster_member.unit_id",
}
_ENDED = {
    "role": "e.action = 'role.ended' and e.subject = role.role and cast(role.person_id as text) in (e.old, e.new)",
    "post": "e.action = 'post.ended' and coalesce(e.unit_id, 0) = coalesce(post.unit_id, 0)",
    "unit": "e.action = 'unit.ended' and e.unit_id = unit.id",
    "cluster": "e.action = 'cluster.changed' and e.subject = cluster.code",
    "cluster_member": "e.action in ('unit.cluster', 'unit.ended') and e.unit_id = cluster_member.unit_id",
}
_TRIED_AGAIN = timedelta(hours=2)  # longer than any pause between two tries of a message


def set_back(seen: datetime, now: datetime) -> list[Statement]:
    """What had begun by `seen` holds from today, what had ended has ended yesterday; nobody counts as writing, no chat
    is held back and no message waits until the clock is there again.
    """
    today, lived, at = local_day(now).isoformat(), local_day(seen).isoformat(), stamp(now)
    eve = (local_day(now) - timedelta(days=1)).isoformat()
    written = "exists (select 1 from event e where e.at > ? and {})"
    ended = [
        (
            f"update {table} set valid_to_on = ? where valid_from_on < ? and valid_to_on >= ? and valid_to_on < ?"
            f" and {written.format(event)}",
            (eve, today, today, lived, at),
        )
        for table, event in _ENDED.items()
    ]
    begun = [
        (
            f"update {table} set valid_from_on = ? where valid_from_on > ? and valid_from_on <= ?"
            f" and (valid_to_on is null or valid_to_on >= ?) and {written.format(event)}",
            (today, today, lived, lived, at),
        )
        for table, event in _BEGUN.items()
    ]
    return [
        # A membership of today that had ended would stand under the key of the one that followed.
        (
            "delete from cluster_member where valid_from_on = ? and valid_to_on < ?"
            f" and {written.format(_ENDED['cluster_member'])}",
            (today, lived, at),
        ),
        *ended,
        *begun,
        ("update conversation set touched_at = ? where touched_at > ?", (at, at)),
        ("update code_try set tried_at = ? where tried_at > ?", (at, at)),
        (
            "update outbox set not_before_at = ? where state = 'ready' and attempts > 0 and not_before_at > ?",
            (at, stamp(now + _TRIED_AGAIN)),
        ),
    ]
