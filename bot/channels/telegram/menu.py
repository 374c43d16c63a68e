"""The wording in, Telegram's menu of commands and its description of the bot out."""

import asyncio
from dataclasses import dataclass

import structlog
from telegram import Bot, BotCommandScopeAllGroupChats

from handlers.routes import ROUTES
from handlers.wording.speech import Wording

log = structlog.get_logger("telegram.menu")


@dataclass(frozen=True, slots=True)
class Menu:
    """(command, what it does) for private chats and for groups, and what the bot says about itself."""

    private: tuple[tuple[str, str], ...]
    group: tuple[tuple[str, str], ...]
    about: str
    about_short: str

    @classmethod
    def of(cls, wording: Wording) -> "Menu":
        """The menu of the acts that have a command in handlers/routes.py."""
        say = wording.say
        listed = [route for route in ROUTES.values() if route.menu]
        return cls(
            tuple((route.menu, say(f"menu.{route.act}")) for route in listed),
            tuple((route.menu, say(f"menu_group.{route.act}")) for route in listed if route.group),
            say("about.long"),
            say("about.short"),
        )


async def offer(bot: Bot, menu: Menu) -> None:
    """Sets the menu as far as Telegram lets. Never raises: a menu is a comfort, its calls are rationed, and
    everything in it can be typed as well."""
    groups = BotCommandScopeAllGroupChats()
    done = await asyncio.gather(
        *(bot.set_my_commands(menu.private, language_code=code) for code in (None, "vi")),
        *(bot.set_my_commands(menu.group, groups, language_code=code) for code in (None, "vi")),
        bot.set_my_description(menu.about),
        bot.set_my_short_description(menu.about_short),
        return_exceptions=True,
    )
    refused = {type(fault).__name__ for fault in done if isinstance(fault, BaseException)}
    if refused:
        log.warning("the menu was not set", reasons=sorted(refused))
