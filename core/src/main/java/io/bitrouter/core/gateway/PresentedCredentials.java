package io.bitrouter.core.gateway;

import java.util.ArrayList;
import java.util.List;

/** Collects every credential a request carries, whichever header its client library uses. */
public final class PresentedCredentials {

  private static final String BEARER = "bearer ";

  private PresentedCredentials() {}

  /** The values of {@code Authorization: Bearer} and {@code x-api-key}, in this order. */
  public static List<String> in(HeaderFields headers) {
    List<String> presented = new ArrayList<>(2);
    for (String value : headers.all("authorization")) {
      if (value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
        presented.add(value.substring(BEARER.length()).strip());
      }
    }
    for (String value : headers.all("x-api-key")) {
      presented.add(value.strip());
    }
    return presented;
  }
}
