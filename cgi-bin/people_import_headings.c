/*
 * The first line of an imported file, in three languages.
 */
#include "people_import.h"

#include <string.h>

#include "base/utf8.h"

const char *const import_names[IMPORT_COLUMNS] = { "id", "personnel_number",
	"last_name", "first_name", "middle_name", "full_name", "phone",
	"language", "branch_name", "position_name", "card_uid", "hired_on",
	"left_on" };

/* Letters and digits of a heading, in lower case and without accents. */
static const struct {
	enum import_column column;
	const char *heading;
} headings[] = {
	{ IMPORT_ID, "id" },
	{ IMPORT_NUMBER, "personnelnumber" },
	{ IMPORT_NUMBER, "employeenumber" },
	{ IMPORT_NUMBER, "number" },
	{ IMPORT_NUMBER, "табельныйномер" },
	{ IMPORT_NUMBER, "табельный" },
	{ IMPORT_NUMBER, "табномер" },
	{ IMPORT_NUMBER, "табельнийномер" },
	{ IMPORT_NUMBER, "табельний" },
	{ IMPORT_NUMBER, "таб" },
	{ IMPORT_LAST, "lastname" },
	{ IMPORT_LAST, "surname" },
	{ IMPORT_LAST, "фамилия" },
	{ IMPORT_LAST, "прізвище" },
	{ IMPORT_FIRST, "firstname" },
	{ IMPORT_FIRST, "имя" },
	{ IMPORT_FIRST, "імя" },
	{ IMPORT_MIDDLE, "middlename" },
	{ IMPORT_MIDDLE, "patronymic" },
	{ IMPORT_MIDDLE, "отчество" },
	{ IMPORT_MIDDLE, "побатькові" },
	{ IMPORT_FULL, "fullname" },
	{ IMPORT_FULL, "name" },
	{ IMPORT_FULL, "employee" },
	{ IMPORT_FULL, "фио" },
	{ IMPORT_FULL, "сотрудник" },
	{ IMPORT_FULL, "піб" },
	{ IMPORT_FULL, "працівник" },
	{ IMPORT_FULL, "співробітник" },
	{ IMPORT_PHONE, "phone" },
	{ IMPORT_PHONE, "телефон" },
	{ IMPORT_LANGUAGE, "language" },
	{ IMPORT_LANGUAGE, "язык" },
	{ IMPORT_LANGUAGE, "мова" },
	{ IMPORT_BRANCH, "branch" },
	{ IMPORT_BRANCH, "branchname" },
	{ IMPORT_BRANCH, "филиал" },
	{ IMPORT_BRANCH, "подразделение" },
	{ IMPORT_BRANCH, "філія" },
	{ IMPORT_BRANCH, "філіал" },
	{ IMPORT_BRANCH, "підрозділ" },
	{ IMPORT_POSITION, "position" },
	{ IMPORT_POSITION, "positionname" },
	{ IMPORT_POSITION, "должность" },
	{ IMPORT_POSITION, "посада" },
	{ IMPORT_CARD, "carduid" },
	{ IMPORT_CARD, "card" },
	{ IMPORT_CARD, "nfcuid" },
	{ IMPORT_CARD, "cardnumber" },
	{ IMPORT_CARD, "карта" },
	{ IMPORT_CARD, "номеркарты" },
	{ IMPORT_CARD, "картка" },
	{ IMPORT_CARD, "номеркартки" },
	{ IMPORT_HIRED, "hiredon" },
	{ IMPORT_HIRED, "hired" },
	{ IMPORT_HIRED, "датаприема" },
	{ IMPORT_HIRED, "принят" },
	{ IMPORT_HIRED, "датаприйому" },
	{ IMPORT_HIRED, "датаприйняття" },
	{ IMPORT_HIRED, "прийнято" },
	{ IMPORT_LEFT, "lefton" },
	{ IMPORT_LEFT, "left" },
	{ IMPORT_LEFT, "датаувольнения" },
	{ IMPORT_LEFT, "уволен" },
	{ IMPORT_LEFT, "датазвільнення" },
	{ IMPORT_LEFT, "звільнено" },
};

/* A letter of ASCII or Cyrillic, or a digit, in lower case; otherwise 0. */
static uint32_t
plain(uint32_t c)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
		return c;
	if (c >= 'A' && c <= 'Z')
		return c + 'a' - 'A';
	if (c >= 0x410 && c <= 0x42f)
		c += 0x20;
	else if (c >= 0x400 && c <= 0x40f)
		c += 0x50;
	else if (c == 0x490)
		c = 0x491;
	if (c == 0x451) /* ё */
		return 0x435;
	return (c >= 0x430 && c <= 0x45f) || c == 0x491 ? c : 0;
}

enum import_column
import_column(struct pool *pool, const char *s)
{
	char *bare = pool_alloc(pool, strlen(s) + 1), *to = bare;

	for (size_t n = strlen(s), k; n > 0; s += k, n -= k) {
		const unsigned char *u = (const unsigned char *)s;
		uint32_t c = 0;

		k = utf8_sequence(s, n);
		if (k <= 1)
			c = plain(u[0]);
		else if (k == 2)
			c = plain((u[0] & 0x1fU) << 6 | (u[1] & 0x3fU));
		k = k == 0 ? 1 : k;
		if (c != 0)
			to += utf8_put(to, c);
	}
	for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
		if (strcmp(headings[i].heading, bare) == 0)
			return headings[i].column;
	return IMPORT_COLUMNS;
}
