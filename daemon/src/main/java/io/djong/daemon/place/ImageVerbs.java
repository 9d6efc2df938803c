package io.djong.daemon.place;

import io.djong.api.RegistryLogins;
import io.djong.content.PlatformChoice;
import io.djong.http.ProxyRules;
import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.registry.Credentials;
import io.djong.registry.RegistrySettings;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.sign.ImageSignature;
import io.djong.registry.sign.SignatureStore;
import io.djong.registry.sign.SigningKey;
import io.djong.registry.sign.TrustPolicy;
import io.djong.registry.sign.VerifyingKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `djong image copy` and the other verbs on images that are anywhere. For one thread.
public final class ImageVerbs implements AutoCloseable {
  public static final String USAGE =
      """
      Usage: djong image copy [OPTIONS] PLACE PLACE       Copy an image
             djong image inspect [OPTIONS] PLACE          Say what an image is
             djong image ls-tags [OPTIONS] PLACE          List the names of a repository or layout
             djong image delete [OPTIONS] PLACE           Take a name away
             djong image sign [OPTIONS] --key FILE NAME   Sign an image on a registry
             djong image verify [OPTIONS] NAME            Say whether an image is signed
             djong image generate-key PREFIX              Make PREFIX.key and PREFIX.pub

      A place is docker://NAME (a registry), oci:FOLDER[:NAME], docker-archive:FILE[:NAME],
      oci-archive:FILE[:NAME] or djong:NAME (the engine's store). No engine is needed but for that.

        --all                       copy all platforms of an index, and the index
        --platform OS/ARCH          which image of an index (default: this machine's)
        --insecure HOST             the registry may speak HTTP, or show any certificate
        --creds USER:PASSWORD       for a registry, instead of what 'djong login' keeps
        --src-creds, --dest-creds   the same for the ends of a copy
        --raw, --config             inspect: print the manifest, or the config, as it is
        --key FILE                  sign: the private key; verify: a public key, may be repeated
        --passphrase-file FILE      of the private key (default: $COSIGN_PASSWORD)
        --policy FILE               verify: ask the trust policy (containers-policy.json)
        --engine ADDRESS            where the engine is (default: $DJONG_HOST, $DOCKER_HOST)
      """;

  private static final Set<String> VALUED =
      Set.of(
          "--platform",
          "--insecure",
          "--creds",
          "--src-creds",
          "--dest-creds",
          "--key",
          "--passphrase-file",
          "--policy",
          "--engine");
  private static final Set<String> TOGGLES = Set.of("--all", "--raw", "--config");

  private final Words words;
  private final PrintStream out;
  private final PrintStream err;
  private final RegistryClient client;
  private final Ends ends;
  private final Copying copying;

  private ImageVerbs(Words words, PrintStream out, PrintStream err) {
    this.words = words;
    this.out = out;
    this.err = err;
    this.client = client(words.values("--insecure"));
    this.ends = new Ends(client, RegistryLogins.ofUser(), words.value("--engine"));
    this.copying = new Copying(ends);
  }

  static RegistryClient client(List<String> insecure) {
    RegistrySettings how = RegistrySettings.DEFAULT;
    return new RegistryClient(
        new RegistrySettings(
            insecure, List.of(), how.certificates(), ProxyRules.of(System.getenv())),
        InstantSource.system());
  }

