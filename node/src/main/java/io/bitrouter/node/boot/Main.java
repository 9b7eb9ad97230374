package io.bitrouter.node.boot;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs a node in the foreground until it is told to end: {@code serve [--listen HOST:PORT]}. */
public final class Main {

  private Main() {}

  /** Exit status 0 after an orderly end, 1 when the node could not start, 2 for wrong arguments. */
  public static void main(String[] args) throws InterruptedException {
    List<String> arguments = List.of(args);
    if (arguments.isEmpty() || !arguments.getFirst().equals("serve")) {
      System.err.println("usage: bitrouter serve [--listen HOST:PORT]");
      System.exit(2);
    }
    NodeOptions options = NodeOptions.ofThisProcess(arguments.subList(1, arguments.size()));
    CountDownLatch ended = new CountDownLatch(1);
    try {
      Node node = Node.start(options);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    node.close();
                    NodeLogging.stop();
                    ended.countDown();
                  },
                  "shutdown"));
      System.out.println(
          "BitRouter " + options.version() + " serves " + node.endpoint() + "; Ctrl-C stops it");
    } catch (StartException e) {
      System.err.println("bitrouter: " + e.getMessage());
      NodeLogging.stop();
      System.exit(1);
    }
    ended.await();
  }
}
