"""A name and the words beside it in, whether it means another thing or somebody who only helped out."""

from collections.abc import Sequence

from reporting.numbers.quantity import Placed
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.mentions import Labels, Mention
from reporting.text.lexicon import ORGANISATIONS, PARTNER_WORDS, phrases, spelt
from reporting.text.word_lists import written
from reporting.text.words import Token, typed_with_marks

_GONE_BY = written("reader.gone_by")
_AT, _BODIES = spelt("reader.at_a_body"), phrases("reader.branches")
_PARTNER_REACH = 4
_VETO_REACH = 12
_OWN_NUMBER_NEAR = 3


def so_many_bodies(tokens: Sequence[Token], first: int, last: int) -> bool:
    """ "388 đoàn viên sinh hoạt tại 12 chi đoàn" came to nothing: so many belong to so many bodies."""
    return any(
        _AT.has(tokens[at].form) and tokens[at + 1].kind == "number" and _BODIES.at(tokens, at + 2) is not None
        for at in range(first, min(last, len(tokens) - 2))
    )


class Vetoes:
    """Looks at the words around the names of one text."""

    def __init__(self, tokens: Sequence[Token], placed: Sequence[Placed], labels: Labels) -> None:
        self.tokens, self.placed, self.labels = tokens, placed, labels

    def forbids(self, mention: Mention, clauses: Clauses) -> bool:
        """A name beside words that the catalogue says make it another thing."""
        if ORGANISATIONS.at(self.tokens, mention.first) is not None and self._partner(mention.first):
            return True
        if self._went_by(mention) or so_many_bodies(self.tokens, mention.first + 1, mention.last + 1):
            return True
        vetoes = [self.labels.vetoes[code] for code in mention.codes if code in self.labels.vetoes]
        if not vetoes:
            return False
        first, last = clauses.clause(mention.first, mention.last, _VETO_REACH)
        first, last = self._own_stretch(mention, first, last, clauses)
        own = self.labels.words_of[mention.codes[0]]
        return any(
            (found := veto.at(self.tokens, place)) is not None
            and not (  # a name may hold it
                mention.first <= place and found[0] <= mention.last and self.tokens[place].fold in own
            )
            for place in range(first, last)
            for veto in vetoes
        )

    def _went_by(self, mention: Mention) -> bool:
        """ "hôm qua", "vừa qua", "bão số 3 qua": near a word with marks it is no "quà" whose mark was left out."""
        place = mention.first
        alone = mention.last - place == 1 and self.tokens[place].text in _GONE_BY
        return alone and place > 0 and typed_with_marks(self.tokens, place)

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
