/* See catalogues.sh. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const languages = ['ru', 'uk', 'en'];
const text = Object.fromEntries(languages.map((l) =>
	[l, JSON.parse(readFileSync(`static/i18n/${l}.json`, 'utf8'))]));
const plural = /\.(zero|one|two|few|many|other)$/;
const base = (key) => key.replace(plural, '');
const keys = new Set(languages.flatMap((l) => Object.keys(text[l]).map(base)));
const forms = (l, key) => text[l][key] !== undefined ? [text[l][key]] :
	Object.keys(text[l]).filter((k) => base(k) === key && plural.test(k)).map((k) => text[l][k]);
const names = (s) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();

let n = 0;
function check(what, wrong) {
	for (const line of wrong)
		console.log(`# ${line}`);
	console.log(`${wrong.length ? 'not ok' : 'ok'} ${++n} - ${what}`);
	process.exitCode ||= wrong.length ? 1 : 0;
}

for (const l of languages) {
	check(`${l} has every key`, [...keys].filter((k) => forms(l, k).length === 0));
	check(`${l} has every plural form`, [...keys].filter((k) => text[l][k] === undefined)
		.flatMap((k) => new Intl.PluralRules(l).resolvedOptions().pluralCategories
			.filter((c) => text[l][`${k}.${c}`] === undefined).map((c) => `${k}.${c}`)));
	check(`${l} is sorted and has no empty text`, Object.entries(text[l])
		.filter(([k, v], i, all) => v === '' || (i > 0 && all[i - 1][0] >= k)).map(([k]) => k));
}
check('placeholders are the same in every language', [...keys].filter((k) =>
	new Set(languages.map((l) => names(forms(l, k).at(-1) ?? ''))).size > 1));
check('no language shouts', languages.flatMap((l) => Object.entries(text[l])
	.filter(([, v]) => v.includes('!')).map(([k]) => `${l} ${k}`)));

const faults = [...readFileSync('lib/base/faults.def', 'utf8').matchAll(/^FAULT\((\w+)/gm)].map((m) => m[1]);
check('every fault has its sentence', faults.filter((f) => !keys.has(`fault.${f}`)));

const files = execFileSync('find', ['static', '-name', '*.js', '-not', '-path', '*/vendor/*', '-o',
	'-name', '*.html'], { encoding: 'utf8' }).trim().split('\n').filter(Boolean);
const used = files.flatMap((file) => {
	const source = readFileSync(file, 'utf8');
	return [...source.matchAll(/(?:\bt\(\s*|data-i18n(?:-[a-z-]+)?=)["'`]([a-z]+(?:\.[A-Za-z0-9_-]+)+)["'`]/g)]
		.map((m) => [file, m[1]]);
});
check('every key that a page names is there', used.filter(([, k]) => !keys.has(base(k)))
	.map(([file, k]) => `${file}: ${k}`));
const sources = ['sql', 'lib', 'cgi-bin', 'tools'].flatMap((dir) =>
	execFileSync('find', [dir, '-name', '*.c', '-o', '-name', '*.sql'], { encoding: 'utf8' }).trim().split('\n'));
check('every key that a program names is there', sources.flatMap((file) =>
	[...readFileSync(file, 'utf8').matchAll(/["']((?:notice|message|bot)\.[a-z_.]+[a-z])["']/g)]
		.filter((m) => !m[1].endsWith('.sql.h') && !keys.has(m[1])).map((m) => `${file}: ${m[1]}`)));
console.log(`1..${n}`);
