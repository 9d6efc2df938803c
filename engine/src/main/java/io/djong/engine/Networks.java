package io.djong.engine;

import io.djong.network.Network;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The networks of this engine: the three that are always there, `bridge`, `host` and `none`, and
/// those that users make. Durable when a call returns. Safe for use by several threads.
public interface Networks {
  /// Makes a network; its devices and rules are in place when this returns.
  ///
  /// @return its id
  /// @throws io.djong.model.Fault.Invalid if it makes no sense
  /// @throws io.djong.model.Fault.Conflict if the name is taken
  /// @throws io.djong.model.Fault.Denied if its addresses are another network's
  String create(NewNetwork wanted) throws IOException;

  List<NetworkDetails> list(Filters filters) throws IOException;

  /// @param ref a name, an id or a prefix of it
  /// @throws io.djong.model.Fault.NotFound if there is none (`network … not found`)
  NetworkDetails inspect(String ref) throws IOException;

  /// @throws io.djong.model.Fault.Denied if a container is on it, or it is one of the three
  void remove(String ref) throws IOException;

  /// Removes the networks of users that no container is on, running or not.
  ///
  /// @return their names
  List<String> prune(Filters filters) throws IOException;

  /// A network that is asked for (Docker Engine API, `NetworkCreate`).
  ///
  /// @param driver empty for `bridge`
  /// @param ipv4 null leaves it to the engine, which takes true
  /// @param ipv6 null leaves it to the engine, which takes false
  record NewNetwork(
      String name,
      String driver,
      boolean internal,
      boolean attachable,
      @Nullable Boolean ipv4,
      @Nullable Boolean ipv6,
      String ipamDriver,
      Map<String, String> ipamOptions,
      List<NewPool> pools,
      Map<String, String> options,
      Map<String, String> labels) {}

  /// Texts as the user gave them; null or empty is not given.
  ///
  /// @param reserved addresses by names of the user's choice
  record NewPool(
      @Nullable String subnet,
      @Nullable String range,
      @Nullable String gateway,
      Map<String, String> reserved) {}

  /// @param ipamOptions those of the address driver
  /// @param containers endpoints by container id
  record NetworkDetails(
      Network network,
      Instant created,
      Map<String, String> labels,
      boolean attachable,
      Map<String, String> ipamOptions,
      Map<String, ContainerDetails.NetworkPlace> containers) {}
}
