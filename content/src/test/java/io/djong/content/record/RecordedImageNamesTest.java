package io.djong.content.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.ImageNames;
import io.djong.content.ImageNamesContract;
import io.djong.content.MemoryRecords;
import io.djong.content.RecordStore;
import io.djong.model.Descriptor;
import io.djong.model.Platform;
import io.djong.model.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordedImageNamesTest implements ImageNamesContract {
  @Override
  public ImageNames newNames() throws IOException {
    return new RecordedImageNames(new MemoryRecords());
  }

  @Test
  void namesAreReadFromTheRecordsAgain() throws IOException {
    RecordStore records = new MemoryRecords();
    Reference name = Reference.parse("busybox");
    Descriptor described =
        new Descriptor(
            FIRST.mediaType(), FIRST.digest(), 5, Platform.of("linux", "amd64"), Map.of("a", "b"));
    new RecordedImageNames(records).put(name, described);

    ImageNames reread = new RecordedImageNames(records);

    assertThat(reread.get(name)).isEqualTo(described);
    assertThat(reread.list()).containsExactly(new ImageNames.Named(name, described));
  }

  @Test
  void aNameThatCouldNotBeRecordedIsNotThere() throws IOException {
    ImageNames names = new RecordedImageNames(new FullDisk());
    Reference name = Reference.parse("busybox");

    assertThatThrownBy(() -> names.put(name, FIRST)).isInstanceOf(IOException.class);

    assertThat(names.get(name)).isNull();
  }

  /// Takes no writes.
  private static final class FullDisk implements RecordStore {
    @Override
    public Map<String, byte[]> all(String kind) {
      return Map.of(
          "docker.io/library/other:latest",
          ("{\"mediaType\":\"m\",\"size\":1,\"digest\":\"" + FIRST.digest() + "\"}")
              .getBytes(UTF_8));
    }

    @Override
    public byte @Nullable [] get(String kind, String key) {
      return null;
    }

    @Override
    public void writeLater(List<Change> changes) throws IOException {
      write(changes);
    }

    @Override
    public void write(List<Change> changes) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void close() {}
  }
}
