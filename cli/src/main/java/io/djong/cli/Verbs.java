package io.djong.cli;

import io.djong.cli.command.AttachCommand;
import io.djong.cli.command.BootstrapCommand;
import io.djong.cli.command.BuildCommand;
import io.djong.cli.command.BuildInspectCommand;
import io.djong.cli.command.BuildLogsCommand;
import io.djong.cli.command.BuildsCommand;
import io.djong.cli.command.CloneCommand;
import io.djong.cli.command.CommitCommand;
import io.djong.cli.command.CpCommand;
import io.djong.cli.command.CreateCommand;
import io.djong.cli.command.DebugCommand;
import io.djong.cli.command.DiffCommand;
import io.djong.cli.command.DiskUsageCommand;
import io.djong.cli.command.DoctorCommand;
import io.djong.cli.command.EventsCommand;
import io.djong.cli.command.ExecCommand;
import io.djong.cli.command.ExploreCommand;
import io.djong.cli.command.ExportCommand;
import io.djong.cli.command.FsckCommand;
import io.djong.cli.command.HistoryCommand;
import io.djong.cli.command.ImageMountCommand;
import io.djong.cli.command.ImageUnmountCommand;
import io.djong.cli.command.ImagesCommand;
import io.djong.cli.command.ImportCommand;
import io.djong.cli.command.InfoCommand;
import io.djong.cli.command.InspectCommand;
import io.djong.cli.command.KillCommand;
import io.djong.cli.command.LoadCommand;
import io.djong.cli.command.LoginCommand;
import io.djong.cli.command.LogoutCommand;
import io.djong.cli.command.LogsCommand;
import io.djong.cli.command.NetworkConnectCommand;
import io.djong.cli.command.NetworkCreateCommand;
import io.djong.cli.command.NetworkDisconnectCommand;
import io.djong.cli.command.NetworkRmCommand;
import io.djong.cli.command.NetworksCommand;
import io.djong.cli.command.PauseCommand;
import io.djong.cli.command.PortCommand;
import io.djong.cli.command.PruneCommand;
import io.djong.cli.command.PsCommand;
import io.djong.cli.command.PullCommand;
import io.djong.cli.command.PushCommand;
import io.djong.cli.command.RenameCommand;
import io.djong.cli.command.RestartCommand;
import io.djong.cli.command.RmCommand;
import io.djong.cli.command.RmiCommand;
import io.djong.cli.command.RunCommand;
import io.djong.cli.command.SaveCommand;
import io.djong.cli.command.SearchCommand;
import io.djong.cli.command.SquashCommand;
import io.djong.cli.command.StartCommand;
import io.djong.cli.command.StatsCommand;
import io.djong.cli.command.StopCommand;
import io.djong.cli.command.TagCommand;
import io.djong.cli.command.TopCommand;
import io.djong.cli.command.UnpauseCommand;
import io.djong.cli.command.UpdateCommand;
import io.djong.cli.command.VersionCommand;
import io.djong.cli.command.VolumeCloneCommand;
import io.djong.cli.command.VolumeCreateCommand;
import io.djong.cli.command.VolumeExportCommand;
import io.djong.cli.command.VolumeImportCommand;
import io.djong.cli.command.VolumeRenameCommand;
import io.djong.cli.command.VolumeRmCommand;
import io.djong.cli.command.VolumesCommand;
import io.djong.cli.command.WaitCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which words name which command. Only the command that is asked for is made.
final class Verbs {
  /// What `djong help` lists first.
  static final List<String> COMMON = words("run build exec ps images version info quickstart");

  /// The nouns that have verbs of their own.
  static final List<String> GROUPS = words("builder container image network system volume");

  /// The other verbs.
  static final List<String> OTHERS =
      words(
          "attach commit cp create daemon debug diff events export history import inspect kill load"
              + " login logout logs pause port pull push rename restart rm rmi save search start"
              + " stats stop tag top unpause update wait");

  private Verbs() {}

  static List<String> inGroup(String group) {
    return switch (group) {
      case "builder" -> words("build inspect logs ls prune");
      case "container" ->
          words(
              "attach clone commit cp create debug diff exec export inspect kill logs ls pause port prune rename"
                  + " restart rm run start stats stop top unpause update wait");
      case "image" ->
          words(
              "bootstrap build explore history import inspect load ls mount prune pull push rm save"
                  + " squash tag unmount");
      case "network" -> words("connect create disconnect inspect ls prune rm");
      case "system" -> words("df doctor events fsck info prune");
      case "volume" -> words("clone create export import inspect ls prune rename rm");
      default -> List.of();
    };
  }

  /// The command of a verb, null if there is none.
  static @Nullable Command find(String verb) {
    return switch (verb) {
      case "ps" -> new PsCommand();
      case "build" -> new BuildCommand();
      case "images" -> new ImagesCommand();
      case "rmi" -> new RmiCommand();
      case "version" -> new VersionCommand();
      case "info" -> new InfoCommand();
      case "events" -> new EventsCommand();
      case "inspect" -> new InspectCommand(null);
      case "login" -> new LoginCommand();
      case "logout" -> new LogoutCommand();
      case "search" -> new SearchCommand();
      case "history", "import", "load", "pull", "push", "save", "tag" -> find("image", verb);
      default -> isContainerVerb(verb) ? find("container", verb) : null;
    };
  }

  private static boolean isContainerVerb(String verb) {
    return !verb.equals("ls")
        && !verb.equals("clone")
        && !verb.equals("prune")
        && !verb.equals("list");
  }

