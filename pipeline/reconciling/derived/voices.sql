-- One thing that one lineage says of one question, with the weight of its weightiest statement.
SELECT
    kind, subject_id, mechanism_id, object_id, lineage_id, says,
    count(*) OVER same AS statements,
    count(DISTINCT document_id) OVER same AS documents,
    bool_and(hedged) OVER same AS only_hedged,
    weight, statement_id, tier_weight, design_weight, species_weight, hedge_weight, status_weight
FROM told
WINDOW same AS (PARTITION BY kind, subject_id, mechanism_id, object_id, lineage_id, says)
QUALIFY row_number() OVER (
    PARTITION BY kind, subject_id, mechanism_id, object_id, lineage_id, says
    ORDER BY weight DESC, statement_id DESC
) = 1
