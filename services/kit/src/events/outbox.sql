-- Events written by this service that not every consumer has committed yet.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    trace TEXT,
    schema_version INTEGER NOT NULL,
    data TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    UNIQUE (aggregate_id, sequence)
);

-- The last sequence number given to each aggregate.
CREATE TABLE outbox_sequences (
    aggregate_id TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- Events that were tried too often. Kept until somebody decides.
CREATE TABLE dead_letters (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    trace TEXT,
    schema_version INTEGER NOT NULL,
    data TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    died_at BIGINT NOT NULL
);
