"""A plain wrapper in which things travel through Prefect unopened."""

from typing import Generic, TypeVar

Content = TypeVar("Content")


class Parcel(Generic[Content]):
    """Holds one thing. Prefect looks at every item of a bare tuple or dataclass, at each call of a task."""

    def __init__(self, content: Content) -> None:
        self.content = content
