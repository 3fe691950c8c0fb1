"""Brings the lineages of a database that is being built up to date: copies by words, then ties by what texts say."""

from collections.abc import Iterator
from itertools import islice

from pipeline.reconciling.lineage import Lineages, cluster, grouped, overlap
from pipeline.reconciling.queries import query
from pipeline.reconciling.shingles import METHOD, sketch
from pipeline.store.build import Build
from pipeline.store.sketch import LineageJoin

SKETCHES_AT_ONCE = 2000
BY_WORDS = ("same words", "near copy", "contained copy")


def renew_lineages(build: Build) -> Lineages:
    """Sketch the documents that are new, group all documents, and store the groups with their reasons.

    Texts do not change, so their words are compared again only where a document is new.
    """
    new = ((document_id, sketch(text)) for document_id, text in build.unsketched(METHOD))
    is_changed = False
    while sketches := dict(islice(new, SKETCHES_AT_ONCE)):
        build.add_sketches(METHOD, sketches)
        is_changed = True
    by_words = cluster(build.sketches(METHOD)).joins if is_changed else build.lineage_joins(BY_WORDS)
    found = grouped(build.document_ids(), (*by_words, *_ties(build)))
    build.set_lineages(found.of)
    build.set_lineage_joins(found.joins)
    return found


def _ties(build: Build) -> Iterator[LineageJoin]:
    """Joins that do not rest on words; see `derived/ties.sql`."""
    build.execute(query("current"))
    found = build.rows(query("ties"))
    compared = sorted({id_ for one, other, _, _, least_overlap in found if least_overlap for id_ in (one, other)})
    sketches = build.sketches(METHOD, compared) if compared else {}
    for one, other, reason, detail, least_overlap in found:
        shared = overlap(sketches[one], sketches[other])[0] if least_overlap else 1.0
        if shared >= least_overlap:
            yield LineageJoin(one, other, reason, shared, detail)
