package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Copies between a container and this machine, as tars; GNU tar packs and unpacks on this side.
public final class CpCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|- | SRC_PATH|- CONTAINER:DEST_PATH",
        "Copy files/folders between a container and the local filesystem",
        2,
        2);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("archive", "a", "Archive mode (copy all uid/gid information)")
        .toggle("follow-link", "L", "Always follow symbol link in SRC_PATH")
        .toggle("quiet", "q", "Suppress progress output during copy");
  }

  @Override
  public int run(Call call) throws IOException {
    Place from = Place.parse(call.given().argument(0));
    Place to = Place.parse(call.given().argument(1));
    if (from.container() != null && to.container() != null) {
      call.console().say("copying between containers is not supported");
      return 1;
    }
    if (from.container() != null) {
      new CopyOut(call).copy(from.container(), from.path(), to.path());
    } else if (to.container() != null) {
      new CopyIn(call).copy(from.path(), to.container(), to.path());
    } else {
      call.console().say("must specify at least one container source");
      return 1;
    }
    return 0;
  }

  /// A side of the copy; `container` is null for this machine.
  private record Place(@Nullable String container, String path) {
    static Place parse(String text) {
      int colon = text.indexOf(':');
      boolean local = colon <= 0 || text.startsWith("/") || text.startsWith(".");
      return local
          ? new Place(null, text)
          : new Place(text.substring(0, colon), text.substring(colon + 1));
    }
  }
}
