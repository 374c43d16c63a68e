"""The tree of commands in; its help, and the line on a wrong call, in Vietnamese out: texts of [does] and [option]."""

import inspect
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_Function = Callable[..., Any]
# What every wrong call is for typer, newer ones of which carry their own copy of click: that copy's UsageError.
_Usage: Any = typer.BadParameter.__base__
_QUOTED = re.compile(r"'([^']+)'|\(([^)]+)\)")  # what was wrong, in the library's own line


def _say(key: str, **parts: Any) -> str:
    from handlers.wording.speech import Wording  # the texts are read where one is said

    return Wording.vietnamese().say(key, **parts)


def _told(*keys: str) -> str:
    """The first of these texts that there is, '' for none."""
    from handlers.wording.speech import Wording

    wording = Wording.vietnamese()
    return next((wording.say(key) for key in keys if wording.has(key)), "")


def key_of(path: str) -> str:
    """The name of a command's texts: "giaoban period open" is period_open."""
    words = path.split()[1:] or [path]
    return "_".join(words).replace("-", "_")


def about(path: str) -> str:
    """What a command does."""
    return _told(f"does.{key_of(path)}")


def option(path: str, name: str) -> tuple[str, str]:
    """(what stands for the value, '' for a flag; what the option or argument says), of the command or of all."""
    value, bar, text = _told(f"option.{key_of(path)}_{name}", f"option.{name}").rpartition("|")
    return (value, text) if bar else ("", text)


class Told(TyperCommand):
    """A command whose help is told in Vietnamese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes usage, what it does, its arguments and options."""
        _write(self, ctx, formatter)


class ToldGroup(TyperGroup):
    """The same of several commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes usage, what they are for, and the commands."""
        _write(self, ctx, formatter)


class Commands(typer.Typer):
    """Commands under one name, whose help and errors stand in vi.toml; alone it shows its help."""

    def __init__(self) -> None:
        super().__init__(
            cls=ToldGroup, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
            no_args_is_help=True,
        )  # fmt: skip

    def command(  # type: ignore[override]  # of typer's many options none is used
        self, name: str | None = None
    ) -> Callable[[_Function], _Function]:
        """As of typer."""
        return super().command(name, cls=Told)


def _write(command: Any, ctx: Any, formatter: Any) -> None:
    path, group = ctx.command_path, hasattr(command, "commands")
    params = list(command.get_params(ctx))
    arguments = [one for one in params if one.param_type_name == "argument"]
    pieces = [_say("usage.options"), *(_shown(path, one) for one in arguments)]
    pieces += [_say("usage.command")] if group else []
    formatter.write_usage(path, " ".join(pieces), _say("usage.head") + " ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(about(path) or inspect.cleandoc(command.help or ""))
    options = [one for one in params if one.param_type_name == "option"]
    commands = getattr(command, "commands", {})
    for heading, rows in (
        ("usage.arguments", [(_shown(path, one), _described(path, one)) for one in arguments]),
        ("usage.choices", [(_shown(path, one), _described(path, one)) for one in options]),
        ("usage.commands", [(name, about(f"{path} {name}") or one.help or "") for name, one in commands.items()]),
    ):
        if rows:
            with formatter.section(_say(heading)):
                formatter.write_dl(rows)


def _shown(path: str, param: Any) -> str:
    """ "--role VAI", "--json", "[TỆP]", "MÃ…"."""
    value, _ = option(path, param.name)
    if param.param_type_name == "option":
        names = " / ".join([*param.opts, *getattr(param, "secondary_opts", ())])
        return f"{names} {value}".strip()
    several = "…" if param.nargs != 1 else ""
    return f"{value}{several}" if param.required else f"[{value}{several}]"


def _described(path: str, param: Any) -> str:
    _, text = option(path, param.name)
    extra = list(_extra(param))
    return f"{text} ({'; '.join(extra)})" if extra else text


def _extra(param: Any) -> Iterator[str]:
    if param.required and param.param_type_name == "option":
        yield _say("usage.needed")
    default = param.default
    if not (param.required or default in (None, "", (), []) or isinstance(default, bool) or callable(default)):
        yield _say("usage.default", value=default)


def wrong_call(error: Exception) -> str | None:
    """The line on a command that was called wrongly; None for any other error."""
    if not isinstance(error, _Usage):
        return None
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else "giaoban"
    line = _wrong(error, path, ctx.command if ctx is not None else None)
    return _say("usage.see", line=line, command=path)


def _wrong(error: Any, path: str, command: Any) -> str:
    kind, param = type(error).__name__, getattr(error, "param", None)
    if kind == "NoSuchOption":
        near = get_close_matches(error.option_name, [name for one in command.params for name in one.opts], 1)
        return _near("usage.no_option", error.option_name, near)
    if kind == "BadOptionUsage":
        key = "usage.takes_none" if "not take" in error.message else "usage.no_value"
        return _say(key, name=error.option_name)
    if param is not None:
        key = "usage.missing" if kind == "MissingParameter" else "usage.bad_value"
        return _say(key, name=_shown(path, param).strip("[]"), about=option(path, param.name)[1].rstrip("."))
    quoted = _QUOTED.findall(error.format_message())
    wrong = "".join(quoted[-1] if quoted[:1] == [("", "s")] else quoted[0]) if quoted else ""
    commands = list(getattr(command, "commands", ()))
    if commands and not wrong:
        return _say("usage.which", known=", ".join(commands))
    if commands:
        return _near("usage.no_command", wrong, get_close_matches(wrong, commands, 1))
    return _say("usage.too_many", name=wrong)


def _near(key: str, name: str, near: list[str]) -> str:
    line = _say(key, name=name)
    return _say("usage.near", line=line, known=near[0]) if near else line
