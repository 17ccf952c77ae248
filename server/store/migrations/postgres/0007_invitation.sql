-- Who is invited to have an account, by a link that works once. What was used or withdrawn is no more.
CREATE TABLE invitation (
    id TEXT COLLATE "C" PRIMARY KEY,
    link_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    -- For whom it is, as those who manage people call them.
    label TEXT COLLATE "C" NOT NULL,
    -- JSON: the grants that come with the account.
    grants TEXT COLLATE "C" NOT NULL,
    -- RFC 3339.
    created_at TEXT COLLATE "C" NOT NULL,
    -- The opaque id of whoever invites.
    created_by TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL
);
-- About when somebody used it last: to the hour.
ALTER TABLE account ADD COLUMN used_at TEXT COLLATE "C";
ALTER TABLE api_token ADD COLUMN used_at TEXT COLLATE "C";
