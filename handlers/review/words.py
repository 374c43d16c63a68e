"""Reports that wait and figures that stand out in, the lines and buttons of a review out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from handlers.messages import LABEL_LONGEST, Choice
from handlers.report.assignment import assignment_mark
from handlers.review.queue import MOST_SHOWN
from handlers.wording import figure_lines
from handlers.wording.speech import Wording, bold
from reporting.dialogue import life
from reporting.dialogue.draft import AS_BEFORE
from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.time.calendar import moment
from storage.engine.instants import instant
from storage.periods.rounds import Round
from storage.reports.notes import Noted
from storage.review.findings import OddFigure
from storage.review.waiting import Waiting

MOST_FINDINGS = 3  # of one report in the queue; opened it shows them all
MOST_BUTTONS = 4  # to give a figure back
REASONS = ("record", "unit", "twin", "check")  # what may be tapped as the reason, after that of the finding


@dataclass(frozen=True, slots=True)
class ReviewWords:
    """Words what a reviewer sees."""

    catalogue: Catalogue
    wording: Wording

    def queue(
        self,
        round_: Round,
        waiting: Sequence[Waiting],
        found: Mapping[int, Sequence[OddFigure]],
        own: int,
        start: tuple[str, int] = ("", 0),
    ) -> tuple[str, list[Choice]]:
        """What waits: the reports in which something stands out by name, the others as a number.

        start: the area's mark, and behind how many of the reports that stand out it goes on.
        """
        area, first = start
        say, odd = self.wording.say, [report for report in waiting if report.unit_id in found]
        plain = [report for report in waiting if report.unit_id not in found]
        parts = {"period": round_.period.name, "count": len(waiting), "odd": len(odd)}
        lines = [say("reviewing.head" if odd else "reviewing.head_plain", **parts)]
        choices = []
        for number, report in enumerate(odd[first : first + MOST_SHOWN], 1):
            told = "; ".join(self.finding(one) for one in found[report.unit_id][:MOST_FINDINGS])
            lines.append(say("reviewing.row", number=number, unit=report.name, found=told))
            label = say("label.look", number=number, unit=report.name)[:LABEL_LONGEST]
            choices.append(Choice(label, f"review:{assignment_mark(round_.code, report.unit_id)}"))
        if plain:  # behind the listed ones: a typed 1 is the report with that number, never all the others
            label = say("label.accept_all", count=len(plain))
            choices.append(Choice(label, f"accept_all:{round_.code}:{set_mark(plain)}:{area}"))
        if len(odd) > MOST_SHOWN:
            last = min(first + MOST_SHOWN, len(odd))
            lines.append(say("reviewing.more", first=first + 1, last=last, odd=len(odd)))
            on = last if last < len(odd) else 0
            choices.append(Choice(say("label.look_on"), f"review:{round_.code}:{on}:{area}"))
        if own:
            lines.append(say("reviewing.own", count=own))
        return "\n".join(lines), choices

    def finding(self, found: OddFigure) -> str:
        """A figure that stands out, why, and what the unit said of it."""
        if found.indicator not in self.catalogue:
            return found.indicator
        say = self.wording.say
        value = figure_lines.named(self.catalogue[found.indicator], found.value)
        told = say(f"finding.{found.rule}", value=value, other=found.other)
        note = found.value.note
        if note == say("noted.confirmed"):  # the bot's own words for a bare yes
            return say("reviewing.unsaid", found=told)
        return say("reviewing.said", found=told, note=note) if note else told

    def noted(self, every: Sequence[Noted], values: Mapping[str, Value], found: Sequence[OddFigure]) -> list[str]:
        """What the unit said of figures in which nothing stands out, as why it corrected them."""
        own = (self.wording.say("noted.confirmed"), AS_BEFORE)  # the bot's own words
        odd = {one.indicator for one in found}
        return [
            self.wording.say(
                "reviewing.noted", value=figure_lines.named(self.catalogue[one.code], one.value), note=one.value.note
            )
            for one in every
            if one.code in values and one.code in self.catalogue and one.code not in odd and one.value.note not in own
        ]

    def report(
        self,
        round_: Round,
        report: Waiting,
        values: Mapping[str, Value],
        found: Sequence[OddFigure],
        accepts: bool,
        said: Sequence[str] = (),
    ) -> tuple[str, list[Choice]]:
        """One report: what stands out first, then all its figures; what may be done with it."""
        say, mark = self.wording.say, assignment_mark(round_.code, report.unit_id)
        sent = moment(instant(report.submitted_at)) if report.submitted_at else ""
        head = say(
            "reviewing.report" if sent else "reviewing.draft", unit=report.name, period=round_.period.name, moment=sent
        )
        lines = [bold(head)]
        lines += [say("reviewing.entered_above")] if report.entered_above else []
        lines += [say("reviewing.passed")] if report.step and accepts else []
        lines += [say("reviewing.finding", found=self.finding(one)) for one in found]
        lines += figure_lines.by_section(
            self.wording, self.catalogue, {code: value for code, value in values.items() if code in self.catalogue}
        )
        lines += ["", *said] if said else []
        if round_.state != "closed" and isinstance(life.move(report.state, "return"), life.Move):
            lines += ["", say("reviewing.how", code=report.code)]
        choices = [Choice(say("label.accept"), f"accept:{mark}.{report.rev}")] if accepts else []
        for code in list(dict.fromkeys(one.indicator for one in found))[:MOST_BUTTONS]:
            label = say("label.give_back", label=self.catalogue[code].short)[:LABEL_LONGEST]
            choices.append(Choice(label, f"return:{mark}:{code}"))
        return "\n".join(lines), [*choices, Choice(say("label.later"), f"review:{round_.code}")]

    def reasons(self, round_: Round, report: Waiting, code: str, rules: Sequence[str]) -> list[Choice]:
        """The reasons that may be tapped, those of what stands out first."""
        mark = assignment_mark(round_.code, report.unit_id)
        keys = dict.fromkeys([*(rule for rule in rules if self.wording.has(f"reason.{rule}")), *REASONS])
        return [
            Choice(self.wording.say(f"reason.{key}"), f"return:{mark}:{code}:{list(self._reasons()).index(key)}")
            for key in keys
        ]

    def reason(self, number: str) -> str:
        """The reason of that number in a button; '' for none."""
        keys = list(self._reasons())
        known = number.isdecimal() and int(number) < len(keys)
        return self.wording.say(f"reason.{keys[int(number)]}") if known else ""

    def _reasons(self) -> Sequence[str]:
        return [key.removeprefix("reason.") for key in self.wording.texts if key.startswith("reason.")]


def set_mark(reports: Sequence[Waiting]) -> str:
    """A short mark of these reports as they stand, so that a button accepts none that was not counted in it."""
    return f"{crc32(','.join([f'{report.unit_id}.{report.rev}' for report in reports]).encode()):08x}"
