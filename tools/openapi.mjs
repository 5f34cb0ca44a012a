/* See openapi: node tools/openapi.mjs BUILD SOCKET, in the top directory. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { documentOf } from './openapi_document.mjs';
import { describeStatements } from './openapi_statements.mjs';

const [build, socket] = process.argv.slice(2);
const rules = /^cgi_PROGRAMS = ((?:.*\\\n)*.*)/m.exec(readFileSync('Makefile.am', 'utf8'))[1];
const programs = [...rules.matchAll(/cgi-bin\/(\w+)/g)].map((m) => m[1]).sort();

/* "auth: a sentence.  More." above the code of a program. */
function aboutProgram(name) {
	const [, text] = new RegExp(`^/\\*\\n \\* ${name}: ([^]*?)\\n \\*(?:/|\\n)`)
		.exec(readFileSync(`cgi-bin/${name}.c`, 'utf8'));
	const sentence = text.replace(/\n \* /g, ' ');
	return sentence[0].toUpperCase() + sentence.slice(1);
}

const document = documentOf({
	version: /AC_INIT\(\[tabel\], \[(.*?)\]/.exec(readFileSync('configure.ac', 'utf8'))[1],
	programs: programs.map((name) => ({ name, about: aboutProgram(name) })),
	routes: programs.flatMap((name) =>
		JSON.parse(execFileSync(join(build, 'cgi-bin', name), ['--routes'], { encoding: 'utf8' }))),
	statements: await describeStatements(socket),
	kept: JSON.parse(readFileSync('cgi-bin/schemas.json', 'utf8')),
	introduction: readdirSync('cgi-bin').includes('openapi.md') ?
		readFileSync('cgi-bin/openapi.md', 'utf8').trim() : '',
});
process.stdout.write(`${JSON.stringify(document, null, '\t')}\n`);
