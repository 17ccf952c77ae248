-- Up to which instant a reactor has asked what time alone calls for.
ALTER TABLE bookmark ADD COLUMN turned_at TEXT COLLATE "C";
-- Who is told by a web request. The address may hold a secret, and so does what messages are signed with; both go with the row.
CREATE TABLE webhook (
    id TEXT COLLATE "C" PRIMARY KEY,
    address TEXT COLLATE "C" NOT NULL,
    -- JSON: the portals, services and kinds of notice that it is told of.
    wanted TEXT COLLATE "C" NOT NULL,
    shape TEXT COLLATE "C" NOT NULL,
    signing TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C" NOT NULL,
    -- RFC 3339.
    created_at TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    -- The journal entry behind which it begins.
    position BIGINT NOT NULL,
    ended_at TEXT COLLATE "C",
    ended_because TEXT COLLATE "C",
    delivered_at TEXT COLLATE "C",
    failing_since TEXT COLLATE "C",
    failure TEXT COLLATE "C"
);
-- What comes next is found without looking at all that waits.
CREATE INDEX task_place ON task (reactor, place);
