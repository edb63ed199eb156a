"""One command a file: parse, call, print. The table of commands stands in ``sim/cli.py``."""
