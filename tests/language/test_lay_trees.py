"""Trees of lay prose, against arcs annotated by hand in articles that no evaluation passage comes from."""

import csv
from pathlib import Path

from spacy.language import Language

from pipeline.language.sentences import boundaries

ARCS = Path(__file__).parent / "lay-arcs.tsv"
AT_LEAST_RIGHT = 0.9


def sentence_at(article: Path, start: int) -> str:
    line = article.read_text(encoding="utf-8")[start:].split("\n", 1)[0]
    first, after = boundaries(line)[0]
    return line[first:after]


def test_most_arcs_of_lay_sentences_are_right(shared: Path, nlp: Language) -> None:
    wrong, count = [], 0
    with ARCS.open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            doc = nlp(sentence_at(shared / "articles" / row["article"], int(row["start"])))
            found = {(t.text, t.dep_, t.head.text) for t in doc}
            for arc in row["arcs"].split("; "):
                count += 1
                dependent, labels, head = arc.split(" ")
                if not any((dependent, label, head) in found for label in labels.split("|")):
                    dependents = [f"{t.dep_} {t.head.text}" for t in doc if t.text == dependent]
                    wrong.append(f"{arc}: found {dependents} in {doc.text!r}")
    share = 1 - len(wrong) / count
    print(f"{share:.3f} of {count} arcs right")
    assert share >= AT_LEAST_RIGHT, "\n".join(wrong)
