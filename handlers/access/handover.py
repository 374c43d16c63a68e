"""A used code that replaces somebody in, rows that end the old role and pass on its reminders and messages out."""

from datetime import timedelta

from handlers.telling import tell
from handlers.turn import Turn
from storage.database import Database
from storage.messages import outbox, reminders
from storage.people import people
from storage.people.invites import Invite
from storage.reports.events import happened


async def succeed(db: Database, turn: Turn, invite: Invite, person_id: int, name: str) -> None:
    """Ends the role of those who are followed, moves what was planned for them, and tells them once.

    What they have entered keeps their names; the draft is the unit's and stays as it is. The role's last day is
    yesterday: from this minute on the old account must neither see nor change anything of the unit.
    """
    last = turn.today - timedelta(days=1)
    held = await people.holders(db, invite.role, invite.unit_id, invite.cluster_id, turn.today)
    for old in held if invite.replaces else ():
        if old == person_id:
            continue
        turn.rows.append(people.end_role(old, invite.role, invite.unit_id, invite.cluster_id, last))
        turn.rows.append(happened("role.ended", invite.role, person_id, turn.now, unit_id=invite.unit_id, new=str(old)))
        if invite.unit_id is not None:
            turn.rows.append(outbox.cancel_reminders_of(invite.unit_id, old))
            turn.rows += reminders.hand_over(invite.unit_id, old, person_id, turn.now)
        accounts = await people.accounts_of(db, old)
        if accounts:
            area = invite.unit_name or invite.cluster_name
            role = turn.wording.say(f"role.{invite.role}")
            text = turn.wording.say("handover.ended", role=role, area=area, name=f" {name}" if name else "")
            await tell(db, turn, f"handover:{invite.id}:{old}", accounts[-1], text)
    if invite.role == "secretary":
        turn.rows.append(people.end_role(person_id, "deputy", invite.unit_id, None, last))
