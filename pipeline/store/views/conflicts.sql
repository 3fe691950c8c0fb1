-- Claims that disagree.
-- Counts current documents only (superseded_by IS NULL). Written anew by every run.

CREATE OR REPLACE VIEW conflicts AS
WITH told_once AS (
    -- The same thing in the same context counts once a lineage: a copied article repeats no conflict.
    SELECT *
    FROM evidence
    QUALIFY row_number() OVER (
        PARTITION BY lineage_id, subject_id, object_id, effect, negated,
            species, population, modality, dose, duration, study_design
        ORDER BY document_id, char_start, claim_id
    ) = 1
),
pairs AS (
    SELECT a AS one, b AS other
    FROM told_once a
    JOIN told_once b
        ON a.subject_id = b.subject_id
        AND a.object_id = b.object_id
        AND a.claim_id < b.claim_id
        AND (a.lineage_id <> b.lineage_id OR a.document_id = b.document_id)
        AND CASE
            -- "did not affect" denies every effect, "did not increase" only an increase
            WHEN a.negated AND NOT b.negated THEN a.effect IN (b.effect, 'affects')
            WHEN b.negated AND NOT a.negated THEN b.effect IN (a.effect, 'affects')
            WHEN NOT a.negated THEN
                (a.effect = 'increases' AND b.effect = 'decreases')
                OR (a.effect = 'decreases' AND b.effect = 'increases')
            ELSE false
        END
)
SELECT
    one.claim_id AS claim_id_a,
    other.claim_id AS claim_id_b,
    one.subject,
    one.object,
    CASE WHEN one.negated = other.negated THEN 'opposite direction' ELSE 'asserted against negated' END AS kind,
    CASE WHEN one.document_id = other.document_id THEN 'within article' ELSE 'between lineages' END AS place,
    coalesce(nullif(concat_ws(', ',
        CASE WHEN one.species <> other.species AND '' NOT IN (one.species, other.species) THEN 'species' END,
        CASE WHEN one.population <> other.population AND '' NOT IN (one.population, other.population)
            THEN 'population' END,
        CASE WHEN one.modality <> other.modality AND '' NOT IN (one.modality, other.modality) THEN 'modality' END,
        CASE WHEN one.duration <> other.duration AND '' NOT IN (one.duration, other.duration) THEN 'duration' END,
        CASE WHEN one.dose <> other.dose AND '' NOT IN (one.dose, other.dose) THEN 'dose' END,
        CASE WHEN one.study_design <> other.study_design AND '' NOT IN (one.study_design, other.study_design)
            THEN 'study_design' END
    ), ''), 'nothing on record') AS explained_by,
    one.effect AS effect_a,
    one.negated AS negated_a,
    one.hedged AS hedged_a,
    one.sentence AS sentence_a,
    one.title AS title_a,
    one.tier AS tier_a,
    one.path AS path_a,
    other.effect AS effect_b,
    other.negated AS negated_b,
    other.hedged AS hedged_b,
    other.sentence AS sentence_b,
    other.title AS title_b,
    other.tier AS tier_b,
    other.path AS path_b,
    one.species AS species_a,
    other.species AS species_b,
    one.population AS population_a,
    other.population AS population_b,
    one.modality AS modality_a,
    other.modality AS modality_b,
    one.duration AS duration_a,
    other.duration AS duration_b,
    one.dose AS dose_a,
    other.dose AS dose_b,
    one.study_design AS study_design_a,
    other.study_design AS study_design_b,
    one.subject_id,
    one.object_id,
    one.document_id AS document_id_a,
    other.document_id AS document_id_b,
    one.lineage_id AS lineage_id_a,
    other.lineage_id AS lineage_id_b
FROM pairs;

COMMENT ON VIEW conflicts IS 'Two claims on the same subject and object that disagree. Copies of an article repeat no conflict.';
COMMENT ON COLUMN conflicts.claim_id_a IS 'One claim; claim_id_a < claim_id_b.';
COMMENT ON COLUMN conflicts.claim_id_b IS 'The other claim.';
COMMENT ON COLUMN conflicts.subject IS 'What acts.';
COMMENT ON COLUMN conflicts.object IS 'What is acted on.';
COMMENT ON COLUMN conflicts.kind IS 'opposite direction: one says increases, the other decreases. asserted against negated: one denies what the other asserts.';
COMMENT ON COLUMN conflicts.place IS 'between lineages, or within article where both stand in one.';
COMMENT ON COLUMN conflicts.explained_by IS 'What both claims state and state differently: species, population, modality, duration, dose, study_design; or nothing on record.';
COMMENT ON COLUMN conflicts.effect_a IS 'Effect of claim a: increases, decreases, affects.';
COMMENT ON COLUMN conflicts.negated_a IS 'True: claim a denies the effect.';
COMMENT ON COLUMN conflicts.hedged_a IS 'True: claim a is marked as uncertain.';
COMMENT ON COLUMN conflicts.sentence_a IS 'The sentence of claim a, word for word.';
COMMENT ON COLUMN conflicts.title_a IS 'Title of the article of claim a.';
COMMENT ON COLUMN conflicts.tier_a IS 'Kind of text of claim a.';
COMMENT ON COLUMN conflicts.path_a IS 'File or page of claim a.';
COMMENT ON COLUMN conflicts.effect_b IS 'Effect of claim b: increases, decreases, affects.';
COMMENT ON COLUMN conflicts.negated_b IS 'True: claim b denies the effect.';
COMMENT ON COLUMN conflicts.hedged_b IS 'True: claim b is marked as uncertain.';
COMMENT ON COLUMN conflicts.sentence_b IS 'The sentence of claim b, word for word.';
COMMENT ON COLUMN conflicts.title_b IS 'Title of the article of claim b.';
COMMENT ON COLUMN conflicts.tier_b IS 'Kind of text of claim b.';
COMMENT ON COLUMN conflicts.path_b IS 'File or page of claim b.';
COMMENT ON COLUMN conflicts.species_a IS 'Species of claim a.';
COMMENT ON COLUMN conflicts.species_b IS 'Species of claim b.';
COMMENT ON COLUMN conflicts.population_a IS 'Who claim a was seen in.';
COMMENT ON COLUMN conflicts.population_b IS 'Who claim b was seen in.';
COMMENT ON COLUMN conflicts.modality_a IS 'Kind of exercise of claim a.';
COMMENT ON COLUMN conflicts.modality_b IS 'Kind of exercise of claim b.';
COMMENT ON COLUMN conflicts.duration_a IS 'How long, claim a.';
COMMENT ON COLUMN conflicts.duration_b IS 'How long, claim b.';
COMMENT ON COLUMN conflicts.dose_a IS 'Dose of claim a.';
COMMENT ON COLUMN conflicts.dose_b IS 'Dose of claim b.';
COMMENT ON COLUMN conflicts.study_design_a IS 'Kind of study of claim a.';
COMMENT ON COLUMN conflicts.study_design_b IS 'Kind of study of claim b.';
COMMENT ON COLUMN conflicts.subject_id IS 'Short name of the subject in the vocabulary.';
COMMENT ON COLUMN conflicts.object_id IS 'Short name of the object in the vocabulary.';
COMMENT ON COLUMN conflicts.document_id_a IS 'The article of claim a in the table documents.';
COMMENT ON COLUMN conflicts.document_id_b IS 'The article of claim b in the table documents.';
COMMENT ON COLUMN conflicts.lineage_id_a IS 'Lineage of claim a.';
COMMENT ON COLUMN conflicts.lineage_id_b IS 'Lineage of claim b.';
