"""Training of the entity recognizer on several corpora at once."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from spacy.vocab import Vocab
from thinc.api import Adam, fix_random_seed

from pipeline.language import lattice
from pipeline.language.recognizer import Recognizer
from pipeline.language.training.entities import MarkedSentence

TrainingSentences = Mapping[str, Sequence[tuple[MarkedSentence, ...]]]
LONGEST = 150  # words; a longer "sentence" is a table or a list that ran together


@dataclass(frozen=True)
class Plan:
    """How to train: steps of one batch each, of about `words` words of one corpus.

    The rate rises over `warmup` steps and then falls in a straight line. A corpus is drawn in proportion to
    the root of its size, times its weight.
    """

    steps: int = 12_000
    words: int = 1_500
    rate: float = 0.001
    warmup: int = 300
    width: int = 160
    depth: int = 6
    dropout: float = 0.25
    word_dropout: float = 0.15
    weights: Mapping[str, float] = field(default_factory=lambda: {"bionlp13cg": 1.25, "bc5cdr": 1.5})
    seed: int = 20260


def train_schemes(
    vocab: Vocab, sentences: TrainingSentences, plan: Plan, look: Callable[[int, Recognizer], None] = lambda *_: None
) -> Recognizer:
    """Train on all schemes. The recognizer has the running average of the parameters (Polyak and Juditsky 1992).

    Every thousand steps `look` is shown the step and the recognizer as it would be then.
    """
    fix_random_seed(plan.seed)
    shuffling = random.Random(plan.seed)
    schemes = {
        scheme: sorted({label for versions in sentences[scheme] for v in versions for _, _, label in v.mentions})
        for scheme in sentences
    }
    recognizer = Recognizer(
        vocab, "ner", schemes=schemes, main="bionlp13cg", added={}, width=plan.width, depth=plan.depth,
        dropout=plan.dropout, word_dropout=plan.word_dropout,
    )  # fmt: skip
    adam = Adam(plan.rate, L2=0.01, grad_clip=1.0, use_averages=True)
    streams = {scheme: _batches(sentences[scheme], plan.words, shuffling) for scheme in schemes}
    shares = [plan.weights.get(scheme, 1.0) * len(sentences[scheme]) ** 0.5 for scheme in schemes]
    for step in range(1, plan.steps + 1):
        scheme = shuffling.choices(list(schemes), shares)[0]
        learn(recognizer, scheme, next(streams[scheme]))
        adam.learn_rate = plan.rate * min(step / plan.warmup, 1 - (step - 1) / plan.steps)
        recognizer.model.layers[0].finish_update(adam)
        recognizer.head(scheme).finish_update(adam)
        if step % 1000 == 0:
            with recognizer.model.use_params(adam.averages):
                look(step, recognizer)
    for node in recognizer.model.walk():
        for name in node.param_names:
            if (node.id, name) in adam.averages:  # a corpus that was never drawn has none
                node.set_param(name, adam.averages[node.id, name])
    return recognizer


def learn(recognizer: Recognizer, scheme: str, batch: Sequence[MarkedSentence]) -> float:
    """Add the gradients of a batch to the parameters' gradients; gives the mean log loss of a word."""
    encoder, head = recognizer.model.layers[0], recognizer.head(scheme)
    number = {label: i for i, label in enumerate(recognizer.schemes[scheme])}
    lengths = np.array([len(sentence.words) for sentence in batch])
    encoded, back_to_encoder = encoder.begin_update([sentence.words for sentence in batch])
    scores, back_to_head = head.begin_update(np.vstack(encoded))
    row = np.repeat(np.arange(len(batch)), lengths)
    column = np.concatenate([np.arange(length) for length in lengths])
    padded = np.zeros((len(batch), lengths.max(), scores.shape[1]), dtype=np.float32)
    padded[row, column] = scores
    probabilities, log_partition = lattice.marginals(padded, lengths)
    gold = np.concatenate(
        [lattice.labels(((s, e, number[label]) for s, e, label in m.mentions), len(m.words)) for m in batch]
    )
    gradient = probabilities[row, column]
    gradient[np.arange(len(gold)), gold] -= 1
    gradient /= 5 * len(batch) ** 0.5
    back_to_encoder(np.split(back_to_head(gradient), np.cumsum(lengths)[:-1]))
    return float((log_partition.sum() - scores[np.arange(len(gold)), gold].sum()) / len(gold))


def _batches(
    sentences: Sequence[tuple[MarkedSentence, ...]], words: int, shuffling: random.Random
) -> Iterator[list[MarkedSentence]]:
    """Endless batches of about `words` words: every sentence once a round, in one of its tokenizations."""
    while True:
        batch: list[MarkedSentence] = []
        size = 0
        for versions in shuffling.sample(sentences, len(sentences)):
            sentence = shuffling.choice(versions)
            if len(sentence.words) > LONGEST:
                continue
            batch.append(sentence)
            size += len(sentence.words)
            if size >= words:
                yield batch
                batch, size = [], 0
