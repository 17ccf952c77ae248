-- What was seen when it was last looked whether notices have arrived: for each portal and each place at which people read. Measured, and
-- replaced with each look.
CREATE TABLE arrival (
    portal TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    looked_at TEXT COLLATE "C" NOT NULL,
    -- Why it does not show what it is to show, at which address, and in which words; null: nothing was in the way.
    obstacle TEXT COLLATE "C",
    met_at TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    -- JSON: since when it shows which notice in which revision and stage.
    seen TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (portal, kind, address)
);
