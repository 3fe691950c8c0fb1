"""Where sentences end, as typesetters and authors mark it."""

import re

CLOSING_MARKS = r"[\"”\u2019')\]]*"
"""Pattern of quotation marks and brackets that may follow a full stop."""

SENTENCE_END = re.compile(rf"[.!?]{CLOSING_MARKS}$")
"""Found at the end of a text that ends with a sentence."""

CLAUSE_END = re.compile(rf"[.!?:]{CLOSING_MARKS}$")
"""The same, or a colon, after which something new begins."""


def length_at_start(pattern: re.Pattern[str], text: str) -> int:
    """How many characters `pattern` takes at the start of `text`; 0 where it does not match there."""
    found = pattern.match(text)
    return found.end() if found else 0
