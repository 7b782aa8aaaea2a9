"""The view `story`: ten scenes, guess first."""
