-- Roles on single portals, of people and programs alike. The role on all portals stands with the account or token, or `none` does.
CREATE TABLE portal_grant (
    holder TEXT NOT NULL,
    portal TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (holder, portal)
) STRICT;
