-- Ids of the events that were applied here.
CREATE TABLE inbox (
    event_id TEXT PRIMARY KEY,
    received_at BIGINT NOT NULL
);

-- The last sequence number applied for each aggregate of each kind.
CREATE TABLE inbox_sequences (
    kind TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (kind, aggregate_id)
);
