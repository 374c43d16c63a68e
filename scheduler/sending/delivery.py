"""Hands one message to its channel, in as many parts as that takes, and says honestly what became of it."""

import asyncio
from collections.abc import Awaitable, Callable

from handlers.channel import Channel
from handlers.messages import NotDelivered, Outgoing
from scheduler.sending.parts import parts

PART_PATIENCE = 20.0  # seconds a half-sent message may wait out the chat's flood control

Sleep = Callable[[float], Awaitable[None]]


async def deliver(channel: Channel, message: Outgoing, sleep: Sleep = asyncio.sleep) -> str:
    """Delivers the message and returns the channel's id of the (last) part. Raises NotDelivered.

    Once a part has arrived, "wait" would send it twice: short floods are then waited out here, and any other failure
    but a lost chat is "unknown".
    """
    first, *others = parts(message, channel.limits)
    sent = await channel.deliver(first)
    for number, part in enumerate(others, 2):
        try:
            sent = await _deliver_next(channel, part, sleep) or sent
        except NotDelivered as fault:
            kind = fault.kind if fault.kind == "unreachable" else "unknown"
            raise NotDelivered(kind, f"part {number} of {len(others) + 1}: {fault.reason}") from fault
    return sent


async def _deliver_next(channel: Channel, part: Outgoing, sleep: Sleep) -> str:
    waited = 0.0
    while True:
        try:
            return await channel.deliver(part)
        except NotDelivered as fault:
            pause = max(1.0, fault.retry_after)
            if fault.kind != "wait" or waited + pause > PART_PATIENCE:
                raise
        waited += pause
        await sleep(pause)
