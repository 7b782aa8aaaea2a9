"""Which runs: comparisons, sweeps, and the command line."""
