"""Verdicts and views at a million claims, beside naive queries of the same tables, in one run on one core.

    python -m tests.benchmarks.verdicts [--claims 1000000] [--keep FOLDER]

The database is generated: documents of sources of every tier, copies among them, claims on pairs of the shipped
vocabulary in the proportions of Zipf and Mandelbrot, contexts from the shipped lexicon. Its mentions are left out,
since no verdict reads them. Deriving runs in a process of its own, first on the new database, then unchanged.
Times are of the processor, so that other work on the machine does not show in them.
"""

import argparse
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipeline.claims.context_patterns import patterns
from pipeline.concepts.vocabulary import load_vocabulary
from pipeline.evidence.explain import explain
from pipeline.reconciling import renew_verdicts
from pipeline.records import Concept, Source
from pipeline.store import Build, connect, rows, schema
from pipeline.store.build import RunRow
from pipeline.store.tables import Tables

SEED = 20261120
CLAIMS_A_DOCUMENT, SENTENCES_A_DOCUMENT = 20, 30
COPIES, SUPERSEDED, DECIDED = 0.1, 0.02, 200
TIERS = (
    ("trial", 0.08), ("trial", 0.05), ("review", 0.08), ("abstract", 0.25), ("abstract", 0.15), ("registry", 0.04),
    ("glossary", 0.02), ("notes", 0.03), ("blog", 0.1), ("blog", 0.1), ("press", 0.07), ("unknown", 0.03),
)  # fmt: skip
EFFECTS, NEGATED, HEDGED = ("increases", "decreases", "affects"), 0.07, 0.25
# How many claims state each context; the others leave it empty.
STATED = {
    "species": 0.3, "population": 0.12, "modality": 0.15, "dose": 0.04, "duration": 0.1, "study_design": 0.15,
    "timing": 0.1, "tissue": 0.12, "endpoint": 0.35,
}  # fmt: skip
WORDS_OF = {
    "dose": ("10 mg/day", "20 mg/day", "50 mg/kg", "70% 1RM", "85% 1RM", "150 min/week", "60% VO2max"),
    "duration": ("8 weeks", "eight-week", "12 weeks", "6 months", "1 day", "two years", "4 weeks", "30 days"),
    "modality": ("aerobic", "resistance", "hiit"),
}
RULES = ("verb", "verb.passive", "noun", "noun.of", "adjective", "link", "nominal", "via")
TEXTS, WORDS, TRIPLES_ASKED = 20_000, 3_000, 5_000
NAIVE_LIMIT_S = 60.0
MOMENT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Derived:
    """Seconds of processor time that `renew_verdicts` took, and the process's peak memory in MB before and after."""

    seconds: float
    before_mb: float
    peak_mb: float


@dataclass(frozen=True)
class Answer:
    """How many rows a question gave, and its seconds of processor time, of which `fetching_s` made Python objects."""

    name: str
    rows: int
    seconds: float
    fetching_s: float


# The generated database


