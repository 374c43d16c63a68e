"""Changes of a unit's report in, notices to its other reporters out: once a session, and when it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.telling import tell, waking
from handlers.turn import Turn, body
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue.effects import Put
from reporting.figures.catalogue import Catalogue
from reporting.time.calendar import moment
from storage.database import Database
from storage.messages import outbox
from storage.people import people
from storage.reports import submissions

# A session of work is over when nothing has been changed for so long; then the others hear of it, all in one.
SESSION = timedelta(minutes=10)
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Changed:
    """A unit's report at which somebody is working: ids, names, and the revision it had."""

    period_id: int
    unit_id: int
    period: str
    period_name: str
    unit_name: str
    rev: int


class CoReporters:
    """Tells the other reporters of a unit. Nothing is said of values that nobody had entered before."""

    def __init__(self, db: Database, catalogue: Catalogue, wording: Wording) -> None:
        self._db = db
        self._catalogue = catalogue
        self._wording = wording

    async def tell(self, turn: Turn, report: Changed, puts: Sequence[Put], submits: bool) -> None:
        """Adds to what waits to be told of this person's session, or begins it; a submission ends it."""
        me = turn.standing.person_id or 0
        changes = [put for put in puts if put.old is not None]
        if not changes and not submits:
            return
        others = [a for a in await people.reporters(self._db, report.unit_id, turn.today) if a.person_id != me]
        if not others:
            return
        key = f"shared:{report.period}:{report.unit_id}:{me}:"
        open_ = {chat: (row_id, content) for row_id, chat, content in await outbox.waiting(self._db, key)}
        theirs: set[str] = set()
        if changes:
            codes = [put.code for put in changes]
            theirs = await submissions.set_by_others(self._db, report.period_id, report.unit_id, me, codes)
        for account in others:
            row_id, content = open_.get(f"{account.channel}:{account.chat_id}", (0, {}))
            changed: dict[str, list[str]] = dict(content.get("changed", {}))
            sent = submits or bool(content.get("sent"))
            for put in changes:
                if put.code in theirs or put.code in changed:
                    self._note(changed, put)
            if changed == content.get("changed", {}) and not submits:
                continue
            if row_id and not changed and not sent:
                turn.rows.append(outbox.withdraw(row_id))
                continue
            text = self._text(turn, report, changed, sent)
            wait = timedelta() if sent else SESSION
            about = {"changed": changed, "sent": sent}
            if row_id:
                when = await waking(self._db, turn.now + wait)
                turn.rows.append(outbox.rewrite(row_id, {**body(text), **about}, when))
            else:
                await tell(self._db, turn, f"{key}{report.rev}:{account.person_id}", account, text, wait, **about)

    def _note(self, changed: dict[str, list[str]], put: Put) -> None:
        assert put.old is not None
        named = self._catalogue[put.code]
        first = changed[put.code][0] if put.code in changed else figure_lines.amount(named, put.old)
        new = figure_lines.amount(named, put.value)
        if first == new:
            changed.pop(put.code, None)  # it is again what it was
        else:
            changed[put.code] = [first, new]

    def _text(self, turn: Turn, report: Changed, changed: dict[str, list[str]], sent: bool) -> str:
        say = self._wording.say
        name = f" {turn.standing.name}" if turn.standing.name else ""
        names = {"name": name, "period": report.period_name, "unit": report.unit_name}
        rows = [
            say("notice.value", label=self._catalogue[code].short, old=old, new=new)
            for code, (old, new) in changed.items()
        ]
        values = "; ".join(rows[:MOST_NAMED])
        if len(rows) > MOST_NAMED:
            values = say("notice.more_values", values=values, more=len(rows) - MOST_NAMED)
        if not sent:
            return say("notice.changed", **names, values=values)
        text = say("notice.sent", **names, moment=moment(turn.now))
        return f"{text} {say('notice.with_changes', values=values)}" if values else text
