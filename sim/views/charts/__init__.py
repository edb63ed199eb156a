"""Findings as pictures, one chart a file."""
