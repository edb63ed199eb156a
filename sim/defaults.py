"""What a run is when nobody says otherwise; the seed is fixed, and printed with every result."""

DEFAULT_RUNS = 10_000
DEFAULT_SEED = 2018
