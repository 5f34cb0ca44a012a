/*
 * After a scan: came or left, the likely one filled; then the receipt.
 */

import { action_key, api } from '../shared/api.js';
import { $$, h, mount } from '../shared/dom.js';
import { date_full, day_of, duration, time, zone_note }
	from '../shared/format.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { announce, busy, confirm_dialog, error_band } from '../shared/ui.js';
import { go_home } from './home_way.js';
import { scan_action } from './scan.js';
import { set_action, show } from './screen.js';
import { haptic } from './telegram.js';

const life_ms = 120000;

/* `ondone` is called when the scan has served or can serve no more. */
export function show_claim(claim, ondone) {
	if (claim.pending) {
		ondone();
		return go_home();
	}

	const view = build(claim, ondone);
	const timer = setInterval(() => draw_left(view), 250);

	show({
		name: 'claim', back: () => { ondone(); go_home(); },
		title: t('app.scanned'),
		content: view.el, end: () => clearInterval(timer),
	});
	draw_left(view);
	return undefined;
}

function build(claim, ondone) {
	const other = claim.proposed === 'in' ? 'out' : 'in';
	const note = zone_note(claim.time_zone, claim.at);
	/* A key for each thing that may be wanted, kept when pressed again. */
	const view = { claim, ondone, over: false,
		keys: { in: action_key(), out: action_key() },
		until: Date.now() + life_of(claim),
		left: h('p', { class: 'left', role: 'timer' }),
		fill: h('i'),
		trouble: h('div') };

	view.el = h('div', { class: 'claim' },
		h('div', { class: 'claim-head' },
			h('p', { class: 'claim-time' },
				time(claim.at, claim.time_zone)),
			h('p', { class: 'claim-branch' }, icon('place'),
				claim.branch_name, note && ` · ${note}`)),
		h('div', { class: 'claim-act' },
			view.trouble,
			h('div', { class: 'choices' },
				choice(view, claim.proposed, true),
				choice(view, other, false)),
			h('div', { class: 'claim-left' },
				h('div', { class: 'meter', 'aria-hidden': 'true' },
					view.fill),
				view.left)));
	return view;
}

/*
 * The phone's clock may be wrong, and the claim has just been made: its life
 * is counted from now, and never longer than the server gave it.
 */
const life_of = (claim) => Math.min(life_ms,
	Date.parse(claim.expires_at) - Date.parse(claim.at));

const choice = (view, kind, likely) => h('button', {
	type: 'button', data: { kind },
	class: `button choice ${likely ? 'primary' : ''}`,
	onclick: (e) => choose(view, kind, e.currentTarget),
}, icon(kind === 'in' ? 'sign_in' : 'sign_out'),
h('span', { class: 'choice-text' },
	h('strong', null, t(`app.i_${kind}`)),
	h('span', { class: 'choice-note' }, what_is_written(view.claim, kind))));

function what_is_written({ at, time_zone, since }, kind) {
	const seconds = since ? (Date.parse(at) - Date.parse(since)) / 1000 : 0;

	if (kind === 'in' && since)
		return t('app.write_in_again', { time: time(since, time_zone) });
	if (kind === 'out' && seconds >= 60)
		return t('app.write_out_hours', { time: time(at, time_zone),
			hours: duration(seconds) });
	return t(`app.write_${kind}`, { time: time(at, time_zone) });
}

async function choose(view, kind, button) {
	const { claim } = view;

	if (view.over)
		return;
	if (kind === 'out' && claim.confirm_out && !await confirm_dialog({
		title: t('app.leaving'),
		text: t('app.leaving_text', { time: time(claim.since,
			claim.time_zone) }),
		yes: t('app.i_out'), no: t('app.stay') }))
		return;
	lock(view, true);
	await busy(button, () => write(view, kind));
}

async function write(view, kind) {
	const { claim } = view;

	try {
		const event = await api.post('/events', { claim: claim.id, kind },
			{ key: view.keys[kind] });

		view.ondone();
		haptic('success');
		show_receipt(event, claim);
	} catch (error) {
		failed(view, error);
	}
}

function failed(view, error) {
	haptic('error');
	if (error.status === 401)
		return;
	if (['CLAIM_EXPIRED', 'NOT_FOUND'].includes(error.code))
		return end(view);
	lock(view, false);
	mount(view.trouble, error_band(error));
}

const lock = (view, on) => {
	for (const button of $$('.choice', view.el))
		button.disabled = on;
};

function draw_left(view) {
	const left = view.until - Date.now();
	const seconds = Math.max(0, Math.ceil(left / 1000));

	if (view.over)
		return;
	if (left <= 0)
		return end(view);
	view.fill.style.transform = `scaleX(${left / life_ms})`;
	view.left.textContent = t('app.left', { time: `${Math.floor(seconds / 60)}:${
		String(seconds % 60).padStart(2, '0')}` });
}

function end(view) {
	view.over = true;
	view.ondone();
	for (const el of $$('.choices, .claim-left', view.el))
		el.hidden = true;
	mount(view.trouble, h('div', { class: 'band warn', role: 'alert' },
		icon('clock'),
		h('p', null, fault_text({ code: 'CLAIM_EXPIRED' }))));
	set_action(scan_action());
}

/* What was written; also when it was there before this scan. */
function show_receipt(event, claim) {
	const already = event.at !== claim.at;
	const title = t(already ? `app.already_${event.kind}` :
		`app.written_${event.kind}`);

	show({
		name: 'receipt', title, hide_title: true,
		content: h('div', { class: 'receipt' },
			h('div', { class: 'receipt-mark' }, icon('check')),
			h('p', { class: 'receipt-title' }, title),
			h('p', { class: 'receipt-time' },
				time(event.at, event.time_zone)),
			zone_note(event.time_zone, event.at) && h('p',
				{ class: 'muted' }, zone_note(event.time_zone,
					event.at)),
			event.kind === 'out' && event.worked_seconds > 0 &&
				h('p', { class: 'receipt-hours' },
					t('app.worked', { hours:
						duration(event.worked_seconds) })),
			event.effect === 'missing_in' && h('p',
				{ class: 'band warn' }, icon('alert'),
				t('app.receipt_missing_in')),
			facts(event)),
		action: { text: t('app.done'), icon: 'check', run: go_home },
	});
	announce(`${title}, ${time(event.at, event.time_zone)}, ${
		event.branch_name}`);
}

const facts = (event) => h('dl', { class: 'facts' }, [
	[t('admin.field.branch'), event.branch_name],
	[t('app.date'), date_full(day_of(event.at, event.time_zone))],
	[t('admin.field.id'), `№ ${event.id}`],
	[t('admin.field.receipt'), short_receipt(event.receipt)],
].map(([name, value]) => h('div', null, h('dt', null, name),
	h('dd', null, value))));

/* The whole is a long hash: its beginning is enough to read out. */
const short_receipt = (text) => text.length <= 16 ? text :
	`${text.slice(0, 4)}-${text.slice(4, 8)}`.toUpperCase();
