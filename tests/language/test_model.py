"""The shipped pipeline, and another package's recognizer in its place."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

from pipeline.language.errors import ModelError
from pipeline.language.model import load_model
from pipeline.language.shipped import MODEL

REPOSITORY_LIMIT = 30 * 1024 * 1024


def test_the_shipped_model_is_complete_and_small_enough_for_the_repository(nlp: Language) -> None:
    assert nlp.pipe_names == [
        "tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner", "abbreviation_detector",
    ]  # fmt: skip
    assert sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file()) < REPOSITORY_LIMIT


def test_hyphenated_symbols_stay_one_token(nlp: Language) -> None:
    words = [token.text for token in nlp.make_doc("Exercise-induced IL-6 (interleukin-6) rose.")]
    assert words == ["Exercise-induced", "IL-6", "(", "interleukin-6", ")", "rose", "."]


def test_the_parse_has_the_labels_that_the_rules_use(nlp: Language) -> None:
    doc = nlp("BDNF was increased by aerobic exercise.")
    assert [(token.text, token.dep_) for token in doc if token.dep_ in {"nsubjpass", "ROOT", "agent", "pobj"}] == [
        ("BDNF", "nsubjpass"), ("increased", "ROOT"), ("by", "agent"), ("exercise", "pobj"),
    ]  # fmt: skip
    assert doc[2].lemma_ == "increase"


def test_abbreviations_are_found_with_their_long_forms(nlp: Language) -> None:
    doc = nlp("Resistance exercise training (RET) improves memory. RET is safe.")
    assert {(a["short_text"], a["long_text"].lower()) for a in doc._.abbreviations} == {
        ("RET", "resistance exercise training")
    }


OFFICIAL_LABELS = (
    "AMINO_ACID", "ANATOMICAL_SYSTEM", "CANCER", "CELL", "CELLULAR_COMPONENT", "DEVELOPING_ANATOMICAL_STRUCTURE",
    "GENE_OR_GENE_PRODUCT", "IMMATERIAL_ANATOMICAL_ENTITY", "MULTI_TISSUE_STRUCTURE", "ORGAN", "ORGANISM",
    "ORGANISM_SUBDIVISION", "ORGANISM_SUBSTANCE", "PATHOLOGICAL_FORMATION", "SIMPLE_CHEMICAL", "TISSUE",
)  # fmt: skip


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed package of the shape of `en_ner_bionlp13cg_md` 0.5.4: a recognizer that reads a shared
    tok2vec layer with static vectors, beside tagger and parser. It has learned that BDNF is a gene product.
    """
    name, version = "en_ner_bionlp13cg_md", "0.5.4"
    fix_random_seed(0)
    nlp = spacy.blank("en")
    for word in ("BDNF", "was", "increased", "by", "exercise", "."):
        nlp.vocab.set_vector(word, np.random.default_rng(len(word)).normal(size=20).astype(np.float32))
    embedding = {"@architectures": "spacy.MultiHashEmbed.v2", "width": 32, "attrs": ["NORM"], "rows": [100],
                 "include_static_vectors": True}  # fmt: skip
    encoding = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 32, "depth": 1, "window_size": 1,
                "maxout_pieces": 2}  # fmt: skip
    nlp.add_pipe(
        "tok2vec", config={"model": {"@architectures": "spacy.Tok2Vec.v2", "embed": embedding, "encode": encoding}}
    )
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 32}
    nlp.add_pipe("tagger", config={"model": {"tok2vec": listener}}).add_label("NN")  # type: ignore[attr-defined]
    recognizer: Any = nlp.add_pipe("ner", config={"model": {"tok2vec": listener}})
    for label in OFFICIAL_LABELS:
        recognizer.add_label(label)
    text = "BDNF was increased by exercise."
    example = Example.from_dict(nlp.make_doc(text), {"entities": [(0, 4, "GENE_OR_GENE_PRODUCT")], "tags": ["NN"] * 6})
    optimizer = nlp.initialize(lambda: [example])
    for _ in range(80):
        nlp.update([example], sgd=optimizer)
    nlp.meta.update({"lang": "en", "name": "ner_bionlp13cg_md", "version": version})
    package = tmp_path / name
    package.mkdir()
    nlp.to_disk(package / f"{name}-{version}")
    shutil.copy(package / f"{name}-{version}/meta.json", package)
    (package / "__init__.py").write_text(
        "from pathlib import Path\nfrom spacy.util import load_model_from_init_py\n"
        "def load(**overrides): return load_model_from_init_py(__file__, **overrides)\n"
    )
    installed = tmp_path / f"{name}-{version}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


def test_an_official_recognizer_takes_the_place_of_the_shipped_one(stand_in: str) -> None:
    nlp = load_model(stand_in)
    assert nlp.pipe_labels["ner"] == sorted(OFFICIAL_LABELS)
    doc = nlp("BDNF was increased by exercise.")
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("BDNF", "GENE_OR_GENE_PRODUCT")]
    assert doc.has_annotation("DEP")
    assert nlp.pipe_names[-1] == "ner"


def test_with_an_official_recognizer_the_rest_of_the_pipeline_says_the_same(stand_in: str, nlp: Language) -> None:
    text = "Resistance exercise training (RET) improves memory, and BDNF was increased by it."
    ours, theirs = nlp(text), load_model(stand_in)(text)
    assert [(t.tag_, t.dep_, t.head.i, t.lemma_) for t in ours] == [
        (t.tag_, t.dep_, t.head.i, t.lemma_) for t in theirs
    ]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("en_ner_bc5cdr_md", r"pip install --no-deps https://\S+/v0\.5\.4/en_ner_bc5cdr_md-0\.5\.4\.tar\.gz"),
        ("en_ner_missing_md", r"scispaCy's entity models are en_ner_bionlp13cg_md, .*MYOCLAIMS_NER_MODEL"),
    ],
)
def test_a_recognizer_that_is_not_installed_is_named_with_how_to_get_it(name: str, how: str) -> None:
    with pytest.raises(ModelError, match=f"'{name}' is not installed.*{how}"):
        load_model(name)


def test_a_pipeline_without_a_recognizer_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "empty")
    with pytest.raises(ModelError, match="has no component 'ner'"):
        load_model(str(tmp_path / "empty"))


MANY_DOCUMENTS = """
import resource
from pipeline.language.model import load_model
def peak():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 2**20
nlp = load_model()
def documents(start, count):
    for i in range(count):
        n = i + start
        yield f"The factor GENE{n}X raised marker-{n * 7} in tissue{n} after exercise of {n} minutes."
sizes = []
for batch in range(10):
    with nlp.memory_zone():
        for doc in nlp.pipe(documents(1000 * batch, 1000), batch_size=128):
            pass
    sizes.append(peak())
print(max(sizes[:5]), max(sizes[5:]))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc to read the memory in use")
@pytest.mark.endurance
def test_ten_thousand_documents_of_ever_new_words_hold_the_memory_flat() -> None:
    run = subprocess.run([sys.executable, "-c", MANY_DOCUMENTS], capture_output=True, text=True, check=True)
    early, late = map(float, run.stdout.split())
    # the most each time: an array of 30 MB is now held, now given back
    assert late - early < 10, f"up to {early:.0f} MB over the first 5,000 documents, {late:.0f} MB over the others"
