-- What several of the derived tables need: the judgement of voices, and how contexts are compared.

-- Verdicts from voices: rows of (kind, subject_id, mechanism_id, object_id, lineage_id, says, weight).
CREATE OR REPLACE TEMP MACRO judged(voice_table) AS TABLE
WITH weighed AS (
    -- Lineages that say each thing, and their weights added up.
    SELECT
        kind, subject_id, mechanism_id, object_id,
        count(DISTINCT lineage_id) AS lineages,
        count(*) FILTER (WHERE says = 'increases') AS increases,
        count(*) FILTER (WHERE says = 'decreases') AS decreases,
        count(*) FILTER (WHERE says = 'affects') AS affects,
        count(*) FILTER (WHERE says = 'no effect') AS null_results,
        coalesce(sum(weight) FILTER (WHERE says = 'increases'), 0) AS increases_mass,
        coalesce(sum(weight) FILTER (WHERE says = 'decreases'), 0) AS decreases_mass,
        coalesce(sum(weight) FILTER (WHERE says = 'affects'), 0) AS affects_mass,
        coalesce(sum(weight) FILTER (WHERE says = 'no effect'), 0) AS null_mass
    FROM query_table(voice_table)
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
)
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
FROM sided;

CREATE OR REPLACE TEMP MACRO verdict_of(lineages, conflict, direction, leading_lineages, explained_by, settings) AS
CASE
    WHEN lineages = 1 THEN 'single lineage'
    WHEN conflict >= settings.contested_from AND explained_by <> '' THEN 'context-dependent'
    WHEN conflict >= settings.contested_from THEN 'contested'
    WHEN direction = 'none' THEN 'no effect'
    WHEN direction = 'affects' THEN 'direction unknown'
    WHEN leading_lineages >= settings.consensus_lineages THEN 'consensus'
    ELSE 'single lineage'
END;

-- Whether some of what is said of one pair may oppose the rest; an aggregate.
CREATE OR REPLACE TEMP MACRO any_oppose(says) AS
    (bool_or(says = 'increases') AND bool_or(says = 'decreases'))
        OR (bool_or(says = 'no effect') AND bool_or(says <> 'no effect'));

-- A sentence apart from its spacing and case: any space that Unicode knows counts as one.
CREATE OR REPLACE TEMP MACRO plain(words) AS lower(trim(regexp_replace(words, '[\s\x0b\x1c-\x1f\x{85}\p{Z}]+', ' ', 'g')));

-- Both are stated, on one axis, and neither takes in the other; within_a and within_b stand between bars.
CREATE OR REPLACE TEMP MACRO differ(a, axis_a, within_a, b, axis_b, within_b) AS
    a <> '' AND b <> '' AND a <> b AND axis_a = axis_b
        AND NOT contains(within_a, '|' || b || '|') AND NOT contains(within_b, '|' || a || '|');

CREATE OR REPLACE TEMP MACRO number_in(words) AS
coalesce(
    try_cast(regexp_extract(words, '\d+(?:\.\d+)?') AS DOUBLE),
    list_extract(
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24],
        nullif(list_position(
            ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'twelve', 'sixteen',
                'twenty-four'],
            regexp_extract(lower(words), '^(one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|twenty-four)\b', 1)
        ), 0)
    )
);

-- Of a duration such as "8 weeks" or "twelve-week"; of a range, its beginning.
CREATE OR REPLACE TEMP MACRO days_in(words) AS
number_in(words) * CASE
    WHEN regexp_matches(lower(words), '\bday') THEN 1
    WHEN regexp_matches(lower(words), '\bw(ee)?k') THEN 7
    WHEN regexp_matches(lower(words), '\bmonth') THEN 30
    WHEN regexp_matches(lower(words), '\by(ea)?r') THEN 365
END;

CREATE OR REPLACE TEMP MACRO unit_in(words) AS regexp_replace(lower(words), '[\d.,\s–-]|to', '', 'g');
