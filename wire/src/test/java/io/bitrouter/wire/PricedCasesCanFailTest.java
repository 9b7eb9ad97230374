package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shows that the corpus of charges finds a charge that is wrong by one nano-dollar. */
class PricedCasesCanFailTest {

  @Test
  void reportsOneNanoDollarInAnyCase() throws IOException {
    for (PricedCases.Case right : PricedCases.of(PricedCasesTest.corpus())) {
      String wrong =
          right.nanos().equals("-") ? "0" : Long.toString(Long.parseLong(right.nanos()) + 1);
      PricedCases.Case planted =
          new PricedCases.Case(
              right.name(), right.dialect(), right.price(), right.tokens(), wrong, right.usages());
      assertThat(planted.errors())
          .isNotEmpty()
          .allSatisfy(error -> assertThat(error).startsWith(right.name() + ", ").endsWith(wrong));
    }
  }

  @Test
  void reportsAnotherPriceOfTheCard() throws IOException {
    String dearer =
        PricedCasesTest.corpus().replace("\t2500000\t1250000\t", "\t2500001\t1250000\t");
    List<String> errors =
        PricedCases.of(dearer).stream().flatMap(each -> each.errors().stream()).toList();
    assertThat(errors).isNotEmpty();
  }
}
