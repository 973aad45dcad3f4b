-- Mail links, invitations, providers, rotated keys, settings, the mail queue, throttling.

ALTER TABLE users ADD COLUMN email_verified_at BIGINT;
-- The name as it is compared: see domain::names.
ALTER TABLE users ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
-- Tokens of an earlier generation are not good any more.
ALTER TABLE users ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN last_seen_at BIGINT;
-- The row stays, without anything that tells who it was.
ALTER TABLE users ADD COLUMN deleted_at BIGINT;
CREATE INDEX users_by_name_key ON users (name_key);
CREATE INDEX users_by_creation ON users (created_at);

ALTER TABLE sessions ADD COLUMN user_agent TEXT;
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
-- When its owner last showed who they are; 0 for sessions from before this was kept.
ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN audience TEXT NOT NULL DEFAULT 'maru';
CREATE INDEX sessions_by_end ON sessions (expires_at);
-- The token that this one took the place of.
ALTER TABLE refresh_tokens ADD COLUMN parent TEXT;
CREATE INDEX refresh_tokens_by_parent ON refresh_tokens (parent);

ALTER TABLE audit_log ADD COLUMN actor_id TEXT;
ALTER TABLE audit_log ADD COLUMN detail TEXT;
CREATE INDEX audit_log_by_user ON audit_log (user_id, at);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, at);

-- What an admin decides, as one JSON document.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    data TEXT NOT NULL
);

CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    email TEXT,
    role TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    used_by TEXT
);
CREATE INDEX invitations_by_creation ON invitations (created_at);

-- Accounts that are made when the link sent to their address is followed. Several may wait for one
-- address; nobody learns of it.
CREATE TABLE registrations (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    locale TEXT,
    invitation_id TEXT REFERENCES invitations (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX registrations_by_email ON registrations (email);
CREATE INDEX registrations_by_end ON registrations (expires_at);

-- Links in mails, hashed. A used one is gone.
CREATE TABLE links (
    hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    registration_id TEXT REFERENCES registrations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_by_user ON links (user_id, purpose);
CREATE INDEX links_by_registration ON links (registration_id);
CREATE INDEX links_by_end ON links (expires_at);

-- Mails that somebody asked for. Whether there is anybody to send one to is found out later, so that
-- the time of the answer does not tell.
CREATE TABLE mail_wishes (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    email TEXT NOT NULL,
    registration_id TEXT,
    locale TEXT,
    created_at BIGINT NOT NULL
);

-- Mails to send, written in the transaction that causes them. A sent one is gone.
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Of no use after this.
    expires_at BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    failed_at BIGINT
);
CREATE INDEX mails_by_next_attempt ON mails (next_attempt_at);
CREATE INDEX mails_by_recipient ON mails (recipient);

CREATE TABLE identities (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
);
CREATE UNIQUE INDEX identities_by_user ON identities (user_id, provider);

-- Sign-ins that are under way at a provider.
CREATE TABLE oidc_logins (
    state_hash TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    binding_hash TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    next TEXT NOT NULL,
    -- Whose account the identity is to be linked to.
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX oidc_logins_by_end ON oidc_logins (expires_at);

-- Id tokens that were taken, hashed: each is taken once.
CREATE TABLE used_id_tokens (
    hash TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX used_id_tokens_by_end ON used_id_tokens (expires_at);

-- Keys that access tokens are signed with; the private halves are sealed with the key in the data folder.
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    alg TEXT NOT NULL,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL
);

-- Access that was revoked so recently that tokens from before may still be about.
CREATE TABLE revocations (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    session_id TEXT,
    generation INTEGER NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX revocations_by_time ON revocations (at);

-- Attempts: for each key (hashed) the time at which its bucket is full again.
CREATE TABLE throttle (
    key TEXT PRIMARY KEY,
    full_at BIGINT NOT NULL
);
CREATE INDEX throttle_by_time ON throttle (full_at);
