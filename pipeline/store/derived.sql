-- Tables that reconciling derives from the others, and the two it keeps: decisions and history.
-- Run when a database is created or brought to a newer schema version.

CREATE TABLE decisions (
    decision_id    VARCHAR NOT NULL,
    action         VARCHAR NOT NULL,
    evidence_key   VARCHAR NOT NULL,
    source_id      VARCHAR NOT NULL,
    path           VARCHAR NOT NULL,
    sentence       VARCHAR NOT NULL,
    subject_id     VARCHAR NOT NULL,
    effect         VARCHAR NOT NULL,
    object_id      VARCHAR NOT NULL,
    negated        BOOLEAN NOT NULL,
    rule           VARCHAR NOT NULL,
    new_subject_id VARCHAR NOT NULL,
    new_effect     VARCHAR NOT NULL,
    new_object_id  VARCHAR NOT NULL,
    new_negated    VARCHAR NOT NULL,
    new_hedged     VARCHAR NOT NULL,
    concept_id     VARCHAR NOT NULL,
    into_id        VARCHAR NOT NULL,
    note           VARCHAR NOT NULL,
    reviewer       VARCHAR NOT NULL,
    decided_at     TIMESTAMP NOT NULL,
    withdrawn_at   TIMESTAMP
);

COMMENT ON TABLE decisions IS 'What reviewers decided. Rows are never deleted: one that is taken back or replaced has withdrawn_at.';
COMMENT ON COLUMN decisions.decision_id IS 'From a hash of what was decided, on what, and when.';
COMMENT ON COLUMN decisions.action IS 'accept, reject or fix a claim; merge two concepts; retracted, concern or cleared for an article.';
COMMENT ON COLUMN decisions.evidence_key IS 'Hash of sentence, subject, effect, object, negation, source and path: it finds the claim again after a new extraction. Empty where it is on no claim.';
COMMENT ON COLUMN decisions.source_id IS 'Source of the article that it was decided on.';
COMMENT ON COLUMN decisions.path IS 'Where the article lies in its source. The decision holds for its later versions and for copies of it.';
COMMENT ON COLUMN decisions.sentence IS 'The evidence sentence as it was reviewed.';
COMMENT ON COLUMN decisions.subject_id IS 'Subject as it was extracted.';
COMMENT ON COLUMN decisions.effect IS 'Effect as it was extracted.';
COMMENT ON COLUMN decisions.object_id IS 'Object as it was extracted.';
COMMENT ON COLUMN decisions.negated IS 'Negation as it was extracted.';
COMMENT ON COLUMN decisions.rule IS 'The rule that had made the claim.';
COMMENT ON COLUMN decisions.new_subject_id IS 'Subject after a fix, empty where it stays.';
COMMENT ON COLUMN decisions.new_effect IS 'Effect after a fix, empty where it stays.';
COMMENT ON COLUMN decisions.new_object_id IS 'Object after a fix, empty where it stays.';
COMMENT ON COLUMN decisions.new_negated IS 'true or false after a fix, empty where it stays.';
COMMENT ON COLUMN decisions.new_hedged IS 'true or false after a fix, empty where it stays.';
COMMENT ON COLUMN decisions.concept_id IS 'For merge: the concept that goes.';
COMMENT ON COLUMN decisions.into_id IS 'For merge: the concept that it becomes.';
COMMENT ON COLUMN decisions.note IS 'Why, in the reviewer''s words.';
COMMENT ON COLUMN decisions.reviewer IS 'Who decided.';
COMMENT ON COLUMN decisions.decided_at IS 'When it was imported (UTC).';
COMMENT ON COLUMN decisions.withdrawn_at IS 'When it was taken back or replaced (UTC), NULL while it stands.';

CREATE TABLE claim_decisions (
    claim_id    VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    action      VARCHAR NOT NULL,
    subject_id  VARCHAR,
    effect      VARCHAR,
    object_id   VARCHAR,
    negated     BOOLEAN,
    hedged      BOOLEAN
);

