-- Claims and triples as reviewers left them.
-- Counts current documents only (superseded_by IS NULL). Written anew by every run.

CREATE OR REPLACE VIEW curated_claims AS
SELECT
    c.claim_id,
    c.document_id,
    c.sentence_id,
    coalesce(subject.into_id, decided.subject_id, c.subject_id) AS subject_id,
    coalesce(decided.effect, c.effect) AS effect,
    coalesce(object.into_id, decided.object_id, c.object_id) AS object_id,
    coalesce(decided.negated, c.negated) AS negated,
    coalesce(decided.hedged, c.hedged) AS hedged,
    c.* EXCLUDE (claim_id, document_id, sentence_id, subject_id, effect, object_id, negated, hedged),
    coalesce(decided.action, '') AS decision,
    coalesce(decided.decision_id, '') AS decision_id
FROM claims c
SEMI JOIN (FROM documents WHERE superseded_by IS NULL) USING (document_id)
LEFT JOIN claim_decisions decided ON decided.claim_id = c.claim_id
LEFT JOIN merged_concepts subject ON subject.concept_id = coalesce(decided.subject_id, c.subject_id)
LEFT JOIN merged_concepts object ON object.concept_id = coalesce(decided.object_id, c.object_id)
WHERE coalesce(decided.action, '') <> 'reject'
    AND coalesce(subject.into_id, decided.subject_id, c.subject_id)
        <> coalesce(object.into_id, decided.object_id, c.object_id);

COMMENT ON VIEW curated_claims IS 'Claims of current documents with what reviewers decided: rejected ones left out, fixed ones as fixed, merged concepts as merged. Columns as in claims.';
COMMENT ON COLUMN curated_claims.claim_id IS 'As in claims: a fix does not change it.';
COMMENT ON COLUMN curated_claims.document_id IS 'As in claims.';
COMMENT ON COLUMN curated_claims.sentence_id IS 'As in claims.';
COMMENT ON COLUMN curated_claims.subject_id IS 'Concept that acts, as curated.';
COMMENT ON COLUMN curated_claims.effect IS 'increases, decreases or affects, as curated.';
COMMENT ON COLUMN curated_claims.object_id IS 'Concept that is acted on, as curated.';
COMMENT ON COLUMN curated_claims.negated IS 'The text denies the effect, as curated.';
COMMENT ON COLUMN curated_claims.hedged IS 'The text marks it as uncertain, as curated.';
COMMENT ON COLUMN curated_claims.hedge_cue IS 'As in claims.';
COMMENT ON COLUMN curated_claims.negation_cue IS 'As in claims.';
COMMENT ON COLUMN curated_claims.effect_cue IS 'As in claims.';
COMMENT ON COLUMN curated_claims.species IS 'As in claims.';
COMMENT ON COLUMN curated_claims.population IS 'As in claims.';
COMMENT ON COLUMN curated_claims.modality IS 'As in claims.';
COMMENT ON COLUMN curated_claims.dose IS 'As in claims.';
COMMENT ON COLUMN curated_claims.duration IS 'As in claims.';
COMMENT ON COLUMN curated_claims.study_design IS 'As in claims.';
COMMENT ON COLUMN curated_claims.rule IS 'As in claims.';
COMMENT ON COLUMN curated_claims.confidence IS 'As in claims.';
COMMENT ON COLUMN curated_claims.reasons IS 'As in claims.';
COMMENT ON COLUMN curated_claims.timing IS 'As in claims.';
COMMENT ON COLUMN curated_claims.tissue IS 'As in claims.';
COMMENT ON COLUMN curated_claims.endpoint IS 'As in claims.';
COMMENT ON COLUMN curated_claims.char_start IS 'As in claims.';
COMMENT ON COLUMN curated_claims.char_end IS 'As in claims.';
COMMENT ON COLUMN curated_claims.decision IS 'accept or fix where a reviewer decided so, else empty.';
COMMENT ON COLUMN curated_claims.decision_id IS 'The decision, empty where there is none.';

CREATE OR REPLACE VIEW curated_triples AS
SELECT
    t.triple_id,
    t.document_id,
    coalesce(myokine.into_id, t.myokine_id) AS myokine_id,
    coalesce(mechanism.into_id, t.mechanism_id) AS mechanism_id,
    coalesce(outcome.into_id, t.outcome_id) AS outcome_id,
    t.* EXCLUDE (triple_id, document_id, myokine_id, mechanism_id, outcome_id)
