package io.djong.engine.network;

import io.djong.content.RecordStore;
import io.djong.engine.Events;
import io.djong.engine.Events.Event;
import io.djong.engine.Filters;
import io.djong.engine.Networks;
import io.djong.engine.image.Moments;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.model.record.NetworkRecord;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.Network.Pool;
import io.djong.network.NetworkDriver;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.EndpointRequest;
import io.djong.network.NetworkDriver.Families;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Networks, each with a record, and who is on them. A network's record is written before its
/// devices are made and removed after they are gone, so a daemon that dies leaves no device without
/// a record; what is recorded is made again. `bridge`, `host` and `none` are made once.
public final class RecordedNetworks implements Networks {
  static final List<String> STANDING = List.of("bridge", "host", "none");

  private static final System.Logger LOG = System.getLogger(RecordedNetworks.class.getName());
  private static final String KIND = "network";

  private final RecordStore records;
  private final NetworkDriver driver;
  private final NetworkMembers members;
  private final Events events;
  private final InstantSource clock;

  /// For those who make or remove networks: names and subnets are given to one at a time.
  private final ReentrantLock registry = new ReentrantLock();

  private final Map<String, KnownNetwork> byName = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// @param bridge the default bridge network, used when there is none yet; its id is drawn
  public RecordedNetworks(
      RecordStore records,
      NetworkDriver driver,
      InstantSource clock,
      NetworkMembers members,
      Events events,
      Network bridge)
      throws IOException {
    this.records = records;
    this.driver = driver;
    this.members = members;
    this.events = events;
    this.clock = clock;
    for (byte[] kept : records.all(KIND).values()) {
      KnownNetwork known = new KnownNetwork(Json.lean().read(NetworkRecord.class, kept));
      byName.put(known.name(), known);
    }
    for (String name : STANDING) {
      if (!byName.containsKey(name)) {
        keep(standing(name, bridge, clock.instant()));
      }
    }
  }

  private static NetworkRecord standing(String name, Network bridge, Instant created) {
    boolean isBridge = name.equals("bridge");
    String id = ContainerId.random().hex();
    Network network =
        isBridge
            ? new Network(
                id,
                name,
                "bridge",
                bridge.device(),
                bridge.pools(),
                false,
                bridge.icc(),
                bridge.masquerade(),
                bridge.mtu(),
                bridge.options())
            : new Network(
                id,
                name,
                name.equals("none") ? "null" : name,
                "",
                List.of(),
                false,
                true,
                false,
                0,
                Map.of());
    NewNetwork nothingMore =
        new NewNetwork(
            name, "", false, false, null, null, "", Map.of(), List.of(), Map.of(), Map.of());
    return NetworkRecords.of(network, nothingMore, created);
  }

  private KnownNetwork keep(NetworkRecord record) throws IOException {
    records.put(KIND, record.id(), Json.lean().write(record));
    KnownNetwork known = new KnownNetwork(record);
    byName.put(record.name(), known);
    return known;
  }

  private void forget(KnownNetwork network) throws IOException {
    records.delete(KIND, network.record().id());
    byName.remove(network.name(), network);
  }

  // Making and removing

  @Override
  public String create(NewNetwork wanted) throws IOException {
    checkName(wanted.name());
    checkDriver(wanted);
    String id = ContainerId.random().hex();
    Network asked = NetworkPlan.of(id, wanted);
    registry.lock();
    try {
      if (byName.containsKey(wanted.name())) {
        throw new Fault.Conflict("network with name " + wanted.name() + " already exists");
      }
      List<Cidr> taken = taken();
      checkFree(asked, taken);
      Network complete = driver.complete(asked, NetworkPlan.families(wanted), taken);
      KnownNetwork known = keep(NetworkRecords.of(complete, wanted, clock.instant()));
      boolean made = false;
      known.lock().lock();
      try {
        up(known);
        made = true;
      } finally {
        if (!made) {
          known.setGone();
          undo(known);
        }
        known.lock().unlock();
      }
      tell("create", known);
      return id;
    } finally {
      registry.unlock();
    }
  }

