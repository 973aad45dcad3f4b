-- Ids are UUIDv7 as text, times milliseconds since the epoch: both sort the same in SQLite and PostgreSQL.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    -- Lower case; none for accounts that cannot sign in.
    email TEXT UNIQUE,
    password_hash TEXT,
    name TEXT NOT NULL,
    bio TEXT NOT NULL DEFAULT '',
    avatar TEXT,
    role TEXT NOT NULL CHECK (role IN ('USER', 'AUTHOR', 'ADMIN')),
    status TEXT NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'SUSPENDED')),
    locale TEXT,
    -- What an import calls this author.
    author_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX users_by_role ON users (role);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- All refresh tokens of a session, hashed. Those that were replaced stay, so that using one again is noticed.
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at BIGINT NOT NULL,
    replaced_at BIGINT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- The one-time token that makes the first admin, hashed. At most one row.
CREATE TABLE setup_tokens (
    hash TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE audit_log (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    user_id TEXT,
    address TEXT
);
CREATE INDEX audit_log_by_time ON audit_log (at);
