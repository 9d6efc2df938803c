package io.djong.cli.command;

import io.djong.api.StoreProof;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.JsonText;
import io.djong.cli.format.Sizes;
import io.djong.cli.program.Program;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Proves the store: reads everything, and says what is not as it should be.
public final class FsckCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS]", "Check everything that is kept of images; exit 0 only if all is well", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("repair", "", "Mend what can be mended, each layer by itself")
        .value("data-root", "", "dir", "Look at this data root, which no daemon uses")
        .value("format", "", "string", "'json' for machines");
  }

  @Override
  public int run(Call call) throws IOException {
    boolean repair = call.given().is("repair");
    String dataRoot = call.given().text("data-root", "");
    StoreProof proof = dataRoot.isEmpty() ? call.engine().check(repair) : resting(dataRoot, repair);
    if (call.given().text("format", "").equals("json")) {
      call.console().print(JsonText.indent(Json.full().writeText(proof)));
    } else {
      for (StoreProof.Finding found : proof.findings()) {
        call.console()
            .out()
            .println(
                (found.repaired() ? "repaired " : "damaged  ")
                    + found.kind()
                    + " "
                    + found.subject()
                    + ": "
                    + found.problem());
      }
      call.console()
          .out()
          .println(
              "checked "
                  + proof.images()
                  + " images, "
                  + proof.layers()
                  + " layers, "
                  + proof.blobs()
                  + " blobs ("
                  + Sizes.decimal(proof.blobBytes())
                  + "): "
                  + (proof.findings().isEmpty()
                      ? "all is well"
                      : proof.sound() ? "all is well again" : "there is damage"));
    }
    return proof.sound() ? 0 : 1;
  }

  /// The store of a data root without a daemon.
  private static StoreProof resting(String dataRoot, boolean repair) throws IOException {
    String launcher = System.getenv("DJONG_LAUNCHER");
    if (launcher == null) {
      throw new IOException("--data-root needs the launcher: start djong by its script");
    }
    List<String> words = new ArrayList<>(List.of(launcher, "fsck", "--data-root", dataRoot));
    if (repair) {
      words.add("--repair");
    }
    try (Program program = Program.reading(words);
        InputStream output = program.output()) {
      return Json.full().read(StoreProof.class, output.readAllBytes());
    }
  }
}
