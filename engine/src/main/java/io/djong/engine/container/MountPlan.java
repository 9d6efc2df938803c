package io.djong.engine.container;

import io.djong.engine.Images.ImageDetails;
import io.djong.engine.Volumes.VolumeDetails;
import io.djong.engine.image.StoredImages;
import io.djong.engine.volume.FolderVolumes;
import io.djong.layers.ChainId;
import io.djong.model.Fault;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.MountPoint;
import io.djong.model.container.MountPoint.TmpfsOptions;
import io.djong.model.container.MountPoint.VolumeOptions;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides which mounts a container has, from what was asked and what the image says, and makes the
/// volumes and host folders they need.
final class MountPlan {
  private final FolderVolumes volumes;
  private final List<MountRecord> mounts = new ArrayList<>();
  private final Set<String> destinations = new HashSet<>();
  private final Rollback rollback;
  private final StoredImages images;

  /// Of the volumes that are made for binds and for the image.
  private String driver = "";

  private final boolean mapped;

  private MountPlan(FolderVolumes volumes, StoredImages images, boolean mapped, Rollback rollback) {
    this.volumes = volumes;
    this.images = images;
    this.mapped = mapped;
    this.rollback = rollback;
  }

  /// @param mapped whether the container has a user namespace
  /// @param rollback gets what removes the volumes made here
  /// @throws Fault.Invalid in Docker's words for what cannot be
  static List<MountRecord> of(
      ContainerConfig config,
      HostConfig host,
      FolderVolumes volumes,
      ContainerRegister containers,
      StoredImages images,
      boolean mapped,
      Rollback rollback)
      throws IOException {
    MountPlan plan = new MountPlan(volumes, images, mapped, rollback);
    plan.driver = host.volumeDriver() == null ? "" : host.volumeDriver();
    for (String bind : host.binds() == null ? List.<String>of() : host.binds()) {
      plan.addBind(BindSpec.parse(bind));
    }
    for (MountPoint mount : host.mounts() == null ? List.<MountPoint>of() : host.mounts()) {
      plan.addMount(mount);
    }
    for (Map.Entry<String, String> tmpfs : host.tmpfs().entrySet()) {
      plan.addTmpfs(tmpfs.getKey(), tmpfs.getValue());
    }
    for (String from : host.volumesFrom() == null ? List.<String>of() : host.volumesFrom()) {
      plan.addVolumesOf(from, containers);
    }
    for (String destination : new TreeSet<>(config.volumes().keySet())) {
      plan.addAnonymous(destination);
    }
    return List.copyOf(plan.mounts);
  }

  /// `container`, or `container:mode`: its volumes and binds where this one has nothing of its own.
  private void addVolumesOf(String from, ContainerRegister containers) {
    int colon = from.indexOf(':');
    String ref = colon < 0 ? from : from.substring(0, colon);
    String mode = colon < 0 ? "" : from.substring(colon + 1);
    if (ref.isEmpty()) {
      throw new Fault.Invalid("volumes-from specification cannot be an empty string");
    }
    boolean readOnly = false;
    for (String word : mode.isEmpty() ? new String[0] : mode.split(",", -1)) {
      readOnly |= word.equals("ro");
      if (!Set.of("ro", "rw", "z", "Z", "nocopy").contains(word)) {
        throw new Fault.Invalid("invalid mode: " + mode);
      }
    }
    Container other;
    try {
      other = containers.find(ref);
    } catch (Fault.NotFound e) {
      throw new Fault.Invalid(String.valueOf(e.getMessage()), e);
    }
    for (MountRecord mount : other.record().mounts()) {
      if (!mount.type().equals("tmpfs") && !destinations.contains(mount.destination())) {
        add(shared(mount, readOnly));
      }
    }
  }

  private static MountRecord shared(MountRecord mount, boolean readOnly) {
    List<String> options = new ArrayList<>(mount.options());
    if (readOnly && mount.writable()) {
      options.add("rro");
    }
    return new MountRecord(
        mount.type(),
        mount.name(),
        mount.source(),
        mount.destination(),
        "",
        mount.writable() && !readOnly,
        mount.propagation(),
        options,
        // Whoever goes last takes an anonymous volume along: the removal of one in use is refused.
        mount.fromImage(),
        false,
        mount.subpath(),
        mount.image(),
        mount.chain(),
        mount.idMap());
  }

