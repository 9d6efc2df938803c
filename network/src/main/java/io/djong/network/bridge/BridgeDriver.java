package io.djong.network.bridge;

import io.djong.linux.Errno;
import io.djong.linux.KernelException;
import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
import io.djong.linux.Nftables;
import io.djong.linux.Sysctl;
import io.djong.linux.TrackedFlows;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver;
import io.djong.network.Sandbox;
import io.djong.network.address.AddressPools;
import io.djong.network.address.FreeSubnets;
import io.djong.network.address.SandboxDevice;
import io.djong.network.address.UniqueLocal;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Networks as Linux bridges, containers joined by veth pairs, ports published by nftables. What is
/// given to whom is in memory alone: after a restart, bring networks up and adopt their endpoints.
public final class BridgeDriver implements NetworkDriver, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BridgeDriver.class.getName());

  /// What is written on bridges that we made: others that we were told to use stay.
  private static final String OURS = "djong";

  private static final String VETH = "dj";

  /// IFNAMSIZ, without the NUL.
  private static final int MAX_DEVICE = 15;

  private static final InetAddress LINK_LOCAL = Cidr.parseAddress("fe80::1");
  private static final int LINK_LOCAL_PREFIX = 64;

  private final AddressPools pools = new AddressPools();
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

  /// Devices that this daemon has made: a sweep leaves them alone, known or not yet.
  private final Set<String> ownDevices = ConcurrentHashMap.newKeySet();

  private final HostPorts ports = new HostPorts();
  private final Netlink netlink;
  private final Nftables nft;
  private final Firewall firewall;
  private final TrackedFlows flows;
  private final StaleFlows stale;
  private final DeadLinks dead;
  private final HostForwarding forwarding;
  private final TableWatch watch;

  private BridgeDriver(Netlink netlink, Nftables nft, TrackedFlows flows, String table)
      throws IOException {
    this.netlink = netlink;
    this.nft = nft;
    this.flows = flows;
    this.stale = new StaleFlows(flows, netlink);
    this.firewall = new Firewall(nft, new RuleSet(table));
    this.dead = new DeadLinks(netlink);
    this.forwarding = new HostForwarding(table);
    this.watch = TableWatch.start(firewall, forwarding, table);
  }

  /// @param table the name of our table of nftables; nobody else may use it
  /// @throws IOException if nftables is not installed, or this is not root
  public static BridgeDriver open(String table) throws IOException {
    Nftables nft = Nftables.open();
    return new BridgeDriver(Netlink.open(), nft, TrackedFlows.open(), table);
  }

  /// The default network: on a large subnet that this host has no other use for. If the device is
  /// there already, on the device's.
  public Network plan(String id, String name, String device) throws IOException {
    FreeSubnets subnets = new FreeSubnets(netlink);
    return new Network(
        id,
        name,
        "bridge",
        device,
        List.of(subnets.choose(device, List.of())),
        false,
        true,
        true,
        subnets.mtu(),
        Map.of());
  }

  @Override
  public Network complete(Network asked, Families families, List<Cidr> taken) throws IOException {
    if (asked.device().length() > MAX_DEVICE || !asked.device().matches("[A-Za-z0-9][\\w.-]*")) {
      throw new Fault.Invalid(
          "invalid bridge name \"" + asked.device() + "\": want at most 15 letters and digits");
    }
    if (netlink.link(asked.device()) != null) {
      throw new Fault.Denied(
          "cannot create network "
              + asked.name()
              + ": this host has a device "
              + asked.device()
              + " already; choose another com.docker.network.bridge.name");
    }
    FreeSubnets subnets = new FreeSubnets(netlink);
    List<Network.Pool> pools = new ArrayList<>(asked.pools());
    if (families.ipv4() && !asked.hasIpv4()) {
      pools.addFirst(subnets.chooseSmall(taken));
    }
    if (families.ipv6() && !asked.hasIpv6()) {
      pools.add(UniqueLocal.pool(asked.id()));
    }
    Network complete = asked.withPools(pools);
    return asked.mtu() > 0 ? complete : complete.withMtu(subnets.mtu());
  }

  @Override
  public void up(Network network) throws IOException {
    pools.open(network);
    Netlink.Link bridge = bridge(network);
    NetlinkBatch batch = new NetlinkBatch().setMtu(bridge.name(), network.mtu());
    if (network.hasIpv6()) {
      Sysctl.writeIfPresent("net/ipv6/conf/" + bridge.name() + "/disable_ipv6", "0");
      // Else the kernel stops listening to its neighbours' routers, and we are no router for them.
      Sysctl.writeIfPresent("net/ipv6/conf/all/forwarding", "1");
      // What is forwarded to a container makes the kernel ask for it from here; the address it
      // gives the bridge itself is under trial for up to two seconds after the first container.
      batch.addAddress(bridge.index(), LINK_LOCAL, LINK_LOCAL_PREFIX);
    }
    for (Network.Pool pool : network.pools()) {
      batch.addAddress(bridge.index(), pool.gateway(), pool.subnet().prefix());
    }
    batch.setUp(bridge.name());
    netlink.apply(batch);
    Sysctl.write("net/ipv4/ip_forward", "1");
    // So that 127.0.0.1:PORT of the host can lead to a container; the table's guard keeps all else
    // out.
    Sysctl.write("net/ipv4/conf/" + bridge.name() + "/route_localnet", "1");
    firewall.up(network);
    forwarding.allow(network.device());
    for (Endpoint endpoint : endpoints.values()) {
      if (endpoint.network().equals(network.id())) {
        attach(endpoint, bridge);
      }
    }
    dead.bury();
  }

  @Override
  public Endpoint connect(Network network, Sandbox sandbox, EndpointRequest request)
      throws IOException {
    Endpoint known = endpoints.get(request.id());
    if (known != null) {
      return known;
    }
    refuseWhatIsMissing(network, request.ports());
    Endpoint endpoint = null;
    List<Port> published = ports.take(request.id(), request.container(), request.ports());
    try {
      Endpoint made = take(network, request, published);
      ownDevices.add(made.hostDevice());
      try {
        join(network, sandbox, made, request.routes());
        firewall.connect(made);
        stale.endBefore(made);
        endpoints.put(made.id(), made);
        endpoint = made;
        return made;
      } finally {
        if (endpoint == null) {
          disconnect(network, made, null);
        }
      }
    } finally {
      if (endpoint == null) {
        ports.release(request.id());
      }
    }
  }

  @Override
  public Endpoint publish(Network network, Endpoint endpoint, List<Port> wanted)
      throws IOException {
    refuseWhatIsMissing(network, wanted);
    firewall.disconnect(endpoint);
    stale.endAfter(endpoint);
    ports.release(endpoint.id());
    List<Port> taken = ports.take(endpoint.id(), endpoint.container(), wanted);
    Endpoint published = endpoint.withPorts(taken);
    firewall.connect(published);
    stale.endBefore(published);
    endpoints.put(published.id(), published);
    return published;
  }

  @Override
  public void adopt(Network network, Endpoint endpoint) throws IOException {
    if (endpoints.putIfAbsent(endpoint.id(), endpoint) != null) {
      return;
    }
    pools.adopt(network, endpoint);
    try {
      var _ = ports.take(endpoint.id(), endpoint.container(), endpoint.ports());
    } catch (Fault.Conflict e) {
      // The rules still lead to the container, so nothing is lost but the warning to the other.
      LOG.log(System.Logger.Level.WARNING, "while djong was away: {0}", e.getMessage());
    }
    attach(endpoint, bridge(network));
    firewall.connect(endpoint);
  }

  @Override
  public void disconnect(Network network, Endpoint endpoint, @Nullable Sandbox sandbox)
      throws IOException {
    endpoints.remove(endpoint.id());
    firewall.disconnect(endpoint);
    stale.endAfter(endpoint);
    // Once it is down nobody answers for its address, which may then be given to the next.
    dead.add(endpoint.hostDevice());
    ownDevices.remove(endpoint.hostDevice());
    ports.release(endpoint.id());
    pools.release(network, endpoint);
  }

  @Override
  public void down(Network network) throws IOException {
    Netlink.Link bridge = netlink.link(network.device());
    if (bridge != null) {
      for (Netlink.Link link : netlink.links()) {
        if (link.master() == bridge.index()
            && link.kind().equals("veth")
            && link.name().startsWith(VETH)) {
          dead.add(link.name());
        }
      }
      if (bridge.alias().equals(OURS)) {
        // The name is free at once: a deletion takes its time.
        dead.addRenamed(network.device(), bridge.index());
      }
    }
    firewall.down(network);
    forwarding.forget(network.device());
    pools.close(network);
    endpoints.values().removeIf(endpoint -> endpoint.network().equals(network.id()));
  }

  @Override
  public void sweep() throws IOException {
    firewall.sweep();
    forwarding.look();
    buryStrangers();
    dead.bury();
  }

  /// A daemon that died between making a device and writing its record left one that is nobody's.
  private void buryStrangers() throws IOException {
    Set<String> bridges = firewall.devices();
    Set<String> known =
        endpoints.values().stream().map(Endpoint::hostDevice).collect(Collectors.toSet());
    List<Netlink.Link> links = netlink.links();
    Set<Integer> ours =
        links.stream()
            .filter(link -> bridges.contains(link.name()))
            .map(Netlink.Link::index)
            .collect(Collectors.toSet());
    for (Netlink.Link link : links) {
      if (link.name().matches(VETH + "[0-9a-f]{12}")
          && ours.contains(link.master())
          && !ownDevices.contains(link.name())
          && !known.contains(link.name())) {
        dead.add(link.name());
      }
    }
  }

  /// Lets go of the kernel's sockets. Networks and endpoints stay as they are.
  @Override
  public void close() {
    watch.close();
    dead.close();
    for (String endpoint : endpoints.keySet()) {
      ports.release(endpoint);
    }
    nft.close();
    flows.close();
    netlink.close();
  }

  private Netlink.Link bridge(Network network) throws IOException {
    Netlink.Link link = netlink.link(network.device());
    if (link == null) {
      String mac = network.pools().isEmpty() ? null : mac(network.pools().getFirst().gateway());
      netlink.apply(
          new NetlinkBatch()
              .addBridge(network.device(), mac, network.mtu())
              .setAlias(network.device(), OURS));
      link = netlink.link(network.device());
    }
    if (link == null || !link.kind().equals("bridge")) {
      throw new Fault.Conflict(
          "cannot make network "
              + network.name()
              + ": device "
              + network.device()
              + " exists and is no bridge; rename or remove it");
    }
    return link;
  }

  private Endpoint take(Network network, EndpointRequest request, List<Port> published) {
    AddressPools.Pair taken = pools.take(network, request);
    Cidr first = taken.ipv4() != null ? taken.ipv4() : taken.ipv6();
    if (first == null) {
      throw new Fault.Unavailable("network " + network.name() + " has no addresses");
    }
    String mac = request.mac() != null ? request.mac() : mac(first.address());
    return new Endpoint(
        request.id(),
        request.container(),
        network.id(),
        request.device(),
        VETH + request.id().substring(0, 12),
        mac,
        taken.ipv4(),
        AddressPools.gateway(network, taken.ipv4()),
        taken.ipv6(),
        AddressPools.gateway(network, taken.ipv6()),
        published);
  }

  private void join(Network network, Sandbox sandbox, Endpoint endpoint, Families routes)
      throws IOException {
    Netlink.Link bridge = bridge(network);
    try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.path())) {
      plug(network, endpoint, bridge, namespace);
      namespace.call(
          () -> {
            try (Netlink inside = Netlink.open()) {
              SandboxDevice.configure(inside, endpoint, routes);
            }
            return endpoint;
          });
    }
  }

  private void plug(
      Network network, Endpoint endpoint, Netlink.Link bridge, NetworkNamespace namespace)
      throws IOException {
    NetlinkBatch batch =
        new NetlinkBatch()
            .addVeth(
                new NetlinkBatch.End(endpoint.hostDevice(), null, network.mtu()),
                bridge.index(),
                new NetlinkBatch.End(endpoint.device(), endpoint.mac(), network.mtu()),
                namespace)
            // Hairpin: where the bridge's packets pass the filter (br_netfilter), a container that
            // reaches itself by its published port is answered through its own port.
            .setBridgePort(endpoint.hostDevice(), true, !network.icc());
    try {
      netlink.apply(batch);
    } catch (KernelException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      // The sandbox was disconnected just now and its device not yet deleted, or a daemon died
      // between this step and writing it down.
      dead.buryNow();
      if (netlink.link(endpoint.hostDevice()) != null) {
        netlink.apply(new NetlinkBatch().deleteLink(endpoint.hostDevice()));
      }
      netlink.apply(batch);
    }
  }

  @Override
  public void route(Network network, Sandbox sandbox, Endpoint endpoint, Families families)
      throws IOException {
    SandboxDevice.route(sandbox, endpoint, families);
  }

  private void attach(Endpoint endpoint, Netlink.Link bridge) throws IOException {
    Netlink.Link device = netlink.link(endpoint.hostDevice());
    if (device != null && device.master() != bridge.index()) {
      netlink.apply(
          new NetlinkBatch().setMaster(device.name(), bridge.index()).setUp(device.name()));
    }
  }

  private static void refuseWhatIsMissing(Network network, List<Port> ports) {
    for (Port port : ports) {
      if (port.hostAddress() instanceof Inet6Address && !network.hasIpv6()) {
        throw new Fault.Unsupported(
            "cannot publish port "
                + port.containerPort()
                + " on ["
                + Cidr.text(port.hostAddress())
                + "]: network "
                + network.name()
                + " has no IPv6; publish on an IPv4 address");
      }
    }
  }

  /// As Docker does: an address that is given again brings the same MAC, so neighbours' caches stay
  /// true.
  private static String mac(InetAddress address) {
    byte[] bytes = address.getAddress();
    StringBuilder mac = new StringBuilder("02:42");
    for (int i = bytes.length - 4; i < bytes.length; i++) {
      mac.append(':').append(HexFormat.of().toHexDigits(bytes[i]));
    }
    return mac.toString();
  }
}
