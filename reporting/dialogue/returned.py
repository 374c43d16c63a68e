"""What a unit says about a figure given back to it in; its reason, its question back or another number out."""

import re
import unicodedata
from dataclasses import dataclass, replace

from reporting.dialogue import life
from reporting.dialogue.draft import Draft, Position
from reporting.dialogue.effects import Ask, AskedBack, Review, Stale, Stands, Step, Submit, WhyRight
from reporting.dialogue.events import Did, Said
from reporting.dialogue.questions import Questions
from reporting.dialogue.removals import taken_out, unexplained
from reporting.dialogue.reply import Reply, read_reply
from reporting.dialogue.rest_in_words import says_no_more
from reporting.dialogue.small_talk import (
    asks_meaning,
    asks_something,
    begins_reason,
    expects_no_entry,
    gives_reason,
    puts_off,
    regrets,
    says_no,
    says_yes,
    wants_to_correct,
    without_reason,
)
from reporting.figures.catalogue import Indicator
from reporting.numbers.quantities import quantities
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.word_lists import listed, loosely
from reporting.text.words import tokens_of

MOST_NOTE = 300  # characters kept of a reason
_FEWEST_WORDS = 4  # of a sentence for the reviewer

_RIGHT = re.compile(
    rf"(?i)^\W*(?:{loosely(listed('returned.before'))}\s+)*{loosely(listed('returned.right'))}"
    rf"(?:\s+{loosely(listed('returned.behind'))})*(?!\w)[\s,.:;–-]*"
)
# The figure itself before these words.
_ITSELF = re.compile(
    rf"(?i)^\W*(?:{loosely(listed('returned.still'))}\s+)?(\d[\d.,]*)(?:\s+{loosely(listed('returned.figure_is'))})?\s+"
)
_CLAUSE = re.compile(r"[,;\n]")


def reason_why_right(text: str) -> str | None:
    """The reason behind words that a figure is right, '' where none is given; None where they do not say so."""
    text = unicodedata.normalize("NFC", text)
    found = _RIGHT.match(text)
    return None if found is None else " ".join(text[found.end() :].split())


def says_right(said: Said, position: Position) -> bool:
    """Whether it begins by saying that a figure is right, while none is doubted: then it changes none."""
    if said.whole or said.corrects or position.waits or len(said.text) > MOST_NOTE:
        return False
    return reason_why_right(said.text) is not None


def stands_because(text: str) -> bool:
    """Whether it only says that a figure is right and why: the numbers of a reason are no figures."""
    reason = reason_why_right(text)
    return bool(reason) and begins_reason(reason or "")


