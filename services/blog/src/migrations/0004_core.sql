-- The texts get a table of their own: a count or a status changes without writing the text again, and
-- lists read narrow rows.
CREATE TABLE post_texts (
    post_id TEXT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    toc TEXT NOT NULL,
    content TEXT NOT NULL,
    html TEXT NOT NULL
);
INSERT INTO post_texts (post_id, toc, content, html) SELECT id, toc, content, html FROM posts;

DROP INDEX posts_by_slug;
DROP INDEX posts_by_publication;
DROP INDEX posts_by_category;
DROP INDEX posts_by_author;
DROP INDEX posts_featured;

-- The status admits SCHEDULED. SQLite cannot change a CHECK, so it is another column.
ALTER TABLE posts RENAME COLUMN status TO old_status;
ALTER TABLE posts ADD COLUMN status TEXT NOT NULL DEFAULT 'DRAFT'
    CHECK (status IN ('DRAFT', 'PUBLIC', 'PRIVATE', 'SCHEDULED', 'TRASHED'));
UPDATE posts SET status = old_status;
ALTER TABLE posts DROP COLUMN old_status;

ALTER TABLE posts ADD COLUMN scheduled_at BIGINT;
ALTER TABLE posts ADD COLUMN trashed_at BIGINT;
-- What a restored post becomes again.
ALTER TABLE posts ADD COLUMN trashed_from TEXT;
UPDATE posts SET trashed_at = updated_at WHERE status = 'TRASHED';
ALTER TABLE posts ADD COLUMN translation_group TEXT;
ALTER TABLE posts ADD COLUMN comments_allowed BOOLEAN NOT NULL DEFAULT TRUE;
-- Who wrote what it is now, where that is known.
ALTER TABLE posts ADD COLUMN editor_id TEXT;

-- Totals that other services count. Beside each the sequence of the event that brought it.
ALTER TABLE posts ADD COLUMN views BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN views_sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN likes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN likes_sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN comments_sequence BIGINT NOT NULL DEFAULT 0;

-- After what was added above: SQLite edits the text of CREATE TABLE, and there a comment stands before
-- the columns that were the last.
ALTER TABLE posts DROP COLUMN toc;
ALTER TABLE posts DROP COLUMN content;
ALTER TABLE posts DROP COLUMN html;

-- A post in the trash gives its address free.
CREATE UNIQUE INDEX posts_by_slug ON posts (slug) WHERE status <> 'TRASHED';
CREATE INDEX posts_in_trash ON posts (slug, trashed_at) WHERE status = 'TRASHED';
CREATE INDEX posts_by_publication ON posts (status, published_at, id);
CREATE INDEX posts_by_update ON posts (status, updated_at, id);
CREATE INDEX posts_by_views ON posts (status, views, id);
CREATE INDEX posts_by_likes ON posts (status, likes, id);
CREATE INDEX posts_by_title ON posts (status, title, id);
CREATE INDEX posts_by_category ON posts (category_id, status, published_at, id);
CREATE INDEX posts_by_author ON posts (author_id, status, published_at, id);
CREATE INDEX posts_changed ON posts (updated_at, id);
CREATE INDEX posts_featured ON posts (published_at) WHERE featured AND status = 'PUBLIC';
CREATE INDEX posts_scheduled ON posts (scheduled_at) WHERE status = 'SCHEDULED';
CREATE INDEX posts_thrown_away ON posts (trashed_at) WHERE status = 'TRASHED';
CREATE INDEX posts_translated ON posts (translation_group) WHERE translation_group IS NOT NULL;

-- States of posts that were replaced by another.
CREATE TABLE revisions (
    id TEXT PRIMARY KEY,
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    excerpt TEXT,
    cover TEXT,
    -- Slug of the category, JSON array of tag names: as they were called then.
    category TEXT,
    tags TEXT NOT NULL,
    seo_title TEXT,
    seo_description TEXT,
    editor_id TEXT,
    created_at BIGINT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (post_id, version)
);

-- Working copies.
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    author_id TEXT NOT NULL REFERENCES authors (id),
    -- The post that it is to change, and the version of it that it was made from.
    post_id TEXT REFERENCES posts (id) ON DELETE CASCADE,
    post_version INTEGER,
    title TEXT NOT NULL,
    slug TEXT,
    excerpt TEXT,
    cover TEXT,
    category TEXT,
    -- JSON array of names.
    tags TEXT NOT NULL,
    locale TEXT,
    canonical TEXT,
    seo_title TEXT,
    seo_description TEXT,
    translation_group TEXT,
    comments_allowed BOOLEAN,
    version INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX drafts_by_author ON drafts (author_id, updated_at, id);
CREATE INDEX drafts_by_update ON drafts (updated_at, id);
-- One for each author and post, however many windows are open.
CREATE UNIQUE INDEX drafts_of_posts ON drafts (post_id, author_id) WHERE post_id IS NOT NULL;

ALTER TABLE categories ADD COLUMN icon TEXT;
ALTER TABLE categories ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tags ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX categories_by_posts ON categories (posts, name);
CREATE INDEX tags_by_posts ON tags (posts, name);

-- Slugs that categories and tags had before.
CREATE TABLE term_redirects (
    taxonomy TEXT NOT NULL CHECK (taxonomy IN ('category', 'tag')),
    slug TEXT NOT NULL,
    term_id TEXT NOT NULL,
    PRIMARY KEY (taxonomy, slug)
);
CREATE INDEX term_redirects_by_term ON term_redirects (term_id);

-- Whose account is gone: a late event does not bring the name back.
ALTER TABLE authors ADD COLUMN deleted BOOLEAN NOT NULL DEFAULT FALSE;
