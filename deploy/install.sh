#!/bin/sh
# From a fresh clone to a bot that can be started: the program in .venv, settings in .env, an empty database.
# Needs make and Python 3.11 with venv (Debian: apt-get install make python3-venv). Run again at any time: what is
# there stays. `deploy/install.sh program` installs the program alone, as an image needs it.
set -eu
cd "$(dirname "$0")/.."

command -v make >/dev/null || { echo "install.sh: make is missing: apt-get install make python3-venv" >&2; exit 1; }
make --no-print-directory .venv/.run
[ "${1:-}" != program ] || exit 0

if [ ! -f .env ]; then
    (umask 077 && cp .env.example .env)
    echo "install.sh: .env is new: write the token into it"
fi
.venv/bin/giaoban upgrade 2>/dev/null || .venv/bin/giaoban migrate
.venv/bin/giaoban check || echo "install.sh: mend what says LỖI, then: .venv/bin/giaoban run"
