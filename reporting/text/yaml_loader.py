"""How the YAML files of catalogue, forms and plain words are parsed: by libyaml, which takes an eighth of the time."""

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # a build without libyaml has only the slow one
