/*
 * Plain CGI, as an ordinary user: Apache with nothing but an .htaccess, and
 * lighttpd with a file of its own; both as nginx/cgi/lay writes them.
 */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { botToken, firstAdmin } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { freePort, install, ordinaryUser, until, visitor } from './lib.mjs';

let user;
const sh = (script) => user.sh(`PATH=$PATH:/usr/lib/postgresql/15/bin:/usr/sbin\n${script}`);

/* What a host brings: a database, and here one of the user's own. */
before(async () => {
	user = await ordinaryUser();
	await install(join(user.home, 'tabel'));
	await user.owns(user.home);
	await sh(`
	mkdir -m 0700 run log counters
	initdb -D pg -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >log/initdb
	pg_ctl -D pg -o "-k $HOME/run -c listen_addresses= -c fsync=off" -l log/postgres -w start
	psql -X -q -h ~/run -U postgres -d postgres -f tabel/share/tabel/sql/roles.sql
	tabel/share/tabel/sql/migrate.sh "host=$HOME/run user=tabel_migrator dbname=tabel"
	umask 077
	od -An -v -tx1 -N32 /dev/urandom | tr -d ' \\n' >master.key
	cat >tabel.conf <<-CONF
	BOT_TOKEN=${botToken}
	BOT_USERNAME=tabel_demo_bot
	DATABASE_URL=host=$HOME/run dbname=tabel user=tabel_app
	FIRST_ADMIN_ID=${firstAdmin.id}
	MASTER_KEY_FILE=$HOME/master.key
	RUN_DIR=$HOME/counters
	SQL_DIR=$HOME/tabel/share/tabel/sql
	STATIC_DIR=$HOME/tabel/share/tabel/static
	TELEGRAM_API_URL=http://127.0.0.1:9
	CONF
	TABEL_CONF=tabel.conf tabel/bin/tabelctl init`);
});
after(async () => {
	if (!user)
		return;
	await sh('pg_ctl -D pg -m immediate -w stop').catch(() => {});
	await user.end();
});

