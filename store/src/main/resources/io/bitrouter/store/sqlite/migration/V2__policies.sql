-- Policies, grouped usage, signed audit heads, kept answers.

ALTER TABLE namespace ADD COLUMN suspended_at BIGINT;

-- Ids of the keys above a key, nearest first, separated by spaces.
ALTER TABLE api_key ADD COLUMN ancestors TEXT NOT NULL DEFAULT '';
WITH RECURSIVE up (namespace_id, id, next_id, path) AS (
  SELECT namespace_id, id, parent_id, '' FROM api_key WHERE parent_id IS NOT NULL
  UNION ALL
  SELECT u.namespace_id, u.id, p.parent_id, trim(u.path || ' ' || u.next_id)
  FROM up u JOIN api_key p ON p.namespace_id = u.namespace_id AND p.id = u.next_id
)
UPDATE api_key SET ancestors = up.path FROM up
WHERE up.next_id IS NULL AND api_key.namespace_id = up.namespace_id AND api_key.id = up.id;

-- Ids of the namespaces that an operator credential sees, separated by spaces; * is all.
ALTER TABLE operator_credential ADD COLUMN reach TEXT NOT NULL DEFAULT '*';

-- Id of the credential that issued it and takes it along when it is revoked; NULL for the host's own.
ALTER TABLE operator_credential ADD COLUMN issued_by TEXT;

-- The node's signature; NULL only until the store is opened after this migration.
ALTER TABLE audit_head ADD COLUMN sig BLOB;

CREATE TABLE policy (
  namespace_id TEXT   NOT NULL REFERENCES namespace (id),
  id           TEXT   NOT NULL,
  name         TEXT   NOT NULL,
  kind         TEXT   NOT NULL,
  spec         TEXT   NOT NULL,
  revision     BIGINT NOT NULL,
  locked       BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  disabled_at  BIGINT,
  PRIMARY KEY (namespace_id, id)
);
CREATE TABLE policy_binding (
  namespace_id   TEXT   NOT NULL,
  id             TEXT   NOT NULL,
  policy_id      TEXT   NOT NULL,
  principal_type TEXT   NOT NULL,
  principal_id   TEXT   NOT NULL,
  created_at     BIGINT NOT NULL,
  PRIMARY KEY (namespace_id, id),
  UNIQUE (namespace_id, policy_id, principal_type, principal_id),
  FOREIGN KEY (namespace_id, policy_id) REFERENCES policy (namespace_id, id) ON DELETE CASCADE
);
-- Lifetime spend of a principal when its first total budget was bound; never changed afterwards.
CREATE TABLE spend_baseline (
  namespace_id   TEXT   NOT NULL REFERENCES namespace (id),
  principal_type TEXT   NOT NULL,
  principal_id   TEXT   NOT NULL,
  nano_usd       BIGINT NOT NULL,
  PRIMARY KEY (namespace_id, principal_type, principal_id)
);

-- Sealed answers to changes asked for with an idempotency key; an operator's are of 'node'.
CREATE TABLE kept_answer (
  namespace_id  TEXT   NOT NULL,
  credential_id TEXT   NOT NULL,
  name_hash     BLOB   NOT NULL,
  request_hash  BLOB   NOT NULL,
  sealed        BLOB   NOT NULL,
  expires_at    BIGINT NOT NULL,
  PRIMARY KEY (namespace_id, credential_id, name_hash)
);
CREATE INDEX kept_answer_end ON kept_answer (expires_at);

-- Pairs of model and provider, each empty when a row has none. A row that carries its shape itself
-- has the negative number of its pair instead of a shape's.
CREATE TABLE model_ref (
  id          INTEGER PRIMARY KEY,
  model_id    TEXT NOT NULL,
  provider_id TEXT NOT NULL,
  UNIQUE (model_id, provider_id)
);
INSERT INTO model_ref (model_id, provider_id)
  SELECT DISTINCT coalesce(model_id, ''), coalesce(provider_id, '') FROM row_shape;
ALTER TABLE row_shape ADD COLUMN model_ref INTEGER NOT NULL DEFAULT 0;
UPDATE row_shape SET model_ref = m.id FROM model_ref m
WHERE m.model_id = coalesce(row_shape.model_id, '')
  AND m.provider_id = coalesce(row_shape.provider_id, '');

-- Sums of the rows up to key_total_upto, by quarter hour, key and model: what grouped usage is
-- answered from, together with the later rows.
CREATE TABLE usage_key_15m (
  ns                INTEGER NOT NULL,
  slot              BIGINT  NOT NULL,
  key_ref           INTEGER NOT NULL,
  model_ref         INTEGER NOT NULL,
  nano_usd          BIGINT  NOT NULL,
  micro_usd         BIGINT  NOT NULL,
  prompt_tokens     BIGINT  NOT NULL,
  completion_tokens BIGINT  NOT NULL,
  request_count     BIGINT  NOT NULL,
  denied_count      BIGINT  NOT NULL,
  PRIMARY KEY (ns, slot, key_ref, model_ref)
) WITHOUT ROWID;
INSERT INTO usage_key_15m
  SELECT q.ns, q.ts / 900000, q.key_ref, coalesce(s.model_ref, 0), sum(q.nano_usd),
    sum(q.micro_usd), sum(q.prompt_tokens), sum(q.completion_tokens), sum(q.status <> 0),
    sum(CASE q.status WHEN 0 THEN q.repeats ELSE 0 END)
  FROM request_row q LEFT JOIN row_shape s ON s.id = q.shape
  WHERE q.id <= (SELECT row_id FROM key_total_upto)
  GROUP BY 1, 2, 3, 4;

-- Rows whose charge is not known until somebody says it. The bytes of a detail that tell so are
-- its version and the third byte of its bits, see RowDetail.
CREATE TABLE indeterminate_row (
  id INTEGER PRIMARY KEY REFERENCES request_row (id)
);
INSERT INTO indeterminate_row (id)
  SELECT id FROM request_row
  WHERE status = 2 AND shape > 0 AND hex(substr(detail, 1, 3)) GLOB '01[89A-F]?[89A-F]?'
    AND hex(substr(detail, 4, 1)) BETWEEN '10' AND '17';
