"""scispaCy's rule tokenizer, registered so that a saved pipeline can name it."""

from collections.abc import Callable

from scispacy.custom_tokenizer import combined_rule_tokenizer
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import registry


@registry.tokenizers("myoclaims.scientific_tokenizer.v1")  # type: ignore[untyped-decorator]
def scientific_tokenizer() -> Callable[[Language], Tokenizer]:
    """Factory of scispaCy's tokenizer (Neumann et al. 2019) for the `[nlp.tokenizer]` block of a config.

    Words joined by hyphens or slashes stay one token: "IL-6", "exercise-induced".
    """
    make_default = registry.tokenizers.get("spacy.Tokenizer.v1")()

    def make(nlp: Language) -> Tokenizer:
        nlp.tokenizer = make_default(nlp)  # scispaCy's copies its URL rule from a tokenizer already set
        return combined_rule_tokenizer(nlp)

    return make
