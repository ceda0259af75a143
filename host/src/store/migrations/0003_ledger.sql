-- The ledger: double entry, append only. A transfer takes an amount from one account of a purse to another, so that
-- every debit has its credit.

-- A purse is a city's part of a fund or a voucher; it has an account for each stage that money passes through.
CREATE TABLE accounts (
    id       INTEGER NOT NULL PRIMARY KEY,
    purse    TEXT    NOT NULL, -- funds/FUND/CITY or vouchers/VOUCHER
    stage    TEXT    NOT NULL
        CHECK (stage IN ('source', 'available', 'reserved', 'committed', 'paid', 'expired')),
    currency TEXT    NOT NULL,
    balance  INTEGER NOT NULL DEFAULT 0, -- minor units; the sum of its transfers, kept by a trigger
    UNIQUE (purse, stage),
    -- Nobody spends what is not there, whoever asks at once.
    CONSTRAINT never_below_nought CHECK (balance >= 0 OR stage = 'source')
) STRICT;

-- What was done, in the order in which it was committed.
CREATE TABLE entries (
    number      INTEGER NOT NULL PRIMARY KEY,
    at          TEXT    NOT NULL, -- RFC 3339, in UTC
    by          TEXT    NOT NULL, -- who did it
    what        TEXT    NOT NULL, -- such as "state", "submit", "commit", "pay"
    application INTEGER          -- the application that it was done to, if one
        REFERENCES applications (sequence) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE transfers (
    number       INTEGER NOT NULL PRIMARY KEY,
    entry        INTEGER NOT NULL REFERENCES entries (number),
    from_account INTEGER NOT NULL REFERENCES accounts (id),
    to_account   INTEGER NOT NULL REFERENCES accounts (id),
    minor        INTEGER NOT NULL CHECK (minor > 0),
    CHECK (from_account <> to_account)
) STRICT;

CREATE INDEX transfers_by_entry ON transfers (entry);

CREATE TRIGGER transfers_stay_in_a_purse BEFORE INSERT ON transfers
WHEN EXISTS (
    SELECT 1 FROM accounts AS source JOIN accounts AS target
    ON (target.purse, target.currency) <> (source.purse, source.currency)
    WHERE source.id = NEW.from_account AND target.id = NEW.to_account)
BEGIN
    SELECT RAISE(ABORT, 'a transfer stays in one purse and currency');
END;

CREATE TRIGGER transfers_move_money AFTER INSERT ON transfers
BEGIN
    UPDATE accounts SET balance = balance - NEW.minor WHERE id = NEW.from_account;
    UPDATE accounts SET balance = balance + NEW.minor WHERE id = NEW.to_account;
END;

CREATE TRIGGER transfers_are_not_changed BEFORE UPDATE ON transfers
BEGIN
    SELECT RAISE(ABORT, 'a transfer is not changed');
END;

CREATE TRIGGER transfers_are_not_removed BEFORE DELETE ON transfers
BEGIN
    SELECT RAISE(ABORT, 'a transfer is not removed');
END;

CREATE TRIGGER entries_are_not_changed BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'an entry is not changed');
END;

CREATE TRIGGER entries_are_not_removed BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'an entry is not removed');
END;

CREATE TRIGGER accounts_are_not_removed BEFORE DELETE ON accounts
BEGIN
    SELECT RAISE(ABORT, 'an account is not removed');
END;

CREATE TRIGGER accounts_keep_their_purse BEFORE UPDATE OF id, purse, stage, currency ON accounts
BEGIN
    SELECT RAISE(ABORT, 'an account stays what it is');
END;

-- Long texts of one kind are much alike. Each is kept as what sets it apart from one of these: a frame of Zstandard
-- (RFC 8878) with the pattern as its dictionary.
CREATE TABLE patterns (
    number INTEGER NOT NULL PRIMARY KEY,
    kind   TEXT    NOT NULL, -- receipts/PROGRAM, answers/PROGRAM, or long for those that go by nothing
    text   TEXT    NOT NULL
) STRICT;

CREATE INDEX patterns_by_kind ON patterns (kind, number);

