-- What all lineages together say of each question.
WITH spoken AS (
    -- Whatever a document says of a question counts for one lineage, so that what voices count adds up.
    SELECT
        kind, subject_id, mechanism_id, object_id,
        sum(statements)::BIGINT AS statements,
        coalesce(sum(documents) FILTER (WHERE says = 'increases'), 0)::BIGINT AS articles_increase,
        coalesce(sum(documents) FILTER (WHERE says = 'decreases'), 0)::BIGINT AS articles_decrease,
        coalesce(sum(documents) FILTER (WHERE says = 'affects'), 0)::BIGINT AS articles_affect,
        coalesce(sum(documents) FILTER (WHERE says = 'no effect'), 0)::BIGINT AS articles_null,
        coalesce(sum(statements) FILTER (WHERE says = 'increases'), 0)::BIGINT AS statements_increase,
        coalesce(sum(statements) FILTER (WHERE says = 'decreases'), 0)::BIGINT AS statements_decrease,
        coalesce(sum(statements) FILTER (WHERE says = 'affects'), 0)::BIGINT AS statements_affect,
        coalesce(sum(statements) FILTER (WHERE says = 'no effect'), 0)::BIGINT AS statements_null
    FROM voices
    GROUP BY ALL
),
flat AS (
    -- Lineages that speak of a question flatly at least once.
    SELECT kind, subject_id, mechanism_id, object_id, count(DISTINCT lineage_id) AS flat_lineages
    FROM voices
    WHERE NOT only_hedged
    GROUP BY ALL
),
counted AS (
    SELECT
        kind, subject_id, mechanism_id, object_id,
        count(DISTINCT source_id) AS sources,
        count(DISTINCT document_id) AS documents,
        -- order must not show in the last digits
        sum(round(confidence * 1e6)::BIGINT) / count(*) / 1e6 AS confidence
    FROM told
    GROUP BY ALL
),
mechanisms AS (
    SELECT
        kind, subject_id, mechanism_id, object_id,
        count(DISTINCT lineage_id) FILTER (WHERE mechanism_effect = 'increases') AS mechanism_increases,
        count(DISTINCT lineage_id) FILTER (WHERE mechanism_effect = 'decreases') AS mechanism_decreases
    FROM told
    WHERE kind = 'triple'
    GROUP BY ALL
),
explained AS (
    -- Where no disagreement between lineages stands: what differs in each of them, or else what differs in some.
    SELECT
        'pair' AS kind, subject_id, '' AS mechanism_id, object_id,
        list_reduce(list(fields), lambda one, other: list_intersect(one, other)) AS in_each,
        flatten(list(fields)) AS in_some,
        ['species', 'population', 'modality', 'timing', 'duration', 'dose', 'tissue', 'endpoint', 'study_design']
            AS in_order,
        CASE
            WHEN bool_or(verdict = 'stands') THEN ''
            WHEN len(in_each) > 0 THEN
                list_filter(in_order, lambda field: list_contains(in_each, field)).array_to_string(', ')
            ELSE list_filter(in_order, lambda field: list_contains(in_some, field)).array_to_string(' or ')
        END AS explained_by
    FROM (
        SELECT subject_id, object_id, verdict, string_split(explained_by, ', ') AS fields
        FROM disagreements
        WHERE place = 'between lineages'
    )
    GROUP BY ALL
)
SELECT
    judged.kind,
    judged.subject_id,
    judged.mechanism_id,
    judged.object_id,
    verdict_of(judged.lineages, conflict, direction, leading_lineages, coalesce(explained.explained_by, ''), settings)
        AS verdict,
    direction,
    coalesce(explained.explained_by, '') AS explained_by,
    support::DOUBLE AS support,
    opposition::DOUBLE AS opposition,
    round(conflict, 4) AS conflict,
    sources,
    documents,
    judged.lineages,
    statements,
    increases,
    decreases,
    affects,
    null_results,
    judged.lineages - coalesce(flat_lineages, 0) AS hedged,
    articles_increase,
    articles_decrease,
    articles_affect,
    articles_null,
    statements_increase,
    statements_decrease,
    statements_affect,
    statements_null,
    coalesce(mechanism_increases, 0) AS mechanism_increases,
    coalesce(mechanism_decreases, 0) AS mechanism_decreases,
    round(confidence, 4) AS confidence
FROM judged('voices') AS judged
JOIN spoken USING (kind, subject_id, mechanism_id, object_id)
JOIN counted USING (kind, subject_id, mechanism_id, object_id)
LEFT JOIN flat USING (kind, subject_id, mechanism_id, object_id)
LEFT JOIN mechanisms USING (kind, subject_id, mechanism_id, object_id)
LEFT JOIN explained USING (kind, subject_id, mechanism_id, object_id)
CROSS JOIN verdict_settings settings
