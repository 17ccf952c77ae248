-- The widget's files of the last releases, for loaders from before an update. Times are milliseconds since 1970 as text of fixed length.
CREATE TABLE release (
    fingerprint TEXT PRIMARY KEY,
    started_at TEXT NOT NULL
) STRICT;
CREATE TABLE release_file (
    fingerprint TEXT NOT NULL REFERENCES release (fingerprint) ON DELETE CASCADE,
    path TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (fingerprint, path)
) STRICT;
