"""Entries of the plan in, the words of a reminder out: what a person's units owe, who is late among others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from handlers.leaders.summaries import local_time, told_units
from handlers.messages import Choice
from handlers.report.assignment import assignment_mark
from handlers.task_words import task_line
from handlers.turn import body
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue.draft import Draft
from reporting.figures.catalogue import Catalogue
from reporting.figures.forms import Form, Forms
from reporting.figures.values import Value
from reporting.organisation.listed import ListedUnit
from reporting.plan.entries import Entry, Item
from reporting.plan.reminders import HELPS
from reporting.time.calendar import day_name, local_day, short_day
from reporting.time.rules import OPENING, rung_name
from storage.periods.planning import Situation
from storage.periods.rounds import Briefing

HELP_REMIND = "remind"  # what the chair's button stands for

_MAY_REMIND = (("cluster", "chair"), ("office", "office"))  # parts of messages, and to whom
MOST_TASKS = 8
MOST_NOTED = 3  # of the values that stand out; the export has them all

# With a rung at or after these words the day's work is asked for, not announced.
_LAST_CALL = ("T-1", "T-0")
_SOME = Value(0, False, "")  # which indicators have a value is all that matters here


@dataclass(frozen=True, slots=True)
class ReminderTexts:
    """Words for the entries of one plan."""

    wording: Wording
    catalogue: Catalogue
    forms: Forms
    situation: Situation

    def body(self, entry: Entry, today: date) -> dict[str, Any]:
        """The message of an entry, with the button to begin with the report that is due first, and the one to remind
        where a chair or the office is told of units. A week's summary that goes with it is made elsewhere."""
        reports = self._in_order({(item.round_id, item.unit_id) for item in entry.items if item.part == "own"})
        choices = []
        if reports:
            round_id, unit_id = reports[0]
            mark = assignment_mark(self.situation.rounds[round_id].code, unit_id)
            choices.append(Choice(self.wording.say("label.begin"), f"begin:{mark}"))
        if any((item.part, item.to) in _MAY_REMIND for item in entry.items):
            choices.append(Choice(self.wording.say("label.help_remind"), HELP_REMIND))
        return body(self.text(entry, today), choices)

    def text(self, entry: Entry, today: date) -> str:
        """One paragraph on the own units, one on each list."""
        own = [item for item in entry.items if item.part == "own"]
        reports = self._in_order({(item.round_id, item.unit_id) for item in own})
        opened = all(item.rung == rung_name(OPENING) for item in own)
        parts = [self._one(own, today)] if len(reports) == 1 else [self._several(reports, opened)] if reports else []
        lists: dict[tuple[str, int, int, date], list[Item]] = defaultdict(list)
        for item in entry.items:
            if item.part not in ("own", "task", "digest"):
                lists[self._list_of(item)].append(item)
        parts += [self._list(key, lists[key], today) for key in sorted(lists, key=self._place_of)]
        parts += [self._to_do(item) for item in entry.items if item.part == "task"]
        return "\n".join(parts)

    def _to_do(self, item: Item) -> str:
        """What a meeting gave the unit to do."""
        say, tasks = self.wording.say, self.situation.tasks[item.round_id, item.unit_id]
        lines = [say("remind.tasks", unit=tasks[0].unit_name, count=len(tasks))]
        lines += [task_line(self.wording, one) for one in tasks[:MOST_TASKS]]
        if len(tasks) > MOST_TASKS:
            lines.append(say("remind.tasks_more", count=len(tasks) - MOST_TASKS))
        return "\n".join([*lines, say("remind.tasks_end", number=tasks[0].known_as)])

    def _place_of(self, key: tuple[str, int, int, date]) -> tuple[str, date, date, str]:
        """Where a list stands: what was due first on top. Ids are drawn and order nothing."""
        part, round_id, cluster, due_on = key
        code = self.situation.facts.clusters[cluster].code if cluster else ""
        return part, due_on, self.situation.rounds[round_id].period.end_on, code

    def _one(self, items: Sequence[Item], today: date) -> str:
        """The report of one unit, as far as it has come."""
        item, facts = items[0], self.situation.facts
        words = self._words(item)
        due_on, days = words["due_on"], (words["due_on"] - today).days
        words |= {"day": day_name(due_on, today), "days": abs(days)}
        rungs = {i.rung for i in items}
        what = "briefing" if words["briefing_on"] == due_on else "deadline"
        if rungs <= set(HELPS):
            asked_by = next(one for one in HELPS if one in rungs)
            words["commune"] = facts.units[item.unit_id].shown.commune
            head = self.wording.say(f"remind.{asked_by}", **words)
        elif rungs == {rung_name(OPENING)} and days > 0:
            return self._opened(item, what, words)
        elif days < 0:
            return self.wording.say(f"remind.late_{what}", **words)
        elif days == 0 and what == "briefing":
            head = self.wording.say("remind.day_briefing", **words)
        elif days <= 1 or rungs & set(_LAST_CALL):
            if what == "deadline" and words["briefing_on"] is not None:
                words["meeting"] = self.wording.say("remind.meeting", **words)
            head = self.wording.say(f"remind.eve_{what}", **words)
        else:
            head = self.wording.say(f"remind.ahead_{what}", **words)
        return f"{head}{self._counted(item)} {self._state(item)}"

    def _opened(self, item: Item, what: str, words: Mapping[str, Any]) -> str:
        """That a report may be begun: how much is asked, until when."""
        say = self.wording.say
        meeting = say("remind.meeting", **words) if what == "deadline" and words["briefing_on"] is not None else ""
        head = say(f"remind.opened_{what}", **{**words, "meeting": meeting}, questions=len(self._form(item).questions))
        begun = self.situation.drafts.get((item.round_id, item.unit_id))
        return f"{head}{self._counted(item)} {self._state(item) if begun else say('remind.begin')}"

    def _counted(self, item: Item) -> str:
        """Until when figures count, where that is not the period's end."""
        cutoff = self._cutoff(item.round_id, item.unit_id)
        return (
            f" {self.wording.say('which.cutoff', day=short_day(cutoff, self.situation.facts.today))}" if cutoff else ""
        )

    def _form(self, item: Item) -> Form:
        frequency = self.situation.rounds[item.round_id].period.frequency
        return self.forms.form(self.situation.levels[item.unit_id], frequency)

    def _cutoff(self, round_id: int, unit_id: int) -> date | None:
        return self.situation.cutoffs.get((round_id, self.situation.facts.units[unit_id].cluster_id))

    def _words(self, item: Item) -> dict[str, Any]:
        facts = self.situation.facts
        unit = facts.units[item.unit_id]
        briefing = self.situation.briefings.get((item.round_id, unit.cluster_id))
        starts_at = briefing.starts_at if briefing else None
        return {
            "unit": unit.name,
            "cluster": facts.clusters[unit.cluster_id].name,
            "period": self.situation.rounds[item.round_id].period.name,
            "due_on": facts.owed[item.round_id, item.unit_id].due_on,
            "briefing_on": local_day(starts_at) if starts_at else None,
            "briefing_day": day_name(local_day(starts_at), facts.today) if starts_at else "",
            "time": local_time(starts_at) if starts_at else "",
            "meeting": "",
        }

    def _state(self, item: Item) -> str:
        """What the unit has already, what is missing."""
        say = self.wording.say
        if back := self.situation.returned.get((item.round_id, item.unit_id)):
            return say("remind.returned", labels=figure_lines.labels(self.catalogue, back))
        codes = self.situation.drafts.get((item.round_id, item.unit_id), frozenset())
        if not codes:
            return say("remind.nothing_yet")
        form = self._form(item)
        draft = Draft(self.situation.rounds[item.round_id].code, {}).having(dict.fromkeys(codes, _SOME))
        missing = [code for question in form.questions for code in draft.missing(question)]
        if not missing:
            return say("remind.complete")
        given, total = draft.given(form)
        return say(
            "remind.partly",
            given=given,
            total=total,
            labels=figure_lines.labels(self.catalogue, missing, most=3),
        )

    def _in_order(self, reports: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """(round, unit) of reports, what is due first in front."""
        facts = self.situation.facts

        def order(report: tuple[int, int]) -> tuple[date, date, str]:
            end_on = self.situation.rounds[report[0]].period.end_on
            return facts.owed[report].due_on, end_on, facts.units[report[1]].code

        return sorted(reports, key=order)

    def _several(self, reports: Sequence[tuple[int, int]], opened: bool) -> str:
        """One line a report, for who reports for several units or on several periods; opened: all have just begun."""
        say, facts = self.wording.say, self.situation.facts
        lines = [say("remind.several_opened" if opened else "remind.several", count=len(reports))]
        for round_id, unit_id in reports:
            item = Item("own", round_id, unit_id, "", "")
            words = self._words(item)
            codes = self.situation.drafts.get((round_id, unit_id), frozenset())
            state = say("remind.begun" if codes else "remind.not_begun")
            if (cutoff := self._cutoff(round_id, unit_id)) is not None:
                state = f"{say('remind.several_cutoff', day=short_day(cutoff, facts.today))}, {state}"
            day = day_name(words["due_on"], facts.today)
            lines.append(
                say(
                    "remind.several_row",
                    unit=facts.units[unit_id].shown.known_as,
                    period=words["period"],
                    day=day,
                    state=state,
                )
            )
        return "\n".join([*lines, say("remind.several_end")])

    def _list_of(self, item: Item) -> tuple[str, int, int, date]:
        """What stands in one list: units due on the same day, of one cluster, or for the office of all of them."""
        facts = self.situation.facts
        cluster = facts.units[item.unit_id].cluster_id if item.part == "cluster" else 0
        briefing = self.situation.briefings.get((item.round_id, cluster))
        if item.part == "cluster" and briefing is not None and item.rung.startswith("T-"):
            return item.part, item.round_id, cluster, local_day(briefing.starts_at)
        return item.part, item.round_id, cluster, facts.owed[item.round_id, item.unit_id].due_on

    def _before(self, briefing: Briefing, round_id: int, words: Mapping[str, Any]) -> str:
        """What the chair of a coming briefing has to know: who owes, and which figures stand out."""
        say, facts = self.wording.say, self.situation.facts
        met_on, cluster = local_day(briefing.starts_at), briefing.cluster_id
        total = len(facts.by_cluster.get((round_id, cluster), ()))
        lines = [
            say(
                "remind.list_before",
                **words,
                total=total,
                time=local_time(briefing.starts_at),
                met=day_name(met_on, facts.today),
            )
        ]
        own = [
            one
            for one in self.situation.noted.get(round_id, ())
            if one.unit_id in facts.units and facts.units[one.unit_id].cluster_id == cluster
        ]
        shown = [
            say("office.noted_value", unit=one.unit, note=one.value.note,
                value=figure_lines.named(self.catalogue[one.code], one.value))
            for one in own[:MOST_NOTED] if one.code in self.catalogue
        ]  # fmt: skip
        if shown:
            lines.append(say("remind.stands_out", count=len(own), values="; ".join(shown)))
        if waiting := [one.known_as for one in self.situation.petitions if one.cluster_id == cluster]:
            lines.append(say("petition.to_chair", count=len(waiting), numbers=", ".join(waiting[:MOST_NOTED])))
        overdue = [
            one.known_as
            for tasks in self.situation.tasks.values()
            for one in tasks
            if one.home_id == cluster and one.is_overdue(facts.today)
        ]
        if late := sorted(set(overdue)):
            lines.append(say("task.to_chair", count=len(late), numbers=", ".join(late[:MOST_NOTED])))
        return "\n".join(lines)

    def _shown(self, item: Item) -> ListedUnit:
        """The unit as a list of those that owe shows it: who has sent, and is at what came back, is told apart."""
        shown = self.situation.facts.units[item.unit_id].shown
        if item.part == "lost" or not self.situation.returned.get((item.round_id, item.unit_id)):
            return shown
        return replace(shown, known_as=self.wording.say("remind.mending", unit=shown.known_as))

    def _list(self, key: tuple[str, int, int, date], items: Sequence[Item], today: date) -> str:
        part, round_id, cluster, due_on = key
        facts, say = self.situation.facts, self.wording.say
        codes = {facts.units[item.unit_id].code: self._shown(item) for item in items}
        words: Mapping[str, Any] = {
            "period": self.situation.rounds[round_id].period.name,
            "cluster": facts.clusters[cluster].name if cluster else "",
            "day": day_name(due_on, today),
            "days": (today - due_on).days,
            "count": len(codes),
            "units": told_units(self.wording, [codes[code] for code in sorted(codes)]),
        }
        briefing = self.situation.briefings.get((round_id, cluster))
        if part == "cluster" and briefing is not None and all(item.rung.startswith("T-") for item in items):
            return self._before(briefing, round_id, words)
        if part != "lost":
            return say("remind.list_ahead" if words["days"] <= 0 else f"remind.list_{part}", **words)
        blocked = {
            facts.units[i.unit_id].code
            for i in items
            if any(
                facts.people[p].reach == "blocked"
                for role in ("secretary", "deputy")
                for p in facts.holders.get((role, i.unit_id), ())
            )
        }
        lines = [say("remind.lost", **words)]
        for name, whose in (("never", codes.keys() - blocked), ("blocked", blocked)):
            if whose:
                units = told_units(self.wording, [codes[code] for code in sorted(whose)])
                lines.append(say(f"remind.lost_{name}", units=units))
        return "\n".join(lines)
