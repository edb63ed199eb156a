"""Findings as words and tables in a terminal of 80 columns."""
