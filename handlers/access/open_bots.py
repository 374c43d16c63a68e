"""A channel in, the links to those of its bots that may have one more person each out."""

from handlers.channel import Channel
from storage.database import Database
from storage.messages import allowances


async def open_bots(db: Database, channel: Channel) -> dict[str, str]:
    """By bot, in the order of the settings, the link that opens a chat with it; none where bots are not limited."""
    if not channel.limits.bots:
        return {}
    counts, most = await allowances.people_of(db, channel.name), channel.limits.bot_people
    return {bot: link for bot, link in channel.limits.bots.items() if not most or counts.get(bot, 0) < most}
