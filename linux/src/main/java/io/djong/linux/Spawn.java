package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program to start as a child, by `posix_spawn(3)`. The child gets just this environment, the
/// null device as stdin and stdout, and of our descriptors none but those named here; it leads a
/// session of its own, so that no terminal's signal for us reaches it, and starts with no signal
/// blocked or ignored.
///
/// @param command the program's absolute path and its arguments
/// @param directory where it starts, or null for ours
/// @param stderr where its stderr goes, or null for the null device
/// @param descriptors become the child's descriptors 3, 4 … in this order
public record Spawn(
    List<String> command,
    Map<String, String> environment,
    @Nullable Path directory,
    @Nullable DescriptorStream stderr,
    List<DescriptorStream> descriptors) {
  private static final int FIRST = 3;
  private static final int SIGNALS = 64;

  public Spawn {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    descriptors = List.copyOf(descriptors);
  }

  /// A program with nothing but arguments.
  public static Spawn of(List<String> command) {
    return new Spawn(command, Map.of(), null, null, List.of());
  }

  /// Starts the program. The descriptors stay ours to close.
  ///
  /// @throws KernelException if it cannot be executed
  public ChildProcess start(Poller poller) throws IOException {
    List<Integer> copies = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = SpawnCalls.newActions(arena);
      MemorySegment attributes = SpawnCalls.newAttributes(arena);
      try {
        SpawnCalls.addOpen(actions, arena, 0, "/dev/null", ProcessCalls.O_RDONLY);
        SpawnCalls.addOpen(actions, arena, 1, "/dev/null", ProcessCalls.O_WRONLY);
        if (stderr == null) {
          SpawnCalls.addOpen(actions, arena, 2, "/dev/null", ProcessCalls.O_WRONLY);
        } else {
          SpawnCalls.addDuplicate(actions, copy(stderr, copies), 2);
        }
        for (int i = 0; i < descriptors.size(); i++) {
          SpawnCalls.addDuplicate(actions, copy(descriptors.get(i), copies), FIRST + i);
        }
        // The JDK opens files without O_CLOEXEC and relies on its own launcher to close them.
        SpawnCalls.addCloseFrom(actions, FIRST + descriptors.size());
        if (directory != null) {
          SpawnCalls.addDirectory(actions, arena, directory.toString());
        }
        SpawnCalls.newSession(attributes, arena, SIGNALS);
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        int pid =
            SpawnCalls.spawn(
                arena,
                command.getFirst(),
                actions,
                attributes,
                strings(arena, command),
                strings(arena, variables));
        return new ChildProcess(poller, pid);
      } finally {
        SpawnCalls.destroy(actions, attributes);
      }
    } finally {
      copies.forEach(ProcessCalls::close);
    }
  }

  /// A copy out of the range of the child's descriptors, so that placing one never overwrites
  /// another.
  private static int copy(DescriptorStream stream, List<Integer> copies) throws IOException {
    int copy = ProcessCalls.duplicate(stream.descriptor(), 64);
    copies.add(copy);
    return copy;
  }

  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate((strings.size() + 1L) * Long.BYTES, Long.BYTES);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(Libc.LONG, i, arena.allocateFrom(strings.get(i)).address());
    }
    return array;
  }
}