  private void undo(KnownNetwork half) throws IOException {
    try {
      driver.down(half.network());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "undoing network " + half.name(), e);
    }
    forget(half);
  }

  private static void checkName(String name) {
    if (name.isBlank()) {
      throw new Fault.Invalid("invalid name: name is empty");
    }
    if (STANDING.contains(name) || name.equals("default") || name.startsWith("container:")) {
      throw new Fault.Denied("operation is not permitted on predefined " + name + " network ");
    }
    if (name.indexOf('/') >= 0 || name.chars().anyMatch(Character::isISOControl)) {
      throw new Fault.Invalid("invalid name: " + name + ": slashes and controls are not allowed");
    }
    if (name.equals(".") || name.equals("..")) {
      // In a path of the API it would mean another place, so nobody could remove the network.
      throw new Fault.Invalid("invalid name: " + name + ": choose one with a letter");
    }
  }

  private static void checkDriver(NewNetwork wanted) {
    switch (wanted.driver()) {
      case "", "bridge", "macvlan", "ipvlan" -> {}
      case "host", "null" ->
          throw new Fault.Denied(
              "only one instance of \"" + wanted.driver() + "\" network is allowed");
      case "overlay" ->
          throw new Fault.Unsupported(
              "the network driver overlay needs swarm mode, which is not there yet in djong 0.1");
      default -> throw new Fault.NotFound("plugin \"" + wanted.driver() + "\" not found");
    }
    if (!wanted.ipamDriver().isEmpty() && !wanted.ipamDriver().equals("default")) {
      throw new Fault.NotFound("plugin \"" + wanted.ipamDriver() + "\" not found");
    }
  }

  private List<Cidr> taken() {
    return byName.values().stream()
        .flatMap(known -> known.network().pools().stream())
        .map(Pool::subnet)
        .toList();
  }

  private static void checkFree(Network asked, List<Cidr> others) {
    List<Cidr> taken = new ArrayList<>(others);
    for (Pool pool : asked.pools()) {
      if (taken.stream().anyMatch(pool.subnet()::overlaps)) {
        throw new Fault.Denied(
            "invalid pool request: Pool overlaps with other one on this address space");
      }
      taken.add(pool.subnet());
    }
  }

  @Override
  public void remove(String ref) throws IOException {
    registry.lock();
    try {
      KnownNetwork known = known(ref);
      if (known.isStanding()) {
        throw new Fault.Denied(known.name() + " is a pre-defined network and cannot be removed");
      }
      remove(known);
    } finally {
      registry.unlock();
    }
  }

  private void remove(KnownNetwork known) throws IOException {
    known.lock().lock();
    try {
      if (!known.endpoints().isEmpty()) {
        throw new Fault.Denied(
            "error while removing network: network "
                + known.name()
                + " has active endpoints ("
                + endpoints(known)
                + ")");
      }
      driver.down(known.network());
      known.setUp(false);
      forget(known);
      known.setGone();
    } finally {
      known.lock().unlock();
    }
    tell("destroy", known);
  }

  private String endpoints(KnownNetwork known) {
    List<String> all = new ArrayList<>();
    for (Endpoint endpoint : known.endpoints().values()) {
      all.add(
          "name:\""
              + members.nameOf(endpoint.container())
              + "\" id:\""
              + endpoint.id().substring(0, 12)
              + "\"");
    }
    return String.join(", ", all);
  }

  @Override
  public List<String> prune(Filters filters) throws IOException {
    filters.allowOnly(Set.of("label", "label!", "until"));
    Instant until =
        filters.has("until")
            ? Moments.parse(filters.of("until").getFirst(), clock.instant())
            : Instant.MAX;
    List<String> removed = new ArrayList<>();
    registry.lock();
    try {
      for (KnownNetwork known : sorted()) {
        if (!known.isStanding()
            && known.endpoints().isEmpty()
            && members.wanting(known.name()).isEmpty()
            && Instant.parse(known.record().created()).isBefore(until)
            && filters.fitLabels(known.record().labels())) {
          try {
            remove(known);
            removed.add(known.name());
          } catch (Fault.Denied _) { // A container has come meanwhile.
          }
        }
      }
    } finally {
      registry.unlock();
    }
    return List.copyOf(removed);
  }

  private void tell(String action, KnownNetwork network) {
    events.publish(
        new Event(
            "network",
            action,
            network.record().id(),
            Map.of("name", network.name(), "type", network.record().driver()),
            clock.instant()));
  }

  // Devices

  private void up(KnownNetwork known) throws IOException {
    if (!known.isUp() && known.isMade()) {
      driver.up(known.network());
      known.setUp(true);
    }
  }

  /// Brings up what users have made: their devices are there whether a container is on them or not.
  /// To be called once all endpoints that live are adopted: what is left of others goes.
  public void bringUp() {
    for (KnownNetwork known : sorted()) {
      known.lock().lock();
      try {
        if (!closed && !known.isStanding() && !known.isGone()) {
          up(known);
        }
      } catch (IOException | Fault e) {
        LOG.log(System.Logger.Level.WARNING, "bringing up network " + known.name(), e);
      } finally {
        known.lock().unlock();
      }
    }
    try {
      driver.sweep();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "sweeping what is left of gone networks", e);
    }
  }

  /// Takes devices and rules away where no container is on a network; the next use brings them
  /// back.
  public void release() throws IOException {
    closed = true;
    for (KnownNetwork known : byName.values()) {
      known.lock().lock();
      try {
        if (known.isMade() && known.endpoints().isEmpty()) {
          known.setUp(false);
          driver.down(known.network());
        }
      } finally {
        known.lock().unlock();
      }
    }
  }

  // Endpoints

  /// Joins a sandbox to a network.
  ///
  /// @throws Fault.NotFound if the network is not there any more
  public Endpoint connect(Network network, Sandbox sandbox, EndpointRequest request)
      throws IOException {
    KnownNetwork known = known(network.name());
    known.lock().lock();
    try {
      if (known.isGone()) {
        throw notFound(network.name());
      }
      up(known);
      Endpoint endpoint = driver.connect(known.network(), sandbox, request);
      known.endpoints().put(endpoint.id(), endpoint);
      return endpoint;
    } finally {
      known.lock().unlock();
    }
  }

  /// Takes over an endpoint that an earlier daemon connected.
  public void adopt(Endpoint endpoint) throws IOException {
    KnownNetwork known = byId(endpoint.network());
    if (known == null) {
      throw notFound(endpoint.network());
    }
    known.lock().lock();
    try {
      up(known);
      driver.adopt(known.network(), endpoint);
      known.endpoints().put(endpoint.id(), endpoint);
    } finally {
      known.lock().unlock();
    }
  }

  /// Idempotent.
  ///
  /// @param sandbox where the endpoint's device is; null if it is gone or about to go
  public void disconnect(Endpoint endpoint, @Nullable Sandbox sandbox) throws IOException {
    KnownNetwork known = byId(endpoint.network());
    if (known == null) {
      return;
    }
    known.lock().lock();
    try {
      driver.disconnect(known.network(), endpoint, sandbox);
      known.endpoints().remove(endpoint.id());
    } finally {
      known.lock().unlock();
    }
  }

  /// Publishes these ports of an endpoint and no others.
  ///
  /// @return the endpoint with them
  public Endpoint publish(Endpoint endpoint, List<Port> ports) throws IOException {
    KnownNetwork known = byId(endpoint.network());
    if (known == null) {
      throw notFound(endpoint.network());
    }
    known.lock().lock();
    try {
      Endpoint published = driver.publish(known.network(), endpoint, ports);
      known.endpoints().put(published.id(), published);
      return published;
    } finally {
      known.lock().unlock();
    }
  }

  /// Has what a sandbox sends to the outside go by this endpoint.
  public void route(Sandbox sandbox, Endpoint endpoint, Families families) throws IOException {
    KnownNetwork known = byId(endpoint.network());
    if (known != null) {
      driver.route(known.network(), sandbox, endpoint, families);
    }
  }

  // Looking

  /// Its id, or nothing if there is no such network.
  public String idOf(String name) {
    KnownNetwork known = byName.get(name);
    return known == null ? "" : known.record().id();
  }

  /// Its name, or the id if there is no such network any more.
  public String nameOf(String id) {
    KnownNetwork known = byId(id);
    return known == null ? id : known.name();
  }

  /// @param ref a name, an id or a prefix of it
  public Network network(String ref) {
    return known(ref).network();
  }

  private @Nullable KnownNetwork byId(String id) {
    for (KnownNetwork known : byName.values()) {
      if (known.record().id().equals(id)) {
        return known;
      }
    }
    return null;
  }

  private KnownNetwork known(String ref) {
    KnownNetwork named = byName.get(ref.equals("default") ? "bridge" : ref);
    if (named != null) {
      return named;
    }
    KnownNetwork found = null;
    for (KnownNetwork known : byName.values()) {
      if (!ref.isEmpty() && known.record().id().startsWith(ref)) {
        if (found != null) {
          throw new Fault.Invalid(
              "network " + ref + " is ambiguous (2 matches found based on ID prefix)");
        }
        found = known;
      }
    }
    if (found == null) {
      throw notFound(ref);
    }
    return found;
  }

  private static Fault.NotFound notFound(String ref) {
    return new Fault.NotFound("network " + ref + " not found");
  }

  private List<KnownNetwork> sorted() {
    return byName.values().stream().sorted(Comparator.comparing(KnownNetwork::name)).toList();
  }

  @Override
  public List<NetworkDetails> list(Filters filters) {
    NetworkFilter filter = new NetworkFilter(filters);
    List<NetworkDetails> all = new ArrayList<>();
    for (KnownNetwork known : sorted()) {
      if (filter.fits(known)) {
        all.add(details(known));
      }
    }
    return List.copyOf(all);
  }

  @Override
  public NetworkDetails inspect(String ref) {
    return details(known(ref));
  }

  private NetworkDetails details(KnownNetwork known) {
    NetworkRecord record = known.record();
    return new NetworkDetails(
        known.network(),
        Instant.parse(record.created()),
        record.labels(),
        record.attachable(),
        record.ipamOptions(),
        members.of(record.id()));
  }
}
