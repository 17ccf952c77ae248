-- What was found when the server last looked at what it looks at itself: one row for each node.
CREATE TABLE finding (
    probe TEXT COLLATE "C" NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    looked_at TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    -- Since when each look of this node has come out so.
    since TEXT COLLATE "C" NOT NULL,
    milliseconds BIGINT NOT NULL,
    failure TEXT COLLATE "C",
    certificate_until TEXT COLLATE "C",
    PRIMARY KEY (probe, node)
);
-- All looks of a day (UTC), packed: a row for each probe and node.
CREATE TABLE sample (
    -- `PROBE YYYY-MM-DD NODE`.
    place TEXT COLLATE "C" PRIMARY KEY,
    day TEXT COLLATE "C" NOT NULL,
    packed BYTEA NOT NULL
);
