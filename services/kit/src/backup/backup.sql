-- Restores under way or finished, known by the token of whoever asked.
CREATE TABLE restores (
    token TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- The rows of a restore: 'new' to be put in place, 'old' as they were before, to undo it.
CREATE TABLE restore_rows (
    token TEXT NOT NULL,
    side TEXT NOT NULL,
    position BIGINT NOT NULL,
    table_name TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (token, side, position)
);
