"""A seat at the table: the game in the terminal, its saved files and its transcript."""
