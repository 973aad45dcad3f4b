CREATE OR REPLACE FUNCTION search_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    millis BIGINT := CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT);
BEGIN
    IF TG_TABLE_NAME = 'posts' THEN
        IF TG_OP = 'DELETE' THEN
            INSERT INTO search_log (id, post_id, at) VALUES (gen_random_uuid()::text, OLD.id, millis);
        ELSE
            INSERT INTO search_log (id, post_id, at) VALUES (gen_random_uuid()::text, NEW.id, millis);
        END IF;
    ELSIF TG_TABLE_NAME = 'tags' THEN
        INSERT INTO search_log (id, post_id, at)
        SELECT gen_random_uuid()::text, post_id, millis FROM post_tags WHERE tag_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'categories' THEN
        INSERT INTO search_log (id, post_id, at)
        SELECT gen_random_uuid()::text, id, millis FROM posts WHERE category_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'authors' THEN
        INSERT INTO search_log (id, post_id, at)
        SELECT gen_random_uuid()::text, id, millis FROM posts WHERE author_id = NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO search_log (id, post_id, at) VALUES (gen_random_uuid()::text, OLD.post_id, millis);
    ELSE
        INSERT INTO search_log (id, post_id, at) VALUES (gen_random_uuid()::text, NEW.post_id, millis);
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER search_post_made AFTER INSERT OR DELETE ON posts
    FOR EACH ROW EXECUTE FUNCTION search_note();
CREATE OR REPLACE TRIGGER search_post_changed
    AFTER UPDATE OF slug, title, excerpt, status, category_id, author_id, published_at, version ON posts
    FOR EACH ROW EXECUTE FUNCTION search_note();
CREATE OR REPLACE TRIGGER search_text_changed AFTER UPDATE OF content ON post_texts
    FOR EACH ROW EXECUTE FUNCTION search_note();
CREATE OR REPLACE TRIGGER search_tag_given AFTER INSERT OR DELETE ON post_tags
    FOR EACH ROW EXECUTE FUNCTION search_note();
CREATE OR REPLACE TRIGGER search_tag_renamed AFTER UPDATE OF name, slug ON tags
    FOR EACH ROW WHEN (NEW.name <> OLD.name OR NEW.slug <> OLD.slug) EXECUTE FUNCTION search_note();
CREATE OR REPLACE TRIGGER search_category_renamed AFTER UPDATE OF name, slug ON categories
    FOR EACH ROW WHEN (NEW.name <> OLD.name OR NEW.slug <> OLD.slug) EXECUTE FUNCTION search_note();
CREATE OR REPLACE TRIGGER search_author_renamed AFTER UPDATE OF name ON authors
    FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION search_note();
