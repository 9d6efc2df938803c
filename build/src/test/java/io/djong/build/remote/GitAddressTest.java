package io.djong.build.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which words name a repository that may be fetched.
final class GitAddressTest {
  @Test
  void refsAndFoldersAreTakenFromBothForms() {
    assertThat(GitAddress.parse("https://h/r.git#v1:a/b"))
        .isEqualTo(new GitAddress("https://h/r.git", "v1", "a/b"));
    assertThat(GitAddress.parse("https://h/r.git?ref=v1&subdir=a%2Fb"))
        .isEqualTo(new GitAddress("https://h/r.git", "v1", "a/b"));
    assertThat(GitAddress.parse("git@h:r.git")).isEqualTo(new GitAddress("git@h:r.git", null, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc",
        "ext::sh -c id",
        "ext::sh",
        "/etc",
        "-u",
        "--upload-pack=id",
        "https://-oProxyCommand=id/x",
        "ssh://-oProxyCommand=id/x",
        "git@-oProxyCommand=id:x",
        "https://h/r.git#--upload-pack=id",
        "https://h/r.git#-x",
        "https://h/r.git#a..b",
        "https://h/r.git#:../..",
        "https://h/r.git#v1:a/../../etc",
        "https://h/r.git#:.git/hooks",
        "https://h/r.git?subdir=../x",
        "https://h/r.git?upload-pack=id",
        "https://h/r.git?ref=%zz",
        "https://h/a b.git",
        "https://h/r.git#a\nb",
        "https:///x",
        "",
      })
  void whatCouldBeAnythingElseIsRefused(String text) {
    assertThatThrownBy(() -> GitAddress.parse(text)).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aPasswordIsInNoRefusal() {
    assertThatThrownBy(() -> GitAddress.parse("https://u:hunter2@h/r.git#-x"))
        .hasMessageNotContaining("hunter2");
  }
}
