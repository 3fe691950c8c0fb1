-- The verdicts of an earlier day.
-- Written anew by every run.

CREATE OR REPLACE MACRO consensus_as_of(moment) AS TABLE
SELECT
    coalesce(subject.label, h.subject_id) AS subject,
    coalesce(object.label, h.object_id) AS object,
    h.* EXCLUDE (kind, subject_id, mechanism_id, object_id, from_run, to_run),
    h.subject_id,
    h.object_id
FROM verdict_history h
LEFT JOIN concepts subject ON subject.concept_id = h.subject_id
LEFT JOIN concepts object ON object.concept_id = h.object_id
CROSS JOIN (
    SELECT max(ordinal) AS run
    FROM runs
    -- a day means its end
    WHERE finished < CASE WHEN length(moment::VARCHAR) <= 10 THEN moment::DATE + INTERVAL 1 DAY
        ELSE moment::TIMESTAMP + INTERVAL 1 MICROSECOND END
) latest
WHERE h.kind = 'pair' AND h.from_run <= latest.run AND (h.to_run IS NULL OR h.to_run > latest.run);

COMMENT ON MACRO TABLE consensus_as_of IS 'FROM consensus_as_of(''2026-11-20''): the consensus as this database had it at the end of that day, or at a moment given to the second (UTC).';
