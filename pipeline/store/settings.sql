-- What the verdicts are computed with. Written anew by every run, so that this file is the only place to change it.

CREATE OR REPLACE TABLE tier_weights AS
SELECT * FROM (VALUES
    ('trial',    1.00::DECIMAL(4, 2), 'report of a study with its own data'),
    ('review',   0.90, 'review of studies'),
    ('abstract', 0.80, 'abstract of a study'),
    ('registry', 0.60, 'register entry of a study'),
    ('glossary', 0.50, 'glossary or encyclopedia'),
    ('notes',    0.50, 'notes on a talk or a lecture'),
    ('blog',     0.40, 'article for the public'),
    ('press',    0.30, 'press release or news'),
    ('unknown',  0.30, 'kind not given; also used for a kind that is not in this table')
) AS weights (tier, weight, meaning);

COMMENT ON TABLE tier_weights IS 'How much one lineage of each kind of text weighs in a verdict.';
COMMENT ON COLUMN tier_weights.tier IS 'Kind of text, as in sources.tier.';
COMMENT ON COLUMN tier_weights.weight IS 'Weight of one lineage whose best text is of this kind.';
COMMENT ON COLUMN tier_weights.meaning IS 'What the kind takes in.';

CREATE OR REPLACE TABLE verdict_settings AS
SELECT
    0.50::DECIMAL(4, 2) AS hedged_weight,
    0.25::DOUBLE        AS contested_from,
    2::INTEGER          AS consensus_lineages;

COMMENT ON TABLE verdict_settings IS 'One row: the other numbers that verdicts are computed with.';
COMMENT ON COLUMN verdict_settings.hedged_weight IS 'Factor on the weight of a lineage that says a thing only hedged.';
COMMENT ON COLUMN verdict_settings.contested_from IS 'A conflict of at least this much makes the verdict contested.';
COMMENT ON COLUMN verdict_settings.consensus_lineages IS 'Lineages that must agree for a consensus.';
