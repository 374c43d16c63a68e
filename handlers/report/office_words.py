"""What people call an indicator in; names the office's bot learns of it, and the catalogue with them, out."""

import re
from collections import Counter
from collections.abc import Sequence

from handlers.turn import Turn
from reporting.dialogue.effects import Put, Step
from reporting.dialogue.events import Event, Said
from reporting.figures.catalogue import Catalogue, Level
from reporting.reading.taught import Vote, learned, with_words
from reporting.reading.unknown import number_in, unknown_words
from reporting.text.masking import masked
from storage.database import Database
from storage.organisation import office_words
from storage.reports.events import happened

_DIGITS = re.compile(r"\d+")
_LEAST_DIGITS = 2  # of a number that is found again in another message: small ones come twice by chance


class OfficeWords:
    """The office's own names: read with the catalogue's, and learned where three people mean the same by one."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db, self._shipped = db, catalogue
        self._words: dict[str, str] = {}
        self._known = catalogue

    async def catalogue(self) -> Catalogue:
        """The catalogue with the names in use now: one that was just learned or removed counts at once."""
        words = {word.phrase: word.code for word in await office_words.in_use(self._db)}
        if words != self._words:
            self._words, self._known = words, with_words(self._shipped, words)
        return self._known

    async def hear(self, turn: Turn, event: Event, step: Step, level: Level) -> None:
        """Takes a value that settles an unknown phrase for a word of the person; keeps what the message leaves unknown.

        A phrase is settled by a choice or a yes, which stores the number it came with, or by a message whose only
        number is that one.
        """
        text = event.text if isinstance(event, Said) else ""
        puts = [effect for effect in step.effects if isinstance(effect, Put)]
        left = []
        for phrase, number in turn.state.unknown:
            meant = [put for put in puts if number_in(put.value.source) == number]
            if len(meant) == 1 and _answers(text, number):
                await self._vote(turn, Vote(phrase, meant[0].code, turn.standing.person_id or 0))
            else:
                left.append((phrase, number))
        if _not_stored(text, puts):
            found = unknown_words(masked(text), self._known, level)
            left = [(one.phrase, one.number) for one in found]
        elif any(char.isdigit() for char in text):
            left = []
        turn.state.unknown = tuple(left)

    async def _vote(self, turn: Turn, vote: Vote) -> None:
        given = await office_words.votes(self._db, vote.phrase)
        if given is None or not vote.person:
            return
        turn.rows.append(office_words.voted(vote, turn.now))
        if (word := learned([*(one for one in given if one.person != vote.person), vote])) is not None:
            turn.rows += office_words.learn(*word, turn.now)
            turn.rows.append(happened("word.learned", word[1], None, turn.now))


def _not_stored(text: str, puts: Sequence[Put]) -> bool:
    """Whether some number of the message was not stored: only such a one has unknown words beside it."""
    stored = Counter(digits for put in puts for digits in _DIGITS.findall(put.value.source))
    return bool(Counter(_DIGITS.findall(text)) - stored)


def _answers(text: str, number: str) -> bool:
    """Whether the message is a choice, or words without a number, or names the one number once more."""
    if not any(char.isdigit() for char in text):
        return True
    return number_in(text) == number and sum(char.isdigit() for char in number) >= _LEAST_DIGITS
