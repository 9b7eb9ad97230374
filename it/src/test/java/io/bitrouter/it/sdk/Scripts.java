package io.bitrouter.it.sdk;

import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.UpstreamScript;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What upstreams answer, each in the protocol in which it is asked, streamed or whole. */
final class Scripts {

  private static final Duration DRIP = Duration.ofNanos(200_000);

  private Scripts() {}

  /** This answer. */
  static Function<RecordedRequest, UpstreamScript> answering(Answer answer) {
    return request -> {
      Vendor vendor = Vendor.of(request);
      return vendor.streamed(request)
          ? stream(vendor.format().events(answer, vendor.model()))
          : UpstreamScript.body("application/json", vendor.format().whole(answer, vendor.model()));
    };
  }

  /** This answer, so slowly that it does not end within a test. */
  static Function<RecordedRequest, UpstreamScript> dripping() {
    Answer endless = Answer.saying("word ".repeat(2_000));
    return request -> answering(endless).apply(request).dripping(DRIP);
  }

  /** A stream that says something and then that it has failed. */
  static Function<RecordedRequest, UpstreamScript> breaking(String message) {
    return request -> {
      Format format = Vendor.of(request).format();
      List<String> events = format.events(Answer.saying("some words "), "m");
      int said = (int) events.stream().takeWhile(event -> !event.contains("words")).count();
      List<String> broken = new ArrayList<>(events.subList(0, said));
      broken.add(format.errorEvent(message));
      return stream(broken);
    };
  }

  /** A refusal. */
  static Function<RecordedRequest, UpstreamScript> refusing(int status, String message) {
    return request -> {
      byte[] body =
          Vendor.of(request).format().error(status, message).getBytes(StandardCharsets.UTF_8);
      return raw(
          "HTTP/1.1 %d Refused\r\ncontent-type: application/json\r\nretry-after: 0\r\ncontent-length: %d"
              .formatted(status, body.length),
          body);
    };
  }

  private static UpstreamScript stream(List<String> events) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String event : events) {
      byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
      body.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
      body.writeBytes(bytes);
      body.writeBytes(ascii("\r\n"));
    }
    body.writeBytes(ascii("0\r\n\r\n"));
    return raw(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked",
        body.toByteArray());
  }

  private static UpstreamScript raw(String head, byte[] body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(ascii(head + "\r\nconnection: close\r\n\r\n"));
    all.writeBytes(body);
    return UpstreamScript.raw(all.toByteArray());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
