"""Tells Markdown by its marks, for articles saved as .txt."""

import re

_SIGNS = re.compile(
    r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*$"  # front matter
    r"|^\#{2,6} \S"  # headings of level 2 and below; a single # also begins remarks
    r"|\[\[[^\[\]\n]+\]\]"  # wiki links
    r"|\]\((?:https?://|/|\#)"  # links
    r"|^> ?\[![A-Za-z]"  # callouts
    r"|\*\*[^*\n]{2,80}\*\*"  # bold
    r'|class="yt-timestamp"|\[\d{1,2}:\d\d:\d\d\]',  # video timestamps
    re.MULTILINE,
)


def has_markdown(text: str) -> bool:
    """Whether `text` holds a mark that plain text does not use."""
    return _SIGNS.search(text) is not None
