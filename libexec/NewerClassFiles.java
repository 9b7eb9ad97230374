import java.io.IOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodBuilder;
import java.lang.classfile.MethodElement;
import java.lang.classfile.MethodModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Writes a jar's classes again in the class file format of Java 25, their code unchanged: {@code
 * NewerClassFiles FROM TO}. The JDK's start-up cache leaves out classes older than Java 6, and the
 * old verifier that they need is slow; picocli's are of Java 5, and take a quarter of the time of a
 * short command. Ends with status 1 if a class does not verify afterwards.
 */
public final class NewerClassFiles {
  /** The first version with stack maps, which new verifier and start-up cache both need. */
  private static final int JAVA_6 = 50;

  private final ClassFile format;

  private NewerClassFiles(ClassLoader classes) {
    format =
        ClassFile.of(
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.StackMapsOption.STACK_MAPS_WHEN_REQUIRED,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(classes)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  public static void main(String[] arguments) throws IOException {
    Path from = Path.of(arguments[0]);
    try (URLClassLoader classes = new URLClassLoader(new URL[] {from.toUri().toURL()});
        JarFile old = new JarFile(from.toFile());
        JarOutputStream to = new JarOutputStream(Files.newOutputStream(Path.of(arguments[1])))) {
      NewerClassFiles newer = new NewerClassFiles(classes);
      for (JarEntry entry : Collections.list(old.entries())) {
        byte[] content = old.getInputStream(entry).readAllBytes();
        put(
            to,
            entry.getName(),
            newer.isOldClass(entry, content) ? newer.rewrite(content) : content);
      }
      String notice = "Class files rewritten in the format of Java 25; nothing else was changed.\n";
      put(to, "META-INF/CHANGES", notice.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void put(JarOutputStream jar, String name, byte[] content) throws IOException {
    JarEntry entry = new JarEntry(name);
    // Always the same time, so that the same jar comes out.
    entry.setTime(0);
    jar.putNextEntry(entry);
    jar.write(content);
    jar.closeEntry();
  }

  private boolean isOldClass(JarEntry entry, byte[] content) {
    return entry.getName().endsWith(".class")
        && !entry.getName().startsWith("META-INF/")
        && format.parse(content).majorVersion() < JAVA_6;
  }

  private byte[] rewrite(byte[] content) {
    ClassModel old = format.parse(content);
    byte[] written =
        format.build(
            old.thisClass().asSymbol(),
            to -> {
              for (ClassElement element : old) {
                switch (element) {
                  case ClassFileVersion _ -> to.withVersion(ClassFile.JAVA_25_VERSION, 0);
                  case MethodModel method ->
                      to.withMethod(
                          method.methodName().stringValue(),
                          method.methodTypeSymbol(),
                          method.flags().flagsMask(),
                          copy -> copy(method, copy));
                  default -> to.with(element);
                }
              }
            });
    format.verify(written).stream()
        .findFirst()
        .ifPresent(error -> {
          throw new IllegalStateException(old.thisClass().asInternalName(), error);
        });
    return written;
  }

  /** Instruction by instruction: a method taken over whole would get no stack maps. */
  private static void copy(MethodModel method, MethodBuilder to) {
    for (MethodElement element : method) {
      if (element instanceof CodeModel code) {
        to.withCode(instructions -> code.forEach(instructions::with));
      } else {
        to.with(element);
      }
    }
  }
}
