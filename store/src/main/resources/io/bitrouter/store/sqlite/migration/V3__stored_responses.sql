-- Answers that namespaces have the node store.

-- Since when responses are stored; NULL where they are not.
ALTER TABLE namespace ADD COLUMN responses_since BIGINT;

-- Sealed for the namespace and the id.
CREATE TABLE stored_response (
  namespace_id TEXT   NOT NULL REFERENCES namespace (id),
  response_id  TEXT   NOT NULL,
  key_id       TEXT   NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  bytes        BIGINT NOT NULL,
  sealed       BLOB   NOT NULL,
  PRIMARY KEY (namespace_id, response_id)
);
-- What the sum of a namespace's bytes is taken from.
CREATE INDEX stored_response_age ON stored_response (namespace_id, created_at, response_id, bytes);
CREATE INDEX stored_response_end ON stored_response (expires_at);
