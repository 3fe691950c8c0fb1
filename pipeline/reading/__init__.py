"""Bytes to articles: one reader a format, then furniture, language check and offsets, the same for all."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pipeline.reading.assembly import assemble
from pipeline.reading.bioc import read_bioc
from pipeline.reading.characters import clean_characters
from pipeline.reading.detection import Format, detect
from pipeline.reading.drafts import Draft, UnreadableError
from pipeline.reading.html import read_html
from pipeline.reading.jats import read_jats
from pipeline.reading.markdown import read_markdown
from pipeline.reading.pdf import read_pdf
from pipeline.reading.plain_text import read_plain_text
from pipeline.reading.pubmed import read_pubmed
from pipeline.records import Article, Fetched, Reject, Stage

__all__ = ["UnreadableError", "read", "read_all"]

_MAX_CHARACTERS = 8_000_000
_TEXT_READERS: Mapping[Format, Callable[[str], Draft]] = MappingProxyType(
    {Format.TEXT: read_plain_text, Format.MARKDOWN: read_markdown, Format.HTML: read_html}
)


def read(fetched: Fetched) -> Article:
    """The one article in `fetched`.

    Raises UnreadableError where there is none, or more than one; its message says why in words for a user.
    """
    drafts = _drafts(fetched)
    if len(drafts) != 1:
        raise UnreadableError(f"holds {len(drafts)} articles where one was expected; read them with read_all")
    return assemble(drafts[0], fetched)


def read_all(fetched: Fetched) -> Iterator[Article | Reject]:
    """Every article in `fetched`, each with `#` and its id behind the path where the file holds several.

    What cannot be read comes as a `Reject`.
    """
    try:
        drafts = _drafts(fetched)
    except UnreadableError as error:
        yield _reject(fetched, fetched.path, error)
        return
    for draft in drafts:
        try:
            yield assemble(draft, fetched)
        except UnreadableError as error:
            yield _reject(fetched, f"{fetched.path}#{draft.part}" if draft.part else fetched.path, error)


def _drafts(fetched: Fetched) -> tuple[Draft, ...]:
    kind, text = detect(fetched.data, fetched.path, fetched.media_type)
    if len(text) > _MAX_CHARACTERS:
        raise UnreadableError(
            f"is {len(text):,} characters long, more than any article ({_MAX_CHARACTERS:,}); split it into its articles"
        )
    if kind is Format.PDF:
        return (read_pdf(fetched.data),)
    if kind is Format.JATS:
        return read_jats(fetched.data)
    if kind is Format.PUBMED:
        return read_pubmed(fetched.data)
    if kind is Format.BIOC:
        return read_bioc(text)
    return (_TEXT_READERS[kind](clean_characters(text)),)


def _reject(fetched: Fetched, path: str, error: UnreadableError) -> Reject:
    return Reject(fetched.source_id, path, Stage.READING, str(error), fetched.sha256)
