"""Findings as pictures, one chart a file."""

RUN_CHARTS = ("answer", "outcomes", "months", "leverage", "levers")  # of one run, in its folder's figures/
