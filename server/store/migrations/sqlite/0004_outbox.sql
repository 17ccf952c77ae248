-- What was promised to go out. Deletable: what is lost here is not lost for the record. Times are milliseconds since 1970 as text of fixed length.
-- Who may work on what, and until when.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;
-- Up to which journal entry a reactor has made its tasks.
CREATE TABLE bookmark (
    reactor TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT;
-- What is to be done: on each lane one after the other, in the order of `place`. `edition` grows when the same is asked for again.
CREATE TABLE task (
    reactor TEXT NOT NULL,
    lane TEXT NOT NULL,
    key TEXT NOT NULL,
    place INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    payload TEXT NOT NULL,
    due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    failure TEXT,
    given_up_at TEXT,
    PRIMARY KEY (reactor, lane, key)
) STRICT;
