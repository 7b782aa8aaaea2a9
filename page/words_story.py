"""Words of the story."""
STORY: dict[str, tuple[str, str]] = {}
