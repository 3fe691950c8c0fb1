-- The standing decision on each claim: the latest on the same evidence in the same article, its versions and copies.
WITH standing AS (
    SELECT d.*, p.lineage_id, p.document_id
    FROM decisions d
    JOIN documents p ON p.source_id = d.source_id AND p.path = d.path
    WHERE d.withdrawn_at IS NULL AND d.action IN ('accept', 'reject', 'fix')
),
reviewed AS (
    SELECT c.claim_id, c.document_id, c.subject_id, c.effect, c.object_id, c.negated, s.text, d.lineage_id
    FROM claims c
    SEMI JOIN standing USING (subject_id, effect, object_id, negated)
    JOIN sentences s USING (sentence_id)
    JOIN documents d ON d.document_id = c.document_id
)
SELECT
    r.claim_id,
    s.decision_id,
    s.action,
    nullif(s.new_subject_id, '') AS subject_id,
    nullif(s.new_effect, '') AS effect,
    nullif(s.new_object_id, '') AS object_id,
    nullif(s.new_negated, '')::BOOLEAN AS negated,
    nullif(s.new_hedged, '')::BOOLEAN AS hedged
FROM reviewed r
JOIN standing s
    ON s.subject_id = r.subject_id AND s.effect = r.effect AND s.object_id = r.object_id AND s.negated = r.negated
    AND s.lineage_id = r.lineage_id
    AND plain(s.sentence) = plain(r.text)
QUALIFY row_number() OVER (PARTITION BY r.claim_id ORDER BY s.decided_at DESC, s.decision_id DESC) = 1
