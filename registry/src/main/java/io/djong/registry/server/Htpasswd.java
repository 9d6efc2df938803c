package io.djong.registry.server;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Users with bcrypt hashes of their passwords, in a file as `htpasswd -B` writes it. A changed
/// file is read again. Safe for use by several threads.
///
/// A hash takes a tenth of a second by design. So what was right is remembered for the file's
/// version, under a key of this process, and at most two hashes are computed at a time.
final class Htpasswd {
  private static final int REMEMBERED = 1000;
  private static final int MAX_FILE = 4 << 20;

  /// Of no password: a user who is not there takes as long to refuse as one who is.
  private static final byte[] NOBODY = BCrypt.withDefaults().hash(10, "".toCharArray()).clone();

  private final Path file;
  private final SecretKeySpec key;
  private final Semaphore computing = new Semaphore(2);
  private Map<String, byte[]> hashes = Map.of();
  private final Map<String, Boolean> right = new LinkedHashMap<>();
  private FileTime read = FileTime.fromMillis(0);

  /// @throws Fault.Invalid if the file has a line that is no user with a bcrypt hash
  Htpasswd(Path file) throws IOException {
    this.file = file;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
    refresh();
  }

  /// Whether this is the user's password.
  boolean accepts(String user, String password) throws IOException, InterruptedException {
    refresh();
    String proof = proof(user, password);
    byte[] hash;
    synchronized (this) {
      if (right.containsKey(proof)) {
        return true;
      }
      hash = hashes.get(user);
    }
    byte[] secret = password.getBytes(StandardCharsets.UTF_8);
    if (secret.length > 72) {
      return false; // More than bcrypt looks at.
    }
    computing.acquire();
    try {
      boolean same = BCrypt.verifyer().verify(secret, hash == null ? NOBODY : hash).verified;
      if (!same || hash == null) {
        return false;
      }
      remember(proof, user, hash);
      return true;
    } finally {
      computing.release();
    }
  }

  private synchronized void remember(String proof, String user, byte[] hash) {
    if (!Arrays.equals(hashes.get(user), hash)) {
      return; // The file changed meanwhile.
    }
    if (right.size() >= REMEMBERED) {
      right.clear();
    }
    right.put(proof, true);
  }

  private synchronized void refresh() throws IOException {
    FileTime now = Files.getLastModifiedTime(file);
    if (now.equals(read)) {
      return;
    }
    if (Files.size(file) > MAX_FILE) {
      throw new Fault.Invalid(file + " is larger than 4 MiB");
    }
    Map<String, byte[]> fresh = new HashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      int colon = text.indexOf(':');
      String hash = text.substring(colon + 1);
      if (colon <= 0 || !hash.startsWith("$2") || hash.length() != 60) {
        throw new Fault.Invalid(
            file + ", line " + number + ": want USER:BCRYPT-HASH, as htpasswd -B writes it");
      }
      fresh.put(text.substring(0, colon), hash.getBytes(StandardCharsets.US_ASCII));
    }
    hashes = fresh;
    right.clear();
    read = now;
  }

  private String proof(String user, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(user.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
