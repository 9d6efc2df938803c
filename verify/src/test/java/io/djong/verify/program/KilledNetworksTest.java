package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The daemon is killed at random moments and calls while networks and volumes come and go. The
/// next one has no device beyond what the records say; and once these are gone, no device, rule,
/// namespace, mount, address or port is left, and what others made is as it was. Longer with
/// `-Ddjong.kills=50`.
class KilledNetworksTest {
  private static final int KILLS = Integer.getInteger("djong.kills", 3);
  private static final String DEVICE = "dj([0-9a-f]{12}|x[0-9]+)";

  /// Its address, its port and its volume are the same in each round: a lease that stayed would
  /// show.
  private static final List<String> WORK =
      List.of(
          "network create --subnet 10.231.7.0/24 kn-one",
          "volume create -o type=tmpfs -o device=tmpfs kn-hold",
          "run -d --name kn-a --network kn-one --ip 10.231.7.7 -p 127.0.0.1:28417:80"
              + " -v kn-hold:/hold busybox sleep 600",
          "network create --internal --ipv6=false kn-two",
          "network connect --alias other kn-two kn-a",
          "network disconnect kn-one kn-a",
          "rm -f kn-a",
          "volume rm kn-hold",
          "network rm kn-one kn-two");

  /// Calls by which networks and volumes change: messages to the kernel most of all.
  private static final List<String> KINDS =
      List.of("sendto,sendmsg", "sendto,sendmsg", "mount,umount2,setns,unshare", "fsync,fdatasync");

  private static final List<String> CLEANING =
      List.of("rm -f kn-a", "volume rm -f kn-hold", "network rm -f kn-one kn-two");

  private final LiveDaemon daemon;
  private final Set<String> linksBefore;
  private final Set<String> tablesBefore;

  private final Foreign foreign;

  KilledNetworksTest() throws Exception {
    foreign = new Foreign();
    linksBefore = links();
    tablesBefore = new HashSet<>(nft("list", "tables").lines().toList());
    daemon = LiveDaemon.withBusybox();
  }

  @Test
  void whatAKilledDaemonLeftOfNetworksGoesAndNothingElse() throws Exception {
    Random chance = new Random(20261125);
    try (foreign;
        daemon) {
      long began = System.nanoTime();
      WORK.forEach(words -> docker(words).ok());
      long took = System.nanoTime() - began;
      Waiting.until("no device of containers is left", () -> veths().isEmpty());
      String clean = state();

      for (int round = 0; round < KILLS; round++) {
        if (round % 3 == 0) {
          CompletableFuture<Void> work = working();
          LockSupport.parkNanos(chance.nextLong(took));
          daemon.kill();
          work.get(60, TimeUnit.SECONDS);
        } else {
          String calls = KINDS.get(chance.nextInt(KINDS.size()));
          try (KillAtCall _ = KillAtCall.of(daemon, calls, 1 + chance.nextInt(12))) {
            working().get(60, TimeUnit.SECONDS);
            daemon.kill();
          }
        }
        daemon.launch();
        String as = "round " + round;

        Waiting.until(
            as + ": no device but those of what runs", () -> recorded().containsAll(veths()));
        assertThat(bridges()).as(as).isSubsetOf(recordedBridges());
        foreign.isUntouched();
        CLEANING.forEach(this::docker);
        Waiting.until(
            as + ": " + state() + " is as at first: " + clean, () -> state().equals(clean));
      }
      WORK.forEach(words -> docker(words).ok());
      foreign.isUntouched();
    }
  }

  private CompletableFuture<Void> working() {
    return CompletableFuture.runAsync(() -> WORK.forEach(this::docker), Thread::startVirtualThread);
  }

