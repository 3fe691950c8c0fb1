-- Claims on one subject and object that disagree, one row for each way in which they do and what explains it.
WITH RECURSIVE opposable AS (
    SELECT subject_id, object_id
    FROM told
    WHERE kind = 'pair'
    GROUP BY ALL
    HAVING any_oppose(says)
),
opposable_within AS (
    SELECT subject_id, object_id, document_id
    FROM told
    WHERE kind = 'pair'
    GROUP BY ALL
    HAVING any_oppose(says)
),
stated AS (
    -- lineage_id is the lineage that a claim counts for, own_lineage_id that of its article.
    SELECT
        t.subject_id, t.object_id, t.lineage_id, d.lineage_id AS own_lineage_id, t.document_id, t.weight, t.confidence,
        c.claim_id, c.effect, c.negated,
        c.species, c.population, c.modality, c.dose, c.duration, c.timing, c.tissue, c.endpoint, c.study_design
    FROM told t
    SEMI JOIN opposable USING (subject_id, object_id)
    JOIN curated_claims c ON c.claim_id = t.statement_id
    JOIN documents d ON d.document_id = t.document_id
    WHERE t.kind = 'pair'
),
told_once AS (
    -- The same thing in the same context counts once a lineage, or once an article where it contradicts itself.
    FROM (
        SELECT 'between lineages' AS place, '' AS article, * FROM stated
        UNION ALL
        SELECT 'within article', document_id, *
        FROM stated
        SEMI JOIN opposable_within USING (subject_id, object_id, document_id)
    )
    QUALIFY row_number() OVER (
        PARTITION BY article, lineage_id, own_lineage_id, subject_id, object_id, effect, negated,
            species, population, modality, dose, duration, timing, tissue, endpoint, study_design
        ORDER BY weight DESC, confidence DESC, claim_id
    ) = 1
),
ordered AS (
    -- Only the weightiest are compared. Ids decide last: a copy brings new ones, which must not change who is heard.
    SELECT
        *,
        row_number() OVER (
            PARTITION BY article, subject_id, object_id, effect, negated
            ORDER BY weight DESC, confidence DESC,
                species, population, modality, dose, duration, timing, tissue, endpoint, study_design, claim_id
        ) AS place_in_side
    FROM told_once
),
wider AS (
    -- Each value and one that takes it in, at any remove.
    SELECT field, value, within FROM context_values WHERE within <> ''
    UNION
    SELECT w.field, w.value, v.within
    FROM wider w
    JOIN context_values v ON v.field = w.field AND v.value = w.within
    WHERE v.within <> ''
),
placed AS (
    -- Each value with all that take it in, between bars.
    SELECT v.field, v.value, v.axis, coalesce('|' || string_agg(w.within, '|' ORDER BY w.within) || '|', '') AS within
    FROM context_values v
    LEFT JOIN wider w ON w.field = v.field AND w.value = v.value
    GROUP BY v.field, v.value, v.axis
),
sides AS (
    SELECT
        ordered.*,
        coalesce(s.within, '') AS species_within,
        coalesce(p.axis, '') AS population_axis, coalesce(p.within, '') AS population_within,
        coalesce(t.within, '') AS tissue_within,
        coalesce(e.within, '') AS endpoint_within,
        coalesce(d.axis, '') AS design_axis, coalesce(d.within, '') AS design_within,
        days_in(duration) AS days,
        number_in(dose) AS amount, unit_in(dose) AS unit
    FROM ordered
    CROSS JOIN verdict_settings settings
    LEFT JOIN placed s ON s.field = 'species' AND s.value = species
    LEFT JOIN placed p ON p.field = 'population' AND p.value = population
    LEFT JOIN placed t ON t.field = 'tissue' AND t.value = tissue
    LEFT JOIN placed e ON e.field = 'endpoint' AND e.value = endpoint
    LEFT JOIN placed d ON d.field = 'study_design' AND d.value = study_design
    WHERE place_in_side <= settings.sides_compared
),
pairs AS (
    -- a is the side that asserts, or that says increases; b denies it, or says decreases.
    SELECT
        a.subject_id, a.object_id,
        kind_of_disagreement(a.effect, a.negated, b.effect, b.negated) AS kind,
        a.effect AS effect_a,
        a.place,
        concat_ws(', ',
            CASE WHEN differ(a.species, '', a.species_within, b.species, '', b.species_within) THEN 'species' END,
            CASE WHEN differ(a.population, a.population_axis, a.population_within,
                b.population, b.population_axis, b.population_within) THEN 'population' END,
            CASE WHEN differ(a.modality, '', '', b.modality, '', '') THEN 'modality' END,
            CASE WHEN differ(a.timing, '', '', b.timing, '', '') THEN 'timing' END,
            CASE WHEN greatest(a.days, b.days) >= 3 * least(a.days, b.days) AND a.days > 0 AND b.days > 0
                THEN 'duration' END,
            CASE WHEN a.unit = b.unit AND a.unit <> '' AND a.amount <> b.amount
                AND greatest(a.amount, b.amount) >= 2 * least(a.amount, b.amount)
                THEN 'dose' END,
            CASE WHEN differ(a.tissue, '', a.tissue_within, b.tissue, '', b.tissue_within) THEN 'tissue' END,
            CASE WHEN differ(a.endpoint, '', a.endpoint_within, b.endpoint, '', b.endpoint_within)
                THEN 'endpoint' END,
            CASE WHEN differ(a.study_design, a.design_axis, a.design_within,
                b.study_design, b.design_axis, b.design_within) THEN 'study_design' END
        ) AS explained_by,
        a.lineage_id AS lineage_a,
        b.lineage_id AS lineage_b,
        -- Worth reading is what weighs on both sides, and was read right on both: confidence is a share of right readings.
        struct_pack(
            worth := least(a.weight, b.weight)::DOUBLE * a.confidence * b.confidence, weights := a.weight + b.weight,
            weight_a := a.weight, weight_b := b.weight, claim_id_a := a.claim_id, claim_id_b := b.claim_id
        ) AS seen
    FROM sides a
    JOIN sides b
        ON a.article = b.article
        AND a.subject_id = b.subject_id
        AND a.object_id = b.object_id
        AND NOT a.negated
        AND (b.negated OR a.effect = 'increases')
        AND at_odds(a.effect, a.negated, b.effect, b.negated)
        AND (a.article <> '' OR of_two_lineages(a.lineage_id, a.own_lineage_id, b.lineage_id, b.own_lineage_id))
),
ways AS (
    SELECT
        subject_id, object_id, kind, effect_a, place, explained_by,
        max(seen) AS seen,
        count(DISTINCT lineage_a) AS lineages_a,
        count(DISTINCT lineage_b) AS lineages_b
    FROM pairs
    GROUP BY ALL
),
ranked AS (
    SELECT
        *,
        seen.worth * least(lineages_a, lineages_b) AS strength,
        row_number() OVER (
            PARTITION BY subject_id, object_id
            ORDER BY place, strength DESC, seen.weights DESC, seen.claim_id_a, seen.claim_id_b, kind, effect_a
        ) AS turn
    FROM ways
)
SELECT
    row_number() OVER (
        ORDER BY place, turn, strength DESC, seen.weights DESC, seen.claim_id_a, seen.claim_id_b
    ) AS rank,
    subject_id,
    object_id,
    kind,
    place,
    CASE WHEN explained_by = '' THEN 'stands' ELSE 'context-dependent: ' || explained_by END AS verdict,
    CASE WHEN explained_by = '' THEN 'nothing on record' ELSE explained_by END AS explained_by,
    seen.claim_id_a AS claim_id_a,
    seen.claim_id_b AS claim_id_b,
    lineages_a,
    lineages_b,
    seen.weight_a::DOUBLE AS weight_a,
    seen.weight_b::DOUBLE AS weight_b
FROM ranked
