-- Articles that were retracted or are in doubt, by their own notice or a reviewer's decision, and their copies.
WITH RECURSIVE decided AS (
    SELECT d.document_id, arg_max(v.action, (v.decided_at, v.decision_id)) AS action,
        arg_max(v.decision_id, (v.decided_at, v.decision_id)) AS decision_id
    FROM decisions v
    JOIN documents d ON d.source_id = v.source_id AND d.path = v.path
    WHERE v.withdrawn_at IS NULL AND v.action IN ('retracted', 'concern', 'cleared')
    GROUP BY d.document_id
),
standing AS (
    SELECT
        d.document_id,
        CASE
            WHEN decided.action = 'cleared' THEN ''
            WHEN decided.action IS NOT NULL THEN decided.action
            -- what only an older version says is taken back
            WHEN d.superseded_by IS NULL AND d.notice IN ('retracted', 'concern') THEN d.notice
            ELSE ''
        END AS status,
        CASE WHEN decided.action IS NULL THEN 'declared in the article' ELSE 'decided by a reviewer' END AS because,
        coalesce(decided.decision_id, '') AS via
    FROM documents d
    LEFT JOIN decided USING (document_id)
),
linked AS (
    SELECT document_a AS document_id, document_b AS other_id FROM lineage_joins
    WHERE reason IN ('same words', 'near copy', 'contained copy', 'same work', 'reproduces')
    UNION ALL
    SELECT document_b, document_a FROM lineage_joins
    WHERE reason IN ('same words', 'near copy', 'contained copy', 'same work', 'reproduces')
    UNION ALL
    -- a text that goes back to one work alone falls with it, but not the work with the text
    SELECT w.document_id, CASE WHEN j.document_a = w.document_id THEN j.document_b ELSE j.document_a END
    FROM lineage_joins j
    JOIN current_documents w ON w.is_work AND w.document_id IN (j.document_a, j.document_b)
    WHERE j.reason = 'cites it alone'
),
reached AS (
    SELECT document_id, document_id AS from_id, status FROM standing WHERE status <> ''
    UNION
    SELECT linked.other_id, reached.from_id, reached.status
    FROM reached
    JOIN linked ON linked.document_id = reached.document_id
    -- what a reviewer cleared stays so
    ANTI JOIN (FROM decided WHERE action = 'cleared') cleared ON cleared.document_id = linked.other_id
)
SELECT
    reached.document_id,
    reached.status,
    CASE WHEN reached.document_id = from_id THEN standing.because ELSE 'goes back to such an article' END AS because,
    CASE WHEN reached.document_id = from_id THEN standing.via ELSE from_id END AS via
FROM reached
JOIN standing ON standing.document_id = reached.document_id
QUALIFY row_number() OVER (
    PARTITION BY reached.document_id
    -- a reviewer's word on the article itself, then the graver status: a notice of concern is no shelter
    ORDER BY
        reached.document_id <> from_id OR standing.because <> 'decided by a reviewer',
        reached.status DESC, reached.document_id <> from_id, from_id
) = 1
