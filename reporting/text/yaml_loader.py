"""The text of a YAML file in, its data out, read by libyaml, which takes an eighth of the time."""

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # a build without libyaml has only the slow one
WORDS_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value a text: "no" is a word, "1" as well
