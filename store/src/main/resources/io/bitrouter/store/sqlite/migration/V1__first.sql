-- Times are microseconds since the epoch, UTC, except request_row.ts (milliseconds) and
-- usage_15m.slot (quarter hours). Money says its unit in its name. Ids are text.

CREATE TABLE namespace (
  id         TEXT   NOT NULL PRIMARY KEY,
  owner_id   TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX namespace_live_name ON namespace (owner_id, name) WHERE deleted_at IS NULL;

CREATE TABLE api_key (
  namespace_id    TEXT   NOT NULL REFERENCES namespace (id),
  id              TEXT   NOT NULL,
  name            TEXT   NOT NULL,
  scopes          TEXT   NOT NULL,
  parent_id       TEXT,
  root_id         TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT,
  revoked_at      BIGINT,
  last_used_at    BIGINT,
  created_by_kind TEXT   NOT NULL,
  created_by_id   TEXT   NOT NULL,
  PRIMARY KEY (namespace_id, id),
  FOREIGN KEY (namespace_id, parent_id) REFERENCES api_key (namespace_id, id)
);
CREATE INDEX api_key_parent ON api_key (namespace_id, parent_id);

-- What is kept of a key's one or two secrets.
CREATE TABLE key_verifier (
  namespace_id TEXT NOT NULL,
  key_id       TEXT NOT NULL,
  token_id     TEXT NOT NULL UNIQUE,
  mac          BLOB NOT NULL,
  pepper_id    TEXT NOT NULL,
  not_after    BIGINT,
  PRIMARY KEY (namespace_id, key_id, token_id),
  FOREIGN KEY (namespace_id, key_id) REFERENCES api_key (namespace_id, id) ON DELETE CASCADE
);

CREATE TABLE operator_credential (
  id         TEXT   NOT NULL PRIMARY KEY,
  name       TEXT   NOT NULL,
  scopes     TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  token_id   TEXT   NOT NULL UNIQUE,
  mac        BLOB   NOT NULL,
  pepper_id  TEXT   NOT NULL,
  not_after  BIGINT
);

-- One chain of hashes per namespace; rows are only ever added.
CREATE TABLE audit (
  namespace_id TEXT   NOT NULL REFERENCES namespace (id),
  seq          BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  actor_kind   TEXT   NOT NULL,
  actor_id     TEXT   NOT NULL,
  action       TEXT   NOT NULL,
  target_kind  TEXT   NOT NULL,
  target_id    TEXT   NOT NULL,
  state_before TEXT   NOT NULL,
  state_after  TEXT   NOT NULL,
  ip           TEXT   NOT NULL,
  request_id   TEXT   NOT NULL,
  prev_hash    BLOB   NOT NULL,
  hash         BLOB   NOT NULL,
  PRIMARY KEY (namespace_id, seq)
);
CREATE TABLE audit_head (
  namespace_id TEXT   NOT NULL PRIMARY KEY REFERENCES namespace (id),
  seq          BIGINT NOT NULL,
  hash         BLOB   NOT NULL
);

-- Small integers that stand for long texts in request rows. They outlive what they name, so that
-- rows stay readable after a namespace or a key is gone.
CREATE TABLE namespace_ref (
  id           INTEGER PRIMARY KEY,
  namespace_id TEXT NOT NULL UNIQUE
);
-- root_key_id is empty for a key that is the root of its lineage.
CREATE TABLE key_ref (
  id          INTEGER PRIMARY KEY,
  ns          INTEGER NOT NULL REFERENCES namespace_ref (id),
  key_id      TEXT    NOT NULL,
  root_key_id TEXT    NOT NULL,
  UNIQUE (ns, key_id, root_key_id)
);
-- Totals of a key's charges, by the key's integer, over the rows up to key_total_upto. A key's total
-- is this and the sum of the later rows: folding some ten thousand rows at once changes far fewer
-- pages than folding every batch.
CREATE TABLE key_total (
  id        INTEGER PRIMARY KEY,
  nano_usd  BIGINT  NOT NULL,
  micro_usd BIGINT  NOT NULL
);
CREATE TABLE key_total_upto (
  id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  row_id BIGINT  NOT NULL
);
INSERT INTO key_total_upto (id, row_id) VALUES (1, 0);
-- The combinations of protocol, model, provider and price table that occur; see RowShape.
CREATE TABLE row_shape (
  id                INTEGER PRIMARY KEY,
  protocol          TEXT NOT NULL,
  upstream_protocol TEXT,
  model_id          TEXT,
  upstream_model    TEXT,
  provider_id       TEXT,
  price_version     TEXT NOT NULL
);

-- One authenticated request each; docs/decisions/0004 tells why it looks like this.
CREATE TABLE request_row (
  id                INTEGER PRIMARY KEY,
  ns                INTEGER NOT NULL,
  ts                BIGINT  NOT NULL,
  request_id        BLOB    NOT NULL,
  key_ref           INTEGER NOT NULL,
  shape             INTEGER NOT NULL,
  status            INTEGER NOT NULL,
  repeats           BIGINT  NOT NULL,
  prompt_tokens     BIGINT  NOT NULL,
  completion_tokens BIGINT  NOT NULL,
  nano_usd          BIGINT  NOT NULL,
  micro_usd         BIGINT  NOT NULL,
  detail            BLOB    NOT NULL
);
CREATE INDEX request_row_time ON request_row (ns, ts);

CREATE TABLE usage_15m (
  ns                INTEGER NOT NULL,
  slot              BIGINT  NOT NULL,
  micro_usd         BIGINT  NOT NULL,
  prompt_tokens     BIGINT  NOT NULL,
  completion_tokens BIGINT  NOT NULL,
  request_count     BIGINT  NOT NULL,
  denied_count      BIGINT  NOT NULL,
  PRIMARY KEY (ns, slot)
);

-- Up to where the journal is in the tables above; changed in the transaction that adds the rows.
CREATE TABLE journal_position (
  id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  segment     BIGINT  NOT NULL,
  byte_offset BIGINT  NOT NULL
);
INSERT INTO journal_position (id, segment, byte_offset) VALUES (1, 0, 0);
