-- How a verdict comes about: statements → voices → verdicts.
-- Counts current documents only (superseded_by IS NULL). Written anew by every run.

CREATE OR REPLACE VIEW statements AS
WITH asserted AS (
    SELECT
        'pair' AS kind, claim_id AS statement_id, document_id,
        subject_id, '' AS mechanism_id, object_id, effect, '' AS mechanism_effect, negated, hedged
    FROM claims
    UNION ALL
    SELECT
        'triple', triple_id, document_id,
        myokine_id, mechanism_id, outcome_id, outcome_effect, mechanism_effect, negated, hedged
    FROM triples
)
SELECT
    a.kind,
    a.subject_id,
    a.mechanism_id,
    a.object_id,
    a.statement_id,
    CASE WHEN a.negated THEN 'no effect' ELSE a.effect END AS says,
    a.mechanism_effect,
    a.hedged,
    d.document_id,
    d.source_id,
    d.lineage_id,
    coalesce(source.tier, 'unknown') AS tier,
    coalesce(known.weight, fallback.weight) AS weight
FROM asserted a
JOIN documents d ON d.document_id = a.document_id AND d.superseded_by IS NULL
LEFT JOIN sources source ON source.source_id = d.source_id
LEFT JOIN tier_weights known ON known.tier = source.tier
CROSS JOIN (SELECT weight FROM tier_weights WHERE tier = 'unknown') fallback;

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
COMMENT ON COLUMN statements.lineage_id IS 'The lineage of the document.';
COMMENT ON COLUMN statements.tier IS 'Kind of text.';
COMMENT ON COLUMN statements.weight IS 'Weight of that kind, from tier_weights.';

CREATE OR REPLACE VIEW voices AS
SELECT
    kind,
    subject_id,
    mechanism_id,
    object_id,
    lineage_id,
    says,
    count(*) AS statements,
    count(DISTINCT document_id) AS documents,
    bool_and(hedged) AS only_hedged,
    max(weight) AS tier_weight,
    max(weight) * CASE WHEN bool_and(hedged) THEN any_value(hedged_weight) ELSE 1 END AS weight
FROM statements
CROSS JOIN verdict_settings
GROUP BY kind, subject_id, mechanism_id, object_id, lineage_id, says;

COMMENT ON VIEW voices IS 'One thing that one lineage says of one question: it counts once, however often it is said.';
COMMENT ON COLUMN voices.kind IS 'pair or triple.';
COMMENT ON COLUMN voices.subject_id IS 'Subject or myokine.';
COMMENT ON COLUMN voices.mechanism_id IS 'Mechanism of the triple, empty for a pair.';
COMMENT ON COLUMN voices.object_id IS 'Object or outcome.';
COMMENT ON COLUMN voices.lineage_id IS 'Who says it.';
COMMENT ON COLUMN voices.says IS 'increases, decreases, affects, or no effect.';
COMMENT ON COLUMN voices.statements IS 'How often it is said.';
COMMENT ON COLUMN voices.documents IS 'In how many documents of the lineage.';
COMMENT ON COLUMN voices.only_hedged IS 'It is never said flatly.';
COMMENT ON COLUMN voices.tier_weight IS 'Weight of the weightiest kind of text that says it.';
COMMENT ON COLUMN voices.weight IS 'tier_weight, times verdict_settings.hedged_weight if only_hedged.';

