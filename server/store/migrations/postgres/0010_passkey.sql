-- The keys with which people sign in; a device of theirs keeps the other half of each.
CREATE TABLE passkey (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- As the person calls it.
    name TEXT COLLATE "C" NOT NULL,
    -- How the device knows it: Base64url.
    credential_id TEXT COLLATE "C" NOT NULL UNIQUE,
    -- JSON: the public half, and what the device has told of it last.
    credential TEXT COLLATE "C" NOT NULL,
    -- RFC 3339.
    created_at TEXT COLLATE "C" NOT NULL,
    used_at TEXT COLLATE "C"
);
CREATE INDEX passkey_by_account ON passkey (account);
-- What devices have to sign, each for once. What was answered is no more.
CREATE TABLE passkey_challenge (
    challenge_hash TEXT COLLATE "C" PRIMARY KEY,
    -- Who adds a passkey; none: somebody signs in.
    account TEXT COLLATE "C" REFERENCES account (id) ON DELETE CASCADE,
    -- JSON: by what the answer is judged.
    state TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL
);
