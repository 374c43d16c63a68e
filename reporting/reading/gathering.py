"""Values and doubts found one by one in, what can be stored of one report and what is asked out."""

from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.reading.corrections import Corrections
from reporting.reading.mentions import Mention
from reporting.reading.outcome import Read, Reading, Unclear
from reporting.reading.scopes import Scope
from reporting.reading.settling import Finding, Settled, settle


class Gathered:
    """The findings and questions of one report."""

    def __init__(self, catalogue: Catalogue, corrections: Corrections) -> None:
        self.catalogue, self.corrections = catalogue, corrections
        self.findings: list[Finding] = []
        self.asks: list[Unclear] = []
        self.found: set[str] = set()
        self.deferred: list[Unclear] = []  # asked only if nothing else is known of the indicator
        self.open: set[str] = set()  # found, but another figure leaves open whether it is this unit's
        self.loose: list[tuple[str, int, bool]] = []  # asked: code, where the name stands, whether said to be a total
        self.mixed: set[str] = set()  # a whole that another indicator's part belongs to: never stored
        self.numbered: set[tuple[str, int]] = set()  # code, and where the name stands that has a number

    def find(
        self,
        code: str,
        value: Value,
        place: int,
        mention: Mention | None = None,
        scope: Scope | None = None,
        doubt: str | None = None,
    ) -> None:
        """Keeps one value until all are weighed; `doubt` says why it has to be asked."""
        self.found.add(code)
        if mention is not None:
            self.numbered.add((code, mention.first))
        self.findings.append(
            Finding(
                code,
                value,
                place,
                mention,
                scope.part if scope else False,
                scope.total if scope else False,
                self.corrections.announced(place),
                doubt,
            )
        )

    def ask(self, one: Placed, codes: tuple[str, ...], reason: str, value: Value | None) -> None:
        """Asks about the words of one quantity."""
        self.asks.append(Unclear(one.quantity.source, codes, reason, value))

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

    def reading(self) -> Reading:
        """Values and questions after all findings of one indicator were weighed against each other."""
        self.open |= {code for code, place, total in self.loose if total or (code, place) not in self.numbered}
        self.mixed |= {
            f.code
            for f in self.findings  # gifts that are asked about leave their sum open, and sessions their attendance
            if f.mention is not None and f.mention.codes[0] in self.open and f.code not in f.mention.codes
        }
        settled: Settled = settle(self.findings, self.catalogue)
        open_codes = (self.open | self._parts_of_the_asked()) - {f.code for f in self.findings if f.total} | self.mixed
        values = tuple(Read(code, value) for code, value in settled.values.items() if code not in open_codes)
        self.asks.extend(
            Unclear(value.source, (code,), "ambiguous", value)
            for code, value in settled.values.items()
            if code in open_codes
        )
        asks = [*self.asks, *(Unclear(d.source, (d.code,), d.reason, d.value) for d in settled.doubts)]
        known = {read.code for read in values}
        asked = {code for ask in asks for code in ask.codes}
        told = known | asked  # their money tells of the gifts as well
        asks.extend(a for a in self.deferred if not told & {a.codes[0], self.catalogue[a.codes[0]].pair})
        kept = dict.fromkeys(ask for ask in asks if ask.reason != "plan" or ask.codes[0] not in known)
        return Reading(values, tuple(kept))
