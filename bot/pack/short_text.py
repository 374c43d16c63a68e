"""A pack in, the text that can be forwarded to a chat group out: at most two thousand units of UTF-16."""

from bot.pack.contents import Pack
from bot.pack.sentences import Sentences
from handlers.leaders.key_rows import key_rows
from handlers.wording.speech import Wording
from storage.periods.tasks import by_number

LONGEST = 2000  # units of UTF-16, what a Zalo message takes
MOST_FIGURES = 12


def short_text(wording: Wording, pack: Pack) -> str:
    """What matters first: who has filed, what needs attention, the first figures; what finds no room is left out."""
    say, told = wording.say, Sentences(wording, pack)
    head = say("pack.text_head", area=pack.area.name, period=pack.round.period.name)
    foot = say("pack.text_foot", version=pack.version)
    concern = [say("pack.text_concern", targets="; ".join(map(told.target, rows)))] if (rows := told.unmet()) else []
    met = [told.meeting()] if pack.briefing else []
    asked = [say("pack.text_petitions", count=len(waiting))] if (waiting := pack.waiting_petitions) else []
    late = [say("pack.text_late", count=len(pack.late))] if pack.late else []
    figures = [
        f"- {told.figure(row)}"
        for row in key_rows(pack.comparison, MOST_FIGURES)
        if row.value is not None and row.value.amount
    ]
    given = by_number(pack.tasks)
    open_ = [parts for parts in given if any(one.state == "open" for one in parts)]
    done = [say("pack.text_tasks", done=len(given) - len(open_), count=len(given))] if given else []
    wanted = [told.coverage(), *late, *concern, *done, *asked, *met]
    if not figures:
        wanted.append(say("pack.section_empty"))
    lines = [head]
    for line in (*wanted, *figures):
        if units("\n".join([*lines, line, foot])) <= LONGEST:
            lines.append(line)
    return "\n".join([*lines, foot])


def units(text: str) -> int:
    """How long a text is as chats count it."""
    return len(text.encode("utf-16-le")) // 2
