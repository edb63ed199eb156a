"""Lessons, coding sheets, and what a class believes and what that implies."""
