package io.djong.engine.container;

import io.djong.engine.container.Accounts.Identity;
import io.djong.linux.IdMapping;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
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

  /// Who a user of a user namespace is on the host.
  ///
  /// @throws Fault.Invalid if nobody is that user there
  static Stdio.Owner owner(Identity user, IdMapping mapping) {
    long uid = mapping.user(user.uid());
    long gid = mapping.group(user.gid());
    if (uid < 0 || gid < 0) {
      throw new Fault.Invalid(
          "user "
              + user.uid()
              + ":"
              + user.gid()
              + " has no place in the container's user namespace ("
              + OwnerMapping.text(mapping)
              + ")");
    }
    return new Stdio.Owner((int) uid, (int) gid);
  }
}
