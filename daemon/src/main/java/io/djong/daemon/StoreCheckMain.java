package io.djong.daemon;

import io.djong.build.solve.StepCache;
import io.djong.content.BlobStore;
import io.djong.content.LocalImages;
import io.djong.content.disk.DiskBlobStore;
import io.djong.content.record.RecordedImageNames;
import io.djong.content.sqlite.SqliteRecords;
import io.djong.daemon.route.ProofAnswer;
import io.djong.engine.ImageTools;
import io.djong.engine.local.RestingImages;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import io.djong.model.Exempt;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.registry.client.RegistryClient;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `djong fsck`: proves the store of a data root that no daemon has, and prints what it found as
/// JSON, for `djong system fsck --data-root` to show. The exit code is 0 if it could look, 1 if
/// not, 125 if the command line makes no sense.
@Exempt(
    from = Exempt.Rule.STANDARD_STREAMS,
    because = "findings and refused arguments are for whoever typed the command")
public final class StoreCheckMain {
  private static final Duration KEEP_UPLOADS = Duration.ofDays(1);
  private static final String USAGE =
      """
      Usage: djong fsck --data-root DIR [--repair] [--storage-driver NAME]

      Checks everything that is kept of images below a data root that no daemon uses, and prints
      what it finds as JSON. 'djong system fsck --data-root DIR' shows it to people.
      """;

  private StoreCheckMain() {}

  public static void main(String[] arguments) {
    int status = run(List.of(arguments), System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.isEmpty() || arguments.contains("--help") || arguments.contains("-h")) {
      out.print(USAGE);
      return arguments.isEmpty() ? 125 : 0;
    }
    Log.begin(err, Level.WARNING);
    try {
      Path exec = Files.createTempDirectory("djong-fsck-");
      try {
        out.println(Json.full().writeText(ProofAnswer.of(check(arguments, exec))));
      } finally {
        leave(exec);
      }
      return 0;
    } catch (Fault.Invalid e) {
      err.println("djong fsck: " + e.getMessage() + "\nSee 'djong fsck --help'.");
      return 125;
    } catch (Fault | IOException e) {
      err.println("djong fsck: " + e.getMessage());
      return 1;
    }
  }

  private static ImageTools.Proof check(List<String> arguments, Path exec) throws IOException {
    List<String> flags = new ArrayList<>(arguments);
    boolean repair = flags.remove("--repair");
    flags.addAll(List.of("--exec-root", exec.toString()));
    Settings settings = SettingsReader.read(flags);
    Path data = settings.dataRoot();
    if (!Files.exists(data.resolve("records.db"))) {
      throw new Fault.NotFound(data + " is no data root of djong: there is no records.db in it");
    }
    Mounts mounts = new Mounts();
    try (FolderLock _ = FolderLock.take(data, "--data-root");
        SqliteRecords records =
            SqliteRecords.open(data.resolve("records.db"), data.resolve("library"));
        OverlaySnapshotter snapshots = LayerStorage.open(settings, mounts);
        RegistryClient registries =
            new RegistryClient(settings.registries(), InstantSource.system())) {
      BlobStore blobs = DiskBlobStore.open(data.resolve("content"), KEEP_UPLOADS);
      RecordedImageNames names = new RecordedImageNames(records);
      StepCache cache = new StepCache(records, InstantSource.system());
      return RestingImages.tools(
              new RestingImages.Stores(
                  records,
                  blobs,
                  names,
                  new LocalImages(blobs, names),
                  snapshots,
                  cache::stacks,
                  mounts,
                  exec.resolve("images"),
                  registries))
          .check(repair);
    }
  }

  /// Takes away what was mounted to look at it, and the folder.
  private static void leave(Path exec) throws IOException {
    Mounts mounts = new Mounts();
    for (MountPoint point : mounts.below(exec).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
    try (Stream<Path> all = Files.walk(exec)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