def generate(db: Path, claims: int) -> None:
    """Write sources, concepts, documents, sentences, claims, triples, citations and decisions to a new database."""
    random = np.random.default_rng(SEED)
    with Tables.opened(db, db.with_name("generating.spill")) as tables:
        tables.run("SET memory_limit = '4GB'")  # making it up is not what is measured
        schema.create(tables.connection)
        schema.renew_views(tables.connection)
        concepts = list(load_vocabulary().concepts.values())
        made = [
            Source(f"source{number:02}", f"Source {number}", "folder", f"s{number}", tier)
            for number, (tier, _) in enumerate(TIERS)
        ]
        insert(tables, "sources", rows.source_columns(made))
        insert(tables, "concepts", rows.concept_columns(concepts))
        of_document = documents(random, claims)
        with tables.incoming(salads(random), "salads"), tables.incoming(of_document, "planned"):
            tables.run(SENTENCES)
            tables.run(DOCUMENTS)
        with (
            tables.incoming(said(random, of_document, concepts, claims), "said"),
            tables.incoming(rows.string_columns(concept_id=[c.concept_id for c in concepts]), "named"),
        ):
            tables.run(CLAIMS, [SENTENCES_A_DOCUMENT])
        with tables.incoming(tied(random, concepts, claims // 10), "tied"):
            tables.run(TRIPLES)
        for statement in REST.split(";\n"):
            tables.run(statement)
        tables.close()


def insert(tables: Tables, table: str, columns: rows.Columns) -> None:
    with tables.incoming(columns):
        tables.run(f"INSERT INTO {table} BY NAME FROM incoming")


def documents(random: np.random.Generator, claims: int) -> rows.Columns:
    """For each document: its number and source, of which it is a copy, how many claims it makes, whether it stands."""
    count = max(claims // CLAIMS_A_DOCUMENT, 20)
    numbers = np.arange(count)
    is_copy = (random.random(count) < COPIES) & (numbers > count // 10)
    originals = np.flatnonzero(~is_copy)
    # the first tenth are originals, so that each copy has one before it
    copied = random.choice(originals[: count // 10], count)
    original = np.where(is_copy, copied, numbers)
    makes = random.geometric(1 / CLAIMS_A_DOCUMENT, count)[original]
    return {
        "number": numbers,
        "source": random.choice(len(TIERS), count, p=shares([share for _, share in TIERS])),
        "original": original,
        "makes": np.maximum(1, (makes * (claims / makes.sum())).round().astype(np.int64)),
        "is_current": is_copy | (random.random(count) >= SUPERSEDED),
    }


def salads(random: np.random.Generator) -> rows.Columns:
    """Half sentences of made-up words; two of them make a sentence."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(random.choice(letters, length)) for length in random.integers(3, 11, WORDS)]
    ranks = zipf(WORDS, 2.7)
    drawn = random.choice(WORDS, (TEXTS, 9), p=ranks)
    texts = rows.string_columns(text=[" ".join(words[word] for word in row) for row in drawn.tolist()])
    return {"salad": np.arange(TEXTS), **texts}


def said(random: np.random.Generator, planned: rows.Columns, concepts: Sequence[Concept], claims: int) -> rows.Columns:
    """What each claim says; a copy says what its original says."""
    count = len(concepts)
    pairs = np.array([(one, other) for one in range(count) for other in range(count) if one != other])
    random.shuffle(pairs)
    makes, original = planned["makes"], planned["original"]
    starts = np.concatenate([[0], np.cumsum(makes)])
    document = np.repeat(planned["number"], makes)
    nth = np.arange(len(document)) - starts[document]
    # the row of the original that each row repeats
    row = (starts[original[document]] + np.minimum(nth, makes[original[document]] - 1))[:claims]
    document, nth, total = document[:claims], nth[:claims], len(row)
    pair = random.choice(len(pairs), total, p=zipf(len(pairs), 6))
    # most pairs lean one way
    leaning = random.beta(0.6, 0.2, len(pairs))
    upward = random.random(total) < leaning[pair]
    effect = np.where(random.random(total) < 0.2, 2, np.where(upward, 0, 1))
    columns: rows.Columns = {
        "document": document,
        "nth": nth,
        "subject": pairs[pair, 0][row],
        "object": pairs[pair, 1][row],
        "effect": strings(EFFECTS, effect[row]),
        "negated": (random.random(total) < NEGATED)[row],
        "hedged": (random.random(total) < HEDGED)[row],
        "rule": strings(RULES, random.choice(len(RULES), total, p=zipf(len(RULES), 1))[row]),
        "confidence": random.beta(8, 2, total)[row].round(3),
    }
    for field, share in STATED.items():
        values = ("", *context_values(field))
        chosen = random.integers(1, len(values), total)
        columns[field] = strings(values, np.where(random.random(total) < share, chosen, 0)[row])
    return columns


def tied(random: np.random.Generator, concepts: Sequence[Concept], count: int) -> rows.Columns:
    """What each triple says, and the number of the claim that it begins with."""
    of_role = {
        role: [c.concept_id for c in concepts if c.role == role] for role in ("exerkine", "mechanism", "outcome")
    }
    asked = 5_000
    questions = {role: random.choice(ids, asked) for role, ids in of_role.items()}
    question = random.choice(asked, count, p=zipf(asked, 6))
    return {
        "nth": random.choice(count * 10, count, replace=False),
        "myokine_id": questions["exerkine"][question].astype(object),
        "mechanism_id": questions["mechanism"][question].astype(object),
        "outcome_id": questions["outcome"][question].astype(object),
        "mechanism_effect": strings(EFFECTS, random.choice(3, count, p=[0.6, 0.2, 0.2])),
    }


def context_values(field: str) -> tuple[str, ...]:
    return WORDS_OF.get(field) or tuple(sorted({value for value, _ in patterns()[field]}))


def strings(values: Sequence[str], chosen: Numbers) -> Numbers:
    return np.array(values, dtype=object)[chosen]


def zipf(count: int, shift: float) -> Numbers:
    """Shares in proportion to 1 / (rank + shift), as in Mandelbrot (1953)."""
    return shares(1 / (np.arange(1, count + 1) + shift))


def shares(weights: Numbers | Sequence[float]) -> Numbers:
    total: Numbers = np.asarray(weights) / np.sum(weights)
    return total


SENTENCES = f"""
INSERT INTO sentences BY NAME
SELECT
    format('sen_{{:016x}}', hash(p.number, n.ordinal)) AS sentence_id,
    format('doc_{{:016x}}', hash(p.number)) AS document_id,
    n.ordinal,
    ['Introduction', 'Methods', 'Results', 'Discussion'][1 + n.ordinal * 4 // {SENTENCES_A_DOCUMENT}] AS section,
    n.ordinal // 5 AS block,
    one.text || ' ' || other.text || '.' AS text,
    n.ordinal * 120 AS char_start,
    n.ordinal * 120 + length(one.text) + length(other.text) + 2 AS char_end
FROM planned p
CROSS JOIN range({SENTENCES_A_DOCUMENT}) n(ordinal)
JOIN salads one ON one.salad = hash(p.original, n.ordinal, 1) % {TEXTS}
JOIN salads other ON other.salad = hash(p.original, n.ordinal, 2) % {TEXTS}
ORDER BY p.number, n.ordinal
"""

DOCUMENTS = """
INSERT INTO documents BY NAME
SELECT
    format('doc_{:016x}', hash(p.number)) AS document_id,
    format('source{:02d}', p.source) AS source_id,
    'articles/' || p.number || '.txt' AS path,
    'https://example.org/' || p.number AS url,
    words.text AS title,
    'A. Author' AS author,
    (2010 + p.number % 16)::VARCHAR AS published,
    TIMESTAMP '2026-01-02 03:04:05' AS fetched_at,
    'text' AS format,
    texts.text,
    format('{:016x}', hash(p.number, 3)) AS sha256,
    format('doc_{:016x}', hash(p.original)) AS text_id,
    0 AS copy_ordinal,
    format('lin_{:016x}', hash(p.original)) AS lineage_id,
    CASE WHEN NOT p.is_current THEN format('doc_{:016x}', hash(p.number + 1)) END AS superseded_by,
    'key' AS pipeline_key,
    'run_0' AS extracted_run,
    'run_0' AS first_run,
    CASE WHEN p.number % 5000 = 7 THEN 'retracted' WHEN p.number % 5000 = 8 THEN 'concern' ELSE '' END AS notice
FROM planned p
JOIN salads words ON words.salad = p.original % 20000
JOIN (SELECT document_id, string_agg(text, ' ' ORDER BY ordinal) AS text FROM sentences GROUP BY document_id) texts
    ON texts.document_id = format('doc_{:016x}', hash(p.number))
ORDER BY p.number
"""

CLAIMS = """
INSERT INTO claims BY NAME
WITH concept AS (SELECT row_number() OVER () - 1 AS number, concept_id FROM named)
SELECT
    format('clm_{:016x}', hash(s.document, s.nth)) AS claim_id,
    format('doc_{:016x}', hash(s.document)) AS document_id,
    format('sen_{:016x}', hash(s.document, (s.nth * 3 // 2) % ?)) AS sentence_id,
    subject.concept_id AS subject_id,
    object.concept_id AS object_id,
    s.* EXCLUDE (document, nth, subject, object),
    CASE WHEN s.hedged THEN 'may' ELSE '' END AS hedge_cue,
    CASE WHEN s.negated THEN 'not' ELSE '' END AS negation_cue,
    s.effect AS effect_cue,
    'verb 0.42; distance -0.11' AS reasons,
    s.nth * 120 AS char_start,
    s.nth * 120 + 100 AS char_end
FROM said s
JOIN concept subject ON subject.number = s.subject
JOIN concept object ON object.number = s.object
ORDER BY s.document, s.nth
"""

TRIPLES = """
INSERT INTO triples BY NAME
SELECT
    format('tri_{:016x}', hash(t.nth)) AS triple_id,
    c.document_id,
    t.* EXCLUDE (nth),
    c.effect AS outcome_effect,
    c.negated,
    c.hedged,
    'sentence' AS scope,
    [c.claim_id] || CASE WHEN following.document_id = c.document_id THEN [following.claim_id] ELSE [] END AS claim_ids
FROM tied t
JOIN claims c ON c.rowid = t.nth
LEFT JOIN claims following ON following.rowid = t.nth + 1
ORDER BY t.nth
"""

REST = f"""
INSERT INTO document_identifiers
SELECT document_id, 'doi:10.5555/' || rowid FROM documents WHERE rowid % 3 = 0 ORDER BY rowid;
INSERT INTO citations
SELECT d.document_id, 'doi:10.5555/' || 3 * (hash(d.rowid) % (SELECT count(*) // 3 FROM documents)), 'cites', 'a study'
FROM documents d JOIN sources USING (source_id)
WHERE tier IN ('blog', 'press', 'notes', 'glossary', 'unknown') AND hash(d.rowid, 1) % 2 = 0 ORDER BY d.rowid;
INSERT INTO lineage_joins BY NAME
SELECT text_id AS document_a, document_id AS document_b, 'near copy' AS reason, 0.93 AS measure
FROM documents WHERE text_id <> document_id ORDER BY ALL;
INSERT INTO decisions
SELECT
    'dec_' || c.claim_id,
    ['accept', 'accept', 'reject', 'fix'][1 + (hash(c.claim_id) % 4)::BIGINT] AS action,
    'evi_' || c.claim_id,
    d.source_id, d.path, s.text, c.subject_id, c.effect, c.object_id, c.negated, c.rule,
    '', CASE WHEN action = 'fix' THEN 'affects' ELSE '' END, '', '', '', '', '', '', 'a reviewer',
    TIMESTAMP '2026-11-01', NULL
FROM claims c
JOIN sentences s USING (sentence_id)
JOIN documents d ON d.document_id = c.document_id
WHERE d.superseded_by IS NULL
ORDER BY hash(c.claim_id)
LIMIT {DECIDED}
"""


# What is derived from it


def derive(db: Path) -> Derived:
    """One run of deriving alone, published."""
    with Build(db, "benchmark") as build:
        build.execute("SET enable_progress_bar = false")
        before = peak_mb()
        start = time.process_time()
        renew_verdicts(build)
        seconds = time.process_time() - start
        build.finish(RunRow(MOMENT, MOMENT))
        after = peak_mb()
        build.publish()
    return Derived(seconds, before, after)


def peak_mb() -> float:
    """The most memory this process has held; a new process inherits `ru_maxrss`, so that it does not tell."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def alone(db: Path) -> Derived:
    """`derive` in a fresh process on one core."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_pinned, args=(sender, db))
    process.start()
    sender.close()
    result: Derived = receiver.recv()
    process.join()
    return result


def _pinned(sender: Connection, db: Path) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sender.send(derive(db))


# What readers ask

NAIVE_CONFLICTS = """
SELECT count(*)
FROM claims a
JOIN claims b ON a.subject_id = b.subject_id AND a.object_id = b.object_id AND NOT a.negated
    AND a.document_id <> b.document_id
    AND CASE WHEN b.negated THEN b.effect IN (a.effect, 'affects')
        ELSE a.effect = 'increases' AND b.effect = 'decreases' END
"""

NAIVE_CONSENSUS = """
WITH weighed AS (
    SELECT
        c.subject_id, c.object_id, d.lineage_id, CASE WHEN c.negated THEN 'no effect' ELSE c.effect END AS says,
        max(coalesce(t.weight, 0.3) * coalesce(g.weight, 1) * coalesce(p.weight, 1)
            * CASE WHEN c.hedged THEN 0.5 ELSE 1 END) AS weight,
        count(*) AS claims
    FROM claims c
    JOIN documents d USING (document_id)
    JOIN sources s USING (source_id)
    LEFT JOIN tier_weights t USING (tier)
    LEFT JOIN design_weights g ON g.study_design = c.study_design
    LEFT JOIN species_weights p ON p.species = c.species
    WHERE d.superseded_by IS NULL
    GROUP BY ALL
)
SELECT
    subject_id, object_id, count(DISTINCT lineage_id), sum(claims),
    sum(weight) FILTER (WHERE says = 'increases') AS increases,
    sum(weight) FILTER (WHERE says = 'decreases') AS decreases,
    sum(weight) FILTER (WHERE says = 'no effect') AS null_results
FROM weighed
GROUP BY ALL
"""


def ask(connection: duckdb.DuckDBPyConnection) -> Iterator[Answer]:
    """What each question that a reader may ask takes, every result fetched whole."""
    subject, object_ = row(connection, "SELECT subject_id, object_id FROM consensus ORDER BY claims DESC LIMIT 1")
    (claim,) = row(connection, "SELECT claim_id_a FROM disagreements ORDER BY rank LIMIT 1")
    (triple,) = row(connection, "SELECT min(triple_id) FROM triples")
    pair = f"subject_id = '{subject}' AND object_id = '{object_}'"
    questions = {
        "consensus": "FROM consensus",
        "consensus, contested": "FROM consensus WHERE verdict = 'contested' ORDER BY conflict DESC, support DESC",
        "triple_consensus": "FROM triple_consensus",
        "conflicts, first 100": "FROM conflicts ORDER BY rank LIMIT 100",
        "conflicts": "FROM conflicts",
        "conflicts of one pair": f"FROM conflicts WHERE {pair} ORDER BY rank",
        "refinement": "FROM refinement",
        "drift": "FROM drift",
        "evidence of irisin": "FROM evidence WHERE subject_id = 'irisin'",
        "evidence of one pair": f"FROM evidence WHERE {pair}",
        "evidence of one claim": f"FROM evidence WHERE claim_id = '{claim}'",
        "evidence by tier": "SELECT tier, count(*) FROM evidence GROUP BY tier",
        "evidence, whole": "FROM evidence",
        "rule_precision": "FROM rule_precision",
        "consensus_as_of today": f"FROM consensus_as_of('{datetime.now(UTC):%Y-%m-%d}')",
        "voices of one pair": f"FROM voices WHERE {pair}",
    }
    for name, query in questions.items():
        yield asked(connection, name, query)
    for kind, id_ in (("claim", claim), ("triple", triple)):
        start = time.process_time()
        lines = explain(connection, id_).count("\n")
        yield Answer(f"explain of one {kind}", lines, time.process_time() - start, 0)


def asked(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> Answer:
    """What the query takes, and what it takes to hand all of its rows over as numpy arrays."""
    start = time.process_time()
    connection.execute(query)
    answered = time.process_time()
    columns = connection.fetchnumpy()
    fetched = time.process_time()
    return Answer(name, len(next(iter(columns.values()))), fetched - start, fetched - answered)


def row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found


def naive(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> Answer | None:
    """What a naive query takes; None if it does not end in time."""
    with interrupted_after(connection, NAIVE_LIMIT_S):
        try:
            return asked(connection, name, query)
        except duckdb.InterruptException:
            return None


@contextmanager
def interrupted_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def report(answers: Iterable[Answer]) -> dict[str, float]:
    """Print a line for each; gives the seconds by name."""
    print(f"{'':26}{'rows':>11}{'ms':>8}{'of which fetching':>20}")
    found = {}
    for answer in answers:
        late = "" if answer.seconds < 1 else "  over a second"
        print(
            f"{answer.name:26}{answer.rows:11,}{answer.seconds * 1000:8.0f}{answer.fetching_s * 1000:20.0f}{late}",
            flush=True,
        )
        found[answer.name] = answer.seconds
    return found


def benchmark(folder: Path, claims: int) -> None:
    db = folder / "claims.duckdb"
    if not db.exists():
        start = time.perf_counter()
        generate(db, claims)
        print(f"generated in {time.perf_counter() - start:.0f} s")
    for when in ("first", "unchanged"):
        run = alone(db)
        print(
            f"renew_verdicts, {when}: {run.seconds:.1f} s, peak memory {run.peak_mb:.0f} MB "
            f"({run.before_mb:.0f} MB before)",
            flush=True,
        )
    print(f"size of the file: {db.stat().st_size / 1e6:.0f} MB")
    with connect(db) as connection:
        connection.execute("SET threads = 1; SET enable_progress_bar = false")
        sizes = ("documents", "sentences", "claims", "triples", "voices", "verdicts", "disagreements", "rollups")
        counts = {name: row(connection, f"SELECT count(*) FROM {name}")[0] for name in sizes}
        print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
        found = report(ask(connection))
        print(f"\nnaive queries of the same tables, stopped after {NAIVE_LIMIT_S:.0f} s")
        for name, query in (("conflicts", NAIVE_CONFLICTS), ("consensus", NAIVE_CONSENSUS)):
            answer = naive(connection, name, query)
            took, more = (answer.seconds, "") if answer else (NAIVE_LIMIT_S, "> ")
            times = took / found[name]
            print(f"{name:26}{'':11}{more + format(took * 1000, '.0f'):>8}  {more}{times:.0f} times as long")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="keep the database in this folder, and use the one that is there")
    args = parser.parse_args()
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
        benchmark(args.keep, args.claims)
    else:
        with tempfile.TemporaryDirectory() as folder:
            benchmark(Path(folder), args.claims)


if __name__ == "__main__":
    main()
