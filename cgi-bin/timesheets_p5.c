/*
 * Form P-5, "Табель обліку використання робочого часу": approved by the order
 * of Derzhkomstat of Ukraine of 5 December 2008 No. 489.
 */
#include "timesheets.h"

#include "paper/grid.h"

enum {
	NUMBER,
	PERSONNEL,
	SEX,
	NAME,
	DAYS,
	WORKED = DAYS + HALF + 1,
	HOURS,
	OVERTIME,
	NIGHT,
	EVENING,
	REST,
	AWAY,
	REASONS,
	PAY = REASONS + 11,
	COLUMNS
};
enum { CELL = GRID_BOX | GRID_CENTRE, HEAD = CELL | GRID_WRAP | GRID_SMALL };

static const double widths[COLUMNS] = { 18, 38, 16, 96, 18, 18, 18, 18, 18, 18,
	18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 22, 26, 26, 26, 22, 26, 22, 22,
	28, 18, 18, 18, 18, 18, 18, 18, 22, 22, 32 };

/* The columns of absence; 19 to 21 have no kind of ours. */
static const struct {
	const char *codes;
	enum kind_group group;
} reasons[] = { { "08–10", KIND_ANNUAL }, { "11–15, 17, 22", KIND_OTHER_LEAVE },
	{ "18", KIND_CONSENT }, { "19", KIND_GROUPS }, { "20", KIND_GROUPS },
	{ "21", KIND_GROUPS }, { "23", KIND_IDLE }, { "24", KIND_TRUANCY },
	{ "25", KIND_STRIKE }, { "26–27", KIND_SICK },
	{ "28–30", KIND_UNKNOWN } };
enum { N_REASONS = sizeof(reasons) / sizeof(*reasons) };

static void
put_requisites(struct grid *g, const struct sheet *s)
{
	int row = grid_row(g, 9);

	grid_text(g, row, REASONS, 1, COLUMNS - REASONS,
	    GRID_RIGHT | GRID_SMALL, "Типова форма № П-5");
	row = grid_row(g, 9);
	grid_text(g, row, AWAY, 1, COLUMNS - AWAY, GRID_RIGHT | GRID_SMALL,
	    "Затверджено наказом Держкомстату України 05.12.2008 № 489");
	row = grid_row(g, 12);
	grid_text(g, row, NUMBER, 1, WORKED, GRID_UNDER | GRID_CENTRE,
	    s->organisation);
	grid_text(g, row, REASONS, 1, 6, GRID_RIGHT, "Код ЄДРПОУ");
	grid_text(g, row, REASONS + 6, 1, 6, CELL, s->code);
	row = grid_row(g, 7);
	grid_text(g, row, NUMBER, 1, WORKED, GRID_CENTRE | GRID_SMALL,
	    "найменування підприємства (установи, організації)");
	row = grid_row(g, 12);
	grid_text(g, row, NUMBER, 1, WORKED, GRID_UNDER | GRID_CENTRE,
	    s->branch);
	row = grid_row(g, 7);
	grid_text(g, row, NUMBER, 1, WORKED, GRID_CENTRE | GRID_SMALL,
	    "назва структурного підрозділу");
}

static void
put_title(struct grid *g, const struct sheet *s)
{
	int row = grid_row(g, 11), next = grid_row(g, 9), last;

	grid_text(g, row, REASONS, 2, 4, HEAD, "Дата заповнення");
	grid_text(g, row, REASONS + 4, 1, 8, HEAD, "Звітний період");
	grid_text(g, next, REASONS + 4, 1, 5, HEAD, "з");
	grid_text(g, next, REASONS + 9, 1, 3, HEAD, "по");
	grid_text(g, row, NAME, 2, REST - NAME,
	    GRID_BOLD | GRID_LARGE | GRID_CENTRE,
	    "ТАБЕЛЬ ОБЛІКУ ВИКОРИСТАННЯ РОБОЧОГО ЧАСУ");
	last = grid_row(g, 13);
	grid_text(g, last, NAME, 1, REST - NAME, GRID_CENTRE,
	    form_state(g->pool, s, "проєкт: період не закрито",
		"коригувальний"));
	grid_text(g, last, REASONS, 1, 4, CELL,
	    s->closed_on != NULL ? sheet_date(g->pool, s->closed_on) : "");
	grid_text(g, last, REASONS + 4, 1, 5, CELL,
	    sheet_date(g->pool, s->from));
	grid_text(g, last, REASONS + 9, 1, 3, CELL, sheet_date(g->pool, s->to));
	grid_row(g, 6);
}

static void
put_worked_head(struct grid *g, int row)
{
	static const char *const of[] = { "надурочно", "нічних", "вечірніх",
		"вихідних, святкових" };

	grid_text(g, row, WORKED, 1, 6, HEAD, "Відпрацьовано за місяць");
	grid_text(g, row + 1, WORKED, 3, 1, HEAD | GRID_UPRIGHT, "днів");
	grid_text(g, row + 1, HOURS, 1, 1, HEAD, "годин");
	grid_text(g, row + 1, OVERTIME, 1, 4, HEAD, "з них");
	grid_text(g, row + 2, HOURS, 2, 1, HEAD | GRID_UPRIGHT, "всього");
	for (int i = 0; i < 4; i++)
		grid_text(g, row + 2, OVERTIME + i, 2, 1, HEAD | GRID_UPRIGHT,
		    of[i]);
}

