CREATE TABLE backups (
    id TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    step TEXT NOT NULL DEFAULT '',
    percent INTEGER NOT NULL DEFAULT 0,
    size BIGINT NOT NULL DEFAULT 0,
    digest TEXT NOT NULL DEFAULT '',
    -- JSON: what it holds.
    parts TEXT NOT NULL DEFAULT '[]',
    objects INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    verified_at BIGINT,
    -- Who works on it, and until when nobody else may.
    worker TEXT NOT NULL DEFAULT '',
    leased_until BIGINT NOT NULL DEFAULT 0
);

-- Restores of all services together. The services know them by their id.
CREATE TABLE sagas (
    id TEXT PRIMARY KEY,
    backup_id TEXT NOT NULL,
    status TEXT NOT NULL,
    -- How many steps are done, and the name of the next.
    done INTEGER NOT NULL DEFAULT 0,
    step TEXT NOT NULL DEFAULT '',
    percent INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    worker TEXT NOT NULL DEFAULT '',
    leased_until BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX sagas_by_backup ON sagas (backup_id, id);

-- Objects that a restore brought and that were not there before.
CREATE TABLE saga_objects (
    saga_id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (saga_id, name)
);

-- One row: whoever starts a backup or a restore holds it, so that there is one at a time.
CREATE TABLE turns (
    id INTEGER PRIMARY KEY,
    taken BIGINT NOT NULL
);

INSERT INTO turns (id, taken) VALUES (1, 0);
