"""The version, and default values; the seed is fixed, and printed with every result."""

VERSION = "0.2.0"

DEFAULT_RUNS = 10_000
DEFAULT_SEED = 2018
DEFAULT_SAMPLES = 1000  # of the bootstrap behind how sure an equilibrium is
DEFAULT_WORLDS = 2048  # fresh ones behind each forecast of a game that is played
