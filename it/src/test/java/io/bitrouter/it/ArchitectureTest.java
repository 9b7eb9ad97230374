package io.bitrouter.it;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.NamespaceView;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The shape of the code, checked: who may depend on whom, and who may hold what. The first test is
 * one that must fail inside, so that a green run means that rules are checked at all.
 */
class ArchitectureTest {

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(
              location -> !location.contains("/testkit") && !location.contains("/it/"))
          .importPackages("io.bitrouter");

  /** Packages of core, lowest first; packages of one line are siblings. */
  private static final List<List<String>> CORE =
      List.of(
          List.of("kernel"),
          List.of("namespace", "exchange"),
          List.of("credential"),
          List.of("catalog"),
          List.of("policy"),
          List.of("guardrail", "routing", "usage"),
          List.of("store"),
          List.of("admission"),
          List.of("snapshot"),
          List.of("gateway", "control"));

  private static final String CORE_PREFIX = "io.bitrouter.core.";

  @Test
  void aFalseRuleFails() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("io.bitrouter.core.store..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.bitrouter.core.kernel..");

    assertThat(rule.evaluate(PRODUCT).hasViolation()).isTrue();
  }

  @Test
  void everyModuleIsSeen() {
    for (String module : List.of("core", "wire", "store", "node", "cli")) {
      assertThat(PRODUCT.that(resideInAPackage("io.bitrouter." + module + "..")))
          .as(module)
          .isNotEmpty();
    }
    assertThat(PRODUCT.that(resideInAnyPackage("io.bitrouter.testkit..", "io.bitrouter.it..")))
        .isEmpty();
  }

  @Test
  void modulesDependOnWhatTheyMayOnly() {
    assertDependsOnlyOn("core");
    assertDependsOnlyOn("wire", "core");
    assertDependsOnlyOn("store", "core");
    assertDependsOnlyOn("node", "core", "wire", "store");
  }

  @Test
  void theTerminalProgramSeesTheControlPlanesBodiesOnly() {
    classes()
        .that()
        .resideInAPackage("io.bitrouter.cli..")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackages("io.bitrouter..")
                .or(resideInAnyPackage("io.bitrouter.cli..", "io.bitrouter.wire.control..")))
        .check(PRODUCT);
  }

  @Test
  void coreNeedsNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage("io.bitrouter.core..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "io.bitrouter.core..", "java..", "javax.crypto..", "org.jspecify.annotations.."))
        .check(PRODUCT);
    noClasses()
        .that()
        .resideInAPackage("io.bitrouter.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "java.net.http..", "java.util.logging..")
        .check(PRODUCT);
  }

  @Test
  void packagesOfCoreDependOnLowerOnes() {
    Map<String, Integer> levels = new HashMap<>();
    for (int level = 0; level < CORE.size(); level++) {
      for (String name : CORE.get(level)) {
        levels.put(name, level);
      }
    }
    classes()
        .that()
        .resideInAPackage("io.bitrouter.core..")
        .should(dependDownwards(levels))
        .check(PRODUCT);
  }

  @Test
  void sqlStaysInTheStore() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.bitrouter.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.jdbi..", "org.flywaydb..", "org.sqlite..")
        .check(PRODUCT);
  }

  @Test
  void nettyStaysInEdgeAndTransport() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.bitrouter.node.edge..", "io.bitrouter.node.transport..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(PRODUCT);
  }

  @Test
  void jsonStaysOutOfCoreAndStore() {
    noClasses()
        .that()
        .resideInAnyPackage("io.bitrouter.core..", "io.bitrouter.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
        .check(PRODUCT);
  }

  @Test
  void dialectsDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("io.bitrouter.wire.chat..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.bitrouter.wire.messages..")
        .check(PRODUCT);
    noClasses()
        .that()
        .resideInAPackage("io.bitrouter.wire.messages..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.bitrouter.wire.chat..")
        .check(PRODUCT);
  }

  @Test
  void secretsAreRevealedWhereTheyAreUsedOnly() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                "io.bitrouter.core.credential..",
                "io.bitrouter.core.gateway..",
                "io.bitrouter.node.boot..",
                "io.bitrouter.node.http..",
                "io.bitrouter.core.kernel.."))
        .should()
        .callMethodWhere(calls(Secret.class, "reveal", "revealBytes"))
        .check(PRODUCT);
  }

  @Test
  void onlyTheCredentialPackageMakesGrants() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.bitrouter.core.credential..")
        .should()
        .callConstructorWhere(targets(NamespaceGrant.class).or(targets(OperatorGrant.class)))
        .check(PRODUCT);
  }

  @Test
  void theNodesOwnAuthorityIsUsedInItsWiringOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.bitrouter.node.boot..")
        .should()
        .callMethodWhere(calls(OperatorGrant.class, "ofTheNodeItself"))
        .check(PRODUCT);
  }

  @Test
  void aNamespaceViewIsNeverToldANamespace() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .areAssignableTo(NamespaceView.class)
        .and()
        .arePublic()
        .should(notTakeANamespace())
        .check(PRODUCT);
  }

  @Test
  void noNamespaceIsNeverAnOption() {
    methods().should(notTakeAnOptionalNamespace()).check(PRODUCT);
  }

  @Test
  void coreTakesTimeFromATicker() {
    noClasses()
        .that()
        .resideInAPackage("io.bitrouter.core..")
        .and()
        .doNotBelongToAnyOf(Ticker.class)
        .should()
        .callMethodWhere(
            calls(Instant.class, "now")
                .or(calls(System.class, "currentTimeMillis", "nanoTime"))
                .or(calls(Thread.class, "sleep"))
                .or(calls(Clock.class, "systemUTC", "systemDefaultZone")))
        .check(PRODUCT);
  }

  @Test
  void nothingIsNamedAfterNothing() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Utility|Utilities|Helper|Helpers|Manager)(\\$.*)?")
        .check(PRODUCT);
  }

  @Test
  void noStateIsStaticAndMutable() {
    fields().that().areStatic().should().beFinal().check(PRODUCT);
  }

  private static void assertDependsOnlyOn(String module, String... others) {
    DescribedPredicate<JavaClass> allowed =
        resideOutsideOfPackages("io.bitrouter..")
            .or(resideInAPackage("io.bitrouter." + module + ".."));
    for (String other : others) {
      allowed = allowed.or(resideInAPackage("io.bitrouter." + other + ".."));
    }
    classes()
        .that()
        .resideInAPackage("io.bitrouter." + module + "..")
        .should()
        .onlyDependOnClassesThat(allowed)
        .check(PRODUCT);
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + String.join("|", names),
        access ->
            access.getTarget().getOwner().isEquivalentTo(owner)
                && List.of(names).contains(access.getTarget().getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> targets(Class<?> owner) {
    return DescribedPredicate.describe(
        owner.getSimpleName(),
        access -> ((AccessTarget) access.getTarget()).getOwner().isEquivalentTo(owner));
  }

  private static ArchCondition<JavaClass> dependDownwards(Map<String, Integer> levels) {
    return new ArchCondition<>("depend on lower packages only") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        String from = corePackage(origin);
        if (!levels.containsKey(from)) {
          events.add(
              SimpleConditionEvent.violated(origin, origin + " is in a package without a place"));
          return;
        }
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          String to = corePackage(dependency.getTargetClass());
          if (!to.isEmpty()
              && !to.equals(from)
              && levels.getOrDefault(to, Integer.MAX_VALUE) >= levels.get(from)) {
            events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** The first part of the package's name below core, empty for other classes. */
  private static String corePackage(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    if (!name.startsWith(CORE_PREFIX)) {
      return "";
    }
    String rest = name.substring(CORE_PREFIX.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static ArchCondition<JavaMethod> notTakeANamespace() {
    return new ArchCondition<>("not take a namespace") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        for (JavaParameter parameter : method.getParameters()) {
          if (parameter.getType().getAllInvolvedRawTypes().stream()
              .anyMatch(type -> type.isEquivalentTo(NamespaceId.class))) {
            events.add(SimpleConditionEvent.violated(method, method.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaMethod> notTakeAnOptionalNamespace() {
    return new ArchCondition<>("not take a namespace that may be absent") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        for (JavaParameter parameter : method.getParameters()) {
          boolean namespace =
              parameter.getType().getAllInvolvedRawTypes().stream()
                  .anyMatch(type -> type.isEquivalentTo(NamespaceId.class));
          if (namespace && mayBeAbsent(method, parameter)) {
            events.add(SimpleConditionEvent.violated(method, method.getDescription()));
          }
        }
      }
    };
  }

  /** Annotations of types are not among what the rules' library reads; reflection has them. */
  private static boolean mayBeAbsent(JavaMethod method, JavaParameter parameter) {
    return parameter.getRawType().isEquivalentTo(Optional.class)
        || method
            .reflect()
            .getAnnotatedParameterTypes()[parameter.getIndex()]
            .isAnnotationPresent(Nullable.class);
  }
}
