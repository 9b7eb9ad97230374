package io.bitrouter.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressBookTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int host = 1;
  private final AddressBook book =
      new AddressBook(
          name -> {
            asked.incrementAndGet();
            if (host == 0) {
              throw new UnknownHostException(name);
            }
            return new InetAddress[] {
              InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host})
            };
          },
          new Ticker() {
            @Override
            public long epochMicros() {
              return 0;
            }

            @Override
            public long nanos() {
              return now.get();
            }
          });

  @AfterEach
  void close() {
    book.close();
  }

  @Test
  void aFoundNameIsRememberedThenRefreshedBehindTheBack() throws Exception {
    assertThat(resolve()).isEqualTo("127.0.0.1");
    host = 2;
    pass(29);
    assertThat(resolve()).isEqualTo("127.0.0.1");
    assertThat(asked).hasValue(1);
    pass(2);
    assertThat(resolve()).isEqualTo("127.0.0.1");
    Awaitility.await().until(() -> resolve().equals("127.0.0.2"));
    assertThat(asked).hasValue(2);
    pass(61);
    host = 3;
    assertThat(resolve()).isEqualTo("127.0.0.3");
  }

  @Test
  void anUnknownNameIsAskedForAgainAfterTwoSeconds() throws Exception {
    host = 0;
    assertThat(resolve()).isEqualTo("none");
    assertThat(resolve()).isEqualTo("none");
    assertThat(asked).hasValue(1);
    host = 1;
    pass(3);
    assertThat(resolve()).isEqualTo("127.0.0.1");
  }

  @Test
  void oldAddressesStayInUseWhileLookingUpFails() throws Exception {
    assertThat(resolve()).isEqualTo("127.0.0.1");
    host = 0;
    pass(120);
    assertThat(resolve()).isEqualTo("127.0.0.1");
    pass(1);
    assertThat(resolve()).isEqualTo("127.0.0.1");
    pass(300);
    assertThat(resolve()).isEqualTo("none");
  }

  private String resolve() throws Exception {
    CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
    book.resolve("name", found::complete);
    List<InetAddress> addresses = found.get(5, TimeUnit.SECONDS);
    return addresses.isEmpty() ? "none" : addresses.getFirst().getHostAddress();
  }

  private void pass(int seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
