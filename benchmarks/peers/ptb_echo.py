"""python-telegram-bot as its first example shows it: an echo that keeps nothing."""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_text(update.message.text)


def main(token: str, url: str) -> None:
    app = Application.builder().token(token).base_url(f"{url}/bot").build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.run_polling()


main(sys.argv[1], sys.argv[2])
