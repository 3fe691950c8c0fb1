-- Which verdicts and claims came or went with this run, and why. $run is its number, $run_id its name.
UPDATE verdict_history SET to_run = $run
FROM (
    SELECT kind, subject_id, mechanism_id, object_id FROM (
        SELECT * EXCLUDE (from_run, to_run) FROM verdict_history WHERE to_run IS NULL
        EXCEPT
        SELECT kind, subject_id, mechanism_id, object_id, verdict, direction, explained_by, support, opposition,
            conflict, lineages, increases, decreases, affects, null_results
        FROM verdicts
    )
) gone
WHERE verdict_history.to_run IS NULL
    AND (verdict_history.kind, verdict_history.subject_id, verdict_history.mechanism_id, verdict_history.object_id)
        = (gone.kind, gone.subject_id, gone.mechanism_id, gone.object_id);

INSERT INTO verdict_history BY NAME
SELECT kind, subject_id, mechanism_id, object_id, verdict, direction, explained_by, support, opposition,
    conflict, lineages, increases, decreases, affects, null_results, $run AS from_run, NULL AS to_run
FROM verdicts
ANTI JOIN (FROM verdict_history WHERE to_run IS NULL) USING (kind, subject_id, mechanism_id, object_id)
ORDER BY ALL;

CREATE OR REPLACE TEMP TABLE counting AS
SELECT
    c.claim_id, c.subject_id, c.effect, c.object_id, c.negated, c.hedged, t.weight::DOUBLE AS weight,
    c.document_id, t.lineage_id, d.source_id, d.path, c.sentence_id, t.status_weight
FROM told t
JOIN curated_claims c ON c.claim_id = t.statement_id
JOIN documents d ON d.document_id = c.document_id
WHERE t.kind = 'pair';

CREATE OR REPLACE TEMP TABLE ended AS
SELECT
    h.claim_id, h.source_id, h.path,
    CASE
        WHEN d.document_id IS NULL OR d.superseded_by IS NOT NULL THEN 'new version'
        WHEN claims.claim_id IS NULL THEN 'pipeline change'
        -- curated, and yet not counted: its article, or the work it goes back to, counts no more
        WHEN now.claim_id IS NULL AND curated.claim_id IS NOT NULL THEN 'article status'
        WHEN now.claim_id IS NULL
            OR (now.subject_id, now.effect, now.object_id, now.negated) <> (h.subject_id, h.effect, h.object_id, h.negated)
            OR (now.hedged <> h.hedged AND d.extracted_run <> $run_id) THEN 'curation'
        WHEN d.extracted_run = $run_id THEN 'pipeline change'
        WHEN now.lineage_id <> h.lineage_id THEN 'lineage'
        WHEN standing.status IS NOT NULL OR now.status_weight < 1 OR h.weight < now.weight AND h.weight > 0 AND EXISTS (
            SELECT 1 FROM decisions WHERE action = 'cleared' OR withdrawn_at IS NOT NULL) THEN 'article status'
        ELSE 'weights'
    END AS because
FROM claim_history h
LEFT JOIN counting now ON now.claim_id = h.claim_id
LEFT JOIN documents d ON d.document_id = h.document_id
LEFT JOIN claims ON claims.claim_id = h.claim_id
LEFT JOIN curated_claims curated ON curated.claim_id = h.claim_id
LEFT JOIN document_statuses standing ON standing.document_id = h.document_id
WHERE h.to_run IS NULL
    AND (now.claim_id IS NULL
        OR (now.subject_id, now.effect, now.object_id, now.negated, now.hedged, now.weight, now.lineage_id)
            <> (h.subject_id, h.effect, h.object_id, h.negated, h.hedged, h.weight, h.lineage_id));

UPDATE claim_history SET to_run = $run, went_because = ended.because
FROM ended
WHERE claim_history.to_run IS NULL AND claim_history.claim_id = ended.claim_id;

INSERT INTO claim_history BY NAME
SELECT
    now.* EXCLUDE (sentence_id, status_weight),
    s.text AS sentence,
    $run AS from_run,
    CASE
        WHEN ended.because IS NOT NULL THEN ended.because
        WHEN d.extracted_run = $run_id AND replaced.path IS NOT NULL THEN 'new version'
        WHEN d.first_run = $run_id THEN 'new article'
        WHEN d.extracted_run = $run_id THEN 'pipeline change'
        ELSE coalesce(before.because, 'curation')
    END AS came_because,
    NULL AS to_run,
    '' AS went_because
FROM counting now
ANTI JOIN (FROM claim_history WHERE to_run IS NULL) standing USING (claim_id)
JOIN sentences s ON s.sentence_id = now.sentence_id
JOIN documents d ON d.document_id = now.document_id
LEFT JOIN ended ON ended.claim_id = now.claim_id
LEFT JOIN (
    SELECT DISTINCT p.source_id, p.path FROM documents p JOIN documents n ON n.document_id = p.superseded_by
    WHERE n.extracted_run = $run_id AND (n.first_run = $run_id OR EXISTS (
        SELECT 1 FROM ended WHERE ended.source_id = p.source_id AND ended.path = p.path AND because = 'new version'))
) replaced ON replaced.source_id = now.source_id AND replaced.path = now.path
LEFT JOIN (
    SELECT claim_id, arg_max(went_because, to_run) AS because FROM claim_history WHERE to_run IS NOT NULL GROUP BY ALL
) before ON before.claim_id = now.claim_id
ORDER BY now.claim_id;
