package io.bitrouter.it.bench;

/** Just enough of HTTP/1.1 to find where a message of a known peer ends. */
final class HttpBytes {

  private static final byte[] LENGTH = CheapAnswers.ascii("content-length:");

  private HttpBytes() {}

  /** Index after the empty line that ends the head, -1 when it is not there yet. */
  static int endOfHead(byte[] bytes, int end) {
    for (int i = 3; i < end; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  /** The content length in a head that ends at {@code end}, 0 without one. */
  static int contentLength(byte[] bytes, int end) {
    int at = indexOf(bytes, 0, end, LENGTH);
    if (at < 0) {
      return 0;
    }
    int length = 0;
    for (int i = at + LENGTH.length; i < end && bytes[i] != '\r'; i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        length = length * 10 + bytes[i] - '0';
      }
    }
    return length;
  }

  /** Where {@code wanted}, lower case, is in {@code bytes}, in any case; -1 when it is not. */
  static int indexOf(byte[] bytes, int from, int end, byte[] wanted) {
    for (int i = from; i <= end - wanted.length; i++) {
      int j = 0;
      while (j < wanted.length && lower(bytes[i + j]) == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}
