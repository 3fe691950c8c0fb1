-- Every statement that counts, as a temporary table: several derived tables read it.
CREATE OR REPLACE TEMP TABLE told AS FROM statements WHERE weight > 0;
