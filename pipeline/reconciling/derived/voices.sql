-- One thing that one lineage says of one question, with the weight of its weightiest statement.
SELECT
    kind, subject_id, mechanism_id, object_id, lineage_id, says,
    statements, documents, only_hedged,
    best.weight, best.statement_id, best.tier_weight, best.design_weight, best.species_weight, best.hedge_weight,
    best.status_weight
FROM (
    SELECT
        kind, subject_id, mechanism_id, object_id, lineage_id, says,
        count(*) AS statements,
        count(DISTINCT document_id) AS documents,
        bool_and(hedged) AS only_hedged,
        max(struct_pack(
            weight := weight, statement_id := statement_id, tier_weight := tier_weight,
            design_weight := design_weight, species_weight := species_weight, hedge_weight := hedge_weight,
            status_weight := status_weight
        )) AS best
    FROM told
    GROUP BY ALL
)
