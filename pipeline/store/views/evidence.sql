-- Claims and triples with everything a reader needs.
-- Counts current documents only (superseded_by IS NULL). Written anew by every run.

CREATE OR REPLACE VIEW evidence AS
SELECT
    c.claim_id,
    coalesce(subject.label, c.subject_id) AS subject,
    c.effect,
    coalesce(object.label, c.object_id) AS object,
    c.negated,
    c.hedged,
    s.text AS sentence,
    coalesce(previous.text, '') AS previous_sentence,
    coalesce(following.text, '') AS next_sentence,
    c.effect_cue,
    c.negation_cue,
    c.hedge_cue,
    d.title,
    d.author,
    d.published,
    coalesce(source.title, d.source_id) AS source,
    coalesce(source.tier, 'unknown') AS tier,
    coalesce(source.publisher, '') AS publisher,
    d.path,
    d.url,
    s.section,
    CASE
        WHEN s.timestamp_s IS NULL THEN ''
        WHEN s.timestamp_s >= 3600 THEN format(
            '{:d}:{:02d}:{:02d}',
            s.timestamp_s::BIGINT // 3600, s.timestamp_s::BIGINT // 60 % 60, s.timestamp_s::BIGINT % 60
        )
        ELSE format('{:02d}:{:02d}', s.timestamp_s::BIGINT // 60, s.timestamp_s::BIGINT % 60)
    END AS video_time,
    s.timestamp_s,
    c.species,
    c.population,
    c.modality,
    c.dose,
    c.duration,
    c.study_design,
    c.timing,
    c.tissue,
    c.endpoint,
    c.rule,
    c.confidence,
    rules.precision AS rule_precision,
    coalesce(rules.judged, 0) AS rule_judged,
    c.decision,
    coalesce(standing.status, '') AS article_status,
    c.subject_id,
    coalesce(subject.curie, '') AS subject_curie,
    c.object_id,
    coalesce(object.curie, '') AS object_curie,
    c.document_id,
    c.sentence_id,
    d.source_id,
    d.lineage_id,
    c.char_start,
    c.char_end
FROM curated_claims c
JOIN documents d ON d.document_id = c.document_id
JOIN sentences s ON s.sentence_id = c.sentence_id
LEFT JOIN rule_precision rules ON rules.rule = c.rule
LEFT JOIN document_statuses standing ON standing.document_id = c.document_id
LEFT JOIN sentences previous ON previous.document_id = s.document_id AND previous.ordinal = s.ordinal - 1
LEFT JOIN sentences following ON following.document_id = s.document_id AND following.ordinal = s.ordinal + 1
LEFT JOIN sources source ON source.source_id = d.source_id
LEFT JOIN concepts subject ON subject.concept_id = c.subject_id
LEFT JOIN concepts object ON object.concept_id = c.object_id;

COMMENT ON VIEW evidence IS 'A claim with everything a reader needs to check it. One row a claim.';
COMMENT ON COLUMN evidence.claim_id IS 'Name of the claim; `myoclaims explain` takes it.';
COMMENT ON COLUMN evidence.subject IS 'What acts.';
COMMENT ON COLUMN evidence.effect IS 'increases, decreases, or affects where the text gives no direction.';
COMMENT ON COLUMN evidence.object IS 'What is acted on.';
COMMENT ON COLUMN evidence.negated IS 'True: the text says that the effect does not happen or was not found.';
COMMENT ON COLUMN evidence.hedged IS 'True: the text marks the effect as uncertain.';
COMMENT ON COLUMN evidence.sentence IS 'The sentence that says so, word for word.';
COMMENT ON COLUMN evidence.previous_sentence IS 'The sentence before it.';
COMMENT ON COLUMN evidence.next_sentence IS 'The sentence after it.';
COMMENT ON COLUMN evidence.effect_cue IS 'The words that assert the effect.';
COMMENT ON COLUMN evidence.negation_cue IS 'The words that negate it.';
COMMENT ON COLUMN evidence.hedge_cue IS 'The words that hedge it.';
COMMENT ON COLUMN evidence.title IS 'Title of the article.';
COMMENT ON COLUMN evidence.author IS 'Author of the article.';
COMMENT ON COLUMN evidence.published IS 'Date of publication as the article gives it.';
COMMENT ON COLUMN evidence.source IS 'Where the article comes from.';
COMMENT ON COLUMN evidence.tier IS 'Kind of text, which weighs in the verdicts: see the table tier_weights.';
COMMENT ON COLUMN evidence.publisher IS 'Who publishes the source.';
COMMENT ON COLUMN evidence.path IS 'File or page of the article in its source.';
COMMENT ON COLUMN evidence.url IS 'Address of the article.';
COMMENT ON COLUMN evidence.section IS 'Heading above the sentence.';
COMMENT ON COLUMN evidence.video_time IS 'Time in the video as minutes:seconds or hours:minutes:seconds.';
COMMENT ON COLUMN evidence.timestamp_s IS 'The same in seconds.';
COMMENT ON COLUMN evidence.species IS 'Species it was seen in, empty where the text does not say.';
COMMENT ON COLUMN evidence.population IS 'Who it was seen in.';
COMMENT ON COLUMN evidence.modality IS 'Kind of exercise.';
COMMENT ON COLUMN evidence.dose IS 'Dose or amount.';
COMMENT ON COLUMN evidence.duration IS 'How long.';
COMMENT ON COLUMN evidence.study_design IS 'Kind of study.';
COMMENT ON COLUMN evidence.rule IS 'The rule that made the claim.';
COMMENT ON COLUMN evidence.confidence IS 'How sure the extraction is, 0 to 1. It says nothing about whether the claim is true.';
COMMENT ON COLUMN evidence.timing IS 'acute or chronic, empty where the text does not say.';
COMMENT ON COLUMN evidence.tissue IS 'Where the object was measured.';
COMMENT ON COLUMN evidence.endpoint IS 'What of the object was measured.';
COMMENT ON COLUMN evidence.rule_precision IS 'Share of the claims of this rule that reviewers accepted, NULL while none was reviewed.';
COMMENT ON COLUMN evidence.rule_judged IS 'How many claims of this rule reviewers decided on.';
COMMENT ON COLUMN evidence.decision IS 'accept or fix where a reviewer decided so on this claim, else empty.';
COMMENT ON COLUMN evidence.article_status IS 'retracted or concern, else empty.';
COMMENT ON COLUMN evidence.subject_id IS 'Short name of the subject in the vocabulary.';
COMMENT ON COLUMN evidence.subject_curie IS 'Public identifier of the subject.';
COMMENT ON COLUMN evidence.object_id IS 'Short name of the object in the vocabulary.';
COMMENT ON COLUMN evidence.object_curie IS 'Public identifier of the object.';
COMMENT ON COLUMN evidence.document_id IS 'The article in the table documents.';
COMMENT ON COLUMN evidence.sentence_id IS 'The sentence in the table sentences.';
COMMENT ON COLUMN evidence.source_id IS 'The source in the table sources.';
COMMENT ON COLUMN evidence.lineage_id IS 'Articles that go back to one another share it and count once.';
COMMENT ON COLUMN evidence.char_start IS 'First character of the sentence in documents.text, counted from 0.';
COMMENT ON COLUMN evidence.char_end IS 'Character after the last of the sentence.';

CREATE OR REPLACE VIEW triple_evidence AS
WITH quoted AS (
    -- The sentences behind each triple, each once, in the order of the text.
    SELECT triple_id, string_agg(text, ' … ' ORDER BY char_start) AS sentences
    FROM (
        SELECT DISTINCT member.triple_id, s.sentence_id, s.text, s.char_start
        FROM (SELECT triple_id, unnest(claim_ids) AS claim_id FROM triples) member
        JOIN claims c ON c.claim_id = member.claim_id
        JOIN sentences s ON s.sentence_id = c.sentence_id
    )
    GROUP BY triple_id
)
SELECT
    t.triple_id,
    coalesce(myokine.label, t.myokine_id) AS myokine,
    t.mechanism_effect,
    coalesce(mechanism.label, t.mechanism_id) AS mechanism,
    t.outcome_effect,
    coalesce(outcome.label, t.outcome_id) AS outcome,
    t.negated,
    t.hedged,
    t.scope,
    coalesce(quoted.sentences, '') AS sentences,
    d.title,
    d.author,
    d.published,
    coalesce(source.title, d.source_id) AS source,
    coalesce(source.tier, 'unknown') AS tier,
    d.path,
    d.url,
    t.myokine_id,
    coalesce(myokine.curie, '') AS myokine_curie,
    t.mechanism_id,
    coalesce(mechanism.curie, '') AS mechanism_curie,
    t.outcome_id,
    coalesce(outcome.curie, '') AS outcome_curie,
    array_to_string(t.claim_ids, ' ') AS claim_ids,
    t.document_id,
    d.source_id,
    d.lineage_id
FROM curated_triples t
JOIN documents d ON d.document_id = t.document_id
LEFT JOIN quoted ON quoted.triple_id = t.triple_id
LEFT JOIN sources source ON source.source_id = d.source_id
LEFT JOIN concepts myokine ON myokine.concept_id = t.myokine_id
LEFT JOIN concepts mechanism ON mechanism.concept_id = t.mechanism_id
LEFT JOIN concepts outcome ON outcome.concept_id = t.outcome_id;

COMMENT ON VIEW triple_evidence IS 'A triple with everything a reader needs to check it. One row a triple.';
COMMENT ON COLUMN triple_evidence.triple_id IS 'Name of the triple; `myoclaims explain` takes it.';
COMMENT ON COLUMN triple_evidence.myokine IS 'The myokine or other exerkine.';
COMMENT ON COLUMN triple_evidence.mechanism_effect IS 'Its effect on the mechanism: increases, decreases, affects.';
COMMENT ON COLUMN triple_evidence.mechanism IS 'The mechanism it acts through.';
COMMENT ON COLUMN triple_evidence.outcome_effect IS 'The effect on the outcome: increases, decreases, affects.';
COMMENT ON COLUMN triple_evidence.outcome IS 'The outcome this bears on.';
COMMENT ON COLUMN triple_evidence.negated IS 'True: the text says that it does not happen or was not found.';
COMMENT ON COLUMN triple_evidence.hedged IS 'True: the text marks it as uncertain.';
COMMENT ON COLUMN triple_evidence.scope IS 'sentence, or passage where neighbouring sentences tie it together.';
COMMENT ON COLUMN triple_evidence.sentences IS 'The sentences that say so, word for word.';
COMMENT ON COLUMN triple_evidence.title IS 'Title of the article.';
COMMENT ON COLUMN triple_evidence.author IS 'Author of the article.';
COMMENT ON COLUMN triple_evidence.published IS 'Date of publication as the article gives it.';
COMMENT ON COLUMN triple_evidence.source IS 'Where the article comes from.';
COMMENT ON COLUMN triple_evidence.tier IS 'Kind of text, which weighs in the verdicts: see the table tier_weights.';
COMMENT ON COLUMN triple_evidence.path IS 'File or page of the article in its source.';
COMMENT ON COLUMN triple_evidence.url IS 'Address of the article.';
COMMENT ON COLUMN triple_evidence.myokine_id IS 'Short name of the myokine in the vocabulary.';
COMMENT ON COLUMN triple_evidence.myokine_curie IS 'Public identifier of the myokine.';
COMMENT ON COLUMN triple_evidence.mechanism_id IS 'Short name of the mechanism in the vocabulary.';
COMMENT ON COLUMN triple_evidence.mechanism_curie IS 'Public identifier of the mechanism.';
COMMENT ON COLUMN triple_evidence.outcome_id IS 'Short name of the outcome in the vocabulary.';
COMMENT ON COLUMN triple_evidence.outcome_curie IS 'Public identifier of the outcome.';
COMMENT ON COLUMN triple_evidence.claim_ids IS 'The claims it is built from, with spaces between.';
COMMENT ON COLUMN triple_evidence.document_id IS 'The article in the table documents.';
COMMENT ON COLUMN triple_evidence.source_id IS 'The source in the table sources.';
COMMENT ON COLUMN triple_evidence.lineage_id IS 'Articles that go back to one another share it and count once.';
