"""Clusters with their people in, a bot for each person out: few bots, and a cluster together where it fits."""

from collections import Counter
from collections.abc import Mapping, Sequence


def shared_out(clusters: Sequence[str], room: Mapping[str, int]) -> list[str]:
    """For each person, given by cluster, the bot to go to; "" for whom no bot has room.

    room: how many people each bot may have, in the order in which bots are filled. A cluster goes to the first bot
    that takes all of it; one too large for any is spread over those that have most room.
    """
    left, given = dict(room), dict[str, list[str]]()
    for cluster, count in Counter(clusters).items():
        whole = next((bot for bot, free in left.items() if free >= count), None)
        order = [whole] if whole is not None else sorted(left, key=lambda bot: -left[bot])
        taken = [bot for bot in order for _ in range(left[bot])][:count]
        given[cluster] = [*taken, *[""] * (count - len(taken))]
        for bot in taken:
            left[bot] -= 1
    queues = {cluster: iter(bots) for cluster, bots in given.items()}
    return [next(queues[cluster]) for cluster in clusters]
