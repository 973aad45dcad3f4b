-- Messages that were set aside: written by a newer build than this one ('newer'), waiting behind
-- such a one ('behind'), or failed too often ('failed'). Kept until they are replayed or dropped.
CREATE TABLE parked (
    id TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    kind TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_at TEXT NOT NULL,
    trace TEXT,
    schema_version INTEGER NOT NULL,
    data TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    parked_at BIGINT NOT NULL
);

CREATE INDEX parked_by_aggregate ON parked (kind, aggregate_id, sequence);
