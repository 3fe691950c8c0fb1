import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.concepts.normalizing import Normalizer, joins
from pipeline.concepts.tables import VocabularyError
from pipeline.concepts.vocabulary import load_vocabulary

NORMALIZER = Normalizer(load_vocabulary().spelling)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("IL6", ["il", "6"]),
        ("IL‑6", ["il", "6"]),
        ("VO2max", ["vo", "2", "max"]),
        ("VO₂max", ["vo", "2", "max"]),
        ("V̇O2", ["vo", "2"]),
        ("PGC-1α", ["pgc", "1", "alpha"]),
        ("PGC-1alpha", ["pgc", "1", "alpha"]),
        ("NF-κB", ["nf", "kappa", "b"]),
        ("Aβ 𝛽", ["a", "beta", "beta"]),
        ("BDNF¹²", ["bdnf"]),
        ("Alzheimer’s", ["alzheimer"]),
        ("café naïve", ["cafe", "naive"]),
        ("neuro\u00adgenesis", ["neurogenesis"]),
        ("ﬁbrosis", ["fibrosis"]),
        ("snake_case", ["snake", "case"]),
        ("…—!", []),
    ],
)
def test_pieces_have_these_keys(text: str, keys: list[str]) -> None:
    assert NORMALIZER.pieces(text).keys == keys


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("cells", "cell"),
        ("memories", "memory"),
        ("hypotheses", "hypothesis"),
        ("stresses", "stress"),
        ("diseases", "disease"),
        ("boxes", "box"),
        ("analyses", "analysis"),
        ("neurones", "neuron"),
        ("hippocampi", "hippocampus"),
    ],
)
def test_plural_has_the_key_of_its_singular(plural: str, singular: str) -> None:
    assert NORMALIZER.word(plural) == NORMALIZER.word(singular)


@pytest.mark.parametrize("word", ["stress", "sepsis", "apoptosis", "diabetes", "mitosis", "virus", "has", "series"])
def test_what_only_ends_like_a_plural_stays(word: str) -> None:
    assert NORMALIZER.word(word) == word


def test_the_kind_of_sport_is_not_the_adjective() -> None:
    assert NORMALIZER.word("aerobics") != NORMALIZER.word("aerobic")


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("ageing", "aging"),
        ("tumour", "tumor"),
        ("tumours", "tumors"),
        ("oestrogen", "estrogen"),
        ("ischaemia", "ischemia"),
        ("haemodynamic", "hemodynamic"),
        ("fibres", "fibers"),
        ("centre", "center"),
        ("behavioural", "behavioral"),
        ("mobilisation", "mobilization"),
        ("catalysed", "catalyzed"),
        ("signalling", "signaling"),
        ("programme", "program"),
        ("leucocyte", "leukocyte"),
        ("diarrhoea", "diarrhea"),
        ("sulphate", "sulfate"),
        ("defences", "defenses"),
    ],
)
def test_british_and_american_spelling_share_a_key(british: str, american: str) -> None:
    assert NORMALIZER.word(british) == NORMALIZER.word(american)


@given(st.text(max_size=60))
def test_pieces_are_ordered_slices_without_overlap(text: str) -> None:
    pieces = NORMALIZER.pieces(text)
    end = 0
    for index, (start, stop, key) in enumerate(zip(pieces.starts, pieces.ends, pieces.keys, strict=True)):
        assert end <= start < stop <= len(text)
        assert key
        assert text[start:stop].startswith(pieces.surface(index))
        assert pieces.glued_before(index) == (index > 0 and pieces.ends[index - 1] == start)
        end = stop


@given(st.text(st.characters(max_codepoint=0x24F, categories=["Lu", "Ll"]), min_size=1, max_size=12))
def test_the_key_of_a_word_does_not_depend_on_case_or_composition(word: str) -> None:
    forms = {word.lower(), unicodedata.normalize("NFD", word.lower()), word.lower().upper().lower()}
    assert len({tuple(NORMALIZER.pieces(form).keys) for form in forms if form.lower() == word.lower()}) == 1


def test_glue_is_known_on_both_sides() -> None:
    pieces = NORMALIZER.pieces("IL6R IL-6")
    assert [pieces.glued_before(i) for i in range(5)] == [False, True, True, False, False]
    assert [pieces.glued_after(i) for i in range(5)] == [True, True, False, False, False]


@pytest.mark.parametrize("gap", [" ", "–", " \n", "’", "/", "+ ", ""])
def test_blanks_and_hyphens_hold_a_name_together(gap: str) -> None:
    assert joins(gap)


@pytest.mark.parametrize("gap", [". ", ", ", "\n\n", " (", "; ", "        "])
def test_punctuation_and_wide_gaps_do_not(gap: str) -> None:
    assert not joins(gap)


def test_a_phrase_without_words_is_refused() -> None:
    with pytest.raises(VocabularyError, match="holds no word"):
        NORMALIZER.phrase("—")
