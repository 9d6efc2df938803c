package io.djong.engine.container;

import io.djong.model.spec.RuntimeSpec;
import io.djong.model.spec.Seccomp;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// System call filters as an OCI runtime has compiled them. Compiling the usual one takes a sixth
/// of a start; crun takes a compiled one from an annotation (crun(1), `run.oci.seccomp_bpf_data`),
/// and whoever does not know that annotation compiles the profile, which is there all the same.
/// Safe for use by several threads.
final class CompiledFilters {
  private static final String ANNOTATION = "run.oci.seccomp_bpf_data";

  /// Nearly all containers have the same profile.
  private static final int MOST = 32;

  /// A process that a filter was compiled for; see [io.djong.runtime.ContainerProcess].
  @FunctionalInterface
  interface Compiler {
    byte @Nullable [] systemCallFilter() throws IOException;
  }

  private final Map<Seccomp, String> known = new ConcurrentHashMap<>();

  /// The same with the filter of its profile, if that is known.
  RuntimeSpec with(RuntimeSpec spec) {
    Seccomp profile = spec.linux().seccomp();
    String filter = profile == null ? null : known.get(profile);
    if (filter == null || spec.annotations().containsKey(ANNOTATION)) {
      return spec;
    }
    Map<String, String> annotations = new HashMap<>(spec.annotations());
    annotations.put(ANNOTATION, filter);
    return spec.withAnnotations(annotations);
  }

  /// Remembers what the runtime has compiled for this container. A filter that was given to it, by
  /// us or by a user, is not taken for its profile's.
  void learn(RuntimeSpec spec, Compiler compiler) throws IOException {
    Seccomp profile = spec.linux().seccomp();
    if (profile == null || spec.annotations().containsKey(ANNOTATION) || known.size() >= MOST) {
      return;
    }
    byte @Nullable [] filter = compiler.systemCallFilter();
    if (filter != null) {
      known.put(profile, Base64.getEncoder().encodeToString(filter));
    }
  }
}
