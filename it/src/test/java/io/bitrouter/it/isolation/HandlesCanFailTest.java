package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.sdk.Vendor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlesCanFailTest {

  @TempDir Path folder;

  /** As with a dialect that forgets a member by which objects are named. */
  @Test
  void aMemberThatADialectForgetsIsFound() throws Exception {
    HandleMember forgotten =
        new HandleMember(Vendor.MESSAGES, "scroll.scroll_id", "'scroll':{'scroll_id':'@'}");
    HandleMember known = HandleMember.of(Vendor.MESSAGES).findFirst().orElseThrow();
    try (SharedAccount world = SharedAccount.start(folder)) {
      List<String> complaints = world.onTheSharedAccount(List.of(known, forgotten));

      assertThat(complaints)
          .isNotEmpty()
          .allMatch(
              line -> line.startsWith("MESSAGES scroll.scroll_id ") || line.contains("are booked"))
          .anyMatch(line -> line.contains("toward MESSAGES") && line.endsWith("given away"))
          .anyMatch(line -> line.endsWith("the upstream was asked"))
          .anyMatch(line -> line.endsWith("told otherwise than of an object that never was"))
          .anyMatch(line -> line.contains("are booked"));
    }
  }

  /** As with a node that lets nobody name an object, not even on an account of its own. */
  @Test
  void anObjectOfOnesOwnThatIsRefusedIsFound() throws Exception {
    HandleMember refused =
        new HandleMember(Vendor.CHAT, "stolen", "'user':'@','messages':[{'content':'a'}]");
    try (SharedAccount world = SharedAccount.start(folder)) {
      assertThat(world.onItsOwnAccount(List.of(refused)))
          .singleElement()
          .asString()
          .startsWith("CHAT stolen: ");
    }
  }
}
