"""Train the shipped language model from raw archives: `python -m pipeline.language.train CORPORA_DIR`.

Needs the `train` extra (lemma tables). Two models are trained, tagger with parser and entity recognizer,
and joined into one pipeline under `pipeline/language/model`. About an hour on two cores.
"""

import argparse
import csv
import json
import tarfile
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import spacy
from spacy.cli.init_config import fill_config
from spacy.cli.train import train as spacy_train
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from pipeline.language import tokenizer as _registers_the_tokenizer  # noqa: F401
from pipeline.language.training import entities, templates, treebanks

HERE = Path(__file__).parent
MODEL = HERE / "model"
ARCHIVES = ("craft-dependency", "ud-ewt", "mtl2016-ner")
# Every tenth CRAFT paper is held out for the test figure, every tenth for choosing the best step.
TEST_FOLD, DEV_FOLD, FOLDS = 0, 5, 10
TEMPLATE_SENTENCES, TEMPLATE_SEED = 6_000, 7


def unpack(corpora: Path, to: Path) -> None:
    """Unpack the archives named in ARCHIVES; FileNotFoundError names the one that is missing."""
    for name in ARCHIVES:
        archive = corpora / f"{name}.tar.xz"
        if not archive.is_file():
            raise FileNotFoundError(f"{archive} is missing: give the folder that holds {', '.join(ARCHIVES)}")
        with tarfile.open(archive) as tar:
            tar.extractall(to, filter="data")


def craft_papers(corpora: Path, fold: str) -> list[Path]:
    """CRAFT papers of the fold `train`, `dev` or `test`, by the order of their PubMed ids."""
    papers = sorted((corpora / "structural-annotation/dependency/conllu").glob("*.conllu"))
    wanted = {"test": {TEST_FOLD}, "dev": {DEV_FOLD}}.get(fold, set(range(FOLDS)) - {TEST_FOLD, DEV_FOLD})
    return [paper for i, paper in enumerate(papers) if i % FOLDS in wanted]


def parser_docs(nlp: Language, corpora: Path, fold: str) -> list[Doc]:
    """Journal prose and lay prose; half of the training text sentence by sentence, half in groups."""
    ewt_file = {"train": "en_ewt-ud-train.REASSEMBLED", "dev": "en_ewt-ud-dev", "test": "en_ewt-ud-test"}[fold]
    lay = [treebanks.clearnlp_from_ud(s) for s in treebanks.read_conllu(corpora / f"{ewt_file}.conllu")]
    journal = [s for paper in craft_papers(corpora, fold) for s in treebanks.read_conllu(paper)]
    if fold == "dev":
        return list(treebanks.docs(nlp.tokenizer, journal[:1500] + lay[:1000], group=1))
    if fold == "test":
        return list(treebanks.docs(nlp.tokenizer, journal, group=1))
    parts = [(half, group) for s in (journal, lay) for half, group in ((s[::2], 1), (s[1::2], 4))]
    parts.append((list(templates.sentences(TEMPLATE_SENTENCES, seed=TEMPLATE_SEED)), 1))
    return list(chain.from_iterable(treebanks.docs(nlp.tokenizer, half, group) for half, group in parts))


def entity_docs(nlp: Language, corpora: Path, fold: str) -> list[Doc]:
    """BioNLP13CG's own split; its `devel` part chooses the best step."""
    name = {"dev": "devel"}.get(fold, fold)
    return list(entities.docs(nlp.vocab, corpora / f"BioNLP13CG-IOB/{name}.tsv"))


def blank() -> Language:
    """An English pipeline that holds nothing but scispaCy's tokenizer."""
    return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "myoclaims.scientific_tokenizer.v1"}}})


def train_part(part: str, corpora: Path, work: Path) -> Path:
    """Train `parser` or `entities` and give back the folder of the best model."""
    make = {"parser": parser_docs, "entities": entity_docs}[part]
    nlp = blank()
    paths = {}
    for fold in ("train", "dev"):
        paths[fold] = work / f"{part}-{fold}.spacy"
        DocBin(docs=make(nlp, corpora, fold)).to_disk(paths[fold])
    full_config = work / f"{part}.cfg"
    fill_config(full_config, HERE / f"training/{part}.cfg", silent=True)
    overrides = {"paths.train": str(paths["train"]), "paths.dev": str(paths["dev"])}
    spacy_train(full_config, work / part, overrides=overrides)
    return work / part / "model-best"


