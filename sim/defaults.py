"""The version, and default values; the seed is fixed, and printed with every result."""

VERSION = "0.2.0"

DEFAULT_RUNS = 10_000
DEFAULT_SEED = 2018
DEFAULT_SAMPLES = 1000  # bootstrap samples that say how sure an equilibrium is
DEFAULT_WORLDS = 2048  # fresh worlds behind each forecast of `play`
