-- What becomes of a claim on its way from a work to the articles that name it.
-- Written anew by every run.

CREATE OR REPLACE VIEW drift AS
WITH nearest AS (
    -- Of several claims of the work on the pair, the one that the article's claim is nearest to.
    SELECT r.words, r.identifier, said, of_work
    FROM relies_on r
    JOIN curated_claims said ON said.document_id = r.document_id
    JOIN curated_claims of_work
        ON of_work.document_id = r.on_document_id
        AND of_work.subject_id = said.subject_id AND of_work.object_id = said.object_id
    QUALIFY row_number() OVER (
        PARTITION BY said.claim_id, r.on_document_id
        ORDER BY
            (said.negated <> of_work.negated)::INTEGER + (said.effect <> of_work.effect)::INTEGER,
            (said.species <> of_work.species)::INTEGER + (said.hedged <> of_work.hedged)::INTEGER,
            of_work.confidence DESC, of_work.claim_id
    ) = 1
)
SELECT
    coalesce(subject.label, of_work.subject_id) AS subject,
    coalesce(object.label, of_work.object_id) AS object,
    concat_ws(', ',
        CASE WHEN said.negated AND NOT of_work.negated THEN 'denied'
            WHEN of_work.negated AND NOT said.negated THEN 'denial lost'
            WHEN said.effect = of_work.effect THEN NULL
            WHEN of_work.effect = 'affects' THEN 'direction added'
            WHEN said.effect = 'affects' THEN 'direction lost'
            ELSE 'direction reversed' END,
        CASE WHEN of_work.hedged AND NOT said.hedged THEN 'hedge lost'
            WHEN said.hedged AND NOT of_work.hedged THEN 'hedge added' END,
        CASE WHEN of_work.species NOT IN ('', 'human') AND said.species = 'human' THEN 'species changed'
            WHEN of_work.species NOT IN ('', 'human') AND said.species = '' THEN 'species lost'
            WHEN of_work.species <> '' AND said.species <> '' AND of_work.species <> said.species
                THEN 'species changed' END,
        CASE WHEN of_work.population <> '' AND said.population = '' THEN 'population lost'
            WHEN of_work.population <> said.population AND of_work.population <> '' THEN 'population changed' END,
        CASE WHEN of_work.dose <> '' AND said.dose <> '' AND of_work.dose <> said.dose THEN 'dose changed' END
    ) AS changed,
    said.effect AS effect_article,
    of_work.effect AS effect_work,
    said.negated AS negated_article,
    of_work.negated AS negated_work,
    said.hedged AS hedged_article,
    of_work.hedged AS hedged_work,
    said.species AS species_article,
    of_work.species AS species_work,
    said_sentence.text AS sentence_article,
    work_sentence.text AS sentence_work,
    article.title AS title_article,
    work.title AS title_work,
    coalesce(article_source.tier, 'unknown') AS tier_article,
    coalesce(work_source.tier, 'unknown') AS tier_work,
    nearest.words AS named_as,
    nearest.identifier,
    said.claim_id AS claim_id_article,
    of_work.claim_id AS claim_id_work,
    of_work.subject_id,
    of_work.object_id,
    said.document_id AS document_id_article,
    of_work.document_id AS document_id_work
FROM nearest
JOIN documents article ON article.document_id = said.document_id
JOIN documents work ON work.document_id = of_work.document_id
JOIN sentences said_sentence ON said_sentence.sentence_id = said.sentence_id
JOIN sentences work_sentence ON work_sentence.sentence_id = of_work.sentence_id
LEFT JOIN sources article_source ON article_source.source_id = article.source_id
LEFT JOIN sources work_source ON work_source.source_id = work.source_id
LEFT JOIN concepts subject ON subject.concept_id = of_work.subject_id
LEFT JOIN concepts object ON object.concept_id = of_work.object_id;

COMMENT ON VIEW drift IS 'The same subject and object in an article and in a work that the article names: one row a claim of the article, beside the claim of the work that it is nearest to.';
COMMENT ON COLUMN drift.subject IS 'What acts.';
COMMENT ON COLUMN drift.object IS 'What is acted on.';
COMMENT ON COLUMN drift.changed IS 'What changed on the way: direction reversed, added or lost; denied or denial lost; hedge lost or added; species or population lost or changed; dose changed. Empty where nothing did.';
COMMENT ON COLUMN drift.effect_article IS 'Effect as the article gives it.';
COMMENT ON COLUMN drift.effect_work IS 'Effect as the work gives it.';
COMMENT ON COLUMN drift.negated_article IS 'True: the article denies it.';
COMMENT ON COLUMN drift.negated_work IS 'True: the work denies it.';
COMMENT ON COLUMN drift.hedged_article IS 'True: the article marks it as uncertain.';
COMMENT ON COLUMN drift.hedged_work IS 'True: the work marks it as uncertain.';
COMMENT ON COLUMN drift.species_article IS 'Species in the article.';
COMMENT ON COLUMN drift.species_work IS 'Species in the work.';
COMMENT ON COLUMN drift.sentence_article IS 'The sentence of the article.';
COMMENT ON COLUMN drift.sentence_work IS 'The sentence of the work.';
COMMENT ON COLUMN drift.title_article IS 'Title of the article.';
COMMENT ON COLUMN drift.title_work IS 'Title of the work.';
COMMENT ON COLUMN drift.tier_article IS 'Kind of text of the article.';
COMMENT ON COLUMN drift.tier_work IS 'Kind of text of the work.';
COMMENT ON COLUMN drift.named_as IS 'How the article names the work.';
COMMENT ON COLUMN drift.identifier IS 'By what the work was recognized.';
COMMENT ON COLUMN drift.claim_id_article IS 'The claim in the article.';
COMMENT ON COLUMN drift.claim_id_work IS 'The claim in the work.';
COMMENT ON COLUMN drift.subject_id IS 'Short name of the subject in the vocabulary.';
COMMENT ON COLUMN drift.object_id IS 'Short name of the object in the vocabulary.';
COMMENT ON COLUMN drift.document_id_article IS 'The article in the table documents.';
COMMENT ON COLUMN drift.document_id_work IS 'The work in the table documents.';
