"""Claims → verdicts: which documents go back to one another and so count as one voice.

The verdicts themselves are views of the store, `consensus`, `triple_consensus` and `conflicts`.
"""

from pipeline.reconciling.lineage import Lineages, lineages
from pipeline.reconciling.renewal import renew_lineages

__all__ = ["Lineages", "lineages", "renew_lineages"]
