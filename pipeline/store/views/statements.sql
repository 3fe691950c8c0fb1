-- Claims and triples as what they say of one question, with what they weigh.
-- Counts current documents only (superseded_by IS NULL). Written anew by every run.

CREATE OR REPLACE VIEW statements AS
WITH parts AS (
    -- The weight of a triple is that of the least direct of its claims.
    SELECT
        t.triple_id,
        min(coalesce(design.weight, plain_design.weight)) AS design_weight,
        min(coalesce(species.weight, plain_species.weight)) AS species_weight
    FROM (SELECT triple_id, unnest(claim_ids) AS claim_id FROM triples) t
    JOIN claims c USING (claim_id)
    LEFT JOIN design_weights design ON design.study_design = c.study_design
    LEFT JOIN species_weights species ON species.species = CASE
        WHEN c.species = '' AND c.study_design = 'animal study' THEN 'animal'
        WHEN c.species = '' AND c.study_design = 'in vitro study' THEN 'cell'
        ELSE c.species
    END
    CROSS JOIN (SELECT weight FROM design_weights WHERE study_design = '') plain_design
    CROSS JOIN (SELECT weight FROM species_weights WHERE species = '') plain_species
    GROUP BY t.triple_id
),
asserted AS (
    SELECT
        'pair' AS kind, c.claim_id AS statement_id, c.document_id,
        c.subject_id, '' AS mechanism_id, c.object_id, CASE WHEN c.negated THEN 'no effect' ELSE c.effect END AS says,
        '' AS mechanism_effect, c.hedged,
        coalesce(design.weight, plain_design.weight) AS design_weight,
        coalesce(species.weight, plain_species.weight) AS species_weight,
        c.confidence
    FROM curated_claims c
    LEFT JOIN design_weights design ON design.study_design = c.study_design
    LEFT JOIN species_weights species ON species.species = CASE
        WHEN c.species = '' AND c.study_design = 'animal study' THEN 'animal'
        WHEN c.species = '' AND c.study_design = 'in vitro study' THEN 'cell'
        ELSE c.species
    END
    CROSS JOIN (SELECT weight FROM design_weights WHERE study_design = '') plain_design
    CROSS JOIN (SELECT weight FROM species_weights WHERE species = '') plain_species
    UNION ALL
    SELECT
        'triple', t.triple_id, t.document_id,
        t.myokine_id, t.mechanism_id, t.outcome_id, CASE WHEN t.negated THEN 'no effect' ELSE t.outcome_effect END,
        t.mechanism_effect, t.hedged,
        coalesce(parts.design_weight, 1), coalesce(parts.species_weight, 1), 1
    FROM curated_triples t
    LEFT JOIN parts USING (triple_id)
),
origins AS (
    -- The work that a text for the public names and that gives the same answer to the same question.
    -- Of several, one that stands, then by what the text calls it: a copy may give a lineage another name.
    SELECT answers.document_id, kind, subject_id, mechanism_id, object_id, says,
        arg_min(
            struct_pack(weight := coalesce(status.weight, 1), lineage_id := d.lineage_id),
            (-coalesce(status.weight, 1), answers.identifier, d.lineage_id)
        ) AS origin
    FROM (
        SELECT r.document_id, r.on_document_id, r.identifier, 'pair' AS kind,
            c.subject_id, '' AS mechanism_id, c.object_id,
            CASE WHEN c.negated THEN 'no effect' ELSE c.effect END AS says
        FROM relies_on r
        JOIN curated_claims c ON c.document_id = r.on_document_id
        WHERE r.is_derived
        UNION ALL
        SELECT r.document_id, r.on_document_id, r.identifier, 'triple', t.myokine_id, t.mechanism_id, t.outcome_id,
            CASE WHEN t.negated THEN 'no effect' ELSE t.outcome_effect END
        FROM relies_on r
        JOIN curated_triples t ON t.document_id = r.on_document_id
        WHERE r.is_derived
    ) answers
    JOIN documents d ON d.document_id = answers.on_document_id
    LEFT JOIN document_statuses standing ON standing.document_id = answers.on_document_id
    LEFT JOIN status_weights status ON status.status = standing.status
    GROUP BY ALL
)
SELECT
    a.kind,
    a.subject_id,
    a.mechanism_id,
    a.object_id,
    a.statement_id,
    a.says,
    a.mechanism_effect,
    a.hedged,
    d.document_id,
    d.source_id,
    coalesce(origins.origin.lineage_id, d.lineage_id) AS lineage_id,
    coalesce(source.tier, 'unknown') AS tier,
    coalesce(known.weight, fallback.weight) AS tier_weight,
    a.design_weight::DECIMAL(4, 2) AS design_weight,
    a.species_weight::DECIMAL(4, 2) AS species_weight,
    CASE WHEN a.hedged THEN settings.hedged_weight ELSE 1 END::DECIMAL(4, 2) AS hedge_weight,
    least(coalesce(status.weight, 1), coalesce(origins.origin.weight, 1))::DECIMAL(4, 2) AS status_weight,
    (tier_weight * a.design_weight * a.species_weight)::DECIMAL(9, 6)
        * (hedge_weight * status_weight)::DECIMAL(8, 4) AS weight,
    a.confidence
