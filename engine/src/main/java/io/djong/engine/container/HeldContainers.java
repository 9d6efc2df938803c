package io.djong.engine.container;

import io.djong.engine.image.CommitSource;
import io.djong.layers.Snapshot;
import io.djong.model.Digest;
import io.djong.model.container.ContainerConfig;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.util.Map;

/// Holds containers still while images are made from them. The lock is held meanwhile, so they are
/// not removed or started.
final class HeldContainers implements CommitSource {
  private final ContainerRegister register;
  private final RootFileSystems trees;
  private final ContainerEvents events;

  HeldContainers(ContainerRegister register, RootFileSystems trees, ContainerEvents events) {
    this.register = register;
    this.trees = trees;
    this.events = events;
  }

  @Override
  public Held open(String containerRef, boolean pause) throws IOException {
    Container container = register.find(containerRef);
    container.lock().lock();
    boolean done = false;
    try {
      ContainerProcess process = container.process();
      boolean pauses =
          pause && container.isRunning() && !container.life().paused() && process != null;
      Snapshot.Active changed = trees.active(container.id());
      if (pauses && process != null) {
        process.pause();
      }
      done = true;
      return new Still(container, changed, events, pauses ? process : null);
    } finally {
      if (!done) {
        container.lock().unlock();
      }
    }
  }

  private record Still(
      Container container,
      Snapshot.Active changed,
      ContainerEvents events,
      @org.jspecify.annotations.Nullable ContainerProcess paused)
      implements Held {
    @Override
    public String id() {
      return container.id().hex();
    }

    @Override
    public Digest image() {
      return container.record().imageId();
    }

    @Override
    public ContainerConfig config() {
      return container.record().config();
    }

    @Override
    public void committed(Digest image) {
      events.tell(
          container, "commit", Map.of("imageID", image.toString(), "imageRef", "", "comment", ""));
    }

    @Override
    public void close() throws IOException {
      try {
        if (paused != null) {
          paused.resume();
        }
      } finally {
        container.lock().unlock();
      }
    }
  }
}
