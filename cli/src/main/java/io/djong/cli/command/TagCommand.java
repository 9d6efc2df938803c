package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Gives an image one more name.
public final class TagCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
        "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
        2,
        2);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    ImageName target = ImageName.split(call.given().argument(1));
    call.engine().tag(call.given().argument(0), target.path(), target.tag());
    return 0;
  }
}
