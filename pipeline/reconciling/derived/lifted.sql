-- Voices on a pair as they count for each pair that takes it in, along broader_id; temporary.
CREATE OR REPLACE TEMP TABLE lifted AS
WITH RECURSIVE named AS (
    SELECT subject_id AS concept_id FROM voices WHERE kind = 'pair'
    UNION
    SELECT object_id FROM voices WHERE kind = 'pair'
),
up AS (
    SELECT concept_id, concept_id AS ancestor_id, 0 AS steps FROM named
    UNION
    SELECT up.concept_id, coalesce(merged.into_id, c.broader_id), up.steps + 1
    FROM up
    JOIN concepts c ON c.concept_id = up.ancestor_id
    LEFT JOIN merged_concepts merged ON merged.concept_id = c.broader_id
    WHERE c.broader_id <> '' AND up.steps < 8
),
above AS (
    SELECT concept_id, ancestor_id, min(steps) AS steps FROM up GROUP BY ALL
)
SELECT
    'pair' AS kind,
    subject.ancestor_id AS subject_id,
    '' AS mechanism_id,
    object.ancestor_id AS object_id,
    v.lineage_id,
    v.says,
    max(v.weight * settings.member_weight ** (subject.steps + object.steps))::DECIMAL(18, 6) AS weight,
    list(DISTINCT v.subject_id || ' → ' || v.object_id)
        FILTER (WHERE subject.steps + object.steps > 0) AS refined_by
FROM voices v
JOIN above subject ON subject.concept_id = v.subject_id
JOIN above object ON object.concept_id = v.object_id
CROSS JOIN verdict_settings settings
WHERE v.kind = 'pair' AND subject.ancestor_id <> object.ancestor_id
GROUP BY ALL;
