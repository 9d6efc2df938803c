package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// dockerode, the library with which programs for Node talk to Docker. It is fetched from the
/// package registry that npm is configured for; nothing of it is run while it is installed.
@ExtendWith(SharedDaemon.class)
class DockerodeTest {
  private static final String VERSION = "5.0.1";

  private static final String SCRIPT =
      """
      const Docker = require('dockerode'), assert = require('assert'), { PassThrough } = require('stream');
      const docker = new Docker({ socketPath: process.env.SOCKET });
      const text = stream => new Promise((done, fail) => {
        let all = ''; stream.on('data', c => all += c); stream.on('end', () => done(all)); stream.on('error', fail);
      });
      const apart = stream => new Promise((done, fail) => {
        const out = new PassThrough(), err = new PassThrough(); let o = '', e = '';
        out.on('data', c => o += c); err.on('data', c => e += c);
        docker.modem.demuxStream(stream, out, err);
        stream.on('end', () => done([o, e])); stream.on('error', fail);
      });
      (async () => {
        assert.equal((await docker.ping()).toString(), 'OK');
        assert.equal((await docker.version()).ApiVersion, '1.51');
        const heard = []; const events = await docker.getEvents({ filters: { label: ['by=node'] } });
        events.on('data', line => String(line).split('\\n').filter(Boolean).forEach(l => heard.push(JSON.parse(l).Action)));

        const [result, ran] = await docker.run('busybox', ['sh', '-c', 'exit 4'], new PassThrough());
        assert.equal(result.StatusCode, 4); await ran.remove();

        const c = await docker.createContainer({ Image: 'busybox', Cmd: ['cat'], OpenStdin: true, StdinOnce: true, Labels: { by: 'node' } });
        const attached = await c.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
        await c.start();
        const said = apart(attached);
        attached.write('through\\n'); attached.end();
        assert.deepEqual(await said, ['through\\n', '']);
        assert.equal((await c.wait()).StatusCode, 0);
        assert.equal((await apart(await c.logs({ stdout: true, stderr: true, follow: true })))[0], 'through\\n');
        await c.remove();

        const d = await docker.createContainer({ Image: 'busybox', Cmd: ['sleep', '1000'], Labels: { by: 'node' } });
        await d.start();
        assert.equal((await docker.listContainers({ filters: { label: ['by=node'] } }))[0].Id, d.id);
        const exec = await d.exec({ Cmd: ['sh', '-c', 'cat; echo e >&2; exit 6'], AttachStdin: true, AttachStdout: true, AttachStderr: true });
        const io = await exec.start({ hijack: true, stdin: true });
        const heardOfExec = apart(io); io.write('in\\n'); io.end();
        assert.deepEqual(await heardOfExec, ['in\\n', 'e\\n']);
        assert.equal((await exec.inspect()).ExitCode, 6);
        const tty = await d.exec({ Cmd: ['tty'], AttachStdout: true, Tty: true });
        assert.match(await text(await tty.start({ Tty: true })), /dev.pts/);
        assert.ok((await d.stats({ stream: false })).pids_stats);
        const tar = await text(await d.getArchive({ path: '/etc/passwd' }));
        assert.ok(tar.startsWith('passwd'));
        await d.restart({ t: 0 }); await d.stop({ t: 0 });
        await assert.rejects(d.stop(), e => e.statusCode === 304);
        await d.remove();
        await assert.rejects(d.inspect(), e => e.statusCode === 404 && /No such container/.test(e.message));

        const build = await docker.buildImage({ context: process.env.CONTEXT, src: ['Dockerfile', 'cargo'] }, { t: 'node:1' });
        const progress = await new Promise((done, fail) => docker.modem.followProgress(build, (e, all) => e ? fail(e) : done(all)));
        assert.ok(progress.some(each => each.aux && each.aux.ID.startsWith('sha256:')), JSON.stringify(progress));
        const image = docker.getImage('node:1');
        assert.deepEqual((await image.inspect()).RepoTags, ['node:1']);
        await image.tag({ repo: 'node', tag: '2' });
        assert.ok((await text(await docker.getImage('node:2').get())).length > 10000);
        await docker.getImage('node:2').remove(); await image.remove();

        const network = await docker.createNetwork({ Name: 'node-net' });
        assert.equal((await network.inspect()).Name, 'node-net'); await network.remove();
        const volume = await docker.createVolume({ Name: 'node-vol' });
        assert.equal(volume.name || volume.Name, 'node-vol'); await docker.getVolume('node-vol').remove();

        for (let i = 0; i < 600 && heard.filter(a => a === 'destroy').length < 2; i++) await new Promise(r => setTimeout(r, 100));
        for (const action of ['create', 'attach', 'start', 'die', 'restart', 'destroy']) assert.ok(heard.includes(action), action + ' in ' + heard);
        console.log('all is well'); process.exit(0);
      })().catch(e => { console.error(e); process.exit(1); });
      """;

  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  DockerodeTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void aNodeProgramCreatesAttachesExecutesBuildsAndHears() throws Exception {
    Files.writeString(
        folder.resolve("package.json"),
        "{\"private\":true,\"dependencies\":{\"dockerode\":\"" + VERSION + "\"}}");
    Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\nCOPY cargo /\nRUN cat /cargo\n");
    Files.writeString(folder.resolve("cargo"), "tea\n");
    Files.writeString(folder.resolve("script.js"), SCRIPT);
    Program.run(
            List.of(
                "npm",
                "install",
                "--no-package-lock",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefer-offline"),
            Map.of(),
            null,
            folder)
        .ok();

    Program.Result ran =
        Program.run(
            List.of("node", "script.js"),
            Map.of(
                "SOCKET",
                daemon.host().substring("unix://".length()),
                "CONTEXT",
                folder.toString()),
            null,
            folder);

    assertThat(ran.out()).as(ran.err()).isEqualTo("all is well\n");
  }
}
