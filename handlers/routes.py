"""Every word and button as one table: who may use it, what it leads to, where people are told of it.

A row is an act: what a word asks for, or what a button's data begins with ("none:2026-Q1@2f:…"). Its words stand under
its name in handlers/wording/words.toml, its lines of help and of the menu in handlers/wording/vi.toml. The permissions,
the reading of words, the dispatch, the menu and the help are made from this table; an act without a row is refused to
everybody. A column of the middle is a rank, a role seen with its unit's level; a cell says how far the right reaches:

    -        not at all
    own      the role's own unit; for a mentor each unit he is assigned to
    below    the own unit and the units directly under it; of reviews (review … return) only these
    cluster  the role's cluster, or the cluster its unit (or the unit above it) belongs to
    all      the province; a role that was given for one cluster stays within it
    self     what concerns the person alone; also for somebody whose roles have all ended

word, button, group: what follows from the word, from a tap, and from the word in a cluster's group, as "room.method" or
"room.method:what it is told" (handlers/conversation.py has the rooms). "order": an order of the office, which is asked
back before it is carried out (handlers/office/desk.py). Neither word nor button: what is told under another answer
(mended: what only the office can mend, under the progress; figures, unit_figures: questions of figures, of clusters and
of single units; digest: the week's summary, in "ít tin hơn"). menu: the
command in the channel's menu. The order of the rows is that of the help and the menu.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, cast, get_args

from reporting.text.words import folds, form_of
from storage.reports.narratives import NarrativePart
from storage.reports.petitions import PetitionState

Rank = Literal["branch", "commune", "chair", "department", "office", "leader", "mentor", "reader"]
Reach = Literal["-", "own", "below", "cluster", "all", "self"]

RANKS: tuple[Rank, ...] = get_args(Rank)

_TABLE = """
act         branch   commune  chair    department  office  leader  mentor  reader  word                    button                   group            menu

report      own      own      -        -           -       -       -       -       steps.said:begin        -                        -                baocao
begin       own      own      -        -           -       -       -       -       -                       steps.tapped:begin       -                -
form        own      own      -        -           -       -       -       -       steps.form              -                        -                -
each        own      own      -        -           -       -       -       -       steps.each              -                        -                -
show        own      own      -        -           -       -       -       -       steps.said:show         -                        -                xem
correct     own      own      -        -           -       -       -       -       steps.said:edit         -                        -                -
edit        own      own      -        -           -       -       -       -       -                       steps.tapped:edit        -                -
submit      own      own      -        -           -       -       -       -       steps.said:submit       steps.tapped:submit      -                gui
leave       own      own      -        -           -       -       -       -       steps.said:leave        -                        -                -
later       own      own      -        -           -       -       -       -       steps.said:later        steps.tapped:later       -                -
none        own      own      -        -           -       -       -       -       steps.said:none         steps.tapped:none        -                -
before      own      own      -        -           -       -       -       -       steps.said:before       steps.tapped:before      -                -
keep        own      own      -        -           -       -       -       -       steps.said:keep         steps.tapped:keep        -                -
back        own      own      -        -           -       -       -       -       steps.said:back         -                        -                -
right       own      own      -        -           -       -       -       -       steps.said:yes          -                        -                -
yes         own      own      -        -           -       -       -       -       -                       steps.tapped:yes         -                -
pick        own      own      -        -           -       -       -       -       -                       steps.tapped:pick        -                -
skip        own      own      -        -           -       -       -       -       -                       steps.tapped:skip        -                -
rest        own      own      -        -           -       -       -       -       -                       steps.tapped:rest        -                -
period      own      own      -        -           -       -       -       -       -                       steps.period:begin       -                -
final       own      own      -        -           -       -       -       -       -                       running.confirm          -                -
ask_reopen  own      own      -        -           -       -       -       -       -                       running.request          -                -
ask_change  own      own      -        -           -       -       -       -       -                       running.change           -                -
stands      own      own      -        -           -       -       -       -       -                       steps.tapped:stands      -                -
apart       own      own      -        -           -       -       -       -       steps.apart_said        steps.apart              -                -

