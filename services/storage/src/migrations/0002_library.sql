-- The name stays the digest of what was sent, so that the same file is known again; what is kept of
-- it is without metadata.
ALTER TABLE images ADD COLUMN blurhash TEXT;
ALTER TABLE images ADD COLUMN folder TEXT NOT NULL DEFAULT '';
ALTER TABLE images ADD COLUMN animated INTEGER NOT NULL DEFAULT 0;
-- 'raw': kept as it came, by an older version. 'waiting': smaller ones are to be made. 'done'. 'failed'.
ALTER TABLE images ADD COLUMN state TEXT NOT NULL DEFAULT 'raw';
ALTER TABLE images ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN next_attempt_at BIGINT NOT NULL DEFAULT 0;
-- Since when nothing uses it; none while something does.
ALTER TABLE images ADD COLUMN unused_since BIGINT;
-- What all its files' names begin with.
ALTER TABLE images ADD COLUMN stem TEXT NOT NULL DEFAULT '';

UPDATE images SET stem = SUBSTR(name, 1, 40), unused_since = created_at;

CREATE UNIQUE INDEX images_by_stem ON images (stem);
CREATE INDEX images_by_uploader ON images (uploader_id, id);
CREATE INDEX images_unused ON images (unused_since) WHERE unused_since IS NOT NULL;
CREATE INDEX images_to_do ON images (next_attempt_at) WHERE state IN ('raw', 'waiting');

CREATE TABLE variants (
    name TEXT PRIMARY KEY,
    stem TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size INTEGER NOT NULL
);

CREATE INDEX variants_by_stem ON variants (stem, width);

-- What uses which image: 'post', 'page', 'profile', 'bug_report'. The image may not be there (yet).
CREATE TABLE uses (
    kind TEXT NOT NULL,
    user_of TEXT NOT NULL,
    stem TEXT NOT NULL,
    PRIMARY KEY (kind, user_of, stem)
);

CREATE INDEX uses_by_stem ON uses (stem);

-- The last event about each of them, whatever its kind.
CREATE TABLE users_of_images (
    kind TEXT NOT NULL,
    user_of TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, user_of)
);
