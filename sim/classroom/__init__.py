"""Lessons, coding sheets, and the page that shows what a class believes and what that implies."""
