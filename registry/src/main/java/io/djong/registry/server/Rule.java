package io.djong.registry.server;

import java.util.List;
import java.util.Set;

/// Allows actions. What no rule allows is refused.
///
/// @param users names by pattern; `*` means everybody who said who they are, `anonymous` everybody
/// @param repositories paths by pattern, where `${user}` stands for the caller's own name
record Rule(List<String> users, List<String> repositories, Set<Action> actions) {
  static final String ANONYMOUS = "anonymous";

  Rule {
    users = List.copyOf(users);
    repositories = List.copyOf(repositories);
    actions = Set.copyOf(actions);
  }

  boolean allows(Caller caller, String repository, Action action) {
    return actions.contains(action) && isFor(caller) && covers(caller, repository);
  }

  /// Whether it allows the action on everything.
  boolean allowsEverywhere(Caller caller, Action action) {
    return actions.contains(action) && isFor(caller) && repositories.contains("*");
  }

  private boolean isFor(Caller caller) {
    for (String user : users) {
      if (user.equals(ANONYMOUS) || (!caller.anonymous() && Pattern.matches(user, caller.name()))) {
        return true;
      }
    }
    return false;
  }

  private boolean covers(Caller caller, String repository) {
    for (String pattern : repositories) {
      // A name with a star in it must not become a pattern.
      boolean own = pattern.contains("${user}");
      if (own && (caller.anonymous() || caller.name().indexOf('*') >= 0)) {
        continue;
      }
      if (Pattern.matches(own ? pattern.replace("${user}", caller.name()) : pattern, repository)) {
        return true;
      }
    }
    return false;
  }
}
