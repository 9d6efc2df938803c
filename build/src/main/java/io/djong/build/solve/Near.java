package io.djong.build.solve;

/// Whether a name is one slip away from another. Pure.
final class Near {
  private Near() {}

  static boolean is(String a, String b) {
    int difference = a.length() - b.length();
    if (Math.abs(difference) > 1 || Math.min(a.length(), b.length()) < 3) {
      return false;
    }
    int start = 0;
    while (start < Math.min(a.length(), b.length()) && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    int endA = a.length();
    int endB = b.length();
    while (endA > start && endB > start && a.charAt(endA - 1) == b.charAt(endB - 1)) {
      endA--;
      endB--;
    }
    boolean swapped =
        endA - start == 2
            && endB - start == 2
            && a.charAt(start) == b.charAt(start + 1)
            && a.charAt(start + 1) == b.charAt(start);
    return swapped || Math.max(endA - start, endB - start) <= 1;
  }
}
