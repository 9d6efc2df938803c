package io.djong.engine.container;

import io.djong.model.ContainerId;
import io.djong.model.record.ContainerRecord;
import io.djong.runtime.Stdio;

/// How a container's streams are connected, from what was asked. Pure.
final class Streams {
  private Streams() {}

  static Stdio of(ContainerRecord container, ContainerFolders folders) {
    return new Stdio(
        container.config().tty(),
        container.config().openStdin(),
        container.config().stdinOnce(),
        folders.log(new ContainerId(container.id())),
        LogOptions.limits(container.host().logConfig()));
  }
}
