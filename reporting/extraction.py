"""A pasted report: which indicators it gives, each with the words it was read from, and what has to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting.catalogue import Catalogue, Indicator, Level
from reporting.clauses import Clauses
from reporting.labels import Labels, Mention, labels_of
from reporting.linking import Link, Linker
from reporting.measures import code_for, measured
from reporting.negation import denied
from reporting.numbers import placed_quantities
from reporting.phrases import (
    CORRECTION_WORDS,
    GENERIC,
    NOBODY_REPORTS,
    NOT_THIS_BUT,
    ORGANISATIONS,
    OWN_PART,
    PARTNER_WORDS,
)
from reporting.quantity import Placed
from reporting.scopes import Scope, scopes_of
from reporting.settling import Finding, Settled, settle
from reporting.spelling import repaired
from reporting.tables import by_columns, with_headed_units
from reporting.units import counts, family_of
from reporting.values import Value
from reporting.words import Lexicon, Token, source_of, tokens_of


@dataclass(frozen=True, slots=True)
class Read:
    """One value read from a report."""

    code: str
    value: Value


@dataclass(frozen=True, slots=True)
class Ask:
    """Words that are not stored as they stand: the indicators they may belong to, why, and a likely value.

    reason: a problem of reporting.quantity, or not_whole, parts, plan, cumulative, correction, unit, unnamed, whole.
    """

    source: str
    codes: tuple[str, ...]
    reason: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text gives: values that are sure, and what is to be asked."""

    values: tuple[Read, ...]
    asks: tuple[Ask, ...]


_PARTNER_REACH = 4
_PRICE = 50_000  # "500k" without a unit is money, "2k" may count anything
_SHORT = 14
_HEADING_LONGEST = 16
_COMPANION_REACH = 40
_VETO_REACH = 12
_OWN_NUMBER_NEAR = 3
_CORRECTIONS_MOST = 20
# Families of units that still speak of the sentence before: attendance and money, not another session.
_CARRIED_OVER = ("attendance", "people", "money")


