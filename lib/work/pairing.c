#include "work/pairing.h"

#include <string.h>

static const char *const kinds[] = {
	[KIND_NONE] = NULL,
	[KIND_IN] = "in",
	[KIND_OUT] = "out",
};

static const char *const effects[] = {
	[EFFECT_OPENS] = "opens",
	[EFFECT_CLOSES] = "closes",
	[EFFECT_REDUNDANT] = "redundant",
	[EFFECT_REPEAT] = "repeat",
	[EFFECT_MISSING_IN] = "missing_in",
};

/* W6: may a scan still close what is open?  W7: not if he left meanwhile. */
static bool
is_open(const struct pairing *p, const struct fact *f)
{
	return p->open && f->at - p->open_at <= p->open_limit &&
	    f->spell == p->open_spell;
}

/*
 * May this out close it?  By hand whenever he left (W7), and longer if
 * somebody confirmed that (W10).
 */
static bool
closes(const struct pairing *p, const struct fact *f)
{
	int64_t longest = f->by_hand && p->open_limit > f->longest ?
	    p->open_limit :
	    f->longest;

	return is_open(p, f) || (p->open && f->at - p->open_at <= longest);
}

/* W3: said again so soon that nothing new is meant. */
static bool
is_repeat(const struct pairing *p, const struct fact *f)
{
	int64_t since = f->at - p->last_at;

	if (!p->any)
		return false;
	if (f->given == KIND_NONE)
		return since <= REPEAT_KINDLESS;
	return f->given == p->last_kind && since <= REPEAT_GIVEN;
}

/*
 * W8: the shift of what is open is long over and the next one begins, so
 * that the out was forgotten.
 */
static bool
is_next_shift(const struct pairing *p, int64_t at)
{
	const struct shift *s = plan_shift(p->plan, p->open_at);

	return s != NULL && at - s->end > PLAN_OVER && plan_starts(p->plan, at);
}

/* W8: back so soon after an out that this is no end of a shift. */
static bool
is_back(const struct pairing *p, int64_t at)
{
	return p->last_out != 0 && at - p->last_out <= PLAN_NEAR;
}

static enum kind
propose(const struct pairing *p, const struct fact *f)
{
	if (is_open(p, f))
		return is_next_shift(p, f->at) ? KIND_IN : KIND_OUT;
	return plan_ends(p->plan, f->at) && !is_back(p, f->at) ? KIND_OUT :
								 KIND_IN;
}

enum kind
pairing_propose(const struct pairing *p, int64_t at)
{
	struct fact scan = { .at = at, .spell = p->open_spell };

	return propose(p, &scan);
}

static struct step
accept_in(struct pairing *p, const struct fact *f)
{
	struct step step = { EFFECT_OPENS, KIND_IN, p->open };

	/* W5: changes nothing, so it is not the last accepted one either. */
	if (is_open(p, f) && !is_next_shift(p, f->at))
		return (struct step){ EFFECT_REDUNDANT, KIND_IN, false };
	p->open = true;
	p->open_at = f->at;
	p->open_spell = f->spell;
	p->open_limit = plan_limit(p->plan, f->at, f->limit);
	if (p->open_limit < f->longest)
		p->open_limit = f->longest;
	return step;
}

static struct step
accept_out(struct pairing *p, const struct fact *f)
{
	struct step step = { EFFECT_CLOSES, KIND_OUT, false };

	if (!closes(p, f)) /* W9, and W7 for what was open */
		step = (struct step){ EFFECT_MISSING_IN, KIND_OUT, p->open };
	p->open = false;
	p->last_out = f->at;
	return step;
}

static enum kind
meant(const struct pairing *p, const struct fact *f)
{
	return f->given == KIND_NONE ? propose(p, f) : f->given;
}

struct step
pairing_step(struct pairing *p, const struct fact *f)
{
	enum kind kind = meant(p, f);
	struct step step;

	if (is_repeat(p, f))
		return (struct step){ EFFECT_REPEAT, p->last_kind, false };
	step = kind == KIND_IN ? accept_in(p, f) : accept_out(p, f);
	if (step.effect != EFFECT_REDUNDANT) {
		p->any = true;
		p->last_at = f->at;
		p->last_kind = kind;
	}
	return step;
}

/*
 * Of the facts from first to last, all of the same second, the next that is
 * not done (its step has no kind yet): the out if something is open, else
 * the in; of equals the one recorded first.
 */
static size_t
next_of(const struct pairing *p, const struct fact *f, size_t first,
    size_t last, const struct step *steps)
{
	enum kind wanted = KIND_IN;
	size_t any = last;

	for (size_t i = first; i < last; i++)
		if (steps[i].kind == KIND_NONE && meant(p, &f[i]) == KIND_OUT &&
		    closes(p, &f[i]))
			wanted = KIND_OUT;
	for (size_t i = first; i < last; i++) {
		if (steps[i].kind != KIND_NONE)
			continue;
		if (meant(p, &f[i]) == wanted)
			return i;
		if (any == last)
			any = i;
	}
	return any;
}

void
pairing_fold(struct pairing *p, const struct fact *f, size_t n,
    struct step *steps, size_t *order)
{
	size_t done = 0, last;

	for (size_t first = 0; first < n; first = last) {
		last = first;
		for (; last < n && f[last].at == f[first].at; last++)
			steps[last].kind = KIND_NONE;
		while (done < last) {
			size_t i = next_of(p, f, first, last, steps);

			steps[i] = pairing_step(p, &f[i]);
			order[done++] = i;
		}
	}
}

const char *
kind_name(enum kind kind)
{
	return kinds[kind];
}

enum kind
kind_of(const char *name)
{
	for (int i = KIND_IN; name != NULL && i <= KIND_OUT; i++)
		if (strcmp(kinds[i], name) == 0)
			return (enum kind)i;
	return KIND_NONE;
}

const char *
effect_name(enum effect effect)
{
	return effects[effect];
}
