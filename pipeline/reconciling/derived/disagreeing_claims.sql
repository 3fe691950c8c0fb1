-- Claims that disagree with any, put together once: a claim may stand on many rows of disagreements.
SELECT
    c.claim_id,
    c.effect,
    c.negated,
    c.hedged,
    s.text AS sentence,
    d.title,
    coalesce(source.tier, 'unknown') AS tier,
    d.path,
    c.species, c.population, c.modality, c.timing, c.duration, c.dose, c.tissue, c.endpoint, c.study_design,
    c.document_id,
    d.lineage_id
FROM (SELECT claim_id_a AS claim_id FROM disagreements UNION SELECT claim_id_b FROM disagreements) disagreeing
JOIN curated_claims c ON c.claim_id = disagreeing.claim_id
JOIN sentences s ON s.sentence_id = c.sentence_id
JOIN documents d ON d.document_id = c.document_id
LEFT JOIN sources source ON source.source_id = d.source_id
