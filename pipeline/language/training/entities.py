"""BioNLP13CG entity columns (Pyysalo et al. 2013, as in the MTL-2016 collection) → spaCy Docs."""

from collections.abc import Iterator
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

LABELS = {
    "Amino_acid": "AMINO_ACID",
    "Anatomical_system": "ANATOMICAL_SYSTEM",
    "Cancer": "CANCER",
    "Cell": "CELL",
    "Cellular_component": "CELLULAR_COMPONENT",
    "Developing_anatomical_structure": "DEVELOPING_ANATOMICAL_STRUCTURE",
    "Gene_or_gene_product": "GENE_OR_GENE_PRODUCT",
    "Immaterial_anatomical_entity": "IMMATERIAL_ANATOMICAL_ENTITY",
    "Multi-tissue_structure": "MULTI_TISSUE_STRUCTURE",
    "Organ": "ORGAN",
    "Organism": "ORGANISM",
    "Organism_subdivision": "ORGANISM_SUBDIVISION",
    "Organism_substance": "ORGANISM_SUBSTANCE",
    "Pathological_formation": "PATHOLOGICAL_FORMATION",
    "Simple_chemical": "SIMPLE_CHEMICAL",
    "Tissue": "TISSUE",
}
NO_SPACE_BEFORE = {",", ".", ")", "]", ";", ":", "-", "/", "%", "'", "'s"}
NO_SPACE_AFTER = {"(", "[", "-", "/"}


def read_iob(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """(words, IOB tags) of each sentence; the labels are those of scispaCy's BioNLP13CG model."""
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            word, tag = line.split("\t")[:2]
            words.append(word)
            tags.append(tag if tag == "O" else f"{tag[:2]}{LABELS[tag[2:]]}")
        elif words:
            yield words, tags
            words, tags = [], []


def docs(vocab: Vocab, path: Path) -> Iterator[Doc]:
    """One Doc a sentence. The columns hold no spaces, so they are put back by English rules."""
    for words, tags in read_iob(path):
        spaces = [
            not (word in NO_SPACE_AFTER or (i + 1 < len(words) and words[i + 1] in NO_SPACE_BEFORE))
            for i, word in enumerate(words)
        ]
        yield Doc(vocab, words=words, spaces=spaces, ents=tags)
