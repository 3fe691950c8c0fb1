"""The linker and the claim rules in somebody's own spaCy pipeline."""

import pipeline.claims.components  # noqa: F401  (registers the factories)
from pipeline.language.model import load_model


def test_the_components_work_in_a_pipeline_of_ones_own() -> None:
    nlp = load_model()
    nlp.add_pipe("concept_linker")
    nlp.add_pipe("claim_extractor")
    doc = nlp("Irisin increases BDNF. Exercise did not improve memory.")
    assert [span.label_ for span in doc.spans["concepts"]] == ["irisin", "bdnf", "exercise", "memory"]
    assert [(c.subject_id, str(c.effect), c.object_id, c.negated) for c in doc._.claims] == [
        ("irisin", "increases", "bdnf", False),
        ("exercise", "increases", "memory", True),
    ]
    for claim in doc._.claims:
        assert doc.text[claim.char_start : claim.char_end].startswith(("Irisin", "Exercise"))
    assert doc._.triples == ()
