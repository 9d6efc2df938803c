package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.flag.UsageException;
import io.djong.cli.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Makes an image from this machine's packages, for people without a registry.
public final class BootstrapCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "busybox|debian[:SUITE]", "Make a base image from the distribution's own packages", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("tag", "t", "string", "Name of the image (default busybox:latest or debian:SUITE)")
        .value(
            "mirror",
            "",
            "string",
            "Where debian's packages come from (default: as this machine's)");
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    String what = given.argument(0);
    ImageName name = ImageName.split(what);
    String tag = name.tag();
    switch (String.valueOf(name.repository())) {
      case "busybox" -> {
        String image = given.text("tag", "busybox:" + (tag == null ? "latest" : tag));
        try (BusyboxTree tree = BusyboxTree.open()) {
          load(call, tree.output(), image, "sh", "djong image bootstrap busybox");
        }
      }
      case "debian" -> {
        if (!Program.exists("mmdebstrap")) {
          throw new IOException(
              "the program mmdebstrap is missing; as root, install it with: apt-get install -y"
                  + " mmdebstrap");
        }
        String suite = tag == null ? "bookworm" : tag;
        String image = given.text("tag", "debian:" + suite);
        try (Program tree = DebianTree.start(suite, given.text("mirror"))) {
          load(call, tree.output(), image, "bash", "djong image bootstrap debian:" + suite);
        }
      }
      default ->
          throw new UsageException(
              "cannot bootstrap '"
                  + what
                  + "': want busybox, or debian with an optional suite such as debian:bookworm");
    }
    return 0;
  }

  private static void load(Call call, InputStream tree, String image, String shell, String message)
      throws IOException {
    List<String> changes =
        List.of(
            "CMD [\"" + shell + "\"]",
            "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    if (!call.console().redraws()) {
      call.console().say("making " + image);
    }
    try (ProgressLine progress = new ProgressLine(call.console(), false);
        InputStream watched = progress.watch("Making " + image, tree, 0)) {
      Imports.run(call, watched, ImageName.split(image), message, changes, null, progress);
    }
  }
}
