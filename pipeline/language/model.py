"""Loading the language pipeline: the shipped one, or with another package's entity recognizer in it."""

import warnings
from pathlib import Path

import spacy
from scispacy.abbreviation import AbbreviationDetector
from spacy.language import Language
from spacy.util import is_package

from pipeline.language.blas import fast_products
from pipeline.language.errors import ModelError
from pipeline.language.recognizer import make_recognizer
from pipeline.language.shipped import MODEL
from pipeline.language.tokenizer import scientific_tokenizer

# scispaCy's entity models and where its maintainers publish them; they are on no package index.
OFFICIAL = ("en_ner_bionlp13cg_md", "en_ner_bc5cdr_md", "en_ner_craft_md", "en_ner_jnlpba_md")
OFFICIAL_ADDRESS = "https://s3-us-west-2.amazonaws.com/ai2-s2-scispacy/releases/v0.5.4/{name}-0.5.4.tar.gz"
# Importing these registers the names that the saved pipeline refers to.
REGISTERED = (AbbreviationDetector, scientific_tokenizer, make_recognizer)


def load_model(ner_model: str = "") -> Language:
    """The shipped pipeline. `ner_model` names an installed package (an official scispaCy NER model such as
    `en_ner_bionlp13cg_md`) whose recognizer takes the place of the shipped one.

    Raises ModelError, with how to get it, where a model is missing.
    """
    if not (MODEL / "config.cfg").is_file():
        raise ModelError(
            f"no language model in {MODEL}. Reinstall the package, or train it: python -m pipeline.language.train"
        )
    with warnings.catch_warnings(), fast_products():
        # scispaCy's tokenizer patterns and today's `re` disagree on a bracket
        warnings.simplefilter("ignore", FutureWarning)
        nlp = spacy.load(MODEL)
        if ner_model:
            _exchange_recognizer(nlp, ner_model)
    return nlp


def _exchange_recognizer(nlp: Language, ner_model: str) -> None:
    if not is_package(ner_model) and not Path(ner_model).is_dir():
        if ner_model in OFFICIAL:
            how = f"pip install --no-deps {OFFICIAL_ADDRESS.format(name=ner_model)}"
        else:
            how = f"install it with pip; scispaCy's entity models are {', '.join(OFFICIAL)}"
        raise ModelError(
            f"the entity model {ner_model!r} is not installed. To get it: {how}. "
            "Or leave the setting ner_model (MYOCLAIMS_NER_MODEL) empty to use the shipped recognizer"
        )
    other = spacy.load(ner_model)
    if "ner" not in other.pipe_names:
        raise ModelError(f"the model {ner_model!r} has no component 'ner'; it has {', '.join(other.pipe_names)}")
    # With its own copy of the token vectors, since the other pipeline's tok2vec stays behind.
    for listened in ("tok2vec", "transformer"):
        if listened in other.pipe_names:
            other.replace_listeners(listened, "ner", ["model.tok2vec"])
    nlp.remove_pipe("ner")
    nlp.vocab.vectors = other.vocab.vectors  # which no other part of the shipped pipeline reads
    nlp.add_pipe("ner", source=other)
