-- What every table and column of schema.sql means. Run at the beginning of each run, so that converted databases have it.

COMMENT ON TABLE schema_version IS 'One row: the version of these tables. A program refuses a newer version than its own.';
COMMENT ON COLUMN schema_version.version IS 'Counted up whenever a public name changes.';

COMMENT ON TABLE sources IS 'A place that articles come from.';
COMMENT ON COLUMN sources.source_id IS 'Name of the source in the catalog.';
COMMENT ON COLUMN sources.title IS 'Title of the source, for readers.';
COMMENT ON COLUMN sources.kind IS 'How the source is fetched: folder, file, ….';
COMMENT ON COLUMN sources.tier IS 'Kind of text, which weighs evidence: see tier_weights.';
COMMENT ON COLUMN sources.url IS 'Address of the source, empty where there is none.';
COMMENT ON COLUMN sources.publisher IS 'Who publishes it.';
COMMENT ON COLUMN sources.location IS 'Where the fetcher looks: a folder, a file, an address.';
COMMENT ON COLUMN sources.pattern IS 'Which files of a folder belong to the source.';

COMMENT ON TABLE documents IS 'One version of one article. Older versions stay; superseded_by is NULL for the current one.';
COMMENT ON COLUMN documents.document_id IS 'From a hash of the text and copy_ordinal.';
COMMENT ON COLUMN documents.source_id IS 'The source it came from.';
COMMENT ON COLUMN documents.path IS 'Where it lies in the source, with forward slashes.';
COMMENT ON COLUMN documents.url IS 'Address of the article, empty where none is known.';
COMMENT ON COLUMN documents.title IS 'Title as the article gives it.';
COMMENT ON COLUMN documents.author IS 'Author as the article gives it.';
COMMENT ON COLUMN documents.published IS 'Date of publication as the article gives it.';
COMMENT ON COLUMN documents.fetched_at IS 'When the bytes were fetched (UTC).';
COMMENT ON COLUMN documents.format IS 'Format that it was read from: html, markdown, jats, ….';
COMMENT ON COLUMN documents.text IS 'The clean text. Every char_start and char_end counts its Unicode code points from 0.';
COMMENT ON COLUMN documents.sha256 IS 'SHA-256 of the bytes as fetched.';
COMMENT ON COLUMN documents.text_id IS 'The same for all exact copies of a text: the document_id of copy 0.';
COMMENT ON COLUMN documents.copy_ordinal IS 'Which exact copy of its text this is, counted from 0.';
COMMENT ON COLUMN documents.lineage_id IS 'The same for documents that go back to one another: they count as one voice.';
COMMENT ON COLUMN documents.superseded_by IS 'document_id of the version that took its place, NULL for the current version.';
COMMENT ON COLUMN documents.pipeline_key IS 'Key of the pipeline version, settings and lexicons that made its claims.';
COMMENT ON COLUMN documents.extracted_run IS 'The run that extracted it.';

COMMENT ON COLUMN documents.notice IS 'What the article says of itself: retracted, concern, corrected, or empty.';
COMMENT ON COLUMN documents.first_run IS 'The run that first stored this text at this place.';

COMMENT ON TABLE document_identifiers IS 'What an article is known by elsewhere.';
COMMENT ON COLUMN document_identifiers.document_id IS 'The article.';
COMMENT ON COLUMN document_identifiers.identifier IS 'doi:…, pmid:…, pmcid:…, url:… or title:… (its words in small letters).';

COMMENT ON TABLE citations IS 'A work that an article names.';
COMMENT ON COLUMN citations.document_id IS 'The article.';
COMMENT ON COLUMN citations.identifier IS 'The work, as in document_identifiers; publisher:… where only that is named.';
COMMENT ON COLUMN citations.manner IS 'cites; reproduces, where the article says that its text was published there first; version of, for a preprint and its article.';
COMMENT ON COLUMN citations.words IS 'How the article names it.';

