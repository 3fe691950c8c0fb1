-- Current documents with what tells kinds and publishers apart; temporary. A work reports or weighs studies itself;
-- everything else is a text for the public.
CREATE OR REPLACE TEMP TABLE current_documents AS
SELECT
    d.document_id,
    d.text_id,
    d.source_id,
    d.title,
    -- last words of the names
    list_transform(
        regexp_split_to_array(lower(d.author), '\s*(?:;|,| and |&)\s*'),
        lambda name: regexp_extract(name, '([\p{L}''’-]+)\P{L}*$', 1)
    ).list_filter(lambda name: length(name) > 1) AS surnames,
    CASE WHEN len(surnames) >= 3 THEN surnames[1] || ' … ' || surnames[-1] ELSE '' END AS team,
    lower(trim(d.author)) AS author,
    regexp_extract(lower(d.url), '^https?://(?:www\.)?([^/:]+)', 1) AS host,
    trim(regexp_replace(lower(coalesce(s.publisher, '')), '[^\p{L}\p{N}]+', ' ', 'g')) AS publisher,
    coalesce(s.tier, 'unknown') AS tier,
    tier IN ('trial', 'review', 'abstract', 'registry')
        OR (tier = 'unknown' AND d.format IN ('jats', 'pubmed', 'pdf')) AS is_work,
    left(d.text, 600) AS opening,
    right(d.text, 600) AS closing
FROM documents d
LEFT JOIN sources s USING (source_id)
WHERE d.superseded_by IS NULL;
