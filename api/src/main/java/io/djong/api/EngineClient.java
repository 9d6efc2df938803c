package io.djong.api;

import io.djong.http.HttpClient;
import io.djong.http.HttpClient.Exchange;
import io.djong.http.HttpClient.UpgradeRefused;
import io.djong.http.RawStream;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Talks to an engine in the words of the Engine API. Every call throws [ApiError] where the engine
/// refuses and another [IOException] where it cannot be reached. What streams is returned open and
/// is the caller's to close. Safe for use by several threads.
public final class EngineClient implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final String TAR = "application/x-tar";
  private static final byte[] NOTHING = {};

  private final HttpClient http;

  /// Takes the client over: it is closed with this one.
  public EngineClient(HttpClient http) {
    this.http = http;
  }

  // System

  /// Whether an engine answers.
  public void ping() throws IOException {
    send("GET", "/_ping", null).close();
  }

  public VersionAnswer version() throws IOException {
    return get(VersionAnswer.class, Target.of("version"));
  }

  public SystemInfo info() throws IOException {
    return get(SystemInfo.class, Target.of("info"));
  }

  public DiskUsage diskUsage() throws IOException {
    return get(DiskUsage.class, Target.of("system", "df"));
  }

  /// A stream of [EventMessage]s, one a line.
  ///
  /// @param since and `until` seconds since 1970 or RFC 3339
  public JsonLines<EventMessage> events(
      @Nullable String since, @Nullable String until, Map<String, List<String>> filters)
      throws IOException {
    Target target = Target.of("events").with("since", since).with("until", until).filters(filters);
    return lines(EventMessage.class, send("GET", target.toString(), null));
  }

  // Containers

  public List<ContainerSummary> containers(
      boolean all, int limit, boolean size, Map<String, List<String>> filters) throws IOException {
    Target target = Target.of("containers", "json").with("all", all).with("size", size);
    return getList(
        ContainerSummary.class,
        (limit > 0 ? target.with("limit", limit) : target).filters(filters));
  }

  public ContainerCreated create(
      @Nullable String name, ContainerCreate container, @Nullable String platform)
      throws IOException {
    Target target = Target.of("containers", "create").with("name", name).with("platform", platform);
    return post(ContainerCreated.class, target, container.write());
  }

  public ContainerInspect container(String ref, boolean size) throws IOException {
    return get(ContainerInspect.class, Target.of("containers", ref, "json").with("size", size));
  }

  /// @return false if it runs already
  public boolean start(String ref, @Nullable String detachKeys) throws IOException {
    return post(Target.of("containers", ref, "start").with("detachKeys", detachKeys)) != 304;
  }

  /// @return false if it does not run
  public boolean stop(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException {
    Target target = Target.of("containers", ref, "stop");
    return post(target.with("signal", signal).with("t", timeoutSeconds)) != 304;
  }

  public void restart(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException {
    Target target = Target.of("containers", ref, "restart");
    post(target.with("signal", signal).with("t", timeoutSeconds));
  }

  public void kill(String ref, @Nullable String signal) throws IOException {
    post(Target.of("containers", ref, "kill").with("signal", signal));
  }

  public void pause(String ref) throws IOException {
    post(Target.of("containers", ref, "pause"));
  }

  public void unpause(String ref) throws IOException {
    post(Target.of("containers", ref, "unpause"));
  }

  public void rename(String ref, String newName) throws IOException {
    post(Target.of("containers", ref, "rename").with("name", newName));
  }

  public void remove(String ref, boolean force, boolean volumes) throws IOException {
    Target target = Target.of("containers", ref).with("force", force).with("v", volumes);
    send("DELETE", target.toString(), null).close();
  }

  public ContainersPruned pruneContainers(Map<String, List<String>> filters) throws IOException {
    return post(
        ContainersPruned.class, Target.of("containers", "prune").filters(filters), new byte[0]);
  }

  /// Begins to wait; the engine has registered the wait when this returns.
  ///
  /// @param condition `not-running`, `next-exit` or `removed`
  public Wait wait(String ref, String condition) throws IOException {
    Target target = Target.of("containers", ref, "wait").with("condition", condition);
    return new Wait(send("POST", target.toString(), new byte[0]));
  }

  public ContainerTop top(String ref, @Nullable String psArguments) throws IOException {
    return get(
        ContainerTop.class, Target.of("containers", ref, "top").with("ps_args", psArguments));
  }

  /// What a container uses; the engine takes a second, to compare.
  public ContainerStats stats(String ref) throws IOException {
    return get(ContainerStats.class, Target.of("containers", ref, "stats").with("stream", "false"));
  }

  /// Changes limits and the restart policy.
  ///
  /// @param limits the changed properties of `HostConfig`, as JSON
  public ContainerUpdated update(String ref, byte[] limits) throws IOException {
    return post(ContainerUpdated.class, Target.of("containers", ref, "update"), limits);
  }

  /// Publishes more ports, or fewer.
  ///
  /// @param change a [PortsChange] as JSON
  public void changePorts(String ref, byte[] change) throws IOException {
    send("POST", Target.of("djong", "containers", ref, "ports").toString(), change).close();
  }

  public List<ContainerChange> changes(String ref) throws IOException {
    return getList(ContainerChange.class, Target.of("containers", ref, "changes"));
  }

  public void resize(String ref, int rows, int columns) throws IOException {
    post(Target.of("containers", ref, "resize").with("h", rows).with("w", columns));
  }

  /// The raw stream of a container: framed (see [FrameReader]) unless it has a terminal.
  public RawStream attach(String ref, StreamOptions options) throws IOException {
    Target target =
        Target.of("containers", ref, "attach")
            .with("stream", options.stream())
            .with("logs", options.logs())
            .with("stdin", options.stdin())
            .with("stdout", options.stdout())
            .with("stderr", options.stderr())
            .with("detachKeys", options.detachKeys());
    return upgrade(target, new byte[0]);
  }

  /// The log, framed (see [FrameReader]) unless the container has a terminal.
  public Exchange logs(String ref, LogOptions options) throws IOException {
    Target target =
        Target.of("containers", ref, "logs")
            .with("stdout", options.stdout())
            .with("stderr", options.stderr())
            .with("follow", options.follow())
            .with("timestamps", options.timestamps())
            .with("since", options.since())
            .with("until", options.until())
            .with("tail", options.tail());
    return send("GET", target.toString(), null);
  }

  /// The whole tree as a tar.
  public Exchange export(String ref) throws IOException {
    return send("GET", Target.of("containers", ref, "export").toString(), null);
  }

  public PathStat statPath(String ref, String path) throws IOException {
    Target target = Target.of("containers", ref, "archive").with("path", path);
    try (Exchange exchange = send("HEAD", target.toString(), null)) {
      return stat(exchange);
    }
  }

  /// A file or folder as a tar; [#stat] reads its status.
  public Exchange copyOut(String ref, String path) throws IOException {
    Target target = Target.of("containers", ref, "archive").with("path", path);
    return send("GET", target.toString(), null);
  }

  /// The status that an answer to [#copyOut] carries.
  public static PathStat stat(Exchange exchange) throws IOException {
    String header = exchange.header(PathStat.HEADER);
    if (header == null) {
      throw new IOException("the engine did not send " + PathStat.HEADER);
    }
    return PathStat.decode(header);
  }

  /// Unpacks a tar into a folder of the container.
  public void copyIn(
      String ref, String path, InputStream tar, boolean noOverwriteDirNonDir, boolean copyUidGid)
      throws IOException {
    Target target =
        Target.of("containers", ref, "archive")
            .with("path", path)
            .with("noOverwriteDirNonDir", noOverwriteDirNonDir)
            .with("copyUIDGID", copyUidGid);
    stream("PUT", target, TAR, tar).close();
  }

  // Execs

  public String createExec(String ref, ExecCreate exec) throws IOException {
    return post(IdAnswer.class, Target.of("containers", ref, "exec"), Json.lean().write(exec)).id();
  }

  /// The raw stream of an exec: framed unless it has a terminal.
  public RawStream startExec(String id, boolean tty, @Nullable List<Integer> rowsAndColumns)
      throws IOException {
    byte[] body = Json.full().write(new ExecStart(false, tty, rowsAndColumns));
    return upgrade(Target.of("exec", id, "start"), body);
  }

  public void startExecDetached(String id) throws IOException {
    byte[] body = Json.full().write(new ExecStart(true, false, null));
    send("POST", Target.of("exec", id, "start").toString(), body).close();
  }

  public void resizeExec(String id, int rows, int columns) throws IOException {
    post(Target.of("exec", id, "resize").with("h", rows).with("w", columns));
  }

  public ExecInspect exec(String id) throws IOException {
    return get(ExecInspect.class, Target.of("exec", id, "json"));
  }

  // Images

  public List<ImageSummary> images(boolean all, Map<String, List<String>> filters)
      throws IOException {
    return getList(
        ImageSummary.class, Target.of("images", "json").with("all", all).filters(filters));
  }

  public ImageInspect image(String ref) throws IOException {
    return get(ImageInspect.class, Target.of("images", ref, "json"));
  }

  public List<ImageHistory> history(String ref) throws IOException {
    return getList(ImageHistory.class, Target.of("images", ref, "history"));
  }

  /// What is in an image. djong's own.
  public ImageExploration explore(String ref) throws IOException {
    return get(ImageExploration.class, Target.of("djong", "images", ref, "explore"));
  }

  /// Merges the layers of an image above a base. djong's own.
  ///
  /// @return the id of the new image
  public String squash(String ref, @Nullable String from, @Nullable String tag) throws IOException {
    Target target = Target.of("djong", "images", ref, "squash").with("from", from).with("tag", tag);
    return post(IdAnswer.class, target, NOTHING).id();
  }

  /// Mounts an image, read-only. djong's own.
  ///
  /// @return where, on the engine's machine
  public String mountImage(String ref) throws IOException {
    return post(ImageMount.class, Target.of("djong", "images", ref, "mount"), NOTHING).path();
  }

  /// Takes that mount away. djong's own.
  public void unmountImage(String ref) throws IOException {
    post(Target.of("djong", "images", ref, "unmount"));
  }

  /// Reads everything that is kept of images. djong's own.
  public StoreProof check(boolean repair) throws IOException {
    return post(StoreProof.class, Target.of("djong", "fsck").with("repair", repair), NOTHING);
  }

  public void tag(String ref, String repository, @Nullable String tag) throws IOException {
    post(Target.of("images", ref, "tag").with("repo", repository).with("tag", tag));
  }

  public List<ImageRemoval> removeImage(String ref, boolean force, boolean noPrune)
      throws IOException {
    Target target = Target.of("images", ref).with("force", force).with("noprune", noPrune);
    try (Exchange exchange = send("DELETE", target.toString(), null)) {
      return Json.full().readList(ImageRemoval.class, body(exchange));
    }
  }

  public ImagesPruned pruneImages(Map<String, List<String>> filters) throws IOException {
    return post(ImagesPruned.class, Target.of("images", "prune").filters(filters), new byte[0]);
  }

  /// Loads an archive; the answer tells how it goes on. A message with an error ends it.
  public JsonLines<StreamMessage> load(InputStream archive, boolean quiet) throws IOException {
    Target target = Target.of("images", "load").with("quiet", quiet);
    return lines(StreamMessage.class, stream("POST", target, TAR, archive));
  }

  /// Builds an image; the answer tells how it goes on. A message with an error ends it.
  ///
  /// @param parameters as `POST /build` takes them, without the path
  /// @param logins what `X-Registry-Config` shall say; a secret
  public JsonLines<BuildMessage> build(
      Target parameters, BuildExtras extras, @Nullable String logins, InputStream context)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", TAR);
    headers.put(BuildExtras.HEADER, Base64.getEncoder().encodeToString(Json.lean().write(extras)));
    if (logins != null) {
      headers.put("X-Registry-Config", logins);
    }
    return lines(
        BuildMessage.class,
        checked(http.send("POST", parameters.toString(), headers, context, -1)));
  }

  /// Asks which files of a build's context are missing. djong's own.
  ///
  /// @param digests of their bytes
  public ContextOffer offerContext(Collection<Digest> digests) throws IOException {
    StringBuilder lines = new StringBuilder();
    digests.forEach(digest -> lines.append(digest).append('\n'));
    Map<String, String> headers = Map.of("Content-Type", "text/plain");
    byte[] body = lines.toString().getBytes(StandardCharsets.US_ASCII);
    try (Exchange exchange =
        checked(
            http.send(
                "POST",
                Target.of("djong", "context").toString(),
                headers,
                new ByteArrayInputStream(body),
                body.length))) {
      return read(ContextOffer.class, body(exchange));
    }
  }

  /// Frees what of the build cache no running build uses.
  public BuildsPruned pruneBuilds(Map<String, List<String>> filters) throws IOException {
    return post(
        BuildsPruned.class,
        Target.of("build", "prune").with("all", true).filters(filters),
        NOTHING);
  }

  /// The last builds, the newest first. djong's own.
  public List<PastBuild> builds() throws IOException {
    return getList(PastBuild.class, Target.of("djong", "builds"));
  }

  /// One of the last builds. djong's own.
  ///
  /// @param ref its id or a prefix of it
  public PastBuild pastBuild(String ref) throws IOException {
    return get(PastBuild.class, Target.of("djong", "builds", ref));
  }

  /// What a build said. djong's own.
  public Exchange buildLog(String ref) throws IOException {
    return send("GET", Target.of("djong", "builds", ref, "logs").toString(), null);
  }

  /// The images as one tar.
  public Exchange save(List<String> refs) throws IOException {
    return send("GET", Target.of("images", "get").withAll("names", refs).toString(), null);
  }

  /// Makes an image from a tar of a file tree; the answer's last status is its id.
  public JsonLines<StreamMessage> importTree(
      InputStream tar,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String message,
      List<String> changes,
      @Nullable String platform)
      throws IOException {
    Target target =
        Target.of("images", "create")
            .with("fromSrc", "-")
            .with("repo", repository)
            .with("tag", tag)
            .with("message", message)
            .withAll("changes", changes)
            .with("platform", platform);
    return lines(StreamMessage.class, stream("POST", target, TAR, tar));
  }

  /// Brings an image from a registry.
  ///
  /// @param tag or a digest; null for all tags
  /// @param auth what `X-Registry-Auth` shall say; a secret
  public JsonLines<StreamMessage> pull(
      String image, @Nullable String tag, @Nullable String platform, @Nullable String auth)
      throws IOException {
    Target target =
        Target.of("images", "create")
            .with("fromImage", image)
            .with("tag", tag)
            .with("platform", platform);
    return lines(StreamMessage.class, asSomebody("POST", target, auth));
  }

  /// Sends an image to the registry that its name tells; see [#pull].
  public JsonLines<StreamMessage> push(String image, @Nullable String tag, @Nullable String auth)
      throws IOException {
    return lines(
        StreamMessage.class,
        asSomebody("POST", Target.of("images", image, "push").with("tag", tag), auth));
  }

  /// Tries who one is to a registry.
  public AuthAnswer login(AuthConfig config) throws IOException {
    return post(AuthAnswer.class, Target.of("auth"), Json.lean().write(config));
  }

  /// Looks for repositories on a registry; see [#pull].
  public List<SearchResult> search(String term, @Nullable String limit, @Nullable String auth)
      throws IOException {
    Target target = Target.of("images", "search").with("term", term).with("limit", limit);
    try (Exchange exchange = asSomebody("GET", target, auth)) {
      return Json.full().readList(SearchResult.class, body(exchange));
    } catch (Fault.Invalid e) {
      throw new IOException("the engine's answer makes no sense: " + e.getMessage(), e);
    }
  }

  private Exchange asSomebody(String method, Target target, @Nullable String auth)
      throws IOException {
    return checked(
        http.send(
            method,
            target.toString(),
            auth == null ? Map.of() : Map.of("X-Registry-Auth", auth),
            null,
            0));
  }

  /// Makes an image from a container.
  ///
  /// @return its id
  public String commit(
      String container,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String comment,
      @Nullable String author,
      boolean pause,
      List<String> changes)
      throws IOException {
    Target target =
        Target.of("commit")
            .with("container", container)
            .with("repo", repository)
            .with("tag", tag)
            .with("comment", comment)
            .with("author", author)
            .with("pause", pause ? "1" : "0")
            .withAll("changes", changes);
    return post(IdAnswer.class, target, "{}".getBytes(StandardCharsets.UTF_8)).id();
  }

  // Networks and volumes

  public List<NetworkInspect> networks(Map<String, List<String>> filters) throws IOException {
    return getList(NetworkInspect.class, Target.of("networks").filters(filters));
  }

  public NetworkInspect network(String ref) throws IOException {
    return get(NetworkInspect.class, Target.of("networks", ref));
  }

  public NetworkCreated createNetwork(NetworkCreate network) throws IOException {
    return post(NetworkCreated.class, Target.of("networks", "create"), Json.lean().write(network));
  }

  public void removeNetwork(String ref) throws IOException {
    send("DELETE", Target.of("networks", ref).toString(), null).close();
  }

  public void connect(String network, NetworkConnect wanted) throws IOException {
    byte[] body = Json.lean().write(wanted);
    send("POST", Target.of("networks", network, "connect").toString(), body).close();
  }

  public void disconnect(String network, NetworkConnect wanted) throws IOException {
    byte[] body = Json.lean().write(wanted);
    send("POST", Target.of("networks", network, "disconnect").toString(), body).close();
  }

  public NetworksPruned pruneNetworks(Map<String, List<String>> filters) throws IOException {
    return post(NetworksPruned.class, Target.of("networks", "prune").filters(filters), new byte[0]);
  }

  public VolumeList volumes(Map<String, List<String>> filters) throws IOException {
    return get(VolumeList.class, Target.of("volumes").filters(filters));
  }

  public VolumeInspect volume(String name) throws IOException {
    return get(VolumeInspect.class, Target.of("volumes", name));
  }

  public VolumeInspect createVolume(VolumeCreate volume) throws IOException {
    return post(VolumeInspect.class, Target.of("volumes", "create"), Json.lean().write(volume));
  }

  public void removeVolume(String name, boolean force) throws IOException {
    send("DELETE", Target.of("volumes", name).with("force", force).toString(), null).close();
  }

  public VolumesPruned pruneVolumes(Map<String, List<String>> filters) throws IOException {
    return post(VolumesPruned.class, Target.of("volumes", "prune").filters(filters), new byte[0]);
  }

  /// djong's own: the files of a volume as a tar.
  public Exchange exportVolume(String name) throws IOException {
    return send("GET", Target.of("djong", "volumes", name, "export").toString(), null);
  }

  /// djong's own: fills an empty volume.
  public void importVolume(String name, InputStream tar) throws IOException {
    stream("POST", Target.of("djong", "volumes", name, "import"), TAR, tar).close();
  }

  /// djong's own: makes a volume with the files of another.
  public void cloneVolume(String name, String newName) throws IOException {
    post(Target.of("djong", "volumes", name, "clone").with("name", newName));
  }

  /// djong's own: gives a volume another name.
  public void renameVolume(String name, String newName) throws IOException {
    post(Target.of("djong", "volumes", name, "rename").with("name", newName));
  }

  // Everything else

  /// The answer's JSON as it came, for those who show it as it is (`inspect`).
  public byte[] json(Target target) throws IOException {
    try (Exchange exchange = send("GET", target.toString(), null)) {
      return body(exchange);
    }
  }

  /// Sends a request with a JSON body (or none) and returns the answer if it is not an error.
  ///
  /// @throws ApiError if it is one
  public Exchange send(String method, String target, byte @Nullable [] json) throws IOException {
    boolean hasBody = json != null && json.length > 0;
    return checked(
        http.send(
            method,
            target,
            hasBody ? Map.of("Content-Type", JSON) : Map.of(),
            json == null ? null : new ByteArrayInputStream(json),
            json == null ? 0 : json.length));
  }

  @Override
  public void close() {
    http.close();
  }

  private Exchange stream(String method, Target target, String type, InputStream body)
      throws IOException {
    return checked(http.send(method, target.toString(), Map.of("Content-Type", type), body, -1));
  }

  private RawStream upgrade(Target target, byte[] json) throws IOException {
    try {
      return http
          .upgrade(
              "POST",
              target.toString(),
              json.length > 0 ? Map.of("Content-Type", JSON) : Map.of(),
              json,
              "tcp")
          .stream();
    } catch (UpgradeRefused e) {
      throw error(e.status(), e.body());
    }
  }

  private <T> T get(Class<T> type, Target target) throws IOException {
    return read(type, json(target));
  }

  private <T> List<T> getList(Class<T> type, Target target) throws IOException {
    byte[] json = json(target);
    try {
      return Json.full().readList(type, json);
    } catch (Fault.Invalid e) {
      throw new IOException("the engine's answer makes no sense: " + e.getMessage(), e);
    }
  }

  private <T> T post(Class<T> type, Target target, byte[] json) throws IOException {
    try (Exchange exchange = send("POST", target.toString(), json)) {
      return read(type, body(exchange));
    }
  }

  private int post(Target target) throws IOException {
    try (Exchange exchange = send("POST", target.toString(), new byte[0])) {
      return exchange.status();
    }
  }

  private static <T> T read(Class<T> type, byte[] json) throws IOException {
    try {
      return Json.full().read(type, json);
    } catch (Fault.Invalid e) {
      throw new IOException("the engine's answer makes no sense: " + e.getMessage(), e);
    }
  }

  private static <T> JsonLines<T> lines(Class<T> type, Exchange exchange) throws IOException {
    return new JsonLines<>(type, exchange);
  }

  private static byte[] body(Exchange exchange) throws IOException {
    return exchange.body().readAllBytes();
  }

  private static Exchange checked(Exchange exchange) throws IOException {
    if (exchange.status() < 400) {
      return exchange;
    }
    try (exchange) {
      throw error(exchange.status(), exchange.body().readNBytes(64 << 10));
    }
  }

  private static ApiError error(int status, byte[] body) {
    try {
      return new ApiError(status, Json.full().read(ErrorAnswer.class, body).message());
    } catch (Fault.Invalid _) { // Not ours: a proxy, or a HEAD, which has no body.
      String text = new String(body, StandardCharsets.UTF_8).strip();
      return new ApiError(status, text.isEmpty() ? "the engine answered status " + status : text);
    }
  }

  /// A wait that has begun.
  public static final class Wait implements AutoCloseable {
    private final Exchange exchange;

    private Wait(Exchange exchange) {
      this.exchange = exchange;
    }

    /// Blocks until the container has ended.
    ///
    /// @return its exit code
    /// @throws ApiError if the wait itself failed
    public int await() throws IOException {
      ContainerWait answer = read(ContainerWait.class, body(exchange));
      if (answer.error() != null) {
        throw new ApiError(500, answer.error().message());
      }
      return answer.statusCode();
    }

    @Override
    public void close() throws IOException {
      exchange.close();
    }
  }
}