  private void addBind(BindSpec spec) throws IOException {
    if (!spec.source().startsWith("/")) {
      checkDriver();
      addVolume(
          spec.source(),
          spec.destination(),
          spec.mode().isEmpty() ? "z" : spec.mode(),
          !spec.readOnly(),
          !spec.noCopy(),
          Map.of(),
          Map.of(),
          null,
          spec.source().isEmpty(),
          spec.idMap());
      return;
    }
    Path source = Path.of(spec.source());
    if (!Files.exists(source)) {
      try {
        Files.createDirectories(source);
      } catch (IOException e) {
        throw new Fault.Failed(
            "error while creating mount source path '" + source + "': " + e.getMessage(), e);
      }
    }
    addBind(
        spec.source(),
        spec.destination(),
        spec.mode(),
        !spec.readOnly(),
        spec.propagation().isEmpty() ? "rprivate" : spec.propagation(),
        true,
        "rro",
        spec.idMap());
  }

  private void addBind(
      String source,
      String destination,
      String mode,
      boolean writable,
      String propagation,
      boolean recursive,
      String readOnly,
      @Nullable String idMap) {
    List<String> options = new ArrayList<>(List.of(recursive ? "rbind" : "bind", propagation));
    if (!writable) {
      options.add(readOnly);
    }
    add(
        new MountRecord(
                "bind",
                null,
                source,
                destination,
                mode,
                writable,
                propagation,
                options,
                false,
                false,
                null)
            .withIdMap(checked(idMap)));
  }

  private @Nullable String checked(@Nullable String idMap) {
    if (idMap != null && !(mapped && idMap.isEmpty())) {
      var _ = OwnerMapping.parse(idMap);
    }
    return idMap;
  }

  private void addVolume(
      String name,
      String destination,
      String mode,
      boolean writable,
      boolean copyUp,
      Map<String, String> driverOptions,
      Map<String, String> labels,
      @Nullable String subpath,
      boolean withContainer,
      @Nullable String idMap)
      throws IOException {
    String mapping = checked(idMap);
    if (!name.isEmpty()) {
      FolderVolumes.checkName(name);
    }
    boolean isNew =
        name.isEmpty() || volumes.list(named(name)).stream().noneMatch(v -> v.name().equals(name));
    VolumeDetails volume = volumes.create(name, driverOptions, labels);
    if (isNew) {
      rollback.add(() -> volumes.remove(volume.name(), true));
    }
    List<String> options = new ArrayList<>(List.of("rbind", "rprivate"));
    if (!writable) {
      options.add("ro");
    }
    add(
        new MountRecord(
                "volume",
                volume.name(),
                volume.mountpoint().toString(),
                destination,
                mode,
                writable,
                "",
                options,
                withContainer,
                // Files of the image have owners of the container's; those of the volume are kept
                // under others.
                copyUp && (mapping == null || mapping.isEmpty()),
                subpath)
            .withIdMap(mapping));
  }

  private void checkDriver() {
    if (!driver.isEmpty() && !driver.equals("local")) {
      throw noDriver(driver);
    }
  }

  private static io.djong.engine.Filters named(String name) {
    return new io.djong.engine.Filters(Map.of("name", List.of(name)));
  }

  private void addAnonymous(String destination) throws IOException {
    if (!destination.startsWith("/")) {
      throw new Fault.Invalid(
          "invalid volume specification: '"
              + destination
              + "': invalid mount config for type \"volume\": invalid mount path: '"
              + destination
              + "' mount path must be absolute");
    }
    String normal = BindSpec.normal(destination);
    if (normal.equals("/")) {
      throw new Fault.Invalid(
          "invalid volume specification: '"
              + destination
              + "': invalid mount config for type \"volume\": invalid specification: destination"
              + " can't be '/'");
    }
    if (!destinations.contains(normal)) {
      checkDriver();
      addVolume("", normal, "", true, true, Map.of(), Map.of(), null, true, null);
    }
  }

