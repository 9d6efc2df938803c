package io.djong.cli.command;

import io.djong.cli.flag.Given;
import io.djong.cli.flag.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The variables that a user gives to a process.
final class Environment {
  private Environment() {}

  /// Those of `--env-file`, then those of `--env`. A name alone takes its value from our own
  /// environment; where there is none, files pass it over and flags pass on the bare name, which
  /// takes the variable away.
  ///
  /// @throws IOException if a file cannot be read
  static List<String> of(Given given) throws IOException {
    List<String> environment = new ArrayList<>();
    for (String file : given.all("env-file")) {
      addFile(environment, file);
    }
    for (String variable : given.all("env")) {
      if (variable.isEmpty() || variable.startsWith("=")) {
        throw Given.invalid("env", variable, "invalid environment variable: " + variable);
      }
      String value = variable.indexOf('=') < 0 ? System.getenv(variable) : null;
      environment.add(value == null ? variable : variable + "=" + value);
    }
    return environment;
  }

  private static void addFile(List<String> environment, String file) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      String variable = line.stripLeading();
      if (variable.isEmpty() || variable.startsWith("#")) {
        continue;
      }
      int equals = variable.indexOf('=');
      String name = equals < 0 ? variable : variable.substring(0, equals);
      if (name.isBlank() || name.indexOf(' ') >= 0) {
        throw new UsageException(
            "invalid env file (" + file + "): variable '" + name + "' contains whitespaces");
      }
      String value = equals < 0 ? System.getenv(name) : null;
      if (equals >= 0) {
        environment.add(variable);
      } else if (value != null) {
        environment.add(name + "=" + value);
      }
    }
  }
}
