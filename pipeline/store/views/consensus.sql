-- The verdicts as readers see them.
-- Counts current documents only (superseded_by IS NULL). Written anew by every run.

CREATE OR REPLACE VIEW consensus AS
SELECT
    coalesce(subject.label, v.subject_id) AS subject,
    coalesce(object.label, v.object_id) AS object,
    v.verdict,
    v.direction,
    v.explained_by,
    v.support,
    v.opposition,
    v.conflict,
    v.sources,
    v.documents,
    v.lineages,
    v.statements AS claims,
    v.increases,
    v.decreases,
    v.affects,
    v.null_results,
    v.hedged,
    v.articles_increase,
    v.articles_decrease,
    v.articles_affect,
    v.articles_null,
    v.statements_increase AS claims_increase,
    v.statements_decrease AS claims_decrease,
    v.statements_affect AS claims_affect,
    v.statements_null AS claims_null,
    v.confidence,
    v.subject_id,
    v.object_id
FROM verdicts v
LEFT JOIN concepts subject ON subject.concept_id = v.subject_id
LEFT JOIN concepts object ON object.concept_id = v.object_id
WHERE v.kind = 'pair';

COMMENT ON VIEW consensus IS 'What all sources together say of a subject and an object. One row a pair.';
COMMENT ON COLUMN consensus.subject IS 'What acts.';
COMMENT ON COLUMN consensus.object IS 'What is acted on.';
COMMENT ON COLUMN consensus.verdict IS 'consensus: two or more lineages agree and little opposes them. contested: both sides weigh. context-dependent: both weigh, and wherever they part, their contexts differ in what explained_by names. no effect: null results lead. direction unknown: linked, but no lineage says which way. single lineage: it rests on one voice.';
COMMENT ON COLUMN consensus.direction IS 'The direction that leads: increases, decreases, increases and decreases (they weigh the same), affects (none is asserted), none (null results lead).';
COMMENT ON COLUMN consensus.explained_by IS 'Contexts that differ in every disagreement between lineages on the pair (species, population, modality, timing, duration, dose, tissue, endpoint, study_design); with "or" between, where one differs in some and another in the rest; empty where some disagreement stands.';
COMMENT ON COLUMN consensus.support IS 'Weights of the lineages for the leading direction, added up. A lineage counts once a direction, with its weightiest statement: kind of text × study design × species × hedging × standing of the article.';
COMMENT ON COLUMN consensus.opposition IS 'The same for the other direction and for null results.';
COMMENT ON COLUMN consensus.conflict IS '2 × the lesser of support and opposition, divided by their sum: 0 nobody contradicts, 1 both sides weigh the same.';
COMMENT ON COLUMN consensus.sources IS 'Sources that speak of the pair.';
COMMENT ON COLUMN consensus.documents IS 'Articles that speak of it.';
COMMENT ON COLUMN consensus.lineages IS 'Lineages that speak of it: articles that go back to one another count once.';
COMMENT ON COLUMN consensus.claims IS 'Claims counted.';
COMMENT ON COLUMN consensus.increases IS 'Lineages that say the subject increases the object.';
COMMENT ON COLUMN consensus.decreases IS 'Lineages that say it decreases it.';
COMMENT ON COLUMN consensus.affects IS 'Lineages that link them and give no direction.';
COMMENT ON COLUMN consensus.null_results IS 'Lineages that say there is no such effect.';
COMMENT ON COLUMN consensus.hedged IS 'Lineages that never speak of it flatly.';
COMMENT ON COLUMN consensus.articles_increase IS 'Articles that say increases.';
COMMENT ON COLUMN consensus.articles_decrease IS 'Articles that say decreases.';
COMMENT ON COLUMN consensus.articles_affect IS 'Articles that give no direction.';
COMMENT ON COLUMN consensus.articles_null IS 'Articles that say there is no such effect.';
COMMENT ON COLUMN consensus.claims_increase IS 'Claims that say increases.';
COMMENT ON COLUMN consensus.claims_decrease IS 'Claims that say decreases.';
COMMENT ON COLUMN consensus.claims_affect IS 'Claims that give no direction.';
COMMENT ON COLUMN consensus.claims_null IS 'Claims that say there is no such effect.';
COMMENT ON COLUMN consensus.confidence IS 'Mean confidence of the claims: how sure the extraction is. It does not enter support or opposition.';
COMMENT ON COLUMN consensus.subject_id IS 'Short name of the subject in the vocabulary.';
COMMENT ON COLUMN consensus.object_id IS 'Short name of the object in the vocabulary.';

