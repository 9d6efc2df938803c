package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What can be asked of a container's device in a network, by the stock command line.
@ExtendWith(SharedDaemon.class)
class DockerEndpointsTest {
  private static final String OPTION = "driver-opt=com.docker.network.endpoint.";

  private final LiveDaemon daemon;

  DockerEndpointsTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @AfterEach
  void removeAll() throws Exception {
    for (String id : daemon.docker("ps", "-aq", "--filter", "name=end-").ok().lines()) {
      daemon.docker("rm", "-f", id).ok();
    }
    for (String name : List.of("end-a", "end-b")) {
      daemon.docker("network", "rm", "-f", name).ok();
    }
  }

  private Program.Result run(String script, String... networks) throws Exception {
    for (String name : List.of("end-a", "end-b")) {
      var _ = daemon.docker("network", "create", name);
    }
    List<String> command = new ArrayList<>(List.of("run", "--rm"));
    for (String network : networks) {
      command.addAll(List.of("--network", network));
    }
    command.addAll(List.of("busybox", "sh", "-c", script));
    return daemon.docker(command.toArray(String[]::new));
  }

  @Test
  void aDeviceHasTheNameThatWasAskedForAndTheOthersCountOn() throws Exception {
    assertThat(run("ls /sys/class/net", "name=end-a," + OPTION + "ifname=quay0").ok().lines())
        .contains("quay0")
        .doesNotContain("eth0");
    assertThat(
            run("ls /sys/class/net", "name=end-a," + OPTION + "ifname=eth1", "name=end-b")
                .ok()
                .lines())
        .contains("eth0", "eth1");
  }

  @Test
  void aNameThatIsNoneOrTakenIsRefused() throws Exception {
    assertThat(run("true", "name=end-a," + OPTION + "ifname=a/b").err())
        .contains("invalid interface name \"a/b\"");
    assertThat(run("true", "name=end-a," + OPTION + "ifname=longer-than-fifteen").err())
        .contains("invalid interface name \"longer-than-fifteen\"");
    assertThat(
            run("true", "name=end-a," + OPTION + "ifname=x0", "name=end-b," + OPTION + "ifname=x0")
                .err())
        .contains("interface name \"x0\" is taken in this container");
    assertThat(daemon.docker("network", "inspect", "end-a", "--format", "{{len .Containers}}").ok())
        .returns("0", Program.Result::line);
  }

  @Test
  void parametersOfTheKernelAreThoseOfTheDevice() throws Exception {
    assertThat(
            run(
                    "cat /proc/sys/net/ipv4/conf/eth0/log_martians",
                    "name=end-a,\"" + OPTION + "sysctls=net.ipv4.conf.IFNAME.log_martians=1\"")
                .ok()
                .line())
        .isEqualTo("1");
    assertThat(run("true", "name=end-a," + OPTION + "sysctls=net.ipv4.conf.eth0.x=1").err())
        .contains(
            "unrecognised network interface sysctl 'net.ipv4.conf.eth0.x=1'; represent"
                + " 'net.X.Y.ethN.Z=V' as 'net.X.Y.IFNAME.Z=V'");
    assertThat(run("true", "name=end-a," + OPTION + "sysctls=net.ipv4.conf.IFNAME.none=1").err())
        .contains("/proc/sys/net/ipv4/conf/eth0/none is not a sysctl file");
    assertThat(run("true", "name=end-a," + OPTION + "sysctls=net.ipv4.../../x.IFNAME.y=1").err())
        .contains("unrecognised network interface sysctl");
  }

  @Test
  void addressesOfTheLinkAreThereBesideTheOthers() throws Exception {
    assertThat(
            run(
                    "ip -o address show eth0",
                    "name=end-a,link-local-ip=169.254.8.8,link-local-ip=fe80::1234")
                .ok()
                .out())
        .contains("inet 169.254.8.8/16", "inet6 fe80::1234/64", "inet 172.");
    assertThat(run("true", "name=end-a,link-local-ip=8.8.8.8").err())
        .contains("invalid link-local IP address: 8.8.8.8");
  }

  @Test
  void anOptionNobodyKnowsIsKeptAndDoesNothing() throws Exception {
    var _ = daemon.docker("network", "create", "end-a");
    daemon
        .docker(
            "create", "--name", "end-c", "--network", "name=end-a,driver-opt=key=val", "busybox")
        .ok();
    assertThat(
            daemon
                .docker(
                    "inspect",
                    "end-c",
                    "--format",
                    "{{(index .NetworkSettings.Networks \"end-a\").DriverOpts.key}}")
                .ok()
                .line())
        .isEqualTo("val");
  }

  @Test
  void aLinkIsTakenAwayWithItsLineOfHosts() throws Exception {
    daemon.docker("run", "-d", "--name", "end-old", "busybox", "sleep", "1000").ok();
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "end-new",
            "--link",
            "end-old:db",
            "--link",
            "end-old:cache",
            "busybox",
            "sleep",
            "1000")
        .ok();

    daemon.docker("rm", "--link", "end-new/db").ok();

    assertThat(daemon.docker("exec", "end-new", "cat", "/etc/hosts").ok().out())
        .doesNotContain("\tdb ")
        .contains("\tcache ");
    assertThat(daemon.docker("rm", "--link", "end-new/db").err())
        .contains("No such container: end-new/db");
    assertThat(daemon.docker("rm", "--link", "end-new").err())
        .contains("Conflict, cannot remove the default link name of the container");
  }
}
