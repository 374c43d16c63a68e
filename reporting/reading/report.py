"""A pasted report in; its values, each with the words it was read from, and what has to be asked out."""

from collections.abc import Sequence
from dataclasses import replace

from reporting.figures.catalogue import Catalogue, Level
from reporting.figures.values import Value
from reporting.numbers.quantities import placed_quantities
from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.breakdowns import without_breakdowns
from reporting.reading.clauses import Clauses
from reporting.reading.corrections import Corrections
from reporting.reading.distances import COMMA
from reporting.reading.evidence import Evidence
from reporting.reading.gathering import Gathered
from reporting.reading.linking import Link, Linker
from reporting.reading.measures import code_for, counted_in, measured
from reporting.reading.mentions import Labels, Mention, labels_of
from reporting.reading.negation import denied, denied_joining
from reporting.reading.outcome import Reading, Unclear
from reporting.reading.scopes import Scope, scopes_of
from reporting.reading.surroundings import Surroundings
from reporting.reading.tables import by_columns, with_headed_units
from reporting.reading.verdict import CARRIED_OVER, Weighing
from reporting.reading.vetoes import Vetoes
from reporting.text.spelling import repaired
from reporting.text.words import Token, source_of, tokens_of

_CLAUSE = 24


def read_report(text: str, catalogue: Catalogue, level: Level) -> Reading:
    """Reads free text into catalogue codes. Never fails, never guesses; linear in the length of the text.

    Values come in the order of the text whatever the level reports: the form decides what it takes.
    """
    labels = labels_of(catalogue)
    tokens = repaired(tokens_of(text), labels.vocabulary)
    placed = with_headed_units(tokens, by_columns(tokens, placed_quantities(text, tokens)))
    mentions = labels.mentions(tokens, placed, level)
    whole = without_breakdowns(tokens, placed, mentions, level)
    if whole != placed:
        placed, mentions = whole, labels.mentions(tokens, whole, level)
    report = _Report(text, tokens, placed, mentions, labels)
    report.read()
    return report.gathered.reading()


