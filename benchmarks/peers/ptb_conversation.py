"""python-telegram-bot with a ConversationHandler and PicklePersistence, which saves once a minute."""

import sys
import warnings

from telegram import Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

QUESTIONS = 6
ASK = "Câu {n}/6. Quý này, đơn vị có bao nhiêu hoạt động, bao nhiêu lượt đoàn viên tham gia? Không có thì nhắn 0."


async def begin(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    context.user_data["answers"] = []
    await update.message.reply_text(ASK.format(n=1))
    return 0


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    answers = context.user_data["answers"]
    answers.append(update.message.text)
    if len(answers) > QUESTIONS:
        await update.message.reply_text(f"Đã nhận báo cáo: {len(answers) - 1} câu.")
        return ConversationHandler.END
    ask = ASK.format(n=len(answers) + 1) if len(answers) < QUESTIONS else "\n".join(answers)
    await update.message.reply_text(ask)
    return len(answers)


def main(token: str, url: str, folder: str) -> None:
    warnings.simplefilter("ignore")
    kept = PicklePersistence(f"{folder}/conversation.pickle")
    app = Application.builder().token(token).base_url(f"{url}/bot").persistence(kept).build()
    steps = {n: [MessageHandler(filters.TEXT, answer)] for n in range(QUESTIONS + 1)}
    entry = [MessageHandler(filters.TEXT, begin)]
    app.add_handler(ConversationHandler(entry, steps, [], name="report", persistent=True))
    app.run_polling()


main(sys.argv[1], sys.argv[2], sys.argv[3])
