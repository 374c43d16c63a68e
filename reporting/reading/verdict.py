"""A number and the name found for it in; stored, asked about or left aside out."""

from collections.abc import Sequence

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ANY_EVENT, family_of
from reporting.reading.corrections import Corrections
from reporting.reading.evidence import Evidence
from reporting.reading.gathering import Gathered
from reporting.reading.linking import Link
from reporting.reading.measures import measured
from reporting.reading.mentions import Labels
from reporting.reading.out_of import OutOf
from reporting.reading.scopes import Scope
from reporting.reading.surroundings import Surroundings
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

    def take(self, one: Placed, link: Link, scope: Scope) -> None:
        """Stores, asks about or leaves aside the number that `link` gives to an indicator."""
        code = str(link.code)
        indicator = self.catalogue[code]
        quantity = one.quantity
        if self.evidence.lost(one, code):
            if code not in self.gathered.found:
                self.gathered.ask(one, (code,), "ambiguous", measured(quantity, indicator).value)
            return
        total = scope.total and not link.rivals and family_of(quantity.unit) == "thing"
        if scope.mode == "cumulative" and code in self.gathered.found and indicator.aggregation != "latest":
            return  # "quý này 5, lũy kế 16"
        if scope.total and self.gathered.repeated(code, measured(quantity, indicator).value):
            return  # "họp 3 buổi, cộng cả 3 buổi được 66 lượt"
        sure = link.sure or total or (self.corrections.announced(one.first) and code in self.gathered.found)
        if link.rivals or not sure or not self.around.has_companion(code, one.first) or self.around.counts_unknown(one):
            codes = link.rivals or (code,)
            people = family_of(quantity.unit) in CARRIED_OVER and not link.rivals
            if link.mention is not None:
                self.gathered.loose.append((code, link.mention.first, scope.total or quantity.unit is None))
            if link.shared or family_of(quantity.unit) == "length" or (people and not self.around.in_brackets(one)):
                self.gathered.open.add(code)
            self.gathered.ask(one, codes, quantity.problem or "ambiguous", measured(quantity, indicator).value)
            return
        if family_of(quantity.unit) == "share" and self.around.not_a_rate(one):
            return
        result = measured(quantity, indicator)
        if self._counts_the_name(one, link, indicator):
            self.gathered.ask(one, (code,), "ambiguous", None)
            return
        if indicator.unit == "suất" and self.around.receivers(one):
            if code in self.gathered.found:
                return  # "15 suất quà cho 3 mẹ VNAH": they are counted already
            if self.around.more_receivers(one):
                self.gathered.ask(one, (code,), "ambiguous", None)
                self.gathered.open.add(code)
                return
        if result.value is None:
            if quantity.problem == "ambiguous" and (quantity.unit is None or family_of(quantity.unit) in CARRIED_OVER):
                self.gathered.open.add(code)
            self.gathered.ask(one, (code,), result.problem or "ambiguous", result.proposed)
            return
        if quantity.unit == "người" and indicator.unit == "đơn vị máu":
            self.gathered.ask(one, (code,), "unit", result.value)
            return
        if scope.mode == "after_target":
            self.gathered.ask(one, (code,), "plan", result.value)
            return
        if scope.mode == "cumulative" and indicator.aggregation != "latest":
            self.gathered.find(code, result.value, one.first, link.mention, scope, "cumulative")
            return
        if self._words_deny(one, link, scope, result.value):
            return
        if scope.part and indicator.kind == "money":  # 82 triệu, trong đó biên giới 30
            money = {c for c in self.gathered.found if self.catalogue[c].kind == "money"}
            self.gathered.mixed |= money - {code}
        if quantity.of is not None and not self.out_of.storable(one, code, result.value):
            return
        if self.gathered.repeated(code, result.value) and self.around.in_brackets(one):  # "3 đ/c … (3 lượt)"
            return
        self.gathered.find(code, result.value, one.first, link.mention, scope)

    def _words_deny(self, one: Placed, link: Link, scope: Scope, value: Value) -> bool:
        """Asks about a number whose clause says that it is another's, not new or not done, or has an unknown word."""
        code = str(link.code)
        if scope.part and code in self.gathered.found and self.around.of_their_own(one):
            self.gathered.ask(one, (code,), "ambiguous", value)
            self.gathered.open.add(code)
            return True
        if self.evidence.in_stock(one, code) or self.evidence.for_works(one, code):
            self.gathered.ask(one, (code,), "ambiguous", value)
            return True
        if link.mention is not None and self.evidence.not_ours(one, link.mention, code):
            self.gathered.ask(one, (code,), "ambiguous", value)
            return True
        strange = self.evidence.missing(one, link.mention, code) if link.mention is not None else None
        if strange is not None and scope.part and self.gathered.whole(code):
            return True  # "15 hồ sơ, trong đó 3 hồ sơ lỗi mạng": the whole stands
        if strange is not None:
            self.gathered.ask(one, (code,), "ambiguous", value)
            self.gathered.open.add(code)
            return True
        return False

    def _counts_the_name(self, one: Placed, link: Link, indicator: Indicator) -> bool:
        """ "22 tân binh" are no money, and "500k" beside gifts no count."""
        if one.quantity.unit is not None or link.mention is None:
            return False
        if indicator.unit in ANY_EVENT and link.mention.first < one.first and link.mention.last > one.last:
            return True  # "làm sạch 2 bãi biển", "thăm 2 mẹ Việt Nam anh hùng"
        if indicator.kind == "money":
            return one.quantity.scale is None and link.mention.last > one.last
        return one.quantity.scale == "nghìn" and one.quantity.number >= _PRICE
