package io.djong.build.plan;

/// Tells what a word that may be a URL stands for. Pure.
public final class RemoteNames {
  private RemoteNames() {}

  static boolean isHttp(String word) {
    return word.startsWith("http://") || word.startsWith("https://");
  }

  /// A repository: `git@…`, `git://…`, or a URL whose path ends in `.git`.
  public static boolean isGit(String word) {
    if (word.startsWith("git@") || word.startsWith("git://") || word.startsWith("ssh://")) {
      return true;
    }
    int end = word.indexOf('#');
    String path = end < 0 ? word : word.substring(0, end);
    int query = path.indexOf('?');
    return isHttp(word) && (query < 0 ? path : path.substring(0, query)).endsWith(".git");
  }

  /// What a file that is fetched from there is called.
  static String file(String url) {
    int end = url.length();
    for (char stop : new char[] {'#', '?'}) {
      int at = url.indexOf(stop);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    String path = url.substring(0, end);
    int scheme = path.indexOf("://");
    int slash = path.lastIndexOf('/');
    String name = slash > scheme + 2 ? path.substring(slash + 1) : "";
    return name.isEmpty() || name.equals("..") ? "download" : name;
  }
}
