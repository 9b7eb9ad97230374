package io.bitrouter.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a test class in which a buffer was lost. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  private static final int ROUNDS = 5;
  private static final int ALLOCATIONS = 200;

  private final Queue<String> reports = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            reports.add(event.getFormattedMessage());
          }
        }
      };

  @Override
  public void beforeAll(ExtensionContext context) {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    appender.start();
    logger().addAppender(appender);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // Leaks are found when lost buffers have been collected and new ones are allocated.
    for (int round = 0; round < ROUNDS; round++) {
      System.gc();
      for (int i = 0; i < ALLOCATIONS; i++) {
        ByteBufAllocator.DEFAULT.directBuffer(16).release();
      }
    }
    logger().detachAppender(appender);
    assertThat(reports).isEmpty();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  }
}