COMMENT ON TABLE claim_decisions IS 'The standing decision on each claim that has one, and what it changes.';
COMMENT ON COLUMN claim_decisions.claim_id IS 'The claim.';
COMMENT ON COLUMN claim_decisions.decision_id IS 'The decision.';
COMMENT ON COLUMN claim_decisions.action IS 'accept, reject or fix.';
COMMENT ON COLUMN claim_decisions.subject_id IS 'Subject after a fix, NULL where it stays.';
COMMENT ON COLUMN claim_decisions.effect IS 'Effect after a fix, NULL where it stays.';
COMMENT ON COLUMN claim_decisions.object_id IS 'Object after a fix, NULL where it stays.';
COMMENT ON COLUMN claim_decisions.negated IS 'Negation after a fix, NULL where it stays.';
COMMENT ON COLUMN claim_decisions.hedged IS 'Hedging after a fix, NULL where it stays.';

CREATE TABLE merged_concepts (
    concept_id VARCHAR NOT NULL,
    into_id    VARCHAR NOT NULL
);

COMMENT ON TABLE merged_concepts IS 'Concepts that reviewers merged into others.';
COMMENT ON COLUMN merged_concepts.concept_id IS 'The concept that goes.';
COMMENT ON COLUMN merged_concepts.into_id IS 'The concept that it becomes, after all merges.';

CREATE TABLE relies_on (
    document_id    VARCHAR NOT NULL,
    on_document_id VARCHAR NOT NULL,
    identifier     VARCHAR NOT NULL,
    words          VARCHAR NOT NULL,
    is_derived     BOOLEAN NOT NULL
);

COMMENT ON TABLE relies_on IS 'An article that names a work which is in the database.';
COMMENT ON COLUMN relies_on.document_id IS 'The article.';
COMMENT ON COLUMN relies_on.on_document_id IS 'The work.';
COMMENT ON COLUMN relies_on.identifier IS 'By what the work is named.';
COMMENT ON COLUMN relies_on.words IS 'How the article names it.';
COMMENT ON COLUMN relies_on.is_derived IS 'The article is a text for the public and the other a work: where both say the same, it counts as the work''s voice.';

CREATE TABLE document_statuses (
    document_id VARCHAR NOT NULL,
    status      VARCHAR NOT NULL,
    because     VARCHAR NOT NULL,
    via         VARCHAR NOT NULL
);

COMMENT ON TABLE document_statuses IS 'Articles whose claims are lowered, since they were retracted or are in doubt.';
COMMENT ON COLUMN document_statuses.document_id IS 'The article.';
COMMENT ON COLUMN document_statuses.status IS 'retracted or concern; status_weights says what that costs.';
COMMENT ON COLUMN document_statuses.because IS 'declared in the article, decided by a reviewer, or goes back to such an article.';
COMMENT ON COLUMN document_statuses.via IS 'decision_id, or document_id of the article that it goes back to; empty where it is declared.';

CREATE TABLE voices (
    kind           VARCHAR NOT NULL,
    subject_id     VARCHAR NOT NULL,
    mechanism_id   VARCHAR NOT NULL,
    object_id      VARCHAR NOT NULL,
    lineage_id     VARCHAR NOT NULL,
    says           VARCHAR NOT NULL,
    statements     BIGINT NOT NULL,
    documents      BIGINT NOT NULL,
    only_hedged    BOOLEAN NOT NULL,
    weight         DECIMAL(18, 6) NOT NULL,
    statement_id   VARCHAR NOT NULL,
    tier_weight    DECIMAL(4, 2) NOT NULL,
    design_weight  DECIMAL(4, 2) NOT NULL,
    species_weight DECIMAL(4, 2) NOT NULL,
    hedge_weight   DECIMAL(4, 2) NOT NULL,
    status_weight  DECIMAL(4, 2) NOT NULL
);

