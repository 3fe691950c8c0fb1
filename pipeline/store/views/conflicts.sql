-- Claims that disagree.
-- Written anew by every run.

CREATE OR REPLACE VIEW conflicts AS
SELECT
    g.rank,
    coalesce(subject.label, g.subject_id) AS subject,
    coalesce(object.label, g.object_id) AS object,
    g.kind,
    g.place,
    g.verdict,
    g.explained_by,
    concat_ws(', ',
        CASE WHEN one.species = other.species AND one.species <> '' THEN 'species' END,
        CASE WHEN one.population = other.population AND one.population <> '' THEN 'population' END,
        CASE WHEN one.modality = other.modality AND one.modality <> '' THEN 'modality' END,
        CASE WHEN one.timing = other.timing AND one.timing <> '' THEN 'timing' END,
        CASE WHEN one.duration = other.duration AND one.duration <> '' THEN 'duration' END,
        CASE WHEN one.dose = other.dose AND one.dose <> '' THEN 'dose' END,
        CASE WHEN one.tissue = other.tissue AND one.tissue <> '' THEN 'tissue' END,
        CASE WHEN one.endpoint = other.endpoint AND one.endpoint <> '' THEN 'endpoint' END,
        CASE WHEN one.study_design = other.study_design AND one.study_design <> '' THEN 'study_design' END
    ) AS alike,
    g.lineages_a,
    g.lineages_b,
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
    one.timing AS timing_a,
    other.timing AS timing_b,
    one.duration AS duration_a,
    other.duration AS duration_b,
    one.dose AS dose_a,
    other.dose AS dose_b,
    one.tissue AS tissue_a,
    other.tissue AS tissue_b,
    one.endpoint AS endpoint_a,
    other.endpoint AS endpoint_b,
    one.study_design AS study_design_a,
    other.study_design AS study_design_b,
    g.weight_a,
    g.weight_b,
    g.claim_id_a,
    g.claim_id_b,
    g.subject_id,
    g.object_id,
    one.document_id AS document_id_a,
    other.document_id AS document_id_b,
    one.lineage_id AS lineage_id_a,
    other.lineage_id AS lineage_id_b
FROM disagreements g
JOIN disagreeing_claims one ON one.claim_id = g.claim_id_a
JOIN disagreeing_claims other ON other.claim_id = g.claim_id_b
LEFT JOIN concepts subject ON subject.concept_id = g.subject_id
LEFT JOIN concepts object ON object.concept_id = g.object_id;

COMMENT ON VIEW conflicts IS 'Two claims on the same subject and object that disagree: for each way in which sources part on a pair, and each thing that explains it, the two claims that are most worth reading (see rank). Copies of an article repeat no conflict; `myoclaims explain` lists every claim that a claim is at odds with.';
COMMENT ON COLUMN conflicts.claim_id_a IS 'The claim that asserts, or says increases.';
COMMENT ON COLUMN conflicts.claim_id_b IS 'The claim that denies it, or says decreases.';
COMMENT ON COLUMN conflicts.subject IS 'What acts.';
COMMENT ON COLUMN conflicts.object IS 'What is acted on.';
COMMENT ON COLUMN conflicts.kind IS 'opposite direction: one says increases, the other decreases. asserted against negated: one denies the direction that the other asserts. effect against null: one finds no effect at all.';
COMMENT ON COLUMN conflicts.place IS 'between lineages, or within article where both stand in one.';
COMMENT ON COLUMN conflicts.verdict IS 'context-dependent: and what differs; or stands, where no stated context differs.';
COMMENT ON COLUMN conflicts.explained_by IS 'What both claims state and state differently: species, population, modality, timing, duration (threefold), dose (twofold), tissue, endpoint, study_design; or nothing on record.';
COMMENT ON COLUMN conflicts.alike IS 'What both claims state alike, and so cannot explain it.';
COMMENT ON COLUMN conflicts.rank IS 'The order of reading: first the disagreement of each pair that is most worth it, then the second of each pair, …. Worth is the lesser weight of the two claims × the confidence of both × the lineages of the smaller side.';
COMMENT ON COLUMN conflicts.lineages_a IS 'Lineages that say what claim a says and part from the other side in this way.';
COMMENT ON COLUMN conflicts.lineages_b IS 'The same for claim b.';
COMMENT ON COLUMN conflicts.weight_a IS 'Weight of claim a in the verdict.';
COMMENT ON COLUMN conflicts.weight_b IS 'Weight of claim b in the verdict.';
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
COMMENT ON COLUMN conflicts.timing_a IS 'Acute or chronic, claim a.';
COMMENT ON COLUMN conflicts.timing_b IS 'Acute or chronic, claim b.';
COMMENT ON COLUMN conflicts.tissue_a IS 'Where the object was measured, claim a.';
COMMENT ON COLUMN conflicts.tissue_b IS 'Where the object was measured, claim b.';
COMMENT ON COLUMN conflicts.endpoint_a IS 'What of the object was measured, claim a.';
COMMENT ON COLUMN conflicts.endpoint_b IS 'What of the object was measured, claim b.';
