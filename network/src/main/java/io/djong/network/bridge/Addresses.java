package io.djong.network.bridge;

import io.djong.model.Fault;
import io.djong.network.Network;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.BitSet;
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
  private final Network network;
  private final Network.Pool pool;
  private final int size;

  Addresses(Network network, Network.Pool pool) {
    this.network = network;
    this.pool = pool;
    int bits = pool.subnet().address().getAddress().length * 8 - pool.subnet().prefix();
    size = bits >= 20 ? MOST : 1 << bits;
    used.set(0);
    if (bits < 20 && pool.subnet().address().getAddress().length == 4) {
      used.set(size - 1);
    }
    used.set(offset(pool.gateway()));
  }

  /// @param wanted null for any
  /// @throws Fault.Invalid if the wanted address is not of this pool
  /// @throws Fault.Conflict if it is taken
  /// @throws Fault.Unavailable if none is left
  InetAddress take(@Nullable InetAddress wanted, Set<InetAddress> taken) {
    lock.lock();
    try {
      if (wanted != null) {
        return takeOne(wanted);
      }
      for (int offset = used.nextClearBit(0);
          offset < size;
          offset = used.nextClearBit(offset + 1)) {
        InetAddress address = pool.subnet().at(offset);
        if (!taken.contains(address)) {
          used.set(offset);
          return address;
        }
      }
      throw new Fault.Unavailable(
          "no available IPv4 addresses on network "
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
        used.set(offset(address));
      }
    } finally {
      lock.unlock();
    }
  }

  void release(InetAddress address) {
    lock.lock();
    try {
      if (pool.subnet().contains(address) && !address.equals(pool.gateway())) {
        used.clear(offset(address));
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
              + wanted.getHostAddress());
    }
    int offset = offset(wanted);
    if (used.get(offset)) {
      throw new Fault.Conflict(
          "Address already in use: "
              + wanted.getHostAddress()
              + " on network "
              + network.name()
              + "; choose another or disconnect the container that has it");
    }
    used.set(offset);
    return wanted;
  }

  private int offset(InetAddress address) {
    BigInteger distance =
        new BigInteger(1, address.getAddress())
            .subtract(new BigInteger(1, pool.subnet().at(0).getAddress()));
    if (distance.bitLength() > 20) {
      throw new Fault.Unsupported(
          "address "
              + address.getHostAddress()
              + " is too far from the start of "
              + pool.subnet()
              + ": only the first "
              + MOST
              + " addresses are used");
    }
    return distance.intValue();
  }
}