  private Program.Result docker(String words) {
    try {
      return daemon.docker(words.split(" ", -1));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Devices, rules, namespaces and mounts that came with the daemon.
  private String state() throws Exception {
    Set<String> devices = links();
    devices.removeAll(linksBefore);
    StringBuilder state = new StringBuilder("devices " + new TreeSet<>(devices) + '\n');
    for (String table : nft("list", "tables").lines().toList()) {
      if (!tablesBefore.contains(table) && table.contains("djong")) {
        state.append(nft(("list " + table).split(" ", -1)));
      }
    }
    try (var files = Files.list(daemon.execRoot().resolve("sandboxes"))) {
      state.append("sandboxes ").append(files.map(Path::toString).sorted().toList()).append('\n');
    }
    String folder = daemon.folder().toString();
    return state
        + Files.readString(Path.of("/proc/self/mountinfo"))
            .lines()
            .filter(line -> line.contains(folder))
            .map(line -> "mount " + line.split(" ", -1)[4])
            .sorted()
            .collect(Collectors.joining("\n"));
  }

  private Set<String> veths() throws Exception {
    Set<String> found = links();
    found.removeAll(linksBefore);
    found.removeIf(name -> !name.matches(DEVICE));
    return found;
  }

  private Set<String> bridges() throws Exception {
    Set<String> found = links();
    found.removeAll(linksBefore);
    found.removeIf(name -> !name.startsWith("br-"));
    return found;
  }

  /// The devices of the containers that run.
  private Set<String> recorded() throws Exception {
    Set<String> devices = new HashSet<>();
    for (String id : daemon.docker("ps", "-q").ok().lines()) {
      String format = "{{range .NetworkSettings.Networks}}{{.EndpointID}} {{end}}";
      for (String endpoint :
          daemon.docker("inspect", "-f", format, id).ok().line().split(" ", -1)) {
        devices.add("dj" + endpoint.substring(0, 12));
      }
    }
    return devices;
  }

  private Set<String> recordedBridges() throws Exception {
    Set<String> devices = new HashSet<>();
    for (String id : daemon.docker("network", "ls", "-q", "--no-trunc").ok().lines()) {
      devices.add("br-" + id.substring(0, 12));
    }
    return devices;
  }

  private static Set<String> links() throws Exception {
    return run("ip", "-o", "link")
        .lines()
        .map(line -> line.split(": ", -1)[1].split("@", -1)[0])
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String nft(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("nft"));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new));
  }

  private static String run(String... command) throws Exception {
    return Program.run(List.of(command), Map.of(), null).ok().out();
  }

  /// What somebody else made and calls nearly as we would: a bridge with a port and an address, a
  /// table, a namespace.
  private static final class Foreign implements AutoCloseable {
    private final String before;

    Foreign() throws Exception {
      run("ip", "link", "add", "br-0123456789ab", "type", "bridge");
      run("ip", "addr", "add", "10.231.8.1/24", "dev", "br-0123456789ab");
      run("ip", "link", "add", "dj0123456789ab", "type", "veth", "peer", "name", "kn-peer");
      run("ip", "link", "set", "dj0123456789ab", "master", "br-0123456789ab", "up");
      run("ip", "link", "set", "br-0123456789ab", "up");
      run("ip", "netns", "add", "djong-kn-foreign");
      nft(
          "add table inet djong_kn_foreign; add chain inet djong_kn_foreign c;"
              + " add rule inet djong_kn_foreign c ip saddr 10.231.8.7 drop");
      before = now();
    }

    private static String now() throws Exception {
      return run("ip", "-o", "addr", "show", "br-0123456789ab")
          + run("ip", "-o", "link", "show", "dj0123456789ab").contains("master br-0123456789ab")
          + run("ip", "netns", "list").contains("djong-kn-foreign")
          + nft("list", "table", "inet", "djong_kn_foreign");
    }

    void isUntouched() throws Exception {
      assertThat(now()).isEqualTo(before);
    }

    @Override
    public void close() throws IOException {
      try {
        for (String words :
            List.of(
                "ip link del dj0123456789ab",
                "ip link del br-0123456789ab",
                "ip netns del djong-kn-foreign",
                "nft delete table inet djong_kn_foreign")) {
          var _ = Program.run(List.of(words.split(" ", -1)), Map.of(), null);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while removing what is foreign", e);
      }
    }
  }
}
