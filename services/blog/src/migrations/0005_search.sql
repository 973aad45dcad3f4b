-- Posts whose index entries are out of date: written by triggers, read by the search's indexers.
CREATE TABLE search_log (
    id TEXT NOT NULL,
    post_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (at, id)
);

-- Which version of the Markdown pipeline made the HTML.
ALTER TABLE post_texts ADD COLUMN pipeline INTEGER NOT NULL DEFAULT 0;
CREATE INDEX post_texts_by_pipeline ON post_texts (pipeline);
