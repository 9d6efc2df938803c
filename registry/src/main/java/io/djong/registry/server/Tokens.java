package io.djong.registry.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.djong.model.Fault;
import io.djong.registry.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Issues bearer tokens and checks them (Docker's token authentication specification). Accepted are
/// tokens of the known issuers for this service, signed by keys we hold, with algorithms for key
/// pairs alone: what a token says about its own key (`jwk`, `jku`, `x5c`) is not looked at. Safe
/// for use by several threads.
final class Tokens implements AutoCloseable {
  static final Duration LIFE = Duration.ofMinutes(5);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256);

  private final String issuer;
  private final String service;
  private final ECKey key;
  private final List<Trust> trusted;

  /// Who may say what a caller may do.
  ///
  /// @param own whether that is us
  private record Trust(String issuer, IssuerKeys keys, boolean own) {}

  /// @param foreign the keys of other issuers, by the issuer's name
  Tokens(String issuer, String service, Path keyFile, Map<String, IssuerKeys> foreign)
      throws IOException {
    this.issuer = issuer;
    this.service = service;
    this.key = key(keyFile);
    this.trusted = new ArrayList<>();
    trusted.add(new Trust(issuer, IssuerKeys.of(new JWKSet((JWK) key.toPublicJWK())), true));
    for (Map.Entry<String, IssuerKeys> each : foreign.entrySet()) {
      trusted.add(new Trust(each.getKey(), each.getValue(), false));
    }
  }

  String service() {
    return service;
  }

  /// A token that allows its bearer what is granted, and says who that is.
  String issue(String user, List<Scope> granted) {
    List<Map<String, Object>> access = new ArrayList<>();
    for (Scope scope : granted) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("type", scope.type());
      one.put("name", scope.name());
      one.put("actions", List.copyOf(scope.actions()));
      access.add(one);
    }
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(user)
            .audience(service)
            .issueTime(date(now))
            .notBeforeTime(date(now.minusSeconds(5)))
            .expirationTime(date(now.plus(LIFE)))
            .jwtID(UUID.randomUUID().toString())
            .claim("access", access)
            .build();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing a token", e);
    }
    return token.serialize();
  }

  /// Who bears this token; null if it is not to be believed.
  @Nullable Caller check(String token) {
    String from;
    String key;
    try {
      SignedJWT parsed = SignedJWT.parse(token);
      from = parsed.getJWTClaimsSet().getIssuer();
      key = parsed.getHeader().getKeyID();
    } catch (ParseException e) {
      return null;
    }
    for (Trust trust : trusted) {
      if (trust.issuer.equals(from)) {
        return check(token, trust, trust.keys.keys(key));
      }
    }
    return null;
  }

  private @Nullable Caller check(String token, Trust trust, JWKSet keys) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            service, new JWTClaimsSet.Builder().issuer(trust.issuer).build(), Set.of("exp"));
    claims.setMaxClockSkew(10);
    processor.setJWTClaimsSetVerifier(claims);
    try {
      return caller(processor.process(token, null), trust);
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return null;
    }
  }

  private static Caller caller(JWTClaimsSet claims, Trust trust) {
    List<Scope> granted = new ArrayList<>();
    if (claims.getClaim("access") instanceof List<?> access) {
      for (Object each : access) {
        if (each instanceof Map<?, ?> one
            && one.get("type") instanceof String type
            && one.get("name") instanceof String name
            && one.get("actions") instanceof List<?> actions) {
          Set<String> words = new TreeSet<>();
          actions.forEach(word -> words.add(String.valueOf(word)));
          granted.add(new Scope(type, name, words));
        }
      }
    }
    String subject = claims.getSubject();
    return new Caller(subject == null ? "" : subject, List.copyOf(granted), trust.own);
  }

  private static ECKey key(Path file) throws IOException {
    try {
      if (Files.exists(file)) {
        return ECKey.parse(Files.readString(file));
      }
      ECKey fresh = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, fresh.toJSONString());
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      return fresh;
    } catch (ParseException e) {
      // The library's message may hold a part of the key.
      throw new Fault.Invalid(file + " is no key for tokens: remove it to have one made");
    } catch (JOSEException e) {
      throw new IllegalStateException("making a key", e);
    }
  }

  @Override
  public void close() {
    trusted.forEach(trust -> trust.keys.close());
  }

  // The library takes Dates.
  @SuppressWarnings("JavaUtilDate")
  private static Date date(Instant instant) {
    return Date.from(instant);
  }
}
