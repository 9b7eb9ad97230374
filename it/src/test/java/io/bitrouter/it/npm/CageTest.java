package io.bitrouter.it.npm;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.sdk.Answer;
import io.bitrouter.it.sdk.Scripts;
import io.bitrouter.it.sdk.Vendor;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From a cage the node can be reached and, where the machine permits it, not even the upstream. */
@Tag("deep")
final class CageTest {

  @RegisterExtension static final NodeWorld WORLD = Vendor.world();

  @Test
  void thereIsAWayToTheNodeAlone() throws Exception {
    WORLD.upstream().answerBy(Scripts.answering(Answer.saying("reached")));
    try (Cage cage = Cage.around(NpmFolder.of("node22"), WORLD.node().endpoint())) {
      assertThat(reached(cage, WORLD.node().endpoint())).isTrue();
      assertThat(reached(cage, WORLD.upstream().base())).isEqualTo(!cage.sealed());
    }
  }

  private static boolean reached(Cage cage, URI address) throws Exception {
    String program = "await fetch(process.argv[1]).catch(() => process.exit(3))";
    List<String> command =
        List.of("node", "--input-type=module", "-e", program, address.toString());
    return cage.run(command, Map.of(), Duration.ofSeconds(30)).status() == 0;
  }
}
