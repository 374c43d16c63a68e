"""The office's words about its own names of indicators in; the list of them, one taken up or one removed, out."""

from handlers.routes import Asked
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue
from reporting.reading.taught import as_taught, indicator_named, refusal
from reporting.text.masking import masked
from storage.database import Database
from storage.organisation import office_words
from storage.reports.events import happened

MOST_TOLD = 40  # names in one message; `giaoban words list` prints all
_BETWEEN = ("=", ":", " là ")  # the name and what it counts


class OwnWords:
    """Lists, takes up and removes the office's own names of indicators by chat."""

    def __init__(self, db: Database, catalogue: Catalogue, wording: Wording) -> None:
        self._db, self._catalogue, self._wording = db, catalogue, wording

    async def listed(self, turn: Turn, asked: Asked) -> None:
        """All names in use, each with its indicator, and how one is taught and removed."""
        say, words = self._wording.say, await office_words.in_use(self._db)
        lines = [
            say(f"own_word.{word.origin}", phrase=word.phrase, label=self._catalogue[word.code].short)
            for word in words[:MOST_TOLD]
            if word.code in self._catalogue
        ]
        if not lines:
            turn.say("\n".join([say("own_words.none"), say("own_words.how")]))
            return
        more = [say("own_words.more", count=len(words) - MOST_TOLD)] if len(words) > MOST_TOLD else []
        turn.say("\n".join([say("own_words.list"), *lines, *more, say("own_words.how")]))

    async def teach(self, turn: Turn, asked: Asked) -> None:
        """ "thêm từ riêng: phủ xanh đồi trọc = cây xanh"."""
        mark = next((mark for mark in _BETWEEN if mark in asked.rest), None)
        written, _, named = asked.rest.partition(mark) if mark else (asked.rest, "", "")
        phrase, code = as_taught(masked(written)), indicator_named(named, self._catalogue)
        if not phrase or mark is None:
            turn.say_key("own_words.how_to_add")
        elif (why := refusal(phrase, self._catalogue)) is not None:
            turn.say_key("own_words.refused", phrase=phrase, why=self._wording.say(f"no_name.{why}"))
        elif code is None:
            turn.say_key("own_words.no_indicator", named=" ".join(named.split()) or "…", phrase=phrase)
        else:
            turn.rows += office_words.give(phrase, code, turn.now)
            turn.rows.append(happened("word.given", code, turn.standing.person_id, turn.now))
            turn.say_key("own_words.given", phrase=phrase, label=self._catalogue[code].short)

    async def remove(self, turn: Turn, asked: Asked) -> None:
        """ "bỏ từ riêng: phủ xanh đồi trọc"."""
        phrase = as_taught(asked.rest)
        known = await office_words.known(self._db, phrase)
        if known is None:
            turn.say_key("own_words.unknown", phrase=phrase or "…")
            return
        turn.rows.append(office_words.remove(phrase, turn.now))
        turn.rows.append(happened("word.removed", known.code, turn.standing.person_id, turn.now))
        turn.say_key("own_words.removed", phrase=known.phrase)
