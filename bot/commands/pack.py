"""Commands of the meeting pack: makes one, writes the built-in Word template, checks an office's own."""

import sys
from pathlib import Path

from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.commands.rounds import asked_for
from bot.failures import failed, reason_of, said
from bot.pack.gathering import gathered, handed_out
from bot.pack.making import pack_files
from bot.pack.office_files import entry_order, office_template
from bot.pack.template import builtin_template
from bot.pack.template_faults import template_faults
from bot.resources import load_catalogue
from bot.settings import Settings
from bot.whole_file import replace_file, replace_files
from handlers.leaders.pack_desk import CHARTS, PROGRAMME
from handlers.turn import fresh_id
from handlers.wording.speech import Wording


async def make_pack(settings: Settings, period: str | None, area: str, folder: Path) -> None:
    """Writes the pack's files, all or none, and remembers what they showed for the next one."""
    wording, now = Wording.vietnamese(), SystemClock().now()
    catalogue = load_catalogue(settings.giaoban_catalogue)
    order = entry_order(settings.giaoban_entry_order, catalogue)
    template = office_template(settings.giaoban_pack_template)
    db = await opened(settings)
    try:
        round_ = await asked_for(db, "--period", period)
        pack = await gathered(db, catalogue, round_, area, now, order)
        made = pack_files(wording, pack, template)
        replace_files(folder, made.files)
        for name in {PROGRAMME, *(wording.say(f"chart_file.{what}") for what in CHARTS)} - made.files.keys():
            (folder / name).unlink(missing_ok=True)  # of an earlier pack: another version beside this one
        await db.write([handed_out(pack, fresh_id(), None)])
    finally:
        await db.close()
    for fault in made.faults:
        sys.stderr.write(f"giaoban: {settings.giaoban_pack_template}: {fault}\n")
    if made.faults:
        sys.stderr.write(f"{said('own_template')}\n")
    for name in made.files:
        sys.stdout.write(f"{folder / name}\n")


def write_report_template(file: Path) -> None:
    """Writes the built-in Word template for an office to edit."""
    replace_file(file, builtin_template(Wording.vietnamese()))


def check_template(file: Path) -> None:
    """Prints every fault of the template. Raises Failed if there is one."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise failed("unreadable", file=file, why=reason_of(error)) from error
    wording = Wording.vietnamese()
    faults = template_faults(wording, content)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        raise failed("template_faults", file=file, count=len(faults))
    sys.stdout.write(wording.say("template.sound") + "\n")