def read_report(text: str, catalogue: Catalogue, level: Level) -> Reading:
    """Reads free text into catalogue codes. Never fails, never guesses; linear in the length of the text.

    Values come in the order of the text whatever the level reports: the form decides what it takes.
    """
    labels = labels_of(catalogue)
    tokens = repaired(tokens_of(text), labels.vocabulary)
    placed = with_headed_units(tokens, by_columns(tokens, placed_quantities(text, tokens)))
    mentions = labels.mentions(tokens, placed, level)
    report = _Report(text, tokens, placed, mentions, labels)
    report.read()
    return report.reading()


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
        self.mentions = [m for m in mentions if not self._vetoed(m, self.clauses)]
        if len(self.mentions) < len(mentions):
            self.clauses = Clauses(tokens, placed, self.mentions, covered)
        self.linker = Linker(tokens, placed, self.mentions, labels, self.clauses)
        self.findings: list[Finding] = []
        self.asks: list[Ask] = []
        self.topic: Link | None = None
        self.topic_sentence = -1
        self.topic_line = -1
        self._correcting = _places_after(tokens, CORRECTION_WORDS, self.clauses.line)
        self._corrections = 0
        self._before_topic: str | None = None
        self._before_line = -1
        self._found: set[str] = set()
        self._open: set[str] = set()  # found, but another figure leaves open whether it is this unit's
        self._numbered: set[tuple[str, int]] = set()  # code, and where the name stands that has a number

    def _vetoed(self, mention: Mention, clauses: Clauses) -> bool:
        """A name beside words that the catalogue says make it another thing."""
        if ORGANISATIONS.at(self.tokens, mention.first) is not None and self._partner(mention.first):
            return True
        vetoes = [self.labels.vetoes[code] for code in mention.codes if code in self.labels.vetoes]
        if not vetoes:
            return False
        first, last = clauses.clause(mention.first, mention.last, _VETO_REACH)
        first, last = self._own_stretch(mention, first, last, clauses)
        return any(veto.at(self.tokens, place) for veto in vetoes for place in range(first, last))

    def _partner(self, place: int) -> bool:
        """ "phối hợp Đồn Biên phòng tặng quà": who helped, not what was done or for whom."""
        start = max(0, place - _PARTNER_REACH)
        return any(
            PARTNER_WORDS.at(self.tokens, at) is not None and not any(t.kind != "word" for t in self.tokens[at:place])
            for at in range(start, place)
        )

    def _own_stretch(self, mention: Mention, first: int, last: int, clauses: Clauses) -> tuple[int, int]:
        """Without what belongs to other numbers: beyond the mention's own number another thing begins."""
        own = mention.around is not None
        for at in clauses.placed_between(first, last):
            one = self.placed[at]
            if one.last <= mention.first:
                if own or mention.first - one.last > _OWN_NUMBER_NEAR:
                    first = max(first, one.last)
            elif one.first >= mention.last:
                return first, one.first
        return first, last

    def read(self) -> None:
        next_mention = 0
        for number, one in enumerate(self.placed):
            while next_mention < len(self.mentions) and self.mentions[next_mention].first < one.first:
                self._heading(self.mentions[next_mention])
                next_mention += 1
            self._one(number, one)
        named = {place for _, place in self._numbered}
        for mention in denied(self.tokens, self.mentions, self.scopes):
            if len(mention.codes) == 1 and mention.first not in named:
                first, last = self.clauses.clause(mention.first, mention.last, 8)
                source = source_of(self.text, self.tokens, first, last - 1)[:120]
                self._find(mention.codes[0], Value(0, False, source), mention.first)

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
        if scope.question or scope.mode in ("plan", "compare", "target") or family == "other":
            return
        if self._denied_number(one):
            return
        link = self.linker.link(number)
        if link is None and not self._corrects(one):
            link = self._carried(number, one)
        if link is None:
            self._unnamed(one, scope)
            return
        if link.code is None:
            self._not_reported(one, link)
            return
        if self._of_nobody(link, one):
            return
        if self._perhaps_attendance(link, one):
            self._ask(one, (link.code,), "ambiguous", measured(quantity, self.catalogue[link.code]).value)
            return
        if link.mention is not None and link.mention.codes == (link.code,):
            self.topic = link
            self.topic_sentence = self.clauses.sentence[one.first]
            self.topic_line = self.clauses.line[one.first]
        self._take(one, link, scope)

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
            and self.catalogue[heading].pair not in self._found
            and self.topic_line - self._before_line in range(1, 4)
        )

    def _denied_number(self, one: Placed) -> bool:
        """ "45 chứ không phải 54": 54 is what it is not."""
        return NOT_THIS_BUT.ending(self.tokens, one.first, 4) is not None

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
        if line == self.topic_line and sentence != self.topic_sentence and family not in _CARRIED_OVER:
            return None
        if line != self.topic_line and self._long_line(topic.mention.first):
            return None
        codes = [code_for(self.catalogue, c, one.quantity) for c in topic.mention.codes]
        if len(codes) != 1 or codes[0] is None:
            return Link(None, True, 0.0, topic.mention) if sentence == self.topic_sentence else None
        self.topic_line = line
        return Link(codes[0], True, 0.0, topic.mention)

    def _long_line(self, place: int) -> bool:
        """A line of prose is no heading: what follows it does not speak of the last thing it named."""
        first = last = place
        line = self.clauses.line[place]
        while first > 0 and self.clauses.line[first - 1] == line and last - first <= _HEADING_LONGEST:
            first -= 1
        while last < len(self.tokens) and self.clauses.line[last] == line and last - first <= _HEADING_LONGEST:
            last += 1
        return last - first > _HEADING_LONGEST

    def _companion(self, code: str, place: int) -> bool:
        """Whether the line has one of the words without which the catalogue does not trust this name."""
        lexicon = self.labels.companions.get(code)
        if lexicon is None:
            return True
        line = self.clauses.line[place]
        first = last = place
        while first > 0 and self.clauses.line[first - 1] == line and place - first < _COMPANION_REACH:
            first -= 1
        while last < len(self.tokens) and self.clauses.line[last] == line and last - place < _COMPANION_REACH:
            if last > place and self.tokens[last].text == "," and not self.clauses.covered[last]:
                break  # "cài VssID 90 người, VNeID 75 người": what follows speaks of the next number
            last += 1
        return any(lexicon.at(self.tokens, at) for at in range(first, last))

    def _corrects(self, one: Placed) -> bool:
        return self._correcting[one.first] >= 0

    def _take(self, one: Placed, link: Link, scope: Scope) -> None:
        code = str(link.code)
        indicator = self.catalogue[code]
        quantity = one.quantity
        sure = link.sure or (self._corrects(one) and code in self._found)
        if link.rivals or not sure or not self._companion(code, one.first) or self._counts_unknown(one):
            codes = link.rivals or (code,)
            people = family_of(quantity.unit) in _CARRIED_OVER and not link.rivals
            if link.shared or (people and not self._in_brackets(one)):
                self._open.add(code)
            self._ask(one, codes, quantity.problem or "ambiguous", measured(quantity, indicator).value)
            return
        if family_of(quantity.unit) == "share" and self._not_a_rate(one):
            return
        result = measured(quantity, indicator)
        if self._counts_the_name(one, link, indicator):
            self._ask(one, (code,), "ambiguous", None)
            return
        if result.value is None:
            if quantity.problem == "ambiguous" and family_of(quantity.unit) in _CARRIED_OVER:
                self._open.add(code)
            self._ask(one, (code,), result.problem or "ambiguous", result.proposed)
            return
        if quantity.unit == "người" and indicator.unit == "đơn vị máu":
            self._ask(one, (code,), "unit", result.value)
            return
        if scope.mode == "after_target":
            self._ask(one, (code,), "plan", result.value)
            return
        if scope.mode == "cumulative" and indicator.aggregation != "latest":
            self._find(code, result.value, one.first, link.mention, scope, "cumulative")
            return
        if scope.part and code in self._found and self._of_their_own(one):
            self._ask(one, (code,), "ambiguous", result.value)
            self._open.add(code)
            return
        if quantity.of is not None and not self._of(one, code, result.value, link):
            return
        self._find(code, result.value, one.first, link.mention, scope)

    def _counts_unknown(self, one: Placed) -> bool:
        """ "22 doanh nghiệp": a word nobody reports in stands where the unit would."""
        if one.quantity.unit is not None or one.last >= len(self.tokens):
            return False
        token = self.tokens[one.last]
        return token.kind == "word" and not self.linker.known(one.last) and token.fold not in GENERIC

    def _of_nobody(self, link: Link, one: Placed) -> bool:
        """ "kết nạp Đoàn 36 em, chuyển sinh hoạt 14 đoàn viên": the 14 moved, whatever was named before."""
        if link.mention is None or link.mention.around is not None:
            return False
        first, _ = self.clauses.clause(one.first, one.last, _VETO_REACH)
        first = max(first, link.mention.last if link.mention.last <= one.first else first)
        return any(
            NOBODY_REPORTS.at(self.tokens, place) and not self.linker.known(place) for place in range(first, one.first)
        )

    def _of_their_own(self, one: Placed) -> bool:
        """ "Cùng xã trồng 500 cây, riêng chi đoàn 60 cây": either may be what this unit did."""
        first, _ = self.clauses.clause(one.first, one.last, _COMPANION_REACH)
        return any(OWN_PART.at(self.tokens, place) for place in range(first, one.first))

    def _counts_the_name(self, one: Placed, link: Link, indicator: Indicator) -> bool:
        """ "22 tân binh" are no money, and "500k" beside gifts no count."""
        if one.quantity.unit is not None or link.mention is None:
            return False
        if indicator.kind == "money":
            return one.quantity.scale is None and link.mention.first >= one.last
        return one.quantity.scale == "nghìn" and one.quantity.number >= _PRICE

    def _in_brackets(self, one: Placed) -> bool:
        first, _ = self.clauses.run(one.first)
        return first > 0 and self.tokens[first - 1].text == "("

    def _not_a_rate(self, one: Placed) -> bool:
        """ "100% chi đoàn", "đạt 75% chỉ tiêu" are no rate of members."""
        after = self.tokens[one.last : one.last + 4]
        folds = " ".join(t.fold for t in after)
        before = " ".join(t.fold for t in self.tokens[max(0, one.first - 3) : one.first])
        return folds.startswith(("chi doan", "chi tieu", "ke hoach", "cd ", "co so", "don vi", "so chi doan")) or (
            "vuot" in before or "tang" in before or "tot" in folds or "xuat sac" in folds or "kha" in folds
        )

    def _of(self, one: Placed, code: str, value: Value, link: Link) -> bool:
        """118/120: done out of the membership, or out of a target; anything else is asked."""
        whole = replace(one.quantity, number=one.quantity.of or one.quantity.number, of=None)
        rate = self.labels.rates.get(code)
        denominator = self.catalogue[rate].denominator if rate else None
        if self.catalogue[code].unit == "lượt" and one.quantity.unit != "lượt":
            self._ask(one, (code,), "ambiguous", value)  # "3 lần đủ 11/11": those of one meeting, perhaps
            return False
        near = " ".join(t.fold for t in self.tokens[max(0, one.first - 6) : one.last + 4])
        if "chi tieu" in near or "ke hoach" in near or " kh " in f" {near} " or whole.number == one.quantity.number:
            if denominator is not None and "chi tieu" not in near:
                self._whole(whole, denominator, one)
            return True
        if denominator is not None:
            self._whole(whole, denominator, one)
            return True
        self._ask(one, (code,), "ambiguous", value)
        return False

    def _whole(self, whole: object, denominator: str, one: Placed) -> None:
        result = measured(whole, self.catalogue[denominator])  # type: ignore[arg-type]
        if result.value is not None:
            self._find(denominator, result.value, one.first)

    def _find(
        self,
        code: str,
        value: Value,
        place: int,
        mention: Mention | None = None,
        scope: Scope | None = None,
        doubt: str | None = None,
    ) -> None:
        self._found.add(code)
        if mention is not None:
            self._numbered.add((code, mention.first))
        self.findings.append(
            Finding(
                code,
                value,
                place,
                mention,
                scope.part if scope else False,
                scope.total if scope else False,
                self._correcting[place] >= 0,
                doubt,
            )
        )

    def _not_reported(self, one: Placed, link: Link) -> None:
        """A number beside a name it cannot count: nothing, unless that name got no number of its own."""
        quantity = one.quantity
        mention = link.mention
        if mention is None or family_of(quantity.unit) in ("share", "money", "length"):
            return
        if any(code in self._found for code in mention.codes):
            return
        indicator = self.catalogue[mention.codes[0]]
        if quantity.unit == "người" and indicator.unit == "đơn vị máu" and quantity.problem is None:
            self._later(one, mention)
            return
        if family_of(quantity.unit) == "thing" and quantity.problem is None and quantity.unit != "tổ chức":
            codes = self._candidates(one)
            if len(codes) == 1 and codes[0] not in self._found:
                self._ask(one, codes, "ambiguous", measured(quantity, self.catalogue[codes[0]]).value)

    def _later(self, one: Placed, mention: Mention) -> None:
        self.asks.append(Ask(one.quantity.source, mention.codes, "unit"))

    def _unnamed(self, one: Placed, scope: Scope) -> None:
        """A number nothing names: a correction of an earlier one, or a question, or (people, far names) nothing."""
        quantity = one.quantity
        if self._corrects(one) and self._correct(one):
            return
        self.topic = None  # what follows may speak of this unknown thing
        family = family_of(quantity.unit)
        if family == "share" or (family == "people" and self.findings):
            return
        codes = self._candidates(one)
        if quantity.unit is None or not codes:
            if quantity.unit is None and self._is_short(one):
                self.asks.append(Ask(quantity.source, (), quantity.problem or "unnamed"))
            return
        proposed = None
        if len(codes) == 1 and quantity.problem is None:
            proposed = measured(quantity, self.catalogue[codes[0]]).value
        self.asks.append(Ask(quantity.source, codes, quantity.problem or "ambiguous", proposed))

    def _is_short(self, one: Placed) -> bool:
        return self.clauses.size_of_sentence(one.first) <= _SHORT

    def _candidates(self, one: Placed) -> tuple[str, ...]:
        unit = one.quantity.unit
        if unit is None:
            return ()
        indicators = self.catalogue.indicators.values()
        exact = tuple(i.code for i in indicators if i.unit == unit and not i.is_rate)
        return exact or tuple(i.code for i in indicators if counts(unit, i.unit) and not i.is_rate)

    def _correct(self, one: Placed) -> bool:
        """A correction that names nothing: clear only if one earlier number can be meant."""
        self._corrections += 1
        if self._corrections > _CORRECTIONS_MOST:
            return False
        not_this = self._not_this_near(one)
        earlier = [f for f in self.findings if f.place < one.first]
        fitting = [f for f in earlier if self._could_be(f, one)]
        if not_this is not None:
            named = [
                f for f in fitting if f.value.amount == measured(not_this.quantity, self.catalogue[f.code]).value_amount
            ]
            if named:
                fitting = named
        codes = tuple(dict.fromkeys(f.code for f in fitting))
        if len(codes) == 1:
            result = measured(one.quantity, self.catalogue[codes[0]])
            self.findings = [f for f in self.findings if f.code != codes[0]]
            if result.value is not None:
                self._find(codes[0], result.value, one.first)
            else:
                self._ask(one, codes, result.problem or "ambiguous", result.proposed)
            return True
        if not codes:
            return False
        self.findings = [f for f in self.findings if f.code not in codes]
        self.asks.append(Ask(one.quantity.source, codes, "correction"))
        return True

    def _not_this_near(self, one: Placed) -> Placed | None:
        for other in self.placed:
            if other is not one and abs(other.first - one.first) < 14 and self._denied_number(other):
                return other
        return None

    def _could_be(self, finding: Finding, one: Placed) -> bool:
        indicator = self.catalogue[finding.code]
        if one.quantity.unit is None:
            return True
        return counts(one.quantity.unit, indicator.unit)

    def _ask(self, one: Placed, codes: tuple[str, ...], reason: str, value: Value | None) -> None:
        self.asks.append(Ask(one.quantity.source, codes, reason, value))

    def _parts_of_the_asked(self) -> set[str]:
        """ "5 đợt tuyên truyền, trong đó ma túy 2 đợt": while the 5 is asked about, the 2 is no whole."""
        asked = {code for ask in self.asks for code in ask.codes}
        wholes = {f.code for f in self.findings if not f.part}
        return {f.code for f in self.findings if f.part and f.code in asked and f.code not in wholes}

    def reading(self) -> Reading:
        """Values and questions after all findings of one indicator were weighed against each other."""
        settled: Settled = settle(self.findings, self.catalogue)
        open_codes = (self._open | self._parts_of_the_asked()) - {f.code for f in self.findings if f.total}
        values = tuple(Read(code, value) for code, value in settled.values.items() if code not in open_codes)
        self.asks.extend(
            Ask(value.source, (code,), "ambiguous", value)
            for code, value in settled.values.items()
            if code in open_codes
        )
        asks = [*self.asks, *(Ask(d.source, (d.code,), d.reason, d.value) for d in settled.doubts)]
        known = {read.code for read in values}
        kept = dict.fromkeys(ask for ask in asks if ask.reason != "plan" or ask.codes[0] not in known)
        return Reading(values, tuple(kept))


def _places_after(tokens: Sequence[Token], phrases: Lexicon[bool], lines: Sequence[int]) -> list[int]:
    """For every token where the last of the phrases before it in its line stands, or -1."""
    found: list[int] = []
    last, line = -1, 0
    for place, token in enumerate(tokens):
        if lines[place] != line:
            last, line = -1, lines[place]
        if token.kind == "word" and phrases.at(tokens, place) is not None and not _repairs(tokens, place):
            last = place
        elif token.text in (".", ";") and last >= 0 and place - last > 2:
            last = -1
        found.append(last)
    return found


def _repairs(tokens: Sequence[Token], place: int) -> bool:
    """ "sửa 500m đường", "sửa chữa nhà" mend roads and houses, not figures."""
    if tokens[place].fold != "sua" or place + 1 >= len(tokens):
        return False
    return tokens[place + 1].kind == "number" or tokens[place + 1].fold in ("chua", "duong", "nha", "cau", "sang", "xe")
