"""One command a file: parse, call, print. The table of commands is in ``sim/cli.py``."""
