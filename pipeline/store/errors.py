"""What can go wrong with a claims database, in words that a user can act on."""


class StoreError(Exception):
    """Any of the errors below; its text is meant for the user."""


class DatabaseBusyError(StoreError):
    """Another run builds this database, or another program has it open for writing."""


class OutputNotWritableError(StoreError):
    """The folder of the output cannot be written to."""


class DatabaseMissingError(StoreError):
    """There is no database at this path."""


class SchemaError(StoreError):
    """The file is no database of this program, or was written by a version that this one cannot read."""


class InconsistentExtractionError(StoreError, ValueError):
    """Records that contradict each other were handed to the store; nothing of them was written."""


class BrokenShardError(StoreError):
    """A shard is missing or damaged; what it held must be extracted again."""


class UnknownIdError(StoreError, LookupError):
    """Nothing, or more than one thing, answers to this id or name."""
