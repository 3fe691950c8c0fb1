"""Negation and hedging against events that others annotated."""

import io
import tarfile
from pathlib import Path

import pytest

from pipeline.claims.extractor import Extractor
from pipeline.evaluation.assertion import (
    AssertionDataError,
    Event,
    Judgement,
    assertion_tallies,
    genia_events,
    judged,
)

ABSTRACT = b"""<?xml version="1.0"?>
<!DOCTYPE Annotation PUBLIC "-//GENIA//DTD GENIA ANNOTATION EVENT 2.0//EN" "../GENIAtypes/GENIA_event_20.dtd">
<Annotation><sentence id="S1"><term id="T1">IL-6 <term id="T2">gene</term></term> rose &amp; <term id="T3">TNF</term>
did not.</sentence>
<event id="E1"><theme idref="T2"/><cause idref="T3"/><clue>IL-6 gene <clueType>rose</clueType> &amp; TNF
did not <clueLoc>in mice</clueLoc>.</clue></event>
<event id="E2" assertion="non-exist" uncertainty="doubtful"><theme idref="E1"/>
<clue>No <clueType>rise</clueType>.</clue>
</event>
<event id="E3"><clue>nothing marked</clue></event></Annotation>"""


def archive(folder: Path, name: str = "GENIAcorpus_event/15.xml", content: bytes = ABSTRACT) -> Path:
    path = folder / "genia.tar"
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo(f"original-data/{name}")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return path


def test_events_are_read_with_clue_arguments_and_assertion(tmp_path: Path) -> None:
    rose, rise = genia_events(archive(tmp_path))
    text = "IL-6 gene rose & TNF\ndid not in mice."
    assert rose == Event("15", text, ((10, 14),), ((5, 9), (17, 20), (29, 36)), negated=False, uncertain=False)
    assert [text[start:end] for start, end in rose.arguments] == ["gene", "TNF", "in mice"]
    assert rise == Event("15", "No rise.", ((3, 7),), ((10, 14),), negated=True, uncertain=True)
    assert rose.is_aside


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("other/1.xml", ABSTRACT, "holds no GENIAcorpus_event"), ("GENIAcorpus_event/1.xml", b"<a>", "not well-formed")],
)
def test_another_archive_is_refused_with_what_was_expected(
    name: str, content: bytes, says: str, tmp_path: Path
) -> None:
    with pytest.raises(AssertionDataError, match=says):
        list(genia_events(archive(tmp_path, name, content)))


@pytest.mark.parametrize(
    ("text", "clue", "argument", "negated", "uncertain"),
    [
        ("IL-2 did not induce the expression of NF-kB.", "induce", "expression", True, False),
        ("IL-2 did not induce the expression of NF-kB.", "expression", "NF-kB", False, False),
        ("IL-2 induced NF-kB but not AP-1.", "induced", "NF-kB", False, False),
        ("IL-2 induced NF-kB but not AP-1.", "induced", "AP-1", True, False),
        ("IL-2 induced NF-kB in B cells but not in T cells.", "induced", "T cells", True, False),
        ("The effect was IL-2-independent.", "IL-2-independent", "effect", True, False),
        ("IL-2 may induce NF-kB.", "induce", "NF-kB", False, True),
        ("We examined the effect of IL-2 on NF-kB.", "effect", "IL-2", False, True),
        ("NO production was increased by IL-2.", "production", "NO", False, False),
        ("These data suggest a role for IL-2 in apoptosis.", "role", "IL-2", False, True),
        ("The role of IL-2 in apoptosis is unknown.", "role", "IL-2", False, True),
        ("NF-kB expression could be blocked by IL-2.", "blocked", "IL-2", False, False),
    ],
)
def test_the_scope_of_a_clue_says_whether_its_event_happens(
    text: str, clue: str, argument: str, negated: bool, uncertain: bool, extractor: Extractor
) -> None:
    at, to = text.index(clue), text.index(argument)
    event = Event("1", text, ((at, at + len(clue)),), ((to, to + len(argument)),), negated, uncertain)
    assert list(judged([event], extractor.nlp, extractor.lexicon)) == [Judgement(event, negated, uncertain)]


def test_figures_are_kept_apart_for_abstracts_that_rules_were_not_written_by() -> None:
    seen = Event("11", "x", ((0, 1),), (), negated=True, uncertain=False)
    aside = Event("15", "x", ((0, 1),), (), negated=True, uncertain=True)
    tallies = assertion_tallies(
        [Judgement(seen, True, True), Judgement(seen, False, False), Judgement(aside, True, False)]
    )
    assert [(t.tp, t.fp, t.fn) for t in tallies.values()] == [(1, 0, 1), (0, 1, 0), (1, 0, 0), (0, 0, 1)]
