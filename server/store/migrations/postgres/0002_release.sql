-- The widget's files of the last releases, for loaders from before an update; all nodes have those of each. Times are milliseconds since
-- 1970 as text of fixed length.
CREATE TABLE release (
    fingerprint TEXT COLLATE "C" PRIMARY KEY,
    started_at TEXT COLLATE "C" NOT NULL
);
CREATE TABLE release_file (
    fingerprint TEXT COLLATE "C" NOT NULL REFERENCES release (fingerprint) ON DELETE CASCADE,
    path TEXT COLLATE "C" NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (fingerprint, path)
);
