-- By whom somebody is known elsewhere: the provider that vouches for them, and what it calls them. Such an account has no password.
CREATE TABLE outside_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- RFC 3339.
    created_at TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX outside_identity_by_account ON outside_identity (account);
-- Who has gone to the provider and is to come back, each for once. Who has come back is here no more.
CREATE TABLE departure (
    state_hash TEXT PRIMARY KEY,
    -- The browser that went.
    browser_hash TEXT NOT NULL,
    -- What the provider has to say of this sign-in, so that it is no other's.
    nonce TEXT NOT NULL,
    -- What shows the provider that whoever asks is who has sent them (RFC 7636).
    verifier TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
