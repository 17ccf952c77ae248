-- What was promised to go out. Deletable: what is lost here is not lost for the record. Times are milliseconds since 1970 as text of fixed length.
-- Who may work on what, and until when.
CREATE TABLE lease (
    name TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C" NOT NULL
);
-- Up to which journal entry a reactor has made its tasks.
CREATE TABLE bookmark (
    reactor TEXT COLLATE "C" PRIMARY KEY,
    seq BIGINT NOT NULL
);
-- What is to be done: on each lane one after the other, in the order of `place`. `edition` grows when the same is asked for again.
CREATE TABLE task (
    reactor TEXT COLLATE "C" NOT NULL,
    lane TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    due_at TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    failure TEXT COLLATE "C",
    given_up_at TEXT COLLATE "C",
    PRIMARY KEY (reactor, lane, key)
);
