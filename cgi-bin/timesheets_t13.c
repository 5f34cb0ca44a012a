/*
 * Form T-13, "Табель учета рабочего времени": approved by the decree of
 * Goskomstat of Russia of 5 January 2004 No. 1, OKUD 0301008.
 */
#include "timesheets.h"

#include <inttypes.h>

#include "paper/grid.h"

/* The columns, by their numbers in the form: 4 has one for each day. */
enum {
	C1,
	C2,
	C3,
	C4,
	C5 = C4 + HALF + 1,
	C6,
	C7,
	C8,
	C9,
	C7B,
	C8B,
	C9B,
	C10,
	C11,
	C12,
	C13,
	COLUMNS
};
enum {
	CELL = GRID_BOX | GRID_CENTRE,
	HEAD = CELL | GRID_WRAP | GRID_SMALL,
	REASONS = 8
};

static const double widths[COLUMNS] = { 18, 108, 42, 18, 18, 18, 18, 18, 18, 18,
	18, 18, 18, 18, 18, 18, 18, 18, 18, 30, 32, 26, 34, 30, 26, 34, 30, 24,
	26, 24, 26 };

static void
put_requisites(struct grid *g, const struct sheet *s)
{
	int row = grid_row(g, 9);

	grid_text(g, row, C7, 1, COLUMNS - C7, GRID_RIGHT | GRID_SMALL,
	    "Унифицированная форма № Т-13");
	row = grid_row(g, 9);
	grid_text(g, row, C7, 1, COLUMNS - C7, GRID_RIGHT | GRID_SMALL,
	    "Утверждена Постановлением Госкомстата России от 05.01.2004 № 1");
	row = grid_row(g, 10);
	grid_text(g, row, C12, 1, 2, CELL, "Код");
	row = grid_row(g, 11);
	grid_text(g, row, C10, 1, 2, GRID_RIGHT, "Форма по ОКУД");
	grid_text(g, row, C12, 1, 2, CELL, "0301008");
	row = grid_row(g, 12);
	grid_text(g, row, C1, 1, C9 - C1, GRID_UNDER | GRID_CENTRE,
	    s->organisation);
	grid_text(g, row, C10, 1, 2, GRID_RIGHT, "по ОКПО");
	grid_text(g, row, C12, 1, 2, CELL, s->code);
	row = grid_row(g, 7);
	grid_text(g, row, C1, 1, C9 - C1, GRID_CENTRE | GRID_SMALL,
	    "наименование организации");
	row = grid_row(g, 12);
	grid_text(g, row, C1, 1, C9 - C1, GRID_UNDER | GRID_CENTRE, s->branch);
	grid_text(g, row, C12, 1, 2, CELL, "");
	row = grid_row(g, 7);
	grid_text(g, row, C1, 1, C9 - C1, GRID_CENTRE | GRID_SMALL,
	    "структурное подразделение");
}

static void
put_title(struct grid *g, const struct sheet *s)
{
	static const char *const heads[] = { "Номер документа",
		"Дата составления", "Отчетный период", "с", "по" };
	int row = grid_row(g, 11), next, last;

	grid_text(g, row, C7, 2, 3, HEAD, heads[0]);
	grid_text(g, row, C7B, 2, 3, HEAD, heads[1]);
	grid_text(g, row, C10, 1, 4, HEAD, heads[2]);
	next = grid_row(g, 9);
	grid_text(g, next, C10, 1, 2, HEAD, heads[3]);
	grid_text(g, next, C12, 1, 2, HEAD, heads[4]);
	grid_text(g, row, C2, 2, C6 - C2, GRID_BOLD | GRID_LARGE | GRID_CENTRE,
	    "ТАБЕЛЬ");
	last = grid_row(g, 13);
	grid_text(g, last, C2, 1, C6 - C2, GRID_BOLD | GRID_CENTRE,
	    "учета рабочего времени");
	grid_text(g, last, C7, 1, 3, CELL,
	    pool_printf(g->pool, "%.2s-%" PRId64 "/%" PRId64, s->from + 5,
		s->branch_id, s->revision));
	grid_text(g, last, C7B, 1, 3, CELL,
	    s->closed_on != NULL ? sheet_date(g->pool, s->closed_on) : "");
	grid_text(g, last, C10, 1, 2, CELL, sheet_date(g->pool, s->from));
	grid_text(g, last, C12, 1, 2, CELL, sheet_date(g->pool, s->to));
	row = grid_row(g, 11);
	grid_text(g, row, C2, 1, C6 - C2, GRID_CENTRE,
	    form_state(g->pool, s, "проект: период не закрыт",
		"корректирующий"));
}

static void
put_pay_head(struct grid *g, int row)
{
	static const char *const of[] = { "код вида оплаты",
		"корреспон-\nдирующий счет", "дни (часы)" };

	grid_text(g, row, C7, 1, 6, HEAD,
	    "Данные для начисления заработной платы по видам и направлениям "
	    "затрат");
	grid_text(g, row + 1, C7, 1, 3, HEAD, "код вида оплаты");
	grid_text(g, row + 1, C7B, 1, 3, HEAD, "");
	grid_text(g, row + 2, C7, 1, 3, HEAD, "корреспондирующий счет");
	grid_text(g, row + 2, C7B, 1, 3, HEAD, "");
	for (int i = 0; i < 6; i++)
		grid_text(g, row + 3, C7 + i, 2, 1, HEAD, of[i % 3]);
}

static void
put_absence_head(struct grid *g, int row)
{
	grid_text(g, row, C10, 1, 4, HEAD, "Неявки по причинам");
	for (int i = 0; i < 4; i++)
		grid_text(g, row + 1, C10 + i, 4, 1, HEAD,
		    i % 2 == 0 ? "код" : "дни (часы)");
}

