"""The two parts of the shipped pipeline: trained, joined, measured, saved."""

import json
from pathlib import Path
from typing import Any

import spacy
from spacy.cli.init_config import fill_config
from spacy.cli.train import train as spacy_train
from spacy.language import Language
from spacy.tokens import DocBin
from thinc.api import set_current_ops

from pipeline.language import tokenizer as _registers_the_tokenizer  # noqa: F401
from pipeline.language.blas import BlasOps, fast_products
from pipeline.language.measuring import held_out_figures
from pipeline.language.recognizer import FACTORY, Recognizer
from pipeline.language.training import trees
from pipeline.language.training.entities import MEASURED, training_sentences
from pipeline.language.training.model_card import write_card
from pipeline.language.training.recognition import Plan, train_schemes
from pipeline.language.training.tables import rows

HERE = Path(__file__).parent
VERSION = "0.2.0"
BATCH_SIZE = 64  # documents; what a batch of more needs no longer fits the processor's cache
# What documents get: BioNLP13CG's types, and diseases of BC5CDR where they overlap none of those.
MAIN, ADDED = "bionlp13cg", {"bc5cdr": ["DISEASE"]}


def blank() -> Language:
    """An English pipeline that holds nothing but scispaCy's tokenizer."""
    tokenizer = {"@tokenizers": "myoclaims.scientific_tokenizer.v1"}
    return spacy.blank("en", config={"nlp": {"tokenizer": tokenizer, "batch_size": BATCH_SIZE}})


def train_parser(raw: Path, work: Path) -> Path:
    """Train tagger and parser, and give back the folder of the best step's pipeline."""
    set_current_ops(BlasOps())
    nlp = blank()
    paths = {}
    for fold, make in (("train", trees.training_docs), ("dev", trees.choosing_docs)):
        paths[fold] = work / f"parser-{fold}.spacy"
        DocBin(docs=make(raw, nlp.tokenizer)).to_disk(paths[fold])
    full_config = work / "parser.cfg"
    fill_config(full_config, HERE / "parser.cfg", silent=True)
    overrides = {"paths.train": str(paths["train"]), "paths.dev": str(paths["dev"])}
    spacy_train(full_config, work / "parser", overrides=overrides)
    return work / "parser/model-best"


def train_recognizer(raw: Path, work: Path) -> Path:
    """Train the recognizer, and give back the folder of a pipeline that holds it."""
    nlp = blank()
    sentences = training_sentences(raw, nlp.tokenizer, choosing=False)
    plan = Plan()
    trained = train_schemes(
        nlp.vocab, sentences, plan, lambda step, _: print(f"recognizer: step {step:,} of {plan.steps:,}", flush=True)
    )
    sizes: dict[str, Any] = {
        "width": plan.width, "depth": plan.depth, "dropout": plan.dropout, "word_dropout": plan.word_dropout,
    }  # fmt: skip
    schemes = {scheme: trained.schemes[scheme] for scheme in MEASURED}
    recognizer = nlp.add_pipe(FACTORY, name="ner", config={"schemes": schemes, "main": MAIN, "added": ADDED, **sizes})
    assert isinstance(recognizer, Recognizer)
    recognizer.copy_from(trained)
    nlp.to_disk(work / "recognizer")
    return work / "recognizer"


def assemble(parser: Language, recognizer: Language) -> Language:
    """One pipeline of both parts with part-of-speech rules, lemma tables and abbreviations."""
    from scispacy.abbreviation import AbbreviationDetector  # noqa: F401  (registers its factory)

    nlp = blank()
    for name in ("tok2vec", "tagger", "parser"):
        nlp.add_pipe(name, source=parser)
    ruler: Any = nlp.add_pipe("attribute_ruler")
    for row in rows("penn-to-universal.tsv"):
        ruler.add([[{"TAG": row["tag"]}]], {"POS": row["pos"], "MORPH": row["morph"]})
    for row in rows("contractions.tsv"):
        ruler.add([[{"LOWER": row["word"], "TAG": row["tag"]}]], {"LEMMA": row["lemma"]})
    lemmatizer: Any = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize(nlp=nlp)
    nlp.add_pipe("ner", source=recognizer)
    nlp.add_pipe("abbreviation_detector", config={"make_serializable": True})
    nlp.meta.update({"name": "myoclaims", "version": VERSION})
    return nlp


def finish(parser: Path, recognizer: Path, raw: Path, model: Path) -> None:
    """Join the trained parts, measure them on held-out data, and save pipeline, figures and model card."""
    with fast_products():
        nlp = assemble(spacy.load(parser), spacy.load(recognizer))
    figures = held_out_figures(nlp, raw)
    nlp.meta["performance"] = {
        part: {name: round(value, 2) for name, value in values.items()} for part, values in figures.items()
    }
    nlp.meta["description"] = (
        "Tags, trees, lemmas and entities of journal and lay prose; see README.md beside this file."
    )
    nlp.to_disk(model)
    write_card(figures, model / "README.md")
    print(json.dumps(nlp.meta["performance"], indent=1))
