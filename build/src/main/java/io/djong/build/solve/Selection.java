package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.context.Links;
import io.djong.build.graph.Definition;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Operation.Source;
import io.djong.content.tar.TarEntry;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.ignore.IgnoreRules;
import io.djong.model.ignore.PathPattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files that a COPY takes, found without looking at where they go. Immutable once made.
final class Selection {
  /// One file or folder that a pattern found.
  ///
  /// @param tree where it lies
  /// @param path where it lies there, links followed
  /// @param name what it was called
  /// @param above the folders that `--parents` keeps
  /// @param below what is in it, by paths relative to it
  /// @param owned whether it keeps its owner
  record Pick(
      FileTree tree,
      RawPath path,
      RawPath name,
      RawPath above,
      TarEntry entry,
      List<Item> below,
      boolean unpack,
      boolean owned) {}

  /// @param path where it lies in the tree
  record Item(RawPath relative, RawPath path, TarEntry entry) {}

  private final Operation.Copy copy;
  private final IgnoreRules exclude;
  private final List<Pick> picks = new ArrayList<>();

  private Selection(Operation.Copy copy) {
    this.copy = copy;
    this.exclude = IgnoreRules.of(copy.exclude());
  }

  /// @param trees by the number of the input; null where there is none to read
  /// @param owned which of them keep the owners of their files
  /// @throws Fault.Invalid in Docker's words if a pattern finds nothing
  static Selection of(Operation.Copy copy, List<@Nullable FileTree> trees, List<Boolean> owned)
      throws IOException {
    Selection selection = new Selection(copy);
    for (Source source : copy.sources()) {
      FileTree tree = trees.get(source.input());
      if (tree == null) {
        throw new IllegalStateException("input " + source.input() + " is no tree");
      }
      for (String pattern : source.patterns()) {
        selection.find(source, tree, pattern, owned.get(source.input()));
      }
    }
    return selection;
  }

  List<Pick> picks() {
    return picks;
  }

  private void find(Source source, FileTree tree, String pattern, boolean owned)
      throws IOException {
    int before = picks.size();
    boolean wild = pattern.matches(".*[*?\\[\\\\].*");
    String pivot = copy.parents() && pattern.contains("/./") ? before(pattern) : "";
    RawPath start = RawPath.of(pattern);
    if (wild) {
      walk(source, tree, RawPath.ROOT, start.components(), 0, owned, RawPath.of(pivot));
    } else {
      add(source, tree, clamped(start), owned, RawPath.of(pivot));
    }
    if (picks.size() == before && copy.optional()) {
      return;
    }
    if (picks.size() == before && !wild) {
      throw new Fault.Invalid(
          "file not found in build context or excluded by .dockerignore: stat "
              + pattern
              + ": file does not exist"
              + nearest(tree, clamped(start)));
    }
    if (picks.size() == before) {
      throw new Fault.Invalid("no source files were specified: nothing matches " + pattern);
    }
  }

  private static String before(String pattern) {
    return pattern.substring(0, pattern.indexOf("/./"));
  }

  /// `..` stops at the root.
  private static RawPath clamped(RawPath path) {
    RawPath clean = RawPath.ROOT;
    for (RawPath component : path.components()) {
      clean = component.climbs() ? clean.parent() : clean.resolve(component);
    }
    return clean;
  }

  private static String nearest(FileTree tree, RawPath path) throws IOException {
    RawPath folder = path.parent();
    TarEntry above = tree.find(Links.real(tree::find, folder, true));
    if (above == null || above.kind() != TarEntry.Kind.FOLDER) {
      return "";
    }
    String wanted = path.name().toString();
    for (RawPath name : tree.list(folder)) {
      if (name.toString().equalsIgnoreCase(wanted) || Near.is(name.toString(), wanted)) {
        return " (did you mean " + folder.resolve(name) + "?)";
      }
    }
    return "";
  }

  private void walk(
      Source source,
      FileTree tree,
      RawPath folder,
      List<RawPath> components,
      int at,
      boolean owned,
      RawPath pivot)
      throws IOException {
    RawPath component = components.get(at);
    boolean last = at == components.size() - 1;
    String text = component.toString();
    PathPattern pattern = PathPattern.of(text);
    if (pattern.isLiteral()) {
      RawPath next = clamped(folder.resolve(text.replaceAll("\\\\(.)", "$1")));
      step(source, tree, next, components, at, owned, pivot, last);
      return;
    }
    TarEntry here = tree.find(Links.real(tree::find, folder, true));
    if (here == null || here.kind() != TarEntry.Kind.FOLDER) {
      return;
    }
    boolean deep = text.equals("**") && copy.parents();
    for (RawPath name : tree.list(folder)) {
      if (deep && !last) {
        RawPath inner = folder.resolve(name);
        walkIfFolder(source, tree, inner, components, at, owned, pivot);
      } else if (pattern.matches(name.toString())) {
        step(source, tree, folder.resolve(name), components, at, owned, pivot, last);
      }
    }
    if (deep && !last) {
      walk(source, tree, folder, components, at + 1, owned, pivot);
    }
  }

