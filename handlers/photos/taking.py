"""A photo in, kept for the report it belongs to; what it shows, as told with it or asked for once; the answers out."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from handlers import permissions
from handlers.channel import Channel
from handlers.commands import folded, spoken
from handlers.messages import LABEL_LONGEST, Choice, FileNotRead
from handlers.person.asides import asides_in
from handlers.report.assignment import Assignment, position_in, reported_for
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.routes import Asked
from handlers.turn import Turn, fresh_id
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.numbers.quantities import quantities
from reporting.numbers.units import ATTENDANCE
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.words import tokens_of
from storage.database import Database
from storage.reports.events import happened
from storage.review import photos
from storage.review.photos import Photo

MOST_OFFERED: Final = 8  # indicators, as what a photo may show
MOST_LETTERS: Final = 200  # of what stands under a photo
MOST_IN_A_ROW: Final = 50
MOST_BYTES: Final = 20 * 1024 * 1024
_SKIPPED: Final = "-"


class PhotoDesk:
    """Takes photos from those who report."""

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        reports: Reports,
        running: RunningReports,
        channels: Mapping[str, Channel],
    ) -> None:
        self._db = db
        self._catalogue = catalogue
        self._reports = reports
        self._running = running
        self._channels = channels

    # --- taking one -----------------------------------------------------------------------------------------------

    async def alone(self, turn: Turn) -> None:
        """A photo without words: kept, and asked once what it shows."""
        turn.state.photos = ()
        asked = turn.state.expects not in ("", "photo")  # for words, which this is not; what comes next is the answer
        if turn.state.expects == "hot":
            turn.say_key("photo.hot")
            return
        assignment = self._report(turn)
        if assignment is None:
            if not self._waits(turn, ""):
                turn.say(self._refusal(turn))
            return
        options = await self._options(turn, assignment)
        about = options[0] if len(options) == 1 and self._asking(turn, assignment) else None
        line = await self._kept(turn, assignment, "", about)
        if asked:
            turn.say(line)
        elif about is None and turn.state.photos:
            turn.state.expects = "photo"
            self._ask(turn, line, options)
        else:
            await self._say(turn, line)

    async def another(self, turn: Turn) -> None:
        """One sent with or right after another, which has had the answer: kept like that one, and not told."""
        message = turn.incoming
        if not message.is_photo or turn.standing.person_id is None or turn.standing.consent != "given":
            return
        if turn.state.loose:
            self._wait(turn, "")
            return
        first = await photos.one(self._db, turn.state.photos[0]) if turn.state.photos else None
        assignment = self._report(turn)
        if first is None or assignment is None or len(turn.state.photos) >= MOST_IN_A_ROW:
            return  # why the first one was not kept is said
        open_again, row = turn.state.expects == "photo", turn.state.photos
        about = self._catalogue.indicators.get(first.indicator)
        line = await self._kept(turn, assignment, first.caption, about)
        if turn.state.photos != row:
            return
        if open_again:
            self._ask(turn, line, await self._options(turn, assignment))
        else:
            await self._say(turn, line)

    async def captioned(self, turn: Turn) -> tuple[str, bool]:
        """A photo with words: (what is said of it, whether more than a caption stands there, to be read on)."""
        text = turn.incoming.text
        rest, aside = self._says_more(turn, text), asides_in(text, with_petitions=True)
        turn.state.photos = ()
        if aside.hot or turn.state.expects == "hot":  # the words are for leaders alone, and so would be the photo
            return turn.wording.say("photo.hot"), rest
        turn.state.expects = "" if turn.state.expects == "photo" else turn.state.expects
        assignment = self._report(turn)
        if assignment is not None:
            about = self._shown_in(turn, assignment, text)
            caption = "" if turn.state.expects or aside.petitions or spoken(text) is not None else text
            return await self._kept(turn, assignment, caption, about), rest
        if rest and len(reported_for(turn)) > 1:
            self._wait(turn, text)  # the words themselves have it asked for which unit they are
            return "", rest
        if self._waits(turn, text):
            return "", rest
        return self._refusal(turn), rest and (turn.locked is None or bool(aside.petitions))

    def say_above(self, turn: Turn, line: str) -> None:
        """Puts what was said of a photo above the answer to its words."""
        if line and turn.reply is not None:
            turn.reply["text"] = f"{line}\n{turn.reply['text']}"
        elif line:
            turn.say(line)

    async def settle(self, turn: Turn) -> None:
        """The unit was chosen for which photos waited."""
        waiting, turn.state.loose, lines = turn.state.loose, (), list[str]()
        assignment = self._report(turn)
        for file_id, mark, caption in waiting if assignment is not None else ():
            assert assignment is not None
            about = self._shown_in(turn, assignment, caption)
            lines.append(await self._keep(turn, assignment, (file_id, mark, caption), about))
        if waiting:
            self.say_above(turn, lines[0] if lines else self._refusal(turn))

    # --- what it shows --------------------------------------------------------------------------------------------

    async def told(self, turn: Turn, text: str) -> bool:
        """The words that follow the question; whether they are its answer alone, and are not to be read on."""
        turn.state.expects = ""
        assignment = self._report(turn)
        if assignment is None or spoken(text) is not None or len(text) > MOST_LETTERS or "?" in text:
            return False
        about = self._shown_in(turn, assignment, text)
        if self._says_more(turn, text):
            if about is not None and len(quantities(text)) == 1:
                self._note(turn, turn.state.photos, about, text)
            return False
        self._note(turn, turn.state.photos, about, text)
        await self._say(turn, self._noted(turn, len(turn.state.photos), about.short if about else f"“{_short(text)}”"))
        return True

    async def chosen(self, turn: Turn, asked: Asked) -> None:
        """A tap or number under the question: "shows:ID:INDICATOR"."""
        first, _, code = asked.rest.partition(":")
        ids = turn.state.photos
        if not ids or f"{ids[0]:x}" != first:  # a button of earlier photos
            ids = (int(first, 16),) if first and all(sign in "0123456789abcdef" for sign in first[:14]) else ()
        own = [photo for one in ids[:1] if (photo := await photos.one(self._db, one)) is not None]
        if code == _SKIPPED and ids:
            await self._say(turn, turn.wording.say("photo.left", count=len(ids)))
        elif code in self._catalogue and (ids == turn.state.photos or own):
            self._note(turn, ids, self._catalogue[code], "")
            await self._say(turn, self._noted(turn, len(ids), self._catalogue[code].short))
        else:
            turn.say_key("problem.stale")

    def _note(self, turn: Turn, ids: Sequence[int], about: Indicator | None, text: str) -> None:
        code, words = about.code if about else "", _short(text)
        turn.rows += [photos.shows(one, turn.standing.person_id or 0, code, words) for one in ids]

    def _noted(self, turn: Turn, count: int, label: str) -> str:
        return turn.wording.say("photo.noted", count=count, label=label)

    # --- rows and words -------------------------------------------------------------------------------------------

    def _report(self, turn: Turn) -> Assignment | None:
        """The report a photo belongs to: while a quick count waits, that of the running period."""
        found = self._reports.assignment(turn)
        if found is None or not found.round.period.is_quick:
            return found
        running = turn.round is not None and turn.round.state == "open"
        return self._reports.of_round(found.role, turn.round) if running and turn.round is not None else None

    def _refusal(self, turn: Turn) -> str:
        """Why a photo is not kept."""
        if not turn.roles:
            return turn.wording.say("enrol.no_role")
        if not reported_for(turn):
            see = turn.wording.say("photo.see") if permissions.may("photos", turn.roles) else ""
            return f"{turn.wording.say('photo.not_reporting')} {see}".rstrip()
        if turn.locked is not None:
            return turn.wording.say("photo.locked", period=turn.locked.period.name)
        return turn.wording.say("photo.no_period")

    def _wait(self, turn: Turn, caption: str) -> None:
        message = turn.incoming
        turn.state.loose = (*turn.state.loose, (message.file_id, message.file_mark, _short(caption)))[-MOST_IN_A_ROW:]

    def _waits(self, turn: Turn, caption: str) -> bool:
        """Whether it waits until the unit is chosen, which is then asked for."""
        if turn.locked is None and self._reports.assignment(turn) is None and self._running.ask_unit(turn, ""):
            self._wait(turn, caption)
            return True
        return False

    async def _kept(self, turn: Turn, assignment: Assignment, caption: str, about: Indicator | None) -> str:
        """Keeps the photo of this message; what is said of it."""
        message = turn.incoming
        return await self._keep(turn, assignment, (message.file_id, message.file_mark, caption), about)

    async def _keep(
        self, turn: Turn, assignment: Assignment, photo: tuple[str, str, str], about: Indicator | None
    ) -> str:
        say, ids, (file_id, mark, caption) = turn.wording.say, (assignment.round.id, assignment.unit_id), photo
        mark = mark or await self._mark(turn.incoming.channel, file_id)
        if await photos.known(self._db, *ids, mark):
            return say("photo.again")
        person, code = turn.standing.person_id, about.code if about else ""
        kept = Photo(fresh_id(), *ids, turn.incoming.channel, file_id, mark, code, _short(caption), person, turn.now)
        turn.rows.append(photos.keep(kept))
        turn.rows.append(happened("photo.kept", code or "photo", person, turn.now, period_id=ids[0], unit_id=ids[1]))
        first = not turn.state.photos and not await photos.of_person(self._db, person or 0)
        turn.state.photos = (*turn.state.photos, kept.id)
        label = about.short if about else f"“{_short(caption)}”" if caption else ""
        names = {"unit": assignment.role.unit_name, "period": assignment.round.period.name, "label": label}
        lines = [say("photo.kept_of" if label else "photo.kept", **names)]
        lines += [say("photo.notice", days=photos.KEPT_DAYS)] if first else []
        return "\n".join(lines)

    async def _mark(self, channel: str, file_id: str) -> str:
        """Of a photo whose channel gives it another id each time: by its bytes, which are read and not kept."""
        try:
            content = await self._channels[channel].fetch(file_id, MOST_BYTES)
        except (KeyError, FileNotRead):
            return file_id
        return f"sha256:{hashlib.sha256(content).hexdigest()}"

    def _ask(self, turn: Turn, line: str, options: Sequence[Indicator]) -> None:
        say, first = turn.wording.say, f"{turn.state.photos[0]:x}"
        choices = [Choice(one.short[:LABEL_LONGEST], f"shows:{first}:{one.code}") for one in options]
        choices.append(Choice(say("label.skip_photo"), f"shows:{first}:{_SKIPPED}"))
        turn.say(f"{line}\n{say('photo.ask' if options else 'photo.ask_words')}", choices)

    async def _say(self, turn: Turn, line: str) -> None:
        """The line, and under it what was open before."""
        turn.say(line)
        await self._reports.say_of_waiting(turn)
        await self._reports.say_of_open(turn)

    # --- what words mean ------------------------------------------------------------------------------------------

    def _asking(self, turn: Turn, assignment: Assignment) -> bool:
        return position_in(turn, assignment).mode == "asking"

    async def _options(self, turn: Turn, assignment: Assignment) -> list[Indicator]:
        """What it may show: the indicators of the open question, else those the report has figures of."""
        position = position_in(turn, assignment)
        question = assignment.form.question(position.question) if position.mode == "asking" else None
        if question is not None:
            found = list(question.indicators)
        else:
            values = (await self._reports.held(assignment)).draft.values
            reported = {code for code, value in values.items() if value.amount}
            asked = [one for question in assignment.form.questions for one in question.indicators]
            found = [one for one in asked if one.code in reported]
        return [one for one in found if one.unit != ATTENDANCE and not one.stands][:MOST_OFFERED]

    def _says_more(self, turn: Turn, text: str) -> bool:
        """Whether words under a photo say more than what it shows: a figure, a word of the bot, another answer."""
        if turn.state.expects not in ("", "photo") or spoken(text) is not None or quantities(text):
            return True
        aside = asides_in(text, with_petitions=True)
        return bool(aside.hot or aside.petitions) or len(text) > MOST_LETTERS or turn.chosen() is not None

    def _shown_in(self, turn: Turn, assignment: Assignment, text: str) -> Indicator | None:
        """The one indicator that the words name; of several the one that is asked just now."""
        said = {code for found in mentions_of(labels_of(self._catalogue), tokens_of(text)) for code in found.codes}
        said |= {one.code for one in self._catalogue.indicators.values() if folded(one.short) == folded(text)}
        named = [code for code in said if assignment.form.accepts(code)]
        if len(named) > 1 and self._asking(turn, assignment):
            question = assignment.form.question(position_in(turn, assignment).question)
            asked = {one.code for one in question.indicators} if question else set[str]()
            named = [code for code in named if code in asked]
        return self._catalogue[named[0]] if len(named) == 1 else None


def _short(text: str) -> str:
    return " ".join(text.split())[:MOST_LETTERS]