review      -        below    cluster  all         all     -       -       -       review.queue            review.looked            -                -
accept      -        below    cluster  -           all     -       -       -       -                       review.accept            -                -
accept_all  -        below    cluster  -           all     -       -       -       -                       review.accept_all        -                -
return      -        below    cluster  all         all     -       -       -       review.named_back       review.give_back         -                -
amend       -        -        -        -           all     -       -       -       late.listed             late.decided             -                -
rules       -        -        -        -           all     -       -       -       rules.told              rules.changed            -                -
branches    -        below    -        -           -       -       -       -       branches.told            -                        -                -
stand_in    -        below    -        -           -       -       -       -       branches.stand_in        branches.stand_in        -                -
pass_on     -        below    -        -           -       -       -       -       branches.pass_on        branches.pass_on         -                -

progress    cluster  cluster  cluster  -           all     all     own     -       leaders.progress        leaders.progress_of      groups.progress  tiendo
late        cluster  cluster  cluster  -           all     all     own     -       lists.late              lists.late_file          -                -
unenrolled  -        below    cluster  -           all     all     own     -       lists.unenrolled        lists.unenrolled_file    -                -
mended      -        -        -        -           all     -       -       -       -                       -                        -                -
totals      cluster  cluster  cluster  all         all     all     -       all     leaders.totals          leaders.totals_of        groups.totals    tonghop
pack        -        -        cluster  -           all     all     -       -       packs.give              packs.give               -                tailieu
post        -        -        cluster  -           all     -       -       -       posts.give              posts.give               -                -
page        -        below    cluster  all         all     all     -       -       page.give               -                        -                bang
viewed      -        -        -        -           all     -       -       -       page.viewed             -                        -                -
figures     cluster  cluster  cluster  all         all     all     -       all     -                       -                        -                -
unit_figures own     below    cluster  all         all     all     -       -       -                       -                        -                -
targets     cluster  cluster  cluster  all         all     all     -       all     figures.targets         -                        -                -
aim         -        -        -        -           all     -       -       -       aims.asked              aims.answered            -                -
unaim       -        -        -        -           all     -       -       -       aims.asked              -                        -                -
coverage    -        -        -        -           all     -       -       -       aims.coverage           -                        -                -
section     cluster  cluster  cluster  all         all     all     -       all     -                       leaders.section          -                -
narrative   own      own      -        -           -       -       -       -       narratives.asked        narratives.chosen        -                -
shows       own      own      -        -           -       -       -       -       -                       photos.chosen            -                -
photos      own      below    cluster  all         all     -       -       -       views.asked             views.opened             -                -
petition    own      own      -        -           -       -       -       -       person.petition         person.petition_told     -                kiennghi
petitions   -        -        cluster  -           all     all     own     -       petitions.listed        petitions.listed         -                -
follow      own      below    cluster  all         all     all     own     -       petitions.follow        -                        -                -
settle      -        -        -        -           all     -       -       -       petitions.settle        petitions.tapped         -                -
ask_again   own      own      -        -           all     -       -       -       petitions.ask_again     -                        -                -
speaking    -        -        cluster  -           all     all     -       -       meetings.speaking       meetings.speaking        -                -
conclude    -        -        cluster  -           all     -       -       -       conclusions.asked       conclusions.answered     -                -
tasks       own      own      cluster  -           all     all     own     -       tasks.listed            -                        -                -
task        own      own      cluster  -           all     -       -       -       tasks.told              tasks.tapped             -                -
unit        own      own      -        -           -       -       -       -       running.change_unit     running.unit_chosen      -                -

open        -        -        -        -           all     -       -       -       order                   -                        -                -
lock        -        -        -        -           all     -       -       -       order                   -                        -                -
close       -        -        -        -           all     -       -       -       order                   -                        -                -
owes        -        -        -        -           all     -       -       -       order                   -                        -                -
extend      -        -        -        -           all     -       -       -       order                   -                        -                -
reopen      -        -        -        -           all     -       -       -       order                   office.reopen            -                -
set         -        -        -        -           all     -       -       -       order                   -                        -                -
move        -        -        -        -           all     -       -       -       order                   -                        -                -
cancel      -        -        -        -           all     -       -       -       order                   -                        -                -
merge       -        -        -        -           all     -       -       -       order                   -                        -                -
split       -        -        -        -           all     -       -       -       order                   -                        -                -
rename      -        -        -        -           all     -       -       -       order                   -                        -                -
add         -        -        -        -           all     -       -       -       order                   -                        -                -
transfer    -        -        -        -           all     -       -       -       order                   -                        -                -
withdraw    -        -        -        -           all     -       -       -       order                   -                        -                -
count       -        -        -        -           all     -       -       -       order                   -                        -                -
counts      own      own      cluster  -           all     all     -       -       counts.told             -                        -                -
end_count   -        -        -        -           all     -       -       -       -                       counts.end               -                -
periods     -        -        -        -           all     -       -       -       order                   -                        -                -
prepared    -        -        -        -           all     -       -       -       order                   -                        -                -
order       -        -        -        -           all     -       -       -       -                       office.answered          -                -

