#include "paper/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/out.h"
#include "base/pool.h"
#include "paper/grid.h"

#define FONT "Liberation Sans"
#define LINE 0.4
#define INSET 1.5
#define LEAST 2.5 /* points; smaller is not read */
#define STEP 0.25
#define FOOT 12.0

struct drawing {
	struct grid *grid;
	cairo_t *cairo;
	PangoLayout *layout;
	double scale;
	double *left; /* of each column, and the end */
	double *top; /* of each row on the page that is drawn, or -1 */
};

static cairo_status_t
write_part(void *out, const unsigned char *data, unsigned n)
{
	out_put(out, (const char *)data, n);
	return CAIRO_STATUS_SUCCESS;
}

static double
size_of(unsigned style)
{
	return style & GRID_LARGE ? 10 : style & GRID_SMALL ? 5 : 6.5;
}

static void
set_font(struct drawing *d, unsigned style, double size)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family_static(font, FONT);
	pango_font_description_set_weight(font,
	    style & GRID_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(d->layout, font);
	pango_font_description_free(font);
}

/* The text as large as its style wants and its cell allows. */
static void
fit(struct drawing *d, const struct grid_cell *c, double width, double height,
    double *w, double *h)
{
	double size = size_of(c->style);
	int pw, ph;

	pango_layout_set_text(d->layout, c->text, -1);
	pango_layout_set_width(d->layout,
	    c->style & GRID_WRAP ? (int)(width * PANGO_SCALE) : -1);
	pango_layout_set_alignment(d->layout,
	    c->style & GRID_CENTRE    ? PANGO_ALIGN_CENTER :
		c->style & GRID_RIGHT ? PANGO_ALIGN_RIGHT :
					PANGO_ALIGN_LEFT);
	for (;;) {
		set_font(d, c->style, size);
		pango_layout_get_size(d->layout, &pw, &ph);
		*w = (double)pw / PANGO_SCALE;
		*h = (double)ph / PANGO_SCALE;
		if ((*w <= width && *h <= height) || size - STEP < LEAST)
			return;
		size -= STEP;
	}
}

static void
draw_text(struct drawing *d, const struct grid_cell *c, double x, double y,
    double width, double height)
{
	bool upright = c->style & GRID_UPRIGHT;
	double along = (upright ? height : width) - 2 * INSET;
	double across = upright ? width : height;
	double w, h, at = INSET;

	fit(d, c, along, across, &w, &h);
	if (!(c->style & GRID_WRAP) && c->style & GRID_CENTRE)
		at += (along - w) / 2;
	else if (!(c->style & GRID_WRAP) && c->style & GRID_RIGHT)
		at += along - w;
	cairo_save(d->cairo);
	cairo_rectangle(d->cairo, x, y, width, height);
	cairo_clip(d->cairo);
	if (upright) {
		cairo_translate(d->cairo, x, y + height);
		cairo_rotate(d->cairo, -1.5707963267948966);
	} else {
		cairo_translate(d->cairo, x, y);
	}
	cairo_move_to(d->cairo, at, (across - h) / 2);
	pango_cairo_show_layout(d->cairo, d->layout);
	cairo_restore(d->cairo);
}

static void
draw_cell(struct drawing *d, const struct grid_cell *c)
{
	double x = d->left[c->column], y = d->top[c->row], height = 0;
	double width = d->left[c->column + c->columns] - x;

	if (y < 0)
		return;
	for (int i = c->row; i < c->row + c->rows; i++)
		height += d->grid->rows[i].height;
	if (c->style & GRID_BOX)
		cairo_rectangle(d->cairo, x, y, width, height);
	if (c->style & GRID_UNDER) {
		cairo_move_to(d->cairo, x, y + height);
		cairo_line_to(d->cairo, x + width, y + height);
	}
	cairo_stroke(d->cairo);
	if (*c->text != '\0')
		draw_text(d, c, x, y, width, height);
}