  private void walkIfFolder(
      Source source,
      FileTree tree,
      RawPath path,
      List<RawPath> components,
      int at,
      boolean owned,
      RawPath pivot)
      throws IOException {
    TarEntry entry = tree.find(path);
    if (entry != null && entry.kind() == TarEntry.Kind.FOLDER) {
      walk(source, tree, path, components, at, owned, pivot);
    }
  }

  private void step(
      Source source,
      FileTree tree,
      RawPath path,
      List<RawPath> components,
      int at,
      boolean owned,
      RawPath pivot,
      boolean last)
      throws IOException {
    if (last) {
      add(source, tree, path, owned, pivot);
    } else {
      walk(source, tree, path, components, at + 1, owned, pivot);
    }
  }

  private void add(Source source, FileTree tree, RawPath path, boolean owned, RawPath pivot)
      throws IOException {
    RawPath real = Links.real(tree::find, path, true);
    TarEntry entry = tree.find(real);
    if (entry == null || excluded(path)) {
      return;
    }
    RawPath name = source.name() == null ? path.name() : RawPath.of(source.name());
    RawPath above = RawPath.ROOT;
    if (copy.parents()) {
      boolean folder = entry.kind() == TarEntry.Kind.FOLDER;
      RawPath kept = relative(path, pivot);
      above = folder ? kept : kept.parent();
    }
    List<Item> below = new ArrayList<>();
    if (entry.kind() == TarEntry.Kind.FOLDER) {
      below(tree, real, RawPath.ROOT, path, below);
    }
    picks.add(new Pick(tree, real, name, above, entry, below, source.unpack(), owned));
  }

  private boolean excluded(RawPath path) {
    return !exclude.isEmpty() && exclude.ignores(path.toString());
  }

  private static RawPath relative(RawPath path, RawPath pivot) {
    if (pivot.isRoot() || !path.startsWith(pivot)) {
      return path;
    }
    RawPath rest = RawPath.ROOT;
    List<RawPath> components = path.components();
    for (RawPath component : components.subList(pivot.depth(), components.size())) {
      rest = rest.resolve(component);
    }
    return rest;
  }

  private void below(
      FileTree tree, RawPath folder, RawPath relative, RawPath written, List<Item> items)
      throws IOException {
    for (RawPath name : tree.list(folder)) {
      RawPath path = folder.resolve(name);
      RawPath inner = relative.resolve(name);
      TarEntry entry = tree.find(path);
      if (entry == null) {
        continue;
      }
      boolean excluded = excluded(inner) || excluded(written.resolve(inner));
      int before = items.size();
      if (!excluded || entry.kind() == TarEntry.Kind.FOLDER) {
        items.add(new Item(inner, path, entry));
      }
      if (entry.kind() == TarEntry.Kind.FOLDER) {
        below(tree, path, inner, written, items);
        if (excluded && items.size() == before + 1) {
          items.removeLast();
        }
      }
    }
  }

  /// What the content of all of it is: names, kinds, permissions and bytes, but no times.
  Digest content() throws IOException {
    Definition definition = new Definition("selection/1");
    for (Pick pick : picks) {
      definition.add(pick.name.bytes()).add(pick.above.bytes());
      add(definition, pick, pick.path, pick.entry);
      definition.add((long) pick.below.size());
      for (Item item : pick.below) {
        definition.add(item.relative.bytes());
        add(definition, pick, item.path, item.entry);
      }
    }
    return definition.digest();
  }

  private static void add(Definition definition, Pick pick, RawPath path, TarEntry entry)
      throws IOException {
    definition.add(entry.kind().name()).add((long) entry.permissions());
    if (pick.owned) {
      definition.add((long) entry.uid()).add((long) entry.gid());
    }
    entry.xattrs().forEach((name, value) -> definition.add(name).add(value));
    switch (entry.kind()) {
      case FILE -> definition.add(pick.tree.digest(path));
      case SYMLINK -> definition.add(entry.linkName());
      case CHARACTER_DEVICE, BLOCK_DEVICE ->
          definition.add((long) entry.deviceMajor()).add((long) entry.deviceMinor());
      case FOLDER, FIFO, HARD_LINK -> {}
    }
  }
}
