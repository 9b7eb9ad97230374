package io.bitrouter.it.sdk;

import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.UpstreamScript;
import io.bitrouter.testkit.UpstreamScript.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What upstreams answer, each in the protocol in which it is asked, streamed or whole. */
public final class Scripts {

  private static final String END = "0\r\n\r\n";

  private Scripts() {}

  /** This answer. */
  public static Function<RecordedRequest, UpstreamScript> answering(Answer answer) {
    return request -> {
      Vendor vendor = Vendor.of(request);
      return vendor.streamed(request)
          ? stream(vendor.format().events(answer, vendor.model()), END)
          : UpstreamScript.body("application/json", vendor.format().whole(answer, vendor.model()));
    };
  }

  /** A stream that says something and then nothing more, without an end. */
  static Function<RecordedRequest, UpstreamScript> hanging() {
    return request -> stream(beginning(request), "").failing(Fault.HANG);
  }

  /** A stream that says something and then that it has failed. */
  static Function<RecordedRequest, UpstreamScript> breaking(String message) {
    return request -> {
      List<String> events = new ArrayList<>(beginning(request));
      events.add(Vendor.of(request).format().errorEvent(message));
      return stream(events, END);
    };
  }

  /** The events of an answer up to its first word. */
  private static List<String> beginning(RecordedRequest request) {
    Vendor vendor = Vendor.of(request);
    List<String> events = vendor.format().events(Answer.saying("some words"), vendor.model());
    int said = (int) events.stream().takeWhile(event -> !event.contains("some ")).count();
    return events.subList(0, said + 1);
  }

  /** A refusal. */
  public static Function<RecordedRequest, UpstreamScript> refusing(int status, String message) {
    return request -> {
      byte[] body =
          Vendor.of(request).format().error(status, message).getBytes(StandardCharsets.UTF_8);
      return raw(
          "HTTP/1.1 %d Refused\r\ncontent-type: application/json\r\nretry-after: 0\r\ncontent-length: %d"
              .formatted(status, body.length),
          body);
    };
  }

  private static UpstreamScript stream(List<String> events, String end) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String event : events) {
      byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
      body.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
      body.writeBytes(bytes);
      body.writeBytes(ascii("\r\n"));
    }
    body.writeBytes(ascii(end));
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
