package io.djong.engine.container;

import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerState;
import io.djong.model.ContainerId;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One container while the engine is open: its record, its process, and who waits for it. What
/// changes it is done under its lock; what is read may be read without.
final class Container {
  private final ContainerId id;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> execs = ConcurrentHashMap.newKeySet();
  private final List<LateAttachment> early = new ArrayList<>();
  private volatile ContainerRecord record;
  private volatile @Nullable ContainerProcess process;
  private volatile boolean gone;
  private volatile boolean stopAsked;
  private final AtomicBoolean leaving = new AtomicBoolean();
  private volatile @Nullable Said said;
  private final RestartPause restartPause = new RestartPause();
  private volatile @Nullable HealthWatch health;
  private volatile CompletableFuture<ExitStatus> nextExit = new CompletableFuture<>();
  private final CompletableFuture<ExitStatus> removal = new CompletableFuture<>();

  Container(ContainerRecord record) {
    this.id = new ContainerId(record.id());
    this.record = record;
  }

  ContainerId id() {
    return id;
  }

  ReentrantLock lock() {
    return lock;
  }

  ContainerRecord record() {
    return record;
  }

  Life life() {
    return record.life();
  }

  /// Docker's form of the name in messages and attributes has no slash.
  String name() {
    return record.name();
  }

  boolean isRunning() {
    return life().phase().equals("running");
  }

  /// Whether it waits for its restart policy to start it again.
  boolean isRestarting() {
    return life().phase().equals("restarting");
  }

  /// Whether it runs or is about to: as Docker counts what is up.
  boolean isUp() {
    return isRunning() || isRestarting();
  }

  /// What its restart policy is waiting for.
  RestartPause restartPause() {
    return restartPause;
  }

  /// How it fares, if its health is checked.
  @Nullable HealthWatch health() {
    return health;
  }

  void watchedBy(@Nullable HealthWatch newHealth) {
    health = newHealth;
  }

  /// What was last said of it, and of what state of things.
  record Said(ContainerRecord record, ContainerDetails details) {}

  @Nullable Said said() {
    return said;
  }

  void say(Said newlySaid) {
    said = newlySaid;
  }

  /// Notes that somebody asked for the end of this run.
  void askToStop(boolean asked) {
    stopAsked = asked;
  }

  boolean stopAsked() {
    return stopAsked;
  }

  /// The process of this run, or of the last one.
  @Nullable ContainerProcess process() {
    return process;
  }

  Set<String> execs() {
    return execs;
  }

  void become(ContainerRecord newRecord) {
    record = newRecord;
  }

  void runs(@Nullable ContainerProcess newProcess) {
    process = newProcess;
  }

  boolean isGone() {
    return gone;
  }

  /// Begins its removal; only one thread does at a time.
  ///
  /// @return false if another has begun
  boolean beginRemoval() {
    said = null;
    return leaving.compareAndSet(false, true);
  }

  /// Its removal came to nothing.
  void giveUpRemoval() {
    leaving.set(false);
    said = null;
  }

  /// Whether it may not be started any more.
  boolean isLeaving() {
    return leaving.get() || life().phase().equals("dead");
  }

  /// Tells those who wait that this run has ended.
  void ended(ExitStatus status) {
    CompletableFuture<ExitStatus> waiting = nextExit;
    nextExit = new CompletableFuture<>();
    waiting.complete(status);
  }

  /// Tells those who wait that it is no more.
  void removed() {
    gone = true;
    ExitStatus last = lastStatus();
    nextExit.complete(last);
    removal.complete(last);
    cancelAttachments();
    HealthWatch watched = health;
    if (watched != null) {
      watched.leave();
    }
  }

  CompletableFuture<ExitStatus> nextExit() {
    return nextExit;
  }

  CompletableFuture<ExitStatus> removal() {
    return removal;
  }

  /// How it ended last; 0 if it never ran.
  ExitStatus lastStatus() {
    Life life = life();
    Instant finished = life.finishedAt() == null ? Instant.EPOCH : Instant.parse(life.finishedAt());
    return new ExitStatus(life.exitCode(), life.oomKilled(), finished);
  }

  /// An attachment that gets its streams when the container is started.
  LateAttachment attachLater() {
    LateAttachment attachment = new LateAttachment();
    synchronized (early) {
      early.removeIf(LateAttachment::isOver);
      early.add(attachment);
    }
    return attachment;
  }

  /// Gives those who attached before the start their streams.
  void connectAttachments(ContainerProcess started) throws IOException {
    synchronized (early) {
      for (LateAttachment attachment : early) {
        Attachment real = started.attach();
        attachment.connect(real);
      }
      early.clear();
    }
  }

  void cancelAttachments() {
    synchronized (early) {
      early.forEach(LateAttachment::cancel);
      early.clear();
    }
  }

  ContainerState state() {
    ContainerState before = stateBefore();
    if (life().phase().equals("dead")) {
      return new ContainerState.Dead(before, String.valueOf(life().error()));
    }
    return leaving.get() && !isUp() ? new ContainerState.Removing(before) : before;
  }

  private ContainerState stateBefore() {
    Life life = life();
    return switch (life.phase()) {
      case "running" ->
          new ContainerState.Running(
              life.pid(),
              Instant.parse(life.startedAt() == null ? record.created() : life.startedAt()),
              life.paused());
      case "restarting" ->
          new ContainerState.Restarting(
              Instant.parse(life.startedAt() == null ? record.created() : life.startedAt()),
              lastStatus(),
              life.error());
      case "exited", "dead" ->
          new ContainerState.Exited(
              life.startedAt() == null ? null : Instant.parse(life.startedAt()),
              lastStatus(),
              life.error());
      default -> new ContainerState.Created();
    };
  }
}
