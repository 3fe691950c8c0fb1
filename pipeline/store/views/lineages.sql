-- Which articles count as one, and why.
-- Counts current documents only (superseded_by IS NULL). Written anew by every run.

CREATE OR REPLACE VIEW lineage_members AS
WITH told AS (
    SELECT document_id, string_agg(DISTINCT why, '; ' ORDER BY why) AS reasons
    FROM (
        SELECT j.document_a AS document_id,
            j.reason || ': ' || coalesce(nullif(other.title, ''), other.path)
                || CASE WHEN j.detail = '' THEN '' ELSE ' (' || j.detail || ')' END AS why
        FROM lineage_joins j JOIN documents other ON other.document_id = j.document_b
        WHERE other.superseded_by IS NULL
        UNION ALL
        SELECT j.document_b,
            j.reason || ': ' || coalesce(nullif(other.title, ''), other.path)
                || CASE WHEN j.detail = '' THEN '' ELSE ' (' || j.detail || ')' END
        FROM lineage_joins j JOIN documents other ON other.document_id = j.document_a
        WHERE other.superseded_by IS NULL
    )
    GROUP BY document_id
)
SELECT
    d.lineage_id,
    count(*) OVER (PARTITION BY d.lineage_id) AS articles,
    d.title,
    d.path,
    coalesce(source.title, d.source_id) AS source,
    coalesce(source.tier, 'unknown') AS tier,
    coalesce(told.reasons, '') AS reasons,
    coalesce(standing.status, '') AS status,
    coalesce(standing.because, '') AS status_because,
    d.url,
    d.source_id,
    d.document_id
FROM documents d
LEFT JOIN sources source USING (source_id)
LEFT JOIN told ON told.document_id = d.document_id
LEFT JOIN document_statuses standing ON standing.document_id = d.document_id
WHERE d.superseded_by IS NULL;

COMMENT ON VIEW lineage_members IS 'Current articles with their lineage: articles that go back to one another share one and count once. One row an article.';
COMMENT ON COLUMN lineage_members.lineage_id IS 'The lineage.';
COMMENT ON COLUMN lineage_members.articles IS 'How many current articles it has.';
COMMENT ON COLUMN lineage_members.title IS 'Title of the article.';
COMMENT ON COLUMN lineage_members.path IS 'File or page of the article in its source.';
COMMENT ON COLUMN lineage_members.source IS 'Where it comes from.';
COMMENT ON COLUMN lineage_members.tier IS 'Kind of text.';
COMMENT ON COLUMN lineage_members.reasons IS 'Why it shares the lineage, and with which article: a reason, the other title, what it rests on. Empty for an article on its own.';
COMMENT ON COLUMN lineage_members.status IS 'retracted or concern, else empty.';
COMMENT ON COLUMN lineage_members.status_because IS 'Why: declared in the article, decided by a reviewer, or goes back to such an article.';
COMMENT ON COLUMN lineage_members.url IS 'Address of the article.';
COMMENT ON COLUMN lineage_members.source_id IS 'The source in the table sources.';
COMMENT ON COLUMN lineage_members.document_id IS 'The article in the table documents.';
