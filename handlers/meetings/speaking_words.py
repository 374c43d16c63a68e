"""Units in the order in which they speak in, a line for each out, with what it is asked about."""

from collections.abc import Sequence

from handlers.wording.speech import Wording
from reporting.figures.speaking import Speaker

MOST_NAMED = 3  # figures, petitions or tasks in one reason


def speaking_lines(wording: Wording, found: Sequence[Speaker]) -> list[str]:
    """ "1) Đoàn xã Tân Lập: chưa gửi báo cáo; …"; what is said of nobody stands in the last lines as well."""
    if not found:
        return [wording.say("speaking.nobody")]
    return [
        wording.say("speaking.row", number=number, unit=one.name, why=why(wording, one))
        for number, one in enumerate(found, 1)
    ]


def why(wording: Wording, one: Speaker) -> str:
    """What the unit is asked about, what weighs most first."""
    said = {
        "given_back": one.given_back,
        "far": one.far,
        "task": one.tasks,
        "petition": one.petitions,
    }
    reasons = []
    for concern in one.concerns:
        names = said.get(concern, ())
        told = ", ".join(names[:MOST_NAMED]) + ("…" if len(names) > MOST_NAMED else "")
        reasons.append(wording.say(f"speaking_why.{concern}", names=told, late=one.late_branches, count=one.branches))
    return "; ".join(reasons) or wording.say("speaking_why.well")
