-- The library, version 1. SQLite 3.38 or later (json_each, FTS5).
-- Numbers (rowids) are never reused, so that a page's cursor and "the oldest copy" keep their meaning after deletions.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    revision TEXT NOT NULL,
    title TEXT NOT NULL,
    origin TEXT NOT NULL,
    ingested_at TEXT NOT NULL,
    source TEXT,
    url TEXT,
    published_at TEXT,
    language TEXT,
    tags TEXT NOT NULL,
    -- The original of a copy, never a copy itself. An exact copy has no chunks of its own, a near copy has.
    duplicate_of TEXT REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED,
    -- What filters compare: seconds since 1970 in UTC. A date without a time is the whole day, first to last moment.
    published_first REAL,
    published_last REAL,
    ingested_first REAL,
    source_folded TEXT,
    FOREIGN KEY (id, revision) REFERENCES revisions (article_id, revision) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX articles_by_revision ON articles (revision);
CREATE INDEX articles_by_source ON articles (source_folded);
CREATE INDEX articles_by_original ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- Append-only while the article lives: a citation of an old revision still resolves after an update.
CREATE TABLE revisions (
    article_id TEXT NOT NULL REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED,
    revision TEXT NOT NULL,
    ingested_at TEXT NOT NULL,
    cleaner TEXT NOT NULL,
    text TEXT NOT NULL,
    raw_text TEXT NOT NULL,
    UNIQUE (article_id, revision)
);

-- Chunks of current revisions. `title` repeats the article's, because the lexical index reads its content from here.
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED,
    revision TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    sentences BLOB NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (article_id, ordinal)
);

-- Hashes of what an article with chunks says: one that shares any of them may be a near copy. `bands` lists them again,
-- so that those of an article that goes are found without an index.
CREATE TABLE signatures (
    article INTEGER PRIMARY KEY REFERENCES articles (number) DEFERRABLE INITIALLY DEFERRED,
    bands BLOB NOT NULL
);
CREATE TABLE signature_bands (
    band INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (band, article)
) WITHOUT ROWID;

-- The days that sentences name, `start` and `end` in the article's text. The same words may have several readings
-- (08/11/2025). What names no day that is known ("yesterday" of an undated article) has no row.
CREATE TABLE sentence_dates (
    chunk INTEGER NOT NULL REFERENCES chunks (number) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    year_known INTEGER NOT NULL,
    -- Whether the time goes on before or after the named days: "since October 2022".
    open TEXT NOT NULL CHECK (open IN ('', 'earlier', 'later')),
    kind TEXT NOT NULL CHECK (kind IN ('absolute', 'partial', 'relative')),
    -- The date of the article's main event, as its opening states it.
    event INTEGER NOT NULL,
    PRIMARY KEY (chunk, start, end, first, last)
) WITHOUT ROWID;

-- Apart from the chunks, so that ranking by words does not read past kilobytes of floats.
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY REFERENCES chunks (number) ON DELETE CASCADE,
    chunk BLOB NOT NULL,
    sentences BLOB NOT NULL
);

CREATE VIRTUAL TABLE chunk_terms USING fts5 (
    title, text, content = 'chunks', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
);

-- The lexical index follows its content inside the same transaction, whichever statement changes it.
CREATE TRIGGER chunk_terms_insert AFTER INSERT ON chunks BEGIN
    INSERT INTO chunk_terms (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER chunk_terms_delete AFTER DELETE ON chunks BEGIN
    INSERT INTO chunk_terms (chunk_terms, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
END;
CREATE TRIGGER chunk_terms_update AFTER UPDATE OF title, text ON chunks BEGIN
    INSERT INTO chunk_terms (chunk_terms, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
    INSERT INTO chunk_terms (rowid, title, text) VALUES (new.number, new.title, new.text);
END;

-- What the vector store has not taken yet, in the order it happened.
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    chunk_id TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('upsert', 'delete'))
);
