"""The one reader: a text goes in, and out come the values that are sure, what has to be asked, and what was left out.

A pasted report, a reply, a correction and a row of a file are all read here. `asked`, the indicators of the open
question, may only give a number without a name its indicator, give "không" its zeros, and break a tie.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from reporting.figures.catalogue import Catalogue, Indicator, Level
from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.numbers.units import GIFT, family_of
from reporting.reading.amounts.text_numbers import TextNumbers, numbers_of
from reporting.reading.beside import adds_nothing
from reporting.reading.corrections import Corrections
from reporting.reading.evidence import Evidence
from reporting.reading.found.breaks import grew
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.distances import COMMA
from reporting.reading.found.measures import code_for, measured
from reporting.reading.found.mentions import Labels, Mention, labels_of
from reporting.reading.found.negation import denied, denied_joining
from reporting.reading.found.scopes import Scope, scopes_of
from reporting.reading.found.vetoes import Vetoes
from reporting.reading.gathering import Gathered
from reporting.reading.linking.assignment import WholeReading
from reporting.reading.linking.options import Link
from reporting.reading.linking.surroundings import Surroundings
from reporting.reading.open_question import OpenQuestion, no_surer
from reporting.reading.outcome import Reading, Unclear
from reporting.reading.rules import Rule
from reporting.reading.topics import Topics
from reporting.reading.unlinked import Unlinked
from reporting.reading.verdict import Weighing
from reporting.text.lexicon import ASKING_BACK, INDEFINITE, TARGET_WORDS, phrases
from reporting.text.spelling import repaired
from reporting.text.word_lists import written
from reporting.text.words import folds, source_of, tokens_of

_CLAUSE = 24
_TARGET_REACH = 10
_SHORT = 14
_COMPARED, _GIVEN_OR_GROWN = phrases("reader.of_before"), written("reader.given_or_grown")
_CONTRASTS = written("reader.contrasts")
_SCOPES: dict[str, Rule] = {"plan": "plan", "compare": "comparison", "target": "target", "earlier": "earlier"}


def read(text: str, catalogue: Catalogue, level: Level, asked: Sequence[Indicator] = (), months: int = 0) -> Reading:
    """Reads free text into catalogue codes. Never fails, never guesses; linear in the length of the text.

    Values come in the order of the text whatever the level reports: the form decides what it takes.
    asked: the indicators of the open question, in its order. months: of the period, where it is known: a rate by the
    month is proposed for all of it.
    """
    labels = labels_of(catalogue)
    if not asked:
        return _alone(text, labels, level, months)
    figures = _figures(text, labels, level, months)
    said = OpenQuestion(text, figures.tokens, labels, asked)
    if said.denied_whole():
        return said.none(figures.placed)
    section = _Section(text, figures, labels, said)
    section.read()
    reading = section.reading()
    others = {read.code for read in reading.values} - said.gives
    if not others or section.names_all():  # the question has a say only where a clause names nothing
        return reading
    return no_surer(reading, others, _alone(text, labels, level, months))


# A message is read as the reply to what is open and then as a report: once, whoever asks.
@lru_cache(maxsize=8)
def _alone(text: str, labels: Labels, level: Level, months: int) -> Reading:
    figures = _figures(text, labels, level, months)
    said = OpenQuestion(text, figures.tokens, labels, ())
    if said.denied_whole():
        return said.none(figures.placed)
    section = _Section(text, figures, labels, None)
    section.read()
    return section.reading()


# Its figures are the same both times.
@lru_cache(maxsize=8)
def _figures(text: str, labels: Labels, level: Level, months: int) -> TextNumbers:
    return numbers_of(text, repaired(tokens_of(text), labels.known), labels, level, months)


class _Section:
    def __init__(self, text: str, figures: TextNumbers, labels: Labels, question: OpenQuestion | None) -> None:
        tokens, placed, mentions = figures.tokens, figures.placed, figures.mentions
        self.text, self.tokens, self.placed, self.figures = text, tokens, placed, figures
        self.labels, self.catalogue, self.question = labels, labels.catalogue, question
        covered = [False] * len(tokens)
        mentions = [m for m in mentions if not (tokens[m.first].text in _GIVEN_OR_GROWN and grew(tokens, m.first))]
        for mention in mentions:
            covered[mention.first : mention.last] = [True] * (mention.last - mention.first)
        asides = (*figures.rates, *figures.old)
        for one in (*placed, *asides):
            covered[one.first : one.last] = [True] * (one.last - one.first)
        self.scopes: list[Scope] = scopes_of(tokens, covered)
        self.clauses = Clauses(tokens, placed, mentions, covered, asides)
        vetoes = Vetoes(tokens, placed, labels)
        self.mentions = [m for m in mentions if not vetoes.forbids(m, self.clauses)]
        if len(self.mentions) < len(mentions):
            self.clauses.name(self.mentions)
        asked = {
            number: question.counts_exactly(one)
            for number, one in enumerate(placed)
            if question is not None and self._asked(question, one)
        }
        self.linker = WholeReading(tokens, placed, self.mentions, labels, self.clauses, asked)
        self.around = Surroundings(tokens, self.clauses, labels, self.linker.known, question.codes if question else ())
        self.evidence = Evidence(text, figures, self.clauses, labels, self.linker.known)
        self.corrections = Corrections(tokens, placed, self.clauses.line, self.catalogue, self.around)
        self.gathered = Gathered(self.catalogue, self.corrections)
        self.gathered.cells = figures.table.cells
        self.gathered.unplaced = figures.table.open
        self.gathered.open |= figures.table.open
        self.weighing = Weighing(tokens, labels, self.around, self.evidence, self.corrections, self.gathered)
        self.weighing.own, self.weighing.amended = figures.own, figures.amended
        self.topics = Topics(tokens, self.scopes, labels, self.clauses, self.linker, self.around)
        self._denied: set[int] = set()  # where the names stand that the text says are zero
        self.unlinked = Unlinked(labels, self.clauses, self.around, self.weighing, question is not None)

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
        label = folds(str(one.quantity.unit))  # "công trình 2": its unit stands before it as its name
        return all(
            self.clauses.covered[place]
            or self.tokens[place].kind != "word"
            or self.tokens[place].fold in label
            or adds_nothing(self.tokens[place])
            for place in range(first, last)
        )

    def names_all(self) -> bool:
        """Whether the clause of each number names something."""
        return not any(self._unnamed_clause(one) for one in self.placed)

    def _unnamed_clause(self, one: Placed) -> bool:
        first, last = self.clauses.clause(one.first, one.last, _CLAUSE)
        near = self.clauses.mentions_near(one.first, 2)
        return not any(self.mentions[at].first < last and self.mentions[at].last > first for at in near)

    def read(self) -> None:
        """Decides about every number and every denial of the text."""
        denials = denied(self.tokens, self.mentions, self.scopes)
        self._denied = {mention.first for mention in denials}
        next_mention = 0
        for number, one in enumerate(self.placed):
            while next_mention < len(self.mentions) and self.mentions[next_mention].first < one.first:
                self.topics.heading(self.mentions[next_mention])
                next_mention += 1
            self._one(number, one)
        self.weighing.untie()
        if not self.placed and self.mentions and len(self.tokens) <= _SHORT:
            self._vague()
        for part in self.figures.table.parts:
            self.gathered.leave(part, (), "parts")
        for one in self.figures.naming:
            self.gathered.leave(one, (), "naming")
        for one in self.figures.rates:
            self.gathered.leave(one, (), "rate")
        for one in self.figures.old:
            self.gathered.leave(one, (), "old_figure")
        self._zeros(denials)
        self._nobody_joined()
        self._contrasted()

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
        return self.question.complete(reading, self.unlinked.free, self.corrections.announced)

    def _contrasted(self) -> None:
        """ "trồng 60 cây, nhưng 40 cây là ươm trong bầu": a figure of the same behind "nhưng" that is asked about."""
        at = [place for place, token in enumerate(self.tokens) if token.text in _CONTRASTS]
        if not at:
            return
        stored: dict[str, int] = {}
        for decided in self.gathered.decisions():
            for code in decided.codes:
                if decided.fate == "stored":
                    stored[code] = decided.start
                elif decided.fate == "asked" and code in stored:
                    before, sentence = stored[code], self.clauses.sentence
                    together = sentence[before] == sentence[decided.start]
                    if together and any(before < place < decided.start for place in at):
                        self.gathered.open.add(code)

    def _zeros(self, denials: Sequence[Mention]) -> None:
        named = {place for _, place in self.gathered.numbered}
        for mention in denials:
            if len(mention.codes) == 1 and mention.first not in named:
                first, last = self.clauses.clause(mention.first, mention.last, 8)
                if any(
                    family_of(one.quantity.unit) == "people" for one in self.clauses.placed_in(first, mention.first)
                ):
                    continue  # "5 đồng chí đi học xa chưa xếp loại" says it of those five
                source = source_of(self.text, self.tokens, first, last - 1)[:120]
                self.gathered.find(mention.codes[0], Value(0, False, source), mention.first, rule="denied")

    def _nobody_joined(self) -> None:
        joined = self.labels.joined
        for first, last in denied_joining(self.tokens, self.clauses, self.linker.known) if joined else ():
            if not self.scopes[first].question and self.scopes[first].mode == "done":
                self.gathered.asks.append(
                    Unclear(source_of(self.text, self.tokens, first, last - 1)[:120], joined, "ambiguous")
                )

    def _one(self, number: int, one: Placed) -> None:
        scope = self.scopes[one.digits]
        said = self._said(number, one, scope)
        if said == "question" and self._asked_behind(one) and self._propose(number, one):
            return
        if said is not None:
            alone = said == "nobody" and self._unnamed_clause(one)
            self.gathered.leave(one, self._could_be(number, one), said, alone)
            return
        if family_of(one.quantity.unit) in ("other", "people") and self._given_to(number, one):
            return
        if self.question is not None and one.tail >= one.last and self._labelled_as_asked(self.question, one):
            self.unlinked.waits(one, scope)  # "họp 3 buổi 55 lượt, đoàn viên 21": by the name that is asked
            return
        given = self.figures.table.given.get(one.first)
        if given is not None and code_for(self.catalogue, given, one.quantity) == given:
            self.weighing.take(one, Link(given, True, 0.0, None), scope)
            return
        link = self._link(number, one)
        if (link is None and self.around.left(one)) or (link and link.code and self.around.of_nobody(link, one)):
            self.gathered.leave(one, (), "nobody")
        elif link is None:
            self._nothing_names(one, scope)
        elif link.code is None:
            self.unlinked.not_reported(one, link, scope, self._unnamed_clause(one))
        elif self.topics.perhaps_attendance(link, one, self.gathered.found):
            value = measured(one.quantity, self.catalogue[link.code]).value
            self.gathered.ask(one, (link.code,), "ambiguous", value, "sessions")
        else:
            if link.mention is not None and link.mention.codes == (link.code,):
                self.topics.now(one, link)
            self.weighing.take(one, link, scope)
            self.gathered.beat(one, self.linker.beaten.get(number, ()))

    def _asked_behind(self, one: Placed) -> bool:
        """ "3 buổi 45 bạn, vậy đúng chưa ạ?": the last clause alone asks, and tells no figure."""
        end = self.clauses.sentence_end(one.last)
        first = next((at + 1 for at in range(end - 1, one.last - 1, -1) if self.tokens[at].text == ","), end)
        return ASKING_BACK.at(self.tokens, first) is not None and not self.clauses.placed_in(first, end)

    def _propose(self, number: int, one: Placed) -> bool:
        """Asks about the likely value of a number with a name; whether it has one."""
        link = self._link(number, one)
        counted = self.labels.counted_in(one.quantity.unit) if link is None else ()  # "cây 30, vậy đúng chưa ạ?"
        code = link.code if link is not None else counted[0] if len(counted) == 1 else None
        value = measured(one.quantity, self.catalogue[code]).value if code is not None else None
        if code is None or value is None:
            return False
        self.gathered.ask(one, (code,), "ambiguous", value, "question")
        return True

    def _labelled_as_asked(self, question: OpenQuestion, one: Placed) -> bool:
        free = one.first not in self.figures.table.cells and self._unnamed_clause(one)
        return free and question.labelled(one, self.clauses)

    def _said(self, number: int, one: Placed, scope: Scope) -> Rule | None:
        """The rule by which the sentence says that the number is no value of this period, or None."""
        if scope.question:
            return "question"
        if scope.mode in ("target", "compare") and self._out_of_target(one):
            return None  # "đạt 80% chỉ tiêu hội viên mới (40/50)": forty were done
        if scope.mode in _SCOPES:
            return _SCOPES[scope.mode]
        family = family_of(one.quantity.unit)
        if family == "other" and not self.around.receivers(one) and not self.corrections.amends(one):
            return "nobody"
        old = self.corrections.amended(one) or (self.around.denied_number(one) and not self.corrections.amends(one))
        return "old_figure" if old else None

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
            link = self.topics.carried(number, one)
        if link is not None and (self._denied_elsewhere(link, one) or self._named_otherwise(link, one)):
            link = None
        return link

    def _given_to(self, number: int, one: Placed) -> bool:
        """ "tặng quà 5 hộ nghèo": how many were given something, perhaps a gift each."""
        if not self.around.receivers(one):
            return False
        link = self.linker.link(number)
        mention = link.mention if link is not None else None
        near = mention is not None and (mention.around == number or 0 <= one.first - mention.last <= 1)
        if mention is None or not near or self.catalogue[mention.codes[0]].unit != GIFT:
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

    def _named_otherwise(self, link: Link, one: Placed) -> bool:
        """ "shct 2 buoi 40 ban, pháp luật 6 buổi": words that nothing knows name the second figure, which is no part.

        The first stays open: what they mean may be the same.
        """
        mention = link.mention
        told = self.corrections.announced(one.first) or self.scopes[one.digits].total
        if mention is None or link.code is None or told or link.code not in self.gathered.found:
            return False
        if family_of(self.catalogue[link.code].unit) not in ("event", "attendance"):
            return False
        first, _ = self.clauses.clause(one.first, one.last, _CLAUSE)
        if mention.last > first or not self.evidence.begins_unknown(first, one.first, link.code):
            return False
        self.gathered.open.add(link.code)
        return True

    def _begun_beside(self, one: Placed) -> set[str]:
        """ "vệ sinh nghĩa trang 1 buổi, vệ sinh trường học 2 buổi": what the words of a clause nobody knows may be."""
        if family_of(one.quantity.unit) not in ("event", "attendance"):
            return set()
        first, _ = self.clauses.clause(one.first, one.last, _CLAUSE)
        folds_ = [token.form.fold for token in self.tokens[first : one.first]]
        return {code for pair in pairwise(folds_) for code in self.labels.heads.get(pair, ())}

    def _nothing_names(self, one: Placed, scope: Scope) -> None:
        topic = self.topics.open_beside(one) | self._begun_beside(one)
        asked = len(self.gathered.asks)
        if not self.unlinked.unnamed(one, scope) and one.quantity.problem != "unit_rate":
            self.topics.topic = None  # what follows may speak of this unknown thing
        for ask in self.gathered.asks[asked:]:
            self.gathered.open.update(topic & set(ask.codes))
