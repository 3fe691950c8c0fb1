-- The tables of a claims database. Run once, when a database is created.
-- No primary keys: the writer keeps ids unique itself, and an index over long text ids would double the file.

CREATE TABLE schema_version (version INTEGER NOT NULL);

CREATE TABLE sources (
    source_id VARCHAR NOT NULL,
    title     VARCHAR NOT NULL,
    kind      VARCHAR NOT NULL,
    tier      VARCHAR NOT NULL,
    url       VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    location  VARCHAR NOT NULL,
    pattern   VARCHAR NOT NULL
);

CREATE TABLE documents (
    document_id   VARCHAR NOT NULL,
    source_id     VARCHAR NOT NULL,
    path          VARCHAR NOT NULL,
    url           VARCHAR NOT NULL,
    title         VARCHAR NOT NULL,
    author        VARCHAR NOT NULL,
    published     VARCHAR NOT NULL,
    fetched_at    TIMESTAMP NOT NULL,
    format        VARCHAR NOT NULL,
    text          VARCHAR NOT NULL,
    sha256        VARCHAR NOT NULL,
    text_id       VARCHAR NOT NULL,
    copy_ordinal  INTEGER NOT NULL,
    lineage_id    VARCHAR NOT NULL,
    superseded_by VARCHAR,
    pipeline_key  VARCHAR NOT NULL,
    extracted_run VARCHAR NOT NULL,
    notice        VARCHAR DEFAULT '',
    first_run     VARCHAR DEFAULT ''
);

CREATE TABLE document_identifiers (
    document_id VARCHAR NOT NULL,
    identifier  VARCHAR NOT NULL
);

CREATE TABLE citations (
    document_id VARCHAR NOT NULL,
    identifier  VARCHAR NOT NULL,
    manner      VARCHAR NOT NULL,
    words       VARCHAR NOT NULL
);

CREATE TABLE sentences (
    sentence_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    ordinal     INTEGER NOT NULL,
    section     VARCHAR NOT NULL,
    block       INTEGER NOT NULL,
    text        VARCHAR NOT NULL,
    char_start  BIGINT NOT NULL,
    char_end    BIGINT NOT NULL,
    timestamp_s DOUBLE
);

CREATE TABLE mentions (
    mention_id  VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    sentence_id VARCHAR NOT NULL,
    concept_id  VARCHAR,
    text        VARCHAR NOT NULL,
    ner_label   VARCHAR NOT NULL,
    char_start  BIGINT NOT NULL,
    char_end    BIGINT NOT NULL,
    method      VARCHAR NOT NULL,
    score       DOUBLE NOT NULL,
    candidates  VARCHAR DEFAULT ''
);

CREATE TABLE concepts (
    concept_id VARCHAR NOT NULL,
    label      VARCHAR NOT NULL,
    role       VARCHAR NOT NULL,
    class      VARCHAR NOT NULL,
    curie      VARCHAR NOT NULL,
    curie_name VARCHAR NOT NULL,
    match      VARCHAR NOT NULL,
    scope      VARCHAR NOT NULL,
    broader_id VARCHAR NOT NULL
);

CREATE TABLE concept_aliases (
    concept_id  VARCHAR NOT NULL,
    text        VARCHAR NOT NULL,
    case_rule   VARCHAR NOT NULL,
    polarity    INTEGER NOT NULL,
    origin      VARCHAR NOT NULL
);

CREATE TABLE claims (
    claim_id     VARCHAR NOT NULL,
    document_id  VARCHAR NOT NULL,
    sentence_id  VARCHAR NOT NULL,
    subject_id   VARCHAR NOT NULL,
    object_id    VARCHAR NOT NULL,
    effect       VARCHAR NOT NULL,
    negated      BOOLEAN NOT NULL,
    hedged       BOOLEAN NOT NULL,
    hedge_cue    VARCHAR NOT NULL,
    negation_cue VARCHAR NOT NULL,
    effect_cue   VARCHAR NOT NULL,
    species      VARCHAR NOT NULL,
    population   VARCHAR NOT NULL,
    modality     VARCHAR NOT NULL,
    dose         VARCHAR NOT NULL,
    duration     VARCHAR NOT NULL,
    study_design VARCHAR NOT NULL,
    rule         VARCHAR NOT NULL,
    confidence   DOUBLE NOT NULL,
    reasons      VARCHAR DEFAULT '',
    timing       VARCHAR DEFAULT '',
    tissue       VARCHAR DEFAULT '',
    endpoint     VARCHAR DEFAULT '',
    char_start   BIGINT NOT NULL,
    char_end     BIGINT NOT NULL
);

CREATE TABLE triples (
    triple_id        VARCHAR NOT NULL,
    document_id      VARCHAR NOT NULL,
    myokine_id       VARCHAR NOT NULL,
    mechanism_id     VARCHAR NOT NULL,
    outcome_id       VARCHAR NOT NULL,
    mechanism_effect VARCHAR NOT NULL,
    outcome_effect   VARCHAR NOT NULL,
    negated          BOOLEAN NOT NULL,
    hedged           BOOLEAN NOT NULL,
    scope            VARCHAR NOT NULL,
    claim_ids        VARCHAR[] NOT NULL
);

CREATE TABLE dropped (
    document_id VARCHAR NOT NULL,
    ordinal     INTEGER NOT NULL,
    text        VARCHAR NOT NULL,
    reason      VARCHAR NOT NULL
);

CREATE TABLE runs (
    run_id       VARCHAR NOT NULL,
    started      TIMESTAMP NOT NULL,
    finished     TIMESTAMP NOT NULL,
    pipeline_key VARCHAR NOT NULL,
    versions     MAP(VARCHAR, VARCHAR) NOT NULL,
    counts       MAP(VARCHAR, BIGINT) NOT NULL,
    ordinal      INTEGER DEFAULT 0,
    kind         VARCHAR DEFAULT 'run',
    seconds      MAP(VARCHAR, DOUBLE) DEFAULT MAP {}
);

CREATE TABLE visits (
    source_id     VARCHAR NOT NULL,
    path          VARCHAR NOT NULL,
    visited_at    TIMESTAMP NOT NULL,
    etag          VARCHAR NOT NULL,
    last_modified VARCHAR NOT NULL,
    cursor        VARCHAR NOT NULL,
    asked         VARCHAR NOT NULL,
    pipeline_key  VARCHAR NOT NULL
);

CREATE TABLE rejects (
    source_id VARCHAR NOT NULL,
    path      VARCHAR NOT NULL,
    stage     VARCHAR NOT NULL,
    reason    VARCHAR NOT NULL,
    sha256    VARCHAR NOT NULL,
    since_run VARCHAR NOT NULL
);

CREATE TABLE sketches (
    document_id VARCHAR NOT NULL,
    method      VARCHAR NOT NULL,
    shingles    BIGINT NOT NULL,
    one_in      INTEGER NOT NULL,
    words_hash  UBIGINT NOT NULL,
    hashes      UBIGINT[] NOT NULL
);

CREATE TABLE lineage_joins (
    document_a VARCHAR NOT NULL,
    document_b VARCHAR NOT NULL,
    reason     VARCHAR NOT NULL,
    measure    DOUBLE NOT NULL,
    detail     VARCHAR DEFAULT ''
);
