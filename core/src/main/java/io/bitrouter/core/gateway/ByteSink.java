package io.bitrouter.core.gateway;

/** Takes bytes that may go to the client now. */
@FunctionalInterface
public interface ByteSink {

  /** Takes {@code length} bytes of {@code bytes} from {@code offset}; copies what it keeps. */
  void write(byte[] bytes, int offset, int length);
}
