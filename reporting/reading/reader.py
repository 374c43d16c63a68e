"""The one reader: a text goes in, and out come the values that are sure, what has to be asked, and what was left out.

A pasted report, a reply, a correction and a row of a file are all read here. `asked`, the indicators of the open
question, may only give a number without a name its indicator, give "không" its zeros, and break a tie.
"""

from collections.abc import Sequence
from dataclasses import replace

from reporting.figures.catalogue import Catalogue, Indicator, Level
from reporting.figures.values import Value
from reporting.numbers.quantities import placed_quantities
from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.assignment import Assignment
from reporting.reading.corrections import Corrections
from reporting.reading.evidence import Evidence
from reporting.reading.found.breakdowns import without_breakdowns
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.distances import COMMA
from reporting.reading.found.measures import code_for, measured
from reporting.reading.found.mentions import Labels, Mention, labels_of
from reporting.reading.found.naming import naming_what
from reporting.reading.found.negation import denied, denied_joining
from reporting.reading.found.scopes import Scope, grew, scopes_of
from reporting.reading.found.tables import Table, by_columns, with_headed_units
from reporting.reading.found.vetoes import Vetoes
from reporting.reading.gathering import Gathered
from reporting.reading.open_question import OpenQuestion
from reporting.reading.options import Link
from reporting.reading.outcome import Reading, Unclear
from reporting.reading.rules import Rule
from reporting.reading.surroundings import Surroundings
from reporting.reading.verdict import CARRIED_OVER, Weighing
from reporting.text.lexicon import INDEFINITE, TARGET_WORDS
from reporting.text.reader_words import phrases
from reporting.text.spelling import repaired
from reporting.text.words import Token, source_of, tokens_of

_CLAUSE = 24
_TARGET_REACH = 10
_SHORT = 14
_COMPARED = phrases("of_before")
_SCOPES: dict[str, Rule] = {"plan": "plan", "compare": "comparison", "target": "target", "earlier": "earlier"}


def read(text: str, catalogue: Catalogue, level: Level, asked: Sequence[Indicator] = ()) -> Reading:
    """Reads free text into catalogue codes. Never fails, never guesses; linear in the length of the text.

    Values come in the order of the text whatever the level reports: the form decides what it takes.
    asked: the indicators of the open question, in its order.
    """
    labels = labels_of(catalogue)
    tokens = repaired(tokens_of(text), labels.known)
    question = OpenQuestion(text, tokens, labels, asked) if asked else None
    table = by_columns(tokens, placed_quantities(text, tokens), labels)
    found = table.placed
    if question is not None and question.denied_whole():
        return question.none(found)
    mentions = labels.mentions(tokens, found, level)
    naming = naming_what(tokens, found, mentions)
    placed = with_headed_units(tokens, [one for one in found if one not in naming])
    if placed != found:
        mentions = labels.mentions(tokens, placed, level)
    whole = without_breakdowns(tokens, placed, mentions, level)
    if whole != placed:
        placed, mentions = whole, labels.mentions(tokens, whole, level)
    section = _Section(text, tokens, placed, mentions, labels, question)
    section.take(table, naming)
    section.read()
    return section.reading()


