package io.bitrouter.cli;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * While this is open, signals do not end the program at once, so that it outlives a child on the
 * same terminal. The terminal gives Ctrl-C to the child as well, whose business it is: nothing
 * happens here. Being told to end runs an action instead.
 */
final class Signals implements AutoCloseable {
  private final Map<String, Object> before = new LinkedHashMap<>();

  /** Opens it; {@code end} runs on another thread, possibly more than once. */
  Signals(Runnable end) {
    set("INT", () -> {});
    set("TERM", end);
    set("HUP", end);
  }

  private void set(String name, Runnable action) {
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      before.put(name, handle(name, handler));
    } catch (ReflectiveOperationException e) {
      // A virtual machine without this interface, or told to leave signals alone, does as always.
    }
  }

  /** By reflection, for javac cannot be kept from warning of this interface, the only one. */
  private static Object handle(String name, Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    return signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
  }

  @Override
  public void close() {
    before.forEach((name, handler) -> {
      try {
        handle(name, handler);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    });
  }
}
