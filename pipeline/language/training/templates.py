"""Sentences made from templates, with their trees: short assertions that treebanks of papers lack.

"Irisin improves memory" has few siblings in full papers and in web text, and a tagger that reads
"improves" as a noun loses the claim. A template gives words, tags, labels and heads; its slots are filled
from `template-words.tsv`.
"""

import random
from collections.abc import Iterator

from pipeline.language.training.tables import rows
from pipeline.language.training.treebanks import Node

VERB_FORMS = {"VB": 0, "VBP": 0, "VBZ": 1, "VBD": 2, "VBN": 3, "VBG": 4}
Phrase = list[tuple[str, str, str, int]]


def _phrase(words: str) -> Phrase:
    """(form, tag, label, head within the phrase or -1) of each word; the head word has no label."""
    phrase = []
    for part in words.split():
        form, tag, *rest = part.split("/")
        phrase.append((form, tag, rest[0] if rest else "", int(rest[1]) if rest else -1))
    return phrase


def sentences(count: int, seed: int) -> Iterator[list[Node]]:
    """`count` sentences, the same for the same seed."""
    words = rows("template-words.tsv")
    phrases = {
        kind: [_phrase(row["words"]) for row in words if row["kind"] == kind]
        for kind in {row["kind"] for row in words} - {"V"}
    }
    verbs = [row["words"].split() for row in words if row["kind"] == "V"]
    patterns = [row["pattern"] for row in rows("templates.tsv")]
    chance = random.Random(seed)
    for _ in range(count):
        yield _fill(chance.choice(patterns), phrases, verbs, chance)


def _fill(pattern: str, phrases: dict[str, list[Phrase]], verbs: list[list[str]], chance: random.Random) -> list[Node]:
    expanded: list[Phrase] = []
    outside: list[tuple[str, int]] = []
    for part in pattern.split():
        fields = part.split("|")
        if fields[0].startswith("V."):
            tag = fields[0].removeprefix("V.")
            expanded.append([(chance.choice(verbs)[VERB_FORMS[tag]], tag, "", -1)])
        elif fields[0] in phrases:
            expanded.append(chance.choice(phrases[fields[0]]))
        else:
            expanded.append([(fields[0], fields[1], "", -1)])
        outside.append((fields[-2], int(fields[-1])))
    starts = [sum(len(phrase) for phrase in expanded[:i]) for i in range(len(expanded))]
    heads = [
        start + next(j for j, word in enumerate(phrase) if word[3] < 0)
        for start, phrase in zip(starts, expanded, strict=True)
    ]
    nodes = []
    for start, phrase, (label, head) in zip(starts, expanded, outside, strict=True):
        for form, tag, inner_label, inner_head in phrase:
            nodes.append(
                Node(
                    form=form,
                    lemma=form,
                    pos="",
                    tag=tag,
                    head=start + inner_head if inner_head >= 0 else (heads[head - 1] if head else -1),
                    label=inner_label or label,
                    space_after=True,
                )
            )
    return _spelled(nodes, chance)


def _spelled(nodes: list[Node], chance: random.Random) -> list[Node]:
    """Capital at the start as a rule, and no space before or within punctuation."""
    spelled = []
    for i, node in enumerate(nodes):
        form = node.form
        if i == 0 and chance.random() < 0.9:
            form = form[0].upper() + form[1:]
        is_glued = node.tag == "-LRB-" or (i + 1 < len(nodes) and nodes[i + 1].tag in {".", ",", ":", "-RRB-"})
        spelled.append(Node(form, node.lemma, node.pos, node.tag, node.head, node.label, space_after=not is_glued))
    return spelled
