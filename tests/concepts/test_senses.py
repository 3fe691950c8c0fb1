"""Ambiguous wordings: the words around decide, and every meaning keeps its score."""

import pytest

from pipeline.concepts.linker import Linker
from pipeline.concepts.normalizing import Normalizer
from pipeline.concepts.senses import Sense, Senses, as_text, best
from pipeline.concepts.vocabulary import load_vocabulary

LINKER = Linker(load_vocabulary())


@pytest.mark.parametrize(
    ("text", "wording", "concept"),
    [
        ("Sleep helps athletes with recovery after a hard workout.", "recovery", "exercise_recovery"),
        ("The patient's recovery after surgery took weeks.", "recovery", None),
        ("Creatine improves performance in sprint and strength athletes.", "performance", "physical_performance"),
        ("The performance of the model on the task was low.", "performance", None),
        ("Walking lifts mood and leaves people feeling full of energy.", "energy", "fatigue"),
        ("Mitochondria turn glucose into energy for the cell.", "energy", None),
        ("Vaccination leaves memory against the pathogen and its antigen.", "memory", None),
        ("Exercise improves memory.", "memory", "memory"),
        ("Induction of LTP reverses depression at the synapse.", "depression", None),
        ("Load puts stress on the tendon and strain on the tissue.", "stress", None),
        ("AD brains hold more amyloid and tau.", "AD", "alzheimers"),
        ("AD of the skin, also called atopic dermatitis or eczema.", "AD", None),
        ("PD with tremor under levodopa.", "PD", "parkinsons"),
        ("PD with agoraphobia is treated in the clinic.", "PD", None),
        ("MS with demyelination and relapsing lesions.", "MS", "multiple_sclerosis"),
        ("The samples were run by LC and MS with chromatography.", "MS", None),
    ],
)
def test_the_words_of_the_sentence_tell_what_is_meant(text: str, wording: str, concept: str | None) -> None:
    linked = {match.text: match.concept_id for match in LINKER.find(text)}
    assert linked.get(wording) == concept


def test_the_sentences_beside_tell_it_where_the_sentence_does_not() -> None:
    text = "Recovery matters more than people think."
    assert not LINKER.find(text)
    (match,) = LINKER.find(text, beside=("Hard training and every workout fatigue the muscle.",))
    assert match.concept_id == "exercise_recovery"


def test_every_meaning_is_kept_with_its_score() -> None:
    (match,) = [m for m in LINKER.find("AD brains hold amyloid; libitum.") if m.text == "AD"]
    assert [concept for concept, _ in match.candidates] == ["alzheimers", None]
    assert sum(share for _, share in match.candidates) == pytest.approx(1, abs=0.01)
    assert match.score < 1
    assert as_text(match.candidates) == "alzheimers 0.625; other 0.375"


def test_a_cue_in_the_sentence_outweighs_one_beside_it() -> None:
    senses = Senses([Sense("memory", "memory", 0, ("recall",)), Sense("memory", None, 0, ("antigen",))], Normalizer({}))
    assert best(senses.scored(("memory",), ["recall"], ["antigen"])) == "memory"
    assert best(senses.scored(("memory",), ["antigen"], ["recall"])) is None
    assert senses.scored(("memory",), [], []) == ()
    assert senses.scored(("irisin",), ["recall"], []) == ()
