-- What places on the web showed when they were last asked, and how long the stages of a run took.
ALTER TABLE runs ADD COLUMN seconds MAP(VARCHAR, DOUBLE) DEFAULT MAP {};
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
