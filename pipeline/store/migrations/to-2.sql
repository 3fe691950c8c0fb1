-- Meanings of ambiguous mentions, and what bore on the confidence of a claim.
ALTER TABLE mentions ADD COLUMN candidates VARCHAR DEFAULT '';
ALTER TABLE claims ADD COLUMN reasons VARCHAR DEFAULT '';