FROM asserted a
JOIN documents d ON d.document_id = a.document_id AND d.superseded_by IS NULL
LEFT JOIN sources source ON source.source_id = d.source_id
LEFT JOIN tier_weights known ON known.tier = source.tier
LEFT JOIN document_statuses standing ON standing.document_id = a.document_id
LEFT JOIN status_weights status ON status.status = standing.status
LEFT JOIN origins
    ON origins.document_id = a.document_id AND origins.kind = a.kind AND origins.subject_id = a.subject_id
    AND origins.mechanism_id = a.mechanism_id AND origins.object_id = a.object_id
    AND origins.says = a.says
CROSS JOIN (SELECT weight FROM tier_weights WHERE tier = 'unknown') fallback
CROSS JOIN verdict_settings settings;

COMMENT ON VIEW statements IS 'Claims and triples of current documents as what they say of one question, weighed.';
COMMENT ON COLUMN statements.kind IS 'pair for a claim, triple for a triple.';
COMMENT ON COLUMN statements.subject_id IS 'Subject of the claim, or myokine of the triple.';
COMMENT ON COLUMN statements.mechanism_id IS 'Mechanism of the triple, empty for a claim.';
COMMENT ON COLUMN statements.object_id IS 'Object of the claim, or outcome of the triple.';
COMMENT ON COLUMN statements.statement_id IS 'claim_id or triple_id.';
COMMENT ON COLUMN statements.says IS 'increases, decreases, affects, or no effect where it is negated.';
COMMENT ON COLUMN statements.mechanism_effect IS 'Effect on the mechanism of the triple, empty for a claim.';
COMMENT ON COLUMN statements.hedged IS 'The text marks it as uncertain.';
COMMENT ON COLUMN statements.document_id IS 'The document it stands in.';
COMMENT ON COLUMN statements.source_id IS 'The source of the document.';
COMMENT ON COLUMN statements.lineage_id IS 'The lineage it counts for: that of the document, or of the work that the document names and that says the same.';
COMMENT ON COLUMN statements.tier IS 'Kind of text.';
COMMENT ON COLUMN statements.tier_weight IS 'Weight of that kind, from tier_weights.';
COMMENT ON COLUMN statements.design_weight IS 'Factor by study design, from design_weights; of a triple, the least of its claims.';
COMMENT ON COLUMN statements.species_weight IS 'Factor by species, from species_weights; of a triple, the least of its claims.';
COMMENT ON COLUMN statements.hedge_weight IS 'verdict_settings.hedged_weight where it is hedged, else 1.';
COMMENT ON COLUMN statements.status_weight IS 'Factor from status_weights where the article, or the work whose voice it counts for, was retracted or is in doubt; else 1.';
COMMENT ON COLUMN statements.weight IS 'The five weights multiplied.';
COMMENT ON COLUMN statements.confidence IS 'How sure the extraction of the claim is; 1 for a triple. It does not enter the weight.';
