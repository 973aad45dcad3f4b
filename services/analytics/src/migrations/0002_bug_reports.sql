CREATE TABLE bug_reports (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    category TEXT NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    reporter_id TEXT,
    reporter_name TEXT,
    -- Stands for a guest's address until the next day, to limit how many they send.
    guest TEXT,
    screenshot TEXT,
    page TEXT,
    response TEXT,
    responded_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX bug_reports_by_reporter ON bug_reports (reporter_id, id);
CREATE INDEX bug_reports_by_status ON bug_reports (status, id);
CREATE INDEX bug_reports_by_guest ON bug_reports (guest) WHERE guest IS NOT NULL;
