"""What a claim holds for: timing, tissue, endpoint and species, read from its sentence.

A case is a text, the object of the claim, and what is read: `field=value`, or nothing where the text does not say.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.claims import context_patterns
from pipeline.claims.context import context_of
from pipeline.claims.extractor import Extractor
from pipeline.claims.lexicon import LexiconError
from pipeline.records import Article, Block, BlockKind, Context

Case = tuple[str, str, str]

TIMING: list[Case] = [
    ("A single bout of cycling increased BDNF.", "bdnf", "acute"),
    ("One session of weight lifting raised lactate.", "lactate", "acute"),
    ("Irisin rose immediately after exercise.", "irisin", "acute"),
    ("Lactate increases BDNF within minutes of exercise.", "bdnf", "acute"),
    ("Thirty minutes after exercise, lactate had increased BDNF.", "bdnf", "acute"),
    ("Post-exercise increases in lactate improved memory.", "memory", "acute"),
    ("Exercise acutely improves mood.", "mood", "acute"),
    ("Exercise transiently increases cortisol.", "cortisol", "acute"),
    ("After a 20-minute run, exercise improved attention.", "attention", "acute"),
    ("Twelve weeks of resistance training increased IGF-1.", "igf1", "chronic"),
    ("An 8-week training programme improved memory.", "memory", "chronic"),
    ("Training for 16 weeks improved executive function.", "executive_function", "chronic"),
    ("Years of endurance training increase hippocampal volume.", "hippocampal_volume", "chronic"),
    ("Habitual physical activity lowers the risk of dementia.", "dementia", "chronic"),
    ("Working out regularly improves sleep.", "sleep", "chronic"),
    ("Chronic administration of irisin improved memory.", "memory", "chronic"),
    ("Chronically elevated cortisol impairs memory.", "memory", "chronic"),
    # both in the sentence: the clause of the predicate says which
    ("Acute exercise raises IL-6, whereas regular training lowers inflammation.", "il6", "acute"),
    ("Acute exercise raises IL-6, whereas regular training lowers inflammation.", "inflammation", "chronic"),
    ("While acute exercise raises IL-6, long-term training lowers it.", "il6", "acute"),
    ("Regular exercise lowers inflammation; a single session raises IL-6.", "il6", "acute"),
    ("Unlike a single session, regular training improved memory.", "memory", "chronic"),
    ("Rather than one bout of exercise, months of training improved memory.", "memory", "chronic"),
    ("Acute and chronic exercise both increase BDNF.", "bdnf", ""),
    ("Exercise profoundly improves memory acutely and chronically.", "memory", ""),
    # near misses
    ("Exercise increases BDNF.", "bdnf", ""),
    ("Chronic stress impairs memory.", "memory", ""),
    ("Acute stress increases cortisol.", "cortisol", ""),
    ("Exercise reduces chronic pain.", "pain", ""),
    ("Chronic inflammation increases depression.", "depression", ""),
    ("Exercise reduces chronic diseases such as type 2 diabetes.", "type2_diabetes", ""),
    ("Exercise increased BDNF in 12-month-old mice.", "bdnf", ""),
    ("Irisin improved memory two weeks after stroke.", "memory", ""),
    ("Exercise improved memory after a 10-year follow-up.", "memory", ""),
    ("Exercise reduces the risk of transient ischemic attack.", "stroke", ""),
    ("Do at least one long session of aerobic exercise weekly, as aerobic exercise improves mood.", "mood", ""),
]

TISSUE: list[Case] = [
    ("Exercise increased plasma BDNF.", "bdnf", "circulation"),
    ("Exercise increased circulating levels of irisin.", "irisin", "circulation"),
    ("Exercise increased BDNF levels in the blood.", "bdnf", "circulation"),
    ("Exercise increased IL-6 concentrations in serum samples.", "il6", "circulation"),
    ("Serum IGF-1 and VEGF levels were increased by exercise.", "vegf", "circulation"),
    ("Exercise increases levels of serum IGF-1, VEGF, and BDNF.", "bdnf", "circulation"),
    ("Muscle contraction releases irisin into the bloodstream.", "irisin", "circulation"),
    ("Aerobic exercise releases irisin from muscle into the blood.", "irisin", "circulation"),
    ("Exercise activates AMPK in skeletal muscle.", "ampk", "skeletal muscle"),
    ("Within skeletal muscle, exercise increases PGC-1alpha.", "pgc1a", "skeletal muscle"),
    ("Exercise increased IL-6 in muscle but not in plasma.", "il6", "skeletal muscle"),
    ("Exercise increased levels of neurotrophins such as BDNF in the brain.", "bdnf", "brain"),
    ("Irisin increases BDNF (brain-derived neurotrophic factor) in the brain.", "bdnf", "brain"),
    ("Irisin increases hippocampal BDNF expression.", "bdnf", "hippocampus"),
    ("In the hippocampus, exercise increased BDNF.", "bdnf", "hippocampus"),
    ("Exercise increases BDNF in the dentate gyrus of the hippocampus.", "bdnf", "hippocampus"),
    ("Lactate increased BDNF in the brain, particularly the hippocampus.", "bdnf", "hippocampus"),
    ("Adult hippocampal neurogenesis is increased by running.", "neurogenesis", "hippocampus"),
    ("Exercise increased BDNF in the prefrontal cortex of mice.", "bdnf", "cortex"),
    ("Irisin increased BDNF in cortical neurons.", "bdnf", "cortex"),
    ("Levels of BDNF in the cerebrospinal fluid increased after exercise.", "bdnf", "cerebrospinal fluid"),
    ("Exercise raised BDNF and reduced inflammation in the liver.", "inflammation", "liver"),
    ("Exercise reduces inflammation in adipose tissue.", "inflammation", "adipose tissue"),
    ("Lactate increases BDNF in bone.", "bdnf", "bone"),
    ("Exercise reduces inflammation in the heart.", "inflammation", "heart"),
    # the place is another concept's
    ("Exercise raised BDNF, which improved memory in the hippocampus.", "bdnf", ""),
    ("Exercise raised BDNF and reduced inflammation in the liver.", "bdnf", ""),
    ("Exercise improves sleep by lowering cortisol in plasma.", "sleep", ""),
    ("Myostatin in muscle reduces BDNF.", "bdnf", ""),
    ("Irisin released from muscle into the circulation increases BDNF.", "bdnf", ""),
    ("Exercise, acting on muscle, increases BDNF.", "bdnf", ""),
    # what releases it is not where it is
    ("Irisin is released by skeletal muscle during exercise.", "irisin", ""),
    ("Exercise increased muscle IL-6 release.", "il6", ""),
    # several places
    ("Lactate increased BDNF in plasma and in the hippocampus.", "bdnf", ""),
    ("Exercise increased BDNF in the hippocampus and prefrontal cortex.", "bdnf", ""),
    ("Exercise increased IL-6 in liver and fat.", "il6", ""),
    ("Stress increases cortisol in the body and brain.", "cortisol", ""),
    # words that only look like a place
    ("Exercise increases brain-derived neurotrophic factor.", "bdnf", ""),
    ("Exercise increases blood flow to the brain.", "cerebral_blood_flow", ""),
    ("Exercise lowers blood pressure.", "blood_pressure", ""),
    ("Exercise improves the health of blood vessels and increases BDNF.", "bdnf", ""),
    ("Irisin crosses the blood-brain barrier and increases BDNF.", "bdnf", ""),
    ("Exercise increased muscle strength and BDNF.", "bdnf", ""),
    ("Exercise increases muscle mass.", "muscle_growth", ""),
    ("Exercise improves brain health.", "brain_health", ""),
    ("Exercise improves memory in heart failure patients.", "memory", ""),
]

ENDPOINT: list[Case] = [
    ("Resistance training reduced myostatin mRNA levels.", "myostatin", "gene expression"),
    ("Exercise increases gene expression of BDNF.", "bdnf", "gene expression"),
    ("Irisin raises BDNF transcription in the hippocampus.", "bdnf", "gene expression"),
    ("Exercise increases the expression of BDNF.", "bdnf", "expression"),
    ("Myostatin expression is reduced by resistance training.", "myostatin", "expression"),
    ("Exercise increased the concentration of BDNF.", "bdnf", "level"),
    ("Irisin increased BDNF protein levels.", "bdnf", "level"),
    ("Exercise increased serum brain-derived neurotrophic factor (BDNF) levels.", "bdnf", "level"),
    ("Exercise increased levels of growth factors, including BDNF and IGF-1.", "igf1", "level"),
    ("Aerobic exercise reduced anxiety levels.", "anxiety", "level"),
    ("Exercise activates AMPK in skeletal muscle.", "ampk", "activity"),
    ("Irisin promotes BDNF signaling.", "bdnf", "activity"),
    ("Exercise increased TrkB signaling.", "trkb_signaling", "activity"),
    ("Exercise increases the secretion of irisin.", "irisin", "release"),
    ("Exercise increased muscle IL-6 release.", "il6", "release"),
    ("Lactate is released during exercise.", "lactate", "release"),
    ("Muscle contraction releases irisin into the bloodstream.", "irisin", "release"),
    ("Exercise increased the release of myokines such as irisin.", "irisin", "release"),
    ("Resistance training lowered depression scores.", "depression", "score"),
    ("Aerobic exercise improved scores on memory tests.", "memory", "score"),
    ("Exercise increased scores for quality of life.", "quality_of_life", "score"),
    # near misses
    ("Exercise increased BDNF.", "bdnf", ""),
    ("Aerobic exercise improves attention and concentration.", "attention", ""),
    ("Exercise increases signaling molecules such as irisin.", "irisin", ""),
    ("Exercise improves daily activity and memory.", "memory", ""),
    ("The level of evidence for memory was low, but exercise increased BDNF.", "bdnf", ""),
    ("Exercise increased IL-6 but did not affect levels of cortisol.", "il6", ""),
]

SPECIES: list[Case] = [
    ("Exercise increased BDNF in human volunteers.", "bdnf", "human"),
    ("Exercise increased BDNF in older adults.", "bdnf", "human"),
    ("Irisin increased BDNF in vitro.", "bdnf", "cell"),
    ("Adult hippocampal neurogenesis is increased by running in mice.", "neurogenesis", "mouse"),
    ("The subjects were mice; exercise increased BDNF in these individuals.", "bdnf", "mouse"),
    ("In mice, but not in humans, irisin improved memory.", "memory", "mouse"),
    ("In mice irisin raised BDNF, whereas in humans exercise improved memory.", "bdnf", "mouse"),
    ("In mice irisin raised BDNF, whereas in humans exercise improved memory.", "memory", "human"),
    ("Volunteers ran; in a rat, running raised BDNF.", "bdnf", "rat"),
    # people and animals in one clause
    ("In both rats and people, exercise increased BDNF.", "bdnf", ""),
    ("Running improved memory in mice, as it does in people.", "memory", ""),
    ("BDNF promotes adult neurogenesis.", "neurogenesis", ""),
    # the sentences beside it
    ("Mice were trained. Exercise increased BDNF.", "bdnf", "mouse"),
    ("Mice and people were trained. Exercise increased BDNF.", "bdnf", ""),
]


def read(extractor: Extractor, text: str, object_id: str) -> Context:
    """The context of the one claim about an object in a text."""
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    article = Article("tests", "a.txt", text, (block,), sha256="", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    found = {claim.context for claim in extractor.extract(article).claims if claim.object_id == object_id}
    assert len(found) == 1, f"expected one claim about {object_id}, found {len(found)}"
    return found.pop()


@pytest.mark.parametrize(("text", "object_id", "timing"), TIMING)
def test_timing_is_that_of_the_clause(extractor: Extractor, text: str, object_id: str, timing: str) -> None:
    assert read(extractor, text, object_id).timing == timing


@pytest.mark.parametrize(("text", "object_id", "tissue"), TISSUE)
def test_tissue_is_where_the_object_was_measured(extractor: Extractor, text: str, object_id: str, tissue: str) -> None:
    assert read(extractor, text, object_id).tissue == tissue


@pytest.mark.parametrize(("text", "object_id", "endpoint"), ENDPOINT)
def test_endpoint_is_what_was_measured_of_the_object(
    extractor: Extractor, text: str, object_id: str, endpoint: str
) -> None:
    assert read(extractor, text, object_id).endpoint == endpoint


@pytest.mark.parametrize(("text", "object_id", "species"), SPECIES)
def test_species_is_that_of_the_clause(extractor: Extractor, text: str, object_id: str, species: str) -> None:
    assert read(extractor, text, object_id).species == species


def test_timing_tissue_and_endpoint_are_not_taken_from_the_sentences_beside_it(extractor: Extractor) -> None:
    found = read(extractor, "Plasma levels were measured after a single bout of it. Exercise increased BDNF.", "bdnf")
    assert (found.timing, found.tissue, found.endpoint) == ("", "", "")


def test_a_sentence_without_a_parse_has_the_context_that_its_words_give() -> None:
    found = context_of("A single bout of running raised BDNF in rats.", [], "", "exercise")
    assert (found.species, found.modality, found.timing, found.tissue) == ("rat", "aerobic", "acute", "")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("place\tbrain\tbrain", "context.tsv line 2: kind is 'place'"),
        ("tissue\t\tbrain", "context.tsv line 2: tissue takes a value"),
        ("clause\tbut\tbut", "context.tsv line 2: clause takes no value"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, message: str
) -> None:
    (tmp_path / "context.tsv").write_text(f"kind\tvalue\tpattern\n{row}\n", encoding="utf-8")
    monkeypatch.setattr(context_patterns, "FOLDER", tmp_path)
    with pytest.raises(LexiconError, match=message):
        context_patterns.patterns.__wrapped__()


@pytest.mark.parametrize(
    ("section", "sentence", "design"),
    [
        ("Results", "Irisin raised BDNF.", "randomized controlled trial"),
        ("", "Irisin raised BDNF.", "randomized controlled trial"),
        ("Abstract > Results", "Irisin raised BDNF.", "randomized controlled trial"),
        ("Introduction", "Irisin raises BDNF.", ""),
        ("Introduction", "Irisin raises BDNF in cohort studies.", "cohort study"),
        ("Abstract > Background", "Irisin raises BDNF.", ""),
        ("Discussion", "Irisin is known to raise BDNF.", ""),
        ("Discussion", "In this trial, irisin raised BDNF.", "randomized controlled trial"),
        ("Discussion", "We found that irisin raised BDNF.", "randomized controlled trial"),
    ],
)
def test_the_design_of_the_title_is_that_of_the_papers_own_study(section: str, sentence: str, design: str) -> None:
    title = "Irisin and BDNF: a randomized trial"
    assert context_of(sentence, [], title, "irisin", section=section).study_design == design
