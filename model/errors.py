"""Wrong input, said in one sentence with its remedy."""


class InputError(ValueError):
    """Wrong input from a person; its text is one sentence that names the remedy."""


class RuleError(RuntimeError):
    """A researcher's rule failed inside a run; its text names slot, file, line and day."""
