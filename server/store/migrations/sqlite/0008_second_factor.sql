-- What the codes of a person's device are worked out from; it counts once a code of it was given.
CREATE TABLE second_factor (
    account TEXT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- Base32.
    secret TEXT NOT NULL,
    -- RFC 3339; none: it was begun, and no code of it was given yet.
    confirmed_at TEXT,
    -- The last step of 30 seconds since 1970 whose code was taken: none is taken twice. Of one that was only begun, the step in which it was.
    last_step INTEGER NOT NULL
) STRICT;
-- The codes for when the device is lost, each for once. What was used is no more.
CREATE TABLE recovery_code (
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (account, code_hash)
) STRICT;
