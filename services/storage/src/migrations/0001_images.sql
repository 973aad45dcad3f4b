-- One row for each stored file; its name is the digest of its content.
CREATE TABLE images (
    name TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    filename TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    -- None for what other services brought.
    uploader_id TEXT,
    created_at BIGINT NOT NULL
);
