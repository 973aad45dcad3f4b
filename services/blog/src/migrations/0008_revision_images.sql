-- JSON array of the URLs of the images that a revision uses. A table of its own: whoever asks for them does not read the
-- texts. They are made of the text: a revision without them is one that nobody looked at yet.
CREATE TABLE revision_images (
    revision_id TEXT PRIMARY KEY REFERENCES revisions (id) ON DELETE CASCADE,
    images TEXT NOT NULL
);
