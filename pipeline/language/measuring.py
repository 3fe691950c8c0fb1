"""Figures of a pipeline on the held-out parts of the corpora."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.training import Example

from pipeline.language.recognizer import Recognizer
from pipeline.language.sentences import boundaries
from pipeline.language.training import trees
from pipeline.language.training.entities import MEASURED, MarkedSentence, columns, spaced
from pipeline.language.training.treebanks import Node, docs

TIMED = ("tok2vec", "tagger", "parser", "ner")
ROUNDS = 3
Figures = dict[str, float]


def tree_figures(nlp: Language, sentences: Sequence[list[Node]]) -> Figures:
    """Accuracy (0 to 100) of tags, heads (UAS) and labelled heads (LAS), punctuation left out of the last two.

    The pipeline reads plain text; gold trees are brought to the words of its own tokenizer.
    """
    gold = list(docs(nlp.tokenizer, sentences, group=1))
    with nlp.select_pipes(enable=["tok2vec", "tagger", "parser"]):
        scores = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in gold])
    return {"tag": 100 * scores["tag_acc"], "uas": 100 * scores["dep_uas"], "las": 100 * scores["dep_las"]}


def entity_figures(
    recognizer: Recognizer, scheme: str, gold: Sequence[MarkedSentence], tokenizer: Tokenizer | None = None
) -> Figures:
    """Precision, recall and F1 (0 to 100) of a scheme's mentions, right with the same ends and the same label.

    The recognizer reads the corpus's own tokens, as published figures do, or with `tokenizer` the text.
    """
    marked = [spaced(sentence, recognizer.vocab) for sentence in gold]
    texts = marked if tokenizer is None else [tokenizer(doc.text) for doc in marked]
    right = said = there = 0
    for sentence, doc, mentions in zip(gold, marked, recognizer.find(texts, [scheme])[scheme], strict=True):
        expected = {(doc[s:e].start_char, doc[s:e].end_char, label) for s, e, label in sentence.mentions}
        found = {(m.start_char, m.end_char, m.label_) for m in mentions}
        right, said, there = right + len(found & expected), said + len(found), there + len(expected)
    return {"p": 100 * right / max(said, 1), "r": 100 * right / max(there, 1), "f": 200 * right / max(said + there, 1)}


def sentence_figures(split: Callable[[str], list[tuple[int, int]]], sentences: Sequence[list[Node]]) -> Figures:
    """F1 (0 to 100) of sentences with both ends right.

    Sentences that follow each other make a block of text; a heading (a gold sentence that does not end in a
    full stop, question or exclamation mark) is a block of its own, as readers give it.
    """
    right = said = there = 0
    for block in _blocks(sentences):
        text, gold = "", set()
        for sentence in block:
            gold.add((len(text), len(text) + len(sentence)))
            text += sentence + " "
        found = set(split(text))
        right, said, there = right + len(found & gold), said + len(found), there + len(gold)
    return {"f": 200 * right / max(said + there, 1)}


def _blocks(sentences: Sequence[list[Node]]) -> Iterator[list[str]]:
    block: list[str] = []
    for sentence in sentences:
        text = "".join(node.form + (" " if node.space_after else "") for node in sentence).strip()
        if text.rstrip("\"'”’)]").endswith((".", "?", "!")):
            block.append(text)
            continue
        yield from filter(None, (block, [text]))
        block = []
    if block:
        yield block


def held_out_figures(nlp: Language, corpora: Path) -> dict[str, Figures]:
    """All figures of the shipped pipeline that need no peer, by the name of the held-out part."""
    recognizer = nlp.get_pipe("ner")
    assert isinstance(recognizer, Recognizer)
    journal, lay = trees.journal_sentences(corpora, "test"), trees.lay_sentences(corpora, "test")
    found = {
        "craft": tree_figures(nlp, journal),
        "ewt": tree_figures(nlp, lay),
        "craft_sentences": sentence_figures(boundaries, journal),
    }
    for scheme in MEASURED:
        gold = columns(corpora, scheme, ["test"])
        found[scheme] = entity_figures(recognizer, scheme, gold)
        found[f"{scheme}_text"] = entity_figures(recognizer, scheme, gold, nlp.tokenizer)
    return found


def words_a_second(load: Callable[[], Language], texts: list[str]) -> float:
    """Words a second of tokenizer, tagger, parser and recognizer over texts, in a fresh process on one core.

    The best of ROUNDS rounds, after a warm-up.
    """
    receiver, sender = multiprocessing.Pipe(duplex=False)
    threads = {name: os.environ.get(name) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")}
    os.environ.update(dict.fromkeys(threads, "1"))
    try:
        process = multiprocessing.get_context("spawn").Process(target=_timed, args=(sender, load, texts))
        process.start()
    finally:
        for name, before in threads.items():
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before
    sender.close()
    rate: float = receiver.recv()
    process.join()
    return rate


def _timed(sender: Connection, load: Callable[[], Language], texts: list[str]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    nlp = load()
    rates = []
    with nlp.select_pipes(enable=[name for name in TIMED if name in nlp.pipe_names]):
        list(nlp.pipe(texts[:10]))
        for _ in range(ROUNDS):
            start = time.perf_counter()
            words = sum(len(doc) for doc in nlp.pipe(texts))
            rates.append(words / (time.perf_counter() - start))
    sender.send(max(rates))
