package io.bitrouter.it.sdk;

import io.bitrouter.it.npm.Cage;
import io.bitrouter.it.npm.NpmFolder;
import io.bitrouter.it.sdk.Ask.Feature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A program on Node that asks with one library what it is told to. */
final class NpmClient implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Cage cage;
  private final Process process;
  private final BufferedReader answers;

  /** What a library throws. */
  static final class Thrown extends RuntimeException {
    private final int status;

    Thrown(int status, String message) {
      super(message);
      this.status = status;
    }

    /** HTTP status; 0 when the library does not say. */
    int status() {
      return status;
    }
  }

  private NpmClient(Cage cage, Process process) {
    this.cage = cage;
    this.process = process;
    this.answers = process.inputReader();
  }

  /** Starts one with the packages of {@code list}, for the node at this address. */
  static NpmClient start(NpmLibrary library, String list, URI node) {
    try {
      NpmFolder packages = NpmFolder.of(list);
      Cage cage = Cage.around(packages, node);
      List<String> command =
          List.of(
              packages.program("node").toString(),
              packages.script("client.mjs").toString(),
              library.script(),
              library.protocol(),
              node.toString());
      return new NpmClient(cage, cage.start(command, Map.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What the library makes of it, in the words of the scripts. */
  JsonNode ask(String what, Ask ask, String token, OptionalInt retries) {
    ObjectNode line = JsonMapper.shared().createObjectNode().put("what", what).put("token", token);
    line.set("ask", written(ask));
    retries.ifPresent(count -> line.put("retries", count));
    try {
      process.outputWriter().append(line.toString()).append('\n').flush();
      String answer =
          CompletableFuture.supplyAsync(this::read).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      JsonNode said = JsonMapper.shared().readTree(answer);
      if (said.path("failure") instanceof ObjectNode failure) {
        throw new Thrown(failure.path("status").asInt(), failure.path("message").asString());
      }
      return said.path("result");
    } catch (IOException | ExecutionException e) {
      throw new AssertionError("the client is gone: " + complaints(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("the client does not answer: " + complaints(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String read() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("it ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode written(Ask ask) {
    ObjectNode written = JsonMapper.shared().createObjectNode();
    written.put("model", ask.model()).put("system", ask.system()).put("text", ask.text());
    written.set(
        "tools", JsonMapper.shared().valueToTree(ask.has(Feature.TOOLS) ? Ask.TOOLS : Map.of()));
    written.set("results", JsonMapper.shared().valueToTree(Ask.RESULTS));
    if (ask.has(Feature.IMAGE)) {
      written.put("image", Ask.PIXEL);
    }
    written.put("schema", ask.has(Feature.SCHEMA)).put("thought", ask.has(Feature.THOUGHT));
    ask.previous().ifPresent(said -> written.put("previous", (Integer) said.own()));
    return written;
  }

  /** An answer in the words of the scripts. */
  static Said said(JsonNode answer) {
    List<Said.Call> calls = new ArrayList<>();
    answer
        .path("calls")
        .forEach(call ->
            calls.add(
                new Said.Call(
                    call.path("id").asString(),
                    call.path("name").asString(),
                    call.path("arguments"))));
    return new Said(
        answer.path("text").asString(),
        answer.path("thought").asString(),
        calls,
        answer.path("finish").asString(),
        new Seen(
            answer.path("prompt").asLong(),
            answer.path("cacheRead").asLong(),
            answer.path("completion").asLong()),
        answer.path("own").asInt());
  }

  private String complaints() {
    try {
      return cage.complaints();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    cage.close();
  }
}
