"""Whom the office has named somewhere in; the post that a person who enrols there holds, or a code is for, out."""

from collections.abc import Sequence
from datetime import date

from handlers.named import meant, no_title
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
    called = posts_called(vacant, name, of_title=False)
    if len(called) == 1:
        return called[0]
    area = (invite.role, invite.unit_id, invite.cluster_id)
    others = [
        held
        for held in await expected.unnamed(db)
        if (held.role, held.unit_id, held.cluster_id) == area and held.person_id != person_id
    ]
    return vacant[0] if len(vacant) == 1 and not others else None


def posts_called(posts: Sequence[Post], name: str, *, of_title: bool = True) -> list[Post]:
    """Those whom the words may mean. of_title: also by title, which nobody has for a name of their own."""
    return meant(name, posts, lambda post: (post.name,), (lambda post: post.title) if of_title else no_title)