  /// Runs one verb.
  ///
  /// @return the exit code
  /// @throws Fault for whoever typed it
  public static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    String verb = arguments.getFirst();
    Words words = new Words(arguments.subList(1, arguments.size()), VALUED, TOGGLES);
    try (ImageVerbs verbs = new ImageVerbs(words, out, err)) {
      return switch (verb) {
        case "copy" -> verbs.copy();
        case "inspect" -> verbs.inspect();
        case "ls-tags" -> verbs.tags();
        case "delete" -> verbs.delete();
        case "sign" -> verbs.sign();
        case "verify" -> verbs.verify();
        case "generate-key" -> verbs.generateKey();
        default -> throw new Fault.Invalid("unknown command \"" + verb + "\"");
      };
    }
  }

  private PlatformChoice choice() {
    if (words.is("--all")) {
      return PlatformChoice.ALL;
    }
    String text = words.value("--platform");
    if (text == null) {
      return PlatformChoice.only(Platform.current());
    }
    PlatformChoice only = only(text);
    if (only == null) {
      throw new Fault.Invalid("--platform: want OS/ARCH[/VARIANT], found " + text);
    }
    return only;
  }

  /// The platform `OS/ARCH[/VARIANT]` alone; null if the text is none.
  static @Nullable PlatformChoice only(String text) {
    String[] parts = text.split("/", 3);
    return parts.length < 2
        ? null
        : PlatformChoice.only(
            new Platform(parts[1], parts[0], null, parts.length == 3 ? parts[2] : null));
  }

  private @Nullable String user(String flag) {
    String special = words.value(flag);
    return special == null ? words.value("--creds") : special;
  }

  private int copy() throws IOException, InterruptedException {
    List<String> places = words.rest(2, "PLACE PLACE");
    Descriptor copied =
        copying.copy(
            Place.parse(places.getFirst()),
            Place.parse(places.getLast()),
            choice(),
            user("--src-creds"),
            user("--dest-creds"),
            progress(err));
    out.println(copied.digest());
    return 0;
  }

  /// What became of each layer; how far it got is not shown.
  static Progress progress(PrintStream err) {
    return event -> {
      if (event.id() != null && event.total() == 0 && !event.status().equals("Preparing")) {
        err.println(event.id() + ": " + event.status());
      }
    };
  }

  private Place place() {
    return Place.parse(words.rest(1, "one PLACE").getFirst());
  }

  private int inspect() throws IOException, InterruptedException {
    String user = words.value("--creds");
    if (words.is("--config")) {
      out.println(Copying.text(copying.config(place(), choice(), user)));
    } else if (words.is("--raw")) {
      // Not a byte more: whoever hashes it wants the digest.
      out.write(copying.raw(place(), user));
    } else {
      out.println(Json.full().writeText(copying.inspect(place(), choice(), user)));
    }
    return 0;
  }

  private int tags() throws IOException, InterruptedException {
    Place place = place();
    Map<String, Object> answer = new LinkedHashMap<>();
    if (place instanceof Place.Registry(Reference name)) {
      answer.put("Repository", name.repository().toString());
    }
    answer.put("Tags", copying.tags(place, words.value("--creds")));
    out.println(Json.full().writeText(answer));
    return 0;
  }

  private int delete() throws IOException, InterruptedException {
    copying.delete(place(), words.value("--creds"));
    return 0;
  }

  /// The name of an image on a registry, with `docker://` or without.
  private Reference name() {
    String text = words.rest(1, "one NAME").getFirst();
    return Reference.parse(text.startsWith("docker://") ? text.substring(9) : text);
  }

  private int sign() throws IOException, InterruptedException {
    Reference name = name();
    String file = words.value("--key");
    if (file == null) {
      throw new Fault.Invalid("want --key FILE; make one with 'djong image generate-key'");
    }
    SigningKey key = SigningKey.read(Files.readString(Path.of(file)), passphrase());
    Repository repository = name.repository();
    Credentials credentials = ends.credentials(repository.host(), words.value("--creds"));
    Document<Manifest> image = client.source(repository.host(), credentials).resolve(name);
    String said = name instanceof Reference.Tag ? name.toString() : repository.toString();
    new SignatureStore(client)
        .add(
            repository,
            image.descriptor(),
            ImageSignature.of(said, image.digest(), key, Instant.now()),
            credentials);
    out.println(image.digest());
    return 0;
  }

  private byte[] passphrase() throws IOException {
    String file = words.value("--passphrase-file");
    String told = file == null ? System.getenv("COSIGN_PASSWORD") : null;
    return file != null
        ? Files.readString(Path.of(file)).stripTrailing().getBytes(StandardCharsets.UTF_8)
        : told == null ? new byte[0] : told.getBytes(StandardCharsets.UTF_8);
  }

  private int verify() throws IOException, InterruptedException {
    Reference name = name();
    String policy = words.value("--policy");
    List<VerifyingKey> keys = new ArrayList<>();
    for (String file : words.values("--key")) {
      keys.add(VerifyingKey.read(Files.readString(Path.of(file))));
    }
    if (keys.isEmpty() == (policy == null)) {
      throw new Fault.Invalid("want either --key FILE or --policy FILE");
    }
    TrustPolicy trust =
        policy == null ? TrustPolicy.signedBy(keys) : TrustPolicy.read(Path.of(policy));
    Repository repository = name.repository();
    Credentials credentials = ends.credentials(repository.host(), words.value("--creds"));
    Document<Manifest> image = client.source(repository.host(), credentials).resolve(name);
    trust.admit(
        name,
        image.digest(),
        () -> new SignatureStore(client).find(repository, image.digest(), credentials));
    out.println(image.digest());
    return 0;
  }

  private int generateKey() throws IOException {
    String prefix = words.rest(1, "one PREFIX").getFirst();
    SigningKey.Pair pair = SigningKey.generate(passphrase());
    Path secret = Path.of(prefix + ".key");
    try (var file =
        Files.newByteChannel(
            secret,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      file.write(java.nio.ByteBuffer.wrap(pair.privateKey().getBytes(StandardCharsets.UTF_8)));
    }
    Files.writeString(Path.of(prefix + ".pub"), pair.publicKey());
    out.println(secret + " and " + prefix + ".pub");
    return 0;
  }

  @Override
  public void close() {
    client.close();
  }
}
