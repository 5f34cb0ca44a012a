/*
 * A route that no test has seen succeed, or a fault that none has seen, is
 * not tested.  Prints TAP.
 *
 *	TABEL_BUILD=... node tests/seen.mjs DIR
 *
 * DIR is what TABEL_SEEN named while the tests ran (tests/harness.mjs).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, programs } from './harness.mjs';

/* What cannot be provoked from outside, and why. */
const unseen = {
	KEY_BACKUP_WRONG: 'it is what tabelctl says, tests/api/tabelctl.test.mjs',
};

const dir = process.argv[2];
const seen = readdirSync(dir).flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n'))
	.map((line) => line.split(' '));
const succeeded = new Set(seen.filter(([, , fault]) => fault === '-').map((s) => `${s[0]} ${s[1]}`));
const faults = new Set(seen.map(([, , fault]) => fault));

let n = 0, failed = 0;
function check(ok, name, note = '') {
	failed += !ok;
	console.log(`${ok ? 'ok' : 'not ok'} ${++n} - ${name}${note && ` # SKIP ${note}`}`);
}

for (const program of programs) {
	const routes = execFileSync(join(build, 'cgi-bin', program), ['--routes'], { encoding: 'utf8' });
	for (const { method, path } of JSON.parse(routes))
		check(succeeded.has(`${method} ${path}`), `${method} ${path}`);
}
const def = readFileSync(new URL('../lib/base/faults.def', import.meta.url), 'utf8');
for (const [, fault] of def.matchAll(/^FAULT\((\w+),/gm))
	check(fault in unseen !== faults.has(fault), fault, unseen[fault]);
console.log(`1..${n}\n# pass ${n - failed}\n# fail ${failed}`);
process.exitCode = failed > 0 ? 1 : 0;
