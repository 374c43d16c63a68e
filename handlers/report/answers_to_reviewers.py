"""What a unit says of figures that were given back in; one notice to who gave them back out."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import permissions
from handlers.messages import LABEL_LONGEST, Choice
from handlers.permissions import ActedOn
from handlers.report.assignment import Assignment
from handlers.telling import tell
from handlers.turn import Turn, body
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue import effects as on
from reporting.dialogue.effects import Step
from reporting.dialogue.returned import MOST_NOTE
from reporting.figures.catalogue import Catalogue
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.masking import masked
from reporting.text.words import tokens_of
from storage.database import Database, Statement
from storage.people import people
from storage.people.people import Account
from storage.reports import returns, submissions
from storage.reports.returns import Returned
from storage.reports.submissions import Held


@dataclass(frozen=True, slots=True)
class Reviewers:
    """Tells who gave a figure back what the unit answers; where he may not review it any more, the office."""

    db: Database
    catalogue: Catalogue
    wording: Wording

    async def tell(self, turn: Turn, assignment: Assignment, held: Held, step: Step) -> list[Statement]:
        """The rows that settle what was answered; notices are queued in the turn."""
        known = held.draft.returned
        said = {effect.code: effect for effect in step.effects if isinstance(effect, on.Put | on.Stands | on.AskedBack)}
        ids = (assignment.round.id, assignment.unit_id)
        rows: list[Statement] = []
        open_ = await returns.of_report(self.db, *ids, open_only=True) if known else []
        for one in open_:
            effect = said.get(one.indicator)
            if one.indicator not in step.draft.returned:
                answer = effect.value.note if isinstance(effect, on.Stands) else ""
                rows.append(returns.answered(*ids, one.indicator, answer, turn.now))
            if effect is not None:
                await self._notice(turn, assignment, held, one, effect)
        return rows

    async def _notice(
        self, turn: Turn, assignment: Assignment, held: Held, one: Returned, effect: on.Put | on.Stands | on.AskedBack
    ) -> None:
        say, named = self.wording.say, self.catalogue[one.indicator]
        stood = held.draft.values.get(one.indicator, one.value)  # with the words it was given in
        old = figure_lines.amount(named, stood if stood.amount == one.value.amount else one.value)
        parts = {"unit": assignment.role.unit_name, "label": named.short, "old": old, "new": old}
        match effect:
            case on.AskedBack(_, question):
                text = say("answered.asked", **parts, question=masked(question))
            case on.Stands(_, value):
                text = say("answered.stands", **parts, reason=value.note)
            case on.Put(_, value):
                source = f" {say('returned.source', source=value.source)}" if value.source else ""
                parts["new"] = figure_lines.amount(named, value)
                text = say("answered.changed", **parts, source=source)
        mark = assignment.mark
        choices = [Choice(say("label.give_back", label=named.short)[:LABEL_LONGEST], f"return:{mark}:{one.indicator}")]
        accept = Choice(say("label.accept"), f"accept:{mark}.{held.rev + 1}")
        for account in await self.accounts(turn, assignment, one.returned_by):
            offered = choices
            if not isinstance(effect, on.AskedBack):
                roles = await people.roles_of(self.db, account.person_id, turn.today)
                offered = [accept, *choices] if permissions.may("accept", roles) else choices
            about = {key: part for key, part in body(text, offered, numbered=False).items() if key != "text"}
            key = f"answered:{assignment.round.code}:{one.unit_id}:{one.indicator}:{turn.incoming.message_id}"
            await tell(self.db, turn, f"{key}:{account.person_id}", account, text, **about)

    async def asked(self, turn: Turn, assignment: Assignment, held: Held, question: str) -> None:
        """Passes on a question about a report that was sent, which names no figure that waits.

        The button gives back the one figure it names, or the only one that was given back before.
        """
        ids, say = (assignment.round.id, assignment.unit_id), self.wording.say
        before = await returns.of_report(self.db, *ids)
        reviewer = before[-1].returned_by if before else await submissions.reviewed_by(self.db, *ids)
        named = {code for one in mentions_of(labels_of(self.catalogue), tokens_of(question)) for code in one.codes}
        meant = (named or {one.indicator for one in before}) & held.draft.values.keys()
        said = masked(" ".join(question.split())[:MOST_NOTE])
        parts = {"unit": assignment.role.unit_name, "question": said, "period": assignment.round.period.name}
        text, choices = say("answered.asked_of_report", **parts, code=assignment.role.unit_code), []
        if len(meant) == 1:
            code = meant.pop()
            one = self.catalogue[code]
            value = figure_lines.amount(one, held.draft.values[code])
            text = say("answered.asked", **parts, label=one.short, new=value)
            label = say("label.give_back", label=one.short)[:LABEL_LONGEST]
            choices = [Choice(label, f"return:{assignment.mark}:{code}")]
        about = {key: part for key, part in body(text, choices, numbered=False).items() if key != "text"}
        for account in await self.accounts(turn, assignment, reviewer):
            key = f"asked:{assignment.mark}:{turn.incoming.message_id}:{account.person_id}"
            await tell(self.db, turn, key, account, text, **about)

    async def accounts(self, turn: Turn, assignment: Assignment, person_id: int | None) -> Sequence[Account]:
        """Where the reviewer is written to; a branch's commune while nobody has judged its report; else the office,
        also where the reviewer is gone or may not review the unit any more.
        """
        unit = (await self.db.read("select parent_id from unit where id = ?", (assignment.unit_id,)))[0]
        if person_id is None and assignment.level == "chi_doan" and unit["parent_id"] is not None:
            above = {a.person_id: a for a in await people.to_tell(self.db, turn.today, unit_id=unit["parent_id"])}
            above.pop(turn.standing.person_id or 0, None)
            if above:
                return list(above.values())
        if person_id is not None:
            roles = await people.roles_of(self.db, person_id, turn.today)
            role = assignment.role
            target = ActedOn(assignment.unit_id, unit["parent_id"], role.cluster_id or role.unit_cluster_id)
            own = await people.accounts_of(self.db, person_id)
            if own and permissions.may_unit("review", roles, target):
                return own[-1:]
        return list({a.person_id: a for a in await people.office(self.db, turn.today)}.values())
