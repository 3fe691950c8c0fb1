"""What tells extractions of one pipeline from those of another. Needs neither spaCy nor the model."""

from pipeline.claims.judge import load_judge
from pipeline.claims.lexicon import load_lexicon
from pipeline.concepts.grounding import open_vocabulary_hash
from pipeline.concepts.vocabulary import load_vocabulary
from pipeline.language.shipped import model_hash
from pipeline.records import stable_id
from pipeline.settings import Settings

PIPELINE_VERSION = "4"


def pipeline_key(settings: Settings) -> str:
    """Changes whenever the same text could give other claims: code version, lexicons, vocabulary, model."""
    return stable_id(
        "key",
        PIPELINE_VERSION,
        load_lexicon().content_hash,
        load_vocabulary().content_hash,
        load_judge().content_hash,
        open_vocabulary_hash(),
        model_hash(),
        settings.ner_model,
    )
