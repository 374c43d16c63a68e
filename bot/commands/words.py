"""Commands on the office's own names of indicators: lists them, takes one up, removes one."""

import json
import sys

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import WrongUsage, failed, misused, said
from bot.resources import load_catalogue
from bot.settings import Settings
from handlers.wording.speech import Wording
from reporting.reading.taught import as_taught, indicator_named, refusal
from storage.organisation import office_words
from storage.reports.events import happened


async def words_in_use(settings: Settings) -> dict[str, str]:
    """The office's names: phrase -> code."""
    db = await opened(settings)
    try:
        return {word.phrase: word.code for word in await office_words.in_use(db)}
    finally:
        await db.close()


async def list_words(settings: Settings, as_json: bool) -> None:
    """Prints the names in use, a line each: phrase, code, label, learned or given, day."""
    catalogue = load_catalogue(settings.giaoban_catalogue)
    db = await opened(settings)
    try:
        words = await office_words.in_use(db)
    finally:
        await db.close()
    label = {code: indicator.short for code, indicator in catalogue.indicators.items()}
    if as_json:
        rows = [
            {"phrase": word.phrase, "code": word.code, "origin": word.origin, "at": word.at.isoformat()}
            for word in words
        ]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    for word in words:
        shown = label.get(word.code, said("not_in_catalogue"))
        sys.stdout.write(f"{word.phrase}\t{word.code}\t{shown}\t{said(f'word_{word.origin}')}\t{word.at:%Y-%m-%d}\n")
    sys.stdout.write(f"{said('words', count=len(words))}\n")


async def add_word(settings: Settings, phrase: str, indicator: str) -> None:
    """Takes the phrase up as a name of the indicator. Raises WrongUsage for what may be none."""
    catalogue = load_catalogue(settings.giaoban_catalogue)
    taught = as_taught(phrase)
    why = refusal(taught, catalogue)
    if why is not None:
        own = Wording.vietnamese()
        told = own.say("own_words.refused", phrase=taught[:60] or phrase[:60], why=own.say(f"no_name.{why}"))
        raise WrongUsage(told)
    code = indicator_named(indicator, catalogue)
    if code is None:
        raise misused("which_indicator", text=indicator[:60])
    now = SystemClock().now()
    db = await opened(settings)
    try:
        await db.write([*office_words.give(taught, code, now), happened("word.given", code, None, now)])
    finally:
        await db.close()
    sys.stdout.write(f"{taught}\t{code}\n")


async def remove_word(settings: Settings, phrase: str) -> None:
    """Removes the phrase. Raises Failed where it is no name in use."""
    now = SystemClock().now()
    db = await opened(settings)
    try:
        known = await office_words.known(db, as_taught(phrase))
        if known is None:
            raise failed("no_word", text=phrase[:60])
        await db.write([office_words.remove(known.phrase, now), happened("word.removed", known.code, None, now)])
    finally:
        await db.close()
    sys.stdout.write(f"{known.phrase}\t{known.code}\n")
