-- What a disagreement between two claims on one subject and object is: derived tables and `explain` ask here.
-- Written anew by every run.

-- "did not affect" denies every effect, "did not increase" only an increase.
CREATE OR REPLACE MACRO at_odds(effect_a, negated_a, effect_b, negated_b) AS
CASE
    WHEN negated_a AND negated_b THEN false
    WHEN negated_a THEN effect_a IN (effect_b, 'affects')
    WHEN negated_b THEN effect_b IN (effect_a, 'affects')
    ELSE effect_a <> effect_b AND 'affects' NOT IN (effect_a, effect_b)
END;

CREATE OR REPLACE MACRO kind_of_disagreement(effect_a, negated_a, effect_b, negated_b) AS
CASE
    WHEN NOT negated_a AND NOT negated_b THEN 'opposite direction'
    WHEN (negated_a AND effect_a = 'affects') OR (negated_b AND effect_b = 'affects') THEN 'effect against null'
    ELSE 'asserted against negated'
END;

-- A claim that counts for a work which its article names is still no stranger to the copies of that article.
CREATE OR REPLACE MACRO of_two_lineages(counts_for_a, stands_in_a, counts_for_b, stands_in_b) AS
    counts_for_a <> counts_for_b AND stands_in_a <> stands_in_b;

COMMENT ON MACRO at_odds IS 'Whether two claims on one subject and object disagree, by what each says and whether it denies it.';
COMMENT ON MACRO kind_of_disagreement IS 'How two claims that are at odds disagree; words as in conflicts.kind.';
COMMENT ON MACRO of_two_lineages IS 'Whether two claims disagree between lineages, by the lineage that each counts for and the lineage of the article in which it stands.';
