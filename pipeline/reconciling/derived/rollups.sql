-- For each pair that takes in others: its own numbers beside those with what is said of the others.
WITH refined AS (
    SELECT subject_id, object_id, string_agg(DISTINCT part, ', ' ORDER BY part) AS refined_by
    FROM (SELECT subject_id, object_id, unnest(refined_by) AS part FROM lifted)
    GROUP BY ALL
)
SELECT
    rolled.subject_id,
    rolled.object_id,
    coalesce(own.verdict, 'nothing of its own') AS own_verdict,
    verdict_of(rolled.lineages, rolled.conflict, rolled.direction, rolled.leading_lineages, '', settings)
        AS rolled_verdict,
    coalesce(own.direction, '') AS own_direction,
    rolled.direction AS rolled_direction,
    coalesce(own.support, 0) AS own_support,
    rolled.support::DOUBLE AS rolled_support,
    coalesce(own.opposition, 0) AS own_opposition,
    rolled.opposition::DOUBLE AS rolled_opposition,
    coalesce(own.lineages, 0) AS own_lineages,
    rolled.lineages AS rolled_lineages,
    coalesce(own.increases, 0) AS own_increases,
    rolled.increases AS rolled_increases,
    coalesce(own.decreases, 0) AS own_decreases,
    rolled.decreases AS rolled_decreases,
    coalesce(own.affects, 0) AS own_affects,
    rolled.affects AS rolled_affects,
    coalesce(own.null_results, 0) AS own_null_results,
    rolled.null_results AS rolled_null_results,
    refined.refined_by
FROM judged('lifted') AS rolled
JOIN refined USING (subject_id, object_id)
LEFT JOIN verdicts own
    ON own.kind = 'pair' AND own.subject_id = rolled.subject_id AND own.object_id = rolled.object_id
CROSS JOIN verdict_settings settings
