package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.Descriptor;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What every ImageNames must do.
public interface ImageNamesContract {
  Descriptor FIRST = Descriptor.of(MediaType.OCI_MANIFEST, "first".getBytes(UTF_8));
  Descriptor SECOND = Descriptor.of(MediaType.OCI_MANIFEST, "second".getBytes(UTF_8));

  /// No names yet.
  ImageNames newNames() throws IOException;

  @Test
  default void aNamePointsAtWhatWasPutLast() throws IOException {
    ImageNames names = newNames();
    Reference name = Reference.parse("busybox");

    assertThat(names.get(name)).isNull();
    assertThat(names.put(name, FIRST)).isNull();
    assertThat(names.put(name, SECOND)).isEqualTo(FIRST);
    assertThat(names.get(Reference.parse("docker.io/library/busybox:latest"))).isEqualTo(SECOND);
  }

  @Test
  default void aDeletedNameIsGone() throws IOException {
    ImageNames names = newNames();
    Reference name = Reference.parse("busybox");
    names.put(name, FIRST);

    assertThat(names.delete(name)).isTrue();
    assertThat(names.delete(name)).isFalse();
    assertThat(names.get(name)).isNull();
    assertThat(names.list()).isEmpty();
  }

  @Test
  default void namesComeInTheOrderOfTheirTexts() throws IOException {
    ImageNames names = newNames();
    String pin = "busybox@" + FIRST.digest();
    for (String name : new String[] {"b", "a:2", pin, "quay.io/a", "a:10", "a/b"}) {
      names.put(Reference.parse(name), FIRST);
    }

    assertThat(names.list())
        .extracting(named -> named.name().familiar())
        .containsExactly("a/b:latest", "a:10", "a:2", "b:latest", pin, "quay.io/a:latest");
  }
}
