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

CREATE OR REPLACE TABLE design_weights AS
SELECT * FROM (VALUES
    ('meta-analysis',               1.50::DECIMAL(4, 2), 'many studies, pooled'),
    ('systematic review',           1.30, 'many studies, all that were found'),
    ('randomized controlled trial', 1.25, 'chance decides who gets what'),
    ('clinical trial',              1.10, 'an intervention in people'),
    ('cohort study',                0.90, 'people followed over time'),
    ('cross-sectional study',       0.70, 'people seen once'),
    ('review',                      1.00, 'the tier weighs it already'),
    ('animal study',                1.00, 'the species weighs it already'),
    ('in vitro study',              1.00, 'the species weighs it already'),
    ('',                            1.00, 'not stated; also used for a design that is not in this table')
) AS weights (study_design, weight, meaning);

COMMENT ON TABLE design_weights IS 'Factor on a statement by the study design that its sentence, or one near it, names.';
COMMENT ON COLUMN design_weights.study_design IS 'As in claims.study_design.';
COMMENT ON COLUMN design_weights.weight IS 'The factor.';
COMMENT ON COLUMN design_weights.meaning IS 'Why.';

CREATE OR REPLACE TABLE species_weights AS
SELECT * FROM (VALUES
    ('human',  1.00::DECIMAL(4, 2), 'what the database is asked about'),
    ('mouse',  0.60, 'indirect'),
    ('rat',    0.60, 'indirect'),
    ('animal', 0.60, 'indirect; also an animal study that names no species'),
    ('cell',   0.40, 'further away; also an in vitro study that names no species'),
    ('',       1.00, 'not stated; also used for a species that is not in this table')
) AS weights (species, weight, meaning);

COMMENT ON TABLE species_weights IS 'Factor on a statement by how directly its species answers questions about people.';
COMMENT ON COLUMN species_weights.species IS 'As in claims.species.';
COMMENT ON COLUMN species_weights.weight IS 'The factor.';
COMMENT ON COLUMN species_weights.meaning IS 'Why.';

CREATE OR REPLACE TABLE status_weights AS
SELECT * FROM (VALUES
    ('retracted', 0.00::DECIMAL(4, 2), 'counts no more'),
    ('concern',   0.50, 'in doubt: an expression of concern')
) AS weights (status, weight, meaning);

COMMENT ON TABLE status_weights IS 'Factor on the statements of an article that was retracted or is in doubt.';
COMMENT ON COLUMN status_weights.status IS 'As in document_statuses.';
COMMENT ON COLUMN status_weights.weight IS 'The factor; a statement that weighs nothing is not counted at all.';
COMMENT ON COLUMN status_weights.meaning IS 'Why.';

CREATE OR REPLACE TABLE verdict_settings AS
SELECT
    0.50::DECIMAL(4, 2) AS hedged_weight,
    0.80::DECIMAL(4, 2) AS member_weight,
    0.25::DOUBLE        AS contested_from,
    2::INTEGER          AS consensus_lineages,
    200::INTEGER        AS sides_compared;

COMMENT ON TABLE verdict_settings IS 'One row: the other numbers that verdicts are computed with.';
COMMENT ON COLUMN verdict_settings.hedged_weight IS 'Factor on a statement that is hedged.';
COMMENT ON COLUMN verdict_settings.member_weight IS 'Factor on what is said of a member when it counts for the class (refinement), for each step up.';
COMMENT ON COLUMN verdict_settings.contested_from IS 'A conflict of at least this much makes the verdict contested.';
COMMENT ON COLUMN verdict_settings.consensus_lineages IS 'Lineages that must agree for a consensus.';
COMMENT ON COLUMN verdict_settings.sides_compared IS 'For each pair and thing said, the contexts of so many weightiest claims are compared in conflicts, one a lineage and context; within an article, so many of its own.';

-- Two values explain a conflict only if they lie on one axis and neither takes in the other. A value that is not
-- here lies on the axis '' and takes in nothing.
CREATE OR REPLACE TABLE context_values AS
SELECT * FROM (VALUES
    ('species', 'mouse', '', 'animal'),
    ('species', 'rat', '', 'animal'),
    ('population', 'older adults', 'age', ''),
    ('population', 'young adults', 'age', ''),
    ('population', 'children and adolescents', 'age', ''),
    ('population', 'postmenopausal women', 'age', 'older adults'),
    ('population', 'athletes', 'training', ''),
    ('population', 'sedentary people', 'training', ''),
    ('population', 'healthy people', 'health', ''),
    ('population', 'people with mild cognitive impairment', 'health', ''),
    ('population', 'people with depression', 'health', ''),
    ('population', 'people with type 2 diabetes', 'health', ''),
    ('population', 'people with obesity', 'health', ''),
    ('population', 'cancer patients', 'health', ''),
    ('population', 'people with Alzheimer''s disease', 'health', ''),
    ('tissue', 'hippocampus', '', 'brain'),
    ('tissue', 'cortex', '', 'brain'),
    ('endpoint', 'gene expression', '', 'expression'),
    ('study_design', 'randomized controlled trial', '', 'clinical trial'),
    ('study_design', 'review', 'synthesis', ''),
    ('study_design', 'systematic review', 'synthesis', 'review'),
    ('study_design', 'meta-analysis', 'synthesis', 'systematic review')
) AS of_values (field, value, axis, within);

COMMENT ON TABLE context_values IS 'Which values of a context can differ: on one axis, where neither lies within the other.';
COMMENT ON COLUMN context_values.field IS 'The column of claims: species, population, tissue, endpoint, study_design.';
COMMENT ON COLUMN context_values.value IS 'Its value.';
COMMENT ON COLUMN context_values.axis IS 'What it is a value of: an age says nothing of an illness.';
COMMENT ON COLUMN context_values.within IS 'The value that takes it in, empty where none does.';