def assemble(parser: Language, recognizer: Language) -> Language:
    """One pipeline of both models with part-of-speech rules, lemma tables and abbreviations."""
    from scispacy.abbreviation import AbbreviationDetector  # noqa: F401  (registers its factory)

    nlp = blank()
    for name in ("tok2vec", "tagger", "parser"):
        nlp.add_pipe(name, source=parser)
    ruler = nlp.add_pipe("attribute_ruler")
    with (HERE / "training/penn-to-universal.tsv").open(newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            ruler.add([[{"TAG": row["tag"]}]], {"POS": row["pos"], "MORPH": row["morph"]})  # type: ignore[attr-defined]
    with (HERE / "training/contractions.tsv").open(newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            ruler.add([[{"LOWER": row["word"], "TAG": row["tag"]}]], {"LEMMA": row["lemma"]})  # type: ignore[attr-defined]
    nlp.add_pipe("lemmatizer", config={"mode": "rule"}).initialize(nlp=nlp)  # type: ignore[attr-defined]
    nlp.add_pipe("ner", source=recognizer)
    nlp.add_pipe("abbreviation_detector", config={"make_serializable": True})
    nlp.meta["name"] = "myoclaims"
    nlp.meta["version"] = "0.1.0"
    return nlp


def scores(nlp: Language, gold: list[Doc]) -> dict[str, Any]:
    """spaCy's scores of the pipeline on gold documents, tokenized by the pipeline itself."""
    with nlp.select_pipes(disable="abbreviation_detector"):
        return nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in gold])


def finish(nlp: Language, raw: Path, model: Path) -> None:
    """Score `nlp` on the test folds, write the figures into its meta data, and save it to `model`."""
    lay_gold = [treebanks.clearnlp_from_ud(s) for s in treebanks.read_conllu(raw / "en_ewt-ud-test.conllu")]
    parsed = scores(nlp, parser_docs(nlp, raw, "test"))
    lay = scores(nlp, list(treebanks.docs(nlp.tokenizer, lay_gold, group=1)))
    named = scores(nlp, entity_docs(nlp, raw, "test"))
    nlp.meta["performance"] = {
        **{f"craft_{figure}": parsed[figure] for figure in ("tag_acc", "dep_uas", "dep_las")},
        **{f"ewt_{figure}": lay[figure] for figure in ("tag_acc", "dep_uas", "dep_las")},
        **{f"bionlp13cg_{figure}": named[figure] for figure in ("ents_p", "ents_r", "ents_f")},
    }
    nlp.meta["description"] = (
        f"Trained {date.today():%Y-%m-%d} on CRAFT 5 (CC BY 3.0), UD English EWT (CC BY-SA 4.0), "
        "BioNLP13CG (CC BY-SA 3.0) and sentences made from templates."
    )
    nlp.to_disk(model)
    print(json.dumps(nlp.meta["performance"], indent=1))
    print(f"The pipeline is in {model}")


def main() -> None:
    """Unpack, train both parts, join them, score the result on the test folds and save it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, help="folder with the archives " + ", ".join(ARCHIVES))
    parser.add_argument("--work", type=Path, help="where intermediate files go (default: a temporary folder)")
    parser.add_argument("--model", type=Path, default=MODEL, help="where the finished pipeline goes")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = args.work or Path(scratch)
        raw = work / "raw"
        raw.mkdir(parents=True, exist_ok=True)
        unpack(args.corpora, raw)
        with ProcessPoolExecutor(max_workers=2) as pool:
            parts = [pool.submit(train_part, part, raw, work) for part in ("parser", "entities")]
            parser_path, entities_path = (part.result() for part in parts)
        nlp = assemble(spacy.load(parser_path), spacy.load(entities_path))
        finish(nlp, raw, args.model)


if __name__ == "__main__":
    main()
