"""Rows of the sheets "Đơn vị" and "Cụm" and the stored organisation in, its changes and faults of cells out."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from bot.spreadsheet.ahead import Untouched
from bot.spreadsheet.difference import Difference
from bot.spreadsheet.rows import Book, SheetRow
from bot.spreadsheet.sheets import CLUSTERS, NO_CLUSTER, PROVINCE, UNITS
from reporting.organisation.conspicuous import conspicuous
from reporting.organisation.faults import faults
from reporting.organisation.units import ChangeRefused, Organisation, OrgCluster, OrgUnit

# Nine digits and more, however they are divided: a telephone or citizen number, which does not belong here.
PRIVATE: Final = re.compile(r"(?:\d[() .-]{0,2}){9,}")
MOST_ALIKE = 5  # lines of one kind on what has to be meant


class Units:
    """Makes the changes of the sheets "Đơn vị" and "Cụm" to the organisation, and notes faults and differences."""

    def __init__(
        self,
        book: Book,
        organisation: Organisation,
        days: tuple[date, date],
        fresh_id: Callable[[], int],
        difference: Difference,
        untouched: Untouched,
    ) -> None:
        """days: from when changes hold that have no day of their own; today."""
        self._book = book
        self._org = organisation
        self._day, today = days
        self._untouched = untouched
        self._follow_on = min(self._day, today)  # later on units follow by themselves
        self._fresh_id = fresh_id
        self._difference = difference
        self.notes: list[str] = []  # what has to be meant
        self.ids = {unit.code.casefold(): unit.id for unit in organisation.units.values()}
        self.cluster_ids = {cluster.code.casefold(): cluster.id for cluster in organisation.clusters.values()}
        self._rows = [row for row in book.rows.get(UNITS.key, ()) if row["code"]]
        self._cluster_rows = [row for row in book.rows.get(CLUSTERS.key, ()) if row["code"]]
        self._top_rank = 0
        self._in_file = {
            sheet: {row["code"].casefold() for row in book.rows.get(sheet, ()) if row["code"]}
            for sheet in (UNITS.key, CLUSTERS.key)
        }

    def plan(self) -> None:
        """All changes, in an order in which each finds what it needs."""
        for row in (*self._rows, *self._cluster_rows):
            if row["name"] and PRIVATE.search(row["name"]):
                self._book.fault(row, "name", "private_number")
        self._rows = [row for row in self._rows if row["name"] and row["level"] and not PRIVATE.search(row["name"])]
        self._cluster_rows = [row for row in self._cluster_rows if not PRIVATE.search(row["name"] or "")]
        self._rows.sort(key=lambda row: self._org.levels[row["level"]].rank)
        for row in self._rows:
            self._try(row, self._add)
        self._top_rank = min((self._org.levels[u.level].rank for u in self._org.units.values()), default=0)
        for row in self._rows:
            self._try(row, self._describe)
        for position, row in enumerate(self._cluster_rows, 1):
            self._try(row, partial(self._add_cluster, position=position))
        for row in self._book.rows.get(UNITS.key, ()):
            self._judge(row)
        for row in self._book.rows.get(CLUSTERS.key, ()):
            self.unit(row, "organiser")
            self._book.check_days(row)
        for step in (self._join_before_end, self._end, self._put_under, self._join):
            for row in self._rows:
                self._try(row, step)
        for row in self._cluster_rows:
            self._try(row, self._edit_cluster)
        self._org.follow(self._follow_on)  # also units that stand in no row
        self._whole()
        self._to_be_meant()

    def unit(self, row: SheetRow, column: str) -> OrgUnit | None:
        """The unit a cell names; None, with a fault, where there is no such unit."""
        if (code := row[column]) is None:
            return None
        if (unit_id := self.ids.get(code.casefold())) is None:
            self._unknown(row, column, "no_unit", code, UNITS.key)
            return None
        return self._org.units[unit_id]

    def cluster(self, row: SheetRow, column: str) -> OrgCluster | None:
        """The cluster a cell names; None, with a fault, where there is no such cluster."""
        if (code := row[column]) is None:
            return None
        if (cluster_id := self.cluster_ids.get(code.casefold())) is None:
            self._unknown(row, column, "no_cluster", code, CLUSTERS.key)
            return None
        return self._org.clusters[cluster_id]

    @property
    def organisation(self) -> Organisation:
        """Units and clusters as the file makes them."""
        return self._org

    def _unknown(self, row: SheetRow, column: str, reason: str, code: str, sheet: str) -> None:
        """A code that stands nowhere; one whose own row is at fault is not a second fault."""
        if code.casefold() not in self._in_file[sheet]:
            self._book.fault(row, column, reason, text=code)

    def _try(self, row: SheetRow, step: Callable[[SheetRow], None]) -> None:
        if row.wrong and step != self._add:
            return  # what follows from a row's faults is not told
        try:
            step(row)
        except ChangeRefused as refused:
            columns = {"dates": "last_on", "successors": "successors", "cluster": "cluster", "parent": "parent"}
            column = columns.get(refused.field, "code")
            if column not in row.letters:
                column = "code"
            self._book.fault(row, column, refused.reason, **refused.parts)

    def _of(self, row: SheetRow) -> OrgUnit:
        return self._org.units[self.ids[row["code"].casefold()]]

    def _judge(self, row: SheetRow) -> None:
        """The cells that can be judged whatever is wrong with the others."""
        parent = self.unit(row, "parent")
        if row["cluster"] != NO_CLUSTER:
            self.cluster(row, "cluster")
        for code in row["successors"] or ():
            if code.casefold() not in self.ids:
                self._unknown(row, "successors", "no_unit", code, UNITS.key)
        known = self.ids.get((row["code"] or "").casefold())
        if known is not None and "code" not in row.faulty:
            unit = self._org.units[known]
            if row["level"] not in (None, unit.level):
                self._book.fault(row, "level", "level_fixed", level=self._org.levels[unit.level].name)
            if row["from_on"] not in (None, unit.from_on):
                self._book.fault(row, "from_on", "since_fixed", day=f"{unit.from_on:%d/%m/%Y}")
        self._book.check_days(row)
        if not row.wrong:
            return  # the steps that follow judge the rest
        if row["successors"] and row["last_on"] is None and "last_on" not in row.faulty:
            self._book.fault(row, "successors", "no_last_day")
        if row["level"] is None or "level" in row.faulty:
            return
        rank = self._org.levels[row["level"]].rank
        if parent is not None and (above := self._org.levels[parent.level]).rank >= rank:
            self._book.fault(row, "parent", "not_above", parent=parent.code, level=above.name)
        standing = known is not None and self._org.units[known].parent_id is not None
        if row["parent"] is None and "parent" not in row.faulty and not standing and rank > self._top_rank:
            self._book.fault(row, "parent", "no_parent")

    # --- units ----------------------------------------------------------------------------------------------------

    def _add(self, row: SheetRow) -> None:
        if row["code"].casefold() in self.ids:
            return
        unit = OrgUnit(self._fresh_id(), row["code"], row["name"], row["level"], None, row["from_on"] or self._day)
        above = self.ids.get((row["parent"] or "").casefold())
        self._org.add(replace(unit, parent_id=above))
        self.ids[row["code"].casefold()] = unit.id
        self._difference.note(UNITS.key, "new", unit.code, unit.name)

    def _describe(self, row: SheetRow) -> None:
        unit = self._of(row)
        if row["name"] not in (unit.name, self._untouched.names.get(unit.id)):
            self._changed(unit, "name", unit.name, row["name"])
            self._org.rename(unit.id, row["name"])

    def _join_before_end(self, row: SheetRow) -> None:
        """A unit that ends is in its cluster up to then; after that it can be in none."""
        if row["last_on"] is not None and self._of(row).last_on is None and row["last_on"] >= self._of(row).from_on:
            self._join(row)

    def _end(self, row: SheetRow) -> None:
        unit = self._of(row)
        successors = [self.ids[code.casefold()] for code in row["successors"] or () if code.casefold() in self.ids]
        if len(successors) < len(row["successors"] or ()):
            return  # one whose own row is at fault
        if row["last_on"] is None:
            if unit.last_on is not None:
                self._book.fault(row, "code", "ended_before", day=f"{unit.last_on:%d/%m/%Y}")
            elif successors:
                self._book.fault(row, "successors", "no_last_day")
            return
        if unit.last_on is not None:
            if unit.last_on != row["last_on"] or (successors and tuple(successors) != unit.successors):
                raise ChangeRefused("ended_already", "dates", unit=unit.code, day=f"{unit.last_on:%d/%m/%Y}")
            return
        self._org.end(unit.id, row["last_on"], successors)
        heirs = ", ".join(self._org.units[one].code for one in successors)
        words = self._book.wording.say(
            "difference.ended_to" if heirs else "difference.ended_on", day=f"{row['last_on']:%d/%m/%Y}", heirs=heirs
        )
        self._difference.note(UNITS.key, "ended", unit.code, words)

    def _put_under(self, row: SheetRow) -> None:
        """Under the unit of the sheet, or under the one that took over from it."""
        unit = self._of(row)
        parent = self.unit(row, "parent")
        if parent is None:
            top = self._org.levels[unit.level].rank == self._top_rank
            if unit.parent_id is None and row["parent"] is None and not top:
                self._book.fault(row, "parent", "no_parent")
            return
        if parent.id in (unit.parent_id, self._untouched.parents.get(unit.id, unit.parent_id)):
            return  # where that one ends, the unit follows by itself: Organisation.follow
        if unit.last_on is None and parent.successors:
            parent = self._org.heir(parent.id, max(self._day, unit.from_on))
        if parent.id != unit.parent_id:
            before = self._org.units[unit.parent_id].code if unit.parent_id is not None else ""
            self._changed(unit, "parent", before, parent.code)
            self._org.move(unit.id, parent.id)

    def _join(self, row: SheetRow) -> None:
        unit = self._of(row)
        if unit.last_on is not None:
            return
        wanted = self._wanted_cluster(row, unit)
        if wanted is _KEEP:
            return
        assert wanted is None or isinstance(wanted, int)
        since = max(self._day, unit.from_on)
        if not unit.memberships and wanted is not None:
            since = max(unit.from_on, self._org.clusters[wanted].from_on)
        if row["last_on"] is not None and since > row["last_on"] and row["cluster"] is None:
            return  # what it would have from the unit above begins after its end
        held = unit.membership(since)
        if (held.cluster_id if held else None) == wanted:
            return
        if row["last_on"] is not None and since > row["last_on"]:
            self._book.fault(
                row, "cluster", "cluster_later",
                cluster=row["cluster"], since=f"{since:%d/%m/%Y}", last=f"{row['last_on']:%d/%m/%Y}",
            )  # fmt: skip
            return
        before = self._org.clusters[held.cluster_id].code if held else NO_CLUSTER
        after = self._org.clusters[wanted].code if wanted is not None else NO_CLUSTER
        self._org.change_cluster(unit.id, wanted, since)
        self._difference.note(
            UNITS.key, "changed", unit.code,
            self._book.wording.say("difference.moved", column=UNITS.column("cluster").heading, old=before, new=after,
                      day=f"{since:%d/%m/%Y}"),
        )  # fmt: skip

    def _wanted_cluster(self, row: SheetRow, unit: OrgUnit) -> object:
        """The id of the cluster the row asks for, None for none, _KEEP where it leaves things as they are."""
        if unit.id in self._untouched.clusters and row["cluster"] == self._untouched.clusters[unit.id]:
            return _KEEP
        if row["cluster"] == NO_CLUSTER:
            return None
        if row["cluster"] is not None:
            cluster = self.cluster(row, "cluster")
            return _KEEP if cluster is None else cluster.id
        parent = self._org.units[unit.parent_id] if unit.parent_id is not None else None
        if parent is None or self._org.levels[parent.level].rank <= self._org.levels[PROVINCE].rank:
            return _KEEP
        if parent.successors and not parent.lives(max(self._day, unit.from_on)):
            return _KEEP  # it follows
        # Where the unit above moves or ends on a day to come, until then all is as it was.
        held = parent.membership(max(self._day, unit.from_on))
        held = held or next((m for m in parent.memberships if m.last_on is None), None)
        return held.cluster_id if held else None

    def _changed(self, unit: OrgUnit, column: str, old: str, new: str) -> None:
        words = self._book.wording.say("difference.edited", column=UNITS.column(column).heading, old=old, new=new)
        self._difference.note(UNITS.key, "changed", unit.code, words)

    # --- clusters -------------------------------------------------------------------------------------------------

    def _add_cluster(self, row: SheetRow, position: int) -> None:
        if row["code"].casefold() in self.cluster_ids or not row["name"]:
            return
        organiser = self.unit(row, "organiser") if row["organiser"] else self._top()
        if organiser is None:
            if row["organiser"] is None:
                self._book.fault(row, "organiser" if "organiser" in row.letters else "code", "no_organiser")
            return
        ordinal = int(row["position"]) if row["position"] is not None else position
        cluster = OrgCluster(
            self._fresh_id(), row["code"], row["name"], ordinal, organiser.id, row["from_on"] or self._day
        )
        self._org.add_cluster(cluster)
        self.cluster_ids[row["code"].casefold()] = cluster.id
        self._difference.note(CLUSTERS.key, "new", cluster.code, cluster.name)

    def _top(self) -> OrgUnit | None:
        """The one living unit of the highest level; None where there are several."""
        tops = [
            unit
            for unit in self._org.units.values()
            if unit.last_on is None and self._org.levels[unit.level].rank == self._top_rank
        ]
        return tops[0] if len(tops) == 1 else None

    def _edit_cluster(self, row: SheetRow) -> None:
        if (cluster_id := self.cluster_ids.get(row["code"].casefold())) is None or not row["name"]:
            return
        old = self._org.clusters[cluster_id]
        organiser = self.unit(row, "organiser")
        if row["from_on"] not in (None, old.from_on):
            self._book.fault(row, "from_on", "since_fixed", day=f"{old.from_on:%d/%m/%Y}")
        new = replace(
            old,
            name=row["name"],
            position=int(row["position"]) if row["position"] is not None else old.position,
            organiser_id=organiser.id if organiser else old.organiser_id,
            last_on=row["last_on"] or old.last_on,
        )
        self._org.edit_cluster(new)
        if new.last_on != old.last_on and new.last_on is not None:
            words = self._book.wording.say("difference.ended_on", day=f"{new.last_on:%d/%m/%Y}", heirs="")
            self._difference.note(CLUSTERS.key, "ended", new.code, words)
        for column, before, after in (
            ("name", old.name, new.name),
            ("position", str(old.position), str(new.position)),
            ("organiser", self._org.units[old.organiser_id].code, self._org.units[new.organiser_id].code),
        ):
            if before != after:
                words = self._book.wording.say(
                    "difference.edited", column=CLUSTERS.column(column).heading, old=before, new=after
                )
                self._difference.note(CLUSTERS.key, "changed", new.code, words)

    # --- as a whole -----------------------------------------------------------------------------------------------

    def _whole(self) -> None:
        rows = {row["code"].casefold(): row for row in reversed(self._rows)}  # of two of one code, the first
        columns = {"parent": "parent", "cluster": "cluster", "dates": "last_on"}
        for fault in faults(self._org):
            if (row := rows.get(fault.code.casefold())) is not None:
                column = columns[fault.field]
                self._book.fault(row, column if column in row.letters else "code", fault.reason, **fault.parts)
            else:  # the sheet does not have the unit, but what it changes does not fit it
                self._book.sheet_fault(f"{UNITS.name} {fault.code}", fault.reason, **fault.parts)

    def _to_be_meant(self) -> None:
        rows = {row["code"].casefold(): row for row in reversed(self._rows)}
        lines: dict[str, list[str]] = {}
        say = self._book.wording.say
        for one in conspicuous(self._org, max(self._day, self._follow_on)):
            if one.reason == "same_name" and (row := rows.get(one.code.casefold())) is not None:
                self._book.fault(row, "name", one.reason, **one.parts)
            elif one.reason != "same_name":
                lines.setdefault(one.reason, []).append(say(f"units.{one.reason}", **one.parts))
        if len(lines.get("elsewhere", ())) > MOST_ALIKE:  # a province that comes in whole: every commune has a hamlet 1
            lines["elsewhere"] = [say("units.many_elsewhere", count=len(lines["elsewhere"]))]
        for found in lines.values():
            self.notes += found[:MOST_ALIKE]
            if len(found) > MOST_ALIKE:
                self.notes.append(say("difference.more", more=str(len(found) - MOST_ALIKE)))


_KEEP = object()
