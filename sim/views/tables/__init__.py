"""Findings as JSON and CSV."""
