"""A number without a name that can count it in; asked about, left out, or taken as the answer to the question, out."""

from collections.abc import Sequence
from dataclasses import replace

from reporting.figures.catalogue import Catalogue
from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.numbers.units import BLOOD, BODY, CHILD, GIFT, PERSON, TREE, family_of
from reporting.reading.corrections import Corrections
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.measures import measured
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.found.scopes import Scope
from reporting.reading.gathering import Gathered
from reporting.reading.linking.labelled import admitted, are_new, labelled_alike
from reporting.reading.linking.options import Link
from reporting.reading.linking.surroundings import Surroundings
from reporting.reading.verdict import Weighing
from reporting.text.lexicon import JOINING

_LABEL_LONGEST = 8
_FEW = 4  # of more nobody chooses one: its name is asked for


class Unlinked:
    """The numbers of one text that no name counts; those that the open question may count are kept in `free`."""

    def __init__(self, labels: Labels, clauses: Clauses, around: Surroundings, weighing: Weighing, asked: bool) -> None:
        self.labels, self.clauses, self.around, self.weighing, self.asked = labels, clauses, around, weighing, asked
        self.catalogue: Catalogue = labels.catalogue
        self.gathered: Gathered = weighing.gathered
        self.corrections: Corrections = weighing.corrections
        self.free: list[tuple[Placed, Scope]] = []
        self._sessions: tuple[int, tuple[str, ...]] = (-1, ())  # the line of sessions without a name; what they may be

    def not_reported(self, one: Placed, link: Link, scope: Scope, unnamed_clause: bool) -> None:
        """A number beside a name it cannot count: nothing, unless that name got no number of its own."""
        quantity, mention = one.quantity, link.mention
        family = family_of(quantity.unit)
        alone = self.asked and unnamed_clause
        beside = mention.codes if mention is not None and not unnamed_clause else ()
        share = family == "share" and beside and quantity.problem is None and not self.around.not_a_rate(one)
        if share and self.around.in_short_sentence(one):
            self.gathered.ask(one, beside, "percent", None, "unit")  # "cây xanh 95%"
            return
        if mention is None or family in ("share", "money", "length"):
            if family == "money":
                self._paid_for_gifts(one)
            self.gathered.leave(one, beside, "unit")
            return
        codes = self.labels.counted_in(quantity.unit) if family == "thing" else ()
        indicator = self.catalogue[mention.codes[0]]
        apart = self._apart(one, mention)
        if (apart or indicator.unit != "km") and self._labelled(one, codes, scope):  # "họp chi đoàn 3 buổi, cây 70"
            return
        counted = any(code in self.gathered.found for code in mention.codes)
        thing = family == "thing" and quantity.unit != BODY
        if thing and unnamed_clause and codes and not self.gathered.found & set(codes):
            self._unnamed_thing(one, mention, codes)
        elif counted:
            self.gathered.leave(one, codes or beside, "unit", alone)
        elif quantity.unit == PERSON and indicator.unit == BLOOD and quantity.problem is None:
            self.gathered.ask(one, mention.codes, "unit", None, "unit")
        elif thing and quantity.problem is None:
            self._other_thing(one, mention, codes)
        else:
            self.gathered.leave(one, beside, "unit", alone)

    def _paid_for_gifts(self, one: Placed) -> None:
        """ "Quà Trung thu 120 phần, tổng 12 triệu; học bổng 10 suất, 5 triệu": gifts before it leave their sum open."""
        before = self.clauses.placed_before(one.first)
        near = before is not None and self.clauses.sentence[before.first] == self.clauses.sentence[one.first]
        if before is not None and near and before.quantity.unit == GIFT:
            self.gathered.open.update(str(self.catalogue[code].pair) for code in self.labels.counted_in(GIFT))

    def _apart(self, one: Placed, mention: Mention) -> bool:
        """ "cây thì 40, đèn 0,7 km": the name stands behind the next comma."""
        return mention.first > one.last and self.clauses.comma_between(one.last, mention.first)

    def _unnamed_thing(self, one: Placed, mention: Mention, codes: tuple[str, ...]) -> None:
        """ "sinh hoạt chi đoàn 3 buổi, mười lăm tin bài": in a clause of its own only the unit says what it is."""
        if one.quantity.unit == TREE and self.catalogue[mention.codes[0]].unit == "km":
            self._other_thing(one, mention, codes)
            return
        meant = self.weighing.evidence.meant_in_clause(one, codes) if len(codes) > 1 else codes
        result = measured(one.quantity, self.catalogue[meant[0]])
        likely = self._alike(one, meant) or (result.proposed if len(meant) == 1 else None)
        self.gathered.ask(one, meant, result.problem or "ambiguous", likely, "unnamed")

    def _other_thing(self, one: Placed, mention: Mention, codes: tuple[str, ...]) -> None:
        quantity, indicator = one.quantity, self.catalogue[mention.codes[0]]
        if (
            quantity.unit == TREE and indicator.unit == "km" and not self._apart(one, mention)
        ):  # "thắp sáng 2 cây": two kilometres
            length = measured(replace(quantity, unit="km"), indicator).value
            self.gathered.ask(one, (mention.codes[0], *codes), "ambiguous", length, "unit")
            return
        meant = self.weighing.evidence.meant_in_clause(one, codes) if len(codes) > 1 else codes
        if len(meant) == 1 and meant[0] not in self.gathered.found:
            self.gathered.ask(one, meant, "ambiguous", measured(quantity, self.catalogue[meant[0]]).value, "unit")
        else:
            self.gathered.leave(one, codes, "unit")

    def _alike(self, one: Placed, codes: Sequence[str]) -> Value | None:
        """The value that the number is for each of the few indicators, so that only which one it is stays open."""
        if len(codes) > _FEW:
            return None
        values = [measured(one.quantity, self.catalogue[code]).value for code in codes]
        return values[0] if len({value and value.amount for value in values}) == 1 else None

    def unnamed(self, one: Placed, scope: Scope) -> bool:
        """A number nothing names: a correction of an earlier one (then True), the question's, asked, or nothing."""
        quantity = one.quantity
        if self.corrections.announced(one.first) and self._correct(one):
            return True
        codes = self.labels.counted_in(quantity.unit)
        if self._labelled(one, codes, scope):
            return False
        if self.asked and not scope.part:
            self.waits(one, scope)
        elif self.labels.joined and self._joined(one):  # "quý này kết nạp 3": to the Union, Association or Party
            self.gathered.ask(one, self.labels.joined, "ambiguous", self._alike(one, self.labels.joined), "unnamed")
        else:
            self._counting_no_name(one, scope, codes)
        return False

    def waits(self, one: Placed, scope: Scope) -> None:
        """Keeps a number for the open question."""
        self.free.append((one, scope))
        self.gathered.wait(one)

    def _came_to_the_unnamed(self, one: Placed, family: str | None, codes: tuple[str, ...]) -> None:
        """ "Xem phim: 1 buổi, 50 bạn": an attendance that several kinds of sessions share may have the 50 too."""
        line = self.clauses.line[one.first]
        if family == "event":
            self._sessions = (line, codes)
        elif family in ("people", "attendance") and self._sessions[0] == line:
            pairs = [str(self.catalogue[code].pair) for code in self._sessions[1]]
            self.gathered.open.update(pair for pair in pairs if pairs.count(pair) > 1)

    def _counting_no_name(self, one: Placed, scope: Scope, codes: tuple[str, ...]) -> None:
        quantity, family = one.quantity, family_of(one.quantity.unit)
        known = len(codes) == 1 and codes[0] in self.gathered.found
        self._came_to_the_unnamed(one, family, codes)
        short = quantity.unit is None and self.around.in_short_sentence(one)
        if family == "share" or (family == "people" and self.gathered.findings):
            self.gathered.leave(one, (), "unnamed")
        elif scope.total and known and family == "thing" and quantity.problem is None:
            self.weighing.take(one, Link(codes[0], True, 0.0, None), scope)  # "đợt 1 120 cây, …, cả quý là 210 cây"
        elif scope.part and known and not self.around.of_their_own(one):
            self.gathered.leave(one, codes, "parts")  # "tổng 450 cây, trong đó ấp Bắc 180 cây, ấp Nam 150 cây"
        elif short:
            self.gathered.ask(one, (), quantity.problem or "unnamed", None, "unnamed")
        elif quantity.unit is None or not codes:
            self.gathered.leave(one, (), "unnamed")
        else:
            self._by_unit_alone(one, scope, codes)

    def _joined(self, one: Placed) -> bool:
        """ "kết nạp 3", "2 em mới": so many were admitted, whatever to."""
        tokens, unit = self.around.tokens, one.quantity.unit
        if unit is None:
            return JOINING.ending(tokens, one.first, 2) is not None or self._labelled_joining(one)
        first = one.first - (one.first > 0 and tokens[one.first - 1].text == ":")
        before = JOINING.ending(tokens, first, 3) is not None
        return unit in (PERSON, CHILD) and (are_new(tokens, one) or before or admitted(tokens, one))

    def _labelled_joining(self, one: Placed) -> bool:
        """ "Kết nạp mới trong quý: 4": the words of a label say when it was."""
        tokens, place = self.around.tokens, one.first - 1
        if place < 1 or tokens[place].text != ":":
            return False
        first, _ = self.clauses.clause(place, place, _LABEL_LONGEST)
        joining = JOINING.at(tokens, first)
        return joining is not None and all(
            tokens[at].fold in self.catalogue.plain_words.between for at in range(joining[0], place)
        )

    def _by_unit_alone(self, one: Placed, scope: Scope, codes: tuple[str, ...]) -> None:
        quantity = one.quantity
        proposed = None
        if len(codes) == 1 and scope.total:
            self.gathered.loose.append((codes[0], -1, True))
        if family_of(quantity.unit) == "thing":  # "Quà: 5 phần cho cựu chiến binh; 3 phần cho hộ nghèo"
            line = self.clauses.line[one.first]
            counted = [f.code for f in self.gathered.findings[-8:] if self.clauses.line[f.place] == line]
            self.gathered.loose.extend((code, -1, True) for code in codes if code in counted)
        codes = labelled_alike(self.labels, self.around.tokens, one, codes)
        if quantity.problem is None:
            proposed = self._alike(one, codes)
        self.gathered.ask(one, codes, quantity.problem or "ambiguous", proposed, "unnamed")

    def _labelled(self, one: Placed, codes: Sequence[str], scope: Scope) -> bool:
        """ "cây: 250" in a list: its only meaning is taken, as long as something was done and nothing was named."""
        clear = one.quantity.problem is None and scope.mode == "done" and not scope.part
        if not clear or len(codes) != 1 or codes[0] in self.gathered.found:
            return False
        alone = bool(self.gathered.findings) and self.around.fills_its_line(one)  # a list: "…\n1 đoàn viên mới\n80 cây"
        if not alone and not self.around.labels_itself(one):
            return False
        self.weighing.take(one, Link(codes[0], True, 0.0, None), scope)
        return True

    def _correct(self, one: Placed) -> bool:
        """A correction that names nothing: clear only if one earlier number can be meant."""
        codes = self.corrections.meant(one, self.gathered.findings)
        if not codes:
            return False
        self.gathered.take_out(codes)
        if len(codes) > 1:
            self.gathered.ask(one, codes, "correction", None, "correction")
            return True
        result = measured(one.quantity, self.catalogue[codes[0]])
        if result.value is not None:
            self.gathered.find(codes[0], result.value, one.first, rule="correction")
        else:
            self.gathered.ask(one, codes, result.problem or "ambiguous", result.proposed, "correction")
        return True
