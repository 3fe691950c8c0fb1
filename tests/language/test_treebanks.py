"""Universal Dependencies → ClearNLP, sentence by sentence."""

import pytest

from pipeline.language.training.templates import sentences
from pipeline.language.training.treebanks import Node, clearnlp_from_ud, is_tree


def tree(rows: str) -> list[Node]:
    """form/pos/tag/label/head of each token, heads counted from 1."""
    nodes = []
    for row in rows.split():
        form, pos, tag, label, head = row.split("|")
        nodes.append(Node(form, form.lower(), pos, tag, int(head) - 1, "ROOT" if label == "root" else label, True))
    return nodes


@pytest.mark.parametrize(
    ("universal", "clearnlp"),
    [
        (
            "Exercise|NOUN|NN|nsubj|3 is|AUX|VBZ|cop|3 good|ADJ|JJ|root|0",
            ["Exercise nsubj is", "is ROOT -", "good acomp is"],
        ),
        (
            "Memory|NOUN|NN|nsubj|2 depends|VERB|VBZ|root|0 on|ADP|IN|case|4 sleep|NOUN|NN|obl|2",
            ["Memory nsubj depends", "depends ROOT -", "on prep depends", "sleep pobj on"],
        ),
        (
            "BDNF|NOUN|NN|nsubj:pass|3 was|AUX|VBD|aux:pass|3 raised|VERB|VBN|root|0 by|ADP|IN|case|5 "
            "exercise|NOUN|NN|obl|3",
            ["BDNF nsubjpass raised", "was auxpass raised", "raised ROOT -", "by agent raised", "exercise pobj by"],
        ),
        (
            "It|PRON|PRP|nsubj|2 helps|VERB|VBZ|root|0 by|SCONJ|IN|mark|4 raising|VERB|VBG|advcl|2 BDNF|NOUN|NN|obj|4",
            ["It nsubj helps", "helps ROOT -", "by prep helps", "raising pcomp by", "BDNF dobj raising"],
        ),
        (
            "It|PRON|PRP|nsubj|4 does|AUX|VBZ|aux|4 not|PART|RB|advmod|4 help|VERB|VB|root|0",
            ["It nsubj help", "does aux help", "not neg help", "help ROOT -"],
        ),
    ],
)
def test_a_universal_tree_becomes_its_clearnlp_tree(universal: str, clearnlp: list[str]) -> None:
    converted = clearnlp_from_ud(tree(universal))
    shown = [f"{n.form} {n.label} {converted[n.head].form if n.head >= 0 else '-'}" for n in converted]
    assert shown == clearnlp
    assert is_tree(converted)


def test_template_sentences_are_trees_and_the_same_for_the_same_seed() -> None:
    made = list(sentences(300, seed=3))
    assert all(is_tree(sentence) for sentence in made)
    assert made == list(sentences(300, seed=3))
