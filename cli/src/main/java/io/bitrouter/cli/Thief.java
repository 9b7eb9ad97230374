package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Somebody with a key that is not theirs: sends anything and takes every answer. */
record Thief(Api api) {
  private static final int AT_A_TIME = 8;

  /** More than any cap of the demo pays for. */
  private static final int MOST = 400;

  /**
   * What came back.
   *
   * @param why the code and sentence of a refusal, empty for a success
   */
  record Answer(int status, String why) {
    @Override
    public String toString() {
      return status + " " + why;
    }
  }

  Answer send(String method, String path) {
    return send(method, path, List.of(), Optional.empty());
  }

  Answer send(String method, String path, Object body) {
    List<Http.Header> headers = List.of(new Http.Header("Content-Type", "application/json"));
    return send(method, path, headers, Optional.of(ControlJson.bytes(body)));
  }

  private Answer send(
      String method, String path, List<Http.Header> headers, Optional<byte[]> body) {
    try (Http.Reply reply = api.exchange(method, path, headers, body, true)) {
      byte[] bytes = reply.bytes();
      if (reply.succeeded()) {
        return new Answer(reply.status(), "");
      }
      Failure failure = api.failure(reply, bytes);
      String code = failure.refusal.map(Failure.Refusal::code).orElse("");
      // The first sentence says what happened, the others what an honest caller could do.
      return new Answer(reply.status(), code + ": " + failure.message.split("\\. ", 2)[0]);
    }
  }

  /** Sends the same again and again, several at a time, until each line of attack is refused. */
  List<Answer> burst(String path, Object body) {
    AtomicInteger sent = new AtomicInteger();
    Supplier<List<Answer>> line =
        () -> {
          List<Answer> answers = new ArrayList<>();
          do {
            answers.add(send("POST", path, body));
          } while (answers.getLast().status() == 200 && sent.incrementAndGet() < MOST);
          return answers;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<List<Answer>>> lines =
          Stream.generate(() -> CompletableFuture.supplyAsync(line, threads))
              .limit(AT_A_TIME)
              .toList();
      return lines.stream().map(CompletableFuture::join).flatMap(List::stream).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Failure failure ? failure : e;
    }
  }
}