COMMENT ON TABLE voices IS 'One thing that one lineage says of one question: it counts once, however often it is said.';
COMMENT ON COLUMN voices.kind IS 'pair or triple.';
COMMENT ON COLUMN voices.subject_id IS 'Subject or myokine.';
COMMENT ON COLUMN voices.mechanism_id IS 'Mechanism of the triple, empty for a pair.';
COMMENT ON COLUMN voices.object_id IS 'Object or outcome.';
COMMENT ON COLUMN voices.lineage_id IS 'Who says it.';
COMMENT ON COLUMN voices.says IS 'increases, decreases, affects, or no effect.';
COMMENT ON COLUMN voices.statements IS 'How often it is said.';
COMMENT ON COLUMN voices.documents IS 'In how many documents of the lineage.';
COMMENT ON COLUMN voices.only_hedged IS 'It is never said flatly.';
COMMENT ON COLUMN voices.weight IS 'Weight of the weightiest statement, which is the product of the five weights below.';
COMMENT ON COLUMN voices.statement_id IS 'That statement: claim_id or triple_id.';
COMMENT ON COLUMN voices.tier_weight IS 'Its weight by kind of text, from tier_weights.';
COMMENT ON COLUMN voices.design_weight IS 'Its weight by study design, from design_weights.';
COMMENT ON COLUMN voices.species_weight IS 'Its weight by species, from species_weights.';
COMMENT ON COLUMN voices.hedge_weight IS 'verdict_settings.hedged_weight where it is hedged, else 1.';
COMMENT ON COLUMN voices.status_weight IS 'Its weight by the standing of the article, from status_weights.';

CREATE TABLE verdicts (
    kind                VARCHAR NOT NULL,
    subject_id          VARCHAR NOT NULL,
    mechanism_id        VARCHAR NOT NULL,
    object_id           VARCHAR NOT NULL,
    verdict             VARCHAR NOT NULL,
    direction           VARCHAR NOT NULL,
    explained_by        VARCHAR NOT NULL,
    support             DOUBLE NOT NULL,
    opposition          DOUBLE NOT NULL,
    conflict            DOUBLE NOT NULL,
    sources             BIGINT NOT NULL,
    documents           BIGINT NOT NULL,
    lineages            BIGINT NOT NULL,
    statements          BIGINT NOT NULL,
    increases           BIGINT NOT NULL,
    decreases           BIGINT NOT NULL,
    affects             BIGINT NOT NULL,
    null_results        BIGINT NOT NULL,
    hedged              BIGINT NOT NULL,
    articles_increase   BIGINT NOT NULL,
    articles_decrease   BIGINT NOT NULL,
    articles_affect     BIGINT NOT NULL,
    articles_null       BIGINT NOT NULL,
    statements_increase BIGINT NOT NULL,
    statements_decrease BIGINT NOT NULL,
    statements_affect   BIGINT NOT NULL,
    statements_null     BIGINT NOT NULL,
    mechanism_increases BIGINT NOT NULL,
    mechanism_decreases BIGINT NOT NULL,
    confidence          DOUBLE NOT NULL
);

COMMENT ON TABLE verdicts IS 'What all lineages together say of each question. consensus and triple_consensus read it.';
COMMENT ON COLUMN verdicts.kind IS 'pair or triple.';
COMMENT ON COLUMN verdicts.subject_id IS 'Subject or myokine.';
COMMENT ON COLUMN verdicts.mechanism_id IS 'Mechanism of the triple, empty for a pair.';
COMMENT ON COLUMN verdicts.object_id IS 'Object or outcome.';
COMMENT ON COLUMN verdicts.verdict IS 'As in consensus.';
COMMENT ON COLUMN verdicts.direction IS 'As in consensus.';
COMMENT ON COLUMN verdicts.explained_by IS 'As in consensus.';
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
COMMENT ON COLUMN verdicts.articles_increase IS 'As in consensus.';
COMMENT ON COLUMN verdicts.articles_decrease IS 'As in consensus.';
COMMENT ON COLUMN verdicts.articles_affect IS 'As in consensus.';
COMMENT ON COLUMN verdicts.articles_null IS 'As in consensus.';
COMMENT ON COLUMN verdicts.statements_increase IS 'Claims or triples that say increases.';
COMMENT ON COLUMN verdicts.statements_decrease IS 'Claims or triples that say decreases.';
COMMENT ON COLUMN verdicts.statements_affect IS 'Claims or triples that give no direction.';
COMMENT ON COLUMN verdicts.statements_null IS 'Claims or triples that say there is no such effect.';
COMMENT ON COLUMN verdicts.mechanism_increases IS 'As in triple_consensus.';
COMMENT ON COLUMN verdicts.mechanism_decreases IS 'As in triple_consensus.';
COMMENT ON COLUMN verdicts.confidence IS 'As in consensus.';

