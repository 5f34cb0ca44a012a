/*
 * The site for the nginx of a whole machine (nginx/site), with TLS, in front
 * of a running installation.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { freePort, run, until } from './lib.mjs';

const nginx_dir = fileURLToPath(new URL('../../nginx', import.meta.url));
const host = 'tabel.example.org';
let stack, child, http, https, dir, certificate;

/* As Debian's nginx.conf is, in what matters here. */
const machine = (path) => `daemon off; pid ${path}/pid; error_log stderr warn;
events { worker_connections 256; }
http {
	client_body_temp_path ${path}/body; fastcgi_temp_path ${path}/fastcgi;
	proxy_temp_path ${path}/proxy; scgi_temp_path ${path}/scgi; uwsgi_temp_path ${path}/uwsgi;
	types { text/html html; text/css css; application/javascript js; }
	default_type application/octet-stream;
	gzip on;
	include site;
}
`;

before(async () => {
	stack = await startStack();
	[http, https] = [await freePort(), await freePort()];
	dir = join(stack.dir, 'machine');
	await mkdir(join(dir, 'acme/.well-known/acme-challenge'), { recursive: true });
	await writeFile(join(dir, 'acme/.well-known/acme-challenge/token'), 'the answer');
	await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
		'-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-days', '2',
		'-keyout', join(dir, 'privkey.pem'), '-out', join(dir, 'fullchain.pem')]);
	certificate = await readFile(join(dir, 'fullchain.pem'));
	const { stdout } = await run(join(nginx_dir, 'site'), [`CERT_DIR=${dir}`, `ACME_DIR=${dir}/acme`,
		`HTTP=${http}`, `HTTPS=${https}`, `ACCESS_LOG=${dir}/access.log`, `RUN_DIR=${stack.conf.RUN_DIR}`, host]);
	await writeFile(join(dir, 'site'), stdout);
	await symlink(join(nginx_dir, 'tabel'), join(dir, 'tabel'));
	await writeFile(join(dir, 'nginx.conf'), (process.getuid() === 0 ? 'user root;\n' : '') + machine(dir));
	const words = ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'];
	const { stderr } = await run('nginx', ['-t', ...words]);
	assert.doesNotMatch(stderr, /warn|emerg/);
	child = spawn('nginx', words, { stdio: ['ignore', 'ignore', 'inherit'] });
	await until('nginx answers', () => ask('http', '/'));
});
after(async () => {
	if (child) {
		child.kill('SIGQUIT');
		await new Promise((resolve) => child.on('close', resolve));
	}
	await stack?.stop();
});

function ask(scheme, path) {
	const options = { host: '127.0.0.1', path, headers: { host }, agent: false,
		...(scheme === 'http' ? { port: http } : { port: https, servername: host, ca: certificate }) };
	return new Promise((resolve, reject) => {
		(scheme === 'http' ? getHttp : getHttps)(options, async (answer) => {
			let text = '';
			for await (const chunk of answer)
				text += chunk;
			resolve({ status: answer.statusCode, headers: answer.headers, text });
		}).on('error', reject);
	});
}

describe('the machine\'s nginx', () => {
	test('sends everybody to HTTPS, but certbot\'s questions', async () => {
		const page = await ask('http', '/app/?x=1');
		assert.deepEqual([page.status, page.headers.location], [301, `https://${host}/app/?x=1`]);
		assert.equal((await ask('http', '/.well-known/acme-challenge/token')).text, 'the answer');
		assert.equal((await ask('http', '/.well-known/acme-challenge/')).status, 403);
	});

	test('serves pages and programs over TLS, and says that it stays so', async () => {
		for (const [path, type] of [['/app/', 'text/html'], ['/api/system/about', 'application/json'],
			['/kiosk/manifest.webmanifest', 'application/manifest+json'], ['/admin/admin.css', 'text/css']]) {
			const answer = await ask('https', path);
			assert.equal(answer.status, 200, path);
			assert.ok(answer.headers['content-type'].startsWith(type), `${path}: ${answer.headers['content-type']}`);
			assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
		}
	});

	test('shows the metrics to this machine', async () => {
		assert.match((await ask('https', '/api/system/metrics')).text, /^tabel_requests_total\{/m);
	});

	test('logs a line of JSON without the query', async () => {
		await ask('https', '/api/system/about?secret=1');
		const lines = (await readFile(join(dir, 'access.log'), 'utf8')).trim().split('\n').map(JSON.parse);
		assert.equal(lines.at(-1).path, '/api/system/about');
		assert.ok(!JSON.stringify(lines).includes('secret'));
	});
});

test('site refuses what is no host, and names it does not know', async () => {
	for (const words of [[], ['--help'], ['a b'], ['x;y'], ['COLOUR=red', 'example.org'], ['RUN_DIR=/a b', 'example.org']])
		await run(join(nginx_dir, 'site'), words).then(() => assert.fail(words.join(' ')),
			(error) => assert.equal(error.code, 2));
});
