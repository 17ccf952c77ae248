-- Who is invited to have an account, by a link that works once. What was used or withdrawn is no more.
CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    link_hash TEXT NOT NULL UNIQUE,
    -- For whom it is, as those who manage people call them.
    label TEXT NOT NULL,
    -- JSON: the grants that come with the account.
    grants TEXT NOT NULL,
    -- RFC 3339.
    created_at TEXT NOT NULL,
    -- The opaque id of whoever invites.
    created_by TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
-- About when somebody used it last: to the hour.
ALTER TABLE account ADD COLUMN used_at TEXT;
ALTER TABLE api_token ADD COLUMN used_at TEXT;
