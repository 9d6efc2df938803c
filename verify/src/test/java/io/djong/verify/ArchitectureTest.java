package io.djong.verify;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.djong.model.Exempt;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The floors of the house, as `docs/architecture.md` draws them.
class ArchitectureTest {
  /// What each room may touch besides the words of `model`.
  private static final Map<String, List<String>> NEIGHBOURS =
      Map.ofEntries(
          Map.entry("model", List.of()),
          Map.entry("linux", List.of()),
          Map.entry("http", List.of()),
          Map.entry("content", List.of("linux")),
          Map.entry("layers", List.of("content", "linux")),
          Map.entry("runtime", List.of("linux")),
          Map.entry("network", List.of("linux")),
          Map.entry(
              "engine", List.of("content", "layers", "runtime", "network", "registry", "linux")),
          Map.entry("registry", List.of("content", "http")),
          Map.entry("build", List.of("content", "layers", "linux")),
          Map.entry("api", List.of("http")),
          Map.entry(
              "daemon",
              List.of(
                  "api",
                  "http",
                  "engine",
                  "build",
                  "registry",
                  "content",
                  "layers",
                  "runtime",
                  "network",
                  "linux")),
          Map.entry("cli", List.of("api", "http")));

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.djong");

  @TestFactory
  List<DynamicTest> everyRoomTouchesOnlyItsNeighbours() {
    return NEIGHBOURS.entrySet().stream()
        .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> touchesOnly(room.getKey())))
        .toList();
  }

  private static void touchesOnly(String room) {
    List<String> allowed = NEIGHBOURS.getOrDefault(room, List.of());
    String[] strangers =
        NEIGHBOURS.keySet().stream()
            .filter(other -> !other.equals(room) && !other.equals("model"))
            .filter(other -> !allowed.contains(other))
            .map(other -> "io.djong." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("io.djong." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(strangers)
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("io.djong.(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void onlyLinuxCallsTheKernel() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.djong.linux..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign.."));
  }

  @Test
  void onlyLinuxAndRuntimeStartProcesses() {
    check(
        noClasses()
            .that(not(Exempt.Rule.PROCESSES))
            .and()
            .resideOutsideOfPackages("io.djong.linux..", "io.djong.runtime..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder"));
  }

  @Test
  void onlyTheWordsKnowTheJsonLibrary() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.djong.model..", "io.djong.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.avaje.."));
  }

  @Test
  void onlyHttpOpensSockets() {
    check(
        noClasses()
            .that(not(Exempt.Rule.SOCKETS))
            .and()
            .resideOutsideOfPackages("io.djong.http..", "io.djong.linux..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.netty..")
                    .or(
                        describe(
                            "are sockets",
                            type ->
                                type.getName().startsWith("java.nio.channels.SocketChannel")
                                    || type.getName().startsWith("java.nio.channels.ServerSocket")
                                    || type.getName().equals("java.net.Socket")
                                    || type.getName().equals("java.net.ServerSocket")))));
  }

  @Test
  void noRoomIsAJunkRoom() {
    check(
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..misc..", "..helper.."));
  }

  @Test
  void onlyWiringMakesWhatOtherRoomsUseThroughInterfaces() {
    DescribedPredicate<JavaConstructorCall> foreignImplementation =
        describe(
            "make an implementation of another room",
            call ->
                !room(call.getTargetOwner()).equals(room(call.getOriginOwner()))
                    && isImplementation(call.getTargetOwner()));
    check(
        noClasses()
            .that()
            // The choice of the storage driver is Wiring's; the check of a store that no daemon has
            // is a program of its own.
            .haveNameNotMatching("io.djong.daemon.(Wiring|LayerStorage|StoreCheckMain)")
            .should()
            .callConstructorWhere(foreignImplementation));
  }

  private static boolean isImplementation(JavaClass type) {
    boolean inSubPackage = type.getPackageName().chars().filter(c -> c == '.').count() > 2;
    // The ends of a copy live as long as one request: they are made where it is answered.
    boolean endOfCopy =
        type.isAssignableTo("io.djong.content.ImageSource")
            || type.isAssignableTo("io.djong.content.ImageTarget");
    return type.getPackageName().startsWith("io.djong.")
        && inSubPackage
        && !endOfCopy
        && type.getInterfaces().stream()
            .anyMatch(
                contract ->
                    room(contract.toErasure()).equals(room(type))
                        && contract.toErasure().getPackageName().equals("io.djong." + room(type)));
  }

  private static String room(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.", 4);
    return parts.length > 2 && type.getPackageName().startsWith("io.djong.") ? parts[2] : "";
  }

  @Test
  void workRunsOnVirtualThreads() {
    check(
        noClasses()
            .that(not(Exempt.Rule.PLATFORM_THREADS))
            .should()
            .callMethod(Thread.class, "ofPlatform")
            .orShould()
            .callConstructor(Thread.class, Runnable.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class, String.class));
  }

  @Test
  void nothingSleeps() {
    check(
        noClasses()
            .that(not(Exempt.Rule.SLEEP))
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class));
  }

  @Test
  void onlyTheCommandLineWritesToTheStandardStreams() {
    check(
        noClasses()
            .that(not(Exempt.Rule.STANDARD_STREAMS))
            .and()
            .resideOutsideOfPackage("io.djong.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  @Test
  void everyPackageIsNullMarked() {
    check(
        classes()
            .that()
            .haveSimpleName("package-info")
            .should()
            .beAnnotatedWith(org.jspecify.annotations.NullMarked.class));
  }

  @Test
  void theRulesSawTheCode() {
    for (String room : NEIGHBOURS.keySet()) {
      assertThat(CODE.stream().filter(type -> room(type).equals(room)).count())
          .as("classes in " + room)
          .isPositive();
    }
    assertThat(CODE.that(resideInAnyPackage("io.djong..")).size()).isGreaterThan(200);
  }

  private static void check(ArchRule rule) {
    rule.check(CODE);
  }

  private static DescribedPredicate<JavaClass> not(Exempt.Rule rule) {
    return describe("are not exempt from " + rule, type -> !isExempt(topLevel(type), rule));
  }

  private static JavaClass topLevel(JavaClass type) {
    JavaClass top = type;
    while (top.getEnclosingClass().isPresent()) {
      top = top.getEnclosingClass().get();
    }
    return top;
  }

  private static boolean isExempt(JavaClass type, Exempt.Rule rule) {
    for (JavaAnnotation<?> annotation : type.getAnnotations()) {
      if (annotation.getRawType().isEquivalentTo(Exempt.class) && names(annotation, rule)) {
        return true;
      }
      if (annotation.getRawType().isEquivalentTo(Exempt.All.class)) {
        Object[] all = (Object[]) annotation.get("value").orElse(new Object[0]);
        for (Object one : all) {
          if (one instanceof JavaAnnotation<?> exempt && names(exempt, rule)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean names(JavaAnnotation<?> exempt, Exempt.Rule rule) {
    String from = exempt.get("from").map(Object::toString).orElse("");
    return from.equals(rule.name()) || from.endsWith("." + rule.name());
  }
}
