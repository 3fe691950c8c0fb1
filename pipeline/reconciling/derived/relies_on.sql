-- Articles that name a work which is in the database.
SELECT
    citing.document_id,
    cited.document_id AS on_document_id,
    min(c.identifier) AS identifier,
    arg_min(c.words, (c.identifier, c.words)) AS words,
    any_value(cited.is_work AND NOT citing.is_work) AS is_derived
FROM citations c
JOIN document_identifiers i ON i.identifier = c.identifier AND i.document_id <> c.document_id
JOIN current_documents citing ON citing.document_id = c.document_id
JOIN current_documents cited ON cited.document_id = i.document_id
WHERE c.manner = 'cites' AND citing.text_id <> cited.text_id
GROUP BY citing.document_id, cited.document_id