def _tells_more(text: str) -> bool:
    """Whether its numbers stand in a sentence, as in a reason, and not almost alone: "tổ 3 trồng thêm 30 cây"."""
    if regrets(text) or reason_why_right(text) is not None:
        return False
    words = [token for token in tokens_of(text) if token.kind == "word" and not expects_no_entry(token.text)]
    return begins_reason(text) or len(words) >= _FEWEST_WORDS


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to figures that were given back; each is asked about alone, and the last one sends the report again."""

    questions: Questions

    def facing(self, draft: Draft, position: Position) -> Position:
        """Where the chat stands: before the figure that was given back, where nothing else is open.

        Of several a bare number could be any one: the first is asked about by itself before.
        """
        if not draft.returned or draft.sent or position.mode not in ("idle", "reviewing"):
            return position
        question = draft.next_question(self.questions.form)
        if question is None or len(draft.returned) > 1:
            return position
        return Position("asking", question.code, latest=position.latest)

    def said(self, draft: Draft, position: Position, said: Said) -> Step | None:
        """A text about the figure that is asked about; None where it is read as any other."""
        if not draft.returned or said.whole or position.mode in ("clarifying", "confirming"):
            return None
        right, why = self._named_right(draft, said.text)
        if right is not None:
            return self.stands_or_why(draft, right, why)
        indicator = self._open(draft, position)
        if asks_something(said.text) and (named := self._named(draft, said.text)) is not None:
            indicator = named
        if indicator is None:
            names_none = reason_why_right(said.text) is not None or not any(char.isalpha() for char in said.text)
            return self.questions.onward(draft, ()) if names_none and position.mode != "asking" else None
        if position.why and not said.corrects and _tells_more(said.text) and not asks_something(said.text):
            return self.stands(draft, indicator.code, " ".join(said.text.split()))
        return self._said_of(draft, position, indicator, said.text)

    def _said_of(self, draft: Draft, position: Position, indicator: Indicator, text: str) -> Step | None:
        """What a text says of the figure that is meant; None where it is another number for it."""
        if asks_something(text):
            return Step(position, draft, (AskedBack(indicator.code, " ".join(text.split())[:MOST_NOTE]),))
        if says_no(text) or (not position.why and (expects_no_entry(text) or puts_off(text))):
            return Step(position, draft, self.questions.repeat(draft, position, Stale())[1:])
        reason = self._reason(draft, position, indicator, text)
        if reason is None:
            objects = self._objects(indicator, text)
            asked = AskedBack(indicator.code, " ".join(text.split()))
            return Step(position, draft, (asked,)) if objects else None
        return self.stands_or_why(draft, indicator.code, reason)

    def stands_or_why(self, draft: Draft, code: str, reason: str) -> Step:
        """Another number that the reason tells beside "đúng" is asked about: it may be the right one."""
        question = self.questions.form.alone(code)
        if question is not None and (other := self._another(draft, question.indicators[0], reason)):
            asking = Position("asking", question.code)
            return Step(asking, draft, (WhyRight(code, draft.values[code], other),))
        return self.stands(draft, code, reason) if reason else self._why(draft, code)

    def _objects(self, indicator: Indicator, text: str) -> bool:
        """Whether it is a sentence for the reviewer: neither a figure nor a word to the bot ("gửi tuần trước rồi")."""
        if len(text) > MOST_NOTE or any(token.kind == "number" for token in tokens_of(text)):
            return False
        to_bot = (says_yes, says_no_more, regrets, wants_to_correct, asks_meaning, expects_no_entry, puts_off)
        if len(text.split()) < _FEWEST_WORDS or any(one(text) for one in to_bot):
            return False
        reply = self._read(indicator, text)
        figures = reply.values or reply.proposed or reply.problem not in (None, "not_a_number")
        return not (figures or taken_out(text, self.questions.catalogue)[0])

    def _named(self, draft: Draft, text: str) -> Indicator | None:
        """The one figure given back that a question names, where there are several."""
        labels, form = labels_of(self.questions.catalogue), self.questions.form
        said = {code for mention in mentions_of(labels, tokens_of(text)) for code in mention.codes}
        found = [question for code in draft.returned if code in said and (question := form.alone(code)) is not None]
        return found[0].indicators[0] if len(found) == 1 and len(draft.returned) > 1 else None

    def rights(self, draft: Draft, text: str) -> tuple[list[tuple[str, str]], str]:
        """[(figure given back, why)] of the parts that say one is right, and what the other parts say.

        A part begins where a clause names an item: "hiến máu 9, cây xanh vẫn 25 là đúng vì đã đếm, tổ 3 cũng vậy".
        """
        labels, parts = labels_of(self.questions.catalogue), list[str]()
        for clause in _CLAUSE.split(text):
            named = any(mention.first == 0 for mention in mentions_of(labels, tokens_of(clause)))
            if named or not parts:
                parts.append(clause)
            else:
                parts[-1] += f", {clause}"
        found, left = list[tuple[str, str]](), list[str]()
        for part in parts:
            code, why = self._named_right(draft, part)
            if code is None:
                left.append(part.strip())
            else:
                found.append((code, why))
        return found, ", ".join(filter(None, left))

    def _named_right(self, draft: Draft, text: str) -> tuple[str | None, str]:
        """(which figure given back, why) of "sinh hoạt chi đoàn đúng, vì …"; (None, '') where none is named so.

        Of "cây xanh 25 là đúng" the why begins with the 25 where another number stands.
        """
        tokens = tokens_of(text)
        for mention in mentions_of(labels_of(self.questions.catalogue), tokens):
            code = next((code for code in mention.codes if code in draft.returned), "")
            ahead, behind = text[: tokens[mention.first].start], text[tokens[mention.last - 1].end :]
            question = self.questions.form.alone(code) if code else None
            if question is None or ahead.strip():
                continue
            itself = _ITSELF.match(behind)
            reason = reason_why_right(behind[itself.end() :] if itself else behind)
            if reason is not None:
                same = itself is None or self._same(draft, question.indicators[0], itself[1])
                return code, reason if same or itself is None else f"{itself[1]}, {reason}"
        return None, ""

    def _reason(self, draft: Draft, position: Position, indicator: Indicator, text: str) -> str | None:
        """Why the figure is right, '' where the text only says that it is; None where it says another number."""
        if (reason := reason_why_right(text)) is not None:
            return reason
        if (itself := _ITSELF.match(text)) is not None and self._same(draft, indicator, itself[1]):
            reason = reason_why_right(text[itself.end() :])
            if reason is not None and (not reason or gives_reason(reason)):  # not "4200 đúng không"
                return reason
        ahead, _ = unexplained(text, self.questions.catalogue)
        value = dict(self._read(indicator, ahead).values).get(indicator.code)
        same = value is not None and value.amount == draft.values[indicator.code].amount
        if value is not None and not same:
            return None
        worded = any(char.isalpha() for char in text) and not (says_yes(text) or expects_no_entry(text))
        numberless = not any(token.kind == "number" for token in tokens_of(text))
        if worded and (position.why or (gives_reason(text) and (same or numberless))):
            return " ".join(text.split())
        return "" if same or says_yes(text) else None

    def _another(self, draft: Draft, indicator: Indicator, reason: str) -> str:
        """Another number for the figure, not in words that say why: "đúng rồi đó chị, 23 là đúng, em nhầm"; else ''."""
        told = quantities(without_reason(reason)[0])
        return next((one.source for one in told if not self._same(draft, indicator, one.source)), "")

    def _same(self, draft: Draft, indicator: Indicator, number: str) -> bool:
        value = dict(self._read(indicator, number).values).get(indicator.code)
        return value is not None and value.amount == draft.values[indicator.code].amount

    def tapped(self, draft: Draft, position: Position, event: Did) -> Step:
        """ "Số đúng" under a figure that was given back: why?"""
        if event.about not in draft.returned:
            return self.questions.onward(draft, ())
        return self._why(draft, event.about)

    def _why(self, draft: Draft, code: str) -> Step:
        question = self.questions.form.alone(code)
        asking = Position("asking", question.code if question else "", why=True)
        return Step(asking, draft, (WhyRight(code, draft.values[code]),))

    def stands(self, draft: Draft, code: str, reason: str) -> Step:
        """The figure is right as it stands; what is still asked about follows."""
        value = replace(draft.values[code], note=reason[:MOST_NOTE])
        return self.questions.onward(draft.having({code: value}), (Stands(code, value),))

    def sent_again(self, before: Draft, step: Step) -> Step:
        """Once the last figure that was given back is answered, it goes out again: of the rest nothing is asked."""
        done = before.returned and not step.draft.returned and not step.draft.sent
        if not done or step.position.waits:
            return step
        draft = replace(step.draft, state=life.made(step.draft.state, "submit").to)
        said = tuple(effect for effect in step.effects if not isinstance(effect, Ask | Review))
        return Step(Position(), draft, (*said, Submit(again=True)))

    def _open(self, draft: Draft, position: Position) -> Indicator | None:
        question = self.questions.open(position)
        if question is None or len(question.indicators) != 1 or question.indicators[0].code not in draft.returned:
            return None
        return question.indicators[0]

    def _read(self, indicator: Indicator, text: str) -> Reply:
        form = self.questions.form
        return read_reply(text, [indicator], form, self.questions.catalogue, form.level)
