"""Findings as pictures, one chart a file."""

RUN_CHARTS = ("outcomes", "months", "leverage", "levers")  # of one run, in its folder's figures/
