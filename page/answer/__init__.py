"""The answer view: what the reform does here, what it costs, where it turns, and why, on one screen."""