COMMENT ON TABLE sentences IS 'A sentence of a document.';
COMMENT ON COLUMN sentences.sentence_id IS 'From a hash of the document and the offsets.';
COMMENT ON COLUMN sentences.document_id IS 'The document it stands in.';
COMMENT ON COLUMN sentences.ordinal IS 'Counted from 0 through the document.';
COMMENT ON COLUMN sentences.section IS 'The nearest heading above.';
COMMENT ON COLUMN sentences.block IS 'Which block (paragraph, bullet, …) of the article it stands in, from 0.';
COMMENT ON COLUMN sentences.text IS 'The sentence: documents.text[char_start:char_end].';
COMMENT ON COLUMN sentences.char_start IS 'First code point in documents.text, from 0.';
COMMENT ON COLUMN sentences.char_end IS 'Code point after the last in documents.text.';
COMMENT ON COLUMN sentences.timestamp_s IS 'Second of the video that the article gives for it, if any.';

COMMENT ON TABLE mentions IS 'A stretch of text that names a concept, or might.';
COMMENT ON COLUMN mentions.mention_id IS 'From a hash of the document, the offsets and the concept.';
COMMENT ON COLUMN mentions.document_id IS 'The document it stands in.';
COMMENT ON COLUMN mentions.sentence_id IS 'The sentence it stands in.';
COMMENT ON COLUMN mentions.concept_id IS 'The concept, NULL where nothing grounds the mention.';
COMMENT ON COLUMN mentions.text IS 'The words: documents.text[char_start:char_end].';
COMMENT ON COLUMN mentions.ner_label IS 'Label of the entity recognizer, empty where the vocabulary alone found it.';
COMMENT ON COLUMN mentions.char_start IS 'First code point in documents.text, from 0.';
COMMENT ON COLUMN mentions.char_end IS 'Code point after the last in documents.text.';
COMMENT ON COLUMN mentions.method IS 'How it was linked: alias, abbreviation, lay, ner.';
COMMENT ON COLUMN mentions.score IS 'How sure the link is, 0 to 1.';
COMMENT ON COLUMN mentions.candidates IS 'The meanings of an ambiguous wording with their scores, the best first.';

COMMENT ON TABLE concepts IS 'The vocabulary.';
COMMENT ON COLUMN concepts.concept_id IS 'Short name, used everywhere.';
COMMENT ON COLUMN concepts.label IS 'Name for readers.';
COMMENT ON COLUMN concepts.role IS 'exposure, exerkine, mechanism, outcome or state.';
COMMENT ON COLUMN concepts.class IS 'Finer kind within the role.';
COMMENT ON COLUMN concepts.curie IS 'Identifier in a public vocabulary, empty where none fits.';
COMMENT ON COLUMN concepts.curie_name IS 'What that vocabulary calls it.';
COMMENT ON COLUMN concepts.match IS 'How well the identifier fits: exact, broad, ….';
COMMENT ON COLUMN concepts.scope IS 'What the concept takes in and leaves out.';
COMMENT ON COLUMN concepts.broader_id IS 'The next more general concept, empty where there is none.';

COMMENT ON TABLE concept_aliases IS 'A wording of a concept.';
COMMENT ON COLUMN concept_aliases.concept_id IS 'The concept it names.';
COMMENT ON COLUMN concept_aliases.text IS 'The wording.';
COMMENT ON COLUMN concept_aliases.case_rule IS 'any, or exact where capitals matter.';
COMMENT ON COLUMN concept_aliases.polarity IS '-1 where the wording names the opposite of the concept, else 1.';
COMMENT ON COLUMN concept_aliases.origin IS 'Where the wording comes from.';

