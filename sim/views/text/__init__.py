"""What each question answers: words and tables for a terminal of 80 columns, JSON and CSV."""
