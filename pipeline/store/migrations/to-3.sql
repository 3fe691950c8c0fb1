-- Where an effect was seen, what articles name, the order of runs; verdicts become tables (derived.sql makes them).
ALTER TABLE claims ADD COLUMN timing VARCHAR DEFAULT '';
ALTER TABLE claims ADD COLUMN tissue VARCHAR DEFAULT '';
ALTER TABLE claims ADD COLUMN endpoint VARCHAR DEFAULT '';
ALTER TABLE documents ADD COLUMN notice VARCHAR DEFAULT '';
ALTER TABLE documents ADD COLUMN first_run VARCHAR DEFAULT '';
UPDATE documents SET first_run = extracted_run;
ALTER TABLE lineage_joins ADD COLUMN detail VARCHAR DEFAULT '';
ALTER TABLE runs ADD COLUMN ordinal INTEGER DEFAULT 0;
ALTER TABLE runs ADD COLUMN kind VARCHAR DEFAULT 'run';
UPDATE runs SET ordinal = place FROM (
    SELECT run_id, row_number() OVER (ORDER BY started, finished, run_id) AS place FROM runs
) placed WHERE placed.run_id = runs.run_id;
CREATE TABLE document_identifiers (document_id VARCHAR NOT NULL, identifier VARCHAR NOT NULL);
CREATE TABLE citations (
    document_id VARCHAR NOT NULL, identifier VARCHAR NOT NULL, manner VARCHAR NOT NULL, words VARCHAR NOT NULL
);
DROP VIEW IF EXISTS conflicts;
DROP VIEW IF EXISTS consensus;
DROP VIEW IF EXISTS triple_consensus;
DROP VIEW IF EXISTS verdicts;
DROP VIEW IF EXISTS voices;
DROP VIEW IF EXISTS statements;