COMMENT ON TABLE claims IS 'One asserted effect in one place, of current and superseded documents.';
COMMENT ON COLUMN claims.claim_id IS 'From a hash of the place, the concepts, the effect and its negation.';
COMMENT ON COLUMN claims.document_id IS 'The document it stands in.';
COMMENT ON COLUMN claims.sentence_id IS 'The sentence that asserts it.';
COMMENT ON COLUMN claims.subject_id IS 'Concept that acts.';
COMMENT ON COLUMN claims.object_id IS 'Concept that is acted on.';
COMMENT ON COLUMN claims.effect IS 'increases, decreases, or affects where the text gives no direction.';
COMMENT ON COLUMN claims.negated IS 'The text says that the effect does not happen or was not found.';
COMMENT ON COLUMN claims.hedged IS 'The text marks the effect as uncertain.';
COMMENT ON COLUMN claims.hedge_cue IS 'The words that hedge.';
COMMENT ON COLUMN claims.negation_cue IS 'The words that negate.';
COMMENT ON COLUMN claims.effect_cue IS 'The words that assert the effect.';
COMMENT ON COLUMN claims.species IS 'Species it was seen in, empty where the text does not say.';
COMMENT ON COLUMN claims.population IS 'Who it was seen in.';
COMMENT ON COLUMN claims.modality IS 'Kind of exercise.';
COMMENT ON COLUMN claims.dose IS 'Dose or amount.';
COMMENT ON COLUMN claims.duration IS 'How long.';
COMMENT ON COLUMN claims.study_design IS 'Kind of study.';
COMMENT ON COLUMN claims.rule IS 'The rule that made the claim.';
COMMENT ON COLUMN claims.confidence IS 'The share of such claims that annotators agreed with, 0 to 1. It says nothing about whether the claim is true.';
COMMENT ON COLUMN claims.reasons IS 'The features that bore most on the confidence, with their weights.';
COMMENT ON COLUMN claims.timing IS 'acute for a single bout or the hours after it, chronic for weeks and longer; empty where the text does not say.';
COMMENT ON COLUMN claims.tissue IS 'Where the object was measured: circulation, skeletal muscle, hippocampus, ….';
COMMENT ON COLUMN claims.endpoint IS 'What of the object was measured: expression, protein level, activity, release, ….';
COMMENT ON COLUMN claims.char_start IS 'First code point of the evidence sentence in documents.text, from 0.';
COMMENT ON COLUMN claims.char_end IS 'Code point after the last of the evidence sentence.';

COMMENT ON TABLE triples IS 'Myokine, mechanism and outcome, tied together in one article.';
COMMENT ON COLUMN triples.triple_id IS 'From a hash of the document, the concepts, the effects and the negation.';
COMMENT ON COLUMN triples.document_id IS 'The document it stands in.';
COMMENT ON COLUMN triples.myokine_id IS 'The myokine or other exerkine.';
COMMENT ON COLUMN triples.mechanism_id IS 'The mechanism it acts through.';
COMMENT ON COLUMN triples.outcome_id IS 'The outcome this bears on.';
COMMENT ON COLUMN triples.mechanism_effect IS 'Effect of the myokine on the mechanism.';
COMMENT ON COLUMN triples.outcome_effect IS 'Effect on the outcome.';
COMMENT ON COLUMN triples.negated IS 'The text says that it does not happen or was not found.';
COMMENT ON COLUMN triples.hedged IS 'The text marks it as uncertain.';
COMMENT ON COLUMN triples.scope IS 'sentence, or passage where neighbouring sentences tie it together.';
COMMENT ON COLUMN triples.claim_ids IS 'The claims it is built from.';

COMMENT ON TABLE dropped IS 'What reading left out of a document: menus, cookie notices, comments, reference lists.';
COMMENT ON COLUMN dropped.document_id IS 'The document it was left out of.';
COMMENT ON COLUMN dropped.ordinal IS 'Counted from 0 through the document.';
COMMENT ON COLUMN dropped.text IS 'What was left out.';
COMMENT ON COLUMN dropped.reason IS 'Why.';

