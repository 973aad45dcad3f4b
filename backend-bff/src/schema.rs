use kit::db::Migration;

/// The BFF's own tables.
pub(crate) const MIGRATIONS: &[Migration] = &[FIRST, SESSIONS_BY_USER, UPSTREAMS, RECONCILIATION, PASSING_SESSIONS];

/// Those from before were all remembered.
const PASSING_SESSIONS: Migration = Migration {
    number: 5,
    name: "sessions that the browser forgets",
    sql: "ALTER TABLE sessions ADD COLUMN remembered BIGINT NOT NULL DEFAULT 1;",
};

const RECONCILIATION: Migration = Migration { number: 4, name: "reconciliation", sql: crate::reconciliation::SQL };

const UPSTREAMS: Migration = Migration {
    number: 3,
    name: "weights and mirrors of services",
    sql: "
CREATE TABLE upstream_weights (
    upstream TEXT NOT NULL,
    target TEXT NOT NULL,
    weight BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (upstream, target)
);
CREATE TABLE upstream_mirrors (
    upstream TEXT PRIMARY KEY,
    target TEXT NOT NULL,
    percent BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
",
};

const SESSIONS_BY_USER: Migration = Migration {
    number: 2,
    name: "sessions by user",
    sql: "
ALTER TABLE sessions ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_by_user ON sessions (user_id);
",
};

const FIRST: Migration = Migration {
    number: 1,
    name: "sessions and modules",
    sql: "
CREATE TABLE sessions (
    id_hash TEXT PRIMARY KEY,
    viewer TEXT NOT NULL,
    access_token TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    refresh_token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_use ON sessions (seen_at);
CREATE TABLE module_versions (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);
CREATE TABLE module_releases (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    released_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    FOREIGN KEY (name, version) REFERENCES module_versions (name, version)
);
CREATE INDEX releases_by_name ON module_releases (name, id);
",
};
