"""A number and the name found for it in; stored, asked about or left aside out."""

from collections.abc import Sequence
from dataclasses import replace

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.values import Value
from reporting.numbers.number_words import SCALE_NAMES
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ANY_EVENT, ATTENDANCE, BLOOD, GIFT, PERSON, SESSION, family_of
from reporting.reading.corrections import Corrections
from reporting.reading.evidence import Evidence
from reporting.reading.found.measures import Measured, measured
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.found.scopes import Scope
from reporting.reading.gathering import Gathered
from reporting.reading.linking.options import Link
from reporting.reading.linking.surroundings import Surroundings
from reporting.reading.rules import Rule
from reporting.reading.settling import Finding
from reporting.reading.slashed_pairs import OutOf
from reporting.text.words import Token

# Families of units that still speak of the sentence before: attendance and money, not another session.
CARRIED_OVER = ("attendance", "people", "money")
_PRICE = 50_000  # "500k" without a unit is money, "2k" may count anything


class Weighing:
    """Weighs the linked numbers of one text against the words around them; what it decides goes to `gathered`."""

    def __init__(
        self,
        tokens: Sequence[Token],
        labels: Labels,
        around: Surroundings,
        evidence: Evidence,
        corrections: Corrections,
        gathered: Gathered,
    ) -> None:
        self.catalogue: Catalogue = labels.catalogue
        self.around, self.evidence, self.corrections, self.gathered = around, evidence, corrections, gathered
        self.out_of = OutOf(tokens, labels, gathered)
        self.amended: frozenset[int] = frozenset()  # where the new figures of a correction stand in place of old ones
        self.own: frozenset[int] = frozenset()  # where this unit's parts of what was done together begin
        self._tied: list[tuple[Placed, Link, Scope]] = []  # their name is the name of several indicators

    def take(self, one: Placed, link: Link, scope: Scope) -> None:
        """Stores, asks about or leaves aside the number that `link` gives to an indicator."""
        code = str(link.code)
        one = self.out_of.surpassing(one)
        result = measured(one.quantity, self.catalogue[code])
        if (
            self._perhaps_all_who_came(one, code, scope)
            or self._came_to_those(one, code)
            or self._left(one, link, scope, result)
            or self._price_of_each(one, code)
            or self._who_came(one, link)
        ):
            return
        sure = (link.sure or self._said_anyhow(one, link, scope)) and not self._explained_behind(one, link)
        sure = sure and not self._told_by_month(one, code)
        if (
            self.around.counts_unknown(one)
            and link.mention is not None
            and (code, link.mention.first) in self.gathered.numbered
        ):
            self.gathered.leave(one, (code,), "nobody")  # "tặng 35 suất quà, gói 120 bánh chưng"
            return
        unit_only = link.mention is not None and self.around.names_its_unit(one, link.mention)
        companion = self.around.has_companion(code, one.first, unit_only)
        if link.rivals or not sure or not companion or self.around.counts_unknown(one):
            self._doubted(one, link, scope, result.value or (None if link.rivals else result.proposed))
            return
        if self._no_number_of(one, link, result) or self._words_deny(one, link, scope, result.value):
            return
        if result.value is not None:  # else told by _no_number_of
            self._keep(one, link, scope, result.value)

    def _perhaps_all_who_came(self, one: Placed, code: str, scope: Scope) -> bool:
        """ "vệ sinh 3 buổi, mỗi buổi hơn 20 bạn, tổng 66": a bare total that is not the sum of the sessions."""
        if not scope.total or one.quantity.unit is not None:
            return False
        pair = self.catalogue[code].pair
        told = [f.value.amount for f in self.gathered.findings if f.code == code]
        if pair is None or not told:
            return False
        result = measured(one.quantity, self.catalogue[pair])
        if result.value is None or result.value.amount == sum(told):
            return False
        self.gathered.ask(one, (pair,), "ambiguous", result.value, "sessions")
        self.gathered.open.add(pair)
        return True

    def _came_to_those(self, one: Placed, code: str) -> bool:
        """ "ve sinh 2 buoi 60": a bare number straight behind counted sessions."""
        pair = self.catalogue[code].pair
        before = self.evidence.clauses.placed_before(one.first)
        written = one.tail < one.last or one.quantity.scale is not None
        if written or pair is None or before is None or before.last != one.first:
            return False
        if family_of(before.quantity.unit) != "event" or code not in self.gathered.found:
            return False
        result = measured(replace(one.quantity, unit=None), self.catalogue[pair])
        self.gathered.ask(one, (pair,), "ambiguous", result.value or result.proposed, "sessions")
        if before.quantity.unit != SESSION:  # "2 đợt 60"
            self.gathered.open.add(code)
        return True

    def _who_came(self, one: Placed, link: Link) -> bool:
        """ "dự sinh hoạt chính trị 40": so many people came, to sessions whose number is not told."""
        pair = self.catalogue[str(link.code)].pair
        if link.mention is None or pair is None or not self.evidence.came(one, link.mention, str(link.code)):
            return False
        self.gathered.ask(one, (pair,), "ambiguous", measured(one.quantity, self.catalogue[pair]).value, "sessions")
        return True

    def _price_of_each(self, one: Placed, code: str) -> bool:
        """ "10 suất quà, mỗi suất 300k": no number of gifts."""
        quantity = one.quantity
        priced = family_of(quantity.unit) == "money" or quantity.scale == SCALE_NAMES[1000]
        if quantity.problem != "unit_rate" or not priced or self.catalogue[code].kind == "money":
            return False
        self.gathered.leave(one, (), "price")
        return True

    def _keep(self, one: Placed, link: Link, scope: Scope, value: Value) -> None:
        """Keeps a value that nothing denies, unless its fraction is open or it was said just before."""
        code = str(link.code)
        if scope.part and self.catalogue[code].kind == "money":  # 82 triệu, trong đó biên giới 30
            money = {c for c in self.gathered.found if self.catalogue[c].kind == "money"}
            self.gathered.mixed |= money - {code}
        if one.quantity.of is not None and not self.out_of.storable(one, code, value):
            return
        if self.gathered.repeated(code, value) and self.around.in_brackets(one):  # "3 đ/c … (3 lượt)"
            self.gathered.leave(one, (code,), "repeated")
        else:
            self._found(one, link, scope, value, None)

    def _found(self, one: Placed, link: Link, scope: Scope, value: Value, doubt: str | None) -> None:
        code = str(link.code)
        own, amended = one.first in self.own, one.first in self.amended
        source = one.quantity.source if own or amended else self.evidence.words(one, link.mention)
        value = Value(value.amount, value.approx, source)
        corrected = self.corrections.announced(one.first)
        bare = one.quantity.unit is None
        finding = Finding(code, value, one.first, link.mention, scope.part, scope.total, corrected, doubt, bare=bare)
        rule: Rule = "named"
        if own:
            rule = "own_part"
        elif corrected or amended:
            rule = "correction"
        elif link.mention is None:
            rule = "label"
        elif scope.total:
            rule = "total"
        elif link.carried:
            rule = "carried"
        self.gathered.find(code, value, one.first, finding, rule)

    def _left(self, one: Placed, link: Link, scope: Scope, result: Measured) -> bool:
        """What says nothing new of its indicator: lost, running on, said before."""
        code = str(link.code)
        if link.mention is not None and self.evidence.not_reached(one, link.mention):
            self.gathered.leave(one, (code,), "lost")
            return True
        if self.evidence.lost(one, code, link.mention):
            if code in self.gathered.found:
                self.gathered.leave(one, (code,), "lost")
                if family_of(one.quantity.unit) == "event":
                    self.gathered.open.add(code)  # "3 buổi, 1 buổi bị hoãn": those held are fewer
            else:
                self.gathered.ask(one, (code,), "ambiguous", result.value, "lost")
                self.gathered.open.add(code)
            return True
        if scope.mode == "cumulative" and code in self.gathered.found and self.catalogue[code].aggregation != "latest":
            self.gathered.leave(one, (code,), "running_total")  # "quý này 5, lũy kế 16"
            return True
        if scope.total and self.gathered.repeated(code, result.value):
            self.gathered.leave(one, (code,), "repeated")  # "họp 3 buổi, cộng cả 3 buổi được 66 lượt"
            return True
        if scope.total and self._of_several_kinds(one, code, result):
            self.gathered.leave(one, (code,), "repeated")
            return True
        return False

    def _told_by_month(self, one: Placed, code: str) -> bool:
        """ "Sinh hoạt chi đoàn: tháng 4: 18": those who came in a month, and no meetings."""
        bare = one.quantity.unit is None and self.catalogue[code].unit in ANY_EVENT
        return bare and self.around.of_a_time(one)

    def _explained_behind(self, one: Placed, link: Link) -> bool:
        """ "1 công trình: sân bóng": the name behind a colon may be one of what the number counts."""
        mention = link.mention
        if mention is None or one.tail >= one.last or family_of(one.quantity.unit) not in ("thing", "event"):
            return False
        return one.last < mention.first and any(t.text == ":" for t in self.around.tokens[one.last : mention.first])

    def _of_several_kinds(self, one: Placed, code: str, result: Measured) -> bool:
        """ "nghị quyết 1 buổi, học Bác 1 buổi, tổng 2 buổi": the total of figures of several indicators."""
        line = self.evidence.clauses.line
        unit = self.catalogue[code].unit
        told = [f for f in self.gathered.findings[-6:] if line[f.place] == line[one.first]]
        told = [f for f in told if not f.total and family_of(self.catalogue[f.code].unit) == "event"]
        if family_of(unit) != "event" or len({f.code for f in told}) < 2 or result.value is None:
            return False
        sums = {sum(f.value.amount for f in told[at:]) for at in range(len(told) - 1)}
        return result.value.amount in sums and result.value.amount != sum(
            f.value.amount for f in told if f.code == code
        )

    def _said_anyhow(self, one: Placed, link: Link, scope: Scope) -> bool:
        """A total, or the correction of what was found, is sure wherever its name stands."""
        thing = family_of(one.quantity.unit) == "thing" or self._all_who_came(one, str(link.code))
        total = scope.total and not link.rivals and thing
        amends = self.corrections.amends(one) and not link.rivals
        return total or amends or (self.corrections.announced(one.first) and link.code in self.gathered.found)

    def _all_who_came(self, one: Placed, code: str) -> bool:
        """ "3 buổi (thành phần: 22 đv, tổng 60 lượt)": the attendance, in its own unit, of sessions just told."""
        told = self.gathered.findings[-2:]
        same = one.quantity.unit == ATTENDANCE == self.catalogue[code].unit
        return same and any(self.catalogue[finding.code].pair == code for finding in told)

    def _doubted(self, one: Placed, link: Link, scope: Scope, value: Value | None) -> None:
        code, quantity = str(link.code), one.quantity
        if link.mention is not None and set(link.rivals) == set(link.mention.codes) and quantity.problem is None:
            self._tied.append((one, link, scope))
        people = family_of(quantity.unit) in CARRIED_OVER and not link.rivals
        if link.mention is not None:
            self.gathered.loose.append((code, link.mention.first, scope.total or quantity.unit is None))
        same = link.mention is not None and (code, link.mention.first) in self.gathered.numbered
        counted = family_of(quantity.unit) in ("event", "thing") and not link.rivals and not scope.part
        apart = link.mention is not None and self.evidence.clauses.comma_between(link.mention.last, one.first)
        if counted and ((same and (apart or self.around.of_a_place(one))) or self.around.of_a_time(one)):
            self.gathered.open.add(code)  # "SHCĐ: thôn Đông 3 buổi, thôn Tây 2 buổi", "…, tháng 3 hiến 4 đơn vị"
        if link.shared or family_of(quantity.unit) == "length" or (people and not self.around.in_brackets(one)):
            self.gathered.open.add(code)
        rule: Rule = "margin" if link.rivals or not link.sure else "words"
        self.gathered.ask(one, link.rivals or (code,), quantity.problem or "ambiguous", value, rule)

    def untie(self) -> None:
        """ "Máu: 3, ĐVM: 2": a name of several indicators is of the one that has no other figure."""
        for one, link, scope in self._tied:
            rest = [code for code in link.rivals if code not in self.gathered.found]
            if len(rest) == 1 and link.mention is not None:
                self.gathered.withdraw(one, link.mention.first)
                self.take(one, Link(rest[0], True, link.cost, link.mention), scope)

    def _no_number_of(self, one: Placed, link: Link, result: Measured) -> bool:
        """A number that is none of its indicator's, though it stands beside the name."""
        code, quantity = str(link.code), one.quantity
        indicator = self.catalogue[code]
        if family_of(quantity.unit) == "share" and self.around.not_a_rate(one):
            self.gathered.leave(one, (), "nobody")
            return True
        if self._counts_the_name(one, link, indicator):
            self.gathered.ask(one, (code,), "ambiguous", None, "unit")
            return True
        if indicator.unit == GIFT and self.around.receivers(one) and self._receivers(one, code):
            return True
        if result.value is None:
            family = family_of(quantity.unit)
            shared = quantity.problem == "unit_rate" and family == "thing"  # "mỗi bên 20 cây"
            shared = shared or (quantity.problem == "range" and indicator.kind == "money")  # "10 - 5 triệu"
            if shared or (quantity.problem == "ambiguous" and (quantity.unit is None or family in CARRIED_OVER)):
                self.gathered.open.add(code)
            self.gathered.ask(one, (code,), result.problem or "ambiguous", result.proposed, "number")
            return True
        return False

    def _receivers(self, one: Placed, code: str) -> bool:
        if code in self.gathered.found:
            self.gathered.leave(one, (code,), "receivers")  # "15 suất quà cho 3 mẹ VNAH": they are counted already
            return True
        if self.around.more_receivers(one):
            self.gathered.ask(one, (code,), "ambiguous", None, "receivers")
            self.gathered.open.add(code)
            return True
        return False

    def _words_deny(self, one: Placed, link: Link, scope: Scope, value: Value | None) -> bool:
        """Asks about a number whose clause says that it is another's, not new or not done, or has an unknown word."""
        code = str(link.code)
        indicator = self.catalogue[code]
        if value is None:
            return False
        if one.quantity.unit == PERSON and indicator.unit == BLOOD:
            self.gathered.ask(one, (code,), "unit", value, "unit")
        elif scope.mode == "after_target":
            self.gathered.ask(one, (code,), "plan", value, "target")
        elif scope.mode == "cumulative" and indicator.aggregation != "latest":
            self._found(one, link, scope, value, "cumulative")
        elif (rule := self._denying(one, link, scope, code)) is None:
            return False
        elif rule == "words" and scope.part and self.gathered.whole(code):
            self.gathered.leave(one, (code,), "parts")  # "15 hồ sơ, trong đó 3 hồ sơ lỗi mạng": the whole stands
        else:
            self.gathered.ask(one, (code,), "ambiguous", value, rule)
            if rule in ("parts", "words") or (rule == "elsewhere" and scope.part):
                self.gathered.open.add(code)
        return True

    def _denying(self, one: Placed, link: Link, scope: Scope, code: str) -> Rule | None:
        if scope.part and code in self.gathered.found and self.around.of_their_own(one):
            return "parts"
        if self.evidence.in_stock(one, code):
            return "stock"
        if self.evidence.for_works(one, code):
            return "price"
        if link.mention is None:
            return "words" if self.evidence.contested(one) or self.evidence.denies(one) else None
        return self._said_of(one, link.mention, scope, code)

    def _said_of(self, one: Placed, mention: Mention, scope: Scope, code: str) -> Rule | None:
        """What the words beside a number and its name say of whose it was."""
        gift = self.catalogue[code].unit == GIFT
        received = self.evidence.received(one, mention, code)
        if received and gift:
            self.gathered.received.add(one.quantity.source)
        if one.first in self.own:
            return None  # the others who had a part in it are no doubt
        theirs = self.evidence.not_ours(one, mention, code) or (scope.part and self.evidence.received_there(one))
        if theirs or (received and gift):
            return "elsewhere"
        missing = self.evidence.missing(one, mention, code) is not None or self.evidence.contested(one)
        return "words" if received or missing else None  # "nhận 4 phần việc, hoàn thành 3"

    def _counts_the_name(self, one: Placed, link: Link, indicator: Indicator) -> bool:
        """ "22 tân binh" are no money, and "500k" beside gifts no count."""
        if one.quantity.unit is not None or link.mention is None:
            return False
        if indicator.unit in ANY_EVENT and link.mention.first < one.first and link.mention.last > one.last:
            return True  # "làm sạch 2 bãi biển", "thăm 2 mẹ Việt Nam anh hùng"
        if indicator.kind == "money":
            return one.quantity.scale is None and link.mention.last > one.last
        return one.quantity.scale == SCALE_NAMES[1000] and one.quantity.number >= _PRICE