class _Section:
    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
        question: OpenQuestion | None,
    ) -> None:
        self.text, self.tokens, self.placed = text, tokens, placed
        self.labels, self.catalogue, self.question = labels, labels.catalogue, question
        covered = [False] * len(tokens)
        mentions = [m for m in mentions if not (tokens[m.first].text == "tang" and grew(tokens, m.first))]
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
        asked = {
            number: question.counts_exactly(one)
            for number, one in enumerate(placed)
            if question is not None and self._asked(question, one)
        }
        self.linker = Assignment(tokens, placed, self.mentions, labels, self.clauses, asked)
        self.around = Surroundings(tokens, self.clauses, labels, self.linker.known, question.codes if question else ())
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
        self.table = Table([], {}, [])
        self.naming: Sequence[Placed] = ()
        self._free: list[tuple[Placed, Scope]] = []  # numbers that nothing in the text names

    def _asked(self, question: OpenQuestion, one: Placed) -> bool:
        """Whether the open question can count the number, and its own clause names nothing."""
        if one.quantity.unit is None or not question.counts(one) or not self._unnamed_clause(one):
            return False
        if self.scopes[one.digits].total and self.mentions and self.mentions[0].first < one.first:
            return False  # "hỗ trợ khởi nghiệp: 3 buổi, 4 buổi. Cộng: 7 buổi"
        first, last = self.clauses.clause(one.first, one.last, _CLAUSE)
        near = self.clauses.mentions_near(one.first, 2)
        before = [self.mentions[at] for at in near if self.mentions[at].last <= first]
        if before and not question.counts_exactly(one) and question.names(before[-1], one):
            return False
        return all(
            self.clauses.covered[place] or self.tokens[place].kind != "word" or question.adds_nothing(place)
            for place in range(first, last)
        )

    def _unnamed_clause(self, one: Placed) -> bool:
        first, last = self.clauses.clause(one.first, one.last, _CLAUSE)
        near = self.clauses.mentions_near(one.first, 2)
        return not any(self.mentions[at].first < last and self.mentions[at].last > first for at in near)

    def take(self, table: Table, naming: Sequence[Placed]) -> None:
        """What the columns of the text say of its numbers, and those that only name something."""
        self.table, self.gathered.cells, self.naming = table, table.cells, naming

    def read(self) -> None:
        """Decides about every number and every denial of the text."""
        denials = denied(self.tokens, self.mentions, self.scopes)
        self._denied = {mention.first for mention in denials}
        next_mention = 0
        for number, one in enumerate(self.placed):
            while next_mention < len(self.mentions) and self.mentions[next_mention].first < one.first:
                self._heading(self.mentions[next_mention])
                next_mention += 1
            self._one(number, one)
        if not self.placed and self.mentions and len(self.tokens) <= _SHORT:
            self._vague()
        for part in self.table.parts:
            self.gathered.leave(part, (), "parts")
        for one in self.naming:
            self.gathered.leave(one, (), "naming")
        self._zeros(denials)
        self._nobody_joined()

    def _vague(self) -> None:
        """ "cây xanh vài trăm": so many is no number."""
        if any(INDEFINITE.begins(t.fold) and INDEFINITE.at(self.tokens, at) for at, t in enumerate(self.tokens)):
            self.gathered.asks.append(Unclear(self.text.strip()[:120], self.mentions[0].codes, "indefinite"))

    def reading(self) -> Reading:
        """What came of it."""
        named = frozenset(code for mention in self.mentions for code in mention.codes)
        reading = self.gathered.reading(named)
        if self.question is None:
            return reading
        self.question.lay_out(self.clauses, self.mentions, self.linker.known, self.evidence)
        return self.question.complete(reading, self._free)

    def _zeros(self, denials: Sequence[Mention]) -> None:
        named = {place for _, place in self.gathered.numbered}
        for mention in denials:
            if len(mention.codes) == 1 and mention.first not in named:
                first, last = self.clauses.clause(mention.first, mention.last, 8)
                source = source_of(self.text, self.tokens, first, last - 1)[:120]
                self.gathered.find(mention.codes[0], Value(0, False, source), mention.first, rule="denied")

    def _nobody_joined(self) -> None:
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
        said = self._said(number, one, scope)
        if said is not None:
            alone = said == "nobody" and self._unnamed_clause(one)
            self.gathered.leave(one, self._could_be(number, one), said, alone)
            return
        if family_of(one.quantity.unit) in ("other", "people") and self._given_to(number, one):
            return
        if one.first in self.table.given:
            code = self.table.given[one.first]
            if code_for(self.catalogue, code, one.quantity) == code:
                self.weighing.take(one, Link(code, True, 0.0, None), scope)
                return
        link = self._link(number, one)
        if link is None:
            if self.around.left(one):
                self.gathered.leave(one, (), "nobody")
            else:
                self._unnamed(number, one, scope)
            return
        if link.code is None:
            self._not_reported(one, link, scope)
            return
        if self.around.of_nobody(link, one):
            self.gathered.leave(one, (), "nobody")
            return
        if self._perhaps_attendance(link, one):
            value = measured(one.quantity, self.catalogue[link.code]).value
            self.gathered.ask(one, (link.code,), "ambiguous", value, "sessions")
            return
        if link.mention is not None and link.mention.codes == (link.code,):
            self.topic = link
            self.topic_sentence = self.clauses.sentence[one.first]
            self.topic_line = self.clauses.line[one.first]
        self.weighing.take(one, link, scope)
        self.gathered.beat(one, self.linker.beaten.get(number, ()))

    def _said(self, number: int, one: Placed, scope: Scope) -> Rule | None:
        """The rule by which the sentence says that the number is no value of this period, or None."""
        if scope.question:
            return "question"
        if scope.mode in ("target", "compare") and self._out_of_target(one):
            return None  # "đạt 80% chỉ tiêu hội viên mới (40/50)": forty were done
        if scope.mode in _SCOPES:
            return _SCOPES[scope.mode]
        family = family_of(one.quantity.unit)
        if family == "other" and not self.around.receivers(one):
            return "nobody"
        return "old_figure" if self.around.denied_number(one) else None

    def _out_of_target(self, one: Placed) -> bool:
        """x/y behind the word for a target: x of the y that were aimed at."""
        of = one.quantity.of
        if of is None or of < one.quantity.number:
            return False
        before = range(max(0, one.first - _TARGET_REACH), one.first)
        return any(TARGET_WORDS.at(self.tokens, at) for at in before) and not any(
            _COMPARED.at(self.tokens, at) for at in before
        )

    def _could_be(self, number: int, one: Placed) -> tuple[str, ...]:
        """What a number that is left out could count: what is named beside it, else what has its unit."""
        link = self.linker.link(number)
        if link is not None:
            return (link.code,) if link.code is not None else ()
        if family_of(one.quantity.unit) in ("thing", "event", "length"):
            return self.labels.counted_in(one.quantity.unit)[:3]
        return ()

    def _link(self, number: int, one: Placed) -> Link | None:
        """The name a number belongs to: beside it, or what was named last."""
        link = self.linker.link(number)
        if link is not None and link.code is None and link.cost > COMMA and self._replaces(one):
            link = None  # "hiến máu 12 đơn vị, … 15 cây xanh nay sửa lại là 51 cây"
        sessions = self.question is not None and family_of(one.quantity.unit) == "event"
        if link is not None and link.code is None and sessions and self._unnamed_clause(one):
            link = None  # "ra quân ba buổi, cây xanh em chưa biết": a name of another clause takes nothing away
        if link is None and not self._replaces(one):
            link = self._carried(number, one)
        if link is not None and self._denied_elsewhere(link, one):
            link = None
        return link

    def _given_to(self, number: int, one: Placed) -> bool:
        """ "tặng quà 5 hộ nghèo": how many were given something, perhaps a gift each."""
        if not self.around.receivers(one):
            return False
        link = self.linker.link(number)
        mention = link.mention if link is not None else None
        near = mention is not None and (mention.around == number or 0 <= one.first - mention.last <= 1)
        if mention is None or not near or self.catalogue[mention.codes[0]].unit != "suất":
            if family_of(one.quantity.unit) == "other":
                self.gathered.leave(one, (), "nobody")
                return True
            return False
        self.gathered.leave(one, mention.codes[:1], "receivers")
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
        if topic is None or topic.mention is None or not self.linker.sureness.bare_around(number, topic.mention):
            return None
        sentence = self.clauses.sentence[one.first]
        line = self.clauses.line[one.first]
        family = family_of(one.quantity.unit)
        if self._too_far(one, sentence, line) or (
            line != self.topic_line and self.around.long_line(topic.mention.first)
        ):
            return None
        total = self.scopes[one.digits].total  # "…: 2 buổi, …: 1 buổi. Cộng: 3 buổi"
        if line == self.topic_line and sentence != self.topic_sentence and family not in CARRIED_OVER and not total:
            return None
        codes = [code_for(self.catalogue, c, one.quantity) for c in topic.mention.codes]
        if number in self.linker.asked and (codes == [None] or self._asked_nearer(number, codes)):
            return None
        if len(codes) != 1 or codes[0] is None:
            return Link(None, True, 0.0, topic.mention) if sentence == self.topic_sentence else None
        self.topic_line = line
        return Link(codes[0], True, 0.0, topic.mention, carried=True)

    def _asked_nearer(self, number: int, codes: Sequence[str | None]) -> bool:
        """Whether the open question asks for the very unit of a number that the topic counts in another one."""
        unit = self.placed[number].quantity.unit
        return self.linker.asked[number] and all(code is None or self.catalogue[code].unit != unit for code in codes)

    def _too_far(self, one: Placed, sentence: int, line: int) -> bool:
        if sentence - self.topic_sentence > 1 and line - self.topic_line > 3:
            return True
        return one.quantity.unit is None and sentence != self.topic_sentence and line == self.topic_line

    def _not_reported(self, one: Placed, link: Link, scope: Scope) -> None:
        """A number beside a name it cannot count: nothing, unless that name got no number of its own."""
        quantity, mention = one.quantity, link.mention
        family = family_of(quantity.unit)
        alone = self.question is not None and self._unnamed_clause(one)
        beside = mention.codes if mention is not None and not self._unnamed_clause(one) else ()
        if mention is None or family in ("share", "money", "length"):
            self.gathered.leave(one, beside, "unit")
            return
        codes = self.labels.counted_in(quantity.unit) if family == "thing" else ()
        indicator = self.catalogue[mention.codes[0]]
        if indicator.unit != "km" and self._labelled(one, codes, scope):  # "họp chi đoàn 3 buổi, cây 70"
            return
        if any(code in self.gathered.found for code in mention.codes):
            self.gathered.leave(one, codes or beside, "unit", alone)
        elif quantity.unit == "người" and indicator.unit == "đơn vị máu" and quantity.problem is None:
            self.gathered.ask(one, mention.codes, "unit", None, "unit")
        elif family == "thing" and quantity.problem is None and quantity.unit != "tổ chức":
            self._other_thing(one, mention, codes, scope)
        else:
            self.gathered.leave(one, beside, "unit", alone)

    def _other_thing(self, one: Placed, mention: Mention, codes: tuple[str, ...], scope: Scope) -> None:
        quantity, indicator = one.quantity, self.catalogue[mention.codes[0]]
        if quantity.unit == "cây" and indicator.unit == "km":  # "thắp sáng 2 cây": two kilometres
            length = measured(replace(quantity, unit="km"), indicator).value
            self.gathered.ask(one, (mention.codes[0], *codes), "ambiguous", length, "unit")
        elif self._labelled(one, codes, scope):
            return
        elif len(codes) == 1 and codes[0] not in self.gathered.found:
            self.gathered.ask(one, codes, "ambiguous", measured(quantity, self.catalogue[codes[0]]).value, "unit")
        else:
            self.gathered.leave(one, codes, "unit")

    def _unnamed(self, number: int, one: Placed, scope: Scope) -> None:
        """A number nothing names: a correction of an earlier one, the open question's, asked, or nothing."""
        quantity = one.quantity
        if self.corrections.announced(one.first) and self._correct(one):
            return
        self.topic = None  # what follows may speak of this unknown thing
        family = family_of(quantity.unit)
        codes = self.labels.counted_in(quantity.unit)
        if self._labelled(one, codes, scope):
            return
        if self.question is not None and not scope.part:
            self._free.append((one, scope))
            self.gathered.leave(one, (), "unnamed")
            return
        if family == "share" or (family == "people" and self.gathered.findings):
            self.gathered.leave(one, (), "unnamed")
            return
        if scope.part and len(codes) == 1 and codes[0] in self.gathered.found and not self.around.of_their_own(one):
            self.gathered.leave(one, codes, "parts")  # "tổng 450 cây, trong đó ấp Bắc 180 cây, ấp Nam 150 cây"
            return
        if quantity.unit is None or not codes:
            if quantity.unit is None and self.around.in_short_sentence(one):
                self.gathered.ask(one, (), quantity.problem or "unnamed", None, "unnamed")
            else:
                self.gathered.leave(one, (), "unnamed")
            return
        self._by_unit_alone(one, scope, codes)

    def _by_unit_alone(self, one: Placed, scope: Scope, codes: tuple[str, ...]) -> None:
        quantity = one.quantity
        proposed = None
        if len(codes) == 1 and scope.total:
            self.gathered.loose.append((codes[0], -1, True))
        if family_of(quantity.unit) == "thing":  # "Quà: 5 phần cho cựu chiến binh; 3 phần cho hộ nghèo"
            line = self.clauses.line[one.first]
            counted = [f.code for f in self.gathered.findings[-8:] if self.clauses.line[f.place] == line]
            self.gathered.loose.extend((code, -1, True) for code in codes if code in counted)
        if len(codes) == 1 and quantity.problem is None:
            proposed = measured(quantity, self.catalogue[codes[0]]).value
        self.gathered.ask(one, codes, quantity.problem or "ambiguous", proposed, "unnamed")

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
        if not codes:
            return False
        self.gathered.findings = [f for f in self.gathered.findings if f.code not in codes]
        if len(codes) > 1:
            self.gathered.ask(one, codes, "correction", None, "correction")
            return True
        result = measured(one.quantity, self.catalogue[codes[0]])
        if result.value is not None:
            self.gathered.find(codes[0], result.value, one.first, rule="correction")
        else:
            self.gathered.ask(one, codes, result.problem or "ambiguous", result.proposed, "correction")
        return True
