-- Where each merged concept ends up, after all merges.
WITH RECURSIVE standing AS (
    -- one merge a concept: the latest
    SELECT concept_id, arg_max(into_id, (decided_at, decision_id)) AS into_id
    FROM decisions
    WHERE action = 'merge' AND withdrawn_at IS NULL
    GROUP BY concept_id
),
followed AS (
    SELECT concept_id, into_id, 1 AS steps FROM standing
    UNION ALL
    SELECT f.concept_id, s.into_id, f.steps + 1
    FROM followed f JOIN standing s ON s.concept_id = f.into_id
    -- an import refuses circles; should there be one all the same, this ends it
    WHERE f.steps < (SELECT count(*) FROM standing)
)
SELECT concept_id, arg_max(into_id, steps) AS into_id FROM followed GROUP BY concept_id
