-- Up to which instant a reactor has asked what time alone calls for.
ALTER TABLE bookmark ADD COLUMN turned_at TEXT;
-- Who is told by a web request. The address may hold a secret, and so does what messages are signed with; both go with the row.
CREATE TABLE webhook (
    id TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    -- JSON: the portals, services and kinds of notice that it is told of.
    wanted TEXT NOT NULL,
    shape TEXT NOT NULL,
    signing TEXT NOT NULL,
    secret TEXT NOT NULL,
    -- RFC 3339.
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    -- The journal entry behind which it begins.
    position INTEGER NOT NULL,
    ended_at TEXT,
    ended_because TEXT,
    delivered_at TEXT,
    failing_since TEXT,
    failure TEXT
) STRICT;
-- What comes next is found without looking at all that waits.
CREATE INDEX task_place ON task (reactor, place);
