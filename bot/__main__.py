"""`python -m bot` is the same as `giaoban`."""

from bot.cli import main

main()
