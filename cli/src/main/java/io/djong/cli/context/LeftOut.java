package io.djong.cli.context;

import io.djong.api.ApiError;
import io.djong.api.ContextOffer;
import io.djong.api.EngineClient;
import io.djong.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of a build's files the engine has already.
///
/// @param lease under which it holds them for this build
/// @param manifest what is told of them, for the first entry of what is sent
/// @param rest what has to be sent
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record LeftOut(String lease, byte[] manifest, List<ContextFolder> rest) {
  /// Less than this is sent sooner than it is asked for, in bytes.
  private static final long WORTH_ASKING = 256 << 10;

  /// More are not kept by the engine, and too many to remember here.
  private static final int MOST_FILES = 200_000;

  private static final int NOT_FOUND = 404;

  /// Asks the engine.
  ///
  /// @param cache the folder for what may be forgotten; need not be there
  /// @return null if all is to be sent as it is: there is little of it, or far too much, or the
  ///   engine knows of no such question
  public static @Nullable LeftOut of(EngineClient engine, List<ContextFolder> folders, Path cache)
      throws IOException, InterruptedException {
    long size = 0;
    int count = 0;
    for (ContextFolder folder : folders) {
      count += folder.files().size();
      size +=
          folder.files().stream().filter(ContextFile::isFile).mapToLong(ContextFile::size).sum();
    }
    if (size < WORTH_ASKING || count > MOST_FILES) {
      return null;
    }
    List<Map<String, Digest>> known = new ArrayList<>();
    Set<Digest> digests = new LinkedHashSet<>();
    for (ContextFolder folder : folders) {
      Map<String, Digest> files =
          FileDigests.of(folder.root(), cache, InstantSource.system())
              .of(folder.files().stream().filter(ContextFile::isFile).toList());
      known.add(files);
      digests.addAll(files.values());
    }
    ContextOffer offer;
    try {
      offer = engine.offerContext(digests);
    } catch (ApiError e) {
      if (e.status() == NOT_FOUND) {
        return null;
      }
      throw e;
    }
    Set<String> missing = new HashSet<>(offer.missing());
    ByteArrayOutputStream manifest = new ByteArrayOutputStream();
    List<ContextFolder> rest = new ArrayList<>();
    for (int i = 0; i < folders.size(); i++) {
      ContextFolder folder = folders.get(i);
      List<ContextFile> sent = new ArrayList<>();
      for (ContextFile file : folder.files()) {
        Digest digest = known.get(i).get(file.path());
        boolean owned = file.uid() >= 0 && file.gid() >= 0;
        if (digest == null || !owned || missing.contains(digest.toString())) {
          sent.add(file);
        } else {
          manifest.writeBytes(
              line(folder.prefix() + file.path(), file, digest).getBytes(StandardCharsets.UTF_8));
        }
      }
      rest.add(new ContextFolder(folder.root(), folder.prefix(), sent));
    }
    return new LeftOut(offer.lease(), manifest.toByteArray(), rest);
  }

  private static String line(String path, ContextFile is, Digest digest) {
    Instant modified = is.modified();
    return String.join(
        " ",
        digest.toString(),
        Integer.toOctalString(is.permissions()),
        Integer.toString(is.uid()),
        Integer.toString(is.gid()),
        Long.toString(modified.getEpochSecond()),
        Integer.toString(modified.getNano()),
        path + "\0");
  }
}
