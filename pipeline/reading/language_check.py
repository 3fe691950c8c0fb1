"""Whether a text is English, by its function words.

About a third of the words of English prose are among a few dozen function words; in other languages hardly any
are. A text is turned away where another language fits better, where hardly any English function word is found in
many words, or where its script is not Latin. Terse English notes have a fifth of them and pass; anything shorter
than SHORT words gets the benefit of the doubt.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from pipeline.reading.drafts import UnreadableError
from pipeline.reading.tables import read_table

SHORT = 40
"""Number of words below which function words say nothing."""

_TABLE = "function-words.tsv"
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SAMPLE_WORDS = 20_000
_ENOUGH_ENGLISH = 0.12
_HARDLY_ANY = 0.06
_ENOUGH_OTHER = 0.1  # a list of English terms holds a few that another language takes for its function words
_MANY_WORDS = 100


def check_english(text: str) -> None:
    """Raises UnreadableError where `text` is in another language than English, naming it where it is known."""
    words = [word.lower() for word in _WORD.findall(text)[:_SAMPLE_WORDS]]
    if not words:
        return
    foreign_script = sum(not word[0].isascii() and word[0] > "\u02ff" for word in words)
    if foreign_script > len(words) / 2:
        raise UnreadableError("is not in English (not in Latin script); only English articles are read")
    if len(words) < SHORT:
        return
    counts = Counter(words)
    shares = {language: sum(counts[word] for word in known) / len(words) for language, known in _languages().items()}
    english = shares.pop("English")
    other, share = max(shares.items(), key=lambda item: item[1])
    if share > english and share >= _ENOUGH_OTHER and english < _ENOUGH_ENGLISH:
        raise UnreadableError(
            f"is not in English (looks like {other}: {share:.0%} of its words are {other} function words, "
            f"{english:.0%} English ones); only English articles are read"
        )
    if english < _HARDLY_ANY and len(words) >= _MANY_WORDS:
        raise UnreadableError(
            f"is not in English (only {english:.0%} of its words are English function words); "
            "only English articles are read"
        )


@cache
def _languages() -> Mapping[str, frozenset[str]]:
    return {language: frozenset(words.split()) for _, (language, words) in read_table(_TABLE, ("language", "words"))}
