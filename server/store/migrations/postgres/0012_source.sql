-- Programs that tell of alerts. What their tokens are known by goes with the row.
CREATE TABLE source (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    -- JSON: where what is asked stands in what such a source sends; null: as its kind has it.
    mapping TEXT COLLATE "C",
    -- Where it is read; null: it tells by itself.
    address TEXT COLLATE "C",
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    -- RFC 3339.
    created_at TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    heard_at TEXT COLLATE "C",
    -- Since when it cannot be read, and why.
    failing_since TEXT COLLATE "C",
    failure TEXT COLLATE "C"
);
-- What they have told: measured, and gone some time after it is over.
CREATE TABLE alert (
    source TEXT COLLATE "C" NOT NULL,
    identity TEXT COLLATE "C" NOT NULL,
    -- JSON.
    labels TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    began_at TEXT COLLATE "C" NOT NULL,
    said_at TEXT COLLATE "C",
    silent_since TEXT COLLATE "C",
    PRIMARY KEY (source, identity)
);