CREATE OR REPLACE VIEW triple_consensus AS
SELECT
    coalesce(myokine.label, v.subject_id) AS myokine,
    coalesce(mechanism.label, v.mechanism_id) AS mechanism,
    coalesce(outcome.label, v.object_id) AS outcome,
    v.verdict,
    v.direction,
    v.explained_by,
    v.support,
    v.opposition,
    v.conflict,
    v.sources,
    v.documents,
    v.lineages,
    v.statements AS triples,
    v.increases,
    v.decreases,
    v.affects,
    v.null_results,
    v.hedged,
    v.articles_increase,
    v.articles_decrease,
    v.articles_affect,
    v.articles_null,
    v.statements_increase AS triples_increase,
    v.statements_decrease AS triples_decrease,
    v.statements_affect AS triples_affect,
    v.statements_null AS triples_null,
    v.mechanism_increases,
    v.mechanism_decreases,
    v.subject_id AS myokine_id,
    v.mechanism_id,
    v.object_id AS outcome_id
FROM verdicts v
LEFT JOIN concepts myokine ON myokine.concept_id = v.subject_id
LEFT JOIN concepts mechanism ON mechanism.concept_id = v.mechanism_id
LEFT JOIN concepts outcome ON outcome.concept_id = v.object_id
WHERE v.kind = 'triple';

COMMENT ON VIEW triple_consensus IS 'What all sources together say of a myokine, a mechanism and an outcome. One row a triple of concepts.';
COMMENT ON COLUMN triple_consensus.myokine IS 'The myokine or other exerkine.';
COMMENT ON COLUMN triple_consensus.mechanism IS 'The mechanism it acts through.';
COMMENT ON COLUMN triple_consensus.outcome IS 'The outcome this bears on.';
COMMENT ON COLUMN triple_consensus.verdict IS 'Of the effect on the outcome; words as in consensus.';
COMMENT ON COLUMN triple_consensus.direction IS 'Of the effect on the outcome; words as in consensus.';
COMMENT ON COLUMN triple_consensus.support IS 'Weights of the lineages for the leading direction, added up, as in consensus.';
COMMENT ON COLUMN triple_consensus.opposition IS 'The same for the other direction and for null results.';
COMMENT ON COLUMN triple_consensus.conflict IS '2 × the lesser of support and opposition, divided by their sum: 0 nobody contradicts, 1 both sides weigh the same.';
COMMENT ON COLUMN triple_consensus.sources IS 'Sources that speak of the triple.';
COMMENT ON COLUMN triple_consensus.documents IS 'Articles that speak of it.';
COMMENT ON COLUMN triple_consensus.lineages IS 'Lineages that speak of it: articles that go back to one another count once.';
COMMENT ON COLUMN triple_consensus.triples IS 'Triples counted.';
COMMENT ON COLUMN triple_consensus.increases IS 'Lineages that say the outcome increases.';
COMMENT ON COLUMN triple_consensus.decreases IS 'Lineages that say the outcome decreases.';
COMMENT ON COLUMN triple_consensus.affects IS 'Lineages that give no direction for the outcome.';
COMMENT ON COLUMN triple_consensus.null_results IS 'Lineages that say there is no such effect.';
COMMENT ON COLUMN triple_consensus.hedged IS 'Lineages that never speak of it flatly.';
COMMENT ON COLUMN triple_consensus.articles_increase IS 'Articles that say increases.';
COMMENT ON COLUMN triple_consensus.articles_decrease IS 'Articles that say decreases.';
COMMENT ON COLUMN triple_consensus.articles_affect IS 'Articles that give no direction.';
COMMENT ON COLUMN triple_consensus.articles_null IS 'Articles that say there is no such effect.';
COMMENT ON COLUMN triple_consensus.triples_increase IS 'Triples that say increases.';
COMMENT ON COLUMN triple_consensus.triples_decrease IS 'Triples that say decreases.';
COMMENT ON COLUMN triple_consensus.triples_affect IS 'Triples that give no direction.';
COMMENT ON COLUMN triple_consensus.triples_null IS 'Triples that say there is no such effect.';
COMMENT ON COLUMN triple_consensus.explained_by IS 'Empty: contexts are compared for pairs.';
COMMENT ON COLUMN triple_consensus.mechanism_increases IS 'Lineages that say the myokine increases the mechanism.';
COMMENT ON COLUMN triple_consensus.mechanism_decreases IS 'Lineages that say the myokine decreases the mechanism.';
COMMENT ON COLUMN triple_consensus.myokine_id IS 'Short name of the myokine in the vocabulary.';
COMMENT ON COLUMN triple_consensus.mechanism_id IS 'Short name of the mechanism in the vocabulary.';
COMMENT ON COLUMN triple_consensus.outcome_id IS 'Short name of the outcome in the vocabulary.';
