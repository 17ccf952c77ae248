-- Roles on single portals, of people and programs alike. The role on all portals stands with the account or token, or `none` does.
CREATE TABLE portal_grant (
    holder TEXT COLLATE "C" NOT NULL,
    portal TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (holder, portal)
);