  private void addTmpfs(String destination, String text) {
    if (!destination.startsWith("/")) {
      throw new Fault.Invalid(
          "invalid mount path: '" + destination + "' mount path must be absolute");
    }
    if (BindSpec.normal(destination).equals("/")) {
      throw new Fault.Invalid("invalid specification: destination can't be '/'");
    }
    List<String> options = new ArrayList<>(List.of("noexec", "nosuid", "nodev"));
    boolean writable = true;
    for (String word : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      switch (word) {
        case "exec" -> options.remove("noexec");
        case "suid" -> options.remove("nosuid");
        case "dev" -> options.remove("nodev");
        case "ro" -> writable = false;
        case "rw", "noexec", "nosuid", "nodev" -> {}
        default -> options.add(word);
      }
    }
    if (!writable) {
      options.add("ro");
    }
    add(
        new MountRecord(
            "tmpfs",
            null,
            "",
            BindSpec.normal(destination),
            text,
            writable,
            "",
            options,
            false,
            false,
            null));
  }

  private void addMount(MountPoint mount) throws IOException {
    String type = mount.type();
    if (mount.target().isEmpty()) {
      throw invalid(type, "field Target must not be empty");
    }
    if (!mount.target().startsWith("/")) {
      throw invalid(
          type, "invalid mount path: '" + mount.target() + "' mount path must be absolute");
    }
    String target = BindSpec.normal(mount.target());
    if (target.equals("/")) {
      throw invalid(type, "invalid specification: destination can't be '/'");
    }
    strangers(mount);
    switch (type) {
      case "bind" -> addMountedBind(mount, target);
      case "volume" -> addMountedVolume(mount, target);
      case "tmpfs" -> addMountedTmpfs(mount, target);
      case "image" -> addMountedImage(mount, target);
      case "npipe", "cluster" ->
          throw new Fault.Unsupported("--mount type=" + type + " is not supported yet by djong");
      default -> throw invalid(type, "mount type unknown");
    }
  }

  /// Options that are another type's.
  private static void strangers(MountPoint mount) {
    stranger(mount, "bind", "BindOptions", mount.bindOptions());
    stranger(mount, "volume", "VolumeOptions", mount.volumeOptions());
    stranger(mount, "tmpfs", "TmpfsOptions", mount.tmpfsOptions());
    MountPoint.BindOptions bind = mount.bindOptions();
    String propagation = bind == null ? null : bind.propagation();
    if (propagation != null
        && !propagation.isEmpty()
        && !BindSpec.PROPAGATIONS.contains(propagation)) {
      throw invalid("bind", "invalid propagation mode: " + propagation);
    }
  }

  private static void stranger(
      MountPoint mount, String type, String name, @Nullable Object options) {
    boolean known = Set.of("bind", "volume", "tmpfs", "image").contains(mount.type());
    if (options != null && known && !mount.type().equals(type)) {
      throw new Fault.Invalid(
          name + " must not be specified on mount type \"" + mount.type() + "\"");
    }
  }

  /// There is no volume driver of this name.
  static Fault noDriver(String name) {
    return new Fault.NotFound(
        "error looking up volume plugin " + name + ": plugin \"" + name + "\" not found");
  }

  private void addMountedBind(MountPoint mount, String target) throws IOException {
    if (mount.source().isEmpty()) {
      throw invalid("bind", "field Source must not be empty");
    }
    if (!mount.source().startsWith("/")) {
      throw invalid(
          "bind", "invalid mount path: '" + mount.source() + "' mount path must be absolute");
    }
    MountPoint.BindOptions options = mount.bindOptions();
    Path source = Path.of(BindSpec.normal(mount.source()));
    if (!Files.exists(source)) {
      if (options == null || !options.createMountpoint()) {
        throw invalid("bind", "bind source path does not exist: " + mount.source());
      }
      Files.createDirectories(source);
    }
    String propagation = options == null ? null : options.propagation();
    addBind(
        source.toString(),
        target,
        "",
        !mount.readOnly(),
        propagation == null || propagation.isEmpty() ? "rprivate" : propagation,
        options == null || !options.nonRecursive(),
        options == null || !options.readOnlyNonRecursive() ? "rro" : "ro",
        mount.idMap());
  }

