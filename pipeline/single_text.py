"""Claims of one text at hand, without files and without a database."""

import hashlib
import re
from datetime import UTC, datetime

from pipeline.records import Article, Block, BlockKind, Claim
from pipeline.running.extraction import loaded_extractor
from pipeline.settings import load_settings

PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")


def claims_of(text: str) -> list[Claim]:
    """The claims of `text`, in which an empty line ends a paragraph; offsets count in `text` as given.

    Raises SettingsError or ModelError where the set-up is at fault.
    """
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, match.start(), match.start() + len(match.group().rstrip()))
        for match in PARAGRAPH.finditer(text)
    )
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    article = Article("text", "text", text, blocks, digest, datetime.now(UTC), format="text")
    return list(loaded_extractor(load_settings()).extract(article).claims)
