-- Who is told by mail, beside the journal: whoever ends it is gone from here.
CREATE TABLE subscription (
    id TEXT COLLATE "C" PRIMARY KEY,
    portal TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    -- What the links in its mails lead by. Whoever has it can change or end this subscription, and nothing else.
    secret TEXT COLLATE "C" NOT NULL UNIQUE,
    language TEXT COLLATE "C" NOT NULL,
    -- JSON: of what it is told.
    wanted TEXT COLLATE "C" NOT NULL,
    -- RFC 3339: when it was asked for, and the words under which it was.
    created_at TEXT COLLATE "C" NOT NULL,
    agreed_to TEXT COLLATE "C" NOT NULL,
    -- When it was confirmed; null: not yet. Up to that entry nothing is told to it.
    confirmed_at TEXT COLLATE "C",
    position BIGINT NOT NULL DEFAULT 0,
    -- A mail with its link is to go out, since when; and when one last went.
    link_asked_at TEXT COLLATE "C",
    link_sent_at TEXT COLLATE "C",
    -- On how many days in a row a mail was refused because there is no such mailbox, when that was counted last, and when one last came back for it.
    refusals BIGINT NOT NULL DEFAULT 0,
    refused_at TEXT COLLATE "C",
    came_back_at TEXT COLLATE "C",
    -- Since when no mail arrives, and why.
    failing_since TEXT COLLATE "C",
    failure TEXT COLLATE "C",
    -- Since when the portal is not in the catalogue any more.
    orphaned_at TEXT COLLATE "C",
    UNIQUE (portal, address)
);
-- Grows with each change of what is above: whoever has read it knows whether it is still so.
CREATE TABLE subscription_edition (
    edition BIGINT NOT NULL
);
INSERT INTO subscription_edition (edition) VALUES (1);
-- Of which notices they were told, and of what last.
CREATE TABLE mailed (
    subscription TEXT COLLATE "C" NOT NULL,
    notice TEXT COLLATE "C" NOT NULL,
    -- What the first mail about it said, to which all others answer; and the last one.
    first TEXT COLLATE "C" NOT NULL,
    told TEXT COLLATE "C" NOT NULL,
    mailed_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (subscription, notice)
);
