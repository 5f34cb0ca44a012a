import { chip, clock, facts, instant } from '../cells.js';
import { form } from '../form.js';
import { listing } from '../listing.js';
import { branches, options_of, positions } from '../lookups.js';
import { page_head } from '../section.js';
import { count_waiting } from '../waiting.js';
import { api } from '/shared/api.js';
import { $, h, mount } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { empty_state, error_state, loading, toast } from '/shared/ui.js';

const states = ['pending', 'confirmed', 'rejected'];
const look_ms = 20_000;
