-- Every shared entity is a row: its document, and the few columns that lists are filtered by.
CREATE TABLE entities (
    kind    TEXT    NOT NULL, -- the plural of the kind, such as "organisations"
    id      TEXT    NOT NULL,
    sort    TEXT,             -- the sort of organisation, resource or program
    names   TEXT    NOT NULL, -- its name in every language, in small letters, a line each
    version INTEGER NOT NULL CHECK (version > 0),
    body    TEXT    NOT NULL CHECK (json_valid(body)),
    PRIMARY KEY (kind, id)
) STRICT;

-- The cities that an entity belongs to: one, or each that takes part in a program or a fund.
CREATE TABLE entity_cities (
    kind TEXT NOT NULL,
    city TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (kind, city, id),
    FOREIGN KEY (kind, id) REFERENCES entities (kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX entity_cities_by_entity ON entity_cities (kind, id);

-- What the store knows of itself.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
