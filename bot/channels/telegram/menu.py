"""What Telegram shows of the bot before anyone has said a word: its commands and what it is for."""

import asyncio
from dataclasses import dataclass

import structlog
from telegram import Bot, BotCommandScopeAllGroupChats

log = structlog.get_logger("telegram.menu")


@dataclass(frozen=True, slots=True)
class Menu:
    """(command, what it does) for private chats and for groups, and what the bot says about itself."""

    private: tuple[tuple[str, str], ...] = (
        ("baocao", "Làm báo cáo hoặc làm tiếp"),
        ("xem", "Xem lại bản nháp"),
        ("gui", "Gửi báo cáo"),
        ("tiendo", "Đơn vị nào đã nộp"),
        ("tonghop", "Số liệu tổng hợp"),
        ("kiennghi", "Gửi kiến nghị"),
        ("dulieu", "Dữ liệu của tôi"),
        ("trogiup", "Trợ giúp"),
    )
    group: tuple[tuple[str, str], ...] = (
        ("tiendo", "Đơn vị nào đã nộp"),
        ("tonghop", "Số liệu tổng hợp của cụm"),
        ("trogiup", "Trợ giúp"),
    )
    about: str = "Nhận báo cáo công tác Đoàn trước kỳ giao ban cụm. Bấm Bắt đầu rồi nhập mã được cấp."
    about_short: str = "Nhận báo cáo công tác Đoàn trước kỳ giao ban cụm."


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
