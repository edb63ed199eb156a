"""Findings as pages that work offline: the explorer, the debrief, a class, lessons."""
