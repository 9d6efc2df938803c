package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Exempt;
import io.djong.model.Progress;
import io.djong.model.Reference.Repository;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Brings layers from a source to a target, several at a time. The first failure stops the others.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "hashing and unpacking fill a core; virtual threads would take it from all others")
record LayerTransfer(
    ImageSource source,
    Repository from,
    ImageTarget target,
    Repository in,
    ImageCopy.Words words,
    Progress progress) {
  private static final long PROGRESS_STEP = 512 << 10;

  void all(List<Descriptor> layers, int atOnce) throws IOException, InterruptedException {
    if (atOnce == 1) {
      for (Descriptor layer : layers) {
        one(layer);
      }
      return;
    }
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            atOnce, Thread.ofPlatform().daemon().name("layer-", 0).factory())) {
      CompletionService<Descriptor> running = new ExecutorCompletionService<>(threads);
      for (Descriptor layer : layers) {
        progress.say(layer.digest().abbreviated(), words.waiting());
        running.submit(
            () -> {
              one(layer);
              return layer;
            });
      }
      try {
        for (int i = 0; i < layers.size(); i++) {
          running.take().get();
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        rethrow(e.getCause());
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private void one(Descriptor layer) throws IOException {
    String id = layer.digest().abbreviated();
    if (target.contains(in, layer)) {
      progress.say(id, words.exists());
      return;
    }
    long left = target.resume(in, layer);
    InputStream opening = new Opening(() -> source.open(from, layer, left));
    try (InputStream bytes = new Told(opening, id, left, layer.size())) {
      target.put(in, layer, bytes);
    }
    progress.say(id, words.done());
  }

  private static void rethrow(@Nullable Throwable cause) throws IOException {
    switch (cause) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new IllegalStateException("copying layers", cause);
    }
  }

  /// Opened with the first read, by whoever puts the bytes somewhere: a source that cannot be
  /// opened is to them one that was cut.
  private static final class Opening extends InputStream {
    private final Opener opener;
    private @Nullable InputStream in;

    @FunctionalInterface
    interface Opener {
      InputStream open() throws IOException;
    }

    Opening(Opener opener) {
      this.opener = opener;
    }

    private InputStream in() throws IOException {
      InputStream opened = in;
      if (opened == null) {
        opened = opener.open();
        in = opened;
      }
      return opened;
    }

    @Override
    public int read() throws IOException {
      return in().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in().read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
      }
    }
  }

  /// Tells the progress how far it was read.
  private final class Told extends FilterInputStream {
    private final String id;
    private final long total;
    private long current;
    private long told;

    Told(InputStream in, String id, long left, long total) {
      super(in);
      this.current = left;
      this.id = id;
      this.total = total;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) {
        count(1);
      }
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      if (n > 0) {
        count(n);
      }
      return n;
    }

    private void count(int n) {
      current += n;
      if (current - told >= PROGRESS_STEP || current == total) {
        told = current;
        progress.on(new Progress.Event(id, words.moving(), current, total));
      }
    }
  }
}
