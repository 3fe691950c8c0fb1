-- Documents that go back to one another by what they say of themselves, not by their words. Some hold only
-- where the texts overlap as well: least_overlap is the share of the shorter one's shingles that it takes.
WITH alike AS (
    SELECT a.document_id AS one, b.document_id AS other, a.identifier
    FROM document_identifiers a
    JOIN document_identifiers b ON a.identifier = b.identifier AND a.document_id < b.document_id
    SEMI JOIN current_documents x ON x.document_id = a.document_id
    SEMI JOIN current_documents y ON y.document_id = b.document_id
),
same_work AS (
    SELECT one, other, 'same work' AS reason, identifier AS detail, 0.0 AS least_overlap
    FROM alike
    WHERE regexp_matches(identifier, '^(doi|pmid|pmcid):')
        OR (starts_with(identifier, 'url:') AND regexp_matches(identifier, '^url:[^/]+/.*\w'))
    UNION ALL
    -- the same title alone is no proof: the same people must have written it
    SELECT one, other, CASE WHEN x.is_work AND y.is_work THEN 'version of one study' ELSE 'same work' END, identifier, 0.0
    FROM alike
    JOIN current_documents x ON x.document_id = one
    JOIN current_documents y ON y.document_id = other
    WHERE starts_with(identifier, 'title:') AND list_has_any(x.surnames, y.surnames)
),
one_team AS (
    -- A preprint and its article often differ in title: the same first and last author, and half of the words.
    SELECT x.document_id AS one, y.document_id AS other, 'version of one study' AS reason, x.team AS detail,
        0.5 AS least_overlap
    FROM current_documents x
    JOIN current_documents y ON x.team = y.team AND x.document_id < y.document_id
    WHERE x.team <> '' AND x.is_work AND y.is_work
),
named AS (
    SELECT c.document_id AS one, i.document_id AS other, c.manner, c.identifier
    FROM citations c
    JOIN document_identifiers i ON i.identifier = c.identifier AND i.document_id <> c.document_id
    SEMI JOIN current_documents x ON x.document_id = c.document_id
    SEMI JOIN current_documents y ON y.document_id = i.document_id
    WHERE c.manner IN ('reproduces', 'version of')
),
declared AS (
    SELECT
        one, other, CASE manner WHEN 'reproduces' THEN 'reproduces' ELSE 'version of one study' END AS reason,
        identifier AS detail, 0.0 AS least_overlap
    FROM named
    UNION ALL
    -- the origin is named by its publisher alone
    SELECT c.document_id, d.document_id, 'reproduces', c.identifier, 0.3
    FROM citations c
    JOIN current_documents x ON x.document_id = c.document_id
    JOIN current_documents d ON d.publisher = substr(c.identifier, 11) AND d.document_id <> c.document_id
    WHERE c.manner = 'reproduces' AND starts_with(c.identifier, 'publisher:')
    UNION ALL
    -- two that name one origin
    SELECT a.document_id, b.document_id, 'reproduces', a.identifier, CASE WHEN starts_with(a.identifier, 'publisher:') THEN 0.3 ELSE 0 END
    FROM citations a
    JOIN citations b ON a.identifier = b.identifier AND a.document_id < b.document_id
    SEMI JOIN current_documents x ON x.document_id = a.document_id
    SEMI JOIN current_documents y ON y.document_id = b.document_id
    WHERE a.manner = 'reproduces' AND b.manner = 'reproduces'
),
works AS (
    -- an abstract and its paper are one work, called after the smaller id
    SELECT i.identifier, least(i.document_id, min(a.one)) AS work
    FROM (FROM document_identifiers SEMI JOIN (FROM current_documents WHERE is_work) USING (document_id)) i
    LEFT JOIN (FROM same_work WHERE NOT starts_with(detail, 'url:')) a ON a.other = i.document_id
    GROUP BY i.document_id, i.identifier
),
named_works AS (
    -- What a text for the public names, one row a reference and work; works that are not here are NULL.
    SELECT c.document_id, c.words, c.identifier, i.work
    FROM citations c
    JOIN current_documents citing ON citing.document_id = c.document_id AND NOT citing.is_work
    LEFT JOIN works i ON i.identifier = c.identifier
    WHERE c.manner = 'cites' AND regexp_matches(c.identifier, '^(doi|pmid|pmcid|title):')
),
elsewhere AS (
    -- Texts that also name works which are not here. A title in quotation marks may be a book or a talk.
    SELECT DISTINCT document_id
    FROM (
        SELECT document_id, words
        FROM named_works
        GROUP BY ALL
        HAVING count(work) = 0 AND NOT bool_and(starts_with(identifier, 'title:'))
    )
),
cited_alone AS (
    -- A text for the public that names one work, and no other work: the whole of it goes back to that work.
    SELECT
        document_id AS one, min(work) AS other, 'cites it alone' AS reason, min(identifier) AS detail,
        0.0 AS least_overlap
    FROM named_works
    ANTI JOIN elsewhere USING (document_id)
    WHERE work IS NOT NULL
    GROUP BY document_id
    HAVING count(DISTINCT work) = 1
),
furniture AS (
    SELECT DISTINCT document_id, lower(text) AS line
    FROM dropped
    SEMI JOIN current_documents USING (document_id)
    WHERE reason IN ('cookie notice', 'newsletter', 'promotion', 'legal notice', 'menu', 'about the author',
            'outside the article')
        AND length(text) - length(replace(text, ' ', '')) >= 6
),
entries AS (
    -- Pages that define a term, as reference works do: "X refers to", or, less surely, "X is the".
    SELECT d.document_id, d.host, d.publisher,
        (SELECT list(DISTINCT lower(section)) FROM sentences s
            WHERE s.document_id = d.document_id AND section <> '') AS sections,
        -- headings in common that it takes
        CASE
            WHEN regexp_matches(definition,
                '^[^.!?\n]{2,120}? (?:describes?|refers? to|denotes?|(?:is|are) defined as|is the term for) ') THEN 1
            WHEN regexp_matches(definition, '^[^.!?,\n]{2,60} (?:is|are) (?:an?|the) ') THEN 2
        END AS headings
    FROM (
        SELECT *, regexp_replace(opening, '^' || regexp_escape(title) || '\s+', '') AS definition
        FROM current_documents
    ) d
    WHERE NOT d.is_work AND d.tier IN ('glossary', 'unknown', 'blog', 'notes') AND headings IS NOT NULL
),
standing_lines AS (
    SELECT f.line, f.document_id, e.host, e.publisher, e.sections, e.headings, min(f.document_id) OVER (PARTITION BY f.line) AS hub
    FROM furniture f
    JOIN entries e USING (document_id)
),
one_publisher AS (
    -- the source says that it is a glossary
    SELECT
        min(document_id) OVER (PARTITION BY coalesce(nullif(publisher, ''), source_id)) AS one, document_id AS other,
        'one publisher''s reference pages' AS reason, coalesce(nullif(publisher, ''), source_id) AS detail,
        0.0 AS least_overlap
    FROM current_documents
    WHERE tier = 'glossary'
    UNION ALL
    -- or the pages show it: entries that share the lines around them, and a heading
    SELECT hub, l.document_id, 'one publisher''s reference pages', arg_max(line, (length(line), line)), 0.0
    FROM standing_lines l
    JOIN entries e ON e.document_id = l.hub
    WHERE len(list_intersect(l.sections, e.sections)) >= greatest(l.headings, e.headings)
        AND (l.host = e.host OR l.host = '' OR e.host = '')
        AND (l.publisher = e.publisher OR l.publisher = '' OR e.publisher = '')
    GROUP BY hub, l.document_id
    HAVING count(DISTINCT line) >= 3
),
columns AS (
    -- a column says of itself that it is one, and has one author wherever it is printed
    SELECT
        min(document_id) OVER (PARTITION BY author) AS one, document_id AS other,
        'one column' AS reason, author AS detail, 0.0 AS least_overlap
    FROM current_documents d
    WHERE author <> '' AND NOT is_work AND (
        regexp_matches(lower(opening || ' ' || closing),
            '\b(?:syndicated|nationally syndicated|weekly|monthly|(?:his|her|my|this|the|advice|health|fitness|medical)) column\b|\bcolumnist\b|\bsyndicated (?:by|through|in)\b')
        OR EXISTS (
            SELECT 1 FROM dropped x WHERE x.document_id = d.document_id
                AND regexp_matches(lower(x.text), '\b(?:syndicated|weekly|monthly|his|her|my) column\b|\bcolumnist\b|\bsyndicated (?:by|through|in)\b')
        )
    )
)
SELECT
    least(one, other) AS document_a, greatest(one, other) AS document_b, reason,
    min(detail) AS detail, min(least_overlap)::DOUBLE AS least_overlap
FROM (
    FROM same_work UNION ALL FROM one_team UNION ALL FROM declared UNION ALL FROM cited_alone UNION ALL FROM one_publisher UNION ALL FROM columns
)
WHERE one <> other
GROUP BY ALL
ORDER BY ALL