class _Report:
    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
    ) -> None:
        self.text, self.tokens, self.placed = text, tokens, placed
        self.labels, self.catalogue = labels, labels.catalogue
        covered = [False] * len(tokens)
        for mention in mentions:
            covered[mention.first : mention.last] = [True] * (mention.last - mention.first)
        for one in placed:
            covered[one.first : one.last] = [True] * (one.last - one.first)
        self.scopes: list[Scope] = scopes_of(tokens, covered)
        self.clauses = Clauses(tokens, placed, mentions, covered)
        vetoes = Vetoes(tokens, placed, labels)
        self.mentions = [m for m in mentions if not vetoes.forbids(m, self.clauses)]
        if len(self.mentions) < len(mentions):
            self.clauses.name(self.mentions)
        self.linker = Linker(tokens, placed, self.mentions, labels, self.clauses)
        self.around = Surroundings(tokens, self.clauses, labels, self.linker.known)
        self.evidence = Evidence(text, tokens, self.clauses, labels, self.linker.known)
        self.corrections = Corrections(tokens, placed, self.clauses.line, self.catalogue, self.around)
        self.gathered = Gathered(self.catalogue, self.corrections)
        self.weighing = Weighing(tokens, labels, self.around, self.evidence, self.corrections, self.gathered)
        self.topic: Link | None = None
        self.topic_sentence = -1
        self.topic_line = -1
        self._denied: set[int] = set()  # where the names stand that the text says are zero
        self._before_topic: str | None = None
        self._before_line = -1

    def read(self) -> None:
        denials = denied(self.tokens, self.mentions, self.scopes)
        self._denied = {mention.first for mention in denials}
        next_mention = 0
        for number, one in enumerate(self.placed):
            while next_mention < len(self.mentions) and self.mentions[next_mention].first < one.first:
                self._heading(self.mentions[next_mention])
                next_mention += 1
            self._one(number, one)
        named = {place for _, place in self.gathered.numbered}
        for mention in denials:
            if len(mention.codes) == 1 and mention.first not in named:
                first, last = self.clauses.clause(mention.first, mention.last, 8)
                source = source_of(self.text, self.tokens, first, last - 1)[:120]
                self.gathered.find(mention.codes[0], Value(0, False, source), mention.first)
        joined = self.labels.joined
        for first, last in denied_joining(self.tokens, self.clauses, self.linker.known) if joined else ():
            if not self.scopes[first].question and self.scopes[first].mode == "done":
                self.gathered.asks.append(
                    Unclear(source_of(self.text, self.tokens, first, last - 1)[:120], joined, "ambiguous")
                )

    def _heading(self, mention: Mention) -> None:
        """A name becomes the topic of what follows in its line, and of the next lines if they name nothing."""
        if self.topic is not None and self.topic.mention is not None:
            self._before_topic, self._before_line = self.topic.mention.codes[0], self.topic_line
        self.topic = Link(mention.codes[0] if len(mention.codes) == 1 else None, True, 0.0, mention)
        self.topic_sentence = self.clauses.sentence[mention.first]
        self.topic_line = self.clauses.line[mention.first]

    def _one(self, number: int, one: Placed) -> None:
        scope = self.scopes[one.digits]
        quantity = one.quantity
        family = family_of(quantity.unit)
        if scope.question or scope.mode in ("plan", "compare", "target", "earlier"):
            return
        if family in ("other", "people") and self._given_to(number, one):
            return
        if family == "other":
            return
        if self.around.denied_number(one):
            return
        link = self.linker.link(number)
        if link is not None and link.code is None and link.cost > COMMA and self._replaces(one):
            link = None  # "hiến máu 12 đơn vị, … 15 cây xanh nay sửa lại là 51 cây"
        if link is None and not self._replaces(one):
            link = self._carried(number, one)
        if link is not None and self._denied_elsewhere(link, one):
            link = None
        if link is None:
            if not self.around.left(one):
                self._unnamed(one, scope)
            return
        if link.code is None:
            self._not_reported(one, link, scope)
            return
        if self.around.of_nobody(link, one):
            return
        if self._perhaps_attendance(link, one):
            self.gathered.ask(one, (link.code,), "ambiguous", measured(quantity, self.catalogue[link.code]).value)
            return
        if link.mention is not None and link.mention.codes == (link.code,):
            self.topic = link
            self.topic_sentence = self.clauses.sentence[one.first]
            self.topic_line = self.clauses.line[one.first]
        self.weighing.take(one, link, scope)

    def _given_to(self, number: int, one: Placed) -> bool:
        """ "tặng quà 5 hộ nghèo": how many were given something, perhaps a gift each."""
        if not self.around.receivers(one):
            return False
        link = self.linker.link(number)
        mention = link.mention if link is not None else None
        near = mention is not None and (mention.around == number or 0 <= one.first - mention.last <= 1)
        if mention is None or not near or self.catalogue[mention.codes[0]].unit != "suất":
            return False
        self.gathered.deferred.append(Unclear(one.quantity.source, mention.codes[:1], "ambiguous"))
        return True

    def _replaces(self, one: Placed) -> bool:
        return self.corrections.replaces(one, self.gathered.findings)

    def _denied_elsewhere(self, link: Link, one: Placed) -> bool:
        """ "Không có ai kết nạp Đảng, ưu tú thì được 2": the 2 is of something else."""
        mention = link.mention
        if mention is None or mention.first not in self._denied or self.corrections.announced(one.first):
            return False
        first, last = self.clauses.clause(one.first, one.last, _CLAUSE)
        return not first <= mention.first < last

    def _perhaps_attendance(self, link: Link, one: Placed) -> bool:
        """ "Số đoàn viên: 22" below the heading of an activity may be those who came, not the membership."""
        heading = self._before_topic
        return (
            link.code in self.labels.wholes
            and link.mention is not None
            and not {"tong", "hien", "ts"} & {t.fold for t in self.tokens[link.mention.first : link.mention.last]}
            and one.quantity.of is None
            and heading is not None
            and self.catalogue[heading].pair is not None
            and self.catalogue[heading].pair not in self.gathered.found
            and self.topic_line - self._before_line in range(1, 4)
        )

    def _carried(self, number: int, one: Placed) -> Link | None:
        """A number without a name still counts the last named thing, if nothing else came between."""
        topic = self.topic
        if topic is None or topic.mention is None or not self.linker.bare_around(number):
            return None
        sentence = self.clauses.sentence[one.first]
        line = self.clauses.line[one.first]
        if sentence - self.topic_sentence > 1 and line - self.topic_line > 3:
            return None
        if one.quantity.unit is None and sentence != self.topic_sentence and line == self.topic_line:
            return None
        family = family_of(one.quantity.unit)
        if line == self.topic_line and sentence != self.topic_sentence and family not in CARRIED_OVER:
            return None
        if line != self.topic_line and self.around.long_line(topic.mention.first):
            return None
        codes = [code_for(self.catalogue, c, one.quantity) for c in topic.mention.codes]
        if len(codes) != 1 or codes[0] is None:
            return Link(None, True, 0.0, topic.mention) if sentence == self.topic_sentence else None
        self.topic_line = line
        return Link(codes[0], True, 0.0, topic.mention)

    def _not_reported(self, one: Placed, link: Link, scope: Scope) -> None:
        """A number beside a name it cannot count: nothing, unless that name got no number of its own."""
        quantity = one.quantity
        mention = link.mention
        if mention is None or family_of(quantity.unit) in ("share", "money", "length"):
            return
        codes = counted_in(self.catalogue, quantity.unit) if family_of(quantity.unit) == "thing" else ()
        indicator = self.catalogue[mention.codes[0]]
        if indicator.unit != "km" and self._labelled(one, codes, scope):  # "họp chi đoàn 3 buổi, cây 70"
            return
        if any(code in self.gathered.found for code in mention.codes):
            return
        if quantity.unit == "người" and indicator.unit == "đơn vị máu" and quantity.problem is None:
            self._later(one, mention)
            return
        if family_of(quantity.unit) == "thing" and quantity.problem is None and quantity.unit != "tổ chức":
            if quantity.unit == "cây" and indicator.unit == "km":  # "thắp sáng 2 cây": two kilometres
                length = measured(replace(quantity, unit="km"), indicator).value
                self.gathered.ask(one, (mention.codes[0], *codes), "ambiguous", length)
                return
            if self._labelled(one, codes, scope):
                return
            if len(codes) == 1 and codes[0] not in self.gathered.found:
                self.gathered.ask(one, codes, "ambiguous", measured(quantity, self.catalogue[codes[0]]).value)

    def _later(self, one: Placed, mention: Mention) -> None:
        self.gathered.asks.append(Unclear(one.quantity.source, mention.codes, "unit"))

    def _unnamed(self, one: Placed, scope: Scope) -> None:
        """A number nothing names: a correction of an earlier one, or a question, or (people, far names) nothing."""
        quantity = one.quantity
        if self.corrections.announced(one.first) and self._correct(one):
            return
        self.topic = None  # what follows may speak of this unknown thing
        family = family_of(quantity.unit)
        if family == "share" or (family == "people" and self.gathered.findings):
            return
        codes = counted_in(self.catalogue, quantity.unit)
        if self._labelled(one, codes, scope):
            return
        if scope.part and len(codes) == 1 and codes[0] in self.gathered.found and not self.around.of_their_own(one):
            return  # "tổng 450 cây, trong đó ấp Bắc 180 cây, ấp Nam 150 cây"
        if quantity.unit is None or not codes:
            if quantity.unit is None and self.around.in_short_sentence(one):
                self.gathered.asks.append(Unclear(quantity.source, (), quantity.problem or "unnamed"))
            return
        proposed = None
        if len(codes) == 1 and scope.total:
            self.gathered.loose.append((codes[0], -1, True))
        if family == "thing":  # "Quà: 5 phần cho cựu chiến binh; 3 phần cho hộ nghèo"
            line = self.clauses.line[one.first]
            counted = [f.code for f in self.gathered.findings[-8:] if self.clauses.line[f.place] == line]
            self.gathered.loose.extend((code, -1, True) for code in codes if code in counted)
        if len(codes) == 1 and quantity.problem is None:
            proposed = measured(quantity, self.catalogue[codes[0]]).value
        self.gathered.asks.append(Unclear(quantity.source, codes, quantity.problem or "ambiguous", proposed))

    def _labelled(self, one: Placed, codes: Sequence[str], scope: Scope) -> bool:
        """ "cây: 250" in a list: its only meaning is taken, as long as something was done and nothing was named."""
        clear = one.quantity.problem is None and scope.mode == "done" and not scope.part
        if not clear or len(codes) != 1 or codes[0] in self.gathered.found or not self.around.labels_itself(one):
            return False
        self.weighing.take(one, Link(codes[0], True, 0.0, None), scope)
        return True

    def _correct(self, one: Placed) -> bool:
        """A correction that names nothing: clear only if one earlier number can be meant."""
        codes = self.corrections.meant(one, self.gathered.findings)
        if len(codes) == 1:
            result = measured(one.quantity, self.catalogue[codes[0]])
            self.gathered.findings = [f for f in self.gathered.findings if f.code != codes[0]]
            if result.value is not None:
                self.gathered.find(codes[0], result.value, one.first)
            else:
                self.gathered.ask(one, codes, result.problem or "ambiguous", result.proposed)
            return True
        if not codes:
            return False
        self.gathered.findings = [f for f in self.gathered.findings if f.code not in codes]
        self.gathered.asks.append(Unclear(one.quantity.source, codes, "correction"))
        return True
