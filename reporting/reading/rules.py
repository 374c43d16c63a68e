"""The names of the rules that decide what becomes of a number, as `giaoban read --why` prints them."""

from typing import Literal

Rule = Literal[
    "named", "carried", "asked", "label", "total", "correction", "sum", "own_part",
    "margin", "one_value", "words", "unit", "number", "sessions", "parts", "open_whole", "elsewhere", "stock",
    "running_total", "target", "plan", "comparison", "earlier", "question", "old_figure", "nobody", "receivers",
    "repeated", "lost", "denied", "price", "fraction", "naming", "rate", "unnamed",
    "other_question",
]  # fmt: skip

# What each of them says. docs/reading.md explains them, tests/test_rules.py shows one message of each.
RULES: dict[Rule, str] = {
    "named": "its name stands beside it and every word of its clause is accounted for",
    "carried": "it goes on counting what was named before, and nothing else is named",
    "asked": "the open question says what a number without a name counts",
    "label": "its unit stands before it as its name and can mean one indicator only",
    "total": "it is said to be the total",
    "correction": "it replaces an earlier figure",
    "sum": "figures of an indicator that adds up are added",
    "own_part": "of what was done together with others this unit's own part counts",
    "margin": "another reading of the whole section is nearly as good",
    "one_value": "an indicator has one value: several figures are proposed as a sum, or asked about",
    "words": "a word of its clause is not accounted for",
    "unit": "its unit counts something else than what is named",
    "number": "the number itself is in doubt: a range, a rate, an odd separator",
    "sessions": "an attendance belongs to the sessions before it",
    "parts": "parts have to agree with their total",
    "open_whole": "nothing of an indicator is stored while another figure of it is open",
    "elsewhere": "the section speaks of somebody else's deed, or of what was received or is waiting",
    "stock": "it says how many there are, not how many are new",
    "running_total": "it runs over more than this period",
    "target": "it is a target",
    "plan": "it is planned",
    "comparison": "it is compared with",
    "earlier": "it stands in an older report",
    "question": "the sentence asks, or depends on a condition",
    "old_figure": "a correction pairs it with the new figure that replaces it",
    "nobody": "it counts what nobody reports",
    "receivers": "it counts those who were given something",
    "repeated": "the same figure was taken just before",
    "lost": "the words beside it say that it came to nothing",
    "denied": "it is said to be none, and so takes no number of another clause",
    "price": "it may be the price of something else",
    "fraction": "of x/y it is open what y is",
    "naming": "it only names what stands before it: a heading, a place, a class",
    "rate": "it is a rate of the figure beside it",
    "unnamed": "nothing says what it counts",
    "other_question": "the open question asks about something else, and without it the figure would not be sure",
}