FROM triples t
SEMI JOIN (FROM documents WHERE superseded_by IS NULL) USING (document_id)
-- what is built from a claim that a reviewer rejected, or changed in more than its hedging, does not stand
ANTI JOIN (
    SELECT parts.triple_id
    FROM (SELECT triple_id, unnest(claim_ids) AS claim_id FROM triples) parts
    JOIN claim_decisions decided USING (claim_id)
    WHERE decided.action = 'reject' OR (
        decided.action = 'fix'
        AND coalesce(decided.subject_id, decided.effect, decided.object_id, decided.negated::VARCHAR) IS NOT NULL
    )
) disputed ON disputed.triple_id = t.triple_id
LEFT JOIN merged_concepts myokine ON myokine.concept_id = t.myokine_id
LEFT JOIN merged_concepts mechanism ON mechanism.concept_id = t.mechanism_id
LEFT JOIN merged_concepts outcome ON outcome.concept_id = t.outcome_id
WHERE coalesce(myokine.into_id, t.myokine_id) <> coalesce(mechanism.into_id, t.mechanism_id)
    AND coalesce(myokine.into_id, t.myokine_id) <> coalesce(outcome.into_id, t.outcome_id)
    AND coalesce(mechanism.into_id, t.mechanism_id) <> coalesce(outcome.into_id, t.outcome_id);

COMMENT ON VIEW curated_triples IS 'Triples of current documents with what reviewers decided: those built from a claim that was rejected or fixed left out, merged concepts as merged. Columns as in triples.';
COMMENT ON COLUMN curated_triples.triple_id IS 'As in triples.';
COMMENT ON COLUMN curated_triples.document_id IS 'As in triples.';
COMMENT ON COLUMN curated_triples.myokine_id IS 'The myokine or other exerkine, as curated.';
COMMENT ON COLUMN curated_triples.mechanism_id IS 'The mechanism, as curated.';
COMMENT ON COLUMN curated_triples.outcome_id IS 'The outcome, as curated.';
COMMENT ON COLUMN curated_triples.mechanism_effect IS 'As in triples.';
COMMENT ON COLUMN curated_triples.outcome_effect IS 'As in triples.';
COMMENT ON COLUMN curated_triples.negated IS 'As in triples.';
COMMENT ON COLUMN curated_triples.hedged IS 'As in triples.';
COMMENT ON COLUMN curated_triples.scope IS 'As in triples.';
COMMENT ON COLUMN curated_triples.claim_ids IS 'As in triples.';

CREATE OR REPLACE VIEW rule_precision AS
SELECT
    rule,
    count(*) AS judged,
    count(*) FILTER (WHERE action = 'accept') AS accepted,
    count(*) FILTER (WHERE action = 'fix') AS fixed,
    count(*) FILTER (WHERE action = 'reject') AS rejected,
    round(accepted / judged, 4) AS precision,
    -- Wilson (1927), lower end of the 95 % interval
    round((precision + 1.9208 / judged - 1.96 * sqrt(precision * (1 - precision) / judged + 0.9604 / judged ** 2))
        / (1 + 3.8416 / judged), 4) AS at_least
FROM decisions
WHERE withdrawn_at IS NULL AND action IN ('accept', 'fix', 'reject') AND rule <> ''
GROUP BY rule;

COMMENT ON VIEW rule_precision IS 'How often reviewers agreed with each rule. One row a rule with a standing decision.';
COMMENT ON COLUMN rule_precision.rule IS 'As in claims.rule.';
COMMENT ON COLUMN rule_precision.judged IS 'Claims of the rule that were reviewed.';
COMMENT ON COLUMN rule_precision.accepted IS 'Of these, accepted as they were.';
COMMENT ON COLUMN rule_precision.fixed IS 'Of these, corrected.';
COMMENT ON COLUMN rule_precision.rejected IS 'Of these, rejected.';
COMMENT ON COLUMN rule_precision.precision IS 'accepted / judged.';
COMMENT ON COLUMN rule_precision.at_least IS 'Lower end of the 95 % interval of precision (Wilson, 1927).';
