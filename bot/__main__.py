"""`python -m bot` is the same as `giaoban`."""

from bot.cli.main import main

main()
