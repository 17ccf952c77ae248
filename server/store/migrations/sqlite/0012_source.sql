-- Programs that tell of alerts. What their tokens are known by goes with the row.
CREATE TABLE source (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- JSON: where what is asked stands in what such a source sends; null: as its kind has it.
    mapping TEXT,
    -- Where it is read; null: it tells by itself.
    address TEXT,
    token_hash TEXT NOT NULL UNIQUE,
    -- RFC 3339.
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    heard_at TEXT,
    -- Since when it cannot be read, and why.
    failing_since TEXT,
    failure TEXT
) STRICT;
-- What they have told: measured, and gone some time after it is over.
CREATE TABLE alert (
    source TEXT NOT NULL,
    identity TEXT NOT NULL,
    -- JSON.
    labels TEXT NOT NULL,
    since TEXT NOT NULL,
    began_at TEXT NOT NULL,
    said_at TEXT,
    silent_since TEXT,
    PRIMARY KEY (source, identity)
) STRICT;
