-- Forms that were uploaded. Which of them people are given, and under which name, the catalogue says; the content stays for the record.
CREATE TABLE form (
    -- SHA-256 of the content, in base 16.
    digest TEXT COLLATE "C" PRIMARY KEY,
    content BYTEA NOT NULL,
    -- RFC 3339.
    added_at TEXT COLLATE "C" NOT NULL,
    -- The id of whoever uploaded it first.
    added_by TEXT COLLATE "C" NOT NULL
);
