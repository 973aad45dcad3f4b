-- An index that also holds all visible comments is chosen where it helps least.
DROP INDEX comments_queue;
CREATE INDEX comments_pending ON comments (created_at, id) WHERE state = 'PENDING';
CREATE INDEX comments_hidden ON comments (created_at, id) WHERE state = 'HIDDEN';
CREATE INDEX comments_trashed ON comments (created_at, id, purged) WHERE state = 'TRASHED';

-- Nor is it for finding the comments of a post.
DROP INDEX comments_by_text;
CREATE INDEX comments_by_text ON comments (text_digest, post_id);
