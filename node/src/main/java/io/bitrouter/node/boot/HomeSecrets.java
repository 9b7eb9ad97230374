package io.bitrouter.node.boot;

import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.credential.Token;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.store.NodeView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The secrets that live in a node's home. Made on the first start, read on every other. */
record HomeSecrets(NodeHome home, SecureRandom random, Ticker ticker) {

  private static final int PEPPER_BYTES = 32;

  /**
   * The peppers: a line each, id and base64, the last one makes new verifiers.
   *
   * @param node the store, which has no namespace before the first start is done; later a lost
   *     pepper is not made anew, because every key would stop verifying
   */
  Peppers peppers(NodeView node) throws StartException {
    Path file = home.secret("pepper");
    try {
      if (!Files.exists(file) && node.namespaces().isEmpty()) {
        byte[] pepper = new byte[PEPPER_BYTES];
        random.nextBytes(pepper);
        String line = "p1 " + Base64.getEncoder().encodeToString(pepper) + "\n";
        home.write(file, line.getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(pepper, (byte) 0);
      }
      Map<String, Secret> byId = new LinkedHashMap<>();
      String current = "";
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split(" ", 2);
        byId.put(parts[0], Secret.of(Base64.getDecoder().decode(parts[1])));
        current = parts[0];
      }
      return new Peppers(byId, current);
    } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new StartException(
          file
              + " is missing or not readable as lines of '<id> <base64>'; restore it from a backup:"
              + " without it no key can be verified",
          e);
    }
  }

  /**
   * Makes sure that the host holds a root operator credential that the store knows: a new one on
   * the first start, when the file was lost, or when the one in it was revoked.
   */
  void rootOperator(NodeView node, Peppers peppers) throws StartException {
    Path file = home.secret("operator.token");
    try {
      Optional<Token> kept =
          Files.exists(file) ? Token.parse(Files.readString(file).strip()) : Optional.empty();
      Optional<OperatorRecord> known = kept.flatMap(token -> known(token, node));
      if (known.filter(operator -> operator.revokedAtMicros().isEmpty()).isPresent()) {
        return;
      }
      if (known.isPresent()) {
        kept = Optional.empty();
      }
      Token token = kept.orElseGet(() -> Token.generate(Token.Kind.OPERATOR, random));
      String line = token.whole().reveal() + "\n";
      home.write(file, line.getBytes(StandardCharsets.US_ASCII));
      long now = ticker.epochMicros();
      node.addOperator(
          new OperatorRecord(
              OperatorRecord.PREFIX + Ulid.next(now, random),
              OperatorRecord.ROOT,
              ScopeSet.of(Scope.OF_AN_OPERATOR),
              new Reach.Everything(),
              Optional.empty(),
              now,
              OptionalLong.empty(),
              OptionalLong.empty(),
              peppers.verifierForOperator(token)),
          Optional.empty());
    } catch (IOException e) {
      throw new StartException(file + " cannot be read or written: " + e.getMessage(), e);
    }
  }

  private static Optional<OperatorRecord> known(Token token, NodeView node) {
    return node.operators().stream()
        .filter(operator -> operator.verifier().tokenId().equals(token.tokenId()))
        .findFirst();
  }
}
