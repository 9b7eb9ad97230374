package io.bitrouter.core.gateway;

import static java.util.Comparator.comparingInt;

import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A vault for each namespace, in memory: 4 MiB and two hours each, the oldest goes first; when all
 * together hold more than 32 MiB, the oldest of the namespace that holds most. What is kept is
 * sealed with AES-256-GCM under a key that lives as long as the process, and opens only for the
 * namespace and the name it was kept under. Thread-safe.
 */
public final class SignatureVaults {

  private static final long LIFE = TimeUnit.HOURS.toNanos(2);
  private static final int BYTES_A_NAMESPACE = 4 << 20;
  private static final long BYTES_IN_ALL = 32 << 20;
  private static final int LARGEST = 512 << 10;
  private static final int LONGEST_ID = 256;

  /** What an entry takes beside its bytes and its name, about. */
  private static final int ENTRY_BYTES = 128;

  private static final byte[] NOTHING = {};
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Map<NamespaceId, Vault> vaults = new ConcurrentHashMap<>();
  private final AtomicLong heldInAll = new AtomicLong();
  private final SecretKeySpec key;
  private final Ticker ticker;
  private final RandomGenerator random;

  /**
   * Empty vaults.
   *
   * @param random a cryptographically strong source
   */
  public SignatureVaults(Ticker ticker, RandomGenerator random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "AES");
    this.ticker = ticker;
    this.random = random;
  }

  /** The vault of {@code namespace}. */
  public SignatureVault of(NamespaceId namespace) {
    return vaults.computeIfAbsent(namespace, Vault::new);
  }

  /** Forgets everybody's that is too old; called every minute or so. */
  public void sweep() {
    long now = ticker.nanos();
    vaults.values().forEach(vault -> vault.forgetOldest(BYTES_A_NAMESPACE, now));
  }

  /** Has who holds most hold less, so that nobody's many keep out another's few. */
  private void makeRoom() {
    while (heldInAll.get() > BYTES_IN_ALL) {
      Vault fullest = vaults.values().stream().max(comparingInt(Vault::held)).orElseThrow();
      fullest.forgetOldest(Math.max(0, fullest.held() - LARGEST), ticker.nanos());
    }
  }

  private record Sealed(byte[] bytes, int size, long keptAt) {}

  private final class Vault implements SignatureVault {
    private final NamespaceId namespace;
    private final Map<String, Sealed> entries = new LinkedHashMap<>();
    private int held;

    Vault(NamespaceId namespace) {
      this.namespace = namespace;
    }

    @Override
    public void keep(String callId, byte[] value) {
      if (callId.length() <= LONGEST_ID) {
        put("call " + callId, value);
      }
    }

    @Override
    public Optional<byte[]> find(String callId) {
      return get("call " + callId);
    }

    @Override
    public void obtained(ProviderId provider, String object) {
      if (object.length() <= LONGEST_ID) {
        put(nameOf(provider, object), NOTHING);
      }
    }

    @Override
    public boolean hasObtained(ProviderId provider, String object) {
      return get(nameOf(provider, object)).isPresent();
    }

    private static String nameOf(ProviderId provider, String object) {
      return "object " + provider.text() + " " + object;
    }

    private void put(String name, byte[] value) {
      if (value.length > LARGEST) {
        return;
      }
      byte[] nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      byte[] sealed = new byte[NONCE_BYTES + value.length + TAG_BITS / 8];
      System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
      try {
        cipher(Cipher.ENCRYPT_MODE, nonce, name)
            .doFinal(value, 0, value.length, sealed, NONCE_BYTES);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the platform cannot seal with AES-GCM", e);
      }
      synchronized (this) {
        long now = ticker.nanos();
        int size = sealed.length + name.length() + ENTRY_BYTES;
        forget(entries.remove(name));
        entries.put(name, new Sealed(sealed, size, now));
        held += size;
        heldInAll.addAndGet(size);
        forgetOldest(BYTES_A_NAMESPACE, now);
      }
      makeRoom();
    }

    /** Forgets what is too old, and the oldest of the rest until it holds at most so much. */
    private synchronized void forgetOldest(long most, long now) {
      Iterator<Sealed> oldest = entries.values().iterator();
      while (oldest.hasNext()) {
        Sealed next = oldest.next();
        if (held <= most && now - next.keptAt() <= LIFE) {
          return;
        }
        forget(next);
        oldest.remove();
      }
    }

    private synchronized int held() {
      return held;
    }

    private Optional<byte[]> get(String name) {
      Sealed found;
      synchronized (this) {
        found = entries.get(name);
      }
      if (found == null || ticker.nanos() - found.keptAt() > LIFE) {
        return Optional.empty();
      }
      byte[] bytes = found.bytes();
      byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      try {
        return Optional.of(
            cipher(Cipher.DECRYPT_MODE, nonce, name)
                .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
      } catch (GeneralSecurityException e) {
        return Optional.empty();
      }
    }

    private void forget(@Nullable Sealed entry) {
      int size = entry == null ? 0 : entry.size();
      held -= size;
      heldInAll.addAndGet(-size);
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD((namespace.text() + "\0" + name).getBytes(StandardCharsets.UTF_8));
      return cipher;
    }
  }
}
