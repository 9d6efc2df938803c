package io.djong.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Exempts a class from one of the rules that the build keeps (`ArchitectureTest` in the room
/// verify), for a reason that is written here.
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@Repeatable(Exempt.All.class)
public @interface Exempt {
  Rule from();

  String because();

  /// The rules that know exceptions.
  enum Rule {
    /// Only `linux` and `runtime` start processes.
    PROCESSES,
    /// Only `http` and `linux` open sockets.
    SOCKETS,
    /// Work runs on virtual threads.
    PLATFORM_THREADS,
    /// Only the command line writes to the standard streams.
    STANDARD_STREAMS,
    /// Nothing sleeps.
    SLEEP
  }

  /// Several exemptions of one class.
  @Retention(RetentionPolicy.CLASS)
  @Target(ElementType.TYPE)
  @interface All {
    Exempt[] value();
  }
}
