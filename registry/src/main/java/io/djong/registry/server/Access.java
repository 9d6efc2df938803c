package io.djong.registry.server;

import io.djong.http.HttpRequest;
import io.djong.model.Reference.Repository;
import io.djong.registry.Challenge;
import io.djong.registry.Credentials;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import io.djong.registry.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who may do what. Safe for use by several threads.
///
/// @param users null if nobody can say a password
/// @param tokens null if there are none
/// @param rules null if everybody who is let in may do everything
/// @param closed whether one must say who one is, or be named by a rule for `anonymous`
record Access(
    @Nullable Htpasswd users,
    @Nullable Tokens tokens,
    @Nullable String realm,
    @Nullable List<Rule> rules,
    boolean closed)
    implements AutoCloseable {
  /// Everybody may do everything.
  static final Access OPEN = new Access(null, null, null, null, false);

  /// What a refusal tells a client about proving who it is.
  static final class Unproven extends RuntimeException {
    private final @Nullable Scope scope;
    private final boolean refused;

    Unproven(@Nullable Scope scope, boolean refused) {
      super(RegistryError.UNAUTHORIZED.message());
      this.scope = scope;
      this.refused = refused;
    }
  }

  /// Who sent the request.
  ///
  /// @throws Unproven if what it says about that is not right
  Caller caller(HttpRequest request) throws IOException, InterruptedException {
    String header = request.header("Authorization");
    if (!closed || header == null) {
      String certified = request.certifiedName();
      return certified == null ? Caller.ANONYMOUS : new Caller(certified, null, true);
    }
    Credentials.Password pair = users == null ? null : Credentials.Password.parse(header);
    if (users != null && pair != null) {
      if (users.accepts(pair.user(), pair.password())) {
        return new Caller(pair.user(), null, true);
      }
    } else if (tokens != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      Caller caller = tokens.check(header.substring(7).strip());
      if (caller != null) {
        return caller;
      }
    }
    throw new Unproven(null, true);
  }

  boolean may(Caller caller, String repository, Action action) {
    if (!closed) {
      return true;
    }
    if (caller.granted() != null) {
      for (Scope scope : caller.granted()) {
        if (scope.type().equals("repository")
            && scope.name().equals(repository)
            && (scope.actions().contains(action.word()) || scope.actions().contains("*"))) {
          return true;
        }
      }
      return false;
    }
    return mayByRules(caller, repository, action);
  }

  private boolean mayByRules(Caller caller, String repository, Action action) {
    if (rules == null) {
      return !caller.anonymous();
    }
    return rules.stream().anyMatch(rule -> rule.allows(caller, repository, action));
  }

  /// Whether a list of repositories shows this one to the caller: what one may pull. A token for
  /// [Scope#CATALOG] of ours shows what its bearer's rules allow, one of another issuer shows all.
  boolean sees(Caller caller, String repository) {
    if (closed && caller.granted() != null && caller.granted().contains(Scope.CATALOG)) {
      return !caller.known() || mayByRules(caller, repository, Action.PULL);
    }
    return may(caller, repository, Action.PULL);
  }

  /// Whether the caller may pull whatever there is.
  boolean mayPullAll(Caller caller) {
    return !closed
        || (caller.granted() == null
            && (rules == null
                ? !caller.anonymous()
                : rules.stream().anyMatch(rule -> rule.allowsEverywhere(caller, Action.PULL))));
  }

  /// @throws Unproven if the caller might, had it said who it is
  /// @throws RegistryFault with `DENIED` if it may not
  void require(Caller caller, String repository, Action action) {
    if (may(caller, repository, action)) {
      return;
    }
    if (caller.anonymous() || caller.granted() != null) {
      Scope scope =
          action == Action.PUSH
              ? Scope.repository(repository, Scope.PULL, Scope.PUSH)
              : Scope.repository(repository, action.word());
      throw new Unproven(scope, false);
    }
    throw new RegistryFault(RegistryError.DENIED, RegistryError.DENIED.message());
  }

  /// Asks who is nobody in particular to say who they are: clients learn here how that is done.
  ///
  /// @param scope what a token should be for; null for nothing in particular
  void requireName(Caller caller, @Nullable Scope scope) {
    if (closed && caller.anonymous() && caller.granted() == null) {
      throw new Unproven(scope, false);
    }
  }

  /// The value of `WWW-Authenticate` for this refusal.
  ///
  /// @param base where the client reaches us: `https://HOST`
  String challenge(Unproven refusal, String base) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (tokens == null) {
      return new Challenge("basic", Map.of("realm", "djong registry")).toString();
    }
    parameters.put("realm", realm == null ? base + "/token" : realm);
    parameters.put("service", tokens.service());
    if (refusal.scope != null) {
      parameters.put("scope", refusal.scope.toString());
    }
    if (refusal.refused) {
      parameters.put("error", "invalid_token");
    }
    return new Challenge("bearer", parameters).toString();
  }

  /// Lets go of connections to issuers of tokens.
  @Override
  public void close() {
    if (tokens != null) {
      tokens.close();
    }
  }

  /// Of what is asked for, what the caller may.
  List<Scope> grant(Caller caller, List<Scope> asked) {
    List<Scope> granted = new ArrayList<>();
    for (Scope scope : asked) {
      if (scope.equals(Scope.CATALOG)) {
        granted.add(scope); // What it shows is up to the rules.
        continue;
      }
      if (!scope.type().equals("repository") || !Repository.isPath(scope.name())) {
        continue;
      }
      Set<String> actions = new TreeSet<>();
      for (Action action : Action.values()) {
        boolean wanted = scope.actions().contains(action.word()) || scope.actions().contains("*");
        if (wanted && may(caller, scope.name(), action)) {
          actions.add(action.word());
        }
      }
      if (!actions.isEmpty()) {
        granted.add(new Scope(scope.type(), scope.name(), actions));
      }
    }
    return granted;
  }
}
