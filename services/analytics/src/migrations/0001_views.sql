-- What is viewed: posts and pages, as events told of them, with their totals. A purged one stays as
-- DELETED, so that a late event does not bring it back.
CREATE TABLE targets (
    kind TEXT NOT NULL CHECK (kind IN ('post', 'page')),
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL,
    author_id TEXT,
    status TEXT NOT NULL,
    -- Sequence of the last event about it, whatever its kind.
    facts_sequence BIGINT NOT NULL DEFAULT 0,
    views BIGINT NOT NULL DEFAULT 0,
    -- Those of `views` whose days were given up (see retention).
    archived_views BIGINT NOT NULL DEFAULT 0,
    -- The total that was last told to others.
    told_views BIGINT NOT NULL DEFAULT 0,
    comments INTEGER NOT NULL DEFAULT 0,
    comments_sequence BIGINT NOT NULL DEFAULT 0,
    likes INTEGER NOT NULL DEFAULT 0,
    likes_sequence BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, id)
);

CREATE INDEX targets_by_author ON targets (author_id, kind);
CREATE INDEX targets_untold ON targets (id) WHERE kind = 'post' AND views <> told_views;
CREATE INDEX targets_by_views ON targets (kind, views);

-- The secret of each day. Without it nobody can tell an address from a visitor.
CREATE TABLE salts (
    day TEXT PRIMARY KEY,
    salt TEXT NOT NULL
);

-- Views of the last days, one for each visitor, day and target.
CREATE TABLE views (
    day TEXT NOT NULL,
    visitor TEXT NOT NULL,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    referrer TEXT NOT NULL,
    country TEXT NOT NULL,
    device TEXT NOT NULL,
    at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- In which round it was counted; none: not yet.
    batch BIGINT,
    PRIMARY KEY (day, visitor, kind, target_id)
);

CREATE INDEX views_by_batch ON views (batch, kind, target_id);
CREATE INDEX views_by_target ON views (kind, target_id);
CREATE INDEX views_by_time ON views (at);
CREATE INDEX views_by_last_sight ON views (seen_at);

-- Visitors of the last days, of the whole site (scope '') and of each author's posts.
CREATE TABLE visitors (
    day TEXT NOT NULL,
    scope TEXT NOT NULL,
    visitor TEXT NOT NULL,
    PRIMARY KEY (day, scope, visitor)
);

-- How many there were.
CREATE TABLE visitor_days (
    scope TEXT NOT NULL,
    day TEXT NOT NULL,
    visitors BIGINT NOT NULL,
    PRIMARY KEY (scope, day)
);

-- Views by day, target and one dimension: 'all' (value ''), 'referrer', 'country', 'device'. The kind
-- 'site' with the target '' is all of them together, the purged ones too.
CREATE TABLE rollups (
    dimension TEXT NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    value TEXT NOT NULL,
    views BIGINT NOT NULL,
    PRIMARY KEY (kind, target_id, dimension, day, value)
);

CREATE INDEX rollups_by_day ON rollups (dimension, day);

-- One row: the number of the last round of counting. Whoever counts holds it.
CREATE TABLE rounds (
    id INTEGER PRIMARY KEY,
    batch BIGINT NOT NULL
);

INSERT INTO rounds (id, batch) VALUES (1, 0);