CREATE TABLE disagreements (
    rank            BIGINT NOT NULL,
    subject_id      VARCHAR NOT NULL,
    object_id       VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,
    place           VARCHAR NOT NULL,
    verdict         VARCHAR NOT NULL,
    explained_by    VARCHAR NOT NULL,
    claim_id_a      VARCHAR NOT NULL,
    claim_id_b      VARCHAR NOT NULL,
    lineages_a      BIGINT NOT NULL,
    lineages_b      BIGINT NOT NULL,
    weight_a        DOUBLE NOT NULL,
    weight_b        DOUBLE NOT NULL
);

COMMENT ON TABLE disagreements IS 'What the view conflicts shows, without the words.';
COMMENT ON COLUMN disagreements.rank IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.subject_id IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.object_id IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.kind IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.place IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.verdict IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.explained_by IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.claim_id_a IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.claim_id_b IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.lineages_a IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.lineages_b IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.weight_a IS 'As in conflicts.';
COMMENT ON COLUMN disagreements.weight_b IS 'As in conflicts.';

CREATE TABLE disagreeing_claims (
    claim_id     VARCHAR NOT NULL,
    effect       VARCHAR NOT NULL,
    negated      BOOLEAN NOT NULL,
    hedged       BOOLEAN NOT NULL,
    sentence     VARCHAR NOT NULL,
    title        VARCHAR NOT NULL,
    tier         VARCHAR NOT NULL,
    path         VARCHAR NOT NULL,
    species      VARCHAR NOT NULL,
    population   VARCHAR NOT NULL,
    modality     VARCHAR NOT NULL,
    timing       VARCHAR NOT NULL,
    duration     VARCHAR NOT NULL,
    dose         VARCHAR NOT NULL,
    tissue       VARCHAR NOT NULL,
    endpoint     VARCHAR NOT NULL,
    study_design VARCHAR NOT NULL,
    document_id  VARCHAR NOT NULL,
    lineage_id   VARCHAR NOT NULL
);

COMMENT ON TABLE disagreeing_claims IS 'The claims of disagreements with what the view conflicts shows of them.';
COMMENT ON COLUMN disagreeing_claims.claim_id IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.effect IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.negated IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.hedged IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.sentence IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.title IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.tier IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.path IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.species IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.population IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.modality IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.timing IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.duration IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.dose IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.tissue IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.endpoint IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.study_design IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.document_id IS 'As in evidence.';
COMMENT ON COLUMN disagreeing_claims.lineage_id IS 'As in evidence.';

CREATE TABLE rollups (
    subject_id          VARCHAR NOT NULL,
    object_id           VARCHAR NOT NULL,
    own_verdict         VARCHAR NOT NULL,
    rolled_verdict      VARCHAR NOT NULL,
    own_direction       VARCHAR NOT NULL,
    rolled_direction    VARCHAR NOT NULL,
    own_support         DOUBLE NOT NULL,
    rolled_support      DOUBLE NOT NULL,
    own_opposition      DOUBLE NOT NULL,
    rolled_opposition   DOUBLE NOT NULL,
    own_lineages        BIGINT NOT NULL,
    rolled_lineages     BIGINT NOT NULL,
    own_increases       BIGINT NOT NULL,
    rolled_increases    BIGINT NOT NULL,
    own_decreases       BIGINT NOT NULL,
    rolled_decreases    BIGINT NOT NULL,
    own_affects         BIGINT NOT NULL,
    rolled_affects      BIGINT NOT NULL,
    own_null_results    BIGINT NOT NULL,
    rolled_null_results BIGINT NOT NULL,
    refined_by          VARCHAR NOT NULL
);

COMMENT ON TABLE rollups IS 'What the view refinement shows, without the labels.';
COMMENT ON COLUMN rollups.subject_id IS 'As in refinement.';
COMMENT ON COLUMN rollups.object_id IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_verdict IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_verdict IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_direction IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_direction IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_support IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_support IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_opposition IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_opposition IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_lineages IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_lineages IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_increases IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_increases IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_decreases IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_decreases IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_affects IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_affects IS 'As in refinement.';
COMMENT ON COLUMN rollups.own_null_results IS 'As in refinement.';
COMMENT ON COLUMN rollups.rolled_null_results IS 'As in refinement.';
COMMENT ON COLUMN rollups.refined_by IS 'As in refinement.';