/* Apache as a host runs it: what it may do stands in the .htaccess. */
async function apache(port) {
	await sh(`tabel/share/tabel/nginx/cgi/lay tabel.conf htdocs-${port}`);
	const modules = '/usr/lib/apache2/modules';
	const there = new Set(await readdir(modules));
	const load = ['mpm_event', 'unixd', 'authz_core', 'mime', 'dir', 'rewrite', 'headers', 'cgid']
		.filter((name) => there.has(`mod_${name}.so`))
		.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`);
	await writeFile(join(user.home, 'httpd.conf'), `${load.join('\n')}
ServerRoot ${user.home}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile log/httpd.pid
ErrorLog log/httpd
ScriptSock ${user.home}/run/cgid
TypesConfig /dev/null
StartServers 1
<Directory />
	Require all denied
	AllowOverride None
</Directory>
DocumentRoot htdocs-${port}
<Directory "${user.home}/htdocs-${port}">
	Require all granted
	AllowOverride FileInfo Options Indexes
	Options FollowSymLinks
</Directory>
`);
	return user.start('apache2', ['-f', join(user.home, 'httpd.conf'), '-DFOREGROUND'], { PATH: '/usr/sbin:/usr/bin:/bin' });
}

async function lighttpd(port) {
	await sh(`tabel/share/tabel/nginx/cgi/lay tabel.conf htdocs-${port} lighttpd ${port} >lighttpd.conf`);
	return user.start('lighttpd', ['-D', '-f', join(user.home, 'lighttpd.conf')], { PATH: '/usr/sbin:/usr/bin:/bin' });
}

for (const [name, open] of Object.entries({ apache, lighttpd }))
	describe(name, () => {
		let child, ended, said = '', url, site, clinic, anna;

		before(async () => {
			const port = await freePort();
			url = `http://127.0.0.1:${port}`;
			child = await open(port);
			for (const stream of [child.stdout, child.stderr])
				stream.on('data', (chunk) => said += chunk);
			ended = new Promise((resolve) => child.on('close', resolve));
			await until(`${name} answers`, () => fetch(url)).catch((error) => assert.fail(error.message + said));
			site = visitor(url);
			clinic = await openClinic(site);
			anna = await clinic.hire();
		});
		after(async () => {
			child?.kill('SIGTERM');
			await ended;
		});

		test('people scan and tap, managers see and export it', async () => {
			const event = await clinic.mark(anna.token, 'in');
			assert.equal(event.status, 201, JSON.stringify(event.body));
			const { items } = await clinic.must(clinic.admin, 'GET', `/presence?branch=${clinic.branch.id}`);
			assert.deepEqual(items.map((i) => [i.employee, i.state]), [[anna.id, 'in']]);
			const csv = await site.api('GET', `/reports/events.csv?branch=${clinic.branch.id}&bom=true`, { token: clinic.admin });
			assert.equal(csv.status, 200);
			assert.equal(csv.body.split('\r\n').length >= 2, true);
			assert.match(csv.headers.get('content-disposition'), /attachment/);
		});

		test('addresses with an id, and with a version, find their program', async () => {
			const path = `/employees/${anna.id}`;
			const here = await clinic.must(clinic.admin, 'GET', path);
			assert.equal(here.id, anna.id);
			assert.deepEqual(await clinic.must(clinic.admin, 'GET', `/v1${path}`), here);
			assert.equal((await site.api('GET', '/no/such/address')).body.code, 'NO_ROUTE');
			assert.equal((await site.api('GET', '/')).body.code, 'NO_ROUTE');
			assert.equal((await site.api('GET', '/me')).body.code, 'NO_TOKEN');
			const login = await site.api('POST', '/auth/login', { body: { username: 'x', password: 'wrong password' } });
			assert.equal(login.status, 401);
		});

		test('every answer has an id of its own, whatever the client says', async () => {
			const ids = new Set();
			for (let i = 0; i < 3; i++) {
				const { headers } = await site.api('GET', '/system/about', { headers: { 'x-request-id': 'mine' } });
				assert.match(headers.get('x-request-id'), /^[0-9a-f]{32}$/);
				ids.add(headers.get('x-request-id'));
			}
			assert.equal(ids.size, 3);
		});

		test('a body beyond the limit is refused', async () => {
			const answer = await site.api('POST', '/positions', { token: clinic.admin, body: { name: 'x'.repeat(70000) } });
			assert.equal(answer.status, 413);
		});

		test('pages come with their types and policies', async () => {
			for (const [path, type, frame] of [['/app/', 'text/html; charset=utf-8', 'https://web.telegram.org'],
				['/admin/', 'text/html; charset=utf-8', '\'none\''], ['/admin/events', 'text/html; charset=utf-8', '\'none\''],
				['/kiosk/manifest.webmanifest', 'application/manifest+json', '\'none\''],
				['/shared/api.js', 'text/javascript; charset=utf-8', '\'none\'']]) {
				const { status, headers } = await fetch(url + path);
				assert.deepEqual([status, headers.get('content-type').replace(/^(application\/manifest\+json).*/, '$1')],
					[200, type], path);
				assert.equal(headers.get('x-content-type-options'), 'nosniff');
				assert.ok(headers.get('content-security-policy').endsWith(`frame-ancestors ${frame}`), path);
				assert.equal(headers.get('content-security-policy').includes('script-src \'self\''), true, path);
			}
			const api = await fetch(`${url}/api/system/about`);
			assert.equal(api.headers.get('content-security-policy'), 'default-src \'none\'; frame-ancestors \'none\'');
			assert.equal(api.headers.get('cache-control'), 'no-store');
			const root = await fetch(url, { redirect: 'manual' });
			assert.deepEqual([root.status, new URL(root.headers.get('location'), url).pathname], [302, '/admin/']);
		});

		test('what is not for visitors is not shown', async () => {
			for (const path of ['/.htaccess', '/cgi-bin/', '/cgi-bin/events.cgi', '/tabel.conf'])
				assert.ok([403, 404].includes((await fetch(url + path)).status), path);
			assert.equal((await fetch(`${url}/api/system/metrics`)).status, 200, 'this machine may');
		});
	});

test('the worker runs from cron', async () => {
	await sh('TABEL_CONF=tabel.conf tabel/libexec/tabel/worker --once');
	const { stdout } = await sh('TABEL_CONF=tabel.conf tabel/bin/tabelctl check');
	assert.equal(stdout, 'All is well.\n');
});

test('every address of every program has its rule', async () => {
	const { stdout } = await sh(`for p in tabel/libexec/tabel/*; do
		[ $p = tabel/libexec/tabel/worker ] || $p --routes </dev/null; done | tr -d '\\n'`);
	const routes = JSON.parse(stdout.replaceAll('][', ','));
	const rules = (await sh('cat htdocs-*/.htaccess')).stdout;
	for (const { program, path } of routes)
		assert.ok(rules.includes(`(${path.slice(1).replaceAll('.', '\\.').replace(/\{[a-z_]+\}/g, '[^/?]+')})$ cgi-bin/${program}.cgi/`), path);
	assert.ok(routes.length > 40);
});
