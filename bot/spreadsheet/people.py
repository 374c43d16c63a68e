"""Rows of the sheet "Người" and the stored posts in, changes of posts and faults of cells out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.spreadsheet.difference import Difference
from bot.spreadsheet.rows import Book, SheetRow
from bot.spreadsheet.sheets import PEOPLE, ROLES
from bot.spreadsheet.units import PRIVATE, Units
from handlers.commands import folded
from reporting.organisation.roles import OF_CLUSTER, fits, replaces
from reporting.organisation.units import OrgCluster, OrgUnit
from storage.database import Statement
from storage.people import expected
from storage.people.expected import Post, Unnamed
from storage.periods.chairs import MAY_CHAIR, Chair
from storage.reports.events import happened


class People:
    """Makes the changes of the sheet "Người", and notes faults and differences. Codes are issued later, per cluster."""

    def __init__(
        self,
        book: Book,
        units: Units,
        standing: Sequence[Post],
        held: dict[int, list[tuple[int, str]]],
        day: date,
        now: datetime,
        fresh_id: Callable[[], int],
        difference: Difference,
        unnamed: Sequence[Unnamed] = (),
    ) -> None:
        self._book = book
        self._units = units
        self._unnamed = {self._called(one.name, one): one for one in unnamed}
        self._held = held
        self._day = day
        self._now = now
        self._fresh_id = fresh_id
        self._difference = difference
        self.names = {post.id: post.name for post in standing}
        self.posts: dict[tuple[str, str, int | None, int | None], Post] = {}
        for post in standing:  # the later one of two of the same name stands
            self.posts[self._key(post)] = post
        self.notes: list[str] = []  # what to think of
        self._touched: set[int] = set()  # posts that are new
        self.rows: list[Statement] = []
        self.events: list[Statement] = []
        self.ended: list[tuple[int, str, str, date]] = []  # posts: id, role, area, last day

    def plan(self) -> None:
        """All changes."""
        for row in self._book.rows.get(PEOPLE.key, ()):
            area = self._judge(row)
            if area is not None and not row.wrong:
                self._one(row, area)
        self._two_in_one_seat()

    def _two_in_one_seat(self) -> None:
        """Says where the file leaves several named for what only one can be, or for the chair of one cluster."""
        named: dict[tuple[str, int | None, int | None], list[Post]] = {}
        for post in self.posts.values():
            if (replaces(post.role) or post.role == "chair") and post.name and post.last_on is None:
                named.setdefault((post.role, post.unit_id, post.cluster_id), []).append(post)
        say, organisation = self._book.wording.say, self._units.organisation
        for (role, unit_id, cluster_id), posts in named.items():
            names = ", ".join(post.name for post in posts)
            if len(posts) < 2 or not self._touched & {post.id for post in posts}:
                continue
            if unit_id is not None:
                unit = organisation.units[unit_id]
                self.notes.append(
                    say("import_people.two", unit=unit.name, code=unit.code, role=ROLES[role], names=names)
                )
            elif cluster_id is not None:
                cluster = organisation.clusters[cluster_id].name
                self.notes.append(say("command.two_chairs", cluster=cluster, chairs=names))

    def chairs(self, day: date) -> list[Chair]:
        """Who may be named to chair a briefing on that day: as posts, and who has enrolled without one."""
        return [
            Chair(None, post.id, self._own(post), post.title, post.cluster_id, post.name)
            for post in self.posts.values()
            if post.role in MAY_CHAIR and post.name and (post.last_on is None or post.last_on >= day)
        ] + [
            Chair(one.person_id, None, one.name, one.title, one.cluster_id) for one in self._unnamed.values()
            if one.role in MAY_CHAIR
        ]  # fmt: skip

    def _own(self, post: Post) -> str:
        """The name by which the holder's channel knows her; '' where nobody has enrolled."""
        return next((name for _, name in self._held.get(post.id, ())), "")

    def at_fault(self, name: str) -> bool:
        """Whether a row of that name is at fault, so that its post is not made."""
        rows = self._book.rows.get(PEOPLE.key, ())
        return any(row.wrong and (row["name"] or "").casefold() == name.casefold() for row in rows)

    @staticmethod
    def _called(name: str, of: Post | Unnamed) -> tuple[str, str, int | None, int | None]:
        return folded(name), of.role, of.unit_id, of.cluster_id

    @staticmethod
    def _key(post: Post) -> tuple[str, str, int | None, int | None]:
        return post.name.casefold(), post.role, post.unit_id, post.cluster_id

    def _judge(self, row: SheetRow) -> OrgUnit | OrgCluster | None:
        """The area of the role, once every cell has been judged that can be, whatever is wrong with the others."""
        for column in ("name", "title"):
            if row[column] and PRIVATE.search(row[column]):
                self._book.fault(row, column, "private_number")
        self._book.check_days(row)
        if row["role"] is not None:
            return self._area(row)
        self._units.unit(row, "unit")
        self._units.cluster(row, "cluster")
        return None

    def _one(self, row: SheetRow, area: OrgUnit | OrgCluster) -> None:
        title = row["title"] or ROLES[row["role"]]
        unit_id, cluster_id = (area.id, None) if isinstance(area, OrgUnit) else (None, area.id)
        since = row["from_on"] or max(self._day, area.from_on)
        last = min((day for day in (row["last_on"], area.last_on) if day is not None), default=None)
        wanted = Post(0, row["role"], unit_id, cluster_id, row["name"], title, since, last)
        standing = self.posts.get(self._key(wanted))
        if standing is None or (standing.last_on is not None and row["from_on"] and since > standing.last_on):
            self._add(row, wanted, area)
        else:
            self._edit(row, standing, wanted, area)

    def _area(self, row: SheetRow) -> OrgUnit | OrgCluster | None:
        """The unit or cluster of the role; None, with a fault, where it does not fit."""
        wanted, other = ("cluster", "unit") if row["role"] in OF_CLUSTER else ("unit", "cluster")
        role = ROLES[row["role"]]
        if row[other] is not None:
            self._book.fault(row, other, f"role_takes_{wanted}", role=role)
        if row[wanted] is None:
            if wanted in row.faulty or other in row.faulty:
                return None
            self._book.fault(row, wanted if wanted in row.letters else "role", f"role_takes_{wanted}", role=role)
            return None
        if wanted == "cluster":
            return self._units.cluster(row, "cluster")
        unit = self._units.unit(row, "unit")
        if unit is not None and not fits(row["role"], unit.level):
            self._book.fault(row, "role", "role_misfits", role=role, unit=unit.code)
            return None
        return unit

    def _add(self, row: SheetRow, wanted: Post, area: OrgUnit | OrgCluster) -> None:
        if row["last_on"] is not None and row["last_on"] < wanted.from_on:
            self._backwards(row, wanted)
            return
        if wanted.last_on is not None and wanted.last_on < wanted.from_on:  # the unit or cluster has ended
            self._book.fault(row, "name", "not_living", unit=area.code, day=f"{wanted.from_on:%d/%m/%Y}")
            return
        post = replace(wanted, id=self._fresh_id())
        self.posts[self._key(post)] = post
        self.rows.append(expected.add(post))
        self._touched.add(post.id)
        self._link(post)
        self._event("post.added", post, area, None, post.title)
        self._note("new", row, area, post.title)

    def _link(self, post: Post) -> None:
        """Who has enrolled under that very name before the office named anybody holds the post."""
        if post.id not in self._held and (one := self._unnamed.pop(self._called(post.name, post), None)) is not None:
            self.rows.append(expected.link(one.role_id, post))

    def _edit(self, row: SheetRow, standing: Post, wanted: Post, area: OrgUnit | OrgCluster) -> None:
        if standing.last_on is not None:
            if wanted.last_on != standing.last_on:
                self._book.fault(row, "name", "post_ended", day=f"{standing.last_on:%d/%m/%Y}")
            return
        if row["from_on"] not in (None, standing.from_on):
            self._book.fault(row, "from_on", "since_fixed", day=f"{standing.from_on:%d/%m/%Y}")
            return
        self._link(standing)
        if row["title"] and wanted.title != standing.title:
            held = [(role_id, self._fresh_id()) for role_id, _ in self._held.get(standing.id, ())]
            self.rows += expected.retitle(standing, wanted.title, self._day, held)
            self._event("post.retitled", standing, area, standing.title, wanted.title)
            heading = PEOPLE.column("title").heading
            words = self._book.wording.say("difference.edited", column=heading, old=standing.title, new=wanted.title)
            self._note("changed", row, area, words)
        if wanted.last_on is not None:
            if row["last_on"] is not None and row["last_on"] < standing.from_on:
                self._backwards(row, replace(wanted, from_on=standing.from_on))
                return
            self.rows += expected.end(standing, wanted.last_on, self._now)
            self.ended.append((standing.id, standing.role, area.name, wanted.last_on))
            self._event("post.ended", standing, area, None, wanted.last_on.isoformat())
            words = self._book.wording.say("difference.ended_on", day=f"{wanted.last_on:%d/%m/%Y}", heirs="")
            self._note("ended", row, area, words)
        self.posts[self._key(standing)] = replace(standing, title=wanted.title, last_on=wanted.last_on)

    def _backwards(self, row: SheetRow, wanted: Post) -> None:
        assert wanted.last_on is not None
        self._book.fault(
            row, "last_on" if "last_on" in row.letters else "name", "backwards",
            since=f"{wanted.from_on:%d/%m/%Y}", last=f"{wanted.last_on:%d/%m/%Y}",
        )  # fmt: skip

    def _note(self, what: Any, row: SheetRow, area: OrgUnit | OrgCluster, text: str) -> None:
        self._difference.note(PEOPLE.key, what, f"{row['name']} ({ROLES[row['role']]}, {area.code})", text)

    def _event(self, action: str, post: Post, area: OrgUnit | OrgCluster, old: str | None, new: str | None) -> None:
        subject = f"{post.role} {area.code}"
        self.events.append(happened(action, subject, None, self._now, unit_id=post.unit_id, old=old, new=new))
