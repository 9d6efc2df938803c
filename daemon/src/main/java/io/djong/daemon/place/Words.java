package io.djong.daemon.place;

import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words after a verb: flags with values (`--x VALUE` or `--x=VALUE`), toggles, and the rest.
final class Words {
  private final Map<String, List<String>> values = new HashMap<>();
  private final List<String> rest = new ArrayList<>();

  /// @param valued flags that need a value
  /// @param toggles flags that have none
  /// @throws Fault.Invalid if a flag is unknown or lacks its value
  Words(List<String> words, Set<String> valued, Set<String> toggles) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--")) {
        rest.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String flag = equals < 0 ? word : word.substring(0, equals);
      if (toggles.contains(flag) && equals < 0) {
        values.computeIfAbsent(flag, _ -> new ArrayList<>()).add("true");
      } else if (valued.contains(flag)) {
        if (equals < 0 && ++i == words.size()) {
          throw new Fault.Invalid("flag needs an argument: " + flag);
        }
        values
            .computeIfAbsent(flag, _ -> new ArrayList<>())
            .add(equals < 0 ? words.get(i) : word.substring(equals + 1));
      } else {
        throw new Fault.Invalid("unknown flag: " + word);
      }
    }
  }

  /// What is no flag.
  ///
  /// @throws Fault.Invalid if that are not so many words
  List<String> rest(int count, String usage) {
    if (rest.size() != count) {
      throw new Fault.Invalid("want " + usage);
    }
    return rest;
  }

  boolean is(String flag) {
    return values.containsKey(flag);
  }

  @Nullable String value(String flag) {
    List<String> all = values.get(flag);
    return all == null ? null : all.getLast();
  }

  List<String> values(String flag) {
    return values.getOrDefault(flag, List.of());
  }
}
