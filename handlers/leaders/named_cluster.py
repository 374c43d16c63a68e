"""Words of a message in, the cluster they name out."""

from collections.abc import Sequence

from handlers.commands import folded_name
from storage.organisation.units import Cluster


def cluster_called(words: str, clusters: Sequence[Cluster]) -> Cluster | None:
    """By code, by name, or by the number at its name's end: "c2", "cụm thi đua số 2", "cụm 2"; words folded."""
    *before, number = words.split() if words.startswith("cum ") else [""]
    for cluster in clusters:
        *called, last = folded_name(cluster.name).split()
        # "cụm 3 tháng 3" is a cluster, then a month.
        by_number = number.isdecimal() and last == number and set(before) <= {"cum", "so", *called}
        name = " ".join([*called, last])
        if cluster.code.lower() in (words.replace(" ", ""), words.removeprefix("cum ")) or words == name or by_number:
            return cluster
    return None
