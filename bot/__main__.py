"""Runs `python -m bot` as the command `giaoban`."""

from bot.cli.main import main

main()
