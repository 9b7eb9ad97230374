package io.bitrouter.it.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is measured how.
 *
 * @param bufferedPerSecond requests a second of the buffered legs
 * @param streamsPerSecond requests a second of the streamed legs
 * @param seconds length of a measurement
 * @param warmUpSeconds load before it, not measured
 * @param upstreamMillis how long the upstream takes to its first byte
 * @param chunks chunks of a stream
 * @param chunkMillis time between two of them
 * @param bodyBytes length of a request's body
 * @param pairSeconds length of one run of the comparison with nginx
 * @param pairs such runs of each
 */
record Settings(
    int bufferedPerSecond,
    int streamsPerSecond,
    int seconds,
    int warmUpSeconds,
    int upstreamMillis,
    int chunks,
    int chunkMillis,
    int bodyBytes,
    int pairSeconds,
    int pairs) {

  /** The form whose figures count. */
  static Settings full() {
    return new Settings(1_000, 200, 60, 30, 300, 50, 10, 2_015, 5, 9);
  }

  /** A short form, to see whether something has become much worse. */
  static Settings quick() {
    return new Settings(1_000, 200, 10, 12, 300, 50, 10, 2_015, 2, 9);
  }

  Map<String, Object> json() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("buffered_per_second", bufferedPerSecond);
    members.put("streams_per_second", streamsPerSecond);
    members.put("seconds", seconds);
    members.put("warm_up_seconds", warmUpSeconds);
    members.put("upstream_ms", upstreamMillis);
    members.put("chunks", chunks);
    members.put("chunk_ms", chunkMillis);
    members.put("body_bytes", bodyBytes);
    members.put("pair_seconds", pairSeconds);
    members.put("pairs", pairs);
    return members;
  }
}
