package io.djong.network.address;

import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Which addresses of a pool are given to whom; the lowest free one goes first. In memory: after a
/// restart the endpoints that live are taken again. Safe for use by several threads.
final class Addresses {
  // More endpoints than this a bridge cannot have; it bounds the memory for pools of IPv6.
  private static final int MOST = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final BitSet used = new BitSet();
  private final Set<InetAddress> far = new HashSet<>();
  private final Network network;
  private final Network.Pool pool;
  private final int first;
  private final int size;

  Addresses(Network network, Network.Pool pool) {
    this.network = network;
    this.pool = pool;
    int bits = hostBits(pool.subnet());
    Cidr range = pool.range() == null ? pool.subnet() : pool.range();
    long start = distance(range.at(0));
    first = start < MOST ? (int) start : 0;
    size = (int) Math.min(MOST, start + (1L << Math.min(hostBits(range), 40)));
    // A /31 and a /32 have no address of the network itself, nor a broadcast address: RFC 3021.
    if (bits > 1) {
      mark(pool.subnet().at(0));
      if (!pool.isIpv6()) {
        mark(pool.subnet().at((1L << bits) - 1));
      }
    }
    mark(pool.gateway());
    pool.reserved().values().forEach(this::mark);
  }

  private static int hostBits(Cidr range) {
    return range.address().getAddress().length * 8 - range.prefix();
  }

  /// @param wanted null for any
  /// @throws Fault.Invalid if the wanted address is not of this pool
  /// @throws Fault.Denied if it is taken, as Docker answers
  /// @throws Fault.Unavailable if none is left
  InetAddress take(@Nullable InetAddress wanted, Set<InetAddress> taken) {
    lock.lock();
    try {
      if (wanted != null) {
        return takeOne(wanted);
      }
      for (int offset = used.nextClearBit(first);
          offset < size;
          offset = used.nextClearBit(offset + 1)) {
        InetAddress address = pool.subnet().at(offset);
        if (!taken.contains(address)) {
          used.set(offset);
          return address;
        }
      }
      throw new Fault.Unavailable(
          "no available "
              + (pool.isIpv6() ? "IPv6" : "IPv4")
              + " addresses on network "
              + network.name()
              + ": all of "
              + pool.subnet()
              + " are in use; remove containers or use a larger subnet");
    } finally {
      lock.unlock();
    }
  }

  /// Takes an address that an endpoint has already, whoever else was given it.
  void adopt(InetAddress address) {
    lock.lock();
    try {
      if (pool.subnet().contains(address)) {
        mark(address);
      }
    } finally {
      lock.unlock();
    }
  }

  void release(InetAddress address) {
    lock.lock();
    try {
      if (pool.subnet().contains(address)
          && !address.equals(pool.gateway())
          && !pool.reserved().containsValue(address)) {
        long distance = distance(address);
        if (distance < MOST) {
          used.clear((int) distance);
        } else {
          far.remove(address);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private InetAddress takeOne(InetAddress wanted) {
    if (!pool.subnet().contains(wanted)) {
      throw new Fault.Invalid(
          "invalid endpoint settings: no configured subnet of network "
              + network.name()
              + " contains IP address "
              + Cidr.text(wanted));
    }
    if (isUsed(wanted)) {
      // Docker's clients know the first words.
      throw new Fault.Denied(
          "Address already in use: "
              + Cidr.text(wanted)
              + " on network "
              + network.name()
              + "; choose another or disconnect the container that has it");
    }
    mark(wanted);
    return wanted;
  }

  private boolean isUsed(InetAddress address) {
    long distance = distance(address);
    return distance < MOST ? used.get((int) distance) : far.contains(address);
  }

  private void mark(InetAddress address) {
    long distance = distance(address);
    if (distance < MOST) {
      used.set((int) distance);
    } else {
      far.add(address);
    }
  }

  /// From the first address of the subnet.
  private long distance(InetAddress address) {
    BigInteger distance =
        new BigInteger(1, address.getAddress())
            .subtract(new BigInteger(1, pool.subnet().at(0).getAddress()));
    return distance.bitLength() > 62 ? Long.MAX_VALUE : distance.longValue();
  }
}
