"""The table of words and buttons: every row can be done, every word is told right, and a fault names its row."""

import ast
import inspect
import re
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from province import CATALOGUE

from bot.channels.telegram.menu import Menu
from bot.resources import load_forms
from bot.spreadsheet.sheets import ROLES
from handlers.commands import folded, spoken
from handlers.conversation import Conversation
from handlers.orders.orders import begins_order
from handlers.permissions import rank
from handlers.routes import ANSWERS, RANKS, ROUTES, Route, _read
from handlers.wording.speech import Wording
from reporting.organisation.roles import LEVELS, OF_CLUSTER
from storage.people.people import Role

ROOT = Path(__file__).parent.parent
WORDING = Wording.vietnamese()
HELP = [key for key in WORDING.texts if re.match(r"help_(reporter|leader|office|codes)\.", key)]
HEAD = f"act {' '.join(RANKS)} word button group menu"
ALL = " ".join(["all"] * len(RANKS))


def understood(route: Route, text: str) -> bool:
    """Whether the text is taken for a word of that row."""
    if route.words.order:
        return begins_order(text)
    command = spoken(text)
    return command is not None and command.command in (route.act, route.words.instead_of)


# --- what a row leads to --------------------------------------------------------------------------------------


def test_every_action_of_the_table_is_done_by_a_method_that_takes_the_turn_and_what_is_asked() -> None:
    database: Any = None
    effects = Conversation(database, CATALOGUE, load_forms(CATALOGUE), WORDING)._effects
    named = {action for route in ROUTES.values() for action in route.actions}
    assert effects.keys() == named
    for action, effect in effects.items():
        assert inspect.iscoroutinefunction(effect), action
        assert list(inspect.signature(effect).parameters) == ["turn", "asked"], action


def test_every_role_has_its_rank_and_a_name_in_texts_and_in_the_spreadsheet() -> None:
    roles = {*LEVELS, *OF_CLUSTER}
    ranks = {rank(Role(role, "", 1, "X", "X", level, 1)) for role in roles for level in LEVELS.get(role, ("",))}
    assert ranks == set(RANKS)
    assert {key for key in WORDING.texts if key.startswith("role.")} == {f"role.{role}" for role in roles}
    assert ROLES.keys() == roles


def test_the_program_asks_only_for_rights_that_have_a_row() -> None:
    asked = set()
    for path in [*ROOT.glob("handlers/**/*.py"), *ROOT.glob("scheduler/**/*.py"), *ROOT.glob("bot/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and getattr(node.func.value, "id", "") == "permissions"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                asked.add(node.args[0].value)
    assert {"report", "totals", "issue"} <= asked
    assert asked <= ROUTES.keys()


# --- words ----------------------------------------------------------------------------------------------------


def test_no_word_means_two_acts() -> None:
    for kind in ("whole", "leading", "written", "of_period", "order"):
        said = [word for route in ROUTES.values() for word in getattr(route.words, kind)]
        assert len(set(said)) == len(said), kind


def test_a_word_that_counts_only_with_its_marks_is_another_one_without() -> None:
    for route in ROUTES.values():
        for word in route.words.written:
            bare = spoken(folded(word))
            assert understood(route, word.upper())
            assert bare is not None
            assert bare.command != route.act


def test_the_words_of_an_answer_are_compared_in_plain_letters() -> None:
    assert set(ANSWERS.values()) == {"yes", "no", "skip"}
    assert [word for word in ANSWERS if folded(word) != word] == []


@pytest.mark.parametrize(
    ("row", "words", "named"),
    [
        (f"progress {ALL} leaders.progress - - -", {}, "progress"),
        (f"progress {ALL} - leaders.progress - -", {"progress": {"whole": ["tiến độ"]}}, "progress"),
        (f"open {ALL} order - - -", {"open": {"whole": ["mở kỳ"]}}, "open"),
        (f"remind {ALL} - reminding.remind - -", {"remnd": {"whole": ["nhắc giúp"]}}, "remnd"),
        (f"remind {ALL.replace('all', 'far', 1)} - reminding.remind - -", {}, "remind"),
        (f"remind {ALL} - a.b - -\nremind {ALL} - a.b - -", {}, "remind: two rows"),
    ],
)
def test_a_row_and_its_words_that_do_not_agree_stop_the_start(row: str, words: dict[str, Any], named: str) -> None:
    with pytest.raises(AssertionError, match=named):
        _read(f"{HEAD}\n{row}", words)


# --- where people are told ------------------------------------------------------------------------------------


def test_the_menu_has_every_row_with_a_command_and_each_command_is_understood() -> None:
    menu = Menu.of(WORDING)
    listed = {route.menu: route for route in ROUTES.values() if route.menu}
    assert [command for command, _ in menu.private] == list(listed)
    assert [command for command, _ in menu.group] == [name for name, route in listed.items() if route.group]
    assert [name for name, route in listed.items() if not understood(route, f"/{name}")] == []
    told = {route.act for route in listed.values()}
    assert {key for key in WORDING.texts if key.startswith("menu.")} == {f"menu.{act}" for act in told}


@pytest.mark.parametrize("key", HELP)
def test_a_line_of_help_is_of_a_row_and_names_a_word_of_it(key: str) -> None:
    word = " ".join(takewhile(str.isupper, WORDING.say(key).replace(",", " ,").split()))
    assert word
    assert understood(ROUTES[key.partition(".")[2]], word)
