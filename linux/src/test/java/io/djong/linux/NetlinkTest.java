package io.djong.linux;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// In namespaces of its own, as root.
class NetlinkTest {
  private NetworkNamespace namespace;
  private Netlink netlink;

  @BeforeEach
  void open() throws IOException {
    namespace = NetworkNamespace.create(() -> {});
    netlink = namespace.call(Netlink::open);
  }

  @AfterEach
  void close() {
    netlink.close();
    namespace.close();
  }

  @Test
  void aNewNamespaceHasALoopbackThatIsDownAndNothingUp() throws IOException {
    assertThat(netlink.links()).noneMatch(Netlink.Link::up);
    assertThat(netlink.links()).extracting(Netlink.Link::name).contains("lo");
  }

  @Test
  void changesOfABatchAreMadeInTheirOrder() throws IOException {
    netlink.apply(
        new NetlinkBatch()
            .addBridge("b0", "02:42:00:00:00:01", 1400)
            .setMtu("b0", 1300)
            .setMac("b0", "02:42:00:00:00:02")
            .setUp("lo"));

    assertThat(requireNonNull(netlink.link("b0")))
        .extracting(Netlink.Link::mtu, Netlink.Link::mac, Netlink.Link::kind, Netlink.Link::up)
        .containsExactly(1300, "02:42:00:00:00:02", "bridge", true);
  }

  @Test
  void theFirstFailureIsToldAndTheOthersAreMadeAllTheSame() {
    NetlinkBatch batch =
        new NetlinkBatch().setUp("nothing").deleteLink("nobody").addBridge("b0", null, 1500);

    assertThatThrownBy(() -> netlink.apply(batch))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("set nothing up")
        .extracting(e -> ((KernelException) e).errno())
        .isEqualTo(Errno.ENODEV);
    assertThatThrownBy(() -> netlink.apply(new NetlinkBatch().addBridge("b0", null, 1500)))
        .extracting(e -> ((KernelException) e).errno())
        .isEqualTo(Errno.EEXIST);
  }

  @Test
  void theKernelsOwnWordsAreInTheError() {
    assertThatThrownBy(
            () -> netlink.apply(new NetlinkBatch().addBridge("b0", "01:00:00:00:00:00", 1500)))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("add bridge b0");
  }

  @Test
  void theDeviceOfALongestNameIsFoundAndAMissingOneIsNull() throws IOException {
    netlink.apply(new NetlinkBatch().addBridge("fifteen-letters", null, 1500));

    assertThat(netlink.link("fifteen-letters")).isNotNull();
    assertThat(netlink.link("missing")).isNull();
  }

  @Test
  void aPairsPeerIsBornInItsNamespace() throws IOException {
    try (NetworkNamespace other = NetworkNamespace.create(() -> {})) {
      netlink.apply(
          new NetlinkBatch()
              .addVeth(
                  new NetlinkBatch.End("near", null, 1500),
                  0,
                  new NetlinkBatch.End("far", "02:42:0a:00:00:02", 1280),
                  other));

      assertThat(netlink.link("near")).isNotNull();
      assertThat(netlink.link("far")).isNull();
      try (Netlink inside = other.call(Netlink::open)) {
        assertThat(inside.links()).extracting(Netlink.Link::mac).contains("02:42:0a:00:00:02");
      }
    }
  }

  @Test
  void addressesAndRoutesOfBothFamiliesAreListedAndDeleted() throws IOException {
    InetAddress four = InetAddress.ofLiteral("192.0.2.1");
    InetAddress six = InetAddress.ofLiteral("2001:db8::1");
    InetAddress gateway = InetAddress.ofLiteral("192.0.2.254");
    InetAddress gateway6 = InetAddress.ofLiteral("2001:db8::ff");
    netlink.apply(new NetlinkBatch().addBridge("b0", null, 1500));
    int device = requireNonNull(netlink.link("b0")).index();
    netlink.apply(
        new NetlinkBatch()
            .addAddress(device, four, 24)
            .addAddress(device, six, 64)
            .addRoute(null, 0, gateway, device)
            .addRoute(null, 0, gateway6, device));

    assertThat(netlink.addresses())
        .contains(new Netlink.Address(device, four, 24), new Netlink.Address(device, six, 64));
    assertThat(netlink.routes())
        .contains(
            new Netlink.Route(null, 0, gateway, device, true),
            new Netlink.Route(null, 0, gateway6, device, false));
    netlink.apply(
        new NetlinkBatch()
            .deleteRoute(null, 0, gateway, device)
            .deleteAddress(device, four, 24)
            .deleteAddress(device, six, 64));
    assertThat(netlink.addresses()).noneMatch(address -> address.address().equals(four));
    assertThat(netlink.routes()).noneMatch(Netlink.Route::v4);
  }

  @Test
  void aGroupOfDevicesIsDeletedAtOnce() throws IOException {
    netlink.apply(
        new NetlinkBatch()
            .addBridge("b0", null, 1500)
            .addBridge("b1", null, 1500)
            .addBridge("b2", null, 1500)
            .condemn("b0", 77)
            .condemn("b1", 77));
    netlink.apply(new NetlinkBatch().deleteGroup(77));

    assertThat(netlink.links())
        .extracting(Netlink.Link::name)
        .contains("b2")
        .doesNotContain("b0", "b1");
  }
}
