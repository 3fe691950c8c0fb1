"""Claims → verdicts: which documents count as one voice, what they say together, and where they part.

What is derived is one query a table, in `derived/`; views of the store show it to readers.
"""

from pipeline.reconciling.lineage import Lineages, lineages
from pipeline.reconciling.reconcile import reconcile, renew_verdicts
from pipeline.reconciling.renewal import renew_lineages

__all__ = ["Lineages", "lineages", "reconcile", "renew_lineages", "renew_verdicts"]
