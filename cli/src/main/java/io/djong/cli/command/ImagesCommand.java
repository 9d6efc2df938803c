package io.djong.cli.command;

import io.djong.api.ImageSummary;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Listing;
import io.djong.cli.format.Sizes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists images: a line for each name.
public final class ImagesCommand implements Command {
  private static final String NONE = "<none>";

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] [REPOSITORY[:TAG]]", "List images", 0, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("all", "a", "Show all images (default hides intermediate images)")
        .toggle("digests", "", "Show digests")
        .value("filter", "f", "filter", "Filter output based on conditions provided")
        .value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template")
        .toggle("no-trunc", "", "Don't truncate output")
        .toggle("quiet", "q", "Only show image IDs");
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    Map<String, List<String>> filters = given.filters();
    if (!given.arguments().isEmpty()) {
      filters.put("reference", List.of(given.argument(0)));
    }
    Listing listing =
        new Listing(
            Texts.headings(
                "Repository",
                "REPOSITORY",
                "Tag",
                "TAG",
                "Digest",
                "DIGEST",
                "ID",
                "IMAGE ID",
                "CreatedSince",
                "CREATED",
                "CreatedAt",
                "CREATED AT",
                "Size",
                "SIZE",
                "Containers",
                "CONTAINERS",
                "SharedSize",
                "SHARED SIZE",
                "UniqueSize",
                "UNIQUE SIZE",
                "VirtualSize",
                "VIRTUAL SIZE"),
            given.is("digests")
                ? List.of("Repository", "Tag", "Digest", "ID", "CreatedSince", "Size")
                : List.of("Repository", "Tag", "ID", "CreatedSince", "Size"));
    for (ImageSummary image : call.engine().images(given.is("all"), filters)) {
      addLines(listing, image, given);
    }
    call.console().out().print(listing.text(given.text("format"), given.is("quiet") ? "ID" : null));
    return 0;
  }

  private static void addLines(Listing listing, ImageSummary image, Given given) {
    boolean whole = given.is("no-trunc");
    if ((given.is("quiet") && !given.has("format")) || image.repoTags().isEmpty()) {
      String digest = image.repoDigests().isEmpty() ? NONE : image.repoDigests().get(0);
      int at = digest.indexOf('@');
      String repository =
          at < 0 || image.repoTags().isEmpty() == false ? NONE : digest.substring(0, at);
      listing.add(row(image, repository, NONE, at < 0 ? NONE : digest.substring(at + 1), whole));
      return;
    }
    for (String name : image.repoTags()) {
      ImageName parts = ImageName.split(name);
      String repository = parts.repository() == null ? name : parts.repository();
      String digest = NONE;
      for (String pinned : image.repoDigests()) {
        if (pinned.startsWith(repository + "@")) {
          digest = pinned.substring(repository.length() + 1);
        }
      }
      listing.add(row(image, repository, parts.tag() == null ? NONE : parts.tag(), digest, whole));
    }
  }

  private static Map<String, Object> row(
      ImageSummary image, String repository, String tag, String digest, boolean whole) {
    Map<String, Object> row = new LinkedHashMap<>();
    String size = Sizes.decimal(image.size());
    row.put("Containers", image.containers() < 0 ? "N/A" : String.valueOf(image.containers()));
    row.put("CreatedAt", Texts.local(image.created()));
    row.put("CreatedSince", Texts.ago(image.created()));
    row.put("Digest", digest);
    row.put("ID", Texts.id(image.id(), whole));
    row.put("Repository", repository);
    row.put("SharedSize", image.sharedSize() < 0 ? "N/A" : Sizes.decimal(image.sharedSize()));
    row.put("Size", size);
    row.put("Tag", tag);
    row.put(
        "UniqueSize",
        image.sharedSize() < 0 ? "N/A" : Sizes.decimal(image.size() - image.sharedSize()));
    row.put("VirtualSize", size);
    return row;
  }
}
