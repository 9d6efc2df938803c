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

  private static final String MORE =
      """
      import docker, io, tarfile, threading, time
      client = docker.from_env()
      begin = int(time.time()) - 1
      def sleeper(**more):
          return client.containers.run('busybox', 'sleep 1000', detach=True, labels={'by': 'more'}, **more)

      # Execs: environment, folder, user, terminal, streams, the socket, detached ones.
      c = sleeper(name='py-more')
      result = c.exec_run(['sh', '-c', 'echo $A; pwd; id -u'], environment={'A': 'b'}, workdir='/tmp', user='7')
      assert result.output == b'b\\n/tmp\\n7\\n', result.output
      assert c.exec_run('tty', tty=True).output.startswith(b'/dev/pts/')
      assert b''.join(c.exec_run('seq 1 1000', stream=True).output).count(b'\\n') == 1000
      assert [o for o, e in c.exec_run('echo x', stream=True, demux=True).output] == [b'x\\n']
      one = client.api.exec_create(c.id, 'cat', stdin=True)
      sock = client.api.exec_start(one['Id'], socket=True)
      sock._sock.sendall(b'through\\n'); sock._sock.shutdown(1)
      assert b'through\\n' in sock.read(100); sock.close()
      detached = client.api.exec_create(c.id, ['sh', '-c', 'sleep 0.1; exit 5'])
      client.api.exec_start(detached['Id'], detach=True)
      while client.api.exec_inspect(detached['Id'])['Running']: time.sleep(0.05)
      assert client.api.exec_inspect(detached['Id'])['ExitCode'] == 5
      assert c.exec_run('no-such-command').exit_code in (126, 127)
      try:
          client.api.exec_inspect('0' * 64); raise SystemExit('an exec that is none')
      except docker.errors.NotFound: pass

      # Life: pause, rename, update, stats, top, diff, restart, kill.
      c.pause(); c.reload(); assert c.status == 'paused'; c.unpause()
      c.rename('py-renamed'); assert client.containers.get('py-renamed').id == c.id
      c.update(mem_limit='64m', memswap_limit='64m'); c.reload()
      assert c.attrs['HostConfig']['Memory'] == 64 << 20
      assert c.stats(stream=False)['memory_stats']['limit'] == 64 << 20
      assert any('sleep 1000' in p for p in c.top()['Processes'][0])
      c.exec_run('touch /changed')
      assert {'Path': '/changed', 'Kind': 1} in c.diff()
      c.restart(timeout=0); c.reload(); assert c.status == 'running'
      c.kill('KILL'); assert c.wait()['StatusCode'] == 137

      # Archives, of a container that has ended.
      buffer = io.BytesIO()
      with tarfile.open(fileobj=buffer, mode='w') as tar:
          for name, size in (('a', 3), ('deep/b', 70000)):
              info = tarfile.TarInfo(name); info.size = size; info.mtime = 7; info.uid = 5
              tar.addfile(info, io.BytesIO(b'x' * size))
      assert c.put_archive('/tmp', buffer.getvalue())
      bits, stat = c.get_archive('/tmp')
      assert stat['name'] == 'tmp', stat
      got = tarfile.open(fileobj=io.BytesIO(b''.join(bits)))
      assert got.getmember('tmp/deep/b').size == 70000 and got.getmember('tmp/a').uid == 5
      try:
          c.get_archive('/none'); raise SystemExit('a file that is none')
      except docker.errors.NotFound: pass
      exported = tarfile.open(fileobj=io.BytesIO(b''.join(c.export())))
      assert exported.getmember('tmp/a').size == 3
      image = c.commit('py-made', '1', changes='CMD ["cat","/tmp/a"]')
      assert client.containers.run('py-made:1', remove=True) == b'xxx'
      client.images.remove('py-made:1')
      c.remove()

      # Logs: tails, times, both streams apart, following.
      l = client.containers.run('busybox', ['sh', '-c', 'echo 1; echo 2 >&2; echo 3; sleep 0.2; echo 4'], detach=True)
      assert b''.join(l.logs(stream=True, follow=True)).count(b'\\n') == 4
      assert l.wait()['StatusCode'] == 0
      assert l.logs(stderr=False) == b'1\\n3\\n4\\n', l.logs(stderr=False)
      assert l.logs(stdout=False) == b'2\\n'
      assert l.logs(tail=1) == b'4\\n'
      assert l.logs(timestamps=True, tail=1).split(b' ')[0].endswith(b'Z')
      assert l.logs(since=int(time.time()) + 100) == b''
      l.remove()
      try:
          client.containers.run('busybox', ['sh', '-c', 'echo why >&2; exit 9'], remove=True)
          raise SystemExit('a failure that was none')
      except docker.errors.ContainerError as e:
          assert e.exit_status == 9 and b'why' in e.stderr, e

      # Attaching, before the start.
      a = client.api.create_container('busybox', 'cat', stdin_open=True)
      sock = client.api.attach_socket(a['Id'], params={'stdin': 1, 'stdout': 1, 'stream': 1})
      client.api.start(a['Id'])
      sock._sock.sendall(b'hello\\n'); sock._sock.shutdown(1)
      assert b'hello\\n' in sock.read(100); sock.close()
      client.api.stop(a['Id'], timeout=0); client.api.remove_container(a['Id'])

      # Waiting for the removal, beside others.
      r = client.containers.run('busybox', 'sleep 1000', detach=True, auto_remove=True)
      ended = []
      waiter = threading.Thread(target=lambda: ended.append(r.wait(condition='removed')))
      waiter.start(); time.sleep(0.1); r.kill(); waiter.join()
      assert ended[0]['StatusCode'] == 137, ended

      # Events, with filters.
      told = [e['Action'] for e in client.events(since=begin, until=int(time.time()) + 1, decode=True,
              filters={'container': c.id, 'type': 'container'})]
      for action in ('create', 'start', 'pause', 'unpause', 'rename', 'kill', 'die', 'restart', 'destroy'):
          assert action in told, (action, told)
      assert told.index('create') < told.index('start') < told.index('die') < told.index('destroy')
      k = client.containers.create('busybox', labels={'by': 'more'})
      assert k.id in client.containers.prune(filters={'label': 'by=more'})['ContainersDeleted']
      print('all is well')
      """;

  private final LiveDaemon daemon;

  DockerPyTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void aPythonProgramCreatesRunsExecutesLogsAndRemoves() throws Exception {
    assertThat(python(SCRIPT)).isEqualTo("all is well");
  }

  @Test
  void execsArchivesLogsStreamsAndEventsAreThoseThatTheLibraryKnows() throws Exception {
    assertThat(python(MORE)).isEqualTo("all is well");
  }

  private String python(String script) throws Exception {
    return Program.run(
            List.of("/usr/bin/python3", "-c", script), Map.of("DOCKER_HOST", daemon.host()), null)
        .ok()
        .line();
  }
}
