-- Forms that were uploaded. Which of them people are given, and under which name, the catalogue says; the content stays for the record.
CREATE TABLE form (
    -- SHA-256 of the content, in base 16.
    digest TEXT PRIMARY KEY,
    content BLOB NOT NULL,
    -- RFC 3339.
    added_at TEXT NOT NULL,
    -- The id of whoever uploaded it first.
    added_by TEXT NOT NULL
) STRICT;