CREATE TRIGGER patterns_are_not_changed BEFORE UPDATE ON patterns
BEGIN
    SELECT RAISE(ABORT, 'a pattern is not changed');
END;

CREATE TRIGGER patterns_are_not_removed BEFORE DELETE ON patterns
BEGIN
    SELECT RAISE(ABORT, 'a pattern is not removed');
END;

-- Signatures of receipts: of all that were recorded together, one.
CREATE TABLE signatures (
    number INTEGER NOT NULL PRIMARY KEY,
    text   TEXT    NOT NULL -- a JWS (RFC 7515) whose payload is a JSON array of the receipts' digests
) STRICT;

CREATE TRIGGER signatures_are_not_changed BEFORE UPDATE ON signatures
BEGIN
    SELECT RAISE(ABORT, 'a signature is not changed');
END;

CREATE TRIGGER signatures_are_not_removed BEFORE DELETE ON signatures
BEGIN
    SELECT RAISE(ABORT, 'a signature is not removed');
END;

-- Recorded decisions, a chain for each program: each receipt holds the digest of the one before it.
CREATE TABLE decisions (
    program     TEXT    NOT NULL,
    number      INTEGER NOT NULL CHECK (number > 0),
    id          TEXT    NOT NULL AS (program || '-d' || number) VIRTUAL,
    application INTEGER NOT NULL REFERENCES applications (sequence) DEFERRABLE INITIALLY DEFERRED,
    digest      TEXT    NOT NULL, -- of the receipt
    pattern     INTEGER NOT NULL REFERENCES patterns (number),
    receipt     BLOB    NOT NULL, -- canonical JSON (RFC 8785), by its pattern
    signature   INTEGER NOT NULL REFERENCES signatures (number),
    PRIMARY KEY (program, number)
) STRICT;

CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions
BEGIN
    SELECT RAISE(ABORT, 'a recorded decision is not changed');
END;

CREATE TRIGGER decisions_are_not_removed BEFORE DELETE ON decisions
BEGIN
    SELECT RAISE(ABORT, 'a recorded decision is not removed');
END;

-- Applications as they are now, and all that was ever done to them.
CREATE TABLE applications (
    sequence INTEGER NOT NULL PRIMARY KEY, -- in the order of submission, over all programs
    program  TEXT    NOT NULL,
    number   INTEGER NOT NULL CHECK (number > 0), -- in the order of submission to the program
    id       TEXT    NOT NULL AS (program || '-a' || number) VIRTUAL,
    state    TEXT    NOT NULL,
    body     TEXT    NOT NULL, -- JSON
    UNIQUE (program, number)
) STRICT;

CREATE INDEX applications_by_state ON applications (program, state, number);

CREATE TABLE events (
    application INTEGER NOT NULL REFERENCES applications (sequence),
    number      INTEGER NOT NULL CHECK (number > 0),
    entry       INTEGER REFERENCES entries (number), -- where money moved
    body        TEXT    NOT NULL, -- JSON
    PRIMARY KEY (application, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'an event is not changed');
END;

CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'an event is not removed');
END;

-- What was answered to a request that had an Idempotency-Key.
CREATE TABLE answers (
    scope       TEXT    NOT NULL, -- the route
    key         TEXT    NOT NULL,
    digest      TEXT    NOT NULL, -- of the request's body
    status      INTEGER NOT NULL,
    application INTEGER NOT NULL REFERENCES applications (sequence) DEFERRABLE INITIALLY DEFERRED,
    language    TEXT    NOT NULL, -- of the body
    pattern     INTEGER NOT NULL REFERENCES patterns (number),
    body        BLOB    NOT NULL, -- JSON, by its pattern
    at          TEXT    NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;

CREATE TRIGGER answers_are_not_changed BEFORE UPDATE ON answers
BEGIN
    SELECT RAISE(ABORT, 'an answer is not changed');
END;

CREATE TRIGGER answers_are_not_removed BEFORE DELETE ON answers
BEGIN
    SELECT RAISE(ABORT, 'an answer is not removed');
END;

CREATE TRIGGER applications_are_not_removed BEFORE DELETE ON applications
BEGIN
    SELECT RAISE(ABORT, 'an application is not removed');
END;
