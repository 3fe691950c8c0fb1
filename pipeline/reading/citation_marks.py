"""Takes citations out of journal prose, with the brackets that only they filled."""

import re

CITATION = "\ue000"
"""Stands for a citation number; around a cited name, one before and one after it."""

_BRACKETED = re.compile(rf"\s?([(\[])([^()\[\]]*{CITATION}[^()\[\]]*)[)\]]")
_NAMED = re.compile(rf"{CITATION}([^{CITATION}()\[\]]*[^\W\d_]{{2}}[^{CITATION}()\[\]]*){CITATION}")
_NARRATIVE = re.compile(
    rf"{CITATION}([^{CITATION}()]*[^\W\d_]{{2}}[^{CITATION}()]*?)\s*\((?:19|20)\d\d[a-z]?\){CITATION}"
)
_DOUBLE_STOP = re.compile(r"(?<=\bal\.)\.")
_TRAILING = re.compile(rf"[\s,]*{CITATION}$")
_SEPARATOR = re.compile(r"\s*;\s*")
_ONLY_POINTS = re.compile(
    r"(?:see|also|e\.g\.|i\.e\.|cf\.|review(?:s|ed in)?|for (?:a )?reviews?|and|&|as|in|by|from|refs?\.?|references?"
    r"|[\s,:.\u2013—\u2010-])*",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:(?:see|also|e\.g\.|cf\.|review(?:s|ed in)?|for (?:a )?reviews?),?\s+)*"
    r"(?:(?:van|von|de|der|den|la|le|et al\.?|and|&|,)\s*"  # the small words of names
    r"|[A-Z][\w'\u2019.-]*[a-z][\w'\u2019-]*\.?,?\s*"  # a name; BDNF is none
    r"|(?:19|20)\d\d[a-z]?,?\s*)+"  # a year
)
_BARE = re.compile(rf"[ \t]?{CITATION}(?:[\s,;\u2013—\u2010-]*{CITATION})*")


def without_citations(text: str) -> str:
    """`text`, in which CITATION marks citations, without them.

    `memory [1, 2].` loses its bracket, and so does `memory (Smith et al., 2010)`; of `(in mice; Smith, 2010)`
    the words of the sentence stay. A cited name outside brackets stays too: `Smith et al. (2010) found`
    becomes `Smith et al. found`.
    """
    if CITATION not in text:
        return text
    text = _NARRATIVE.sub(r"\1", text)
    text = _BRACKETED.sub(_without_cited_parts, text)
    text = _NAMED.sub(r"\1", text)
    return _DOUBLE_STOP.sub("", _BARE.sub("", text))


def _without_cited_parts(bracketed: re.Match[str]) -> str:
    whole, opening, inside = bracketed[0], bracketed[1], bracketed[2]
    parts = [_TRAILING.sub("", part) for part in _SEPARATOR.split(inside) if not _is_citation(part)]
    if not parts:
        return ""
    gap = whole[: whole.index(opening)]
    return f"{gap}{opening}{'; '.join(parts)}{whole[-1]}"


def _is_citation(part: str) -> bool:
    """Whether a part of a bracket cites and does nothing else: marks alone, or with the names they belong to."""
    if CITATION not in part:
        return not part.strip()
    rest = _NAMED.sub("", part).replace(CITATION, "").strip()
    if _ONLY_POINTS.fullmatch(rest):
        return True
    return _NAMES.fullmatch(rest) is not None and (rest.endswith(",") or "et al" in rest or len(rest.split()) > 1)