static void
put_numbers(struct grid *g)
{
	static const int8_t of[] = { 7, 8, 9, 7, 8, 9, 10, 11, 12, 13 };
	int row = grid_row(g, 8);

	for (int i = C1; i <= C3; i++)
		grid_count(g, row, i, 1, 1, CELL | GRID_SMALL, i + 1);
	grid_count(g, row, C4, 1, HALF + 1, CELL | GRID_SMALL, 4);
	grid_count(g, row, C5, 1, 1, CELL | GRID_SMALL, 5);
	grid_count(g, row, C6, 1, 1, CELL | GRID_SMALL, 6);
	for (int i = 0; i < COLUMNS - C7; i++)
		grid_count(g, row, C7 + i, 1, 1, CELL | GRID_SMALL, of[i]);
}

static void
put_head(struct grid *g)
{
	int row = grid_row(g, 20), i;

	grid_start(g);
	grid_row(g, 10);
	grid_row(g, 10);
	i = grid_row(g, 11);
	grid_row(g, 11);
	grid_text(g, row, C1, 5, 1, HEAD | GRID_UPRIGHT, "Номер по порядку");
	grid_text(g, row, C2, 5, 1, HEAD,
	    "Фамилия, инициалы, должность (специальность, профессия)");
	grid_text(g, row, C3, 5, 1, HEAD, "Табельный номер");
	grid_text(g, row, C4, 3, HALF + 1, HEAD,
	    "Отметки о явках и неявках на работу по числам месяца");
	form_day_numbers(g, i, C4);
	grid_text(g, row, C5, 1, 2, HEAD, "Отработано за");
	grid_text(g, row + 1, C5, 2, 1, HEAD, "половину месяца (I, II)");
	grid_text(g, row + 1, C6, 2, 1, HEAD, "месяц");
	grid_text(g, i, C5, 1, 2, HEAD, "дни");
	grid_text(g, i + 1, C5, 1, 2, HEAD, "часы");
	put_pay_head(g, row);
	put_absence_head(g, row);
	put_numbers(g);
	grid_repeat(g, row, g->n_rows);
}

/* The reasons, two to a line; those that find no room share the last place. */
static void
put_absences(struct grid *g, int row, const struct sheet_row *who)
{
	const char *letters[REASONS], *days[REASONS];
	int64_t counts[REASONS] = { 0 };
	int n = 0;

	for (int i = 0; i < REASONS; i++)
		letters[i] = days[i] = "";
	for (int i = 0; i < who->n_kinds; i++) {
		const struct sheet_kind *k = &who->kinds[i];
		int at = n < REASONS ? n : REASONS - 1;

		if (k->kind->group <= KIND_FREE)
			continue;
		letters[at] = pool_printf(g->pool, "%s%s%s", letters[at],
		    n > at ? "/" : "", k->kind->letters[FORM_T13]);
		days[at] = pool_printf(g->pool, "%s%s%" PRId64, days[at],
		    n > at ? "/" : "", k->days);
		counts[at] = n++ == at ? k->days : 0;
	}
	for (int i = 0; i < REASONS; i++) {
		int column = C10 + i % 2 * 2;

		grid_text(g, row + i / 2, column, 1, 1, CELL, letters[i]);
		if (counts[i] > 0)
			grid_count(g, row + i / 2, column + 1, 1, 1, CELL,
			    counts[i]);
		else
			grid_text(g, row + i / 2, column + 1, 1, 1, CELL,
			    days[i]);
	}
}

static void
put_row(struct grid *g, const struct sheet *s, int i)
{
	const struct sheet_row *who = &s->rows[i];
	int row = form_row(g);

	grid_count(g, row, C1, FORM_LINES, 1, CELL, i + 1);
	grid_text(g, row, C2, FORM_LINES, 1, GRID_BOX | GRID_WRAP,
	    form_name(g->pool, who));
	grid_text(g, row, C3, FORM_LINES, 1, CELL, who->number);
	form_days(g, row, C4, s, who, FORM_T13);
	for (int k = 0; k < 2; k++) {
		grid_count(g, row + 2 * k, C5, 1, 1, CELL, who->halves[k].days);
		grid_hours(g, row + 2 * k + 1, C5, 1, 1, CELL,
		    who->halves[k].seconds);
	}
	grid_count(g, row, C6, 2, 1, CELL, who->month.days);
	grid_hours(g, row + 2, C6, 2, 1, CELL, who->month.seconds);
	for (int k = 0; k < FORM_LINES; k++)
		for (int column = C7; column < C10; column++)
			grid_text(g, row + k, column, 1, 1, CELL, "");
	put_absences(g, row, who);
}

static const struct form_signatures signatures = {
	.who = { "Ответственное лицо",
	    "Руководитель структурного подразделения",
	    "Работник кадровой службы" },
	.who_columns = C4,
	.under = { "должность", "личная подпись", "расшифровка подписи" },
	.from = { C4 + 1, C4 + 8, C5 },
	.columns = { 6, 6, 4 },
	.date = "«____» ______________ 20____ года",
	.date_from = C7B,
	.date_columns = 7,
};

struct grid *
t13_of(struct pool *pool, const struct sheet *s)
{
	struct grid *g = grid_new(pool, form_title(pool, "Т-13", s),
	    s->closed_at, widths, COLUMNS);

	put_requisites(g, s);
	put_title(g, s);
	put_head(g);
	for (size_t i = 0; i < s->n_rows; i++)
		put_row(g, s, (int)i);
	form_signatures(g, &signatures);
	return g;
}
