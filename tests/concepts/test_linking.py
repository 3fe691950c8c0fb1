"""What the linker finds: sentences with their concepts marked inline, as `[text|concept]` or `[text|-concept]`."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.concepts.linker import Linker, Match, score
from pipeline.concepts.vocabulary import Vocabulary, load_vocabulary
from pipeline.records import Alias

MARK = re.compile(r"\[([^\[\]|]+)\|(-?)(\w+)\]")
VOCABULARY = load_vocabulary()
LINKER = Linker(VOCABULARY)
NEEDS_NEIGHBOUR = {blocker.wording for blocker in VOCABULARY.blockers if blocker.position.startswith("only")}
NEEDS_CUES = {(sense.wording, sense.concept_id) for sense in VOCABULARY.senses if sense.prior == 0}
FREE_ALIASES = [
    alias
    for alias in VOCABULARY.aliases
    if alias.text.lower() not in NEEDS_NEIGHBOUR and (alias.text, alias.concept_id) not in NEEDS_CUES
]


def marked_sentences() -> list[str]:
    lines = Path(__file__).with_name("marked-sentences.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[1] for line in lines[1:]]


def mark(text: str, matches: list[Match]) -> str:
    """`text` with its matches marked as in the table."""
    marked, position = "", 0
    for match in matches:
        sign = "-" if match.polarity < 0 else ""
        marked += f"{text[position : match.start]}[{match.text}|{sign}{match.concept_id}]"
        position = match.end
    return marked + text[position:]


def found(text: str) -> list[tuple[str, int]]:
    return [(match.concept_id, match.polarity) for match in LINKER.find(text)]


@pytest.mark.parametrize("marked", marked_sentences())
def test_finds_the_marked_concepts_and_no_others(marked: str) -> None:
    text = MARK.sub(r"\1", marked)
    assert mark(text, LINKER.find(text)) == marked


def test_every_alias_is_found_by_itself() -> None:
    lost = [
        (alias.concept_id, alias.text, LINKER.find(alias.text))
        for alias in FREE_ALIASES
        if [(m.concept_id, m.polarity, m.text) for m in LINKER.find(alias.text)]
        != [(alias.concept_id, alias.polarity, alias.text)]
    ]
    assert lost == []


@given(st.sampled_from([alias for alias in FREE_ALIASES if alias.case == "any"]), st.sampled_from("‐‑–—"))
def test_case_and_the_kind_of_hyphen_make_no_difference(alias: Alias, hyphen: str) -> None:
    expected = [(alias.concept_id, alias.polarity)]
    for variant in (alias.text.upper(), alias.text.lower(), alias.text.replace("-", hyphen)):
        assert found(variant) == expected


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("signalling of Akt in ageing", "signaling of Akt in aging"),
        ("haemoglobin A1c and dyslipidaemia", "hemoglobin A1c and dyslipidemia"),
        ("muscle fibre size and behavioural despair", "muscle fiber size and behavioral despair"),
        ("dual-task walking programme, vigour", "dual-task walking program, vigor"),
        ("mitochondrial organisation, grey matter", "mitochondrial organization, gray matter"),
        ("neurones: survival of neurones", "neurons: survival of neurons"),
        ("leucocytosis, leukaemia inhibitory factor", "leukocytosis, leukemia inhibitory factor"),
        ("antioxidant defences, caloric restriction", "antioxidant defenses, caloric restriction"),
        ("sleep apnoea, tumour growth, oestrogen", "sleep apnea, tumor growth, estrogen"),
    ],
)
def test_british_spelling_links_as_american_does(british: str, american: str) -> None:
    assert found(british) == found(american) != []


@given(st.text(st.sampled_from("IL-6 BDNF, memory\n(loss) of α’s ²₂é\u00ad\u0307 and training/-8."), max_size=80))
def test_matches_are_ordered_slices_of_any_text(text: str) -> None:
    end = 0
    for match in LINKER.find(text):
        assert match.start >= end
        assert text[match.start : match.end] == match.text != ""
        assert match.concept_id in VOCABULARY.concepts
        assert 0 < match.score <= 1
        end = match.end


@pytest.mark.parametrize(
    ("text", "abbreviations", "expected"),
    [
        ("PRT helped.", {"PRT": "progressive resistance training"}, [("PRT", "resistance_training")]),
        ("PRT helped.", {}, []),
        ("prt helped.", {"PRT": "progressive resistance training"}, []),
        ("AD and BDNF.", {}, [("AD", "alzheimers"), ("BDNF", "bdnf")]),
        ("AD and BDNF.", {"AD": "atopic dermatitis"}, [("BDNF", "bdnf")]),
        ("AD and BDNF.", {"AD": "Alzheimer's disease"}, [("AD", "alzheimers"), ("BDNF", "bdnf")]),
        ("BDNF rose.", {"BDNF": "brain derived neurotropic facter"}, [("BDNF", "bdnf")]),
        ("The FOD score.", {"FOD": "fear of depression"}, []),
        ("The SDS score.", {"SDS": "severity of depression scale"}, []),
        ("CRF fell.", {"CRF": "cancer-related fatigue"}, [("CRF", "fatigue")]),
        ("PD patients.", {"PD": "posterior drawer"}, []),
        ("IR rose.", {"IR": "insulin resistance"}, [("IR", "insulin_sensitivity")]),
        ("is a cat", {"is": "insulin sensitivity"}, []),
        ("IL-6 rose.", {"IL-6": "interleukin-6"}, [("IL-6", "il6")]),
    ],
)
def test_definitions_of_the_article_come_first(
    text: str, abbreviations: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert [(match.text, match.concept_id) for match in LINKER.find(text, abbreviations)] == expected


def test_a_defined_short_form_keeps_the_direction_of_its_long_form() -> None:
    (match,) = LINKER.find("IR", {"IR": "insulin resistance"})
    assert (match.method, match.polarity) == ("abbreviation", -1)


@pytest.mark.parametrize(
    ("text", "method"),
    [("interleukin-6", "alias"), ("stay sharp", "lay"), ("aerobic and resistance training", "ellipsis")],
)
def test_the_method_says_how_a_match_was_found(text: str, method: str) -> None:
    assert LINKER.find(text)[0].method == method


def test_score_falls_with_guesswork_and_short_names() -> None:
    scores = [
        score("alias", "irisin"),
        score("lay", "stay sharp"),
        score("ellipsis", "aerobic"),
        score("ellipsis", "8"),
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_landmarks_are_found_with_their_wordings() -> None:
    text = "Irisin crosses the blood–brain barrier (BBB) and reaches the hippocampus and skeletal muscle."
    assert [(match.text, match.concept_id) for match in LINKER.landmarks(text)] == [
        ("blood–brain barrier", "bbb"),
        ("BBB", "bbb"),
        ("hippocampus", "hippocampus"),
        ("skeletal muscle", "muscle"),
    ]


def test_two_linkers_of_one_vocabulary_agree() -> None:
    text = "Exercise raises BDNF; PRT too."
    other: Vocabulary = load_vocabulary()
    assert Linker(other).find(text, {"PRT": "resistance training"}) == LINKER.find(text, {"PRT": "resistance training"})
