"""Values and doubts found one by one in; what can be stored of one text and what is asked out."""

from dataclasses import replace

from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ATTENDANCE
from reporting.reading.corrections import Corrections
from reporting.reading.found.measures import counted_in
from reporting.reading.outcome import Left, NumberDecision, Read, Reading, Unclear
from reporting.reading.rules import Rule
from reporting.reading.settling import Doubt, Finding, Settled, settle

# Rules that leave out a number though nothing says that it counts something else.
_NO_NAME: tuple[Rule, ...] = ("unit", "unnamed", "parts", "plan", "target", "comparison", "earlier")


class Gathered:
    """The findings, questions and left-outs of one text."""

    def __init__(self, catalogue: Catalogue, corrections: Corrections) -> None:
        self.catalogue, self.corrections = catalogue, corrections
        self.findings: list[Finding] = []
        self.asks: list[Unclear] = []
        self.left: list[Left] = []
        self.found: set[str] = set()
        self.deferred: list[Unclear] = []  # asked only if nothing else is known of the indicator
        self.open: set[str] = set()  # found, but another figure leaves open whether it is this unit's
        self.loose: list[tuple[str, int, bool]] = []  # asked: code, where the name stands, whether said to be a total
        self.received: set[str] = set()  # asked, but of no matter where what was given is told: "nhận 50, đã trao 46"
        self.mixed: set[str] = set()  # a whole that another indicator's part belongs to: never stored
        self.numbered: set[tuple[str, int]] = set()  # code, and where the name stands that has a number
        self.cells: frozenset[int] = frozenset()  # where numbers begin that stand in a table
        self.unplaced: frozenset[str] = frozenset()  # what is counted in a table of which a row cannot be placed
        self._of_table: list[Unclear] = []
        self._decided: dict[int, NumberDecision] = {}

    def find(self, code: str, value: Value, place: int, finding: Finding | None = None, rule: Rule = "named") -> None:
        """Keeps one value until all are weighed; `finding` says more of it."""
        self.found.add(code)
        corrected = self.corrections.announced(place)
        one = finding or Finding(code, value, place, corrected=corrected, denied=rule == "denied")
        if one.mention is not None:
            self.numbered.add((code, one.mention.first))
        self.findings.append(one)
        self._decided[place] = NumberDecision(place, value.source, "stored", (code,), rule)

    def ask(self, one: Placed, codes: tuple[str, ...], reason: str, value: Value | None, rule: Rule) -> None:
        """Asks about the words of one quantity."""
        unclear = Unclear(one.quantity.source, codes, reason, value)
        if one.first in self.cells and value is None and reason == "ambiguous":
            self._of_table.append(unclear)  # a table is one question
        else:
            self.asks.append(unclear)
        self._decided[one.first] = NumberDecision(one.first, one.quantity.source, "asked", codes, rule)

    def withdraw(self, one: Placed, name: int) -> None:
        """Takes back the question about one quantity, whose name stands at `name`."""
        self.asks = [ask for ask in self.asks if ask.source != one.quantity.source]
        self.loose = [loose for loose in self.loose if loose[1] != name]

    def leave(self, one: Placed, codes: tuple[str, ...], rule: Rule, alone: bool = False) -> None:
        """Leaves a quantity out; where it could count something, or is all its clause says, that is told.

        codes: what is named beside it; without a name it may count whatever has its unit.
        """
        open_ = rule in _NO_NAME and not codes
        could = codes or (counted_in(self.catalogue, one.quantity.unit) if open_ else ())
        if could or alone or (open_ and one.quantity.unit is None):
            self.left.append(Left(one.quantity.source, could, rule, alone and not codes))
        self._decided[one.first] = NumberDecision(one.first, one.quantity.source, "left", codes, rule)

    def take_out(self, codes: tuple[str, ...]) -> None:
        """Takes out the findings of these indicators: a correction is of one of them."""
        for finding in self.findings:
            decided = self._decided.get(finding.place)
            if finding.code in codes and decided is not None and decided.fate == "stored":
                self.left.append(Left(finding.value.source, (finding.code,), "old_figure"))
                self._decided[finding.place] = replace(decided, fate="left", rule="old_figure")
        self.findings = [finding for finding in self.findings if finding.code not in codes]

    def wait(self, one: Placed) -> None:
        """Notes a quantity that the open question decides about."""
        self._decided[one.first] = NumberDecision(one.first, one.quantity.source, "left", (), "unnamed")

    def beat(self, one: Placed, codes: tuple[str, ...]) -> None:
        """Notes which other indicators the reading of one quantity was preferred to."""
        decided = self._decided.get(one.first)
        if decided is not None and any(code not in decided.codes for code in codes):
            beaten = tuple(code for code in codes if code not in decided.codes)
            self._decided[one.first] = replace(decided, beaten=beaten)

    def decisions(self) -> tuple[NumberDecision, ...]:
        """What was decided so far, in the order of the text."""
        return tuple(decision for _, decision in sorted(self._decided.items(), key=lambda item: item[0]))

    def whole(self, code: str) -> bool:
        """Whether a figure that is no part was found for the indicator."""
        return any(finding.code == code and not finding.part for finding in self.findings)

    def repeated(self, code: str, value: Value | None) -> bool:
        """Whether the finding before says the same of the same indicator."""
        last = self.findings[-1] if self.findings else None
        return last is not None and value is not None and last.code == code and last.value.amount == value.amount

    def _parts_of_the_asked(self) -> set[str]:
        """ "5 đợt tuyên truyền, trong đó ma túy 2 đợt": while the 5 is asked about, the 2 is no whole."""
        asked = {code for ask in self.asks for code in ask.codes}
        wholes = {f.code for f in self.findings if not f.part}
        return {f.code for f in self.findings if f.part and f.code in asked and f.code not in wholes}

    def _disagreeing(self) -> set[str]:
        """ "15 đơn vị, 18 đơn vị; tổng cộng 40 đơn vị": parts that do not make their total."""
        found: set[str] = set()
        for total in (finding for finding in self.findings if finding.total):
            parts = [f.value.amount for f in self.findings if f.code == total.code and not (f.total or f.part)]
            open_ = [a.value.amount for a in self.asks if a.codes == (total.code,) and a.value is not None]
            adds = self.catalogue[total.code].aggregation == "sum"
            if adds and len(parts) + len(open_) > 1 and sum(parts) + sum(open_) != total.value.amount:
                found.add(total.code)
        return found

    def _open(self) -> set[str]:
        """The indicators of which another figure is open: nothing of them is stored."""
        self.open |= {code for code, place, total in self.loose if total or (code, place) not in self.numbered}
        totals = {f.code for f in self.findings if f.total}
        self.mixed |= {
            f.code
            for f in self.findings  # gifts that are asked about leave their sum open, and sessions their attendance
            if f.mention is not None and f.mention.codes[0] in self.open - totals and f.code not in f.mention.codes
        }
        self.mixed |= self._disagreeing()
        # "8 bài lên fanpage, chia sẻ 15 tin": what is asked may be one more of what was found
        self.open |= {ask.codes[0] for ask in self.asks if ask.value and len(ask.codes) > 1 and self._one_more(ask)}
        return (self.open | self._parts_of_the_asked()) - totals | self.mixed

    def _one_more(self, ask: Unclear) -> bool:
        """Whether the number has the very unit of the first indicator it may be, and so counts one more of it."""
        unit = self.catalogue[ask.codes[0]].unit
        return all(self.catalogue[code].unit != unit for code in ask.codes[1:])

    def reading(self, named: frozenset[str]) -> Reading:
        """Values and questions after all findings of one indicator were weighed against each other."""
        open_codes = self._open()
        settled: Settled = settle(self.findings, self.catalogue)
        values = tuple(Read(code, value) for code, value in settled.values.items() if code not in open_codes)
        asks = [
            *(Unclear(v.source, (code,), "ambiguous", v) for code, v in settled.values.items() if code in open_codes),
            *(Unclear(d.source, (d.code,), self._why(d), d.value) for d in settled.doubts),
        ]
        self._of_table += [ask for ask in asks if ask.codes[0] in self.unplaced]
        if self._of_table:
            source = "; ".join(ask.source for ask in self._of_table)[:120]
            codes = tuple(dict.fromkeys(code for ask in self._of_table for code in ask.codes))
            self.asks.append(Unclear(source, codes, "ambiguous"))
        # Of two figures of one indicator the likelier is that which was found: it is asked about first.
        asks = [*(ask for ask in asks if ask.codes[0] not in self.unplaced), *self.asks]
        known = {read.code for read in values}
        asked = {code for ask in asks for code in ask.codes}
        told = known | asked  # their money tells of the gifts as well
        asks.extend(a for a in self.deferred if not told & {a.codes[0], self.catalogue[a.codes[0]].pair})
        parts = [a for a in asks if a.codes and a.codes[0] not in open_codes and self._part(a, settled)]
        self.left.extend(Left(ask.source, ask.codes, "parts") for ask in parts)
        asks = [ask for ask in asks if ask not in parts]
        given = [ask for ask in asks if ask.source in self.received and ask.codes[0] in known]
        self.left.extend(Left(ask.source, ask.codes, "elsewhere") for ask in given)
        asks = [ask for ask in asks if ask not in given]
        kept = dict.fromkeys(ask for ask in asks if ask.reason != "plan" or ask.codes[0] not in known)
        self._settle(settled, known, open_codes)
        return Reading(values, tuple(kept), tuple(dict.fromkeys(self.left)), self.decisions(), named=named)

    def _why(self, doubt: Doubt) -> str:
        """The sum of a column of a table is likely: its rows are villages, and nothing else says what they are."""
        places = [finding.place for finding in self.findings if finding.code == doubt.code]
        return "likely" if doubt.reason == "parts" and all(place in self.cells for place in places) else doubt.reason

    def _part(self, ask: Unclear, settled: Settled) -> bool:
        """Whether a part in doubt agrees with the others and the stored total: "2 buổi, 1 buổi. Cộng: 3 buổi"."""
        code = ask.codes[0] if len(ask.codes) == 1 else ""
        total = settled.values.get(code)
        found = [f for f in self.findings if f.code == code]
        if total is None or not any(f.total and f.value.amount == total.amount for f in found):
            return False
        if self.catalogue[code].unit == ATTENDANCE and (ask.value is None or ask.value.amount < total.amount):
            return True  # "(thành phần: 22 đv, tổng 60 lượt)"
        if ask.value is None or ask.reason != "ambiguous":
            return False
        parts = [f.value.amount for f in found if not f.total]
        others = [one.value.amount for one in self.asks if one.codes == ask.codes and one.value is not None]
        return sum(parts) + sum(others) == total.amount

    def _settle(self, settled: Settled, known: set[str], open_codes: set[str]) -> None:
        """What was found and is not stored after all is told as such."""
        for finding in self.findings:
            decided = self._decided.get(finding.place)
            if decided is None or decided.fate != "stored" or finding.code not in decided.codes:
                continue
            if finding.code not in known:
                rule: Rule = "open_whole" if finding.code in open_codes else "one_value"
                rule = "running_total" if finding.doubt == "cumulative" else rule
                self._decided[finding.place] = replace(decided, fate="asked", rule=rule)
            elif settled.values[finding.code].amount != finding.value.amount and decided.rule != "sum":
                adds_up = self.catalogue[finding.code].adds_up
                if not adds_up:
                    self.left.append(Left(finding.value.source, (finding.code,), self._instead(finding)))
                self._decided[finding.place] = replace(
                    decided, fate="stored" if adds_up else "left", rule="sum" if adds_up else self._instead(finding)
                )

    def _instead(self, finding: Finding) -> Rule:
        if finding.total:
            return "stock"
        if any(other.corrected for other in self.findings if other.code == finding.code):
            return "old_figure"
        return "parts"
