package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Docker's library for Python, as the distribution packages it.
@ExtendWith(SharedDaemon.class)
class DockerPyTest {
  private static final String SCRIPT =
      """
      import docker, io, os, tarfile
      client = docker.from_env()
      assert client.ping()
      assert client.images.get('busybox').tags == ['busybox:latest']
      assert client.containers.run('busybox', 'echo once', remove=True) == b'once\\n'
      c = client.containers.create('busybox', ['sleep', '1000'], name='py', labels={'by': 'py'})
      c.start(); c.reload()
      assert c.status == 'running', c.status
      code, out = c.exec_run(['sh', '-c', 'echo in; echo err >&2; exit 4'], demux=True)
      assert (code, out) == (4, (b'in\\n', b'err\\n')), (code, out)
      buffer = io.BytesIO()
      with tarfile.open(fileobj=buffer, mode='w') as tar:
          info = tarfile.TarInfo('f'); info.size = 3
          tar.addfile(info, io.BytesIO(b'abc'))
      assert c.put_archive('/tmp', buffer.getvalue())
      bits, stat = c.get_archive('/tmp/f')
      assert stat['size'] == 3, stat
      assert [x.name for x in client.containers.list(filters={'label': 'by=py'})] == ['py']
      c.stop(timeout=0)
      assert c.wait()['StatusCode'] == 137
      c.remove()
      try:
          client.containers.get('py')
          raise SystemExit('still there')
      except docker.errors.NotFound:
          pass
      d = client.containers.run('busybox', 'echo logged', detach=True)
      d.wait()
      assert d.logs() == b'logged\\n', d.logs()
      d.remove()
      print('all is well')
      """;

  private final LiveDaemon daemon;

  DockerPyTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void aPythonProgramCreatesRunsExecutesLogsAndRemoves() throws Exception {
    assertThat(
            Program.run(
                    List.of("/usr/bin/python3", "-c", SCRIPT),
                    Map.of("DOCKER_HOST", daemon.host()),
                    null)
                .ok()
                .line())
        .isEqualTo("all is well");
  }
}
