package io.bitrouter.core.gateway;

import java.net.URI;
import java.util.List;

/**
 * A call to an upstream: always a POST of JSON.
 *
 * @param uri where to
 * @param headers all headers but framing and {@code host}, the account's key included; never
 *     printed
 * @param body the body
 */
public record UpstreamRequest(URI uri, List<HeaderField> headers, byte[] body) {
  @Override
  public String toString() {
    return "POST " + uri;
  }
}
