package io.bitrouter.wire.control;

/**
 * The signed head of an audit log. Whoever keeps a copy elsewhere can later tell that rows were cut
 * off together with the head, which the log alone cannot show.
 *
 * @param seq number of the last row, 0 for an empty log
 * @param hash hash of the last row, in hex
 * @param sig Ed25519 signature in base64 over namespace id, 0, seq in decimal, 0, hash bytes
 * @param key public key of that signature in base64
 */
@ControlBody
public record AuditHead(long seq, String hash, String sig, String key) {}