CREATE OR REPLACE VIEW verdicts AS
WITH counted AS (
    SELECT
        kind, subject_id, mechanism_id, object_id,
        count(DISTINCT source_id) AS sources,
        count(DISTINCT document_id) AS documents,
        count(DISTINCT lineage_id) AS lineages,
        count(*) AS statements,
        count(DISTINCT lineage_id) - count(DISTINCT lineage_id) FILTER (WHERE NOT hedged) AS hedged,
        count(DISTINCT lineage_id) FILTER (WHERE mechanism_effect = 'increases') AS mechanism_increases,
        count(DISTINCT lineage_id) FILTER (WHERE mechanism_effect = 'decreases') AS mechanism_decreases
    FROM statements
    GROUP BY ALL
),
weighed AS (
    -- Lineages that say each thing, and their weights added up.
    SELECT
        kind, subject_id, mechanism_id, object_id,
        count(*) FILTER (WHERE says = 'increases') AS increases,
        count(*) FILTER (WHERE says = 'decreases') AS decreases,
        count(*) FILTER (WHERE says = 'affects') AS affects,
        count(*) FILTER (WHERE says = 'no effect') AS null_results,
        coalesce(sum(weight) FILTER (WHERE says = 'increases'), 0) AS increases_mass,
        coalesce(sum(weight) FILTER (WHERE says = 'decreases'), 0) AS decreases_mass,
        coalesce(sum(weight) FILTER (WHERE says = 'affects'), 0) AS affects_mass,
        coalesce(sum(weight) FILTER (WHERE says = 'no effect'), 0) AS null_mass
    FROM voices
    GROUP BY ALL
),
sided AS (
    -- The heavier direction is the support; the lighter one and the null results oppose it.
    -- "affects" supports no direction, and is the support only where no direction is asserted.
    SELECT
        *,
        CASE
            WHEN increases_mass + decreases_mass > 0 THEN greatest(increases_mass, decreases_mass)
            ELSE affects_mass
        END AS support,
        least(increases_mass, decreases_mass) + null_mass AS opposition
    FROM weighed
),
judged AS (
    SELECT
        *,
        CASE
            WHEN null_mass > support THEN 'none'
            WHEN increases_mass > decreases_mass THEN 'increases'
            WHEN decreases_mass > increases_mass THEN 'decreases'
            WHEN increases_mass > 0 THEN 'increases and decreases'
            ELSE 'affects'
        END AS direction,
        CASE
            WHEN null_mass > support THEN null_results
            WHEN increases_mass > decreases_mass THEN increases
            WHEN decreases_mass > increases_mass THEN decreases
            WHEN increases_mass > 0 THEN increases
            ELSE affects
        END AS leading_lineages,
        2 * least(support, opposition)::DOUBLE / (support + opposition)::DOUBLE AS conflict
    FROM sided
)
SELECT
    kind,
    subject_id,
    mechanism_id,
    object_id,
    CASE
        WHEN counted.lineages = 1 THEN 'single lineage'
        WHEN judged.conflict >= verdict_settings.contested_from THEN 'contested'
        WHEN judged.direction = 'none' THEN 'no effect'
        WHEN judged.direction = 'affects' THEN 'direction unknown'
        WHEN judged.leading_lineages >= verdict_settings.consensus_lineages THEN 'consensus'
        ELSE 'single lineage'
    END AS verdict,
    judged.direction,
    judged.support::DOUBLE AS support,
    judged.opposition::DOUBLE AS opposition,
    round(judged.conflict, 4) AS conflict,
    counted.sources,
    counted.documents,
    counted.lineages,
    counted.statements,
    judged.increases,
    judged.decreases,
    judged.affects,
    judged.null_results,
    counted.hedged,
    counted.mechanism_increases,
    counted.mechanism_decreases
FROM judged
JOIN counted USING (kind, subject_id, mechanism_id, object_id)
CROSS JOIN verdict_settings;

COMMENT ON VIEW verdicts IS 'What all lineages together say of each question. consensus and triple_consensus read it.';
COMMENT ON COLUMN verdicts.kind IS 'pair or triple.';
COMMENT ON COLUMN verdicts.subject_id IS 'Subject or myokine.';
COMMENT ON COLUMN verdicts.mechanism_id IS 'Mechanism of the triple, empty for a pair.';
COMMENT ON COLUMN verdicts.object_id IS 'Object or outcome.';
COMMENT ON COLUMN verdicts.verdict IS 'As in consensus.';
COMMENT ON COLUMN verdicts.direction IS 'As in consensus.';
COMMENT ON COLUMN verdicts.support IS 'As in consensus.';
COMMENT ON COLUMN verdicts.opposition IS 'As in consensus.';
COMMENT ON COLUMN verdicts.conflict IS 'As in consensus.';
COMMENT ON COLUMN verdicts.sources IS 'As in consensus.';
COMMENT ON COLUMN verdicts.documents IS 'As in consensus.';
COMMENT ON COLUMN verdicts.lineages IS 'As in consensus.';
COMMENT ON COLUMN verdicts.statements IS 'Claims or triples counted.';
COMMENT ON COLUMN verdicts.increases IS 'As in consensus.';
COMMENT ON COLUMN verdicts.decreases IS 'As in consensus.';
COMMENT ON COLUMN verdicts.affects IS 'As in consensus.';
COMMENT ON COLUMN verdicts.null_results IS 'As in consensus.';
COMMENT ON COLUMN verdicts.hedged IS 'As in consensus.';
COMMENT ON COLUMN verdicts.mechanism_increases IS 'As in triple_consensus.';
COMMENT ON COLUMN verdicts.mechanism_decreases IS 'As in triple_consensus.';
