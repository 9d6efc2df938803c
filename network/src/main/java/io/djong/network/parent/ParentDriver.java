package io.djong.network.parent;

import io.djong.linux.Errno;
import io.djong.linux.KernelException;
import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Networks of the drivers `macvlan` and `ipvlan`: containers stand in the network of a device of
/// the host, the parent, beside it. No bridge, no address translation, no published ports. What is
/// given to whom is in memory alone: after a restart, bring networks up and adopt their endpoints.
public final class ParentDriver implements NetworkDriver, AutoCloseable {
  private static final Map<String, Integer> MACVLAN_MODES =
      Map.of("private", 1, "vepa", 2, "bridge", 4, "passthru", 8);
  private static final Map<String, Integer> IPVLAN_MODES = Map.of("l2", 0, "l3", 1, "l3s", 2);

  private final AddressPools pools = new AddressPools();
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final Netlink netlink;

  private ParentDriver(Netlink netlink) {
    this.netlink = netlink;
  }

  public static ParentDriver open() throws IOException {
    return new ParentDriver(Netlink.open());
  }

  @Override
  public Network complete(Network asked, Families families, List<Cidr> taken) throws IOException {
    var _ = mode(asked);
    var _ = parent(asked);
    tryOut(asked);
    FreeSubnets subnets = new FreeSubnets(netlink);
    List<Network.Pool> complete = new ArrayList<>(asked.pools());
    if (families.ipv4() && !asked.hasIpv4()) {
      complete.addFirst(subnets.chooseSmall(taken));
    }
    if (families.ipv6() && !asked.hasIpv6()) {
      complete.add(UniqueLocal.pool(asked.id()));
    }
    Network network = asked.withPools(complete);
    return asked.mtu() > 0 ? network : network.withMtu(parent(asked).mtu());
  }

  /// Whether the kernel knows devices of this kind shows only when one is made.
  private void tryOut(Network network) throws IOException {
    try (NetworkNamespace trial = NetworkNamespace.create(() -> {})) {
      netlink.apply(
          new NetlinkBatch()
              .addChild(
                  network.driver(),
                  mode(network),
                  parent(network).index(),
                  new NetlinkBatch.End("eth0", null, parent(network).mtu()),
                  trial));
    } catch (KernelException e) {
      if (e.errno() == Errno.EOPNOTSUPP) {
        throw new Fault.Unsupported(
            "operation not supported: the kernel of this host makes no devices of the kind "
                + network.driver());
      }
      throw new Fault.Failed(
          "cannot make a device of the kind "
              + network.driver()
              + " on "
              + network.options().get("parent")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static int mode(Network network) {
    boolean macvlan = network.driver().equals("macvlan");
    String option = macvlan ? "macvlan_mode" : "ipvlan_mode";
    String mode = network.options().getOrDefault(option, macvlan ? "bridge" : "l2");
    Integer number = (macvlan ? MACVLAN_MODES : IPVLAN_MODES).get(mode);
    if (number == null) {
      throw new Fault.Invalid(
          "requested "
              + network.driver()
              + " mode '"
              + mode
              + "' is not valid, 'bridge' mode is the"
              + " "
              + network.driver()
              + " driver default");
    }
    return number;
  }

  private Netlink.Link parent(Network network) throws IOException {
    String name = network.options().getOrDefault("parent", "");
    if (name.isEmpty()) {
      throw new Fault.Unsupported(
          "a "
              + network.driver()
              + " network without a parent is not there yet in djong 0.1: name a"
              + " device of this host with -o parent=");
    }
    Netlink.Link link = netlink.link(name);
    if (link == null) {
      throw new Fault.Invalid(
          "the requested parent interface " + name + " was not found on the host");
    }
    return link;
  }

  @Override
  public void up(Network network) throws IOException {
    pools.open(network);
  }

  @Override
  public Endpoint connect(Network network, Sandbox sandbox, EndpointRequest request)
      throws IOException {
    Endpoint known = endpoints.get(request.id());
    if (known != null) {
      return known;
    }
    Netlink.Link parent = parent(network);
    AddressPools.Pair taken = pools.take(network, request);
    String mac = request.mac();
    Endpoint made =
        new Endpoint(
            request.id(),
            request.container(),
            network.id(),
            request.device(),
            "",
            mac == null ? "" : mac,
            taken.ipv4(),
            AddressPools.gateway(network, taken.ipv4()),
            taken.ipv6(),
            AddressPools.gateway(network, taken.ipv6()),
            List.of());
    boolean joined = false;
    try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.path())) {
      netlink.apply(
          new NetlinkBatch()
              .addChild(
                  network.driver(),
                  mode(network),
                  parent.index(),
                  new NetlinkBatch.End(made.device(), mac, network.mtu()),
                  namespace));
      Endpoint complete =
          namespace.call(
              () -> {
                try (Netlink inside = Netlink.open()) {
                  SandboxDevice.configure(inside, made, request.routes());
                  Netlink.Link device = inside.link(made.device());
                  String own = device == null ? null : device.mac();
                  return own == null ? made : made.withMac(own);
                }
              });
      endpoints.put(complete.id(), complete);
      joined = true;
      return complete;
    } finally {
      if (!joined) {
        pools.release(network, made);
      }
    }
  }

  @Override
  public void route(Network network, Sandbox sandbox, Endpoint endpoint, Families families)
      throws IOException {
    SandboxDevice.route(sandbox, endpoint, families);
  }

  /// Nothing is published: whoever is in the parent's network reaches the container as it is.
  @Override
  public Endpoint publish(Network network, Endpoint endpoint, List<Port> ports) {
    return endpoint;
  }

  @Override
  public void adopt(Network network, Endpoint endpoint) {
    if (endpoints.putIfAbsent(endpoint.id(), endpoint) == null) {
      pools.adopt(network, endpoint);
    }
  }

  @Override
  public void disconnect(Network network, Endpoint endpoint, @Nullable Sandbox sandbox)
      throws IOException {
    endpoints.remove(endpoint.id());
    if (sandbox == null) {
      pools.release(network, endpoint);
      return;
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.path())) {
      var _ =
          namespace.call(
              () -> {
                try (Netlink inside = Netlink.open()) {
                  if (inside.link(endpoint.device()) != null) {
                    inside.apply(new NetlinkBatch().deleteLink(endpoint.device()));
                  }
                }
                return endpoint;
              });
    } catch (KernelException e) {
      // Without its namespace the device is gone too.
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.EINVAL) {
        throw e;
      }
    } finally {
      pools.release(network, endpoint);
    }
  }

  @Override
  public void down(Network network) {
    pools.close(network);
  }

  @Override
  public void sweep() {
    // Devices die with the namespaces they are in.
  }

  @Override
  public void close() {
    netlink.close();
  }
}
