package io.djong.daemon.route;

import io.djong.api.BuildExtras;
import io.djong.api.ContextOffer;
import io.djong.build.BuildRequest;
import io.djong.build.BuildRequest.Caching;
import io.djong.build.BuildRequest.Context;
import io.djong.build.BuildRequest.StepSurroundings;
import io.djong.build.Builder;
import io.djong.build.Builder.BuildResult;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Platform;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Building images as Docker's classic builder is asked to (`POST /build`), with the whole
/// language.
final class BuildRoutes {
  private static final Map<String, String> LIMITS =
      Map.of(
          "memory", "Memory",
          "memswap", "MemorySwap",
          "cpushares", "CpuShares",
          "cpuperiod", "CpuPeriod",
          "cpuquota", "CpuQuota",
          "shmsize", "ShmSize");

  /// Bytes: of about 230,000 digests, which is more than are kept.
  private static final int MAX_OFFER = 16 << 20;

  private final Builder builder;

  BuildRoutes(Builder builder) {
    this.builder = builder;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/build", this::build);
    table.add("POST", "/build/cancel", call -> call.empty(200));
    table.add("POST", "/djong/context", this::offer);
  }

  private void offer(Call call) throws IOException {
    byte[] body = call.request().body().readNBytes(MAX_OFFER + 1);
    if (body.length > MAX_OFFER) {
      throw new Fault.Invalid(
          "too many files in the build context to tell of: say what is not needed in .dockerignore");
    }
    List<Digest> digests =
        new String(body, StandardCharsets.ISO_8859_1)
            .lines()
            .distinct()
            .map(Digest::parse)
            .toList();
    Builder.ContextOffer offer = builder.offer(digests);
    call.answer(
        new ContextOffer(offer.lease(), offer.missing().stream().map(Digest::toString).toList()));
  }

  private void build(Call call) throws IOException, InterruptedException {
    BuildExtras extras = extras(call);
    BuildRequest request = request(call, extras);
    ClassicBuildStream stream =
        new ClassicBuildStream(call.response(), call.flag("q"), extras.events());
    if (extras.check()) {
      stream.checked(builder.check(request));
      stream.end();
      return;
    }
    Thread thread = Thread.currentThread();
    call.untilGone(thread::interrupt);
    try {
      BuildResult result = builder.build(request, stream);
      stream.succeeded(result, request.names(), extras.report());
    } catch (Fault | IOException e) {
      if (!call.response().committed()) {
        throw e;
      }
      stream.failed(Failures.text(e));
    } catch (InterruptedException e) {
      // The client is gone: nobody is left to be told.
      stream.failed("the build was ended");
    }
    stream.end();
  }

  private static BuildRequest request(Call call, BuildExtras extras) {
    BuildParameters.checkOutputs(call.query("outputs"));
    if ("2".equals(call.query("version"))) {
      throw new Fault.Unsupported(
          "building with BuildKit is not there: use `docker build` without buildx, or djong build");
    }
    String remote = call.query("remote");
    boolean none = remote != null && !remote.equals("client-session");
    Context context =
        none && remote != null ? new Context.Remote(remote) : sent(call, extras.contextLease());
    String dockerfile = call.query("dockerfile");
    return new BuildRequest(
        context,
        dockerfile == null ? "Dockerfile" : dockerfile,
        extras.dockerfile() == null ? null : bytes(extras.dockerfile()),
        names(call.queryAll("t")),
        map(call, "buildargs"),
        map(call, "labels"),
        call.query("target"),
        call.flag("nocache"),
        call.flag("pull"),
        call.flag("squash"),
        platform(call.query("platform")),
        surroundings(call),
        secrets(extras),
        extras.ssh(),
        BuildParameters.contexts(extras.contexts()),
        RegistryAuth.logins(call.request().header("X-Registry-Config")),
        new Caching(
            BuildParameters.words("cachefrom", call.query("cachefrom")),
            extras.inlineCache(),
            names(extras.cacheTo()),
            Set.copyOf(extras.mountsFrom()),
            Set.copyOf(names(extras.mountsTo()))));
  }

