"""Which trees the tagger and parser learn from, are chosen by, and are measured on."""

from itertools import chain
from pathlib import Path

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from pipeline.language.training import templates
from pipeline.language.training.treebanks import Node, clearnlp_from_ud, docs, read_conllu

CRAFT = "structural-annotation/dependency/conllu"
EWT = {"train": "en_ewt-ud-train.REASSEMBLED", "dev": "en_ewt-ud-dev", "test": "en_ewt-ud-test"}
# Every tenth CRAFT paper is held out for the test figure, every tenth for choosing the best step.
TEST_FOLD, DEV_FOLD, FOLDS = 0, 5, 10
TEMPLATE_SENTENCES, TEMPLATE_SEED = 8_000, 7


def craft_papers(corpora: Path, fold: str) -> list[Path]:
    """CRAFT papers of the fold `train`, `dev` or `test`, by the order of their PubMed ids."""
    papers = sorted((corpora / CRAFT).glob("*.conllu"))
    wanted = {"test": {TEST_FOLD}, "dev": {DEV_FOLD}}.get(fold, set(range(FOLDS)) - {TEST_FOLD, DEV_FOLD})
    return [paper for i, paper in enumerate(papers) if i % FOLDS in wanted]


def journal_sentences(corpora: Path, fold: str) -> list[list[Node]]:
    """Trees of CRAFT papers."""
    return [sentence for paper in craft_papers(corpora, fold) for sentence in read_conllu(paper)]


def lay_sentences(corpora: Path, fold: str) -> list[list[Node]]:
    """Trees of web text, in the labels of CRAFT."""
    return [clearnlp_from_ud(sentence) for sentence in read_conllu(corpora / f"{EWT[fold]}.conllu")]


def training_docs(corpora: Path, tokenizer: Tokenizer) -> list[Doc]:
    """Both registers, half of each sentence by sentence and half in groups, and sentences from templates."""
    treebanks = (journal_sentences(corpora, "train"), lay_sentences(corpora, "train"))
    parts = [(half, group) for s in treebanks for half, group in ((s[::2], 1), (s[1::2], 4))]
    parts.append((list(templates.sentences(TEMPLATE_SENTENCES, seed=TEMPLATE_SEED)), 1))
    return list(chain.from_iterable(docs(tokenizer, half, group) for half, group in parts))


def choosing_docs(corpora: Path, tokenizer: Tokenizer) -> list[Doc]:
    """What the best step of the training is chosen by."""
    sentences = journal_sentences(corpora, "dev")[:1500] + lay_sentences(corpora, "dev")[:1000]
    return list(docs(tokenizer, sentences, group=1))
