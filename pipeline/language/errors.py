"""What can be wrong with a language model; apart from loading one, which takes libraries that take long to load."""


class ModelError(RuntimeError):
    """The language model or the recognizer named in the settings cannot be loaded."""
