package io.bitrouter.node.boot;

import io.bitrouter.core.store.AuditSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The node's key for heads of audit logs (Ed25519), kept in the home as two lines of base64: the
 * private key as PKCS #8, the public one as X.509. Thread-safe.
 */
final class AuditKey implements AuditSigner {

  private static final String ALGORITHM = "Ed25519";

  /** An Ed25519 public key is the last 32 bytes of its X.509 form (RFC 8410). */
  private static final int RAW_BYTES = 32;

  private final PrivateKey secret;
  private final PublicKey open;

  private AuditKey(PrivateKey secret, PublicKey open) {
    this.secret = secret;
    this.open = open;
  }

  /** Reads the key of this home, or makes one. */
  static AuditKey of(NodeHome home) throws StartException {
    Path file = home.secret("audit.ed25519");
    try {
      if (!Files.exists(file)) {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        Base64.Encoder text = Base64.getEncoder();
        String lines =
            text.encodeToString(pair.getPrivate().getEncoded())
                + "\n"
                + text.encodeToString(pair.getPublic().getEncoded())
                + "\n";
        home.write(file, lines.getBytes(StandardCharsets.US_ASCII));
      }
      List<String> lines = Files.readAllLines(file);
      KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
      Base64.Decoder text = Base64.getDecoder();
      return new AuditKey(
          keys.generatePrivate(new PKCS8EncodedKeySpec(text.decode(lines.get(0)))),
          keys.generatePublic(new X509EncodedKeySpec(text.decode(lines.get(1)))));
    } catch (IOException
        | GeneralSecurityException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw new StartException(
          file
              + " is not readable as a key; restore it from a backup, or remove it and existing"
              + " signatures of audit logs can no longer be checked",
          e);
    }
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform signs with " + ALGORITHM, e);
    }
  }

  @Override
  public boolean verifies(byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(open);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      // What is malformed was not signed by this key.
      return false;
    }
  }

  @Override
  public byte[] publicKey() {
    byte[] encoded = open.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
  }
}
