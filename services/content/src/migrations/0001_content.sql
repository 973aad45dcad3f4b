-- Ids are UUIDv7 as text, times milliseconds since the epoch: both sort the same in SQLite and PostgreSQL.

-- Copies of posts, kept fresh by post.*. A purged one stays as DELETED, so that what comes late finds
-- that it is gone.
CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    author_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Of the last event that was applied, whatever its kind.
    sequence BIGINT NOT NULL,
    -- Comments that everybody may see.
    comments INTEGER NOT NULL DEFAULT 0,
    likes INTEGER NOT NULL DEFAULT 0
);

-- Copies of the accounts that write, kept fresh by user.*.
CREATE TABLE authors (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    avatar TEXT,
    deleted BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    post_id TEXT NOT NULL REFERENCES posts (id),
    -- No foreign keys to this table itself: it is cleared and filled in bulk.
    parent_id TEXT,
    root_id TEXT NOT NULL,
    author_id TEXT REFERENCES authors (id),
    guest_name TEXT,
    password_hash TEXT,
    -- Digest of the token that the guest's browser keeps.
    writer_hash TEXT,
    -- Keyed digest of the address it came from.
    address_hash TEXT,
    state TEXT NOT NULL CHECK (state IN ('VISIBLE', 'PENDING', 'HIDDEN', 'TRASHED')),
    -- What it was before it was moved to the trash, when and by whom.
    state_before TEXT,
    trashed_at BIGINT,
    trashed_by TEXT CHECK (trashed_by IN ('WRITER', 'ADMIN')),
    -- Gone for good; an empty row stays as long as it has answers.
    purged BOOLEAN NOT NULL DEFAULT FALSE,
    -- Why it waits for review: names with commas.
    held_for TEXT NOT NULL DEFAULT '',
    is_private BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    likes INTEGER NOT NULL DEFAULT 0,
    -- Reports that nobody has answered yet.
    reports INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    -- What an import calls it, and a digest of what the import brought.
    source TEXT UNIQUE,
    source_digest TEXT,
    -- Of the text without blanks and case, to recognise what was said already.
    text_digest TEXT NOT NULL,
    content TEXT NOT NULL,
    html TEXT NOT NULL
);

CREATE INDEX comments_roots ON comments (post_id, created_at, id) WHERE parent_id IS NULL;
CREATE INDEX comments_counted ON comments (post_id) WHERE state = 'VISIBLE' AND NOT is_private;
CREATE INDEX comments_by_root ON comments (root_id, created_at);
CREATE INDEX comments_by_parent ON comments (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX comments_by_author ON comments (author_id, created_at);
CREATE INDEX comments_by_writer ON comments (writer_hash) WHERE writer_hash IS NOT NULL;
CREATE INDEX comments_by_text ON comments (post_id, text_digest);
CREATE INDEX comments_by_address ON comments (address_hash, created_at) WHERE address_hash IS NOT NULL;
CREATE INDEX comments_queue ON comments (state, created_at, id);
CREATE INDEX comments_by_time ON comments (created_at, id);
CREATE INDEX comments_reported ON comments (created_at, id) WHERE reports > 0;
CREATE INDEX comments_purged ON comments (id) WHERE purged;
CREATE INDEX comments_in_trash ON comments (trashed_at) WHERE state = 'TRASHED' AND NOT purged;

-- `actor` is `user:<id>`, or `address:<keyed digest>` for guests.
CREATE TABLE likes (
    post_id TEXT NOT NULL REFERENCES posts (id),
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, actor)
);
CREATE INDEX likes_by_actor ON likes (actor);

CREATE TABLE comment_likes (
    comment_id TEXT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (comment_id, actor)
);
CREATE INDEX comment_likes_by_actor ON comment_likes (actor);

CREATE TABLE bookmarks (
    user_id TEXT NOT NULL,
    post_id TEXT NOT NULL REFERENCES posts (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, post_id)
);
CREATE INDEX bookmarks_by_time ON bookmarks (user_id, created_at, post_id);
CREATE INDEX bookmarks_by_post ON bookmarks (post_id);

CREATE TABLE reports (
    comment_id TEXT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    reporter TEXT NOT NULL,
    by_member BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    note TEXT,
    created_at BIGINT NOT NULL,
    answered BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (comment_id, reporter)
);

CREATE TABLE bans (
    id TEXT PRIMARY KEY,
    address_hash TEXT NOT NULL UNIQUE,
    reason TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT
);

-- One row, made when an admin changes something for the first time.
CREATE TABLE settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    data TEXT NOT NULL
);

-- How much somebody did lately: the time at which their bucket is full again.
CREATE TABLE buckets (
    name TEXT PRIMARY KEY,
    full_at BIGINT NOT NULL
);
CREATE INDEX buckets_by_time ON buckets (full_at);
