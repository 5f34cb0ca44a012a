/*
 * month: from the address of the month's grid to its first paint, for a branch
 * of 200 people and a month of their days, by the trace of Chromium; and what
 * is asked for on the way.
 */
import assert from 'node:assert/strict';
import { launch, openPage, signInTo } from '../browser/lib.mjs';

const staff = 200;

/* Their days, as if they had been worked: the page reads workday only. */
async function fill({ stack, clinic }) {
	const branch = await clinic.openBranch({ name: 'Филиал на двести человек' });
	await stack.db(`WITH p AS (
		INSERT INTO person (last_name, first_name, middle_name, state)
		SELECT 'Константинопольская-' || i, 'Александра', 'Владимировна', 'active'
		  FROM generate_series(1, ${staff}) i RETURNING id
	), e AS (
		INSERT INTO employee (person, branch, position, hired_on)
		SELECT id, $1, $2, '2020-01-01' FROM p RETURNING id
	)
	INSERT INTO workday (employee, day, branch, shifts, planned_seconds, worked_seconds, break_seconds,
		late_seconds, early_seconds, night_seconds, overtime_seconds, missing_out, missing_in,
		unexplained_from, holiday, absence, conflict)
	SELECT e.id, d::date, $1, 1, 28800, 28000 + e.id * 37 % 2000, 3600, (e.id % 9 = 0)::int * 900, 0, 0, 0,
		(e.id % 31 = 0)::int, 0, '{}', false, CASE WHEN e.id % 17 = 0 THEN 'annual_leave' END, false
	  FROM e, generate_series(date_trunc('month', now())::date, (date_trunc('month', now()) + interval '1 month')::date - 1,
		interval '1 day') d`, [branch.id, clinic.position.id]);
	return branch;
}

/* The frame in which the first rows stood on the screen, in ms. */
const painted = () => new MutationObserver((list, observer) => {
	if (!document.querySelector('.month-grid tbody tr'))
		return;
	observer.disconnect();
	requestAnimationFrame(() => setTimeout(() => performance.mark('grid')));
}).observe(document, { childList: true, subtree: true });

export async function month(its) {
	const { stack, note, rounds, median, fixed } = its;
	const branch = await fill(its);
	const browser = await launch();
	try {
		const page = await openPage(browser, { size: { width: 1920, height: 1080 } });
		const asked = [], first = [], whole = [];
		await page.goto(`${stack.url}/admin/`);
		await signInTo(page, await stack.makeAdmin('bench'));
		await page.addInitScript(painted);
		page.on('response', (r) => r.url().includes('/api/stats/') && asked.push(r));
		for (let i = 0; i < rounds; i++) {
			await page.goto(`${stack.url}/admin/month?branch=${branch.id}`);
			await page.locator('.month-grid tbody tr').nth(staff - 1).waitFor();
			whole.push(await page.evaluate(() => performance.now()));
			first.push(await page.evaluate(() => performance.getEntriesByName('grid')[0].startTime));
		}
		assert.equal(asked.length, rounds, 'the month asks more than once');
		const { requestBodySize, responseBodySize } = await asked[0].request().sizes();
		assert.equal(requestBodySize, 0);
		note(`month of ${staff} people: first paint`, `${fixed(median(first), 0)} ms`,
			`whole ${fixed(median(whole), 0)} ms; one request, ${fixed(responseBodySize / 1024, 0)} KB`, '', '< 1000 ms');
	} finally {
		await browser.close();
	}
}
