-- Rounds of selection as they came out, in the order in which they were recorded. Nothing is ever changed.
CREATE TABLE rounds (
    program  TEXT    NOT NULL,
    round    TEXT    NOT NULL,
    number   INTEGER NOT NULL CHECK (number > 0), -- from 1 for each round of a program
    recorded TEXT    NOT NULL,                    -- RFC 3339, in UTC
    body     TEXT    NOT NULL CHECK (json_valid(body)),
    PRIMARY KEY (program, round, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER rounds_are_not_changed BEFORE UPDATE ON rounds
BEGIN
    SELECT RAISE(ABORT, 'a recorded round is not changed');
END;

CREATE TRIGGER rounds_are_not_removed BEFORE DELETE ON rounds
BEGIN
    SELECT RAISE(ABORT, 'a recorded round is not removed');
END;