issue       -        below    -        -           all     all     -       -       codes.issue             -                        -                -
code        -        below    -        -           all     all     -       -       -                       codes.chosen             -                -
recode      -        below    -        -           all     all     -       -       -                       codes.chosen:whatever    -                -
handover    own      own      -        -           -       -       -       -       codes.hand_over         codes.hand_over          -                -
succeed     -        -        -        -           all     -       -       -       succession.begin        succession.chosen       -                -
link        own      own      own      own         own     own     own     own     codes.link_account      -                        -                -

snooze      own      own      -        -           -       -       -       -       reminding.snooze        reminding.snooze         -                -
remind      -        below    cluster  -           all     -       -       -       reminding.remind        reminding.remind_tapped         -                -
calendar    -        -        -        -           all     all     -       -       reminding.month         -                        -                -
briefings   -        -        cluster  -           all     -       -       -       order                   -                        -                -
words       -        -        -        -           all     -       -       -       own_words.listed        -                        -                -
teach       -        -        -        -           all     -       -       -       own_words.teach         -                        -                -
unteach     -        -        -        -           all     -       -       -       own_words.remove        -                        -                -

mistake     own      own      -        -           -       -       -       -       advice.mistake          -                        -                -
readers     self     self     self     self        self    self    self    self    advice.readers          -                        -                -
receipt     own      own      -        -           -       -       -       -       advice.receipt          -                        -                -
away        own      own      -        -           -       -       -       -       advice.away             -                        -                -
nagged      own      own      -        -           -       -       -       -       advice.nagged           -                        -                -
busy        own      own      -        -           -       -       -       -       advice.busy             -                        -                -

