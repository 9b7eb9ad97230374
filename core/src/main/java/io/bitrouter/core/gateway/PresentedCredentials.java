package io.bitrouter.core.gateway;

import java.util.ArrayList;
import java.util.List;

/** Collects every credential a request carries, whichever header its client library uses. */
public final class PresentedCredentials {

  private static final String BEARER = "bearer ";
  private static final List<String> KEY_HEADERS = List.of("x-api-key", "x-goog-api-key", "api-key");

  private PresentedCredentials() {}

  /**
   * The values of {@code Authorization: Bearer}, {@code x-api-key}, {@code x-goog-api-key} and
   * {@code api-key}, in this order, and of the query parameter {@code key} where Gemini's clients
   * send it: on the paths of that protocol alone.
   */
  public static List<String> in(ClientExchange client) {
    HeaderFields headers = client.headers();
    List<String> presented = new ArrayList<>(2);
    for (String value : headers.all("authorization")) {
      if (value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
        presented.add(value.substring(BEARER.length()).strip());
      }
    }
    for (String name : KEY_HEADERS) {
      for (String value : headers.all(name)) {
        presented.add(value.strip());
      }
    }
    if (ofGemini(client.path())) {
      presented.addAll(client.queries("key"));
    }
    return presented;
  }

  private static boolean ofGemini(String path) {
    return path.contains("/v1beta/")
        || path.startsWith("/v1/models/") && path.indexOf(':') > path.lastIndexOf('/');
  }
}
