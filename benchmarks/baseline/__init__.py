"""The same model with every agent stepping and plain Python state: baseline of speed, and oracle of results."""
