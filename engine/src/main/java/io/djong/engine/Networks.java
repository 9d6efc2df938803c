package io.djong.engine;

import io.djong.network.Network;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The networks of this engine: for now the three that are always there, `bridge`, `host` and
/// `none`. Safe for use by several threads.
public interface Networks {
  List<NetworkDetails> list(Filters filters) throws IOException;

  /// @param ref a name, an id or a prefix of it
  /// @throws io.djong.model.Fault.NotFound if there is none (`network … not found`)
  NetworkDetails inspect(String ref) throws IOException;

  /// @param containers endpoints by container id
  record NetworkDetails(
      Network network,
      Instant created,
      Map<String, String> labels,
      Map<String, ContainerDetails.NetworkPlace> containers) {}
}
