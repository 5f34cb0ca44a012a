/*
 * signins: what eight people who sign in with their passwords, again and
 * again, do to everybody else's waiting for GET /api/me.
 */
const together = 8, connections = 4;

export async function signIns({ stack, clinic, note, load, rounds, median, fixed, file }) {
	const password = 'клён на ветру 27';
	const names = [];
	for (let i = 0; i < together; i++) {
		const { id } = await clinic.hire();
		names.push(`bench${i}`);
		await clinic.must(clinic.admin, 'PUT', `/employees/${id}/login`, { username: names[i], password });
	}
	let over, done = 0;
	const signIn = async (username) => {
		while (!over) {
			const answer = await stack.api('POST', '/auth/login', { body: { username, password } });
			if (answer.status !== 200)
				throw new Error(`sign-in: ${JSON.stringify(answer)}`);
			done++;
		}
	};
	const alone = [], beside = [];
	let seconds = 0;
	for (let i = 0; i < rounds; i++) {
		alone.push(await load('get', '/api/me', file, [], connections));
		over = false;
		const began = Date.now();
		const people = Promise.all(names.map(signIn));
		beside.push(await load('get', '/api/me', file, [], connections));
		over = true;
		await people;
		seconds += (Date.now() - began) / 1000;
	}
	const p95 = (list) => median(list.map((r) => r.p95));
	note(`p95 of /api/me beside ${together} who sign in`, `${fixed(p95(beside), 1)} ms`,
		`without ${fixed(p95(alone), 1)} ms`, fixed(p95(beside) / p95(alone)), '< 1.5');
	note('', `${fixed(done / seconds, 1)} sign-ins/s`, '', '', '');
}
