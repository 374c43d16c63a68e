"""The words of a question of figures beside its items, units and periods: lists of reporting/data/lexicon.yaml."""

from reporting.text.lexicon import in_plain_phrases

YEAR_AGO = in_plain_phrases("asked_figures.year_ago")
BEFORE = in_plain_phrases("asked_figures.before")
THIS = in_plain_phrases("asked_figures.this")
YEAR = in_plain_phrases("asked_figures.year")
NOTHING = in_plain_phrases("asked_figures.nothing")
MOST = in_plain_phrases("asked_figures.most")
LEAST = in_plain_phrases("asked_figures.least")
MUCH = in_plain_phrases("asked_figures.much")
LITTLE = in_plain_phrases("asked_figures.little")
NONE = in_plain_phrases("asked_figures.none")
MEAN = in_plain_phrases("asked_figures.mean")
UNMET = in_plain_phrases("asked_figures.unmet")
BY = {
    "cluster": in_plain_phrases("asked_figures.by_cluster"),
    "commune": in_plain_phrases("asked_figures.by_commune"),
    "branch": in_plain_phrases("asked_figures.by_branch"),
}
OF = {
    "cluster": in_plain_phrases("asked_figures.of_clusters"),
    "commune": in_plain_phrases("asked_figures.of_communes"),
    "branch": in_plain_phrases("asked_figures.of_branches"),
}
TARGETS = in_plain_phrases("asked_figures.targets")
ASKING = in_plain_phrases("asked_figures.asking")
AROUND = in_plain_phrases("asked_figures.around")
# One of these tells that figures are asked for, and not reported.
TELLING = (
    *YEAR_AGO, *BEFORE, *THIS, *YEAR, *NOTHING, *TARGETS, *ASKING, *MOST, *LEAST, *MEAN, *UNMET,
    *(phrase for phrases in BY.values() for phrase in phrases), *in_plain_phrases("periods.quarter"),
)  # fmt: skip
