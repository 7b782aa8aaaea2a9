"""Speed: the model against an idiomatic per-agent version of itself, a compiled loop and the memory's bandwidth."""
