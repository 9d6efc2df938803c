package io.djong.cli.training;

import io.djong.http.HttpHandler;
import io.djong.http.HttpRequest;
import io.djong.http.HttpResponse;
import io.djong.http.HttpServer;
import io.djong.http.Listen;
import io.djong.http.RawStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// An engine with one image and one container that always gives the same answers. Safe for use by
/// several threads.
public final class CannedEngine implements HttpHandler {
  private static final String ID = "4".repeat(64);

  /// Serves on the socket that is named until the process is ended.
  public static void main(String[] args) throws IOException, InterruptedException {
    try (HttpServer _ = serve(Path.of(args[0]))) {
      new CountDownLatch(1).await();
    }
  }

  /// Serves on a socket.
  public static HttpServer serve(Path socket) throws IOException {
    return HttpServer.start(
        List.of(new Listen.Unix(socket, 0600)), new CannedEngine(), HttpServer.Limits.DEFAULT);
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) throws IOException {
    String path = request.path().substring(request.path().startsWith("/v1.") ? 6 : 0);
    request.body().transferTo(OutputStream.nullOutputStream());
    switch (path) {
      case "/_ping" ->
          response.header("Api-Version", "1.51").send("OK".getBytes(StandardCharsets.US_ASCII));
      case "/version" -> json(response, VERSION);
      case "/containers/json" -> json(response, "[" + CONTAINER + "]");
      case "/images/json" -> json(response, "[" + IMAGE + "]");
      case "/build" -> json(response, BUILD);
      case "/containers/create" ->
          json(response.status(201), "{\"Id\":\"" + ID + "\",\"Warnings\":[]}");
      default -> handleOne(path, response);
    }
  }

  private static void handleOne(String path, HttpResponse response) throws IOException {
    if (path.endsWith("/start")) {
      response.status(204).send(new byte[0]);
    } else if (path.endsWith("/attach")) {
      try (RawStream stream = response.upgrade("tcp")) {
        stream.output().write(new byte[] {1, 0, 0, 0, 0, 0, 0, 3, 'h', 'i', '\n'});
        stream.output().flush();
        stream.shutdownOutput();
      }
    } else if (path.endsWith("/wait")) {
      json(response, "{\"StatusCode\":0}");
    } else {
      json(response.status(404), "{\"message\":\"No such container: nothing\"}");
    }
  }

  private static void json(HttpResponse response, String json) throws IOException {
    response.header("Content-Type", "application/json").send(json.getBytes(StandardCharsets.UTF_8));
  }

  private static final String BUILD =
      """
      {"event":{"kind":"planned","texts":["FROM busybox","RUN true"],"millis":1}}
      {"event":{"kind":"done","number":1,"cached":true,"millis":1}}
      {"event":{"kind":"started","number":2,"millis":2}}
      {"event":{"kind":"output","number":2,"texts":["hi\\n"],"millis":3}}
      {"event":{"kind":"done","number":2,"millis":4}}
      {"aux":{"ID":"sha256:%s"}}
      """
          .formatted(ID);

  private static final String VERSION =
      """
      {"Platform":{"Name":"djong"},"Version":"0.1.0","ApiVersion":"1.51","MinAPIVersion":"1.24",\
      "GitCommit":"0","GoVersion":"","Os":"linux","Arch":"amd64","KernelVersion":"6","BuildTime":"",\
      "Components":[{"Name":"Engine","Version":"0.1.0","Details":{"GitCommit":"0"}}]}""";

  private static final String CONTAINER =
      """
      {"Id":"%s","Names":["/one"],"Image":"busybox","ImageID":"sha256:%s","Command":"sleep 1000",\
      "Created":1700000000,"Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"}],\
      "Labels":{"key":"value"},"State":"running","Status":"Up 2 minutes",\
      "HostConfig":{"NetworkMode":"default"},"NetworkSettings":{"Networks":{}},"Mounts":[]}"""
          .formatted(ID, ID);

  private static final String IMAGE =
      """
      {"Id":"sha256:%s","ParentId":"","RepoTags":["busybox:latest"],"RepoDigests":[],\
      "Created":1700000000,"Size":1984000,"SharedSize":-1,"Containers":-1,"Labels":null}"""
          .formatted(ID);
}
