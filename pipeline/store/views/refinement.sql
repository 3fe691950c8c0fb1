-- What is said of a class beside what is said of its members.
-- Written anew by every run.

CREATE OR REPLACE VIEW refinement AS
SELECT
    coalesce(subject.label, r.subject_id) AS subject,
    coalesce(object.label, r.object_id) AS object,
    r.* EXCLUDE (subject_id, object_id),
    r.subject_id,
    r.object_id
FROM rollups r
LEFT JOIN concepts subject ON subject.concept_id = r.subject_id
LEFT JOIN concepts object ON object.concept_id = r.object_id;

COMMENT ON VIEW refinement IS 'Pairs whose subject or object takes in others (exercise takes in aerobic exercise): own numbers beside those with what is said of the others, null results too. One row a pair that something refines.';
COMMENT ON COLUMN refinement.subject IS 'What acts.';
COMMENT ON COLUMN refinement.object IS 'What is acted on.';
COMMENT ON COLUMN refinement.own_verdict IS 'Verdict on the pair itself, as in consensus; nothing of its own where nobody speaks of it.';
COMMENT ON COLUMN refinement.rolled_verdict IS 'Verdict with what is said of its members; contexts are not compared for it.';
COMMENT ON COLUMN refinement.own_direction IS 'Direction of the pair itself, as in consensus.';
COMMENT ON COLUMN refinement.rolled_direction IS 'Direction with its members.';
COMMENT ON COLUMN refinement.own_support IS 'Support of the pair itself.';
COMMENT ON COLUMN refinement.rolled_support IS 'Support with its members; what is said of a member weighs verdict_settings.member_weight for each step up.';
COMMENT ON COLUMN refinement.own_opposition IS 'Opposition of the pair itself.';
COMMENT ON COLUMN refinement.rolled_opposition IS 'Opposition with its members.';
COMMENT ON COLUMN refinement.own_lineages IS 'Lineages that speak of the pair itself.';
COMMENT ON COLUMN refinement.rolled_lineages IS 'Lineages that speak of it or of its members, each once.';
COMMENT ON COLUMN refinement.own_increases IS 'Lineages that say increases of the pair itself.';
COMMENT ON COLUMN refinement.rolled_increases IS 'The same with its members.';
COMMENT ON COLUMN refinement.own_decreases IS 'Lineages that say decreases of the pair itself.';
COMMENT ON COLUMN refinement.rolled_decreases IS 'The same with its members.';
COMMENT ON COLUMN refinement.own_affects IS 'Lineages that give no direction for the pair itself.';
COMMENT ON COLUMN refinement.rolled_affects IS 'The same with its members.';
COMMENT ON COLUMN refinement.own_null_results IS 'Lineages that find no effect for the pair itself.';
COMMENT ON COLUMN refinement.rolled_null_results IS 'The same with its members.';
COMMENT ON COLUMN refinement.refined_by IS 'The pairs that refine it: subject_id → object_id, with commas between.';
COMMENT ON COLUMN refinement.subject_id IS 'Short name of the subject in the vocabulary.';
COMMENT ON COLUMN refinement.object_id IS 'Short name of the object in the vocabulary.';
