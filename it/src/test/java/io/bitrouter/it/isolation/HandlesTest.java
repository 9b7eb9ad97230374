package io.bitrouter.it.isolation;

import static io.bitrouter.it.isolation.HandleMember.plain;
import static io.bitrouter.it.isolation.KeepingUpstream.OBJECT;
import static io.bitrouter.it.isolation.SharedAccount.cachedTokens;
import static io.bitrouter.it.isolation.SharedAccount.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.sdk.Vendor;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.Reply;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two namespaces behind one account of a provider that honours every handle. */
class HandlesTest {

  private static final String NAME = "alice-of-7f3b";
  private static final String FOREIGN = "sk-foreign-key-0b64e1";

  @TempDir private static Path home;

  private static SharedAccount world;

  @BeforeAll
  static void start() throws Exception {
    world = SharedAccount.start(home);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void anEmptyAccount() {
    world.upstream().forget();
    world.upstream().answerBy(new KeepingUpstream());
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void anObjectOfAnotherNamespaceNeverWas(Vendor client) {
    assertThat(world.onTheSharedAccount(HandleMember.of(client).toList())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void objectsOfAnAccountOfOnesOwnPass(Vendor client) {
    assertThat(world.onItsOwnAccount(HandleMember.of(client).toList())).isEmpty();
  }

  @Test
  void anAccountOfAnotherNamespaceIsNotThere() {
    for (Vendor vendor : Vendor.values()) {
      String model = "own-" + vendor.protocol();
      Reply reply = world.a().post(path(vendor, model), plain(vendor, model, "'x':1"));
      String never = model.replace("own", "ohn");
      Reply none = world.a().post(path(vendor, never), plain(vendor, never, "'x':1"));
      assertThat(Likeness.of(reply, model)).isEqualTo(Likeness.of(none, never));
      assertThat(reply.status()).isEqualTo(404);
    }
    assertThat(world.upstream().requests()).isEmpty();
  }

  /** Of the models to try, those of shared accounts are passed over. */
  @Test
  void anObjectGoesToTheAccountThatServesTheNamespaceAlone() {
    String body = "'models':['own-chat'],'messages':[{'content':[{'file_id':'" + OBJECT + "'}]}]";
    RecordedRequest sent =
        world.sent(world.b(), "/v1/chat/completions", plain(Vendor.CHAT, "model-chat", body));
    assertThat(sent.header("authorization")).hasValue("Bearer " + SharedAccount.OWN_ACCOUNT);
    assertThat(sent.text()).contains(OBJECT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHAT | /user | 'user':'@' | /v1/chat/completions",
        "CHAT | /user | 'input':'a','user':'@' | /v1/embeddings",
        "CHAT | /safety_identifier | 'safety_identifier':'@' | /v1/chat/completions",
        "CHAT | /prompt_cache_key | '\\u0070rompt_cache_key':'@' | /v1/chat/completions",
        "RESPONSES | /user | 'user':'@' | /v1/responses",
        "RESPONSES | /safety_identifier | 'safety_identifier':'@' | /v1/responses",
        "RESPONSES | /prompt_cache_key | 'prompt_cache_key':'@' | /v1/responses",
        "MESSAGES | /metadata/user_id | 'metadata':{'user_id':'@'} | /v1/messages",
        "MESSAGES | /metadata/user_id | 'metadata':{'user_id':'@'} | /v1/messages/count_tokens",
      })
  void namesAreDifferentForEachNamespace(
      Vendor client, String pointer, String members, String path) {
    String body = new HandleMember(client, "", members).body("model-" + client.protocol(), NAME);
    String ofA = world.sent(world.a(), path, body).json().at(pointer).asString();
    String again = world.sent(world.a(), path, body).json().at(pointer).asString();
    String ofB = world.sent(world.b(), path, body).json().at(pointer).asString();
    assertThat(ofA).isNotEmpty().doesNotContain(NAME).isEqualTo(again);
    assertThat(ofB).isNotEmpty().doesNotContain(NAME).isNotEqualTo(ofA);
    if (path.endsWith("tokens") || path.endsWith("embeddings")) {
      return;
    }
    for (Vendor other : Vendor.values()) {
      String toOther = body.replace("model-" + client.protocol(), "model-" + other.protocol());
      assertThat(world.sent(world.a(), path, toOther).text()).doesNotContain(NAME);
    }
  }

  static Stream<Arguments> cachesWithKeys() {
    String key = "'prompt_cache_key':'" + NAME + "'";
    String user = "'metadata':{'user_id':'" + NAME + "'}";
    return Stream.of(
        Arguments.of(Vendor.CHAT, Vendor.CHAT, key),
        Arguments.of(Vendor.CHAT, Vendor.RESPONSES, key),
        Arguments.of(Vendor.RESPONSES, Vendor.RESPONSES, key),
        Arguments.of(Vendor.RESPONSES, Vendor.CHAT, key),
        Arguments.of(Vendor.MESSAGES, Vendor.MESSAGES, user));
  }

  @ParameterizedTest
  @MethodSource("cachesWithKeys")
  void aCacheWithAKeyIsANamespacesOwn(Vendor client, Vendor upstream, String members) {
    String model = "model-" + upstream.protocol();
    String body = plain(client, model, members);
    String path = path(client, model);
    assertThat(cachedTokens(world.a().post(path, body).mustBe(200))).isZero();
    assertThat(cachedTokens(world.a().post(path, body).mustBe(200))).isPositive();
    assertThat(cachedTokens(world.b().post(path, body).mustBe(200))).isZero();
    assertThat(cachedTokens(world.b().post(path, body).mustBe(200))).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHAT | CHAT | 'store':true",
        "CHAT | RESPONSES | 'store':true",
        "RESPONSES | RESPONSES | 'store':true",
        "RESPONSES | RESPONSES | 'store':null",
        "RESPONSES | RESPONSES | 'user':'a'",
        "GEMINI | GEMINI | 'store':true",
        "GEMINI | RESPONSES | 'store':true",
      })
  void nothingIsStored(Vendor client, Vendor upstream, String members) {
    String model = "model-" + upstream.protocol();
    RecordedRequest sent =
        world.sent(world.a(), path(client, model), plain(client, model, members));
    assertThat(sent.json().path("store").isBoolean()).isTrue();
    assertThat(sent.json().path("store").asBoolean()).isFalse();
  }

  /** Left-over keys of providers stand in every place but one, where ours is. */
  @ParameterizedTest
  @EnumSource(Vendor.class)
  void keysOfProvidersAreIgnoredAndGoNowhere(Vendor client) {
    String model = "model-" + client.protocol();
    String path = path(client, model) + (client == Vendor.GEMINI ? "?key=" + FOREIGN : "");
    String body = plain(client, model, "'x':1");
    for (String place : List.of("x-api-key", "x-goog-api-key", "api-key", "authorization")) {
      Map<String, String> headers = new HashMap<>(SharedAccount.vendorKeys(FOREIGN));
      headers.put("authorization", "Bearer " + FOREIGN);
      headers.put(
          place, place.equals("authorization") ? "Bearer " + world.tokenOfB() : world.tokenOfB());
      world.upstream().forget();
      world.upstream().answerBy(new KeepingUpstream());
      world.anonymous().send("POST", path, body, headers).mustBe(200);
      RecordedRequest sent = world.upstream().onlyRequest();
      assertThat(sent + " " + sent.fields()).doesNotContain(FOREIGN).doesNotContain("brk_");
    }
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void twoKeysOfOursAreOneTooMany(Vendor client) {
    String model = "model-" + client.protocol();
    String path = path(client, model);
    String body = plain(client, model, "'x':1");
    ControlClient withA = world.a();
    for (String place : List.of("x-api-key", "x-goog-api-key", "api-key")) {
      Map<String, String> other = Map.of(place, world.tokenOfB());
      assertThat(withA.send("POST", path, body, other).status()).as(place).isEqualTo(400);
      Map<String, String> same = Map.of(place, world.tokenOfA());
      assertThat(withA.send("POST", path, body, same).status()).as(place).isEqualTo(200);
    }
    world.upstream().forget();
    if (client == Vendor.GEMINI) {
      String keys = path + "?key=" + world.tokenOfA() + "&key=" + world.tokenOfB();
      assertThat(world.anonymous().post(keys, body).status()).isEqualTo(400);
      assertThat(withA.post(path + "?key=" + world.tokenOfB(), body).status()).isEqualTo(400);
    }
    assertThat(world.upstream().requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1beta", "/v1", "/v1/v1beta", "/v1beta/v1beta", "/gemini/v1beta"})
  void geminisPathsTakeTheKeyInTheQuery(String version) {
    String path = version + "/models/model-gemini:generateContent?key=" + FOREIGN + "&k%65y=";
    String body = plain(Vendor.GEMINI, "", "'x':1");
    world.anonymous().post(path + world.tokenOfB(), body).mustBe(200);
    assertThat(world.upstream().onlyRequest().path())
        .isEqualTo("/v1/models/model-gemini:generateContent");
  }
}