COMMENT ON TABLE runs IS 'A run of the pipeline that published this database.';
COMMENT ON COLUMN runs.run_id IS 'Name of the run.';
COMMENT ON COLUMN runs.started IS 'When it began (UTC).';
COMMENT ON COLUMN runs.finished IS 'When all was computed and it was about to be published (UTC).';
COMMENT ON COLUMN runs.pipeline_key IS 'Key of the pipeline version, settings and lexicons it used.';
COMMENT ON COLUMN runs.versions IS 'Versions of the program and of the libraries and data it used, by name.';
COMMENT ON COLUMN runs.counts IS 'What the run did, by name: articles seen, skipped, extracted, ….';

COMMENT ON COLUMN runs.ordinal IS 'Runs counted from 1 in the order in which they were made.';
COMMENT ON COLUMN runs.kind IS 'run, or curation for an import of decisions.';
COMMENT ON COLUMN runs.seconds IS 'How long each stage of the run took, by name: fetching, extracting, storing, reconciling. Workers add up.';

COMMENT ON TABLE visits IS 'What a place on the web showed when it was last asked, so that a run asks only for what is new.';
COMMENT ON COLUMN visits.source_id IS 'The source.';
COMMENT ON COLUMN visits.path IS 'The article, or empty for the source as a whole: a feed, a sitemap, a query.';
COMMENT ON COLUMN visits.visited_at IS 'When it was asked (UTC).';
COMMENT ON COLUMN visits.etag IS 'The ETag that the server gave.';
COMMENT ON COLUMN visits.last_modified IS 'The Last-Modified that the server gave.';
COMMENT ON COLUMN visits.cursor IS 'How far the listing was followed, or which version of the article it named.';
COMMENT ON COLUMN visits.asked IS 'Hash of what the catalog said of where to look; a source that is moved is asked anew.';
COMMENT ON COLUMN visits.pipeline_key IS 'Key of the pipeline that read it; another one asks anew.';

COMMENT ON TABLE rejects IS 'An article that could not be used when its source was last run.';
COMMENT ON COLUMN rejects.source_id IS 'The source it came from.';
COMMENT ON COLUMN rejects.path IS 'Where it lies in the source.';
COMMENT ON COLUMN rejects.stage IS 'Where in the run it failed: fetching, reading, extracting, storing.';
COMMENT ON COLUMN rejects.reason IS 'Why, and what to do.';
COMMENT ON COLUMN rejects.sha256 IS 'SHA-256 of the bytes as fetched, empty where there were none.';
COMMENT ON COLUMN rejects.since_run IS 'The run that first met it in this state.';

COMMENT ON TABLE sketches IS 'Word shingles of each document, sampled: by them copies are recognized.';
COMMENT ON COLUMN sketches.document_id IS 'The document.';
COMMENT ON COLUMN sketches.method IS 'How the sketch was made; another method makes a new one.';
COMMENT ON COLUMN sketches.shingles IS 'How many distinct shingles the text has.';
COMMENT ON COLUMN sketches.one_in IS 'hashes holds those shingles whose hash divides by this number.';
COMMENT ON COLUMN sketches.words_hash IS 'Hash of the whole sequence of words.';
COMMENT ON COLUMN sketches.hashes IS 'Hashes of the sampled shingles, ascending.';

COMMENT ON TABLE lineage_joins IS 'Why two documents are of one lineage.';
COMMENT ON COLUMN lineage_joins.document_a IS 'One document; document_a < document_b.';
COMMENT ON COLUMN lineage_joins.document_b IS 'The other.';
COMMENT ON COLUMN lineage_joins.reason IS 'same words, near copy, contained copy; same work; version of one study; reproduces; cites it alone; one publisher''s reference pages; one column.';
COMMENT ON COLUMN lineage_joins.measure IS 'Share of the shorter text''s shingles that the other holds, 0 to 1; 1 where the reason does not rest on words.';
COMMENT ON COLUMN lineage_joins.detail IS 'What the reason rests on: an identifier, a title, a line of the page.';
