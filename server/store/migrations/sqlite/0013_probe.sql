-- What was found when the server last looked at what it looks at itself: one row for each node.
CREATE TABLE finding (
    probe TEXT NOT NULL,
    node TEXT NOT NULL,
    looked_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    -- Since when each look of this node has come out so.
    since TEXT NOT NULL,
    milliseconds INTEGER NOT NULL,
    failure TEXT,
    certificate_until TEXT,
    PRIMARY KEY (probe, node)
) STRICT;
-- All looks of a day (UTC), packed: a row for each probe and node.
CREATE TABLE sample (
    -- `PROBE YYYY-MM-DD NODE`.
    place TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    packed BLOB NOT NULL
) STRICT;
