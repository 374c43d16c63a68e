"""A used code in; rows that end the role of who is followed, or that tell of two in one seat, out."""

from datetime import timedelta

from handlers.telling import tell
from handlers.turn import Turn
from reporting.organisation.roles import replaces
from storage.database import Database
from storage.messages import outbox, reminders
from storage.people import people
from storage.people.invites import Invite
from storage.people.people import Account
from storage.reports.events import happened


async def succeed(db: Database, turn: Turn, invite: Invite, person_id: int, name: str) -> str:
    """Ends the role of those who are followed, moves what was planned for them, and tells them once; where nobody is
    followed and only one should be there, all of them and the office are told. Gives a line for the one who enrols,
    '' for none.

    What they have entered keeps their names; the draft is the unit's and stays as it is. The role's last day is
    yesterday: from this minute on the old account must neither see nor change anything of the unit.
    """
    last = turn.today - timedelta(days=1)
    held = await people.holders(db, invite.role, invite.unit_id, invite.cluster_id, turn.today)
    others = [old for old in held if old != person_id]
    accounts = [account for old in others for account in (await people.accounts_of(db, old))[-1:]]
    area, role = invite.unit_name or invite.cluster_name, turn.wording.say(f"role.{invite.role}")
    told = {"role": role, "area": area, "name": f" {name}" if name else ""}
    line = ""
    if others and invite.replaces:
        for old in others:
            _end(turn, invite, old, person_id)
        for account in accounts:
            text = turn.wording.say("handover.ended", **told)
            await tell(db, turn, f"handover:{invite.id}:{account.person_id}", account, text)
        line = turn.wording.say("handover.follows", names=_names(accounts)) if accounts else ""
    elif others and replaces(invite.role):
        for account in accounts:
            text = turn.wording.say("handover.joined", **told)
            await tell(db, turn, f"beside:{invite.id}:{account.person_id}", account, text)
        both = ", ".join(filter(None, [_names(accounts), name]))
        text = turn.wording.say("handover.two", role=role, area=area, names=both)
        for account in {a.person_id: a for a in await people.office(db, turn.today)}.values():
            await tell(db, turn, f"beside:{invite.id}:office:{account.person_id}", account, text)
        line = turn.wording.say("handover.beside", role=role, area=area, names=_names(accounts))
    if invite.role == "secretary":
        turn.rows.append(people.end_role(person_id, "deputy", invite.unit_id, None, last))
    return line


def _end(turn: Turn, invite: Invite, old: int, person_id: int) -> None:
    last = turn.today - timedelta(days=1)
    turn.rows.append(people.end_role(old, invite.role, invite.unit_id, invite.cluster_id, last))
    turn.rows.append(happened("role.ended", invite.role, person_id, turn.now, unit_id=invite.unit_id, new=str(old)))
    if invite.unit_id is not None:
        turn.rows.append(outbox.cancel_reminders_of(invite.unit_id, old))
        turn.rows += reminders.hand_over(invite.unit_id, old, person_id, turn.now)


def _names(accounts: list[Account]) -> str:
    return ", ".join(account.name for account in accounts if account.name)
