CREATE TABLE schedules (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    topic TEXT NOT NULL,
    cron TEXT NOT NULL,
    zone TEXT NOT NULL,
    created_at TEXT NOT NULL,
    window_hours INTEGER,
    max_words INTEGER,
    sources TEXT NOT NULL,
    formats TEXT NOT NULL,
    targets TEXT NOT NULL,
    handled_until TEXT NOT NULL,
    covered_until TEXT,
    told TEXT,
    attempted_due TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at TEXT
);
CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    schedule TEXT NOT NULL REFERENCES schedules (name) ON DELETE CASCADE,
    due TEXT NOT NULL,
    started_at TEXT NOT NULL,
    state TEXT NOT NULL,
    made_up INTEGER NOT NULL,
    by_hand INTEGER NOT NULL,
    finished_at TEXT,
    briefing_id TEXT,
    error TEXT
);
CREATE INDEX runs_of_schedule ON runs (schedule, number);
CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    schedule TEXT NOT NULL REFERENCES schedules (name) ON DELETE CASCADE,
    briefing_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    formats TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT,
    delivered_at TEXT,
    error TEXT
);
CREATE INDEX deliveries_of_schedule ON deliveries (schedule, number);
CREATE INDEX deliveries_waiting ON deliveries (next_attempt_at) WHERE state = 'waiting';
