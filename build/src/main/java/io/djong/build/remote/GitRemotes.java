package io.djong.build.remote;

import io.djong.build.context.PackedTree;
import io.djong.build.context.RootTree;
import io.djong.build.context.TreePacker;
import io.djong.content.tar.TarEntry;
import io.djong.linux.ChildProcess;
import io.djong.linux.DescriptorStream;
import io.djong.linux.Pipe;
import io.djong.linux.Poller;
import io.djong.linux.Root;
import io.djong.linux.Spawn;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fetches repositories by the system's git, which gets nothing of this machine: no configuration,
/// no hooks, no helpers, no terminal, and only the transports that [GitAddress] lets through. Safe
/// for use by several threads.
public final class GitRemotes implements AutoCloseable {
  private static final Path GIT = Path.of("/usr/bin/git");
  private static final int SIGKILL = 9;
  private static final int MOST_SAID = 4096;

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/usr/bin:/bin",
          "HOME", "/nonexistent",
          "LC_ALL", "C.UTF-8",
          "GIT_CONFIG_NOSYSTEM", "1",
          "GIT_CONFIG_GLOBAL", "/dev/null",
          "GIT_TERMINAL_PROMPT", "0",
          "GIT_ASKPASS", "/bin/false",
          "GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes",
          "GIT_ALLOW_PROTOCOL", "https:http:git:ssh");

  private static final List<String> HARDENED =
      List.of(
          "-c", "core.hooksPath=/dev/null",
          "-c", "core.fsmonitor=false",
          "-c", "core.askPass=/bin/false",
          "-c", "credential.helper=",
          "-c", "protocol.ext.allow=never",
          "-c", "protocol.file.allow=never",
          "-c", "fetch.fsckObjects=true",
          "-c", "submodule.recurse=false",
          "-c", "http.followRedirects=initial");

  private final Path scratch;
  private final Poller poller;

  /// @param scratch a folder for what is fetched
  public GitRemotes(Path scratch) throws IOException {
    this.scratch = scratch;
    this.poller = new Poller();
  }

  /// The tree of a repository.
  ///
  /// @param commit what it must be; null is whatever it is
  /// @throws Fault.Invalid if there is none, or it is another commit
  public PackedTree fetch(GitAddress address, @Nullable String commit, boolean keepGitDir)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(GIT)) {
      throw new Fault.Unavailable("the program git is not installed: apt-get install git");
    }
    Path folder = Files.createTempDirectory(scratch, "git-");
    try {
      run(folder, List.of("init", "--quiet", "--template="), address);
      String ref = address.ref() == null ? "HEAD" : address.ref();
      run(
          folder,
          List.of("fetch", "--quiet", "--depth=1", "--no-tags", "--", address.url(), ref),
          address);
      String head = run(folder, List.of("rev-parse", "--verify", "FETCH_HEAD^{commit}"), address);
      if (commit != null && !head.startsWith(commit)) {
        throw new Fault.Invalid(
            "the repository is at commit " + head + ", and not at " + commit + " as is demanded");
      }
      String time = run(folder, List.of("show", "-s", "--format=%ct", head), address);
      run(folder, List.of("checkout", "--quiet", "--detach", head), address);
      return pack(folder, address, keepGitDir, Instant.ofEpochSecond(Long.parseLong(time)));
    } finally {
      remove(folder);
    }
  }

  private PackedTree pack(Path folder, GitAddress address, boolean keepGitDir, Instant time)
      throws IOException {
    try (Root root = Root.open(folder);
        RootTree tree = new RootTree(root);
        TreePacker packer = new TreePacker(scratch)) {
      RawPath start = RawPath.of(address.folder());
      TarEntry there = tree.find(start);
      if (there == null || there.kind() != TarEntry.Kind.FOLDER) {
        throw new Fault.Invalid("the repository has no folder " + address.folder());
      }
      add(tree, start, RawPath.ROOT, packer, keepGitDir, time);
      return packer.finish();
    }
  }

  private static void add(
      RootTree tree, RawPath from, RawPath to, TreePacker packer, boolean keepGitDir, Instant time)
      throws IOException {
    for (RawPath name : tree.list(from)) {
      RawPath path = from.resolve(name);
      TarEntry entry = tree.find(path);
      if (entry == null || (!keepGitDir && from.isRoot() && name.toString().equals(".git"))) {
        continue;
      }
      RawPath target = to.resolve(name);
      TarEntry made = at(entry, time);
      if (entry.kind() == TarEntry.Kind.FILE) {
        try (InputStream content = tree.open(path)) {
          packer.add(target, made, content);
        }
      } else {
        packer.add(target, made, InputStream.nullInputStream());
      }
      if (entry.kind() == TarEntry.Kind.FOLDER) {
        add(tree, path, target, packer, keepGitDir, time);
      }
    }
  }

  /// Nobody's file, as old as its commit: when it was fetched is of no interest.
  private static TarEntry at(TarEntry entry, Instant time) {
    return new TarEntry(
        entry.kind(),
        entry.name(),
        entry.permissions(),
        0,
        0,
        entry.size(),
        time,
        null,
        entry.linkName(),
        0,
        0,
        entry.xattrs());
  }

  /// @return what it wrote
  private String run(Path folder, List<String> words, GitAddress address)
      throws IOException, InterruptedException {
    // stdout of a child is the null device, so a shell moves it to the pipe at 3.
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$0\" \"$@\" >&3", GIT.toString()));
    command.addAll(HARDENED);
    command.addAll(words);
    try (Pipe out = Pipe.fromChild(poller);
        Pipe err = Pipe.fromChild(poller)) {
      ChildProcess child =
          new Spawn(command, ENVIRONMENT, folder, err.output(), List.of(out.output()))
              .start(poller);
      try {
        out.output().close();
        err.output().close();
        String said = read(out.input()).strip();
        String complaint = read(err.input()).strip();
        int code = child.await();
        if (code != 0) {
          String shown = GitAddress.withoutUser(address.url());
          throw new Fault.Invalid(
              "failed to fetch " + shown + ": " + complaint.replace(address.url(), shown));
        }
        return said;
      } finally {
        child.signal(SIGKILL);
      }
    }
  }

  private static String read(DescriptorStream input) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] bytes = new byte[4096];
    for (int n = input.read(bytes, 0, 4096); n > 0; n = input.read(bytes, 0, 4096)) {
      text.write(bytes, 0, Math.min(n, Math.max(0, MOST_SAID - text.size())));
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static void remove(Path folder) throws IOException {
    try (Root root = Root.open(folder)) {
      root.removeTree(RawPath.ROOT);
    }
    Files.deleteIfExists(folder);
  }

  @Override
  public void close() throws IOException {
    poller.close();
  }
}