static void
put_absence_head(struct grid *g, int row)
{
	grid_text(g, row, AWAY, 4, 1, HEAD | GRID_UPRIGHT,
	    "Всього неявок, днів");
	grid_text(g, row, REASONS, 1, N_REASONS, HEAD,
	    "з причин за місяць, днів (години)");
	grid_text(g, row + 1, REASONS, 1, N_REASONS, HEAD, "коди");
	for (int i = 0; i < N_REASONS; i++)
		grid_text(g, row + 2, REASONS + i, 2, 1, HEAD | GRID_UPRIGHT,
		    reasons[i].codes);
	grid_text(g, row, PAY, 4, 1, HEAD | GRID_UPRIGHT,
	    "Оклад (тарифна ставка), грн");
}

static void
put_head(struct grid *g)
{
	int row = grid_row(g, 12), numbers;

	grid_start(g);
	grid_row(g, 11);
	grid_row(g, 24);
	grid_row(g, 24);
	grid_text(g, row, NUMBER, 4, 1, HEAD | GRID_UPRIGHT, "№ з/п");
	grid_text(g, row, PERSONNEL, 4, 1, HEAD | GRID_UPRIGHT,
	    "Табельний номер");
	grid_text(g, row, SEX, 4, 1, HEAD | GRID_UPRIGHT, "Стать (ч/ж)");
	grid_text(g, row, NAME, 4, 1, HEAD, "П.І.Б., посада");
	grid_text(g, row, DAYS, 2, HALF + 1, HEAD,
	    "Відмітки про явки та неявки за числами місяця (годин)");
	form_day_numbers(g, row + 2, DAYS);
	put_worked_head(g, row);
	put_absence_head(g, row);
	numbers = grid_row(g, 8);
	for (int i = NUMBER, n = 1; i < COLUMNS;
	     i += i == DAYS ? HALF + 1 : 1, n++)
		grid_count(g, numbers, i, 1, i == DAYS ? HALF + 1 : 1,
		    CELL | GRID_SMALL, n);
	grid_repeat(g, row, g->n_rows);
}

static void
put_hours(struct grid *g, int row, int column, int64_t seconds)
{
	if (seconds > 0)
		grid_hours(g, row, column, FORM_LINES, 1, CELL, seconds);
	else
		grid_text(g, row, column, FORM_LINES, 1, CELL, "");
}

static void
put_days(struct grid *g, int row, int column, int64_t days)
{
	if (days > 0)
		grid_count(g, row, column, FORM_LINES, 1, CELL, days);
	else
		grid_text(g, row, column, FORM_LINES, 1, CELL, "");
}

static void
put_figures(struct grid *g, int row, const struct sheet_row *who)
{
	int64_t away = 0;

	for (int group = KIND_FREE + 1; group < KIND_GROUPS; group++)
		away += sheet_days_of(who, (enum kind_group)group);
	grid_count(g, row, WORKED, FORM_LINES, 1, CELL, who->month.days);
	grid_hours(g, row, HOURS, FORM_LINES, 1, CELL, who->month.seconds);
	put_hours(g, row, OVERTIME, sheet_seconds_of(who, "overtime"));
	put_hours(g, row, NIGHT, who->night);
	put_hours(g, row, EVENING, 0);
	put_hours(g, row, REST, sheet_seconds_of(who, "rest_work"));
	put_days(g, row, AWAY, away);
	for (int i = 0; i < N_REASONS; i++)
		put_days(g, row, REASONS + i,
		    sheet_days_of(who, reasons[i].group));
	grid_text(g, row, PAY, FORM_LINES, 1, CELL, "");
}

static void
put_row(struct grid *g, const struct sheet *s, int i)
{
	const struct sheet_row *who = &s->rows[i];
	int row = form_row(g);

	grid_count(g, row, NUMBER, FORM_LINES, 1, CELL, i + 1);
	grid_text(g, row, PERSONNEL, FORM_LINES, 1, CELL, who->number);
	grid_text(g, row, SEX, FORM_LINES, 1, CELL, "");
	grid_text(g, row, NAME, FORM_LINES, 1, GRID_BOX | GRID_WRAP,
	    form_name(g->pool, who));
	form_days(g, row, DAYS, s, who, FORM_P5);
	put_figures(g, row, who);
}

static const struct form_signatures signatures = {
	.who = { "Відповідальна особа", "Керівник структурного підрозділу",
	    "Працівник кадрової служби" },
	.who_columns = DAYS + 2,
	.under = { "посада", "підпис", "П.І.Б." },
	.from = { DAYS + 3, DAYS + 10, WORKED },
	.columns = { 6, 5, 6 },
	.date = "«____» ______________ 20____ р.",
	.date_from = REASONS,
	.date_columns = COLUMNS - REASONS,
	.first_dated = true,
};

struct grid *
p5_of(struct pool *pool, const struct sheet *s)
{
	struct grid *g = grid_new(pool, form_title(pool, "П-5", s),
	    s->closed_at, widths, COLUMNS);

	put_requisites(g, s);
	put_title(g, s);
	put_head(g);
	for (size_t i = 0; i < s->n_rows; i++)
		put_row(g, s, (int)i);
	form_signatures(g, &signatures);
	return g;
}
