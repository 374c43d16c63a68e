"""Words of a message in, the cluster they name out."""

from collections.abc import Sequence

from handlers.commands import folded_name
from storage.organisation.units import Cluster


def cluster_called(words: str, clusters: Sequence[Cluster]) -> Cluster | None:
    """By code, by name, or by the number at its name's end: "c2", "cụm thi đua số 2", "cụm 2"; words folded."""
    number = words.split()[-1] if words.startswith("cum ") else ""
    for cluster in clusters:
        name = folded_name(cluster.name)
        by_number = number.isdecimal() and name.split()[-1] == number
        if cluster.code.lower() in (words.replace(" ", ""), words.removeprefix("cum ")) or words == name or by_number:
            return cluster
    return None