  /// The command of a verb of a group, null if there is none.
  static @Nullable Command find(String group, String verb) {
    return switch (group) {
      case "builder" ->
          switch (verb) {
            case "build" -> new BuildCommand();
            case "inspect" -> new BuildInspectCommand();
            case "logs" -> new BuildLogsCommand();
            case "ls", "list" -> new BuildsCommand();
            case "prune" -> new PruneCommand(List.of(PruneCommand.What.BUILDS));
            default -> null;
          };
      case "container" -> ofContainer(verb);
      case "image" -> ofImage(verb);
      case "network" ->
          switch (verb) {
            case "connect" -> new NetworkConnectCommand();
            case "create" -> new NetworkCreateCommand();
            case "disconnect" -> new NetworkDisconnectCommand();
            case "rm", "remove" -> new NetworkRmCommand();
            case "ls", "list" -> new NetworksCommand();
            case "inspect" -> new InspectCommand(InspectCommand.Kind.NETWORK);
            case "prune" -> new PruneCommand(List.of(PruneCommand.What.NETWORKS));
            default -> null;
          };
      case "volume" ->
          switch (verb) {
            case "clone" -> new VolumeCloneCommand();
            case "create" -> new VolumeCreateCommand();
            case "export" -> new VolumeExportCommand();
            case "import" -> new VolumeImportCommand();
            case "rename" -> new VolumeRenameCommand();
            case "ls", "list" -> new VolumesCommand();
            case "inspect" -> new InspectCommand(InspectCommand.Kind.VOLUME);
            case "prune" -> new PruneCommand(List.of(PruneCommand.What.VOLUMES));
            case "rm", "remove" -> new VolumeRmCommand();
            default -> null;
          };
      case "system" ->
          switch (verb) {
            case "df" -> new DiskUsageCommand();
            case "doctor" -> new DoctorCommand();
            case "events" -> new EventsCommand();
            case "fsck" -> new FsckCommand();
            case "info" -> new InfoCommand();
            case "prune" ->
                new PruneCommand(
                    List.of(
                        PruneCommand.What.CONTAINERS,
                        PruneCommand.What.NETWORKS,
                        PruneCommand.What.IMAGES));
            default -> null;
          };
      default -> null;
    };
  }

  private static @Nullable Command ofContainer(String verb) {
    return switch (verb) {
      case "attach" -> new AttachCommand();
      case "clone" -> new CloneCommand();
      case "commit" -> new CommitCommand();
      case "cp" -> new CpCommand();
      case "create" -> new CreateCommand();
      case "debug" -> new DebugCommand();
      case "diff" -> new DiffCommand();
      case "exec" -> new ExecCommand();
      case "export" -> new ExportCommand();
      case "inspect" -> new InspectCommand(InspectCommand.Kind.CONTAINER);
      case "kill" -> new KillCommand();
      case "logs" -> new LogsCommand();
      case "ls", "list", "ps" -> new PsCommand();
      case "pause" -> new PauseCommand();
      case "port" -> new PortCommand();
      case "prune" -> new PruneCommand(List.of(PruneCommand.What.CONTAINERS));
      case "rename" -> new RenameCommand();
      case "restart" -> new RestartCommand();
      case "rm", "remove" -> new RmCommand();
      case "run" -> new RunCommand();
      case "start" -> new StartCommand();
      case "stats" -> new StatsCommand();
      case "stop" -> new StopCommand();
      case "top" -> new TopCommand();
      case "unpause" -> new UnpauseCommand();
      case "update" -> new UpdateCommand();
      case "wait" -> new WaitCommand();
      default -> null;
    };
  }

  private static @Nullable Command ofImage(String verb) {
    return switch (verb) {
      case "bootstrap" -> new BootstrapCommand();
      case "build" -> new BuildCommand();
      case "explore" -> new ExploreCommand();
      case "history" -> new HistoryCommand();
      case "import" -> new ImportCommand();
      case "inspect" -> new InspectCommand(InspectCommand.Kind.IMAGE);
      case "load" -> new LoadCommand();
      case "ls", "list" -> new ImagesCommand();
      case "mount" -> new ImageMountCommand();
      case "prune" -> new PruneCommand(List.of(PruneCommand.What.IMAGES));
      case "pull" -> new PullCommand();
      case "push" -> new PushCommand();
      case "rm", "remove" -> new RmiCommand();
      case "save" -> new SaveCommand();
      case "squash" -> new SquashCommand();
      case "tag" -> new TagCommand();
      case "umount", "unmount" -> new ImageUnmountCommand();
      default -> null;
    };
  }

  /// Whether `build` means the group of that name here: a folder to build may be called like a verb
  /// of it.
  static boolean isAboutBuilds(String verb, List<String> rest) {
    return verb.equals("build")
        && !rest.isEmpty()
        && List.of("ls", "inspect", "logs").contains(rest.get(0))
        && !java.nio.file.Files.exists(java.nio.file.Path.of(rest.get(0)));
  }

  /// All words that may stand first.
  static List<String> all() {
    List<String> all = new ArrayList<>(COMMON);
    all.addAll(GROUPS);
    all.addAll(OTHERS);
    return all;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int blank; (blank = text.indexOf(' ', start)) >= 0; start = blank + 1) {
      words.add(text.substring(start, blank));
    }
    words.add(text.substring(start));
    return words;
  }
}
