"""Everything stored about a person in, the text that tells it out."""

from datetime import datetime, timedelta

from handlers.wording.speech import Wording
from reporting.time.calendar import dated_moment, local_day
from reporting.time.data_terms import FULFIL_DAYS
from storage.people.data_requests import DataRequest
from storage.people.privacy import HeldAbout
from storage.periods.tasks import task_number
from storage.reports.petitions import petition_number
from storage.reports.texts import KEPT_DAYS
from storage.review import photos

# A text is shown by its beginning: enough to know it again, short enough for one message.
MOST_SHOWN = 60
MOST_LISTED = 5


def held_in_words(wording: Wording, held: HeldAbout) -> str:
    """One line a kind of thing; kinds of which nothing is held are left out, the first five of a kind are listed."""
    say = wording.say
    lines = [say("mydata.head"), say("mydata.name", name="; ".join((held.name, *held.named)))]
    for role in held.roles:
        held_as = {"role": say(f"role.{role.role}"), "area": role.area, "since": _day(role.since)}
        if role.until:
            lines.append(say("mydata.role_ended", **held_as, until=_day(role.until)))
        else:
            lines.append(say("mydata.role", **held_as))
    lines += [
        say(
            "mydata.account", channel=account.channel, chat=account.chat_id,
            consent=say(f"consent.{account.consent}"), version=account.version,
            moment=dated_moment(account.at) if account.at else "",
        )
        for account in held.accounts
    ]  # fmt: skip
    lines.append(say("mydata.values", count=held.values_set))
    listed = [
        say("mydata.petition", number=petition_number(period, number), text=_short(text))
        for period, number, text in held.petitions
    ]
    listed += [
        say("mydata.pasted", day=dated_moment(text.at), until=_day_of(text.at + timedelta(days=KEPT_DAYS)),
            text=_short(text.text))
        for text in held.pasted
    ]  # fmt: skip
    listed += [
        say("mydata.task", number=task_number(period, number), text=_short(text)) for period, number, text in held.tasks
    ]
    lines += listed[:MOST_LISTED]
    if len(listed) > MOST_LISTED:
        lines.append(say("mydata.more", count=len(listed) - MOST_LISTED))
    if held.notes:
        until = _day_of(held.notes[-1] + timedelta(days=KEPT_DAYS))
        lines.append(say("mydata.notes", count=len(held.notes), until=until))
    if held.photos:
        until = _day_of(held.photos[-1] + timedelta(days=photos.KEPT_DAYS))
        lines.append(say("mydata.photos", count=len(held.photos), until=until))
    if held.preferences:
        chosen = "; ".join(say(f"fewer.{value}") for _, value in held.preferences)
        lines.append(say("mydata.preferences", chosen=chosen))
    lines += [_request(wording, one) for one in held.asked]
    return "\n".join([*lines, say("mydata.end")])


def _request(wording: Wording, one: DataRequest) -> str:
    say = wording.say
    day = one.done_on or one.asked_on + timedelta(days=FULFIL_DAYS)
    state = say("mydata.request_done" if one.done_on else "mydata.request_waits", day=_day(day.isoformat()))
    return say("mydata.request", number=one.id, kind=say(f"request_kind.{one.kind}"),
               asked=_day(one.asked_on.isoformat()), state=state)  # fmt: skip


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= MOST_SHOWN else words[: MOST_SHOWN - 1] + "…"


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"


def _day_of(instant: datetime) -> str:
    return _day(local_day(instant).isoformat())
