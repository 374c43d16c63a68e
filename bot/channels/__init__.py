"""A folder per channel, with all that is its own: settings, wire format, routes, checks, links, errors."""
