"""What concerns the person rather than the report: petitions, the data held, erasure, help."""

from handlers import permissions
from handlers.leaders import petition_number
from handlers.messages import Choice
from handlers.places import Place
from handlers.report import Reports
from handlers.turn import Turn, fresh_id
from reporting.calendar import local_day, moment
from storage import outbox, petitions, preferences, privacy
from storage.database import Database

MOST_PETITION = 1000

# What is said in help to those who may do it and report for no unit themselves.
_LEADER_ACTS = ("progress", "totals", "petitions", "remind", "calendar", "fewer", "mydata", "erase")


class PersonalMatters:
    """Answers kiennghi, dulieu, xoa and trogiup."""

    def __init__(self, db: Database, reports: Reports) -> None:
        self._db = db
        self._reports = reports

    async def petition(self, turn: Turn, place: Place | None, text: str) -> None:
        """Takes a reporter's petition, asking for its words first."""
        if place is None:
            turn.say_key("period.none_open")
            return
        if not text.strip():
            turn.state["expects"] = "petition"
            turn.say_key("petition.ask")
            return
        turn.state.pop("expects", None)
        turn.rows += petitions.raise_petition(
            fresh_id(), place.round.id, place.unit_id, turn.standing.person_id or 0,
            " ".join(text.split())[:MOST_PETITION], turn.now,
        )  # fmt: skip
        turn.numbered_in = place.round.id
        number = petition_number(place.round.code, outbox.NUMBER)
        turn.say_key("petition.taken", number=number, unit=place.role.unit_name)

    async def data(self, turn: Turn) -> None:
        """Everything held about the person."""
        held = await privacy.held_about(self._db, turn.standing.person_id or 0)
        say = turn.wording.say
        given = (
            f"{moment(held.consent_at)}/{local_day(held.consent_at).year}, bản {held.consent_version}"
            if held.consent_at
            else ""
        )
        turn.say_key(
            "mydata.held",
            name=held.name,
            roles="; ".join(f"{say(f'role.{role}')} {place}".strip() for role, place in held.roles),
            accounts="; ".join(f"{channel} {chat_id}" for channel, chat_id in held.accounts),
            consent=given,
            values=held.values_set,
            wishes="; ".join(say(f"fewer.{value}") for value in await self._wishes(turn)),
        )

    async def _wishes(self, turn: Turn) -> list[str]:
        """How much the person hears, chosen or not."""
        chosen = await preferences.chosen(self._db, turn.standing.person_id or 0)
        digest = [chosen.get("digest", "weekly")] if turn.has_role("leader") else []
        return [chosen.get("reminders", "all"), *digest]

    async def erase(self, turn: Turn, confirmed: bool) -> None:
        """Erases the person after one confirmation."""
        say = turn.wording.say
        if not confirmed:
            turn.state["expects"] = "erase"
            turn.say(
                say("erase.ask"),
                [Choice(say("label.erase"), "erase:yes"), Choice(say("label.later"), "erase:no")],
            )
            return
        person_id = turn.standing.person_id or 0
        held = await privacy.held_about(self._db, person_id)
        turn.rows += privacy.erase(person_id, held.accounts, turn.today.isoformat(), turn.now)
        turn.say_key("erase.done")
        turn.forget = True

    async def help(self, turn: Turn, place: Place | None) -> None:
        """What can be said here, and what is still open."""
        say = turn.wording.say
        if not turn.roles:
            turn.say_key("enrol.no_role")
            return
        lines = []
        if place is not None:
            draft = (await self._reports.held(place)).draft
            left = len(place.form.questions) - draft.answered(place.form)
            if left and not draft.sent:
                lines.append(say("help.open", period=place.round.period.name, left=left))
            lines.append(say("help.reporter"))
        if place is None or permissions.may("petitions", turn.roles):
            known = [say(f"help.{act}") for act in _LEADER_ACTS if permissions.may(act, turn.roles)]
            lines.append(say("help.leader", words="; ".join(known)))
        if permissions.may("issue", turn.roles):
            lines.append(say("help.codes"))
        turn.say("\n".join(lines))
