package io.djong.daemon.route;

import io.djong.engine.ImageTools;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One image of one layer, in a store with one damaged blob.
final class FakeImageTools implements ImageTools {
  private static void find(String ref) {
    if (!ref.startsWith("busybox")) {
      throw new Fault.NotFound("No such image: " + ref + ":latest");
    }
  }

  @Override
  public Exploration explore(String ref) {
    find(ref);
    FoundFile file = new FoundFile("/bin/busybox", 1_984_180, 0, -1);
    return new Exploration(
        FakeEngine.IMAGE,
        List.of(new ExploredLayer(FakeEngine.IMAGE, "COPY . /", 1_984_180, 1, 1, 0, 0, 0)),
        1_984_180,
        0,
        List.of(),
        List.of(file));
  }

  @Override
  public Digest squash(String ref, @Nullable String base, @Nullable String name) {
    find(ref);
    throw new Fault.Invalid("nothing to squash");
  }

  @Override
  public Path mount(String ref) {
    find(ref);
    return Path.of("/run/djong/images/busybox");
  }

  @Override
  public void unmount(String ref) {
    find(ref);
  }

  @Override
  public Proof check(boolean repair) {
    return new Proof(
        1, 1, 2, 100, List.of(new Finding("blob", "sha256:00", "its bytes are others", repair)));
  }
}