  private static Context sent(Call call, @Nullable String lease) {
    InputStream body = call.request().body();
    return lease == null ? new Context.Tar(body) : new Context.Rest(body, lease);
  }

  private static BuildExtras extras(Call call) {
    String header = call.request().header(BuildExtras.HEADER);
    if (header == null) {
      return BuildExtras.NONE;
    }
    // What is wrong with it is not told in its words: secrets are in it.
    try {
      return Json.full().read(BuildExtras.class, bytes(header));
    } catch (Fault.Invalid _) {
      throw new Fault.Invalid("the header " + BuildExtras.HEADER + " makes no sense");
    }
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw new Fault.Invalid("the header " + BuildExtras.HEADER + " is no base64");
    }
  }

  private static Map<String, byte[]> secrets(BuildExtras extras) {
    Map<String, byte[]> all = new HashMap<>();
    extras.secrets().forEach((id, base64) -> all.put(id, bytes(base64)));
    return all;
  }

  private static List<Reference.Tag> names(List<String> words) {
    List<Reference.Tag> names = new ArrayList<>();
    for (String word : words) {
      if (!word.isEmpty()) {
        names.add(
            switch (Reference.parse(word)) {
              case Reference.Tag name -> name;
              case Reference.Pin _ ->
                  throw new Fault.Invalid("build tag cannot contain a digest: " + word);
            });
      }
    }
    return List.copyOf(names);
  }

  private static Map<String, String> map(Call call, String name) {
    String text = call.query(name);
    Map<String, String> all = new LinkedHashMap<>();
    if (text == null) {
      return all;
    }
    Object tree = Json.full().read(Object.class, text);
    if (!(tree instanceof Map<?, ?> map)) {
      throw new Fault.Invalid("error reading build args: " + name + " is no JSON object");
    }
    map.forEach(
        (key, value) -> {
          if (value != null) {
            all.put(String.valueOf(key), String.valueOf(value));
          }
        });
    return all;
  }

  private static @Nullable Platform platform(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String[] parts = text.split("/", -1);
    if (parts.length > 3 || parts[0].isEmpty()) {
      throw new Fault.Invalid("\"" + text + "\": unknown operating system or architecture");
    }
    return new Platform(
        parts.length > 1 ? parts[1] : Platform.current().architecture(),
        parts[0],
        null,
        parts.length > 2 ? parts[2] : null);
  }

  private static StepSurroundings surroundings(Call call) {
    Map<String, Object> limits = new HashMap<>();
    LIMITS.forEach(
        (parameter, property) -> {
          String value = call.query(parameter);
          if (value != null && !value.equals("0")) {
            try {
              limits.put(property, Long.parseLong(value));
            } catch (NumberFormatException e) {
              throw new Fault.Invalid("invalid " + parameter + " \"" + value + "\"", e);
            }
          }
        });
    put(limits, "CpusetCpus", call.query("cpusetcpus"));
    put(limits, "CpusetMems", call.query("cpusetmems"));
    put(limits, "CgroupParent", call.query("cgroupparent"));
    String ulimits = call.query("ulimits");
    if (ulimits != null) {
      limits.put("Ulimits", Json.full().read(Object.class, ulimits));
    }
    String network = call.query("networkmode");
    List<String> hosts =
        call.queryAll("extrahosts").stream()
            .filter(text -> !text.isEmpty())
            .flatMap(text -> hosts(text).stream())
            .toList();
    return new StepSurroundings(network == null ? "default" : network, hosts, limits);
  }

  private static void put(Map<String, Object> limits, String property, @Nullable String value) {
    if (value != null) {
      limits.put(property, value);
    }
  }

  /// A JSON list, or words between commas.
  private static List<String> hosts(String text) {
    if (text.startsWith("[") && Json.full().read(Object.class, text) instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return List.of(text.split(",", -1));
  }
}
