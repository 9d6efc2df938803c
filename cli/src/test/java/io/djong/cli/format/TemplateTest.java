package io.djong.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Object DATA =
      Json.full()
          .readTree(
              """
              {"Name":"/one","Count":3,"On":true,"Off":false,"Nothing":null,"Empty":[],
               "List":["a","b"],"State":{"Status":"running","Pid":42,"ExitCode":0},
               "Networks":{"z":{"IP":"10.0.0.2"},"b":{"IP":"10.0.0.1"}},"ApiVersion":"1.51",
               "Ratio":1.5,"Labels":{"a.b":"c"}}"""
                  .getBytes(StandardCharsets.UTF_8));

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "plain text ~ plain text",
        "{{.Name}} ~ /one",
        "{{ .State.Status }}:{{.State.Pid}} ~ running:42",
        "{{json .State}} ~ {\"Status\":\"running\",\"Pid\":42,\"ExitCode\":0}",
        "{{json .List}} {{json .Name}} {{json .Nothing}} ~ [\"a\",\"b\"] \"/one\" null",
        "{{.List}} {{.Ratio}} {{.Labels}} ~ [a b] 1.5 map[a.b:c]",
        "{{upper .State.Status}} {{.Name | title}} ~ RUNNING /one",
        "{{range .List}}<{{.}}>{{end}} ~ <a><b>",
        "{{range .Empty}}x{{else}}none{{end}} ~ none",
        "{{range $k, $v := .Networks}}{{$k}}={{$v.IP}};{{end}} ~ b=10.0.0.1;z=10.0.0.2;",
        "{{range $i, $e := .List}}{{$i}}{{$e}}{{end}} ~ 0a1b",
        "{{range .List}}{{.}}{{$.Count}}{{end}} ~ a3b3",
        "{{if .On}}yes{{else}}no{{end}} ~ yes",
        "{{if .Off}}a{{else if .Nothing}}b{{else}}c{{end}} ~ c",
        "{{with .State}}{{.Pid}}{{end}} ~ 42",
        "{{index .Labels \"a.b\"}} {{index .List 1}} ~ c b",
        "{{(index .List 0)}} {{len .List}} ~ a 2",
        "{{join .List \",\"}} {{.List | join \"+\"}} ~ a,b a+b",
        "{{split .Name \"/\"}} ~ [ one]",
        "{{if eq .State.Status \"running\"}}up{{end}} ~ up",
        "{{if and .On (not .Off)}}both{{end}}{{or .Off .Name}} ~ both/one",
        "{{printf \"%s-%d\" .Name .Count}} ~ /one-3",
        "{{.APIVersion}} ~ 1.51",
        "{{.Missing}} {{.Missing.Deeper}} ~ <no value> <no value>",
        "a {{- .Count -}} b ~ a3b",
        "{{/* a comment */}}x ~ x",
        "{{$x := .Count}}{{$x}} ~ 3",
        "{{\"a\\\"b\"}}{{`c`}} ~ a\"bc",
      })
  void templatesAreFilled(String template, String text) {
    assertThat(Template.parse(template, false).apply(DATA)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{",
        "{{.Name",
        "{{if .On}}",
        "{{end}}",
        "{{bogus .Name}}",
        "{{range .List}}",
        "{{.Name | }}",
        "{{\"open}}",
        "{{(.Name}}",
        "{{..}}",
        "{{$unknown}}",
        "{{index .List 9}}",
        "{{json}}",
        "{{range .Name}}{{end}}",
        "{{.Name .Count}}",
        "{{/* open"
      })
  void wrongTemplatesAreRefusedInWords(String template) {
    assertThatThrownBy(() -> Template.parse(template, false).apply(DATA))
        .isInstanceOf(TemplateException.class)
        .hasMessageMatching(".+");
  }

  @Test
  void aStrictTemplateTellsOfMissingFields() {
    assertThatThrownBy(() -> Template.parse("{{.Bogus}}", true).apply(DATA))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("Bogus");
  }
}
