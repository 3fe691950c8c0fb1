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

COMMENT ON MACRO at_odds IS 'Whether two claims on one subject and object disagree, by what each says and whether it denies it.';
COMMENT ON MACRO kind_of_disagreement IS 'How two claims that are at odds disagree; words as in conflicts.kind.';