/* Where each row of the page is: the head first, then its own. */
static void
place_rows(struct drawing *d, int page)
{
	const struct grid *g = d->grid;
	double y = 0;

	for (int i = 0; i < g->n_rows; i++)
		d->top[i] = -1;
	for (int i = g->head; i < g->head_end && page > 0; i++) {
		d->top[i] = y;
		y += g->rows[i].height;
	}
	for (int i = 0; i < g->n_rows; i++)
		if (g->rows[i].page == page) {
			d->top[i] = y;
			y += g->rows[i].height;
		}
}

static void
draw_page(struct drawing *d, int page, int pages)
{
	const struct grid *g = d->grid;
	struct grid_cell foot = { .style = GRID_RIGHT | GRID_SMALL };

	place_rows(d, page);
	cairo_save(d->cairo);
	cairo_translate(d->cairo, GRID_MARGIN, GRID_MARGIN);
	cairo_scale(d->cairo, d->scale, d->scale);
	cairo_set_line_width(d->cairo, LINE);
	for (size_t i = 0; i < g->n_cells; i++)
		draw_cell(d, &g->cells[i]);
	cairo_restore(d->cairo);
	foot.text = pool_printf(g->pool, "%s · %d / %d", g->title, page + 1,
	    pages);
	draw_text(d, &foot, GRID_MARGIN, GRID_PAPER_HEIGHT - GRID_MARGIN,
	    GRID_PAPER_WIDTH - 2 * GRID_MARGIN, FOOT);
	cairo_show_page(d->cairo);
}

static void
draw(struct drawing *d)
{
	struct grid *g = d->grid;
	double width = grid_width(g), room = GRID_PAPER_WIDTH - 2 * GRID_MARGIN;
	int pages = grid_pages(g);

	d->scale = width > room ? room / width : 1;
	d->left = pool_alloc(g->pool,
	    ((size_t)g->n_columns + 1) * sizeof(*d->left));
	d->top = pool_alloc(g->pool, ((size_t)g->n_rows + 1) * sizeof(*d->top));
	for (int i = 0; i < g->n_columns; i++)
		d->left[i + 1] = d->left[i] + g->widths[i];
	for (int i = 0; i < pages; i++)
		draw_page(d, i, pages);
}

static void
describe(cairo_surface_t *s, struct grid *g)
{
	const char *made = clock_rfc3339(g->pool, g->made_at);

	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, g->title);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Tabel");
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, made);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, made);
}

/* Letters stand where the font wants them, not on the pixels of a screen. */
static PangoLayout *
layout_new(cairo_t *cairo)
{
	cairo_font_options_t *as = cairo_font_options_create();
	PangoLayout *layout = pango_cairo_create_layout(cairo);
	PangoContext *context = pango_layout_get_context(layout);

	cairo_font_options_set_hint_style(as, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(as, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, as);
	pango_context_set_round_glyph_positions(context, FALSE);
	cairo_font_options_destroy(as);
	return layout;
}

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps what it knows of fonts until the process ends. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}
#endif

const char *
pdf_of(struct grid *g, size_t *n)
{
	struct out *out = out_new(g->pool);
	cairo_surface_t *s = cairo_pdf_surface_create_for_stream(write_part,
	    out, GRID_PAPER_WIDTH, GRID_PAPER_HEIGHT);
	struct drawing d = { .grid = g, .cairo = cairo_create(s) };
	cairo_status_t status;

	describe(s, g);
	d.layout = layout_new(d.cairo);
	draw(&d);
	g_object_unref(d.layout);
	cairo_destroy(d.cairo);
	cairo_surface_finish(s);
	status = cairo_surface_status(s);
	cairo_surface_destroy(s);
	if (status != CAIRO_STATUS_SUCCESS) {
		log_error("pdf: %s", cairo_status_to_string(status));
		return NULL;
	}
	return out_body(out, n);
}
