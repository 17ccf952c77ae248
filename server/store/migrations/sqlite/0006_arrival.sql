-- What was seen when it was last looked whether notices have arrived: for each portal and each place at which people read. Measured, and
-- replaced with each look.
CREATE TABLE arrival (
    portal TEXT NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    looked_at TEXT NOT NULL,
    -- Why it does not show what it is to show, at which address, and in which words; null: nothing was in the way.
    obstacle TEXT,
    met_at TEXT,
    detail TEXT,
    -- JSON: since when it shows which notice in which revision and stage.
    seen TEXT NOT NULL,
    PRIMARY KEY (portal, kind, address)
) STRICT;