CREATE TABLE claim_history (
    claim_id     VARCHAR NOT NULL,
    subject_id   VARCHAR NOT NULL,
    effect       VARCHAR NOT NULL,
    object_id    VARCHAR NOT NULL,
    negated      BOOLEAN NOT NULL,
    hedged       BOOLEAN NOT NULL,
    weight       DOUBLE NOT NULL,
    document_id  VARCHAR NOT NULL,
    lineage_id   VARCHAR NOT NULL,
    source_id    VARCHAR NOT NULL,
    path         VARCHAR NOT NULL,
    sentence     VARCHAR NOT NULL,
    from_run     INTEGER NOT NULL,
    came_because VARCHAR NOT NULL,
    to_run       INTEGER,
    went_because VARCHAR NOT NULL
);

COMMENT ON TABLE claim_history IS 'Which claims counted, from which run up to which, as curated. A claim whose content, weight or lineage changes ends and begins.';
COMMENT ON COLUMN claim_history.claim_id IS 'The claim.';
COMMENT ON COLUMN claim_history.subject_id IS 'Subject as it counted.';
COMMENT ON COLUMN claim_history.effect IS 'Effect as it counted.';
COMMENT ON COLUMN claim_history.object_id IS 'Object as it counted.';
COMMENT ON COLUMN claim_history.negated IS 'Negation as it counted.';
COMMENT ON COLUMN claim_history.hedged IS 'Hedging as it counted.';
COMMENT ON COLUMN claim_history.weight IS 'Weight that it counted with.';
COMMENT ON COLUMN claim_history.document_id IS 'The document it stood in.';
COMMENT ON COLUMN claim_history.lineage_id IS 'The lineage that it counted for.';
COMMENT ON COLUMN claim_history.source_id IS 'Source of the document.';
COMMENT ON COLUMN claim_history.path IS 'Where the document lay in its source.';
COMMENT ON COLUMN claim_history.sentence IS 'The evidence sentence.';
COMMENT ON COLUMN claim_history.from_run IS 'runs.ordinal of the run from which on it counted.';
COMMENT ON COLUMN claim_history.came_because IS 'new article, new version, pipeline change, curation, article status, lineage, or weights.';
COMMENT ON COLUMN claim_history.to_run IS 'runs.ordinal of the run from which on it no longer counted, NULL while it counts.';
COMMENT ON COLUMN claim_history.went_because IS 'The same words, empty while it counts.';

CREATE TABLE verdict_history (
    kind         VARCHAR NOT NULL,
    subject_id   VARCHAR NOT NULL,
    mechanism_id VARCHAR NOT NULL,
    object_id    VARCHAR NOT NULL,
    verdict      VARCHAR NOT NULL,
    direction    VARCHAR NOT NULL,
    explained_by VARCHAR NOT NULL,
    support      DOUBLE NOT NULL,
    opposition   DOUBLE NOT NULL,
    conflict     DOUBLE NOT NULL,
    lineages     BIGINT NOT NULL,
    increases    BIGINT NOT NULL,
    decreases    BIGINT NOT NULL,
    affects      BIGINT NOT NULL,
    null_results BIGINT NOT NULL,
    from_run     INTEGER NOT NULL,
    to_run       INTEGER
);

COMMENT ON TABLE verdict_history IS 'Each verdict from the run that brought it up to the run that changed it. consensus_as_of reads it.';
COMMENT ON COLUMN verdict_history.kind IS 'pair or triple.';
COMMENT ON COLUMN verdict_history.subject_id IS 'Subject or myokine.';
COMMENT ON COLUMN verdict_history.mechanism_id IS 'Mechanism of the triple, empty for a pair.';
COMMENT ON COLUMN verdict_history.object_id IS 'Object or outcome.';
COMMENT ON COLUMN verdict_history.verdict IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.direction IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.explained_by IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.support IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.opposition IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.conflict IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.lineages IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.increases IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.decreases IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.affects IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.null_results IS 'As in consensus.';
COMMENT ON COLUMN verdict_history.from_run IS 'runs.ordinal of the run that brought it.';
COMMENT ON COLUMN verdict_history.to_run IS 'runs.ordinal of the run that changed or ended it, NULL for the current one.';
