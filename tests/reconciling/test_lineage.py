"""Copies, near copies and contained copies are one lineage; others are not."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reconciling import lineages, renew_lineages
from pipeline.reconciling.lineage import cluster
from pipeline.reconciling.shingles import METHOD, sketch
from pipeline.store import Build
from pipeline.store.build import RunRow
from pipeline.store.sketch import LineageJoin, Sketch
from tests.store.stories import DECREASES, INCREASES, MOMENT, publish, rows, told

WORDS = [f"w{number}" for number in range(3000)]


def prose(seed: int, length: int) -> str:
    """Words that no other seed shares a run of five with."""
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def edited(text: str, every: int) -> str:
    """`text` with one word in `every` replaced."""
    words = text.split()
    return " ".join(f"new{n}" if n % every == 0 else word for n, word in enumerate(words))


SHORT, MIDDLE, LONG = prose(1, 100), prose(2, 600), prose(3, 4000)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (MIDDLE, MIDDLE, "same words"),
        (MIDDLE, MIDDLE.upper().replace(" ", ",\n"), "same words"),
        ("Irisin is a myokine.", "irisin is a myokine", "same words"),
        (MIDDLE, edited(MIDDLE, 60), "near copy"),
        (LONG, edited(LONG, 60), "near copy"),
        (LONG, edited(LONG, 10), None),
        (MIDDLE, f"{prose(4, 30)} {MIDDLE} {prose(5, 30)}", "near copy"),
        (SHORT, f"{prose(4, 300)} {SHORT} {prose(5, 300)}", "contained copy"),
        (SHORT, f"{prose(4, 3000)} {SHORT} {prose(5, 9000)}", "contained copy"),
        (MIDDLE, f"{prose(4, 3000)} {MIDDLE} {prose(5, 9000)}", "contained copy"),
        (MIDDLE, prose(6, 600), None),
        (MIDDLE, " ".join(sorted(MIDDLE.split())), None),
        (MIDDLE, f"{' '.join(MIDDLE.split()[:300])} {prose(7, 300)}", None),
        (prose(8, 43), f"{prose(8, 43)} {prose(9, 400)}", None),
        (prose(8, 60), f"{prose(8, 60)} {prose(9, 400)}", "contained copy"),
        ("", "", None),
        ("...", "!!!", None),
        ("One two", "one two three", None),
    ],
    ids=[
        "the same text",
        "other case, spacing and punctuation",
        "the same short text",
        "a word in sixty changed",
        "a word in sixty of a long text changed",
        "a word in ten changed",
        "a little around it",
        "an abstract within a page",
        "an abstract within a long article",
        "a text within a very long one",
        "nothing in common",
        "the same words in another order",
        "half of it in common",
        "a quotation too short to show copying",
        "a quotation long enough",
        "two empty texts",
        "two texts without words",
        "two texts shorter than a shingle",
    ],
)
def test_which_texts_are_copies(one: str, other: str, reason: str | None) -> None:
    for first, second in ((one, other), (other, one)):
        found = cluster({"doc_1": sketch(first), "doc_2": sketch(second), "doc_3": sketch(prose(99, 500))})
        assert [(join.document_a, join.document_b, join.reason) for join in found.joins] == (
            [("doc_1", "doc_2", reason)] if reason else []
        )
        assert found.of == {"doc_1": "lin_1", "doc_2": "lin_1" if reason else "lin_2", "doc_3": "lin_3"}


def test_a_lineage_is_named_after_its_smallest_document() -> None:
    texts = {"doc_b": MIDDLE, "doc_a": edited(MIDDLE, 60), "doc_c": MIDDLE, "doc_0": LONG}
    assert lineages(texts.items()) == {"doc_0": "lin_0", "doc_a": "lin_a", "doc_b": "lin_a", "doc_c": "lin_a"}


def test_a_page_that_holds_two_articles_joins_them() -> None:
    page = f"{prose(4, 50)} {SHORT} {prose(5, 50)} {MIDDLE}"
    found = cluster({"doc_1": sketch(SHORT), "doc_2": sketch(MIDDLE), "doc_3": sketch(page)})
    assert set(found.of.values()) == {"lin_1"}
    assert len(found.joins) == 2


def test_page_furniture_that_many_pages_share_joins_none() -> None:
    furniture = prose(4, 30)
    texts = {f"doc_{n}": f"{furniture} {prose(100 + n, 120)} {furniture}" for n in range(60)}
    assert len(set(lineages(texts.items()).values())) == 60


def test_an_article_that_many_sites_reprint_is_found_within_a_page_too() -> None:
    texts = {f"doc_{n:02}": edited(MIDDLE, 100 + n) for n in range(60)}
    texts["doc_99"] = f"{prose(4, 2000)} {MIDDLE} {prose(5, 3000)}"
    assert set(lineages(texts.items()).values()) == {"lin_00"}


def test_a_sketch_is_the_same_on_any_machine() -> None:
    found = sketch("Irisin raises BDNF in the hippocampus of mice.")
    assert (found.shingles, found.one_in, found.words_hash) == (4, 1, 5352400540251195808)
    assert found.hashes.tolist() == [
        5131701717385967226,
        6561052687735482626,
        13150154885131388239,
        15475288973092594740,
    ]


@pytest.mark.parametrize(("length", "one_in"), [(100, 1), (260, 1), (300, 2), (700, 4), (4000, 4)])
def test_long_texts_are_sampled(length: int, one_in: int) -> None:
    found = sketch(prose(1, length))
    assert (found.shingles, found.one_in) == (length - 4, one_in)
    assert len(found.hashes) == pytest.approx(found.shingles / one_in, rel=0.2)


def _with_page_around(text: str, seed: int) -> str:
    return f"{prose(50_000 + seed, 20)} {text} {prose(60_000 + seed, 20)}"


CHANGES: list[Callable[[str, int], str]] = [lambda text, _: text, lambda text, _: edited(text, 200), _with_page_around]
collections = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(range(len(CHANGES)))), min_size=1, max_size=12)


def documents(collection: list[tuple[int, int]]) -> list[tuple[str, str]]:
    return [
        (f"doc_{number:02}", CHANGES[change](prose(seed, 500 + 90 * seed), number))
        for number, (seed, change) in enumerate(collection)
    ]


@settings(max_examples=40, deadline=None)
@given(collection=collections, order=st.randoms(use_true_random=False))
def test_the_order_of_documents_makes_no_difference(collection: list[tuple[int, int]], order: random.Random) -> None:
    made = {document_id: sketch(text) for document_id, text in documents(collection)}
    shuffled = list(made.items())
    order.shuffle(shuffled)
    assert cluster(dict(shuffled)) == cluster(made)


@settings(max_examples=40, deadline=None)
@given(collection=collections, data=st.data())
def test_a_copy_adds_no_lineage(collection: list[tuple[int, int]], data: st.DataObject) -> None:
    texts = documents(collection)
    before = lineages(texts)
    _, original = data.draw(st.sampled_from(texts))
    change = data.draw(st.sampled_from(CHANGES))
    copy_id = data.draw(st.sampled_from(["doc_", "doc_99"]))
    after = lineages([*texts, (copy_id, change(original, 77))])
    assert len(set(after.values())) == len(set(before.values())) == len({seed for seed, _ in collection})


def test_lineages_of_a_database_are_stored_with_their_reasons(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES, opening=SHORT), told("b", DECREASES, opening=SHORT), told("c", INCREASES))
    with Build(db, "key 1") as build:
        found = renew_lineages(build)
        assert len(found.joins) == 1
        build.finish(RunRow(MOMENT, MOMENT))
        build.publish()
    lineage = {path: lineage_id for path, lineage_id in rows(db, "SELECT path, lineage_id FROM documents")}
    assert lineage["a"] == lineage["b"] != lineage["c"]
    assert rows(db, "SELECT reason, measure >= 0.9 FROM lineage_joins") == [("near copy", True)]
    assert rows(db, "SELECT method, count(*) FROM sketches GROUP BY 1") == [(METHOD, 3)]


def test_articles_that_are_sketched_already_are_not_sketched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES, opening=SHORT))
    sketched: list[str] = []

    def noting(text: str) -> Sketch:
        sketched.append(text[:10])
        return sketch(text)

    monkeypatch.setattr("pipeline.reconciling.renewal.sketch", noting)
    with Build(db, "key 1") as build:
        renew_lineages(build)
        renew_lineages(build)
        assert sketched == [SHORT[:10]]
        build.add([told("b", INCREASES, opening=f"{LONG} {SHORT}")])
        found = renew_lineages(build)
        assert sketched == [SHORT[:10], LONG[:10]]
        assert [join.reason for join in found.joins] == ["contained copy"]


def test_joins_are_in_order_and_connect_each_lineage() -> None:
    texts = {f"doc_{n}": MIDDLE for n in range(4)} | {"doc_8": LONG, "doc_9": edited(LONG, 90)}
    joins = cluster({document_id: sketch(text) for document_id, text in texts.items()}).joins
    assert joins[:3] == tuple(LineageJoin("doc_0", f"doc_{n}", "same words", 1.0) for n in (1, 2, 3))
    assert [(join.document_a, join.document_b, join.reason) for join in joins[3:]] == [("doc_8", "doc_9", "near copy")]
