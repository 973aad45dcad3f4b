-- Ids are UUIDv7 as text, times milliseconds since the epoch: both sort the same in SQLite and PostgreSQL.

-- Copies of accounts, kept fresh by user.*.
CREATE TABLE authors (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    avatar TEXT,
    deleted BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('STATIC', 'NOTICE')),
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'PUBLISHED', 'TRASHED')),
    -- What it was before it was moved to the trash, and when.
    status_before TEXT,
    trashed_at BIGINT,
    badge TEXT,
    pinned BOOLEAN NOT NULL,
    template TEXT NOT NULL CHECK (template IN ('default', 'wide', 'resume')),
    excerpt TEXT NOT NULL,
    locale TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES authors (id),
    version INTEGER NOT NULL,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- What an import calls it, and a digest of what the import brought.
    source TEXT UNIQUE,
    source_digest TEXT,
    -- JSON array of the URLs of the images it uses.
    images TEXT NOT NULL,
    -- The big ones stand last: SQLite reads a row from its beginning, and lists stop before them.
    toc TEXT NOT NULL,
    content TEXT NOT NULL,
    html TEXT NOT NULL
);

-- A page in the trash gives its address free.
CREATE UNIQUE INDEX pages_by_slug ON pages (slug) WHERE status <> 'TRASHED';
CREATE INDEX pages_listed ON pages (status, kind, pinned, published_at);
CREATE INDEX pages_by_author ON pages (author_id);

-- Old paths of pages: changed slugs and the aliases of imports.
CREATE TABLE redirects (
    path TEXT PRIMARY KEY,
    page_id TEXT NOT NULL REFERENCES pages (id) ON DELETE CASCADE
);
CREATE INDEX redirects_by_page ON redirects (page_id);
