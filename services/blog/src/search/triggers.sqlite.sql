DROP TRIGGER IF EXISTS search_post_made;
CREATE TRIGGER search_post_made AFTER INSERT ON posts BEGIN
    INSERT INTO search_log (id, post_id, at)
    VALUES (lower(hex(randomblob(12))), NEW.id, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
DROP TRIGGER IF EXISTS search_post_changed;
CREATE TRIGGER search_post_changed
AFTER UPDATE OF slug, title, excerpt, status, category_id, author_id, published_at, version ON posts BEGIN
    INSERT INTO search_log (id, post_id, at)
    VALUES (lower(hex(randomblob(12))), NEW.id, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
DROP TRIGGER IF EXISTS search_post_gone;
CREATE TRIGGER search_post_gone AFTER DELETE ON posts BEGIN
    INSERT INTO search_log (id, post_id, at)
    VALUES (lower(hex(randomblob(12))), OLD.id, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
DROP TRIGGER IF EXISTS search_text_changed;
CREATE TRIGGER search_text_changed AFTER UPDATE OF content ON post_texts BEGIN
    INSERT INTO search_log (id, post_id, at)
    VALUES (lower(hex(randomblob(12))), NEW.post_id, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
DROP TRIGGER IF EXISTS search_tag_given;
CREATE TRIGGER search_tag_given AFTER INSERT ON post_tags BEGIN
    INSERT INTO search_log (id, post_id, at)
    VALUES (lower(hex(randomblob(12))), NEW.post_id, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
DROP TRIGGER IF EXISTS search_tag_taken;
CREATE TRIGGER search_tag_taken AFTER DELETE ON post_tags BEGIN
    INSERT INTO search_log (id, post_id, at)
    VALUES (lower(hex(randomblob(12))), OLD.post_id, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
DROP TRIGGER IF EXISTS search_tag_renamed;
CREATE TRIGGER search_tag_renamed AFTER UPDATE OF name, slug ON tags
WHEN NEW.name <> OLD.name OR NEW.slug <> OLD.slug BEGIN
    INSERT INTO search_log (id, post_id, at)
    SELECT lower(hex(randomblob(12))), post_id, CAST(unixepoch('subsec') * 1000 AS INTEGER)
    FROM post_tags WHERE tag_id = NEW.id;
END;
DROP TRIGGER IF EXISTS search_category_renamed;
CREATE TRIGGER search_category_renamed AFTER UPDATE OF name, slug ON categories
WHEN NEW.name <> OLD.name OR NEW.slug <> OLD.slug BEGIN
    INSERT INTO search_log (id, post_id, at)
    SELECT lower(hex(randomblob(12))), id, CAST(unixepoch('subsec') * 1000 AS INTEGER)
    FROM posts WHERE category_id = NEW.id;
END;
DROP TRIGGER IF EXISTS search_author_renamed;
CREATE TRIGGER search_author_renamed AFTER UPDATE OF name ON authors WHEN NEW.name <> OLD.name BEGIN
    INSERT INTO search_log (id, post_id, at)
    SELECT lower(hex(randomblob(12))), id, CAST(unixepoch('subsec') * 1000 AS INTEGER)
    FROM posts WHERE author_id = NEW.id;
END;
