"""Findings as pictures, one chart a file."""

RUN_CHARTS = ("answer", "outcomes", "months", "leverage", "levers")  # of one run, in its folder's figures/
SEVERAL_CHARTS = ("side-by-side",)  # of several runs, in the folder for results about several scenarios
