-- Ids are UUIDv7 as text, times milliseconds since the epoch: both sort the same in SQLite and PostgreSQL.

-- Copies of accounts, kept fresh by user.profile.updated.
CREATE TABLE authors (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    avatar TEXT
);

CREATE TABLE categories (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    description TEXT,
    color INTEGER NOT NULL,
    posts INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE tags (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    posts INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Shown: as written, or else made from the text.
    excerpt TEXT NOT NULL,
    written_excerpt TEXT,
    cover TEXT,
    author_id TEXT NOT NULL REFERENCES authors (id),
    category_id TEXT REFERENCES categories (id),
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'PUBLIC', 'PRIVATE', 'TRASHED')),
    featured BOOLEAN NOT NULL,
    reading_minutes INTEGER NOT NULL,
    locale TEXT NOT NULL,
    version INTEGER NOT NULL,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    canonical TEXT,
    seo_title TEXT,
    seo_description TEXT,
    -- JSON array of names.
    co_authors TEXT NOT NULL,
    -- What an import calls it, and a digest of what the import brought.
    source TEXT UNIQUE,
    source_digest TEXT,
    -- The big ones stand last: SQLite reads a row from its beginning, and lists stop before them.
    toc TEXT NOT NULL,
    content TEXT NOT NULL,
    html TEXT NOT NULL
);

-- A post in the trash gives its address free.
CREATE UNIQUE INDEX posts_by_slug ON posts (slug) WHERE status <> 'TRASHED';
CREATE INDEX posts_by_publication ON posts (status, published_at, id);
CREATE INDEX posts_by_category ON posts (category_id, status, published_at);
CREATE INDEX posts_by_author ON posts (author_id, status, updated_at);
CREATE INDEX posts_featured ON posts (published_at) WHERE featured AND status = 'PUBLIC';

CREATE TABLE post_tags (
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (post_id, tag_id)
);
CREATE INDEX post_tags_by_tag ON post_tags (tag_id);

-- Old paths of posts: changed slugs and the aliases of imports.
CREATE TABLE redirects (
    path TEXT PRIMARY KEY,
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE
);
CREATE INDEX redirects_by_post ON redirects (post_id);
