-- Who is told by mail, beside the journal: whoever ends it is gone from here.
CREATE TABLE subscription (
    id TEXT PRIMARY KEY,
    portal TEXT NOT NULL,
    address TEXT NOT NULL,
    -- What the links in its mails lead by. Whoever has it can change or end this subscription, and nothing else.
    secret TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    -- JSON: of what it is told.
    wanted TEXT NOT NULL,
    -- RFC 3339: when it was asked for, and the words under which it was.
    created_at TEXT NOT NULL,
    agreed_to TEXT NOT NULL,
    -- When it was confirmed; null: not yet. Up to that entry nothing is told to it.
    confirmed_at TEXT,
    position INTEGER NOT NULL DEFAULT 0,
    -- A mail with its link is to go out, since when; and when one last went.
    link_asked_at TEXT,
    link_sent_at TEXT,
    -- On how many days in a row a mail was refused because there is no such mailbox, when that was counted last, and when one last came back for it.
    refusals INTEGER NOT NULL DEFAULT 0,
    refused_at TEXT,
    came_back_at TEXT,
    -- Since when no mail arrives, and why.
    failing_since TEXT,
    failure TEXT,
    -- Since when the portal is not in the catalogue any more.
    orphaned_at TEXT,
    UNIQUE (portal, address)
) STRICT;
-- Grows with each change of what is above: whoever has read it knows whether it is still so.
CREATE TABLE subscription_edition (
    edition INTEGER NOT NULL
) STRICT;
INSERT INTO subscription_edition (edition) VALUES (1);
-- Of which notices they were told, and of what last.
CREATE TABLE mailed (
    subscription TEXT NOT NULL,
    notice TEXT NOT NULL,
    -- What the first mail about it said, to which all others answer; and the last one.
    first TEXT NOT NULL,
    told TEXT NOT NULL,
    mailed_at TEXT NOT NULL,
    PRIMARY KEY (subscription, notice)
) STRICT;
