package io.djong.engine;

import io.djong.model.Fault;
import io.djong.network.Cidr;
import java.util.ArrayList;
import java.util.List;

/// How ports are published where a container does not say.
///
/// @param address the address of the host; IPv4 or IPv6
/// @param from who may come, besides this host itself; nobody named is everybody
public record Publishing(String address, List<Cidr> from) {
  /// To everybody, on all addresses.
  public static final Publishing ANYWHERE = new Publishing("0.0.0.0", List.of());

  public Publishing {
    from = List.copyOf(from);
    var _ = Cidr.parseAddress(address);
  }

  /// Reads ranges of addresses with commas between them; a bare address is a range of one. What
  /// lies in another range is left out.
  ///
  /// @throws Fault.Invalid if one is none
  public static List<Cidr> ranges(String text) {
    List<Cidr> all = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String bare = part.strip();
      Cidr range;
      if (bare.indexOf('/') < 0) {
        var address = Cidr.parseAddress(bare);
        range = new Cidr(address, address.getAddress().length * 8);
      } else {
        range = Cidr.parse(bare).first();
      }
      if (all.stream()
          .noneMatch(other -> other.overlaps(range) && other.prefix() <= range.prefix())) {
        all.removeIf(range::overlaps);
        all.add(range);
      }
    }
    return List.copyOf(all);
  }
}
