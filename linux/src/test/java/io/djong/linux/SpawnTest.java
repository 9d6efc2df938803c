package io.djong.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest {
  private Poller poller;
  @TempDir Path folder;

  @BeforeEach
  void open() throws IOException {
    poller = new Poller();
  }

  @AfterEach
  void close() {
    poller.close();
  }

  private String output(String script, Map<String, String> environment) throws Exception {
    try (Pipe pipe = Pipe.fromChild(poller)) {
      Spawn spawn =
          new Spawn(
              List.of("/bin/busybox", "sh", "-c", script),
              environment,
              folder,
              null,
              List.of(pipe.output()));
      ChildProcess child = spawn.start(poller);
      pipe.output().close();
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      byte[] bytes = new byte[100];
      for (int n = pipe.input().read(bytes, 0, 100); n > 0; n = pipe.input().read(bytes, 0, 100)) {
        text.write(bytes, 0, n);
      }
      assertThat(child.await()).isZero();
      return text.toString(UTF_8);
    }
  }

  @Test
  void aChildHasTheDirectoryAndTheEnvironmentItWasGivenAndNoOther() throws Exception {
    assertThat(
            output(
                "pwd >&3; busybox env | busybox grep -v PWD >&3",
                Map.of("PATH", "/bin", "A", "b c")))
        .contains(folder.toRealPath() + "\n", "A=b c\n", "PATH=/bin\n")
        .hasLineCount(4);
  }

  @Test
  void aChildHasNoDescriptorButThoseItWasGiven() throws Exception {
    Path leaky = Files.createFile(folder.resolve("leaky"));
    try (FileInputStream open = new FileInputStream(leaky.toFile())) {
      assertThat(open.available()).isZero();
      // 4 is the folder that ls reads.
      assertThat(output("busybox ls /proc/self/fd >&3", Map.of("PATH", "/bin")))
          .isEqualTo("0\n1\n2\n3\n4\n");
    }
  }

  @Test
  void aChildLeadsASessionOfItsOwn() throws Exception {
    assertThat(
            output(
                "set -- $(busybox cat /proc/$$/stat); [ $1 = $6 ] && echo leads >&3",
                Map.of("PATH", "/bin")))
        .isEqualTo("leads\n");
  }

  @Test
  void anExitCodeOrASignalIsTold() throws Exception {
    assertThat(Spawn.of(List.of("/bin/busybox", "sh", "-c", "exit 9")).start(poller).await())
        .isEqualTo(9);
    ChildProcess sleeping = Spawn.of(List.of("/bin/busybox", "sleep", "1000")).start(poller);
    assertThat(sleeping.signal(15)).isTrue();
    assertThat(sleeping.await()).isEqualTo(143);
    assertThat(sleeping.signal(15)).isFalse();
    assertThat(ProcessStatus.of(sleeping.pid())).isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> Spawn.of(List.of("/no/such")).start(poller))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void aProcessThatIsNotOursCanBeWaitedFor() throws Exception {
    ChildProcess child = Spawn.of(List.of("/bin/busybox", "sleep", "1000")).start(poller);
    ProcessStatus status = ProcessStatus.of(child.pid()).orElseThrow();
    assertThat(status.alive()).isTrue();
    assertThat(status.parent()).isEqualTo((int) ProcessHandle.current().pid());
    try (ProcessDescriptor held = ProcessDescriptor.open(poller, child.pid())) {
      assertThat(held.ended()).isFalse();
      assertThat(held.signal(9)).isTrue();
      held.await();
      assertThat(child.await()).isEqualTo(137);
      assertThat(held.signal(9)).isFalse();
    }
  }

  @Test
  void whoReadsIsToldWhenTheStreamIsClosed() throws Exception {
    try (Pipe pipe = Pipe.fromChild(poller)) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread reader =
          Thread.startVirtualThread(
              () -> {
                try {
                  pipe.input().read(new byte[1], 0, 1);
                } catch (IOException e) {
                  thrown.complete(e);
                }
              });
      while (reader.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      pipe.input().close();
      assertThat(thrown.get()).isInstanceOf(AsynchronousCloseException.class);
    }
  }

  @Test
  void aHangUpWakesWhoWaitsAtAFifo() throws Exception {
    Path fifo = folder.resolve("fifo");
    assertThat(Spawn.of(List.of("/bin/busybox", "mkfifo", fifo.toString())).start(poller).await())
        .isZero();
    Fifo.hangUp(fifo);
    assertThatThrownBy(() -> Fifo.openOutput(poller, fifo)).isInstanceOf(KernelException.class);
    try (DescriptorStream input = Fifo.openInput(poller, fifo)) {
      Fifo.hangUp(fifo);
      input.awaitInput();
      assertThat(input.read(new byte[1], 0, 1)).isEqualTo(-1);
    }
  }

  @Test
  void aFolderThatIsWatchedTellsWhichFileIsWritten() throws Exception {
    try (FolderWatch watch = new FolderWatch(poller)) {
      int key = watch.add(folder);
      assertThat(watch.add(folder)).isEqualTo(key);
      Files.writeString(folder.resolve("written"), "x");
      assertThat(watch.next()).contains(new FolderWatch.Event(key, "written"));
    }
  }
}
