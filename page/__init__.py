"""The browser page: the engine behind it, its words and its parts."""
