-- Text is compared by its bytes (COLLATE "C"), whatever the language of the database: times as text then come in their order.

-- Triggers keep the journal append-only even for someone with a database shell: the one change that they let pass takes a payload out.
CREATE TABLE journal (
    seq BIGINT PRIMARY KEY,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    payload TEXT COLLATE "C",
    payload_hash TEXT COLLATE "C" NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    next BIGINT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- By its number: a table of the same name elsewhere is another.
        EXECUTE format('SELECT coalesce(max(seq), 0) + 1 FROM %s', TG_RELID::regclass) INTO next;
        IF NEW.seq = next THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.payload IS NULL AND (NEW.seq, NEW.at, NEW.actor, NEW.subject, NEW.payload_hash, NEW.previous, NEW.hash)
            IS NOT DISTINCT FROM (OLD.seq, OLD.at, OLD.actor, OLD.subject, OLD.payload_hash, OLD.previous, OLD.hash) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the journal is append-only';
END
$$;
CREATE TRIGGER journal_is_append_only BEFORE INSERT OR UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_is_not_emptied BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

-- Requests that were carried out, by the names that clients gave them. Times are milliseconds since 1970.
CREATE TABLE request_key (
    actor TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    subject TEXT COLLATE "C",
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX request_key_by_age ON request_key (at);

-- A place where writing is tried.
CREATE TABLE write_trial (one INTEGER PRIMARY KEY, content TEXT);

-- Who someone is. `created_at`, `disabled_at`, `revoked_at` are RFC 3339; `expires_at` is milliseconds since 1970 as text of fixed length.
CREATE TABLE account (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    role TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    disabled_at TEXT COLLATE "C"
);
CREATE TABLE session (
    token_hash TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at TEXT COLLATE "C" NOT NULL
);
CREATE TABLE known_browser (
    token_hash TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (token_hash, account)
);
CREATE TABLE api_token (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    role TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C",
    revoked_at TEXT COLLATE "C",
    owner TEXT COLLATE "C" REFERENCES account (id)
);
CREATE TABLE setup_link (token_hash TEXT COLLATE "C" PRIMARY KEY);
