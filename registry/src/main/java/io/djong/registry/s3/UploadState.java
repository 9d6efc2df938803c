package io.djong.registry.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a bucket knows of an upload between two requests, so that any server goes on with it.
///
/// @param multipart the object store's name of it; null while no part was sent
/// @param etags of the parts, in their order
/// @param sent how many bytes the parts have
/// @param digest which blob it is becoming, or [#GIVEN_UP]; null while it may be gone on with
/// @param rest bytes that are too few for a part
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record UploadState(
    @Nullable String multipart,
    List<String> etags,
    long sent,
    @Nullable String digest,
    byte[] rest) {
  UploadState {
    etags = List.copyOf(etags);
  }

  /// Stands for the digest of an upload that becomes no blob.
  static final String GIVEN_UP = "";

  static final UploadState NEW = new UploadState(null, List.of(), 0, null, new byte[0]);

  static String key(String id) {
    return "uploads/" + id;
  }

  byte[] entry() {
    Map<String, Object> head = new LinkedHashMap<>();
    if (multipart != null) {
      head.put("multipart", multipart);
    }
    head.put("etags", etags);
    head.put("sent", sent);
    if (digest != null) {
      head.put("digest", digest);
    }
    return new HeadedEntry(head, rest).bytes();
  }

  static UploadState read(byte[] entry) throws IOException {
    HeadedEntry read = HeadedEntry.read(entry);
    Map<?, ?> head = read.head();
    if (!(head.get("sent") instanceof Number sent)
        || !(head.get("etags") instanceof List<?> list)) {
      throw new IOException("an upload's entry in the bucket is damaged");
    }
    List<String> etags = new ArrayList<>();
    list.forEach(each -> etags.add(String.valueOf(each)));
    return new UploadState(
        head.get("multipart") instanceof String multipart ? multipart : null,
        etags,
        sent.longValue(),
        head.get("digest") instanceof String digest ? digest : null,
        read.rest());
  }
}
