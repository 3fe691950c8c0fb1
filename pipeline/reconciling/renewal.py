"""Brings the lineages of a database that is being built up to date."""

from itertools import islice

from pipeline.reconciling.lineage import Lineages, cluster
from pipeline.reconciling.shingles import METHOD, sketch
from pipeline.store.build import Build

SKETCHES_AT_ONCE = 2000


def renew_lineages(build: Build) -> Lineages | None:
    """Sketch the documents that are new, group all documents anew, and store the groups with their reasons.

    Nothing is done, and None comes back, where no document is new: texts do not change, so neither do lineages.
    """
    new = ((document_id, sketch(text)) for document_id, text in build.unsketched(METHOD))
    is_changed = False
    while sketches := dict(islice(new, SKETCHES_AT_ONCE)):
        build.add_sketches(METHOD, sketches)
        is_changed = True
    if not is_changed:
        return None
    found = cluster(build.sketches(METHOD))
    build.set_lineages(found.of)
    build.set_lineage_joins(found.joins)
    return found
