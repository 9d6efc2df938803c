package io.djong.daemon;

import io.djong.engine.Containers;
import io.djong.engine.Engine;
import io.djong.engine.Events;
import io.djong.engine.Execs;
import io.djong.engine.ImageTools;
import io.djong.engine.Images;
import io.djong.engine.Jobs;
import io.djong.engine.Networks;
import io.djong.engine.Registries;
import io.djong.engine.SystemFacts;
import io.djong.engine.VolumeTools;
import io.djong.engine.Volumes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// What an engine is made of, to be closed after it, last made first; or at once, if the engine
/// could not be made. For one thread until it is kept.
final class Closing implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private boolean kept;

  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /// The engine, which from now on closes these parts when it is closed.
  Engine keep(Engine engine) {
    kept = true;
    return new WithParts(engine, this);
  }

  @Override
  public void close() throws IOException {
    if (!kept) {
      closeParts();
    }
  }

  private void closeParts() throws IOException {
    IOException first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        IOException failed = new IOException("closing a part of the engine", e);
        if (first == null) {
          first = failed;
        } else {
          first.addSuppressed(failed);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private record WithParts(Engine engine, Closing closing) implements Engine {
    @Override
    public Containers containers() {
      return engine.containers();
    }

    @Override
    public Execs execs() {
      return engine.execs();
    }

    @Override
    public ImageTools imageTools() {
      return engine.imageTools();
    }

    @Override
    public Jobs jobs() {
      return engine.jobs();
    }

    @Override
    public Images images() {
      return engine.images();
    }

    @Override
    public Registries registries() {
      return engine.registries();
    }

    @Override
    public Networks networks() {
      return engine.networks();
    }

    @Override
    public Volumes volumes() {
      return engine.volumes();
    }

    @Override
    public VolumeTools volumeTools() {
      return engine.volumeTools();
    }

    @Override
    public Events events() {
      return engine.events();
    }

    @Override
    public SystemFacts facts() throws IOException {
      return engine.facts();
    }

    @Override
    public void close() throws IOException {
      try {
        engine.close();
      } finally {
        closing.closeParts();
      }
    }
  }
}
