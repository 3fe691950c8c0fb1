"""Treebanks → spaCy Docs in one label scheme (ClearNLP labels, Penn tags).

CRAFT (Verspoor et al. 2012) carries that scheme already. UD English EWT (Silveira et al. 2014)
carries Universal Dependencies and is converted by `clearnlp_from_ud`, so that the parser also sees
lay prose. The conversion covers the constructions that separate the two schemes: copulas, case
markers, markers, coordination and passives.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

RELABELLED = {
    "nsubj:pass": "nsubjpass",
    "nsubj:outer": "nsubj",
    "csubj:pass": "csubjpass",
    "csubj:outer": "csubj",
    "aux:pass": "auxpass",
    "obj": "dobj",
    "iobj": "dative",
    "obl": "npadvmod",
    "obl:agent": "npadvmod",
    "obl:npmod": "npadvmod",
    "obl:tmod": "npadvmod",
    "obl:unmarked": "npadvmod",
    "nmod": "nmod",
    "nmod:desc": "nmod",
    "nmod:poss": "poss",
    "nmod:npmod": "npadvmod",
    "nmod:tmod": "npadvmod",
    "nmod:unmarked": "npadvmod",
    "acl:relcl": "relcl",
    "advcl:relcl": "advcl",
    "det:predet": "predet",
    "cc:preconj": "preconj",
    "compound:prt": "prt",
    "flat": "compound",
    "goeswith": "compound",
    "fixed": "prep",
    "orphan": "dep",
    "list": "dep",
    "dislocated": "dep",
    "reparandum": "dep",
    "vocative": "npadvmod",
    "discourse": "intj",
    "root": "ROOT",
}
CLAUSAL = {
    "nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:outer", "aux", "mark", "punct", "parataxis",
    "advcl", "advcl:relcl", "expl", "discourse", "vocative", "obl", "obl:tmod", "obl:unmarked", "obl:npmod",
    "cc", "dislocated", "cop",
}  # fmt: skip
NOMINAL = {"NOUN", "PROPN", "PRON", "NUM", "DET", "SYM", "X"}


@dataclass(frozen=True)
class Node:
    """One token of a dependency tree; `head` counts from 0 within the sentence and is -1 at the root."""

    form: str
    lemma: str
    pos: str
    tag: str
    head: int
    label: str
    space_after: bool


def read_conllu(path: Path) -> Iterator[list[Node]]:
    """Sentences of a CoNLL-U file; multiword tokens are kept as their surface words' parts."""
    rows: list[list[str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#"):
            continue
        if line.strip():
            rows.append(line.split("\t"))
        elif rows:
            yield _sentence(rows)
            rows = []


def _sentence(rows: list[list[str]]) -> list[Node]:
    glued: set[str] = set()
    for row in rows:
        if "-" in row[0]:
            first, last = row[0].split("-")
            glued.update(str(i) for i in range(int(first), int(last)))
            if "SpaceAfter=No" in row[9]:
                glued.add(last)
    words = [row for row in rows if row[0].isdigit()]
    return [
        Node(
            form=row[1],
            lemma=row[2],
            pos=row[3],
            tag=row[4],
            head=int(row[6]) - 1,
            label="ROOT" if row[7] == "root" else row[7],
            space_after="SpaceAfter=No" not in row[9] and row[0] not in glued,
        )
        for row in words
    ]


def clearnlp_from_ud(sentence: list[Node]) -> list[Node]:
    """The same sentence with ClearNLP heads and labels."""
    tree = _promote_copulas(list(sentence))
    tree = _chain_coordination(tree)
    tree = _raise_adpositions(tree)
    tree = _raise_gerund_markers(tree)
    return [_relabel(i, tree) for i in range(len(tree))]


def _children(tree: list[Node], head: int) -> list[int]:
    return [i for i, node in enumerate(tree) if node.head == head]


def _promote_copulas(tree: list[Node]) -> list[Node]:
    for i in range(len(tree)):
        if tree[i].label != "cop" or tree[i].head < 0:
            continue
        predicate = tree[i].head
        verb, noun = tree[i], tree[predicate]
        tree[i] = replace(verb, head=noun.head, label=noun.label)
        is_nominal = noun.pos in NOMINAL
        tree[predicate] = replace(noun, head=i, label="attr" if is_nominal else "acomp")
        for j in _children(tree, predicate):
            child = tree[j]
            is_sentence_adverb = child.label == "advmod" and (j < i or child.lemma in {"not", "n't", "never"})
            is_clause_conjunct = child.label == "conj" and any(
                tree[k].label in {"cop", "nsubj", "nsubj:pass"} for k in _children(tree, j)
            )
            if (child.label in CLAUSAL and child.label != "cc") or is_sentence_adverb or is_clause_conjunct:
                tree[j] = replace(child, head=i)
    return tree


def _chain_coordination(tree: list[Node]) -> list[Node]:
    for head in range(len(tree)):
        previous = head
        for conjunct in [i for i in _children(tree, head) if tree[i].label == "conj" and i > head]:
            tree[conjunct] = replace(tree[conjunct], head=previous)
            for j in _children(tree, conjunct):
                if tree[j].label == "cc" or (tree[j].form == "," and j < conjunct):
                    tree[j] = replace(tree[j], head=previous)
            previous = conjunct
    return tree


def _raise_adpositions(tree: list[Node]) -> list[Node]:
    for noun in range(len(tree)):
        cases = [i for i in _children(tree, noun) if tree[i].label == "case" and tree[i].tag != "POS"]
        if not cases:
            continue
        cases = [_head_of_fixed(tree, i) for i in cases]
        outer, label = tree[noun].head, tree[noun].label
        first = True
        for adposition in cases:
            passive = any(tree[k].label in {"aux:pass", "nsubj:pass"} for k in _children(tree, outer)) or (
                outer >= 0 and tree[outer].tag == "VBN" and tree[outer].label in {"acl", "acl:relcl", "advcl"}
            )
            kept = label if first and label in {"ROOT", "conj", "parataxis"} else "prep"
            if kept == "prep" and tree[adposition].form.lower() == "by" and passive:
                kept = "agent"
            if kept == "conj" and outer >= 0 and tree[outer].label == "pobj":
                outer = tree[outer].head
            tree[adposition] = replace(tree[adposition], head=outer, label=kept)
            outer, first = adposition, False
        tree[noun] = replace(tree[noun], head=outer, label="pobj")
    return tree


def _head_of_fixed(tree: list[Node], first: int) -> int:
    """In "such as" the second word is the preposition and the first modifies it."""
    for i in _children(tree, first):
        if tree[i].label == "fixed" and tree[first].form.lower() == "such":
            tree[i] = replace(tree[i], head=tree[first].head, label="case")
            tree[first] = replace(tree[first], head=i, label="amod")
            return i
    return first


def _raise_gerund_markers(tree: list[Node]) -> list[Node]:
    for verb in range(len(tree)):
        if tree[verb].tag != "VBG" or tree[verb].label not in {"advcl", "acl"}:
            continue
        for i in _children(tree, verb):
            if tree[i].label == "mark" and tree[i].tag == "IN":
                tree[i] = replace(tree[i], head=tree[verb].head, label="prep")
                tree[verb] = replace(tree[verb], head=i, label="pcomp")
                break
    return tree


def _relabel(i: int, tree: list[Node]) -> Node:
    node = tree[i]
    label = RELABELLED.get(node.label, node.label.split(":")[0])
    if node.label == "advmod" and node.lemma in {"not", "n't"}:
        label = "neg"
    elif node.label == "mark" and node.tag == "TO":
        label = "aux"
    elif node.label == "xcomp" and node.pos == "ADJ":
        label = "acomp"
    elif node.label == "xcomp" and node.pos in {"NOUN", "PROPN"}:
        label = "attr"
    return replace(node, label=label)


def is_tree(sentence: list[Node]) -> bool:
    """Whether heads form one rooted tree without cycles."""
    if sum(node.head < 0 for node in sentence) != 1:
        return False
    for start in range(len(sentence)):
        seen, here = set(), start
        while here >= 0:
            if here in seen:
                return False
            seen.add(here)
            here = sentence[here].head
    return True


def docs(tokenizer: Tokenizer, sentences: Iterable[list[Node]], group: int) -> Iterator[Doc]:
    """Docs of up to `group` consecutive sentences each, with tags, heads and labels, in `tokenizer`'s words."""
    batch: list[list[Node]] = []
    for sentence in sentences:
        if not is_tree(sentence):
            continue
        batch.append(join_split_words(sentence, tokenizer))
        if len(batch) == group:
            yield _doc(tokenizer.vocab, batch)
            batch = []
    if batch:
        yield _doc(tokenizer.vocab, batch)


def join_split_words(sentence: list[Node], tokenizer: Tokenizer) -> list[Node]:
    """Join what the treebank splits and `tokenizer` does not ("exercise", "-", "induced").

    The joined word takes tag, head and label of its one part that hangs outside; parts that hang at
    several places stay apart.
    """
    starts, ends, text = [], [], ""
    for i, node in enumerate(sentence):
        starts.append(len(text))
        text += node.form
        ends.append(len(text))
        text += " " if node.space_after and i < len(sentence) - 1 else ""
    first_at = {start: i for i, start in enumerate(starts)}
    last_at = {end: i for i, end in enumerate(ends)}
    groups: list[tuple[int, int, int]] = []
    for token in tokenizer(text):
        first, last = first_at.get(token.idx), last_at.get(token.idx + len(token))
        if first is None or last is None or first == last:
            continue
        hanging = [i for i in range(first, last + 1) if not first <= sentence[i].head <= last]
        if len(hanging) == 1:
            groups.append((first, last, hanging[0]))
    if not groups:
        return sentence
    joined_at = {i: group for group in groups for i in range(group[0], group[1] + 1)}
    kept = [i for i in range(len(sentence)) if i not in joined_at or joined_at[i][2] == i]
    position = {old: new for new, old in enumerate(kept)}
    joined: list[Node] = []
    for i in kept:
        node = sentence[i]
        if i in joined_at:
            first, last, _ = joined_at[i]
            form = text[starts[first] : ends[last]]
            node = replace(node, form=form, lemma=form.lower(), space_after=sentence[last].space_after)
        head = joined_at[node.head][2] if node.head in joined_at else node.head
        joined.append(replace(node, head=position[head] if head >= 0 else -1))
    return joined


def _doc(vocab: Vocab, sentences: list[list[Node]]) -> Doc:
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    heads: list[int] = []
    labels: list[str] = []
    for sentence in sentences:
        offset = len(words)
        for i, node in enumerate(sentence):
            words.append(node.form)
            spaces.append(node.space_after or i == len(sentence) - 1)
            tags.append(node.tag)
            heads.append(offset + (node.head if node.head >= 0 else i))
            labels.append("ROOT" if node.head < 0 else node.label)
    return Doc(vocab, words=words, spaces=spaces, tags=tags, heads=heads, deps=labels)
