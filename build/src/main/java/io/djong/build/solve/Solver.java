package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.context.InlineTree;
import io.djong.build.context.Links;
import io.djong.build.graph.Definition;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Operation.RunMount;
import io.djong.build.graph.Step;
import io.djong.build.solve.RunExecution.CommandFailed;
import io.djong.build.solve.Solved.Trace;
import io.djong.content.tar.TarEntry;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.record.BuildCacheRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Solves the graph of one build: a virtual thread a step, each waiting for those below it. A
/// result is looked up twice: by what is written, which needs nothing to be done, and then by the
/// content of what the step reads, so that a file that was changed and changed back is found again.
/// For one build; [#cancel] may be called by any thread.
public final class Solver {
  private static final String VERSION = "djong-build/1";

  private final Workshop shop;
  private final BuildScope scope;
  private final StepObserver observer;
  private final Map<Digest, CompletableFuture<Solved>> futures = new HashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /// Guards the map of futures and whether it is over.
  private final Object lock = new Object();

  private boolean over;
  private @Nullable CompletableFuture<Solved> target;

  public Solver(Workshop shop, BuildScope scope, StepObserver observer) {
    this.shop = shop;
    this.scope = scope;
    this.observer = observer;
  }

  /// The result of a step and of all below it.
  ///
  /// @throws StepFailure if a step failed; those beside it are ended
  public Solved solve(Step step) throws StepFailure, InterruptedException {
    CompletableFuture<Solved> wanted = result(step);
    synchronized (lock) {
      target = wanted;
    }
    try {
      return wanted.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StepFailure failure) {
        throw failure;
      }
      throw new IllegalStateException("solving " + step, e.getCause());
    } finally {
      cancel();
    }
  }

  /// The result of a step that was solved; null if nobody needed it.
  public @Nullable Solved known(Step step) {
    CompletableFuture<Solved> future;
    synchronized (lock) {
      future = futures.get(step.digest());
    }
    return future == null || !future.isDone() || future.isCompletedExceptionally()
        ? null
        : future.join();
  }

  /// Ends all that is under way and waits for it.
  public void cancel() {
    synchronized (lock) {
      over = true;
    }
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletableFuture<Solved> result(Step step) {
    synchronized (lock) {
      CompletableFuture<Solved> future = futures.get(step.digest());
      if (future == null) {
        future = new CompletableFuture<>();
        futures.put(step.digest(), future);
        if (over) {
          future.completeExceptionally(
              new StepFailure(step, new Fault.Unavailable("the build was ended"), 0));
          return future;
        }
        CompletableFuture<Solved> mine = future;
        Thread thread = Thread.ofVirtual().name(step.toString()).unstarted(() -> solve(step, mine));
        threads.add(thread);
        thread.start();
      }
      return future;
    }
  }

  private void solve(Step step, CompletableFuture<Solved> future) {
    try {
      future.complete(solveNow(step));
    } catch (StepFailure e) {
      fail(future, e);
    } catch (Fault | IOException e) {
      observer.failed(step, 0);
      fail(future, new StepFailure(step, e, 0));
    } catch (InterruptedException e) {
      future.completeExceptionally(
          new StepFailure(step, new Fault.Unavailable("the build was ended"), 0));
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  /// Whoever waits for the whole learns of the first failure at once.
  private void fail(CompletableFuture<Solved> future, StepFailure failure) {
    future.completeExceptionally(failure);
    synchronized (lock) {
      if (target != null) {
        target.completeExceptionally(failure);
      }
    }
  }

  private Solved solveNow(Step step) throws IOException, InterruptedException, StepFailure {
    return switch (step.operation()) {
      case Operation.Image image -> {
        Solved solved = new Solved(image.diffIds(), List.of(), true, "an image that is here");
        observer.done(step, solved, null);
        yield solved;
      }
      case Operation.Context _, Operation.Inline _, Operation.Download _, Operation.Git _ ->
          throw new IllegalStateException("files are no tree of layers: " + step);
      case Operation.MakeFolder folder -> byWords(step, () -> makeFolder(step, folder));
      case Operation.Copy copy -> byWords(step, () -> copy(step, copy));
      case Operation.Run run -> byWords(step, () -> run(step, run));
    };
  }

  private interface Solving {
    Solved solve() throws IOException, InterruptedException, StepFailure;
  }

  /// Looks for a result by what is written, before anything below is looked at.
  private Solved byWords(Step step, Solving solving)
      throws IOException, InterruptedException, StepFailure {
    Digest words = words(step);
    if (words != null && !scope.request().noCache()) {
      BuildCacheRecord found = found(words);
      if (found != null) {
        return done(
            step,
            found,
            found.trail().stream().map(Trace::of).toList(),
            "the same was written before");
      }
    }
    return solving.solve();
  }

  private @Nullable Digest words(Step step) {
    return step.pinned() ? key("words").add(step.digest()).digest() : null;
  }

  private Definition key(String kind) {
    Instant epoch = scope.epoch();
    return new Definition(VERSION + "/" + kind).add(epoch == null ? null : epoch.toString());
  }

  private @Nullable BuildCacheRecord found(Digest key) throws IOException {
    BuildCacheRecord found = scope.cache().find(key);
    return found != null && shop.layers().has(found.diffIds()) ? found : null;
  }

  private Solved done(Step step, BuildCacheRecord record, List<Trace> trail, String why) {
    Solved solved = new Solved(record.diffIds(), trail, true, why);
    observer.done(step, solved, null);
    return solved;
  }

  /// The results of the inputs, solved side by side; an empty one for files.
  private List<Solved> inputs(Step step) throws InterruptedException, StepFailure {
    List<CompletableFuture<Solved>> all = new ArrayList<>();
    for (Step input : step.inputs()) {
      all.add(
          isTree(input)
              ? result(input)
              : CompletableFuture.completedFuture(new Solved(List.of(), List.of(), true, "files")));
    }
    List<Solved> solved = new ArrayList<>();
    for (CompletableFuture<Solved> each : all) {
      try {
        solved.add(each.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof StepFailure failure) {
          throw failure;
        }
        throw new IllegalStateException("solving " + step, e.getCause());
      }
    }
    return solved;
  }

  static boolean isTree(Step step) {
    return switch (step.operation()) {
      case Operation.Image _, Operation.MakeFolder _, Operation.Copy _, Operation.Run _ -> true;
      case Operation.Context _, Operation.Inline _, Operation.Download _, Operation.Git _ -> false;
    };
  }

  private interface Making {
    /// @return the stack
    List<Digest> make(LayerStore.Keeping keeping)
        throws IOException, InterruptedException, CommandFailed;
  }

  /// What is being made, and by what it will be found.
  private record Order(
      Step step,
      Solved below,
      Digest content,
      @Nullable Digest quick,
      @Nullable String container,
      Making making) {
    Order(Step step, Solved below, Digest content, @Nullable String container, Making making) {
      this(step, below, content, null, container, making);
    }
  }

  /// Looks for a result by content, and makes it if there is none; equal ones once.
  private Solved byContent(Order order) throws IOException, InterruptedException, StepFailure {
    boolean looked = false;
    while (true) {
      if (!scope.request().noCache() || looked) {
        BuildCacheRecord found = found(order.content);
        if (found != null) {
          return taken(order, found);
        }
      }
      CommandFailed[] failed = new CommandFailed[1];
      Solved made =
          shop.flights()
              .once(
                  order.content,
                  () -> {
                    try {
                      return make(order);
                    } catch (CommandFailed e) {
                      failed[0] = e;
                      return new Solved(List.of(), List.of(), false, "failed");
                    }
                  });
      if (failed[0] != null) {
        int code = failed[0].code();
        observer.failed(order.step, code);
        throw new StepFailure(order.step, new Fault.Failed(failure(order.step, code)), code);
      }
      if (made != null) {
        observer.done(order.step, made, order.container);
        return made;
      }
      looked = true;
    }
  }

  private Solved taken(Order order, BuildCacheRecord found) throws IOException {
    List<Trace> trail = new ArrayList<>(order.below.trail());
    trail.add(new Trace(found.diffIds().size() > order.below.diffIds().size(), found.created()));
    List<Digest> missing = new ArrayList<>();
    for (Digest key : otherKeys(order)) {
      if (scope.cache().find(key) == null) {
        missing.add(key);
      }
    }
    if (!missing.isEmpty()) {
      // Next time less needs to be looked at.
      scope
          .cache()
          .remember(
              missing,
              new Solved(found.diffIds(), trail, true, ""),
              0,
              describe(order.step),
              Instant.parse(found.created()));
    }
    return done(order.step, found, trail, "what it reads is the same as before");
  }

  /// By what it is found besides its content.
  private List<Digest> otherKeys(Order order) {
    List<Digest> keys = new ArrayList<>();
    Digest words = words(order.step);
    if (words != null) {
      keys.add(words);
    }
    if (order.quick != null) {
      keys.add(order.quick);
    }
    return keys;
  }

  private static String failure(Step step, int code) {
    List<String> args =
        step.operation() instanceof Operation.Run run ? run.args() : List.of(step.toString());
    return "The command '" + String.join(" ", args) + "' returned a non-zero code: " + code;
  }

  private Solved make(Order order) throws IOException, InterruptedException, CommandFailed {
    shop.hands().acquire();
    try {
      observer.started(order.step, order.container);
      Solved[] made = new Solved[1];
      order.making.make(
          diffIds -> {
            Instant epoch = scope.epoch();
            Instant now = epoch == null ? shop.clock().instant() : epoch;
            boolean layer = diffIds.size() > order.below.diffIds().size();
            List<Trace> trail = new ArrayList<>(order.below.trail());
            trail.add(new Trace(layer, now.toString()));
            Solved solved = new Solved(diffIds, trail, false, "nothing like it was built before");
            List<Digest> keys = otherKeys(order);
            keys.add(order.content);
            scope
                .cache()
                .remember(
                    keys,
                    solved,
                    layer ? shop.layers().size(diffIds) : 0,
                    describe(order.step),
                    now);
            made[0] = solved;
          });
      return made[0];
    } finally {
      shop.hands().release();
    }
  }

  private static String describe(Step step) {
    return switch (step.operation()) {
      case Operation.Run run -> "RUN " + String.join(" ", run.args());
      case Operation.Copy copy ->
          "COPY "
              + copy.sources().stream()
                  .flatMap(source -> source.patterns().stream())
                  .collect(java.util.stream.Collectors.joining(" "))
              + " "
              + copy.destination();
      case Operation.MakeFolder folder -> "WORKDIR " + folder.path();
      case Operation.Image _,
          Operation.Context _,
          Operation.Inline _,
          Operation.Download _,
          Operation.Git _ ->
          step.toString();
    };
  }

  private static void add(Definition definition, List<Digest> stack) {
    definition.add(stack.stream().map(Digest::toString).toList());
  }

  private Definition content(Step step) {
    Definition definition = key("content");
    step.operation().define(definition);
    return definition;
  }

  private Solved makeFolder(Step step, Operation.MakeFolder folder)
      throws IOException, InterruptedException, StepFailure {
    Solved base = inputs(step).getFirst();
    List<Digest> below = base.diffIds();
    Definition key = content(step);
    add(key, below);
    return byContent(
        new Order(
            step,
            base,
            key.digest(),
            null,
            keeping -> {
              try (FileTree tree = shop.trees().open(below)) {
                RawPath path = Links.real(tree::find, RawPath.of(folder.path()), true);
                TarEntry there = tree.find(path);
                if (there != null && there.kind() == TarEntry.Kind.FOLDER) {
                  keeping.keep(below);
                  return below;
                }
                CopyLayer layer = new CopyLayer(tree, null, null, scope.epoch());
                layer.makeFolder(path, null, false);
                return shop.layers().add(below, layer::writeTo, keeping);
              }
            }));
  }

  private Solved copy(Step step, Operation.Copy copy)
      throws IOException, InterruptedException, StepFailure {
    List<Solved> inputs = inputs(step);
    Solved base = inputs.getFirst();
    List<Digest> below = base.diffIds();
    Digest quick = quick(step, inputs);
    if (quick != null && !scope.request().noCache()) {
      BuildCacheRecord found = found(quick);
      if (found != null) {
        return taken(new Order(step, base, quick, null, NOTHING), found);
      }
    }
    try (Trees trees = new Trees(step, inputs)) {
      Selection selection = Selection.of(copy, trees.all(), trees.owned());
      Definition key = content(step);
      if (!copy.link() || selection.picks().isEmpty()) {
        add(key, below);
      }
      key.add(selection.content());
      if (copy.link() && !selection.picks().isEmpty()) {
        return linked(step, copy, selection, base, key.digest());
      }
      return byContent(
          new Order(
              step,
              base,
              key.digest(),
              quick,
              null,
              keeping -> {
                if (selection.picks().isEmpty()) {
                  keeping.keep(below);
                  return below;
                }
                try (FileTree tree = shop.trees().open(below)) {
                  return write(copy, selection, tree, below, keeping);
                }
              }));
    }
  }

  private static final Making NOTHING = _ -> List.of();

  /// A key of trees alone: equal trees hold equal files, so none needs to be read. Null if files
  /// are read that are in no tree.
  private @Nullable Digest quick(Step step, List<Solved> inputs) {
    Definition key = key("trees");
    step.operation().define(key);
    for (int i = 0; i < inputs.size(); i++) {
      if (!isTree(step.inputs().get(i))) {
        return null;
      }
      add(key, inputs.get(i).diffIds());
    }
    return key.digest();
  }

  /// A layer that does not depend on what is below it is made once for all stacks.
  private Solved linked(
      Step step, Operation.Copy copy, Selection selection, Solved base, Digest content)
      throws IOException, InterruptedException, StepFailure {
    List<Digest> below = base.diffIds();
    Definition alone = new Definition(content.toString()).add("alone");
    Definition stacked = new Definition(content.toString());
    add(stacked, below);
    return byContent(
        new Order(
            step,
            base,
            stacked.digest(),
            null,
            keeping -> {
              try (FileTree nothing = new InlineTree(Map.of(), 0)) {
                BuildCacheRecord layer = found(alone.digest());
                if (layer != null) {
                  return shop.layers().restack(below, layer.diffIds().getLast(), keeping);
                }
                List<Digest> single =
                    write(
                        copy,
                        selection,
                        nothing,
                        List.of(),
                        stack -> remember(alone.digest(), stack, describe(step)));
                if (below.isEmpty()) {
                  keeping.keep(single);
                  return single;
                }
                return shop.layers().restack(below, single.getFirst(), keeping);
              }
            }));
  }

  private void remember(Digest key, List<Digest> stack, String description) throws IOException {
    scope
        .cache()
        .remember(
            List.of(key),
            new Solved(stack, List.of(), false, ""),
            shop.layers().size(stack),
            description,
            shop.clock().instant());
  }

  private List<Digest> write(
      Operation.Copy copy,
      Selection selection,
      FileTree tree,
      List<Digest> below,
      LayerStore.Keeping keeping)
      throws IOException {
    CopyLayer layer = new CopyLayer(tree, copy.owner(), copy.mode(), scope.epoch());
    try {
      layer.copy(copy, selection);
      return shop.layers().add(below, layer::writeTo, keeping);
    } finally {
      layer.close();
    }
  }

  private Solved run(Step step, Operation.Run run)
      throws IOException, InterruptedException, StepFailure {
    List<Solved> solved = inputs(step);
    List<List<Digest>> inputs = new ArrayList<>(solved.stream().map(Solved::diffIds).toList());
    for (RunMount mount : run.mounts()) {
      if (mount.input() > 0 && !isTree(step.inputs().get(mount.input()))) {
        inputs.set(mount.input(), layered(step.inputs().get(mount.input()), mount));
      }
    }
    Definition key = content(step);
    inputs.forEach(stack -> add(key, stack));
    ContainerId id = ContainerId.random();
    return byContent(
        new Order(
            step,
            solved.getFirst(),
            key.digest(),
            id.abbreviated(),
            keeping -> {
              try (RunExecution execution =
                  new RunExecution(shop, scope.request(), run, scope.epoch(), scope.proxies())) {
                execution.open(inputs);
                return execution.execute(
                    inputs.getFirst(),
                    id,
                    (stderr, bytes) -> observer.output(step, stderr, bytes),
                    keeping);
              }
            }));
  }

  /// The files that a mount shows, as a layer: only those below its source.
  private List<Digest> layered(Step files, RunMount mount)
      throws IOException, InterruptedException {
    String source = mount.spec().value("source", "/");
    Operation.Copy copy =
        new Operation.Copy(
            List.of(new Operation.Source(0, List.of(source), false, null)),
            "/" + RawPath.of(source),
            null,
            null,
            false,
            false,
            List.of(),
            false);
    FileTree tree = files(files);
    Selection selection = Selection.of(copy, List.of(tree), List.of(false));
    Definition key = key("mount").add(source).add(selection.content());
    BuildCacheRecord found = found(key.digest());
    if (found != null) {
      return found.diffIds();
    }
    try (FileTree nothing = new InlineTree(Map.of(), 0)) {
      return write(
          copy,
          selection,
          nothing,
          List.of(),
          stack -> remember(key.digest(), stack, "files of the context at " + source));
    }
  }

  /// Files that are no layers. Those of a context are closed with the build.
  private FileTree files(Step step) throws IOException, InterruptedException {
    return switch (step.operation()) {
      case Operation.Context context -> {
        FileTree tree = scope.contexts().get(context.name());
        if (tree == null) {
          throw new Fault.Invalid("there is no build context to copy from");
        }
        yield tree;
      }
      case Operation.Inline inline -> new InlineTree(inline.files(), inline.mode());
      case Operation.Download download -> shop.remotes().download(download);
      case Operation.Git git -> shop.remotes().git(git);
      case Operation.Image _, Operation.MakeFolder _, Operation.Copy _, Operation.Run _ ->
          throw new IllegalStateException("a tree of layers is no file: " + step);
    };
  }

  /// The trees that a COPY reads, open until it is closed.
  private final class Trees implements AutoCloseable {
    private final List<@Nullable FileTree> all = new ArrayList<>();
    private final List<Boolean> owned = new ArrayList<>();
    private final List<FileTree> opened = new ArrayList<>();

    Trees(Step step, List<Solved> inputs) throws IOException, InterruptedException {
      boolean done = false;
      try {
        for (int i = 0; i < inputs.size(); i++) {
          open(step.inputs().get(i), inputs.get(i).diffIds(), i == 0);
        }
        done = true;
      } finally {
        if (!done) {
          close();
        }
      }
    }

    private void open(Step input, List<Digest> stack, boolean base)
        throws IOException, InterruptedException {
      boolean layers = isTree(input);
      owned.add(layers);
      if (base) {
        all.add(null);
      } else if (layers) {
        FileTree tree = shop.trees().open(stack);
        opened.add(tree);
        all.add(tree);
      } else {
        FileTree tree = files(input);
        if (!(input.operation() instanceof Operation.Context)) {
          opened.add(tree);
        }
        all.add(tree);
      }
    }

    List<@Nullable FileTree> all() {
      return all;
    }

    List<Boolean> owned() {
      return owned;
    }

    @Override
    public void close() throws IOException {
      for (FileTree tree : opened) {
        tree.close();
      }
    }
  }
}
