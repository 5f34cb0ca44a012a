/* The sections, in the order of the menu. */

import { absences } from './sections/absences.js';
import { audit } from './sections/audit.js';
import { branches } from './sections/branches.js';
import { cards } from './sections/cards.js';
import { changes } from './sections/changes.js';
import { corrections } from './sections/corrections.js';
import { days } from './sections/days.js';
import { events } from './sections/events.js';
import { holidays } from './sections/holidays.js';
import { people_import } from './sections/import.js';
import { keys } from './sections/keys.js';
import { messages } from './sections/messages.js';
import { month } from './sections/month.js';
import { now } from './sections/now.js';
import { people } from './sections/people.js';
import { positions } from './sections/positions.js';
import { registrations } from './sections/registrations.js';
import { schedules } from './sections/schedules.js';
import { services } from './sections/services.js';
import { settings } from './sections/settings.js';
import { terminals } from './sections/terminals.js';
import { timesheet } from './sections/timesheet.js';

const groups = [
	[now, people, people_import, registrations, corrections, events, days],
	[month, schedules, changes, holidays, absences, timesheet],
	[branches, positions, terminals, cards],
	[settings, keys, services, messages, audit],
];

/* Those that a person may see. */
export const sections_for = ({ roles }) => groups.map((group) =>
	group.filter((s) => !s.admin || roles.includes('admin')))
	.filter((group) => group.length);
