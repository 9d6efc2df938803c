package io.djong.daemon;

import io.djong.daemon.place.ImageVerbs;
import io.djong.model.Exempt;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Level;

/// `djong image copy`, `inspect PLACE`, `ls-tags`, `delete`, `sign`, `verify`: what needs no
/// engine. The exit code is 0, or 1 if it is refused.
@Exempt(
    from = Exempt.Rule.STANDARD_STREAMS,
    because = "the command line runs here, where the registry's client is")
public final class ImageMain {
  private ImageMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    int status = run(List.of(arguments), System.out, System.err);
    System.out.flush();
    System.exit(status);
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws InterruptedException {
    if (arguments.isEmpty() || arguments.contains("--help") || arguments.contains("-h")) {
      out.print(ImageVerbs.USAGE);
      return arguments.isEmpty() ? 1 : 0;
    }
    java.util.logging.Logger.getLogger("").setLevel(Level.SEVERE);
    try {
      return ImageVerbs.run(arguments, out, err);
    } catch (Fault | IOException e) {
      String message = e.getMessage();
      err.println(
          "djong image "
              + arguments.getFirst()
              + ": "
              + (message == null ? e.toString() : message));
      return 1;
    }
  }
}
