package io.djong.cli.command;

import io.djong.api.ImageExploration;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.JsonText;
import io.djong.cli.format.Sizes;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/// Shows what is in the layers of an image, and what of it is wasted.
public final class ExploreCommand implements Command {
  private static final int STEP_WIDTH = 60;
  private static final int SHOWN = 10;

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] IMAGE",
        "Show what is in each layer, by which instruction, and what is wasted",
        1,
        1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("format", "", "string", "'json' for machines")
        .toggle("no-trunc", "", "Don't truncate output");
  }

  @Override
  public int run(Call call) throws IOException {
    ImageExploration image = call.engine().explore(call.given().argument(0));
    if (call.given().text("format", "").equals("json")) {
      call.console().print(JsonText.indent(Json.full().writeText(image)));
      return 0;
    }
    show(image, call.given().is("no-trunc"), call.console().out());
    return 0;
  }

  private static void show(ImageExploration image, boolean whole, PrintStream out) {
    out.println(
        Texts.id(image.id(), whole)
            + "  "
            + Sizes.decimal(image.size())
            + " in "
            + image.layers().size()
            + " layers, "
            + Sizes.decimal(image.wasted())
            + " wasted");
    for (int i = 0; i < image.layers().size(); i++) {
      ImageExploration.Layer layer = image.layers().get(i);
      String by = layer.createdBy().replace('\t', ' ').replace('\n', ' ');
      out.println(
          "├─ "
              + i
              + "  "
              + Sizes.decimal(layer.size())
              + "  "
              + (whole ? by : Texts.cut(by, STEP_WIDTH)));
      out.println(
          "│     "
              + layer.files()
              + " files: "
              + layer.added()
              + " added, "
              + layer.changed()
              + " changed, "
              + layer.removed()
              + " removed"
              + (layer.wasted() > 0 ? "; " + Sizes.decimal(layer.wasted()) + " wasted" : ""));
    }
    files("└─ wasted", image.wastedFiles(), whole, out);
    files("└─ largest", image.largestFiles(), whole, out);
  }

  private static void files(
      String title, List<ImageExploration.FoundFile> files, boolean whole, PrintStream out) {
    if (files.isEmpty()) {
      return;
    }
    out.println(title);
    List<ImageExploration.FoundFile> shown =
        whole ? files : files.subList(0, Math.min(SHOWN, files.size()));
    for (ImageExploration.FoundFile file : shown) {
      out.println(
          "      "
              + Sizes.decimal(file.size())
              + "  "
              + file.path()
              + "  (layer "
              + file.layer()
              + (file.goneIn() < 0 ? ")" : ", gone in " + file.goneIn() + ")"));
    }
  }
}