  private void addMountedVolume(MountPoint mount, String target) throws IOException {
    if (mount.source().isEmpty() && mount.readOnly()) {
      throw invalid("volume", "must not set ReadOnly mode when using anonymous volumes");
    }
    VolumeOptions options = mount.volumeOptions();
    MountPoint.DriverConfig driver = options == null ? null : options.driverConfig();
    String driverName = driver == null ? null : driver.name();
    if (driverName != null && !driverName.isEmpty() && !driverName.equals("local")) {
      throw noDriver(driverName);
    }
    Map<String, String> driverOptions = driver == null ? null : driver.options();
    Map<String, String> labels = options == null ? null : options.labels();
    String subpath = options == null ? null : options.subpath();
    addVolume(
        mount.source(),
        target,
        "z",
        !mount.readOnly(),
        options == null || !options.noCopy(),
        driverOptions == null ? Map.of() : driverOptions,
        labels == null ? Map.of() : labels,
        subpath == null || subpath.isEmpty() ? null : inner("volume", subpath),
        mount.source().isEmpty(),
        mount.idMap());
  }

  private void addMountedImage(MountPoint mount, String target) throws IOException {
    if (mount.source().isEmpty()) {
      throw invalid("image", "field Source must not be empty");
    }
    if (mount.bindOptions() != null || mount.volumeOptions() != null) {
      throw invalid(
          "image",
          "field "
              + (mount.bindOptions() != null ? "BindOptions" : "VolumeOptions")
              + " must not be specified");
    }
    MountPoint.ImageOptions options = mount.imageOptions();
    String subpath = options == null ? null : options.subpath();
    ImageDetails image = images.inspect(mount.source());
    if (image.config().rootfs().diffIds().isEmpty()) {
      throw invalid("image", "image " + mount.source() + " has no layers to mount");
    }
    add(
        new MountRecord(
            "image",
            null,
            mount.source(),
            target,
            "",
            false,
            "",
            List.of("rbind", "rprivate", "ro"),
            false,
            false,
            subpath == null || subpath.isEmpty() ? null : inner("image", subpath),
            image.id(),
            ChainId.of(image.config().rootfs().diffIds()).toString(),
            checked(mount.idMap())));
  }

  private static String inner(String type, String subpath) {
    Path path = Path.of(subpath).normalize();
    if (path.isAbsolute() || path.startsWith("..")) {
      throw invalid(type, "subpath must be a relative path within the volume");
    }
    return subpath;
  }

  private void addMountedTmpfs(MountPoint mount, String target) {
    if (!mount.source().isEmpty()) {
      throw invalid("tmpfs", "field Source must not be specified");
    }
    TmpfsOptions options = mount.tmpfsOptions();
    List<String> words = new ArrayList<>(List.of("noexec", "nosuid", "nodev"));
    if (mount.readOnly()) {
      words.add("ro");
    }
    if (options != null && options.mode() != 0) {
      words.add("mode=" + Integer.toOctalString(options.mode()));
    }
    if (options != null && options.sizeBytes() > 0) {
      words.add("size=" + options.sizeBytes());
    }
    List<List<String>> more = options == null ? null : options.options();
    for (List<String> option : more == null ? List.<List<String>>of() : more) {
      if (!option.equals(List.of("noexec"))) {
        words.remove("no" + option.getFirst());
        words.add(String.join("=", option));
      }
    }
    add(
        new MountRecord(
            "tmpfs", null, "", target, "", !mount.readOnly(), "", words, false, false, null));
  }

  private void add(MountRecord mount) {
    if (!destinations.add(mount.destination())) {
      throw new Fault.Invalid("Duplicate mount point: " + mount.destination());
    }
    mounts.add(mount);
  }

  private static Fault.Invalid invalid(String type, String why) {
    return new Fault.Invalid("invalid mount config for type \"" + type + "\": " + why);
  }
}
