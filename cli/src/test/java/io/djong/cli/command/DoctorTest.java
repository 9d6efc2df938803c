package io.djong.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoctorTest {
  @ParameterizedTest
  @CsvSource({
    "6.1.0-13-amd64,6,12,true",
    "6.12.1,6,12,false",
    "7.0,6,12,false",
    "5.5.19,5,6,true",
    "1.1.5+ds1,1,3,true",
    "unknown,1,3,false",
    "'',1,3,false",
  })
  void versionsAreComparedByTheirNumbers(String version, int major, int minor, boolean before) {
    assertThat(DoctorCommand.isBefore(version, major, minor)).isEqualTo(before);
  }
}
