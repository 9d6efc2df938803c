package io.djong.cli.command;

import io.djong.api.StoreProof;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.JsonText;
import io.djong.cli.format.Sizes;
import io.djong.model.json.Json;
import java.io.IOException;

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
        .value("format", "", "string", "'json' for machines");
  }

  @Override
  public int run(Call call) throws IOException {
    StoreProof proof = call.engine().check(call.given().is("repair"));
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
}
