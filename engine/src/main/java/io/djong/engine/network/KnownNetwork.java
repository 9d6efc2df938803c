package io.djong.engine.network;

import io.djong.model.record.NetworkRecord;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// One network while the engine is open, and who is on it. What changes it is done under its lock.
final class KnownNetwork {
  private final NetworkRecord record;
  private final Network network;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private boolean up;
  private boolean gone;

  KnownNetwork(NetworkRecord record) {
    this.record = record;
    this.network = NetworkRecords.network(record);
  }

  NetworkRecord record() {
    return record;
  }

  Network network() {
    return network;
  }

  String name() {
    return record.name();
  }

  ReentrantLock lock() {
    return lock;
  }

  /// Of the containers that are on it now, by the endpoints' ids.
  Map<String, Endpoint> endpoints() {
    return endpoints;
  }

  /// Whether its devices and rules are in place.
  boolean isUp() {
    return up;
  }

  void setUp(boolean isUp) {
    up = isUp;
  }

  /// Whether it was removed.
  boolean isGone() {
    return gone;
  }

  void setGone() {
    gone = true;
  }

  /// Whether it has devices of its own on this host.
  boolean isMade() {
    return !record.driver().equals("host") && !record.driver().equals("null");
  }

  /// One of the three that are always there.
  boolean isStanding() {
    return RecordedNetworks.STANDING.contains(record.name());
  }
}