fewer       self     self     self     self        self    self    self    self    reminding.fewer         reminding.fewer_chosen   -                -
digest      -        -        -        -           -       all     -       -       -                       -                        -                -
hot         own      own      cluster  -           -       -       own     -       person.hot              -                        -                -
mydata      self     self     self     self        self    self    self    self    person.data             -                        -                dulieu
ask_data    self     self     self     self        self    self    self    self    requests.ask            -                        -                -
data_requests -      -        -        -           all     -       -       -       requests.listed         requests.settled         -                -
stop        self     self     self     self        self    self    self    self    person.stop             -                        -                -
erase       self     self     self     self        self    self    self    self    person.erase            person.erase_answered    -                -
start       self     self     self     self        self    self    self    self    person.help             -                        -                -
help        self     self     self     self        self    self    self    self    person.help             -                        groups.help      trogiup
consent     self     self     self     self        self    self    self    self    -                       person.help              -                -
"""  # noqa: E501  a row is one line


@dataclass(frozen=True, slots=True)
class Action:
    """What an act leads to: a method of a room, and what the row tells it beside the message."""

    room: str
    method: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class ActWords:
    """How the words of an act are written, in plain letters; words.toml tells what each list is.

    written, asked: with their marks. said: the first of the whole words as written, which is said for another one.
    """

    whole: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    of_period: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    courteous: bool = False
    instead_of: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the table, with its words. reach: by rank."""

    act: str
    reach: Mapping[Rank, Reach]
    word: Action | None
    button: Action | None
    group: Action | None
    menu: str
    words: ActWords

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that the act may lead to."""
        return tuple(action for action in (self.word, self.button, self.group) if action is not None)


@dataclass(frozen=True, slots=True)
class Asked:
    """One word given or button tapped, as its action meets it.

    told: of the row. text: the message as written. rest: what followed the word, or the verb in the button's data.
    waits: a message that waited for this tap. expects: the question that was open, "" for none.
    cluster: of the group it was asked in.
    """

    act: str
    told: str = ""
    text: str = ""
    rest: str = ""
    waits: str = ""
    expects: str = ""
    cluster: int | None = None


def _plain(phrases: Sequence[str]) -> tuple[str, ...]:
    """Phrases of words.toml in the plain small letters that messages are compared in."""
    return tuple(" ".join(form_of(word).fold for word in phrase.split()) for phrase in phrases)


def _act_words(lists: Mapping[str, Any]) -> ActWords:
    return ActWords(
        whole=_plain(lists.get("whole", ())),
        leading=_plain(lists.get("leading", ())),
        written=tuple(lists.get("written", ())),
        of_period=_plain(lists.get("of_period", ())),
        asked=tuple(lists.get("asked", ())),
        order=_plain(lists.get("order", ())),
        courteous=lists.get("courteous", False),
        instead_of=lists.get("instead_of", ""),
        said=next(iter(lists.get("whole", ())), ""),
    )


def _action(cell: str) -> Action | None:
    if cell in ("-", "order"):
        return None
    name, _, told = cell.partition(":")
    room, _, method = name.partition(".")
    return Action(room, method, told)


def _read(table: str, words_file: Mapping[str, Any]) -> dict[str, Route]:
    """The rows by act. A fault is a mistake of this program and stops its start with the act's name."""
    head, *rows = [line.split() for line in table.strip().splitlines() if line.strip()]
    assert tuple(head[1 : 1 + len(RANKS)]) == RANKS, head
    found: dict[str, Route] = {}
    for act, *cells in rows:
        reaches, (word, button, group, menu) = cells[: len(RANKS)], cells[len(RANKS) :]
        assert act not in found, f"{act}: two rows"
        assert all(cell in get_args(Reach) for cell in reaches), f"{act}: {reaches}"
        words = _act_words(words_file.get(act, {}))
        has_words = (
            words.order if word == "order" else (words.whole or words.leading or words.instead_of or words.asked)
        )
        assert bool(has_words) == (word != "-"), f"{act}: its row and its words in words.toml do not agree"
        found[act] = Route(
            act,
            {rank: cast(Reach, cell) for rank, cell in zip(RANKS, reaches, strict=True)},
            word=_action(word),
            button=_action(button),
            group=_action(group),
            menu=menu.strip("-"),
            words=words,
        )
    assert not (without := words_file.keys() - found.keys()), f"words.toml: {without}: no such row"
    return found


_FILE = tomllib.loads(resources.files("handlers.wording").joinpath("words.toml").read_text("utf-8"))
# Words that may stand around one of the report.
COURTESIES = folds(_FILE.pop("courtesies"))
# Other words for a choice that is offered, with what they mean: yes, no, skip.
ANSWERS: Mapping[str, str] = {
    word: answer for answer, phrases in _FILE.pop("answers").items() for word in _plain(phrases)
}
# What the office does with a petition, "trả lời KN07: …", with the state it leads to.
_STEPS = _FILE.pop("petition_steps")
REOPENS = frozenset(_plain(_STEPS.pop("reopened")))
PETITION_STEPS: Mapping[str, PetitionState] = {
    **{word: cast(PetitionState, state) for state, phrases in _STEPS.items() for word in _plain(phrases)},
    **dict.fromkeys(REOPENS, "received"),
}
# Headings of the paper under which a unit writes, with the part each is.
NARRATIVE_PARTS: Mapping[str, NarrativePart] = {
    word: cast(NarrativePart, part)
    for part, phrases in _FILE.pop("narrative_parts").items()
    for word in _plain(phrases)
}
# What is said of a task, with the state it leads to; how one is named; what a meeting's conclusions are made out by.
TASK_STEPS: Mapping[str, tuple[str, ...]] = {state: tuple(said) for state, said in _FILE.pop("task_steps").items()}
TASK_NAMES: Mapping[str, tuple[str, ...]] = {name: tuple(said) for name, said in _FILE.pop("task_names").items()}
CONCLUDED: Mapping[str, tuple[str, ...]] = {name: tuple(said) for name, said in _FILE.pop("concluded").items()}
CONCLUDED_CHANGES: Mapping[str, tuple[str, ...]] = {
    name: tuple(said) for name, said in _FILE.pop("concluded_changes").items()
}
ROUTES: Mapping[str, Route] = _read(_TABLE, _FILE)
