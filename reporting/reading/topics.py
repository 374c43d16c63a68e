"""What a text is still about: the last thing named, for numbers whose own clause names nothing."""

from collections.abc import Sequence

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ATTENDANCE, family_of
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.measures import code_for
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.found.scopes import Scope
from reporting.reading.linking.assignment import WholeReading
from reporting.reading.linking.labelled import admitted, are_new, attended
from reporting.reading.linking.options import Link
from reporting.reading.linking.surroundings import Surroundings
from reporting.reading.verdict import CARRIED_OVER
from reporting.text.lexicon import in_plain_letters
from reporting.text.words import Token

_ALL_THERE_ARE = in_plain_letters("reader.all_there_are")


class Topics:
    """The topic of one text, read from its beginning to its end."""

    def __init__(
        self,
        tokens: Sequence[Token],
        scopes: Sequence[Scope],
        labels: Labels,
        clauses: Clauses,
        linker: WholeReading,
        around: Surroundings,
    ) -> None:
        self.tokens, self.scopes, self.labels, self.clauses = tokens, scopes, labels, clauses
        self.linker, self.around = linker, around
        self.catalogue: Catalogue = labels.catalogue
        self.topic: Link | None = None
        self.topic_sentence = -1
        self.topic_line = -1
        self._before_topic: str | None = None
        self._before_line = -1

    def now(self, one: Placed, link: Link) -> None:
        """The name of a number becomes the topic."""
        self.topic = link
        self.topic_sentence = self.clauses.sentence[one.first]
        self.topic_line = self.clauses.line[one.first]

    def heading(self, mention: Mention) -> None:
        """A name becomes the topic of what follows in its line, and of the next lines if they name nothing."""
        if self.topic is not None and self.topic.mention is not None:
            self._before_topic, self._before_line = self.topic.mention.codes[0], self.topic_line
        self.topic = Link(mention.codes[0] if len(mention.codes) == 1 else None, True, 0.0, mention)
        self.topic_sentence = self.clauses.sentence[mention.first]
        self.topic_line = self.clauses.line[mention.first]

    def perhaps_attendance(self, link: Link, one: Placed, found: set[str]) -> bool:
        """ "Số đoàn viên: 22" below the heading of an activity may be those who came, not the membership."""
        heading = self._before_topic
        return (
            link.code in self.labels.wholes
            and link.mention is not None
            and not _ALL_THERE_ARE & {t.fold for t in self.tokens[link.mention.first : link.mention.last]}
            and one.quantity.of is None
            and heading is not None
            and self.catalogue[heading].pair is not None
            and self.catalogue[heading].pair not in found
            and self.topic_line - self._before_line in range(1, 4)
        )

    def open_beside(self, one: Placed) -> set[str]:
        """ "dọn vệ sinh, 25 bạn đi. Cả quý là 3 buổi, 71 lượt": what the sentence before named, which may go on."""
        topic = self.topic
        if topic is None or topic.code is None or self.clauses.line[one.first] != self.topic_line:
            return set()
        going_on = self.clauses.sentence[one.first] != self.topic_sentence
        if not going_on or family_of(one.quantity.unit) not in ("event", "attendance"):
            return set()
        pair = self.catalogue[topic.code].pair
        return {topic.code, pair} if pair is not None else {topic.code}

    def carried(self, number: int, one: Placed) -> Link | None:
        """A number without a name still counts the last named thing, if nothing else came between."""
        topic = self.topic
        if topic is None or topic.mention is None or not self.linker.sureness.bare_around(number, topic.mention):
            return None
        sentence = self.clauses.sentence[one.first]
        line = self.clauses.line[one.first]
        family = family_of(one.quantity.unit)
        apart = line != self.topic_line and (self.around.long_line(topic.mention.first) or self.around.has_a_label(one))
        if apart or self._too_far(one, sentence, line):
            return None
        total = self.scopes[one.digits].total  # "…: 2 buổi, …: 1 buổi. Cộng: 3 buổi"
        if line == self.topic_line and sentence != self.topic_sentence and family not in CARRIED_OVER and not total:
            return None
        codes = [code_for(self.catalogue, c, one.quantity) for c in topic.mention.codes]
        if self._other_people(one, codes) or self._asked_nearer(number, codes):
            return None
        if len(codes) != 1 or codes[0] is None:
            return Link(None, True, 0.0, topic.mention) if sentence == self.topic_sentence else None
        self.topic_line = line
        return Link(codes[0], True, 0.0, topic.mention, carried=True)

    def _other_people(self, one: Placed, codes: Sequence[str | None]) -> bool:
        """New people never attend, and who took part was not admitted."""
        named = [code for code in codes if code is not None]
        came = any(self.catalogue[code].unit == ATTENDANCE for code in named)
        joined = any(code in self.labels.joined for code in named)
        other = attended(self.tokens, one) or admitted(self.tokens, one)
        return (came and are_new(self.tokens, one)) or (joined and other)

    def _asked_nearer(self, number: int, codes: Sequence[str | None]) -> bool:
        """Whether the open question asks for a number that the topic does not count, or counts in another unit."""
        if number not in self.linker.asked:
            return False
        unit = self.linker.placed[number].quantity.unit
        exactly = self.linker.asked[number]
        return codes == [None] or (exactly and all(c is None or self.catalogue[c].unit != unit for c in codes))

    def _too_far(self, one: Placed, sentence: int, line: int) -> bool:
        if sentence - self.topic_sentence > 1 and line - self.topic_line > 3:
            return True
        return one.quantity.unit is None and sentence != self.topic_sentence and line == self.topic_line
