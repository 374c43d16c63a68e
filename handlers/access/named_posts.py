"""Whom the office has named somewhere in; the post that a person who enrols there holds, or a code is for, out."""

from collections.abc import Sequence
from datetime import date

from handlers.commands import folded
from storage.database import Database
from storage.people import expected
from storage.people.expected import Post
from storage.people.invites import Invite


async def post_of(db: Database, invite: Invite, person_id: int, name: str, today: date) -> Post | None:
    """The post that the user of a code without one holds from now on; None where nobody can know.

    The only one that is vacant there, unless somebody is enrolled in the role whom the office did not name: then the
    post may be theirs, and as among several the person's own name has to say it. name: as the channel shows it.
    """
    vacant = await expected.vacant(db, invite.role, invite.unit_id, invite.cluster_id, today)
    called = called_so(vacant, name)
    if len(called) == 1:
        return called[0]
    area = (invite.role, invite.unit_id, invite.cluster_id)
    others = [
        held
        for held in await expected.unnamed(db)
        if (held.role, held.unit_id, held.cluster_id) == area and held.person_id != person_id
    ]
    return vacant[0] if len(vacant) == 1 and not others else None


def called_so(posts: Sequence[Post], name: str) -> list[Post]:
    """Those of that name, in any case and with or without marks; by the whole name, else by the given name alone."""
    wanted = folded(name)
    whole = [post for post in posts if folded(post.name) == wanted]
    return whole or [post for post in posts if wanted and folded(post.name).rpartition(" ")[2] == wanted]
